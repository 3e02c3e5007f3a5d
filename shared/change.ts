/**
 * The differences between two versions of a case, as readers are told of them.
 */
import * as v from "valibot";
import type { Case, Person } from "./case/schema.ts";
import { plainTexts, withPlainTexts } from "./case/text.ts";
import { Ordinal as count, described } from "./described.ts";

const text = v.string();

/**
 * A person whose status changed. The pronouns shape the words in most
 * languages.
 */
const person = {
  person: text,
  // Absent when unknown.
  pronouns: v.exactOptional(v.picklist(["he/him", "she/her", "they/them"])),
};

const parts = [
  "request",
  "addressees",
  "letter",
  "title",
  "summary",
  "timeline",
] as const;

/**
 * A difference that matters to readers. Values are the schema's own codes (a
 * custody state, an EDTF date, a duration);
 * `viewCase` turns them into words. `person` is the person's preferred name.
 */
export const Change = v.variant("what", [
  v.object({
    what: v.picklist(["person-added", "person-removed"]),
    person: text,
  }),
  v.object({
    what: v.picklist(["custody", "proceedings", "sentence"]),
    ...person,
    from: v.nullable(text),
    to: v.nullable(text),
    // Absent when the status was removed.
    asOf: v.exactOptional(
      described(text, "The date as of which the new status is stated, EDTF"),
    ),
    subject: v.exactOptional(
      described(
        v.record(text, text),
        "Names the proceeding, by language, when the person has several",
      ),
    ),
  }),
  described(
    v.object({
      what: v.literal("earlier-terms"),
      ...person,
      terms: v.array(text),
    }),
    "The earlier terms of a sentence as now stated. A term that a new one just replaced is told only as a change of the sentence",
  ),
  v.object({ what: v.literal("action"), from: text, to: text }),
  v.object({
    what: v.literal("deadline"),
    from: v.nullable(text),
    to: v.nullable(text),
  }),
  v.object({ what: v.literal("as-of"), from: text, to: text }),
  v.object({
    what: v.picklist(["events-added", "documents-added", "quotations-added"]),
    count,
  }),
  described(
    v.object({ what: v.literal("text"), part: v.picklist(parts) }),
    "Changed wording, also in a translation; for the timeline also changed dates and removed events. The request, the " +
      "letter and the addressees are named while the action is active, also when they are new or were removed",
  ),
]);
export type Change = v.InferOutput<typeof Change>;

const nameOf = (person: Person) =>
  person.names.find((name) => name.form === "preferred")?.value ?? person.id;
/**
 * A review or a confirmation of a translation isn't a difference: it changes no
 * words.
 */
const same = (a: unknown, b: unknown) =>
  JSON.stringify(withPlainTexts(a)) === JSON.stringify(withPlainTexts(b));

const dated = (status: { asOf: { date: string } } | undefined) =>
  status ? { asOf: status.asOf.date } : {};

const named = (person: Person) => ({
  person: nameOf(person),
  ...(person.pronouns ? { pronouns: person.pronouns } : {}),
});

/**
 * Proceedings are matched by their id. Their subject is named where a person
 * has several.
 */
function proceedingsBetween(old: Person, next: Person): Change[] {
  const several = Math.max(old.proceedings.length, next.proceedings.length) > 1;
  const ids = new Set(
    [...next.proceedings, ...old.proceedings].map(({ id }) => id),
  );
  return [...ids].flatMap((id): Change[] => {
    const [before, after] = [old, next].map(({ proceedings }) =>
      proceedings.find((one) => one.id === id),
    );
    if (before?.value === after?.value) return [];
    const subject = after?.subject ?? before?.subject;
    return [
      {
        what: "proceedings",
        ...named(next),
        ...(several && subject ? { subject: plainTexts(subject) } : {}),
        from: before?.value ?? null,
        to: after?.value ?? null,
        ...dated(after),
      },
    ];
  });
}

/**
 * A term that moves to the earlier ones because a new one replaced it is told
 * as the change of the sentence only.
 */
function sentenceBetween(old: Person, next: Person): Change[] {
  const [from, to] = [
    old.sentence?.value.duration ?? null,
    next.sentence?.value.duration ?? null,
  ];
  const earlier = (person: Person) =>
    (person.sentence?.value.earlier ?? []).map(({ duration }) => duration);
  const [before, terms] = [earlier(old), earlier(next)];
  const expected =
    from === null || from === to ? [before] : [before, [...before, from]];
  return [
    ...(from === to
      ? []
      : [
          {
            what: "sentence" as const,
            ...named(next),
            from,
            to,
            ...dated(next.sentence),
          },
        ]),
    // A sentence that is no longer stated takes its earlier terms with it.
    ...(to === null || expected.some((one) => same(one, terms))
      ? []
      : [{ what: "earlier-terms" as const, ...named(next), terms }]),
  ];
}

/**
 * People come first, then the action, then the record. The first version of a
 * case has no changes.
 */
export function changesBetween(previous: Case | null, next: Case): Change[] {
  if (!previous) return [];
  const changes: Change[] = [];
  const before = new Map(previous.people.map((person) => [person.id, person]));
  for (const person of next.people) {
    const old = before.get(person.id);
    before.delete(person.id);
    if (!old) {
      changes.push({ what: "person-added", person: nameOf(person) });
      continue;
    }
    const [from, to] = [
      old.custody?.value ?? null,
      person.custody?.value ?? null,
    ];
    if (from !== to)
      changes.push({
        what: "custody",
        ...named(person),
        from,
        to,
        ...dated(person.custody),
      });
    changes.push(
      ...proceedingsBetween(old, person),
      ...sentenceBetween(old, person),
    );
  }
  for (const person of before.values())
    changes.push({ what: "person-removed", person: nameOf(person) });
  if (previous.action.state !== next.action.state)
    changes.push({
      what: "action",
      from: previous.action.state,
      to: next.action.state,
    });
  const { until = null } = next.action;
  // Beside "Action closed", a new deadline would ask readers to write after
  // all.
  if (
    (previous.action.until ?? null) !== until &&
    (until === null || next.action.state === "active")
  )
    changes.push({
      what: "deadline",
      from: previous.action.until ?? null,
      to: until,
    });
  // Readers see these three only while they are asked to write.
  if (next.action.state === "active")
    for (const [part, field] of [
      ["request", "request"],
      ["addressees", "targets"],
      ["letter", "letter"],
    ] as const)
      if (!same(previous.action[field], next.action[field]))
        changes.push({ what: "text", part });
  for (const [what, list] of [
    ["events-added", "events"],
    ["documents-added", "documents"],
    ["quotations-added", "quotations"],
  ] as const) {
    // Compares counts, because a corrected or translated entry is not a new
    // one.
    const count = next[list].length - previous[list].length;
    if (count > 0) changes.push({ what, count });
  }
  if (previous.asOf.date !== next.asOf.date)
    changes.push({
      what: "as-of",
      from: previous.asOf.date,
      to: next.asOf.date,
    });
  for (const part of ["title", "summary"] as const)
    if (!same(previous[part], next[part])) changes.push({ what: "text", part });
  if (
    !previous.events.every((event) =>
      next.events.some((kept) => same(kept, event)),
    )
  )
    changes.push({ what: "text", part: "timeline" });
  return changes;
}
