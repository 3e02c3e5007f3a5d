/**
 * The schema and types of a case. Each field is documented where it is
 * declared.
 */
import * as v from "valibot";
import { consistent } from "../consistent.ts";
import { described } from "../described.ts";
import { type Path, type SchemaNode, valuesAt } from "../values-at.ts";
import { caseIdPattern, MAX_CASE_ID_LENGTH } from "./id.ts";
import { parseEdtf } from "./partial-date.ts";
import { ERASED_SOURCE, TAG, textsIn, withSources } from "./text.ts";

/**
 * Control characters (except line feeds), line and paragraph separators,
 * bidirectional overrides and tag characters. They could make a name read as
 * another one, or carry words that nobody sees. Joiners stay, because Persian
 * and emoji need them.
 */
const deceptive =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the point
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff\u{e0000}-\u{e007f}]/u;

/**
 * True with a character that is no space, format character, filler such as
 * U+3164, blank Braille cell or bare mark.
 */
const prints = (text: string) =>
  /[^\p{C}\p{Z}\p{M}\p{Default_Ignorable_Code_Point}\u2800]/u.test(text);

const NOT_DECEPTIVE =
  "must not contain control characters or direction overrides";

const atMost = (entries: number) => `must have at most ${entries} entries`;

/**
 * A text of one line or more that prints something, without characters that
 * deceive.
 */
export const line = (max: number) =>
  v.pipe(
    v.string(),
    v.trim(),
    v.nonEmpty("must not be empty"),
    v.maxLength(max, `must be at most ${max} characters`),
    v.check(
      (text) => text.isWellFormed(),
      "must not contain half a character (a lone surrogate)",
    ),
    v.check((text) => !deceptive.test(text), NOT_DECEPTIVE),
    v.check(
      (text) => text === "" || prints(text),
      "must contain a character that prints",
    ),
  );

const tag = v.pipe(
  v.string(),
  v.regex(TAG, "must be a BCP 47 tag such as en, uk or crh"),
);

const MAX_TEXT_CHARACTERS = 4000;

/**
 * A text's translation: its words, the digest of the source that it renders,
 * and whether a speaker reviewed it.
 */
export interface Translation {
  text: string;
  of: string;
  reviewed: boolean;
}

/**
 * Human text by BCP 47 tag: a string in the case's own language, and
 * translations.
 */
export type Text = Record<string, string | Translation>;

/**
 * A text as it is written: what is missing means that a translation renders the
 * source as it stands, and isn't reviewed.
 */
type WrittenText = Record<
  string,
  | string
  | { text: string; of?: string | undefined; reviewed?: boolean | undefined }
>;

const Translation = v.strictObject({
  text: line(MAX_TEXT_CHARACTERS),
  of: described(
    v.optional(
      v.pipe(
        v.string(),
        v.regex(
          new RegExp(`^([0-9a-f]{16}|${ERASED_SOURCE})?$`),
          "must be the digest of the text that it renders, or be left out: then it renders the text as it stands",
        ),
      ),
      "",
    ),
    "The text in the case's own language that this renders: the first 16 hex characters of its SHA-256. Left out, it is the text as it stands. `outdated` replaces the digest of an erased text.",
  ),
  reviewed: described(
    v.optional(v.boolean(), false),
    "Whether a speaker reviewed it; counts only while `of` is the digest of the text as it stands",
  ),
});

/**
 * Human text by BCP 47 tag. The case's `language` must be among the tags and
 * holds a string; the others are translations. A translation that is written as
 * a string renders the text as it stands, and isn't reviewed.
 */
export const Text: v.GenericSchema<WrittenText, Text> = v.pipe(
  v.record(
    tag,
    v.union(
      [line(MAX_TEXT_CHARACTERS), Translation],
      "must be a text, or a translation with its text",
    ),
  ),
  v.check(
    (text) => Object.keys(text).length > 0,
    "must have a text in at least one language",
  ),
);

/**
 * The note of a revision by BCP 47 tag. It never changes, so its translations
 * need no source.
 */
export const Note = v.pipe(
  v.record(tag, line(MAX_TEXT_CHARACTERS)),
  v.check(
    (text) => Object.keys(text).length > 0,
    "must have a text in at least one language",
  ),
);
export type Note = v.InferOutput<typeof Note>;

