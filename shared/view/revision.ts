/** A revision and its changes, in words. */

import type { Change } from "../change.ts";
import { joinList } from "../intl.ts";
import { isolate, type LocaleTag, sourceLocale } from "../locale.ts";
import { type MessageKey, message, sayIn } from "../messages.ts";
import { inSentence, statusLabel } from "../profile/labels.ts";
import type { Profile } from "../profile/schema.ts";
import type { Revision } from "../revision.ts";
import { dateIn, instantIn } from "./date.ts";
import { genderOf } from "./person.ts";
import { runOf } from "./run.ts";
import type { RevisionView, Run } from "./schema.ts";
import { sentenceIn, termIn } from "./sentence.ts";

/**
 * "Demo Person: released (previously imprisoned), as of 25 November 2026". A
 * correction denies instead: "Demo Person: imprisoned, as of 25 November 2026.
 * Not released, as wrongly stated here before."
 */
function statusChange(
  change: Extract<Change, { what: "custody" | "proceedings" | "sentence" }>,
  [from, to]: [string | null, string | null],
  locale: LocaleTag,
  denies: boolean,
): string {
  const say = sayIn(locale);
  const subject = change.subject
    ? plainText(change.subject, locale)
    : undefined;
  const name = isolate(change.person, locale);
  const person =
    subject === undefined ? name : `${name} (${isolate(subject, locale)})`;
  if (to === null)
    return say(denies ? "change.status.wrong" : "change.status.removed", {
      person,
      from: from ?? "",
    });
  const text =
    from === null || denies
      ? say("person.proceeding", { subject: person, text: to })
      : say("change.status", { person, from, to });
  const dated = change.asOf
    ? say("change.status.dated", {
        change: text,
        date: dateIn(locale, change.asOf),
      })
    : text;
  return from !== null && denies
    ? say("change.status.denied", { change: dated, from })
    : dated;
}

/**
 * States whose words no "not" can precede: denials, as in "not not detained",
 * and words that name more, as in "not charges dropped".
 */
const UNDENIABLE = /^(not-|unknown$|died-|conviction-|quashed$|dropped$)/;

/** The text in the reader's language, else in English, else in any. */
const plainText = (text: Record<string, string>, locale: LocaleTag): string =>
  text[locale] ?? text[sourceLocale] ?? Object.values(text)[0] ?? "";

function changeIn(
  locale: LocaleTag,
  change: Change & { several?: true },
  profile: Profile,
  denies: boolean,
): string {
  const say = sayIn(locale);
  const gender = change.several
    ? "several"
    : genderOf("pronouns" in change ? change : {});
  switch (change.what) {
    case "person-added":
    case "person-removed":
      return say(`change.${change.what}`, { person: change.person });
    case "custody":
    case "proceedings": {
      const list = change.what;
      const word = (code: string | null) =>
        code === null
          ? null
          : inSentence(
              statusLabel(list, code, gender, locale, profile),
              locale,
            );
      const from = word(change.from);
      const quoted =
        denies && from && UNDENIABLE.test(`${change.from}`)
          ? say("change.status.quoted", { from })
          : from;
      return statusChange(change, [quoted, word(change.to)], locale, denies);
    }
    case "sentence": {
      const { from, to } = change;
      const words =
        to === null
          ? null
          : inSentence(sentenceIn({ duration: to }, gender, locale), locale);
      return statusChange(
        change,
        [from === null ? null : termIn(from, locale), words],
        locale,
        denies,
      );
    }
    case "earlier-terms": {
      const { person, terms } = change;
      return terms.length === 0
        ? say("change.earlier-terms.removed", { person })
        : say("change.earlier-terms", {
            person,
            terms: joinList(
              locale,
              terms.map((term) => termIn(term, locale)),
            ),
          });
    }
    case "action":
      // Says nothing that asks readers to write, because the history shows it
      // after the deadline too.
      return say(
        change.to === "active"
          ? "change.action.active"
          : (`action.${change.to}` as MessageKey),
      );
    case "deadline":
      return change.to
        ? say("change.deadline", { to: dateIn(locale, change.to) })
        : say("change.deadline.removed");
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

/**
 * Changes that are the same for several people, together.
 * @param by tells changes apart that look the same
 */
export const sameChanges = (
  changes: Change[],
  by?: (change: Change) => string,
): Change[][] => [
  ...Map.groupBy(changes, (change) =>
    JSON.stringify([{ ...change, person: null, pronouns: null }, by?.(change)]),
  ).values(),
];

/**
 * One change that names the people of all.
 * @param most the people to name; others are counted
 */
export function mergedChange(
  same: Change[],
  locale: LocaleTag,
  most = Number.POSITIVE_INFINITY,
) {
  const names = same.flatMap((change) =>
    "person" in change ? isolate(change.person, locale) : [],
  );
  const [first] = same as [Change];
  if (!names[1] || !("person" in first)) return first;
  const person =
    names.length > most
      ? message(locale, "view.brief.others", {
          who: names[0] as string,
          count: names.length - 1,
        })
      : joinList(locale, names);
  return { ...first, person, several: true as const };
}

/** @param kind of the revision: what a correction changes was never so */
export const changesIn = (
  locale: LocaleTag,
  changes: Change[],
  profile: Profile,
  kind: Revision["kind"] = "update",
): string[] =>
  sameChanges(changes).map((same) =>
    changeIn(
      locale,
      mergedChange(same, locale),
      profile,
      kind === "correction",
    ),
  );

/** "Update 3", "Correction (revision 3)" */
export const numberedLabel = (
  { number, kind }: Pick<Revision, "number" | "kind">,
  locale: LocaleTag,
): string =>
  message(locale, `view.revision.${kind}`, { number: String(number) });

export function viewRevision(
  revision: Pick<Revision, "number" | "kind" | "liveAt">,
  locale: LocaleTag,
): RevisionView {
  const say = sayIn(locale);
  const day = dateIn(locale, revision.liveAt.slice(0, 10));
  return {
    number: revision.number,
    kind: revision.kind,
    liveAt: revision.liveAt,
    // The day beside it tells one correction from another.
    label:
      revision.kind === "correction"
        ? say("view.correction")
        : numberedLabel(revision, locale),
    published: say("view.published", {
      date: instantIn(locale, revision.liveAt),
    }),
    publishedOn: say("view.published", { date: day }),
    day,
  };
}

/** "Corrected: see revision 3". @param correction its number */
export const correctedIn = (locale: LocaleTag, correction: number): string =>
  message(locale, "view.corrected", { number: String(correction) });

/** An entry of a case's history. An erased note is absent. */
export interface PastView extends RevisionView {
  note?: Run;
  changes: string[];
  /** Says which later revision denies this one. */
  corrected?: string;
}

/**
 * @param language the case's own language, in which every note is written
 * @param corrected the number of the correction that denies the revision, see
 * `correctionsIn`
 */
export function viewPast(
  revision: Revision,
  language: string,
  locale: LocaleTag,
  profile: Profile,
  corrected?: number,
): PastView {
  const { note } = revision;
  return {
    ...viewRevision(revision, locale),
    label: numberedLabel(revision, locale),
    ...(Object.keys(note).length > 0
      ? { note: runOf(note, language, locale) }
      : {}),
    changes: changesIn(locale, revision.changes, profile, revision.kind),
    ...(corrected === undefined
      ? {}
      : { corrected: correctedIn(locale, corrected) }),
  };
}
