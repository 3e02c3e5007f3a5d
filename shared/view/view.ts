/**
 * Views: a case as finished, localized text without markup. Page, widget, bot
 * and feed all render this.
 */

import type { Case, Text } from "../case/schema.ts";
import type { Change } from "../change.ts";
import { joinList, languageNameIn } from "../intl.ts";
import { isLocale, isolate, type LocaleTag, locales } from "../locale.ts";
import { type MessageValues, message, sayIn } from "../messages.ts";
import { placeName } from "../place-names.ts";
import { documentLabel } from "../profile/labels.ts";
import { numberOf, printNumber } from "../profile/numbers.ts";
import type { Profile } from "../profile/schema.ts";
import type { Revision } from "../revision.ts";
import { actionLabel, viewAction } from "./action.ts";
import { newsUntil, nextViewChange, staleSince } from "./age.ts";
import { factsAsOf, partialDateIn, viewAsOf } from "./date.ts";
import { DOT } from "./dot.ts";
import { PEOPLE_IN_NEWS, PEOPLE_LISTED } from "./limits.ts";
import { newsworthy } from "./news.ts";
import {
  custodyGroupOf,
  newestFirst,
  peopleInBrief,
  peopleStatus,
  viewBrief,
  viewPeople,
} from "./person.ts";
import {
  changesIn,
  mergedChange,
  sameChanges,
  viewRevision,
} from "./revision.ts";
import { isUnreviewed, marked, runOf } from "./run.ts";
import type {
  NewsView,
  PresentView,
  RefusalView,
  Run,
  SummaryView,
} from "./schema.ts";
import type { CaseSummary } from "./summary.ts";

/**
 * More sentences than this make no headline, unless each is about somebody
 * else.
 */
const MAX_CHANGES_SAID = 2;
const MAX_SENTENCES = 3;

function viewDocument(
  document: Case["documents"][number],
  fields: Case,
  locale: LocaleTag,
  profile: Profile,
): { text: string; href?: string } {
  const say = sayIn(locale);
  const kind = documentLabel(document.kind, locale, profile);
  const number = printNumber(fields.number, profile);
  const named = document.sequence
    ? say(document.final ? "document.final" : "document.sequence", {
        kind,
        count: document.sequence,
        number,
      })
    : kind;
  const parts = [
    named,
    document.reference,
    document.title,
    document.issuedOn && partialDateIn(locale, document.issuedOn),
  ];
  const shown = parts.flatMap((part) => (part ? [isolate(part, locale)] : []));
  const text = `${isolate(fields.issuer, locale)}: ${shown.join(" · ")}`;
  return document.href ? { text, href: document.href } : { text };
}

/**
 * Makes the view of a case in one language.
 * @param now milliseconds since the epoch; decides only whether a deadline has
 * passed, the facts are old and the revision is news
 * @param corrected the newest correction before this revision
 * @param earlier an update before this revision that is greater news
 */
