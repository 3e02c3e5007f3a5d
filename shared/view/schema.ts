/**
 * The schemas of all views: finished, localized text without markup, as the API
 * returns it.
 */
import * as v from "valibot";
import { actionStates, eventKinds } from "../case/schema.ts";
import { described, Ordinal as revisionNumber } from "../described.ts";
import { localeTags } from "../locale.ts";
import { revisionKinds } from "../revision.ts";

const text = v.string();
/** A member that is absent where there is nothing to say. */
const maybe = <S extends v.GenericSchema>(schema: S, words: string) =>
  v.exactOptional(described(schema, words));
const dir = v.picklist(["ltr", "rtl"]);
const lang = v.picklist(localeTags);

/**
 * A text. `lang` and `dir` are present only where they differ from the view's.
 */
export const Run = v.object({
  text,
  lang: v.exactOptional(text),
  dir: v.exactOptional(dir),
  outdated: maybe(
    text,
    '"translation outdated": the original changed after this translation was made. Show it next to the text.',
  ),
});
export type Run = v.InferOutput<typeof Run>;

/** How free a person is. Each group has a mark of its own shape. */
export const custodyGroups = [
  "held",
  "limited",
  "free",
  "lost",
  "unknown",
] as const;
export type CustodyGroup = (typeof custodyGroups)[number];

/** A run with the words of the view's own language around it. */
export const Line = v.object({
  ...Run.entries,
  before: maybe(text, "A label in the view's own language"),
  after: maybe(text, "Who stated it, and as of which day"),
  custody: maybe(
    v.picklist(custodyGroups),
    "Present on the line that says where the person is: held, free within limits, free, lost (dead or missing), or unknown",
  ),
});
export type Line = v.InferOutput<typeof Line>;

const section = <S extends v.GenericSchema>(item: S) =>
  v.object({ label: text, list: v.array(item) });
export interface LabelledList<Item> {
  label: string;
  list: Item[];
}

export const RevisionView = v.object({
  number: revisionNumber,
  kind: v.picklist(revisionKinds),
  liveAt: described(
    v.pipe(text, v.isoTimestamp()),
    "Of two views of a case, the one with the later moment is current",
  ),
  label: described(text, '"Update 3"; of a correction without its number'),
  published: described(text, '"Published here 25 November 2026, 10:03 UTC"'),
  publishedOn: described(text, '"Published here 25 November 2026"'),
  day: described(text, '"25 November 2026", the UTC day of `liveAt`'),
});
export type RevisionView = v.InferOutput<typeof RevisionView>;

export const PersonView = v.object({
  name: Run,
  native: maybe(
    Run,
    "The name in the person's own script, where a source gives it",
  ),
  alsoText: maybe(text, "Other spellings, in words"),
  portrait: maybe(
    v.object({
      src: described(text, "On the newsroom's origin"),
      alt: text,
      lang: v.exactOptional(text),
      credit: text,
    }),
    "A picture of the person; gone with the revision that names it, and on the last day of its consent",
  ),
  months: maybe(
    v.pipe(v.number(), v.integer()),
    "The length of the prison term in force, in months",
  ),
  short: maybe(
    Line,
    "The one line of a list: where the person is, or the sentence of a person who is held",
  ),
  lines: described(
    v.array(Line),
    "Finished statuses. A line that names no date or no source has the one in the label of the people, else the one in `asOf`",
  ),
});
export type PersonView = v.InferOutput<typeof PersonView>;

export const PeopleView = v.object({
  ...section(PersonView).entries,
  list: described(
    v.array(PersonView),
    "Whoever is in the news first, then those with the newest status",
  ),
  label: described(
    text,
    '"People", with the date and the source of most lines where those of `asOf` are others',
  ),
  plain: maybe(
    v.literal(true),
    "Present when the label is no more than a word for the people",
  ),
  counts: maybe(
    v.array(Line),
    '"39 imprisoned", "1 released": how many people are in each state, where they differ',
  ),
  each: maybe(section(Line), "Lines that apply to every person"),
  alone: maybe(
    v.array(Line),
    "The other lines of a case's only person, dated where `status` is of another day",
  ),
  more: maybe(text, "How many people are not listed, in words"),
});
export type PeopleView = v.InferOutput<typeof PeopleView>;

export const ActionView = v.object({
  state: described(
    v.picklist([...actionStates, "lapsed"]),
    "`lapsed`: active, but its deadline has passed",
  ),
  label: text,
  short: described(text, '"Action closed"'),
  text: v.exactOptional(Run),
  act: maybe(
    text,
    '"Write an appeal"; present while `GET /v1/cases/{id}/act` says whom to write to',
  ),
  left: maybe(
    text,
    '"31 days left"; present beside `act` where there is a deadline',
  ),
});
export type ActionView = v.InferOutput<typeof ActionView>;

/** What the colour of a piece of news says. */
export const tones = ["release", "correction", "other"] as const;

export const NewsView = v.object({
  text: described(
    Run,
    "What changed, in the view's language where it can be said in it",
  ),
  tone: v.picklist(tones),
  day: described(
    text,
    '"as of 25 November 2026", the day of the facts; "Published here 25 November 2026" where they have none; of a correction its own day',
  ),
  note: maybe(
    Run,
    "The editor's note, where it is in the view's language and says more than `text`",
  ),
});
export type NewsView = v.InferOutput<typeof NewsView>;

