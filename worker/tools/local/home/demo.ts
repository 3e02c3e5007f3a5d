/** Reads and edits the demo case through the public API, for the publish form. */

import {
  type Case,
  type custodyStates,
  type Note,
  type Person,
  preferredName,
} from "../../../../shared/case/schema.ts";
import { clientOf } from "../../../editing/contract/client.ts";
import type { PublishedRevision } from "../../../editing/rules/desk.ts";
import type { HomeSettings } from "./settings.ts";

export const homeSettings: HomeSettings = JSON.parse(document.getElementById("settings")?.textContent ?? "{}");

const [demo, ...others] = homeSettings.firstCases;

/** The id of the demo case; empty for a newsroom without one, whose page has no panes. */
export const DEMO = demo?.id ?? "";
export const OTHER_CASES = others;

/** An API client signed in as the local editor. */
export const editor = clientOf({ token: homeSettings.editorToken });

/** @param basedOn the number of the newest committed revision @returns null when the revision waits for a second editor */
export async function publishDemo(fields: Case, note: Note, basedOn: number): Promise<PublishedRevision | null> {
  const body = { case: fields, note, kind: "update", notify: "loud" } as const;
  const answer = await editor.publish({ id: DEMO, body, basedOn });
  return "revision" in answer ? answer : null;
}

/** A change that the form offers: a person's custody, or the action's state. */
export type Edit =
  | { what: "custody"; person: string; to: (typeof custodyStates)[number] }
  | { what: "action"; to: "active" | "closed" | "suspended" };

/** A few of the states, enough for a demonstration. */
export const custodyChoices: { value: (typeof custodyStates)[number]; label: string }[] = [
  { value: "pre-trial-detention", label: "in pre-trial detention" },
  { value: "house-arrest", label: "under house arrest" },
  { value: "imprisoned", label: "imprisoned" },
  { value: "released", label: "released" },
];
export const actionChoices = [
  { value: "active", label: "asks readers to write" },
  { value: "closed", label: "closed" },
  { value: "suspended", label: "suspended" },
] as const;

export const nameOf = (person: Person) => preferredName(person).value;

/** The note that the form proposes, in English. */
export function proposedNote(fields: Case, edit: Edit): string {
  if (edit.what === "action")
    return { active: "The action is open again", closed: "The action is closed", suspended: "The action is suspended" }[
      edit.to
    ];
  const person = fields.people.find(({ id }) => id === edit.person);
  const word = custodyChoices.find(({ value }) => value === edit.to)?.label;
  return person ? `${nameOf(person)}: ${word}` : "";
}

/** The case after an edit. The new fact is dated today, and its source is the newest document of the case. */
export function edited(fields: Case, edit: Edit): Case {
  if (edit.what === "action") return { ...fields, action: { ...fields.action, state: edit.to } };
  const asOf = { date: new Date().toISOString().slice(0, 10) };
  const source = fields.documents.at(-1)?.id;
  const people = fields.people.map((person) =>
    person.id === edit.person
      ? { ...person, custody: { value: edit.to, asOf, statedBy: fields.issuer, ...(source && { source }) } }
      : person,
  );
  return { ...fields, people, asOf };
}

/** Whether an edit would change anything. */
export function changes(fields: Case, edit: Edit): boolean {
  if (edit.what === "action") return fields.action.state !== edit.to;
  return fields.people.find(({ id }) => id === edit.person)?.custody?.value !== edit.to;
}
