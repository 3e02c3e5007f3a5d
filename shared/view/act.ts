/** What a person can do for a case now, as finished, localized text; or, when nothing is asked for, what became of the people. */

import { printNumber } from "../case/id.ts";
import type { Case } from "../case/schema.ts";
import { joinList, languageName } from "../intl.ts";
import { directionOf, type LocaleTag, locales } from "../locale.ts";
import { message } from "../messages.ts";
import type { Revision } from "../revision.ts";
import { PEOPLE_NAMED } from "../view/limits.ts";
import { viewAction } from "./action.ts";
import { staleSince } from "./age.ts";
import { instantIn, viewAsOf } from "./date.ts";
import { apart, countBeyond, eachOf, viewStatus } from "./person.ts";
import { viewRevision } from "./revision.ts";
import { marked, runOf } from "./run.ts";
import type { RevisionView, Run, Section } from "./schema.ts";

interface ActHead {
  id: string;
  lang: LocaleTag;
  dir: "ltr" | "rtl";
  /** "UA 126/19" */
  number: string;
  issuer: string;
  demo?: string;
  title: Run;
  /** "Action open: appeals are asked for until 31 December 2026" */
  label: string;
  /** "Facts as of 25 June 2020" */
  asOf: string;
  /** The revision this was read from. */
  revision: RevisionView;
  /** When it was: "25 November 2026, 10:03 UTC" */
  readAt: string;
}

export interface TargetView {
  name: Run;
  /** Verbatim: to be copied as they are. */
  address?: string;
  email?: string;
  salutation?: Run;
  /** The languages to write in, in words. */
  languages?: string;
}

/** Appeals are asked for. */
export interface OpenAct extends ActHead {
  act: "open";
  request: Run;
  targets: TargetView[];
  /** Verbatim, to be copied; `lang` is always there. */
  letter?: { text: string; lang: string; dir: "ltr" | "rtl"; language: string };
  /** The tags of all languages the letter is there in. */
  letters: string[];
}

/** Nothing is asked for, or not now. */
export interface InactiveAct extends ActHead {
  act: "closed" | "lapsed" | "suspended";
  thanks?: Run;
  /** What is the same of every one of them stands once, in `each`; a person's own `lines` say the rest. */
  people: { name: Run; lines: Run[] }[];
  each?: Section<Run>;
  /** Says that nothing later is known here, when the facts are old. */
  note?: string;
  more?: string;
}

export type ActView = OpenAct | InactiveAct;

const languagesIn = (locale: LocaleTag, tags: string[]): string =>
  joinList(
    locale,
    tags.map((tag) => languageName(locale, tag)),
  );

/** In the wanted language; else one that the addressees read; else the reader's; else the case's own. */
function letterFor({ action, language }: Case, locale: LocaleTag, wanted: string | undefined): string | undefined {
  const { letter, targets } = action;
  if (!letter) return undefined;
  const read = targets.flatMap((target) => target.languages ?? []);
  return [wanted, ...read, locale, language, ...Object.keys(letter)].find((tag) => tag !== undefined && letter[tag]);
}

/**
 * @param now milliseconds since the epoch; after the deadline nobody is asked to write
 * @param letterIn a BCP 47 tag: the language of the letter, if it is there in it
 */
export function viewAct(
  fields: Case,
  revision: Pick<Revision, "number" | "kind" | "liveAt">,
  locale: LocaleTag,
  now: number,
  letterIn?: string,
): ActView {
  const { action, language } = fields;
  const { state, label } = viewAction(fields, locale, now);
  const head: ActHead = {
    id: fields.id,
    lang: locale,
    dir: locales[locale].dir,
    number: printNumber(fields.number),
    issuer: fields.issuer,
    ...(fields.demo ? { demo: message(locale, "view.demo") } : {}),
    title: runOf(fields.title, language, locale),
    label,
    asOf: viewAsOf(fields, locale),
    revision: viewRevision(revision, locale),
    readAt: instantIn(locale, new Date(now).toISOString()),
  };
  if (state === "active" && action.request) {
    const tag = letterFor(fields, locale, letterIn);
    return {
      ...head,
      act: "open",
      request: runOf(action.request, language, locale),
      targets: action.targets.map(({ name, address, email, salutation, languages }) => ({
        name: marked(name, language, locale),
        ...(address ? { address } : {}),
        ...(email ? { email } : {}),
        ...(salutation ? { salutation: marked(salutation, languages?.[0] ?? language, locale) } : {}),
        ...(languages?.length ? { languages: languagesIn(locale, languages) } : {}),
      })),
      letters: Object.keys(action.letter ?? {}),
      ...(tag && action.letter
        ? {
            letter: {
              text: action.letter[tag] as string,
              lang: tag,
              dir: directionOf(tag),
              language: languagesIn(locale, [tag]),
            },
          }
        : {}),
    };
  }
  const people = fields.people.map((person) => viewStatus(person, locale));
  const { shared, own } = apart(people.map(({ lines }) => lines));
  return {
    ...head,
    act: state === "active" ? "closed" : state,
    ...(state === "suspended"
      ? {}
      : {
          thanks: action.thanks ? runOf(action.thanks, language, locale) : { text: message(locale, "bot.act.thanks") },
        }),
    people: people.slice(0, PEOPLE_NAMED).map(({ name }, index) => ({ name, lines: own[index] as Run[] })),
    ...eachOf(fields.people, shared, locale),
    ...(now >= staleSince(fields) ? { note: message(locale, "view.stale") } : {}),
    ...countBeyond(fields.people, locale),
  };
}
