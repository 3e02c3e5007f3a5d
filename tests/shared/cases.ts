/**
 * The project's two cases, parsed, and how they are shown at the moment of a
 * first revision.
 */
import * as v from "valibot";
import { Case } from "../../shared/case/schema.ts";
import { type LocaleTag, localeTags } from "../../shared/locale.ts";
import { message } from "../../shared/messages.ts";
import { viewCase } from "../../shared/view/view.ts";
import demoFile from "../../worker/tools/local/cases/ua-0-00.json" with {
  type: "json",
};
import kukuFile from "../../worker/tools/local/cases/ua-126-19.json" with {
  type: "json",
};
import { inventedRevision } from "../support/invented.ts";
import { profile } from "../support/profile.ts";
import { leavesOf, valueAt } from "./facts.ts";

export const demo = v.parse(Case, demoFile);
export const ua12619 = v.parse(Case, kukuFile);

export const first = inventedRevision({
  number: 1,
  note: Object.fromEntries(
    localeTags.map((tag) => [tag, message(tag, "page.history.first")]),
  ),
  liveAt: "2026-11-25T10:00:07.000Z",
});

/** Milliseconds since the epoch. */
export const now = Date.parse(first.liveAt);

export const view = (fields: Case, locale: LocaleTag, at = now) =>
  viewCase(fields, first, locale, at, profile);

export function edited(fields: Case, edit: (copy: Case) => void): Case {
  const copy = structuredClone(fields);
  edit(copy);
  return copy;
}

export const texts = (value: unknown) =>
  leavesOf(value).map((pointer) => String(valueAt(value, pointer)));