const edtf = v.pipe(
  v.string(),
  v.check(
    (text) => parseEdtf(text) !== null,
    "must be an EDTF date such as 2016, 2019-11, 2020-06-25, 2020? or ../2020-06-25",
  ),
);

/** A calendar day, for deadlines. */
const day = v.pipe(
  v.string(),
  v.regex(/^\d{4}-\d{2}-\d{2}$/, "must be a day such as 2020-06-25"),
  v.check((text) => parseEdtf(text) !== null, "must be a day that exists"),
);

/**
 * A date at its source's precision. `asStated` quotes the source; `inferred`
 * lists the parts that the source leaves out.
 */
export const PartialDate = v.strictObject({
  date: edtf,
  asStated: v.optional(line(120)),
  inferred: v.optional(v.array(v.picklist(["year", "month", "day"]))),
});
export type PartialDate = v.InferOutput<typeof PartialDate>;

const href = v.pipe(
  v.string(),
  v.url("must be a web address"),
  v.regex(/^https:\/\//, "must begin with https://"),
  v.maxLength(2000, "must be at most 2000 characters"),
  v.check(
    (text) =>
      !/[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u.test(text),
    NOT_DECEPTIVE,
  ),
);
const country = v.pipe(
  v.string(),
  v.regex(/^[A-Z]{2}$/, "must be an ISO 3166-1 country code such as RU"),
);

const documentId = line(80);

/**
 * The `id` of an entry of the case's `documents`. Required, unless the case has
 * no documents.
 */
const source = v.optional(documentId);

const SLUG = "must be lower-case words or digits joined by hyphens";

/** A code. The deployment's profile says which codes there are. */
const code = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, SLUG),
  v.maxLength(40, "must be at most 40 characters"),
);

/** A handle that changes and merges refer to. */
const slug = v.pipe(
  v.string(),
  v.regex(
    /^[a-z0-9]+(-[a-z0-9]+)*$/,
    "must be lower-case words joined by hyphens",
  ),
  v.maxLength(80, "must be at most 80 characters"),
);

/**
 * A status always names who stated it, as of which date, and in which document.
 */
const stated = <T extends v.GenericSchema>(value: T) =>
  v.strictObject({ value, asOf: PartialDate, statedBy: line(200), source });

/** The common custody states. A profile can add others. */
export const custodyStates = [
  "not-detained",
  "detained",
  "pre-trial-detention",
  "imprisoned",
  "house-arrest",
  /** Restricted freedom or probation. */
  "restricted-freedom",
  "suspended-sentence",
  "psychiatric-detention",
  /** Bail or conditional release. */
  "conditional-release",
  "released",
  /** Deported or exiled. */
  "deported",
  "missing",
  "died-in-custody",
  "executed",
  "unknown",
] as const;
/** The common states of proceedings. A profile can add others. */
export const proceedingStates = [
  "not-charged",
  "charged",
  "on-trial",
  "convicted",
  "conviction-upheld",
  "quashed",
  "acquitted",
  "dropped",
  "unknown",
] as const;

/**
 * ISO 8601 duration in years, months and days ("P12Y", "P7Y6M"), or `life` or
 * `death`.
 */
const duration = v.union(
  [
    v.picklist(["life", "death"]),
    v.pipe(v.string(), v.regex(/^P(?=\d)(\d{1,3}Y)?(\d{1,3}M)?(\d{1,4}D)?$/)),
  ],
  "must be an ISO 8601 duration such as P12Y or P7Y6M, or life, or death",
);

const term = {
  duration,
  imposedOn: v.optional(PartialDate),
  court: v.optional(Text),
};

const earlierTerm = v.strictObject({
  ...term,
  changedOn: v.optional(PartialDate),
  source,
});
/**
 * The type is spelled out, because the compiler gives up on schemas that nest
 * this deep.
 */
const EarlierTerm: v.GenericSchema<
  v.InferInput<typeof earlierTerm>,
  v.InferOutput<typeof earlierTerm>
> = earlierTerm;

/**
 * The sentence in force, and the earlier terms that it replaced, oldest first.
 */
export const Sentence = v.strictObject({
  ...term,
  earlier: v.optional(
    v.pipe(v.array(EarlierTerm), v.maxLength(12, atMost(12))),
  ),
});
export type Sentence = v.InferOutput<typeof Sentence>;

