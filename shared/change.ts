/** The differences between two versions of a case, as readers are told of them. */
import * as v from "valibot";
import type { Case, Person } from "./case/schema.ts";
import { withPlainTexts } from "./case/text.ts";

const text = v.string();
const count = v.pipe(v.number(), v.integer(), v.minValue(1));

/**
 * A difference that matters to readers. Values are the schema's own codes (a custody state, an EDTF date, a duration);
 * `viewCase` turns them into words. `person` is the person's preferred name.
 */
export const Change = v.variant("what", [
  v.object({ what: v.picklist(["person-added", "person-removed"]), person: text }),
  v.object({
    what: v.picklist(["custody", "proceedings", "sentence"]),
    person: text,
    from: v.nullable(text),
    to: v.nullable(text),
    // Absent when the status was removed, and in changes stored before November 2026.
    asOf: v.exactOptional(v.pipe(text, v.description("The date as of which the new status is stated, EDTF"))),
  }),
  v.object({ what: v.literal("action"), from: text, to: text }),
  v.object({ what: v.literal("deadline"), from: v.nullable(text), to: v.nullable(text) }),
  v.object({ what: v.literal("as-of"), from: text, to: text }),
  v.object({ what: v.picklist(["events-added", "documents-added", "quotations-added"]), count }),
  v.pipe(
    v.object({ what: v.literal("text"), part: v.picklist(["title", "summary", "timeline"]) }),
    v.description("Changed wording, also in a translation; for the timeline also changed dates and removed events"),
  ),
]);
export type Change = v.InferOutput<typeof Change>;

const nameOf = (person: Person) => person.names.find((name) => name.form === "preferred")?.value ?? person.id;
/** A review or a confirmation of a translation isn't a difference: it changes no words. */
const same = (a: unknown, b: unknown) => JSON.stringify(withPlainTexts(a)) === JSON.stringify(withPlainTexts(b));

const dated = (status: { asOf: { date: string } } | undefined) => (status ? { asOf: status.asOf.date } : {});

/** People come first, then the action, then the record. The first version of a case has no changes. */
export function changesBetween(previous: Case | null, next: Case): Change[] {
  if (!previous) return [];
  const changes: Change[] = [];
  const before = new Map(previous.people.map((person) => [person.id, person]));
  for (const person of next.people) {
    const old = before.get(person.id);
    before.delete(person.id);
    const name = nameOf(person);
    if (!old) {
      changes.push({ what: "person-added", person: name });
      continue;
    }
    for (const what of ["custody", "proceedings"] as const) {
      const [from, to] = [old[what]?.value ?? null, person[what]?.value ?? null];
      if (from !== to) changes.push({ what, person: name, from, to, ...dated(person[what]) });
    }
    const [from, to] = [old.sentence?.value.duration ?? null, person.sentence?.value.duration ?? null];
    if (from !== to) changes.push({ what: "sentence", person: name, from, to, ...dated(person.sentence) });
  }
  for (const person of before.values()) changes.push({ what: "person-removed", person: nameOf(person) });
  if (previous.action.state !== next.action.state)
    changes.push({ what: "action", from: previous.action.state, to: next.action.state });
  if (previous.action.until !== next.action.until)
    changes.push({ what: "deadline", from: previous.action.until ?? null, to: next.action.until ?? null });
  for (const [what, list] of [
    ["events-added", "events"],
    ["documents-added", "documents"],
    ["quotations-added", "quotations"],
  ] as const) {
    // Compares counts, because a corrected or translated entry is not a new one.
    const count = next[list].length - previous[list].length;
    if (count > 0) changes.push({ what, count });
  }
  if (previous.asOf.date !== next.asOf.date)
    changes.push({ what: "as-of", from: previous.asOf.date, to: next.asOf.date });
  for (const part of ["title", "summary"] as const)
    if (!same(previous[part], next[part])) changes.push({ what: "text", part });
  if (!previous.events.every((event) => next.events.some((kept) => same(kept, event))))
    changes.push({ what: "text", part: "timeline" });
  return changes;
}
