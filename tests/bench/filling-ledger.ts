/**
 * A Ledger that fills itself, because ten thousand publications over HTTP take
 * minutes, and counts the questions of its readers.
 */

import type { Case } from "../../shared/case/schema.ts";
import { Journal } from "../../worker/objects/ledger/journal.ts";
import { Ledger as DeployedLedger } from "../../worker/objects/ledger/ledger.ts";
import { Review } from "../../worker/objects/ledger/review.ts";
import { profileOf } from "../../worker/runtime/profiles/profiles.ts";
import { confirmed } from "../support/confirming.ts";
import { inventedCase, publishOf } from "../support/invented.ts";
import { erased } from "../worker/erased.ts";
import {
  arabicName,
  countryOf,
  type Filling,
  hasArabicName,
  surname,
} from "./filling.ts";

const LEASE_MS = 5_000;
/** The time between two moments. */
const STEP_MS = 10_000;
const FEW = 8;

const LONG_EVENTS = 30;

function longCase(number: number, text: string): Case {
  const fields = inventedCase(number);
  const events = Array.from({ length: LONG_EVENTS }, (_, index) => ({
    ...fields.events[0]!,
    text: { en: `Invented event ${index}.`, uk: `${text} ${number}.${index}` },
  }));
  return { ...fields, events };
}

function caseOf(number: number, events: number) {
  // Half of the cases have this authority and half this state of custody, but
  // few have both.
  const isEven = number % 2 === 0;
  const fields = inventedCase(number, {
    authorities: isEven ? ["RU"] : [],
    places: [
      {
        name: { en: "Demoville" },
        iso3166: countryOf(number),
        source: "first",
      },
    ],
  });
  const [person, event] = [fields.people[0]!, fields.events[0]!];
  person.names = person.names.map((name) => ({
    ...name,
    value: `Invented ${surname(number)}`,
  }));
  if (hasArabicName(number))
    person.names.push({
      ...person.names[0]!,
      lang: "ar",
      form: "variant",
      value: arabicName(number),
    });
  if (!isEven || number <= FEW)
    person.custody = { ...person.custody!, value: "released" };
  fields.events = Array.from({ length: events }, (_, index) => ({
    ...event,
    text: { en: `Invented event ${index}.` },
  }));
  return fields;
}

function publishIn(
  journal: Journal,
  fields: Case,
  basedOn: number,
  liveAt?: number,
): void {
  const note = { en: `Invented update ${basedOn}` };
  const moment = liveAt === undefined ? {} : { liveAt };
  const outcome = journal.publish(
    confirmed(journal, publishOf(fields, { note, basedOn, ...moment })),
  );
  if ("failure" in outcome) throw new Error(JSON.stringify(outcome.failure));
}

export class Ledger extends DeployedLedger {
  #asked = 0;

  #journalAt(machine: () => number): Journal {
    return new Journal(
      this.ctx.storage,
      LEASE_MS,
      machine,
      profileOf(this.env),
      undefined,
      this.env.VERSION.id,
    );
  }

  override get readings() {
    this.#asked++;
    return super.readings;
  }

  override get cases() {
    this.#asked++;
    return super.cases;
  }

  asked(): number {
    return this.#asked;
  }

  fillFrom({
    cases,
    history,
    events,
    more = [],
    long = { from: 0, cases: 0, text: "" },
  }: Filling): void {
    let clock =
      Date.now() - STEP_MS * (cases + history + more.length + long.cases + 2);
    const journal = this.#journalAt(() => clock);
    const publish = (fields: Case, basedOn: number) => {
      publishIn(journal, fields, basedOn);
      clock += STEP_MS;
    };
    for (let number = 3; number <= cases; number++)
      publish(caseOf(number, 1), 0);
    if (cases >= 2) publish(caseOf(2, events), 0);
    for (let revision = 0; revision < history; revision++)
      publish(caseOf(1, 1), revision);
    for (const fields of more) publish(fields, 0);
    for (let index = 0; index < long.cases; index++)
      publish(longCase(long.from + index, long.text), 0);
    journal.settle();
    this.ctx.storage.sql.exec("DELETE FROM announcements");
  }

  /**
   * Updates every case with one moment, and redacts the next one at another.
   */
  shareMoment(cases: number, liveAt: number, urgentAt: number): void {
    const journal = this.#journalAt(Date.now);
    for (let number = 1; number <= cases; number++) {
      const fields = caseOf(number, 1);
      publishIn(journal, fields, journal.newest(fields.id), liveAt);
    }
    const next = caseOf(cases + 1, 1);
    erased(new Review(journal), next.id, journal.newest(next.id));
    this.ctx.storage.sql.exec(
      "UPDATE revisions SET live_at = ? WHERE case_id = ? AND shown = 0",
      urgentAt,
      next.id,
    );
    void this.ctx.storage.setAlarm(liveAt);
  }

  /** Updates every case with a moment that has passed and isn't settled. */
  lateMoment(cases: number): void {
    const clock = Date.now() - STEP_MS;
    const journal = this.#journalAt(() => clock);
    const liveAt = journal.clock.earliestMoment(clock);
    for (let number = 1; number <= cases; number++) {
      const fields = caseOf(number, 1);
      publishIn(journal, fields, journal.newest(fields.id), liveAt);
    }
  }
  settleNow(): number {
    const settled = this.#journalAt(Date.now).settle();
    this.ctx.storage.sql.exec("DELETE FROM announcements");
    return settled;
  }
  waiting(): number {
    return this.ctx.storage.sql
      .exec<{ n: number }>("SELECT COUNT(*) AS n FROM announcements")
      .one().n;
  }
}
