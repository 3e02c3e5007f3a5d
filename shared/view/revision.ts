/** A revision and its changes, in words. */

import type { Change } from "../change.ts";
import type { LocaleTag } from "../locale.ts";
import { type MessageKey, sayIn } from "../messages.ts";
import { custodyLabel, proceedingsLabel } from "../profile/labels.ts";
import type { Profile } from "../profile/schema.ts";
import type { Revision } from "../revision.ts";
import { dateIn, instantIn } from "./date.ts";
import { sentenceIn } from "./person.ts";
import { runOf } from "./run.ts";
import type { RevisionView, Run } from "./schema.ts";

/** A change in words: "Demo Person: had been released (before: was imprisoned)". */
function changeIn(locale: LocaleTag, change: Change, profile: Profile): string {
  const say = sayIn(locale);
  const status = (person: string, from: string | null, to: string | null, asOf: string | undefined) => {
    if (to === null) return say("change.status.removed", { person, from: from ?? "" });
    const text = from === null ? say("change.status.new", { person, to }) : say("change.status", { person, from, to });
    return asOf ? say("change.status.dated", { change: text, date: dateIn(locale, asOf) }) : text;
  };
  switch (change.what) {
    case "person-added":
    case "person-removed":
      return say(`change.${change.what}`, { person: change.person });
    case "custody":
    case "proceedings": {
      const label = { custody: custodyLabel, proceedings: proceedingsLabel }[change.what];
      const word = (code: string | null) => (code === null ? null : label(code, "they", locale, profile));
      return status(change.person, word(change.from), word(change.to), change.asOf);
    }
    case "sentence": {
      const word = (code: string | null) => (code === null ? null : sentenceIn(locale, code, "they"));
      return status(change.person, word(change.from), word(change.to), change.asOf);
    }
    case "action":
      return say(`action.${change.to}` as MessageKey);
    case "deadline":
      return change.to ? say("change.deadline", { to: dateIn(locale, change.to) }) : say("change.deadline.removed");
    case "as-of":
      return say("change.as-of", { date: dateIn(locale, change.to) });
    case "events-added":
    case "documents-added":
    case "quotations-added":
      return say(`change.${change.what}`, { count: change.count });
    case "text":
      return say(`change.${change.part}`);
  }
}

export const changesIn = (locale: LocaleTag, changes: Change[], profile: Profile): string[] =>
  changes.map((change) => changeIn(locale, change, profile));

export function viewRevision(revision: Pick<Revision, "number" | "kind" | "liveAt">, locale: LocaleTag): RevisionView {
  const say = sayIn(locale);
  return {
    number: revision.number,
    kind: revision.kind,
    liveAt: revision.liveAt,
    label: say(`view.revision.${revision.kind}`, { number: String(revision.number) }),
    published: say("view.published", { date: instantIn(locale, revision.liveAt) }),
  };
}

/** An entry of a case's history. An erased note is absent. */
export interface PastView extends RevisionView {
  note?: Run;
  changes: string[];
}

/** @param language the case's own language, in which every note is written */
export function viewPast(revision: Revision, language: string, locale: LocaleTag, profile: Profile): PastView {
  const { note } = revision;
  return {
    ...viewRevision(revision, locale),
    ...(Object.keys(note).length > 0 ? { note: runOf(note, language, locale) } : {}),
    changes: changesIn(locale, revision.changes, profile),
  };
}