export function viewCase(
  fields: Case,
  revision: Revision,
  locale: LocaleTag,
  now: number,
  profile: Profile,
  corrected?: Revision,
  earlier?: Revision,
): PresentView {
  const say = sayIn(locale);
  const run = (text: Text) => runOf(text, fields.language, locale);
  /**
   * A place's own name in the reader's language, where the case has none but
   * calls it by its common one.
   */
  const placeIn = ({ name, iso3166 }: Case["places"][number]): Run => {
    const own = run(name);
    return own.lang &&
      iso3166 &&
      own.text === placeName(fields.language as LocaleTag, iso3166)
      ? { text: placeName(locale, iso3166) }
      : own;
  };
  const standing = [corrected, earlier].flatMap((one) =>
    one && now < newsUntil(one) ? one : [],
  );
  const inNews = now < newsUntil(revision) ? [...standing, revision] : standing;
  const ordered = { ...fields, people: newestFirst(fields.people, inNews) };
  const status = peopleStatus(ordered, locale, profile);
  const independent = profile.newsroom.independent?.[locale];
  const expires = nextViewChange(fields, now, [revision, ...standing]);
  // A note that was damaged in the storage is empty.
  const noteOf = (one: Revision) =>
    Object.keys(one.note)[0] && !isPlainFirst(one)
      ? runOf(one.note, fields.language, locale)
      : { text: "" };
  // A note in the reader's language says what changed: a list beside it would
  // say it again.
  const changesOf = (one: Revision, { text, lang }: Run) =>
    text !== "" && lang === undefined
      ? []
      : changesIn(locale, one.changes, profile, one.kind);
  /**
   * "A. Person and B. Person: released; C. Person: imprisoned". Whoever is in
   * no sentence is counted: a person's further changes stand below, but nobody
   * is left out.
   * @param least how many changes to say, whoever they are about
   */
  const newsText = (
    changes: Change[],
    least: number,
    kind: Revision["kind"],
  ): string => {
    const named = new Set<string>();
    const sentences: string[] = [];
    for (const [index, same] of sameChanges(changes).entries()) {
      const people = same.flatMap((change) =>
        "person" in change && !named.has(change.person) ? change.person : [],
      );
      if (sentences.length >= MAX_SENTENCES || (index >= least && !people[0]))
        continue;
      sentences.push(
        ...changesIn(
          locale,
          [mergedChange(same, locale, PEOPLE_IN_NEWS)],
          profile,
          kind,
        ),
      );
      for (const person of people) named.add(person);
    }
    const count =
      new Set(
        changes.flatMap((change) => ("person" in change ? change.person : [])),
      ).size - named.size;
    if (count > 0) sentences.push(say("view.people.more", { count }));
    return sentences.reduce(
      (first, next) =>
        !first
          ? next
          : kind === "correction"
            ? first + DOT + next
            : say("bot.news.both", { first, next }),
      "",
    );
  };
  /**
   * Says what changed where that is news by itself, else the note. Neither is
   * mixed with words of another language.
   */
  const newsOf = (one: Revision): NewsView[] => {
    const { label, day, publishedOn } = viewRevision(one, locale);
    const note = noteOf(one);
    const own = note.text !== "" && note.lang === undefined ? note : undefined;
    // That the action ended stands below. That it began, or never did, does
    // not: it is news where there is no other, nor a note. With the action, its
    // deadline changes.
    const isAction = one.changes.some(({ what }) => what === "action");
    const changes = one.changes.filter((change) =>
      change.what === "action"
        ? !own && (change.to === "active" || one.kind === "correction")
        : change.what !== "deadline" || !isAction,
    );
    const greater = changes.filter(({ what }) => newsworthy.includes(what));
    const others = greater.filter(({ what }) => what !== "action");
    const weighty = others[0] ? others : greater;
    const told = (weighty[0] || own ? weighty : changes)
      .map((change): Change => {
        if (
          change.what !== "custody" &&
          change.what !== "proceedings" &&
          change.what !== "sentence"
        )
          return change;
        // The day stands below the text, and of a correction in the status.
        // What was before is no news, unless a correction denies it.
        const { asOf: _, ...undated } = change;
        return one.kind === "correction" ||
          change.what === "sentence" ||
          change.to === null
          ? undated
          : { ...undated, from: null };
      })
      .toSorted(
        (first, other) =>
          newsworthy.indexOf(first.what) - newsworthy.indexOf(other.what),
      );
    /** The day of what is told, else that of the facts, where it changed. */
    const days = weighty.flatMap((change) =>
      "asOf" in change ? (change.asOf ?? []) : [],
    );
    const facts = days[0]
      ? days
      : one.changes.flatMap((change) =>
          change.what === "as-of" ? change.to : [],
        );
    const text = newsText(told, own ? 1 : MAX_CHANGES_SAID, one.kind);
    const isFree = weighty.some(
      (change) =>
        change.what === "custody" && custodyGroupOf[change.to ?? ""] === "free",
    );
    const denial = one.kind === "correction" ? label + DOT : "";
    if (!text && !own && !denial) return [];
    return [
      {
        text:
          text || !own
            ? { text: text ? denial + text : label }
            : { ...own, text: denial + own.text },
        tone: denial ? "correction" : isFree ? "release" : "other",
        day: denial ? day : facts[0] ? factsAsOf(locale, facts) : publishedOn,
        ...(text && own && own.text !== text ? { note: own } : {}),
      },
    ];
  };
  const note = noteOf(revision);
  const by = [
    ...new Set(fields.assessments.map((assessment) => assessment.by)),
  ];
  const view: PresentView = {
    state: "present",
    id: fields.id,
    lang: locale,
    dir: locales[locale].dir,
    number: printNumber(fields.number, profile),
    issuer: fields.issuer,
    newsroom: profile.newsroom.name,
    ...(fields.demo ? { demo: say("view.demo") } : {}),
    title: run(fields.title),
    brief: viewBrief(
      { ...fields, ...peopleInBrief(ordered) },
      fields.asOf,
      locale,
      profile,
      status,
    ),
    summary: run(fields.summary),
    news: [
      ...(earlier && standing.includes(earlier) ? newsOf(earlier) : []),
      ...(inNews.includes(revision) ? newsOf(revision) : []),
      ...(corrected && standing.includes(corrected) ? newsOf(corrected) : []),
    ],
    status,
    asOf: {
      label: say("view.asOf"),
      date: fields.asOf.date,
      text: partialDateIn(locale, fields.asOf),
      stated: say("view.stated", { by: fields.issuer }),
      ...(now >= staleSince(fields) ? { note: say("view.stale") } : {}),
    },
    action: viewAction(fields, locale, now),
    people: viewPeople(ordered, locale, now, profile),
    places: {
      list: fields.places.map((place) => ({
        name: placeIn(place),
        ...(place.status ? { status: run(place.status) } : {}),
      })),
    },
    timeline: {
      label: say("view.timeline"),
      list: fields.events.map((event) => ({
        when: partialDateIn(locale, event.date),
        date: event.date.date,
        kind: event.kind,
        text: run(event.text),
      })),
    },
    assessments: by.map((name) => ({
      label: say("view.assessments", { by: name }),
      list: fields.assessments
        .filter((assessment) => assessment.by === name)
        .map((assessment) => run(assessment.text)),
    })),
    quotations: {
      list: fields.quotations.map((quotation) => ({
        text: marked(
          quotation.excerpt ?? quotation.text,
          quotation.lang,
          locale,
        ),
        speaker: quotation.speaker,
        occasion: run(quotation.occasion),
      })),
    },
    impact: {
      label: say("view.impact"),
      list: fields.impact.map((statement) => run(statement.text)),
    },
    next: {
      label: say("view.next"),
      list: fields.next.map((statement) => run(statement.text)),
    },
    revision: {
      ...viewRevision(revision, locale),
      note,
      changes: { label: say("view.changes"), list: changesOf(revision, note) },
    },
    sources: {
      label: say("view.sources"),
      list: fields.documents.map((document) =>
        viewDocument(document, fields, locale, profile),
      ),
    },
    ...(fields.links?.length
      ? {
          elsewhere: {
            label: say("view.elsewhere"),
            list: fields.links.map(({ name, href }) => ({
              text: isolate(name, locale),
              href,
            })),
          },
        }
      : {}),
    notes: [],
    // A newsroom that states the facts itself isn't independent of their
    // issuer.
    ...(independent === undefined || fields.issuer === profile.newsroom.name
      ? {}
      : {
          independent: independent.replaceAll("{issuer}", () => fields.issuer),
        }),
    rights: { text: run(fields.rights.text), href: fields.rights.href },
    words: {
      offline: say("view.offline"),
      more:
        fields.people.length > PEOPLE_LISTED
          ? say("view.whole.people", { count: fields.people.length })
          : say("view.whole"),
      contact: say("view.contact"),
      follow: say("follow.link"),
      spellings: say("view.spellings"),
      demo: say("page.demo"),
    },
    ...(expires ? { expires } : {}),
  };
  const runs = [...translatedRuns(view), view.rights.text];
  const isUnspoken = locale !== fields.language && !locales[locale].reviewed;
  view.notes = [
    ...fallbackNote(view),
    ...(runs.some(({ outdated }) => outdated)
      ? [
          say("view.outdated.note", {
            language: languageNameIn(locale, fields.language),
          }),
        ]
      : []),
    ...(isUnspoken || runs.some(isUnreviewed) ? [say("view.unreviewed")] : []),
  ];
  return view;
}