export const PresentView = v.object({
  state: v.literal("present"),
  id: text,
  lang,
  dir,
  number: described(text, "As printed"),
  issuer: text,
  newsroom: described(text, "Who publishes this view"),
  demo: maybe(text, "A notice; present when the case is invented"),
  title: Run,
  brief: described(
    Line,
    'The case in half a line: "A. Person and 5 others: imprisoned as of 25 June 2020"',
  ),
  summary: Run,
  news: described(
    v.array(NewsView),
    "What readers should hear first: for a week, and of a correction for two",
  ),
  status: described(
    v.object({ text: v.exactOptional(text), asOf: text }),
    '"1 released and 2 imprisoned", and "as of 25 June 2020", or from when to when, where the people\'s days differ',
  ),
  asOf: v.object({
    label: text,
    date: described(text, "EDTF (ISO 8601-2)"),
    text,
    stated: text,
    note: v.exactOptional(text),
  }),
  action: ActionView,
  people: PeopleView,
  places: v.object({
    list: v.array(v.object({ name: Run, status: v.exactOptional(Run) })),
  }),
  timeline: section(
    v.object({
      when: text,
      date: described(text, "EDTF (ISO 8601-2)"),
      kind: v.picklist(eventKinds),
      text: Run,
    }),
  ),
  assessments: v.array(section(Run)),
  quotations: v.object({
    list: v.array(v.object({ text: Run, speaker: text, occasion: Run })),
  }),
  impact: section(Run),
  next: section(Run),
  revision: v.object({
    ...RevisionView.entries,
    note: Run,
    changes: described(
      section(text),
      "What changed, in words. Empty where a note in the view's language says it; `GET /v1/cases/{id}/revisions` lists all changes",
    ),
  }),
  sources: section(v.object({ text, href: v.exactOptional(text) })),
  elsewhere: maybe(
    section(v.object({ text, href: text })),
    "The same case elsewhere",
  ),
  notes: described(
    v.array(text),
    "What to know about the language of the text",
  ),
  independent: maybe(
    text,
    "That the newsroom is independent of the issuer, where it is another",
  ),
  rights: v.object({ text: Run, href: text }),
  words: described(
    v.object({
      offline: text,
      more: described(
        text,
        '"The whole case", or how many people it has if a card leaves some out',
      ),
      contact: text,
      follow: text,
      spellings: text,
      demo: text,
    }),
    "Words that only a widget or a page shows",
  ),
  expires: maybe(
    v.pipe(text, v.isoTimestamp()),
    "From this moment the same revision reads differently; request the view again then",
  ),
});
export type PresentView = v.InferOutput<typeof PresentView>;

/** The view of a case that is withdrawn, unknown or can't be shown. */
export const RefusalView = v.object({
  state: v.picklist(["withdrawn", "unknown", "unshowable"]),
  id: text,
  lang,
  dir,
  title: Run,
  text,
  number: maybe(text, "Absent for an unknown case"),
  revision: v.exactOptional(RevisionView),
});
export type RefusalView = v.InferOutput<typeof RefusalView>;

export const View = v.variant("state", [PresentView, RefusalView]);
export type View = v.InferOutput<typeof View>;

/** A case in a list of cases. */
export const SummaryView = v.object({
  lang,
  dir,
  title: Run,
  asOf: described(text, '"Facts as of 25 June 2020"'),
  action: text,
});
export type SummaryView = v.InferOutput<typeof SummaryView>;

/**
 * A place to act: everything that a reader needs to write, verbatim where it is
 * copied.
 */
export const AppealView = v.object({
  label: described(
    text,
    '"Action open: appeals are requested until 31 December 2026"',
  ),
  left: maybe(text, '"31 days left"'),
  ends: maybe(
    v.pipe(text, v.isoTimestamp()),
    "When the deadline has passed everywhere on Earth",
  ),
  request: Run,
  safety: maybe(section(text), "What readers must know before they write"),
  targets: section(
    v.object({
      name: Run,
      address: v.exactOptional(text),
      email: v.exactOptional(text),
      mailto: maybe(
        text,
        "A `mailto:` address, with the letter where it is short enough",
      ),
      hints: v.array(text),
    }),
  ),
  letters: described(
    v.array(v.object({ name: text, text, lang: text, dir })),
    "The letter in each of its languages, the most useful one first; `name` is the language's name",
  ),
  words: v.object({
    address: text,
    email: text,
    letter: text,
    mail: text,
    paste: text,
    copied: text,
    language: text,
    sender: text,
  }),
});
export type AppealView = v.InferOutput<typeof AppealView>;

export const ActAnswer = v.object({
  id: text,
  lang,
  dir,
  revision: revisionNumber,
  appeal: described(
    v.nullable(AppealView),
    "Null when readers are not asked to write",
  ),
  expires: maybe(
    v.pipe(text, v.isoTimestamp()),
    "Request the answer again from this moment on",
  ),
});
export type ActAnswer = v.InferOutput<typeof ActAnswer>;
