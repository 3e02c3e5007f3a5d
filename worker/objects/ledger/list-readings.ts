/**
 * What isolates read to make lists: the cases that changed, all cases page by
 * page, and a few cases for isolates that don't have all.
 */
import { numberOf } from "../../../shared/profile/numbers.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import { CORRECTION_NEWS_MS } from "../../../shared/view/age.ts";
import type { CaseSummary } from "../../../shared/view/summary.ts";
import type { NewestCases } from "../../reads/all-cases.ts";
import { addCounts, type Counts } from "../../reads/counts.ts";
import { FIRST_PAGE_CASES } from "../../reads/list.ts";
import type {
  CasePage,
  Changed,
  LeasedText,
  Renewal,
} from "../../reads/state.ts";
import { iso } from "../../runtime/iso.ts";
import type { Epoch } from "../../runtime/lease.ts";
import { LedgerPart } from "./ledger-part.ts";
import {
  type Corrected,
  correctedColumn,
  type RevisionRow,
} from "./revisions.ts";

/**
 * About the size of the cases in one answer; the rest follows in the next one.
 * It takes the Ledger two to four milliseconds, so publishing comes in between.
 */
const PAGE_BYTES = 400_000;
/** About the size of a case without a summary. */
const CASE_BYTES = 200;
/**
 * Terms in one answer. Should more moments be near, the last of these terms
 * counts for every other case.
 */
const MAX_TERMS = 2_000;

/** The order of the list. */
const NEWEST_FIRST = "ORDER BY live_at DESC, case_id";

function correctionIn(
  corrected: string,
): NonNullable<CaseSummary["correction"]> {
  const [number, liveAt] = JSON.parse(corrected) as [number, number];
  return { number, kind: "correction", liveAt: iso(liveAt) };
}

/** A case's head, with the summary as it is stored. */
type ListedHead = Pick<
  RevisionRow,
  "case_id" | "summary" | "number" | "kind" | "live_at"
> &
  Corrected;

/**
 * What an entry of a list says besides the stored summary: the case's number,
 * its place and its newest correction.
 */
const placed = (
  { case_id: id, number, kind, live_at, corrected }: ListedHead,
  profile: Profile,
) => ({
  number: numberOf(id, profile),
  revision: { number, kind, liveAt: iso(live_at) },
  ...(corrected === null ? {} : { correction: correctionIn(corrected) }),
});

/**
 * A case's entry in lists as JSON. The stored summary, which must be valid,
 * becomes a part of it as it stands.
 */
function summaryText(
  row: ListedHead & { summary: string },
  profile: Profile,
): string {
  return `${JSON.stringify(placed(row, profile)).slice(0, -1)},${row.summary.trimStart().slice(1)}`;
}

type ListedRow = ListedHead & {
  epoch: number;
  state: "present" | "unshowable" | "withdrawn";
};

export class ListReadings extends LedgerPart {
  readonly #counts: Counts = {};
  #renewals = 0;
  /**
   * What the first page says of all cases, and the epoch to which it belongs.
   */
  #ofAll: { epoch: number; value: NewestCases } | null = null;

  /**
   * What isolates counted since this object started, and how often they asked
   * what changed.
   */
  observed(): { counts: Counts; renewals: number } {
    return { counts: this.#counts, renewals: this.#renewals };
  }

  /**
   * What changed for readers since an epoch. One answer renews every copy of a
   * holder.
   * @param since null for a holder that knows nothing yet. Like one of another
   * history, it begins at the newest epoch
   * @param counts what the holder counted since its last question
   */
  changesSince(since: Epoch | null, counts: Counts = {}): Renewal {
    addCounts(this.#counts, counts);
    this.#renewals++;
    const now = this.journal.settled();
    const newest = this.journal.changes.epoch();
    const isKnown =
      since?.history === newest.history && since.number <= newest.number;
    const from = isKnown ? since.number : newest.number;
    const { text, to } = this.#page(from, newest.number, now);
    return {
      epoch: { ...newest, number: to },
      since: from,
      more: to < newest.number,
      text,
      ...this.#terms(now),
    };
  }

  /**
   * Cases whose last change is after one epoch and not after another, in the
   * order of their changes.
   */
  casesBetween(after: number, upTo: number): CasePage {
    const now = this.journal.settled();
    return {
      epoch: this.journal.changes.epoch(),
      ...this.#page(after, upTo, now),
    };
  }

  #page(
    after: number,
    upTo: number,
    now: number,
  ): Pick<CasePage, "text" | "to"> {
    const texts: string[] = [];
    let bytes = 0;
    let last = after;
    const rows = this.sql.exec<ListedRow>(
      `SELECT epoch, state, c.case_id, IIF(json_valid(summary), summary, NULL) AS summary, c.number, kind, c.live_at,
         ${correctedColumn("c", "?3")}
       FROM changes c CROSS JOIN revisions r ON r.sequence = c.sequence
       WHERE epoch > ?1 AND epoch <= ?2 ORDER BY epoch`,
      after,
      upTo,
      now - CORRECTION_NEWS_MS,
    );
    for (const row of rows) {
      if (bytes > PAGE_BYTES) return { text: `[${texts.join(",")}]`, to: last };
      texts.push(this.#textOf(row));
      bytes += CASE_BYTES + (row.summary?.length ?? 0);
      last = row.epoch;
    }
    return { text: `[${texts.join(",")}]`, to: upTo };
  }

  /**
   * A changed case as JSON. The stored summary becomes a part of it as it
   * stands.
   */
  #textOf(row: ListedRow): string {
    const { case_id: id, epoch, state, summary } = row;
    if (state === "withdrawn")
      return JSON.stringify({ id, epoch } satisfies Changed);
    if (summary !== null)
      return `${JSON.stringify({ id, epoch }).slice(0, -1)},"summary":${summaryText({ ...row, summary }, this.journal.profile)}}`;
    const { revision, number } = placed(row, this.journal.profile);
    return JSON.stringify({
      id,
      epoch,
      unshowable: { id, number },
      revision,
    } satisfies Changed);
  }

  #terms(now: number): Pick<Renewal, "validFor" | "terms"> {
    const validFor = this.journal.clock.validFor(now, null);
    const terms = new Map<string, number>();
    const moments = this.sql.exec<{ case_id: string; live_at: number }>(
      "SELECT case_id, live_at FROM revisions WHERE fate IS NULL AND shown = 0 AND live_at > ? ORDER BY live_at",
      now,
    );
    for (const { case_id: id, live_at } of moments) {
      const term = this.journal.clock.validFor(now, live_at);
      if (term >= validFor) break;
      if (terms.size === MAX_TERMS)
        return { validFor: term, terms: [...terms] };
      if (!terms.has(id)) terms.set(id, term);
    }
    return { validFor, terms: [...terms] };
  }