/** One case against a person, in court or before it comes to court. */
const Proceeding = v.strictObject({
  /** Unique within the person, and stable. */
  id: slug,
  ...stated(code).entries,
  /**
   * Names the proceeding ("the tax case"). Required when the person has
   * several.
   */
  subject: v.optional(Text),
  court: v.optional(Text),
});
export type Proceeding = v.InferOutput<typeof Proceeding>;

const Name = v.strictObject({
  value: line(200),
  lang: tag,
  form: v.picklist(["preferred", "variant", "native"]),
  source,
});

/**
 * A picture that shows a person. Its bytes and the record of the consent are
 * stored beside the case, and never public before it is.
 */
const Portrait = v.strictObject({
  image: v.pipe(
    v.string(),
    v.regex(/^[0-9a-f]{64}$/, "must be the SHA-256 of a stored picture"),
  ),
  alt: Text,
  credit: line(200),
  licence: line(200),
  /** The last day on which it is shown (UTC). */
  until: day,
});

export const Person = v.strictObject({
  /** Stable within the case, because changes refer to it. */
  id: slug,
  names: v.pipe(
    v.array(Name),
    v.check(
      (names) => names.filter((name) => name.form === "preferred").length === 1,
      "must have exactly one preferred name",
    ),
    v.maxLength(12, atMost(12)),
  ),
  pronouns: v.nullable(v.picklist(["he/him", "she/her", "they/them"])),
  role: v.optional(Text),
  custody: v.optional(stated(code)),
  proceedings: v.optional(
    v.pipe(v.array(Proceeding), v.maxLength(12, atMost(12))),
    [],
  ),
  sentence: v.optional(stated(Sentence)),
  designations: v.optional(v.array(stated(code)), []),
  charges: v.optional(stated(Text)),
  portrait: v.optional(Portrait),
});
export type Person = v.InferOutput<typeof Person>;

/** The date and the author of a status. */
export type Stated = { asOf: PartialDate; statedBy: string };
type FieldOf<T> = {
  [F in keyof Person]-?: NonNullable<Person[F]> extends T | T[] ? F : never;
}[keyof Person];
export type StatedField = FieldOf<Stated>;
export type CodedField = FieldOf<Stated & { value: string }>;

/**
 * The schema of the value that a person's field states; undefined for a field
 * without `statedBy`.
 */
function statedValue(field: unknown): unknown {
  const { entries, wrapped, item } = field as SchemaNode;
  if (entries) return "statedBy" in entries ? entries.value : undefined;
  return wrapped || item ? statedValue(wrapped ?? item) : undefined;
}

const personFields = Object.keys(Person.entries) as (keyof Person)[];

/** A person's fields that hold a status or a list of statuses. */
export const statedFields = personFields.filter(
  (field): field is StatedField =>
    statedValue(Person.entries[field]) !== undefined,
);

/**
 * Those that hold a code or a term. A text can be reworded without a change of
 * the status.
 */
export const statusFields = statedFields.filter(
  (field) => statedValue(Person.entries[field]) !== Text,
);

/**
 * Those whose value is a code. The profile has a list of words under the same
 * name.
 */
export const codedFields = personFields.filter(
  (field): field is CodedField => statedValue(Person.entries[field]) === code,
);

/** The codes that every newsroom has. */
export const commonCodes: { [Field in CodedField]?: readonly string[] } = {
  custody: custodyStates,
  proceedings: proceedingStates,
};

export const eventKinds = [
  "arrest",
  "charge",
  "trial",
  "conviction",
  "sentence",
  "appeal",
  "statement",
  "resolution",
  "transfer",
  "release",
  "death",
  "other",
] as const;

export const CaseEvent = v.strictObject({
  date: PartialDate,
  kind: v.picklist(eventKinds),
  text: Text,
  /**
   * The person or body that acted or spoke, when the text leaves it unclear.
   */
  by: v.optional(Text),
  source,
});
export type CaseEvent = v.InferOutput<typeof CaseEvent>;

const POSITION = "must be a whole number, from 1 on";

/**
 * One text about the case, as its issuer published it. Fields that the text
 * does not state stay empty.
 */
export const Document = v.strictObject({
  id: documentId,
  kind: v.optional(code),
  sequence: v.optional(
    v.pipe(v.number(), v.integer(POSITION), v.minValue(1, POSITION)),
  ),
  final: v.optional(v.boolean()),
  /**
   * The issuer's own reference of the document. The profile says what it looks
   * like.
   */
  reference: v.optional(line(80)),
  title: v.optional(line(300)),
  issuedOn: v.optional(PartialDate),
  href: v.optional(href),
  lang: tag,
});
export type Document = v.InferOutput<typeof Document>;

