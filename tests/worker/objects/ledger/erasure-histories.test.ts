/**
 * Random histories of one editor where two must agree. Whatever the editor
 * does, nothing of an erased person is left, no erasure changes a status or
 * says a new word, and nothing else is published without the second editor.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Case } from "../../../../shared/case/schema.ts";
import type { Erase } from "../../../../worker/editing/rules/erase.ts";
import {
  inventedCase,
  inventedPerson,
  stated,
} from "../../../support/invented.ts";
import { scaled } from "../../../support/scaled.ts";
import { A, B, C, type Newsroom, weighed, withNewsroom } from "./newsroom.ts";

const HOUR_MS = 3_600_000;
const ids = [A, B, C];
/** Of each case two people are its own; the third is in all cases. */
const names = [
  ...["Zorakwin Demchuk", "Quezzolbrack Frabben", "Brollevant Huxtop"],
  ...["Mizzlequorn Otrand", "Kneebolosk Wipple", "Trozzenmip Sankar"],
];
const nameIn = (id: string, person: number): string =>
  person === 2
    ? "Vuntaprex Inventar"
    : names[2 * ids.indexOf(id as never) + person]!;

const told = (id: string, summary: number, custody: number[]): Case => {
  const people = [0, 1, 2].map((person) => nameIn(id, person));
  return inventedCase(Number(id.split("-")[1]), {
    title: {
      en: `${people.join(", ")} held`,
      uk: `${people[0]} та ${people[2]}`,
    },
    summary: {
      en: `${people[summary % 3]} is ill. Version ${summary} of the words. ${people[1]} is held.`,
    },
    people: people.map((name, index) =>
      inventedPerson(name, {
        custody: stated(
          (custody[index] ?? 0) % 2 ? "imprisoned" : "house-arrest",
        ),
      }),
    ),
    events: [],
  });
};

const id = fc.constantFrom(...ids);
/**
 * What a program may send by mistake or on purpose: any operation at any place.
 */