/**
 * True when a first revision's note says no more than that it is the first,
 * which its number says.
 */
const isPlainFirst = ({ number, note }: Revision): boolean =>
  number === 1 &&
  Object.entries(note).every(
    ([tag, text]) =>
      isLocale(tag) && text === message(tag, "page.history.first"),
  );

/**
 * The texts of a case that may be translated. Names and quotations never are.
 */
function translatedRuns(view: PresentView): Run[] {
  return [
    ...[
      view.title,
      view.summary,
      ...(view.action.text ? [view.action.text] : []),
      view.revision.note,
    ],
    ...view.news.flatMap(({ note }) => note ?? []),
    ...(view.people.each?.list ?? []),
    ...view.people.list.flatMap(({ lines }) => lines),
    ...view.places.list.flatMap(({ name, status }) =>
      status ? [name, status] : [name],
    ),
    ...view.timeline.list.map(({ text }) => text),
    ...view.assessments.flatMap(({ list }) => list),
    ...view.quotations.list.map(({ occasion }) => occasion),
    ...[...view.impact.list, ...view.next.list],
  ];
}

/** A note when parts of the case are not in the reader's language. */
function fallbackNote(view: PresentView): string[] {
  const tags = [
    ...new Set(translatedRuns(view).flatMap((run) => run.lang ?? [])),
  ];
  if (tags.length === 0) return [];
  const languages = tags.map((tag) => languageNameIn(view.lang, tag));
  return [
    message(view.lang, "view.fallback", {
      languages: joinList(view.lang, languages),
    }),
  ];
}

