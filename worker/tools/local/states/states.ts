/** Every state in which readers can see a case. All content is invented, as variations of the demo case. */

import * as v from "valibot";
import { Case, type Person, type Text } from "../../../../shared/case/schema.ts";
import { plainTexts, textIn, withSources, withTexts } from "../../../../shared/case/text.ts";
import { changesBetween } from "../../../../shared/change.ts";
import { type LocaleTag, locales, localeTags } from "../../../../shared/locale.ts";
import { message } from "../../../../shared/messages.ts";
import type { Profile } from "../../../../shared/profile/schema.ts";
import type { Revision } from "../../../../shared/revision.ts";
import type { RefusalView, View } from "../../../../shared/view/schema.ts";
import { viewCase, viewUnknown, viewUnshowable, viewWithdrawn } from "../../../../shared/view/view.ts";
import type { CaseCardProps } from "../../../../widget/case-card.tsx";
import file from "../cases/ua-0-00.json" with { type: "json" };

const demo = v.parse(Case, file);
const DAY_MS = 86_400_000;
const MAX_TITLE_LENGTH = 300;
const MANY_PEOPLE = 40;

/** A case as a surface gets it. */
export interface Present {
  fields: Case;
  /** Newest first; the first one is shown. */
  history: [Revision, ...Revision[]];
  /** The case as it was before the newest revision. */
  before?: Case;
  /** Shows the case as it reads this many days from today. */
  daysLater?: number;
  /** An earlier revision that was a correction. */
  corrected?: Revision;
  /** An earlier revision that is greater news. */
  earlier?: Revision;
  freshness?: NonNullable<CaseCardProps["freshness"]>;
}

export interface State {
  id: string;
  /** The heading in the gallery. */
  name: string;
  present?: Present;
  /** The view that readers get instead of the case. */
  refusal?: (lang: LocaleTag, profile: Profile) => RefusalView;
}

/** The text with other words in every language. Its translations are current. */
const written = (text: Text, write: (words: string) => string): Text =>
  withSources({
    language: demo.language,
    text: Object.fromEntries(Object.entries(plainTexts(text)).map(([tag, words]) => [tag, write(words)])) as Text,
  }).text;

/** The same words in the case's own language, changed: every translation is outdated. */
const changed = (text: Text): Text => ({ ...text, en: `${textIn(text, "en")} (changed)` });

const revision = (number: number, changes: Partial<Revision> = {}): Revision => ({
  number,
  kind: "update",
  note: plainTexts(demo.title),
  committedAt: `2026-11-${20 + number}`,
  liveAt: `2026-11-${20 + number}T10:00:07.000Z`,
  hash: String(number).repeat(64),
  contentHash: String(number).repeat(64),
  previousHash: String(number - 1).repeat(64),
  changes: [],
  ...changes,
});

const first = revision(1, {
  note: Object.fromEntries(localeTags.map((tag) => [tag, message(tag, "page.history.first")])),
});

const correction = revision(2, { kind: "correction", note: { en: "A name in this invented case was wrong." } });

const shows = (id: string, name: string, changes: Partial<Case> = {}, more: Partial<Present> = {}): State => ({
  id,
  name,
  present: { fields: { ...demo, ...changes }, history: [first], ...more },
});

/** A state after a second revision with these changes. */
function revised(id: string, name: string, changes: Partial<Case>, newest: Partial<Revision>): State {
  const fields = { ...demo, ...changes };
  const history: Present["history"] = [revision(2, { changes: changesBetween(demo, fields), ...newest }), first];
  return shows(id, name, changes, { history, before: demo });
}

const [one] = demo.people as [Person];
const released = (person: Person): Person =>
  person.custody ? { ...person, custody: { ...person.custody, value: "released" } } : person;
const sentencedTo = (person: Person, duration: string): Person =>
  person.sentence
    ? { ...person, sentence: { ...person.sentence, value: { ...person.sentence.value, duration } } }
    : person;