const at = fc.constantFrom("/people/0", "/people/1/custody", "/title");
const lang = fc.constantFrom("en", "custody", "value");
const any: fc.Arbitrary<Erase> = fc.oneof(
  fc.record({ what: fc.constant("translation" as const), at, lang }),
  fc.record({ what: fc.constant("entry" as const), at }),
  fc.record({
    what: fc.constant("name" as const),
    name: fc.constantFrom("imprisoned", "Imprisoned", "held", "is"),
  }),
);
const step = fc.oneof(
  weighed(5, "propose", {
    ...{
      id,
      summary: fc.nat(9),
      custody: fc.array(fc.nat(3), { maxLength: 3 }),
    },
    ...{ later: fc.boolean(), approve: fc.boolean() },
  }),
  weighed(4, "erase", {
    id,
    person: fc.nat(3),
    also: fc.boolean(),
    any: fc.option(any, { freq: 2 }),
  }),
  weighed(1, "withdraw", { id, approve: fc.boolean() }),
  weighed(2, "undo", { id, back: fc.nat(2) }),
  weighed(1, "approve own"),
  weighed(4, "pass", { by: fc.constantFrom(1, 3_000, 7_000, 60_000, HOUR_MS) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
const steps = fc.array(step, { minLength: 8, maxLength: 24 });

const rows = (room: Newsroom) =>
  room.sql(
    "SELECT sequence, case_id, number, kind, editor, approved_by, fate, erasure, committed_at, content FROM revisions ORDER BY sequence",
  );
const caseIn = (content: SqlStorageValue | undefined): Case | null =>
  content ? JSON.parse(String(content)) : null;

/**
 * Words by words: the later text is the earlier one with marks in place of some
 * words.
 */
const isMarked = (before: string, after: string): boolean => {
  const parts = after
    .split("[…]")
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return (
    after === "Removed" ||
    after === "Вилучено" ||
    new RegExp(`^${parts.join("[^]+?")}$`, "u").test(before)
  );
};

/**
 * What an erasure must keep: the statuses of the people who stay, and every
 * text but for marks.
 */
function checkErased(before: Case, after: Case): void {
  // One person may have gone; those who stay keep their order.
  const statuses = ({ people }: Case) =>
    people.map(({ custody }) => JSON.stringify(custody));
  const [all, left] = [statuses(before), statuses(after)];
  const without = all.map((_, at) => all.toSpliced(at, 1).join());
  expect([all.join(), ...without]).toContain(left.join());
  expect(after.asOf).toEqual(before.asOf);
  for (const field of ["title", "summary"] as const)
    for (const [lang, words] of Object.entries(after[field])) {
      const text = (entry: unknown) =>
        typeof entry === "string" ? entry : (entry as { text: string }).text;
      expect(isMarked(text(before[field][lang]), text(words))).toBe(true);
    }
}

/** The names that an erasure took out, by case, once its moment has come. */
class Erased {
  readonly #pending: { ids: string[]; name: string; erasure: number }[] = [];

  add(room: Newsroom, cases: string[], name: string): void {
    const erasure = Number(
      room.sql(
        "SELECT erasure FROM revisions ORDER BY sequence DESC LIMIT 1",
      )[0]?.erasure,
    );
    this.#pending.push({ ids: cases, name, erasure });
  }

  check(room: Newsroom): void {
    for (const { ids: all, name, erasure } of this.#pending) {
      // A withdrawal may have cancelled it in one of its cases.
      const live =
        "SELECT 1 FROM revisions WHERE erasure = ? AND case_id = ? AND kind = 'redaction' AND shown = 1 AND fate IS NULL";
      const cases = all.filter(
        (one) => room.sql(live, erasure, one).length > 0,
      );
      const form = new RegExp(name.split(" ").join("|"), "i");
      const tables = {
        revisions: "case_id = ?1",
        drafts: "case_id = ?1 OR base_id = ?1",
        proposals: "case_id = ?1",
      };
      const left = cases.flatMap((one) =>
        Object.entries(tables).flatMap(([table, where]) =>
          room
            .sql(`SELECT * FROM ${table} WHERE ${where}`, one)
            .filter((row) => form.test(JSON.stringify(row)))
            .map(
              ({ number, fate, kind, command }) =>
                `${table} of ${one}: ${number} ${kind} ${fate} ${command}`,
            ),
        ),
      );
      expect(left).toEqual([]);
    }
  }
}

function approve({ review }: Newsroom, proposal: string): void {
  const read = review.read(proposal);
  if (read !== null && read !== "damaged")
    review.approve(proposal, read.hash, "second");
}

/** Three live cases, to which the storage goes back before each history. */
function begin(room: Newsroom): (history: Step[]) => void {
  for (const one of ids) {
    const proposed = room.review.propose({
      ...room.command(0, one),
      case: told(one, 0, []),
    });
    if ("done" in proposed) approve(room, proposed.done.proposal);
  }
  room.pass();
  const { clock } = room;
  room.sql("SAVEPOINT begun");
  return (history) => {
    room.sql("ROLLBACK TO begun");
    room.clock = clock;
    room.restart();
    run(room, history);
  };
}

function run(room: Newsroom, history: Step[]): void {
  const { journal, review } = room;
  const erased = new Erased();
  const proposed: string[] = [];
  let after = rows(room);
  for (const step of history) {
    const before = new Map(
      after.map((row) => [`${row.case_id} ${row.number}`, row]),
    );
    switch (step.what) {
      case "propose": {
        // What stands now, with other statuses and words.
        const basedOn = journal.newest(step.id);
        const base = journal.desk.caseAt(step.id, basedOn);
        if (!base) break;
        const people = base.people.map((person, index) => ({
          ...person,
          custody: stated(
            (step.custody[index] ?? 0) % 2
              ? ("imprisoned" as const)
              : ("house-arrest" as const),
          ),
        }));
        const name = base.people[step.summary % 3]?.names[0]?.value ?? "Nobody";
        const summary = {
          en: `${name} is ill. Version ${step.summary} of the words.`,
        };
        const later = step.later
          ? { liveAt: room.clock + HOUR_MS + step.summary }
          : {};
        const command = {
          ...room.command(basedOn, step.id),
          case: { ...base, people, summary } as Case,
          ...later,
        };
        const made = review.propose(command);
        if ("failure" in made) break;
        proposed.push(made.done.proposal);
        if (step.approve) approve(room, made.done.proposal);
        break;
      }
      case "erase": {
        const record = journal.liveCase(step.id);
        const person = record?.people[step.person];
        if (!person) break;
        const erase: Erase[] = [
          step.any ?? { what: "person", person: person.id },
        ];
        const none = {
          alike: [],
          cases: [],
          leave: [],
          drafts: [],
          proposals: [],
        };
        const command = {
          id: step.id,
          erase,
          editor: "tester",
          basedOn: journal.newest(step.id),
          ...none,
        };
        const shown = review.previewErasure(command, true);
        if ("failure" in shown) break;
        const others = shown.done.cases.map((other) => ({
          id: other.id,
          basedOn: other.basedOn,
        }));
        const [cases, leave] = step.also
          ? [others, []]
          : [[], others.map((other) => other.id)];
        const seen =
          cases.length > 0
            ? review.previewErasure({ ...command, cases }, true)
            : shown;
        if ("failure" in seen) break;
        const done = review.erase(
          { ...command, cases, leave, seen: seen.done.seen },
          true,
          seen.done.would,
        );
        if ("failure" in done) throw new Error(JSON.stringify(done.failure));
        if ("proposal" in done.done) proposed.push(done.done.proposal);
        else if (!step.any)
          erased.add(
            room,
            [step.id, ...cases.map((other) => other.id)],
            person.names[0]!.value,
          );
        break;
      }
      case "withdraw": {
        const done = review.withdraw(
          {
            id: step.id,
            reason: "mistake",
            editor: "tester",
            basedOn: journal.newest(step.id),
          },
          true,
        );
        if ("failure" in done || !("proposal" in done.done)) break;
        // It overtakes an erasure that is pending, which comes back when it is
        // undone.
        if (step.approve) approve(room, done.done.proposal);
        else proposed.push(done.done.proposal);
        break;
      }
      case "undo":
        journal.undo(step.id, journal.newest(step.id) - step.back, "tester");
        break;
      case "approve own":
        for (const proposal of proposed) {
          const read = review.read(proposal);
          if (read && read !== "damaged")
            expect(
              review.approve(proposal, read.hash, "tester"),
            ).toHaveProperty("failure");
        }
        break;
      case "pass":
        room.pass(step.by);
    }
    after = rows(room);
    const added = after.filter(
      (row) => !before.has(`${row.case_id} ${row.number}`),
    );
    for (const row of added) {
      const isErasure = row.kind === "redaction" || row.kind === "withdrawal";
      const isAgain = step.what === "erase" || step.what === "undo";
      // Nothing else is committed by one editor alone.
      if (row.approved_by === null) expect(isErasure || isAgain).toBe(true);
      const fields = caseIn(row.content);
      if (step.what === "erase" && row.kind === "redaction" && fields) {
        const head = after.findLast(
          (one) =>
            one.case_id === row.case_id &&
            one.fate === null &&
            Number(one.number) < Number(row.number),
        );
        checkErased(caseIn(head?.content)!, fields);
      }
      if (step.what === "erase" && row.kind !== "redaction" && fields) {
        const held = after.filter(
          (one) =>
            one.case_id === row.case_id &&
            one.erasure === row.erasure &&
            one.fate === "replaced",
        );
        const again = added.filter(
          (one) => one.case_id === row.case_id && one.kind !== "redaction",
        );
        checkErased(caseIn(held[again.indexOf(row)]?.content)!, fields);
      }
      // An undo brings back exactly what stood.
      if (step.what === "undo") {
        const stood = [...before.values()].some(
          (one) => one.case_id === row.case_id && one.content === row.content,
        );
        expect(stood).toBe(true);
      }
    }
    // One erasure or withdrawal alone within an hour, however many cases it
    // had, and though one of them came back later.
    const alone = after.filter(
      (row) =>
        (row.kind === "redaction" || row.kind === "withdrawal") &&
        row.approved_by === null &&
        row.fate === null,
    );
    const moments = [
      ...Map.groupBy(
        alone,
        ({ erasure, sequence }) => erasure ?? `withdrawal ${sequence}`,
      ).values(),
    ]
      .map((same) => Math.min(...same.map((row) => Number(row.committed_at))))
      .toSorted((a, b) => a - b);
    for (const [index, at] of moments.entries())
      if (index > 0)
        expect(at - moments[index - 1]!).toBeGreaterThanOrEqual(HOUR_MS);
    erased.check(room);
  }
  room.pass(HOUR_MS * 3);
  erased.check(room);
}

/**
 * A second editor withdraws the case of a pending erasure; after another
 * withdrawal, it comes back.
 */
const overtaken: Step[] = [
  { what: "erase", id: A, person: 0, also: false, any: null },
  { what: "withdraw", id: A, approve: true },
  { what: "pass", by: 3_000 },
  { what: "withdraw", id: B, approve: false },
  { what: "undo", id: A, back: 0 },
];

test(
  "In every history, an erasure leaves no form of the name and changes no status, and one editor alone publishes nothing else",
  () =>
    withNewsroom(async (room) => {
      fc.assert(fc.property(steps, begin(room)), {
        numRuns: scaled(20, 10_000),
        endOnFailure: true,
        examples: [[overtaken]],
      });
    }),
  scaled(600_000, 7_200_000),
);