/** An entry of a list of cases. */
export function viewSummary(
  summary: Pick<
    CaseSummary,
    "title" | "language" | "asOf" | "inferred" | "action" | "until"
  >,
  locale: LocaleTag,
  now: number,
): SummaryView {
  return {
    lang: locale,
    dir: locales[locale].dir,
    title: runOf(summary.title, summary.language, locale),
    asOf: viewAsOf(
      { asOf: { date: summary.asOf, inferred: summary.inferred } },
      locale,
    ),
    action: actionLabel(summary.action, summary.until, locale, now).label,
  };
}

/** @param more the number and revision of a case that exists */
function viewRefusal(
  state: RefusalView["state"],
  id: string,
  locale: LocaleTag,
  values: MessageValues,
  more: Pick<RefusalView, "number" | "revision"> = {},
): RefusalView {
  const [title, text] = [
    message(locale, `view.${state}.title`),
    message(locale, `view.${state}.text`, values),
  ];
  return {
    state,
    id,
    lang: locale,
    dir: locales[locale].dir,
    title: { text: title },
    text,
    ...more,
  };
}

type Removal = Pick<Revision, "number" | "kind" | "liveAt">;

export function viewWithdrawn(
  id: string,
  removal: Removal,
  locale: LocaleTag,
  profile: Profile,
): RefusalView {
  const revision = viewRevision(removal, locale);
  return viewRefusal(
    "withdrawn",
    id,
    locale,
    { date: revision.day },
    { number: numberOf(id, profile), revision },
  );
}

/**
 * The view of a case whose stored content isn't valid. Its number, revision and
 * moment are known.
 */
export const viewUnshowable = (
  id: string,
  revision: Removal,
  locale: LocaleTag,
  profile: Profile,
): RefusalView =>
  viewRefusal(
    "unshowable",
    id,
    locale,
    {},
    { number: numberOf(id, profile), revision: viewRevision(revision, locale) },
  );

/** The id comes from the request and may be any text. */
export const viewUnknown = (
  id: string,
  locale: LocaleTag,
  profile: Profile,
): RefusalView =>
  viewRefusal("unknown", id, locale, {
    id: id.length > 40 ? `${id.slice(0, 40)}…` : numberOf(id, profile),
  });
