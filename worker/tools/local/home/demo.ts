/** Reads and edits the demo case through the public API, for the publish form. */

import { type Case, type Note, preferredName } from "../../../../shared/case/schema.ts";
import { clientOf } from "../../../editing/contract/client.ts";
import { confirmAll } from "../../../editing/rules/answers.ts";
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
  // The form says so: the case is invented, and the desk asks an editor.
  const answers = confirmAll((await editor.listQuestions({ id: DEMO, body, basedOn })).questions);
  const answer = await editor.publish({ id: DEMO, body: { ...body, answers }, basedOn });
  return "revision" in answer ? answer : null;
}

export interface Offer {
  /** In English. */
  note: string;
  fields: Case;
}

/**
 * The update that the form offers: whether the first person is free alternates. The new fact is dated today, and its source is the newest
 * document of the case.
 */
export function offerOf(fields: Case): Offer {
  const [first] = fields.people;
  const isReleased = first?.custody?.value === "released";
  const asOf = { date: new Date().toISOString().slice(0, 10) };
  const source = fields.documents.at(-1)?.id;
  const value = isReleased ? "house-arrest" : "released";
  const custody = { value, asOf, statedBy: fields.issuer, ...(source && { source }) } as const;
  return {
    note: first ? `${preferredName(first).value}: ${isReleased ? "under house arrest" : "released"}` : "",
    fields: { ...fields, asOf, people: fields.people.map((one) => (one === first ? { ...one, custody } : one)) },
  };
}