const Target = v.strictObject({
  name: line(200),
  address: v.optional(line(600)),
  email: v.optional(v.pipe(v.string(), v.email("must be an e-mail address"))),
  salutation: v.optional(line(200)),
  languages: v.optional(v.array(tag)),
});

export const actionStates = ["active", "closed", "suspended"] as const;

/**
 * The request to readers. Separate from the facts, because the issuer and this
 * newsroom decide it.
 */
const Action = v.strictObject({
  state: v.picklist(actionStates),
  request: v.optional(Text),
  until: v.optional(day),
  targets: v.optional(v.array(Target), []),
  letter: v.optional(Text),
  thanks: v.optional(Text),
  source: v.optional(documentId),
});
export type Action = v.InferOutput<typeof Action>;

const Place = v.strictObject({
  name: Text,
  iso3166: v.optional(
    v.pipe(
      v.string(),
      v.regex(
        /^[A-Z]{2}(-[A-Z0-9]{1,3})?$/,
        "must be an ISO 3166 code such as UA-43",
      ),
    ),
  ),
  status: v.optional(Text),
  source,
});

/**
 * True when the parts between the excerpt's `[…]` occur in the text verbatim
 * and in order.
 */
function excerpts(text: string, excerpt: string): boolean {
  let from = 0;
  for (const part of excerpt.split(/\s*\[…\]\s*/)) {
    const at = text.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return true;
}

/**
 * Verbatim, in the language of its source; never translated. An editor may
 * choose an `excerpt` of a long quotation. The view then shows the excerpt, and
 * the record keeps the whole quotation.
 */
const Quotation = v.pipe(
  v.strictObject({
    text: line(4000),
    excerpt: v.optional(line(1000)),
    lang: tag,
    speaker: line(200),
    occasion: Text,
    source,
  }),
  v.forward(
    v.partialCheck(
      [["text"], ["excerpt"]],
      ({ text, excerpt }) => excerpt === undefined || excerpts(text, excerpt),
      "must be the quotation's own words in their order, with […] where words are left out",
    ),
    ["excerpt"],
  ),
);

/** An opinion (an unfair trial, trumped-up charges), always attributed. */
const Assessment = v.strictObject({ text: Text, by: line(200), source });

const Statement = v.strictObject({ text: Text, by: v.optional(Text), source });

const NUMBER = "must be a whole number from 0 to 999999";
const YEAR = "must be a year with four digits, from 1961 to 2099";

const CaseFields = v.strictObject({
  /** Made from the number, as the profile says: `ua-126-19`. */
  id: v.pipe(
    v.string(),
    v.regex(
      caseIdPattern,
      "must be lower-case words and digits joined by hyphens",
    ),
    v.maxLength(
      MAX_CASE_ID_LENGTH,
      `must be at most ${MAX_CASE_ID_LENGTH} characters`,
    ),
  ),
  /**
   * The profile says which series there are, how their numbers are printed, and
   * whether they have a year.
   */
  number: v.strictObject({
    series: v.pipe(
      v.string(),
      v.regex(
        /^[A-Z][A-Z0-9]{0,11}$/,
        "must be 1 to 12 capital letters or digits",
      ),
    ),
    number: v.pipe(
      v.number(),
      v.integer(NUMBER),
      v.minValue(0, NUMBER),
      v.maxValue(999_999, NUMBER),
    ),
    year: v.optional(
      v.pipe(
        v.number(),
        v.integer(YEAR),
        v.minValue(1961, YEAR),
        v.maxValue(2099, YEAR),
      ),
    ),
  }),
  /** An invented case, shown as such on every surface. */
  demo: v.optional(v.boolean(), false),
  issuer: line(200),
  /** The language in which the case was written. Every Text has it. */
  language: tag,
  title: Text,
  summary: Text,
  places: v.optional(v.array(Place), []),
  /** Shows no locator map. */
  hideMap: v.optional(v.boolean()),
  /** Shows neither portraits nor initials. */
  hidePortraits: v.optional(v.boolean()),
  authorities: v.optional(v.array(country), []),
  people: v.pipe(v.array(Person), v.maxLength(100, atMost(100))),
  events: v.optional(
    v.pipe(v.array(CaseEvent), v.maxLength(200, atMost(200))),
    [],
  ),
  /**
   * Empty for a case that the newsroom states itself. No entry has a source
   * then.
   */
  documents: v.pipe(v.array(Document), v.maxLength(100, atMost(100))),
  action: Action,
  quotations: v.optional(
    v.pipe(v.array(Quotation), v.maxLength(20, atMost(20))),
    [],
  ),
  assessments: v.optional(
    v.pipe(v.array(Assessment), v.maxLength(50, atMost(50))),
    [],
  ),
  /**
   * Statements by prisoners, lawyers and families about what the appeals
   * achieved.
   */
  impact: v.optional(
    v.pipe(v.array(Statement), v.maxLength(20, atMost(20))),
    [],
  ),
  next: v.optional(v.pipe(v.array(Statement), v.maxLength(20, atMost(20))), []),
  /** The day as of which the source states the facts. */
  asOf: PartialDate,
  rights: v.strictObject({
    text: Text,
    quotations: Text,
    holder: line(200),
    href,
  }),
  /** The same case elsewhere, such as in Wikidata. */
  links: v.optional(
    v.pipe(
      v.array(v.strictObject({ href, name: line(200) })),
      v.maxLength(20, atMost(20)),
    ),
  ),
});

type Fields = v.InferOutput<typeof CaseFields>;

/** Every `source` of a case, with its path. */
function sourcesIn(
  value: unknown,
  path: Path = [],
): { path: Path; source: string }[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const at = [...path, Array.isArray(value) ? Number(key) : key];
    return key === "source" && typeof child === "string"
      ? [{ path: at, source: child }]
      : sourcesIn(child, at);
  });
}