  /**
   * The first page of the list without filters, and what the front page says of
   * all cases.
   */
  newest(): LeasedText<NewestCases> {
    return this.#leased((epoch) => {
      if (this.#ofAll?.epoch !== epoch)
        this.#ofAll = { epoch, value: this.#newestValue() };
      return {
        value: this.#ofAll.value,
        heads: this.#heads(
          `state = 'present' ${NEWEST_FIRST} LIMIT ${FIRST_PAGE_CASES}`,
        ),
      };
    });
  }

  #newestValue(): NewestCases {
    const texts = (query: string) => this.sql.allValues<string>(query);
    const codesIn = (column: "places" | "authorities") =>
      texts(
        `SELECT DISTINCT value FROM changes, json_each(${column}) ORDER BY value`,
      );
    const present = "FROM changes WHERE state = 'present'";
    const [shown] = texts(
      `SELECT case_id ${present} ORDER BY demo DESC, live_at DESC, case_id LIMIT 1`,
    );
    const [place] = texts(
      `SELECT places ->> 0 ${present} AND places <> '[]' ${NEWEST_FIRST} LIMIT 1`,
    );
    const unshowable = texts(
      `SELECT case_id FROM changes WHERE state = 'unshowable' ${NEWEST_FIRST}`,
    );
    return {
      found: this.sql.oneValue(`SELECT COUNT(*) ${present}`),
      unshowable: unshowable.map((id) => ({
        id,
        number: numberOf(id, this.journal.profile),
      })),
      countries: codesIn("places").filter((code) => code.length === 2),
      authorities: codesIn("authorities"),
      example: {
        number:
          shown === undefined ? null : numberOf(shown, this.journal.profile),
        place: place ?? null,
      },
    };
  }

  /**
   * Cases with a deadline or a hearing on a day. It reads the summary of every
   * case, so ask once a day.
   */
  deadlines(day: string): LeasedText<object> {
    const hearing = `EXISTS (SELECT 1 FROM revisions r, json_each(r.summary, '$.hearings') h
      WHERE r.sequence = changes.sequence AND json_valid(r.summary) AND h.value ->> 'date' = ?2)`;
    return this.#leased(() => ({
      value: {},
      heads: this.#heads(`until = ?1 OR ${hearing}`, day, day),
    }));
  }

  #leased<T>(
    answer: (epoch: number) => { value: T; heads: number[] },
  ): LeasedText<T> {
    const now = this.journal.settled();
    const epoch = this.journal.changes.epoch();
    const { value, heads } = answer(epoch.number);
    const validFor = this.journal.clock.validFor(
      now,
      this.journal.revisions.nextMoment(now),
    );
    return { value, text: this.#summaries(heads, now), validFor, epoch };
  }

  /** The sequences of the heads of some cases. */
  #heads(condition: string, ...values: SqlStorageValue[]): number[] {
    return this.sql.allValues(
      `SELECT sequence FROM changes WHERE ${condition}`,
      ...values,
    );
  }

  /** The summaries of some heads as a list in JSON, newest change first. */
  #summaries(heads: number[], now: number): string {
    const rows = this.sql.allRows<ListedHead & { summary: string }>(
      `SELECT case_id, summary, number, kind, live_at, ${correctedColumn("r", "?2")} FROM revisions r
       WHERE sequence IN (SELECT value FROM json_each(?1)) AND json_valid(summary)`,
      JSON.stringify(heads),
      now - CORRECTION_NEWS_MS,
    );
    // The database would copy every summary to sort them.
    rows.sort(
      (a, b) => b.live_at - a.live_at || (a.case_id < b.case_id ? -1 : 1),
    );
    return `[${rows.map((row) => summaryText(row, this.journal.profile)).join(",")}]`;
  }
}
