/** The one meaning of "what changed" between two versions of a case. */
import type { Case, Person } from "./case/schema.ts";

/**
 * A difference that a reader would care for. Values are the schema's own codes (a custody state, an EDTF date, a duration);
 * `viewCase` puts them in words. `person` is the person's preferred name.
 */
export type Change =
  | { what: "person-added" | "person-removed"; person: string }
  | {
      what: "custody" | "proceedings" | "sentence";
      person: string;
      from: string | null;
      to: string | null;
      /** The day the new status is stated for; none when there is no status any more, or in changes of before November 2026. */
      asOf?: string;
    }
  | { what: "action"; from: string; to: string }
  | { what: "deadline"; from: string | null; to: string | null }
  | { what: "as-of"; from: string; to: string }
  | { what: "events-added" | "documents-added" | "quotations-added"; count: number }
  /** Other words, here or in a translation; in a timeline also other dates, and fewer events. */
  | { what: "text"; part: "title" | "summary" | "timeline" };

const nameOf = (person: Person) => person.names.find((name) => name.form === "preferred")?.value ?? person.id;
const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

const dated = (status: { asOf: { date: string } } | undefined) => (status ? { asOf: status.asOf.date } : {});

/** In the order a reader wants them: people first, then the action, then the record. A first version changes nothing. */
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
    // One that was corrected or translated is no new one.
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