/** The gallery draws the picture itself. */
const pictured = (person: Person): Person => ({
  ...person,
  portrait: {
    image: "0".repeat(64),
    alt: { en: "A drawing of an invented person" },
    credit: "Demo Illustrator",
    licence: "CC BY 4.0",
    until: "2099-12-31",
  },
});
const named = (person: Person, index: number): Person => ({
  ...person,
  id: `demo-person-${index + 1}`,
  names: [{ value: `Demo Person ${index + 1}`, lang: "en", form: "preferred", source: demo.documents[0]?.id ?? "" }],
});
/** With a second proceeding, stated by another organization, and a sentence that replaced a longer one. */
function inSeveralCases(person: Person): Person {
  const [first] = person.proceedings;
  const { sentence } = person;
  if (!first || !sentence) return person;
  const other = { asOf: { date: "2026-11" }, statedBy: "Another Demo Group" };
  return {
    ...person,
    proceedings: [
      { ...first, subject: { en: "The gathering" } },
      { ...first, ...other, id: "demo-tax-case", value: "charged", subject: { en: "The demo tax case" } },
    ],
    sentence: {
      ...sentence,
      value: {
        ...sentence.value,
        earlier: [{ duration: "P4Y", imposedOn: { date: "2026-09" }, source: sentence.source }],
      },
    },
  };
}
const place = demo.places[0]?.name ?? demo.title;

const mixed = "Case of Демо Особа, ديمو شخص, デモ人物, დემო პირი and डेमो व्यक्ति (№ 7/B, «так», “so”)";
const arabic = textIn(demo.title, "ar") ?? "";

const reviewed = withTexts(demo, (text) =>
  Object.fromEntries(
    Object.entries(text).map(([tag, entry]) => [tag, typeof entry === "object" ? { ...entry, reviewed: true } : entry]),
  ),
);

