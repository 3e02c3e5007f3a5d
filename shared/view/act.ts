/**
 * A case's action as finished, localized text: the request and letter while it
 * is open, else the people's last known statuses.
 */

import type { Case } from "../case/schema.ts";
import { isOutdated, textIn } from "../case/text.ts";
import { joinList, languageNameIn } from "../intl.ts";
import { directionOf, type LocaleTag, locales } from "../locale.ts";
import { sayIn } from "../messages.ts";
import { printNumber } from "../profile/numbers.ts";
import type { Profile } from "../profile/schema.ts";
import type { Revision } from "../revision.ts";
import { viewAction } from "./action.ts";
import { staleSince } from "./age.ts";
import { instantIn, viewAsOf } from "./date.ts";
import { PEOPLE_NAMED } from "./limits.ts";
import { countBeyond, eachOf, splitShared, viewStatus } from "./person.ts";
import { viewRevision } from "./revision.ts";
import { currentRunOf, marked, runOf } from "./run.ts";
import type {
  AppealView,
  LabelledList,
  Line,
  PresentView,
  RevisionView,
  Run,
} from "./schema.ts";

interface ActHead
  extends Pick<
    PresentView,
    "id" | "lang" | "dir" | "number" | "demo" | "title"
  > {
  /** "Action open: appeals are requested until 31 December 2026" */
  label: string;
  /** "Facts as of 25 June 2020" */
  asOf: string;
  /** "As stated by Amnesty International" */
  stated: string;
  /** The revision that this view shows. */
  revision: RevisionView;
  /** When the view was made: "25 November 2026, 10:03 UTC" */
  readAt: string;
}

/** Whom to write to. Address and e-mail are verbatim, for copying. */
export type TargetView = AppealView["targets"]["list"][number];

/** An open action: readers are asked to write. */
export interface OpenAct extends ActHead {
  act: "open";
  request: Run;
  targets: TargetView[];
  /**
   * The letter, verbatim, for copying. Unlike in a Run, `lang` is always
   * present.
   */
  letter?: Omit<AppealView["letters"][number], "name"> & { label: string };
  /**
   * The tags of all languages in which the letter exists. An outdated
   * translation is left out: it may ask for something else.
   */
  letters: string[];
}

/**
 * An action that is over, suspended or past its deadline: readers are not asked
 * to write.
 */
export interface InactiveAct extends ActHead {
  act: "closed" | "lapsed" | "suspended";
  thanks?: Run;
  /**
   * `each` holds the lines that all people share; a person's own `lines` hold
   * the rest.
   */
  people: { name: Run; lines: Line[] }[];
  each?: LabelledList<Line>;
  /**
   * Present when the facts are old: a note that nothing newer is known here.
   */
  note?: string;
  more?: string;
}

export type ActView = OpenAct | InactiveAct;

const languagesIn = (locale: LocaleTag, tags: string[]): string =>
  joinList(
    locale,
    tags.map((tag) => languageNameIn(locale, tag)),
  );

const lettersOf = ({ action: { letter = {} }, language }: Case): string[] =>
  Object.keys(letter).filter((tag) => !isOutdated(letter, tag, language));

/**
 * The language of the letter: the wanted one, else one that the targets read,
 * else the reader's, else the case's own.
 */
function letterFor(
  fields: Case,
  locale: LocaleTag,
  wanted: string | undefined,
): string | undefined {
  const letters = lettersOf(fields);
  const read = fields.action.targets.flatMap(
    (target) => target.languages ?? [],
  );
  return [wanted, ...read, locale, fields.language, ...letters].find(
    (tag) => tag !== undefined && letters.includes(tag),
  );
}

/**
 * @param now milliseconds since the epoch; decides whether the deadline has
 * passed
 * @param letterIn the wanted language of the letter, BCP 47
 */
export function viewAct(
  fields: Case,
  revision: Pick<Revision, "number" | "kind" | "liveAt">,
  locale: LocaleTag,
  now: number,
  letterIn: string | undefined,
  profile: Profile,
): ActView {
  const say = sayIn(locale);
  const { action, language } = fields;
  const { state, label } = viewAction(fields, locale, now);
  const head: ActHead = {
    id: fields.id,
    lang: locale,
    dir: locales[locale].dir,
    number: printNumber(fields.number, profile),
    ...(fields.demo ? { demo: say("view.demo") } : {}),
    title: runOf(fields.title, language, locale),
    label,
    asOf: viewAsOf(fields, locale),
    stated: say("view.stated", { by: fields.issuer }),
    revision: viewRevision(revision, locale),
    readAt: instantIn(locale, new Date(now).toISOString()),
  };
  if (state === "active" && action.request) {
    const tag = letterFor(fields, locale, letterIn);
    return {
      ...head,
      act: "open",
      request: currentRunOf(action.request, language, locale),
      targets: action.targets.map(
        ({ name, address, email, salutation, languages }) => ({
          name: marked(name, language, locale),
          ...(address ? { address } : {}),
          ...(email ? { email } : {}),
          hints: [
            ...(salutation
              ? [say("bot.act.salutation", { text: salutation })]
              : []),
            ...(languages?.length
              ? [
                  say("bot.act.languages", {
                    languages: languagesIn(locale, languages),
                  }),
                ]
              : []),
          ],
        }),
      ),
      letters: lettersOf(fields),
      ...(tag
        ? {
            letter: {
              label: say("bot.act.letter", {
                language: languageNameIn(locale, tag),
              }),
              text: textIn(action.letter, tag) as string,
              lang: tag,
              dir: directionOf(tag),
            },
          }
        : {}),
    };
  }
  const people = fields.people.map((person) =>
    viewStatus(person, fields, locale, profile),
  );
  const { shared, own } = splitShared(people.map(({ lines }) => lines));
  return {
    ...head,
    act: state === "active" ? "closed" : state,
    ...(state === "suspended"
      ? {}
      : {
          thanks: action.thanks
            ? runOf(action.thanks, language, locale)
            : { text: say("bot.act.thanks") },
        }),
    people: people
      .slice(0, PEOPLE_NAMED)
      .map(({ name }, index) => ({ name, lines: own[index] as Line[] })),
    ...eachOf(fields.people, shared, locale),
    ...(now >= staleSince(fields) ? { note: say("view.stale") } : {}),
    ...countBeyond(fields.people, locale),
  };
}