/**
 * The values of every field of a case that requires a source, each with its
 * path.
 */
const requiredSources = (fields: unknown) =>
  valuesAt([source], fields, CaseFields);

/**
 * Violations of rules that span several fields, each with the path of the field
 * to fix.
 */
export function inconsistencies(
  fields: Fields,
): { path: Path; message: string }[] {
  const found: { path: Path; message: string }[] = [];
  const fault = (path: Path, message: string) => found.push({ path, message });
  const differ = (path: Path, list: { id: string }[]) => {
    if (new Set(list.map(({ id }) => id)).size < list.length)
      fault(path, "must have a different id each");
  };
  const { number, documents, people, language, action } = fields;
  if (number.number === 0 && !fields.demo)
    fault(["demo"], "must be true: number 0 is kept for invented cases");
  differ(["documents"], documents);
  differ(["people"], people);
  // The desk checks unfinished cases too, in which a person may lack the list.
  for (const [index, { proceedings = [] }] of people.entries()) {
    const at = ["people", index, "proceedings"];
    differ(at, proceedings);
    for (const [place, { subject }] of proceedings.entries())
      if (proceedings.length > 1 && !subject)
        fault(
          [...at, place, "subject"],
          "must name the proceeding, as the person has several",
        );
  }
  const known = documents.map(({ id }) => id);
  for (const { path, source: id } of sourcesIn(fields))
    if (known.length === 0)
      fault(path, "must be left out: the case has no documents");
    else if (!known.includes(id))
      fault(
        path,
        `must be the id of one of the documents: ${[...new Set(known)].join(", ")}`,
      );
  if (known.length > 0)
    for (const { path, value } of requiredSources(fields))
      if (value === undefined) fault(path, "is required");
  for (const { path, text } of textsIn(fields))
    if (!text[language])
      fault([...path, language], "must have a text in the case's own language");
  if (action.state === "active" && !action.request)
    fault(
      ["action", "request"],
      "must say what people are asked to do while the action is active",
    );
  return found;
}

export const Case = v.pipe(
  CaseFields,
  consistent(inconsistencies),
  v.transform((fields) => withSources(fields)),
);
export type Case = v.InferOutput<typeof Case>;

export function preferredName(person: Person): Person["names"][number] {
  return person.names.find(
    (name) => name.form === "preferred",
  ) as Person["names"][number];
}

/**
 * ISO 3166 codes of a case's authorities and places. A subdivision (`UA-43`)
 * adds its country too.
 */
export function placesOf({
  authorities,
  places,
}: Pick<Case, "authorities" | "places">): string[] {
  const codes = places.flatMap(({ iso3166 }) =>
    iso3166 ? [iso3166, iso3166.slice(0, 2)] : [],
  );
  return [...new Set([...authorities, ...codes])];
}