export const states: State[] = [
  shows("present", "Present, every translation reviewed, no demo", {
    ...reviewed,
    id: "ua-1-00",
    number: { ...demo.number, number: 1 },
    demo: false,
  }),
  shows("outdated", "Outdated translations: the original changed", {
    title: changed(demo.title),
    summary: changed(demo.summary),
    ...(demo.action.request ? { action: { ...demo.action, request: changed(demo.action.request) } } : {}),
    events: demo.events.map((event) => ({ ...event, text: changed(event.text) })),
  }),
  shows("demo", "Demo, translations not reviewed"),
  shows("untranslated", "Not translated into the reader's language", {
    title: { en: demo.title.en ?? "" },
    summary: { en: demo.summary.en ?? "" },
  }),
  shows("stale", "Stale: could not be refreshed", {}, { freshness: "stale" }),
  shows("expired", "Expired: not refreshed for a day", {}, { freshness: "expired" }),
  shows("old-facts", "Facts older than 180 days", {}, { daysLater: 400 }),
  shows("lapsed", "Deadline passed", { action: { ...demo.action, state: "active", until: "2026-11-21" } }),
  {
    id: "withdrawn",
    name: "Withdrawn",
    refusal: (lang, profile) => viewWithdrawn(demo.id, revision(3, { kind: "withdrawal", note: {} }), lang, profile),
  },
  {
    id: "unshowable",
    name: "Unshowable: the stored content is not a valid case",
    refusal: (lang, profile) => viewUnshowable(demo.id, revision(3), lang, profile),
  },
  { id: "unknown", name: "Unknown", refusal: (lang) => viewUnknown("ua-7-77", lang) },
  {
    id: "unavailable",
    name: "Unavailable: the source cannot be reached",
    refusal: (lang) => ({
      state: "unknown",
      id: demo.id,
      lang,
      dir: locales[lang].dir,
      title: { text: message(lang, "page.unavailable.title") },
      text: message(lang, "page.unavailable.text"),
    }),
  },
  revised(
    "update",
    "Update",
    { people: demo.people.map(released) },
    { note: { en: "Everybody in this invented case was released." } },
  ),
  revised(
    "correction",
    "Correction",
    { title: written(demo.title, (words) => `${words} (2)`) },
    { kind: "correction", note: { en: "The title was wrong." } },
  ),
  shows(
    "corrected-before",
    "Update after a correction",
    { people: demo.people.map(released) },
    {
      history: [revision(3, { note: { en: "Everybody in this invented case was released." } }), correction, first],
      corrected: correction,
    },
  ),
  revised(
    "redaction",
    "Redaction",
    { people: demo.people.slice(1) },
    { kind: "redaction", note: { en: "Part of this case was removed." }, changes: [] },
  ),
  shows("closed", "Action closed", { action: { ...demo.action, state: "closed" } }),
  shows("suspended", "Action suspended", { action: { ...demo.action, state: "suspended" } }),
  shows("many-people", `${MANY_PEOPLE} people`, {
    people: Array.from({ length: MANY_PEOPLE }, (_, index) =>
      named(demo.people[index % demo.people.length] ?? one, index),
    ),
  }),
  shows("several-proceedings", "Several proceedings, an earlier sentence, and dates that differ", {
    people: demo.people.map((person) => (person === one ? inSeveralCases(person) : person)),
    links: [{ href: "https://example.org/demo", name: "Demo encyclopedia" }],
  }),
  shows("terms", "Prison terms of different lengths", {
    people: ["P6M", "P2Y6M", "P13Y"].map((duration, index) => named(sentencedTo(one, duration), index)),
  }),
  shows("portrait", "A portrait, and initials beside it", { people: [pictured(one), ...demo.people.slice(1)] }),
  shows("map", "A map of the place", {
    id: "ua-2-00",
    number: { ...demo.number, number: 2 },
    demo: false,
    places: demo.places.map((place) => ({ ...place, iso3166: "IS-1" })),
  }),
  shows(
    "earlier",
    "A lesser update after a release",
    { people: demo.people.map(released) },
    {
      history: [
        revision(3, { note: { en: "A document was added to this invented case." } }),
        revision(2, { note: { en: "Everybody in this invented case was released." } }),
        first,
      ],
      earlier: revision(2, { note: { en: "Everybody in this invented case was released." } }),
    },
  ),
  shows("no-people", "No people", { people: [] }),
  shows("one-person", "One person", { people: [one] }),
  shows("one-word", "Title of one word", {
    title: written(place, (words) => words.split(/[\s,،]+/u)[0] ?? words),
  }),
  shows("long-title", `Title of ${MAX_TITLE_LENGTH} characters`, {
    title: written(demo.title, (words) => `${words}; `.repeat(MAX_TITLE_LENGTH).slice(0, MAX_TITLE_LENGTH)),
  }),
  shows("mixed-scripts", "Mixed scripts", {
    title: written(demo.title, () => mixed),
    people: demo.people.map((person, index) => ({
      ...person,
      names: [
        { value: mixed.slice(8, 36), lang: "en", form: "preferred", source: demo.documents[0]?.id ?? "" },
        { value: `ديمو شخص ${index + 1}`, lang: "ar", form: "native", source: demo.documents[0]?.id ?? "" },
      ],
    })),
  }),
  shows("right-to-left", "The case's own language is written right to left", {
    language: "ar",
    title: { ar: arabic },
    summary: { ar: textIn(demo.summary, "ar") ?? arabic },
  }),
];

/** @param now milliseconds since the epoch */
export function viewOfState({ present, refusal }: State, lang: LocaleTag, now: number, profile: Profile): View {
  if (refusal) return refusal(lang, profile);
  const { fields, history, daysLater = 0, corrected, earlier } = present as Present;
  return viewCase(fields, history[0], lang, now + daysLater * DAY_MS, profile, corrected, earlier);
}
