/**
 * The schema and types of a profile: everything that distinguishes one
 * newsroom's deployment from another's.
 */

import { TYPE } from "@formatjs/icu-messageformat-parser";
import * as v from "valibot";
import { MAX_CASE_ID_LENGTH } from "../case/id.ts";
import {
  type CodedField,
  line as caseLine,
  codedFields,
  commonCodes,
} from "../case/schema.ts";
import { consistent } from "../consistent.ts";
import { isFields } from "../fields.ts";
import { localeTags } from "../locale.ts";
import {
  type Message,
  parseMessage,
  placeholdersOf,
} from "../message-format.ts";
import { type Path, valuesAt } from "../values-at.ts";
import { templateFault, tokensIn } from "./templates.ts";

/**
 * The longest safety notice of the bot in one language, all countries together.
 * A longer one would make Telegram's limit cut the longest message, /privacy,
 * before it says how to erase everything.
 */
export const MAX_SAFETY_LENGTH = 900;

const text = v.string("must be a text");
const line = (max: number) => v.pipe(text, caseLine(max));

const language = v.picklist(
  localeTags,
  `must be one of ${localeTags.join(", ")}: the languages of shared/locale.ts`,
);

/** Text by language. Every language that the profile offers must be present. */
const Words = v.record(
  language,
  line(4000),
  "must be an object from language to text",
);
const OptionalWords = v.optional(Words);
const SafetyText = v.record(
  language,
  line(600),
  "must be an object from language to text",
);

/**
 * Whether every form is chosen by one of the genders. An unknown form would
 * never be shown.
 */
const selectsGender = (message: Message): boolean =>
  typeof message === "string" ||
  message.every(
    (element) =>
      element.type === TYPE.literal ||
      (element.type === TYPE.select &&
        Object.entries(element.options).every(
          ([form, { value }]) =>
            ["he", "she", "other"].includes(form) && selectsGender(value),
        )),
  );

/** The fault of an ICU message, or null. */
function messageFault(text: string): string | null {
  try {
    const message = parseMessage(text);
    const uses = placeholdersOf(message);
    const other = [...uses.keys()].find((name) => name !== "gender");
    if (other !== undefined)
      return `must have no placeholder but {gender}: remove {${other}}`;
    return uses.size === 0 || selectsGender(message)
      ? null
      : "must choose by {gender, select, he {...} she {...} other {...}}: there is no other way and no other form";
  } catch (error) {
    const reason =
      error instanceof Error
        ? error.message.toLowerCase().replaceAll("_", " ")
        : "it can't be parsed";
    return `must be an ICU message: ${reason}`;
  }
}

/**
 * Words that may depend on a person's gender: `{gender, select, he {...} she
 * {...} other {...}}`.
 */
const Label = v.record(
  language,
  v.pipe(
    line(400),
    v.rawCheck(({ dataset, addIssue }) => {
      const fault = dataset.typed ? messageFault(dataset.value) : null;
      if (fault) addIssue({ message: fault });
    }),
  ),
  "must be an object from language to text",
);
export type Label = v.InferOutput<typeof Label>;

const SLUG =
  "must be lower-case words or digits joined by hyphens, such as media-worker";
const slug = v.pipe(
  text,
  v.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, SLUG),
  v.maxLength(40, "must be at most 40 characters"),
);

const template = v.pipe(
  line(60),
  v.rawCheck(({ dataset, addIssue }) => {
    const fault = dataset.typed ? templateFault(dataset.value) : null;
    if (fault) addIssue({ message: fault });
  }),
);

const webAddress = v.pipe(
  text,
  v.url("must be a web address"),
  v.regex(/^https:\/\//, "must begin with https://"),
);

const contactAddress = v.pipe(
  text,
  v.regex(
    /^(mailto:[^\s@]+@[^\s@]+|https:\/\/\S+)$/,
    "must be a mailto: or https: address",
  ),
);

/** A code and its label in every offered language. */
const Word = v.strictObject({ value: slug, label: Label });
export type Word = v.InferOutput<typeof Word>;

const different = <T extends { value: string }>(words: readonly T[]) =>
  new Set(words.map(({ value }) => value)).size === words.length;
const words = v.pipe(
  v.array(Word, "must be a list"),
  v.check((list) => different(list), "must have a different value each"),
);

/** A series of case numbers. */
export const Series = v.strictObject({
  /** As in the content of a case: "UA". */
  code: v.pipe(
    text,
    v.regex(
      /^[A-Z][A-Z0-9]{0,11}$/,
      "must be 1 to 12 capital letters or digits",
    ),
  ),
  /** The template of a case's id: "ua-{number}-{yy}". */
  id: v.pipe(
    template,
    v.regex(
      /^[a-z][a-z0-9]*(-[a-z0-9]+|-\{[^}]+\})+$/,
      "must be lower-case words and tokens joined by hyphens, and begin with a word: ua-{number}-{yy}",
    ),
    v.check(
      (text) => text !== "" && !/\{number:/.test(text),
      "must have {number} without a width",
    ),
  ),
  /** The template of the printed number: "UA {number}/{yy}". */
  print: template,
  label: Label,
  /** A number as readers type it, for the bot's hints: "126/19". */
  example: line(30),
});
export type Series = v.InferOutput<typeof Series>;

/** Layouts of documents that the importer reads. */
const importLayouts = ["urgent-actions"] as const;

/**
 * Documents that the importer reads. It fills nothing from the text of any
 * other issuer.
 */
const Import = v.strictObject({
  layout: v.picklist(
    importLayouts,
    `must be one of ${importLayouts.join(", ")}`,
  ),
  issuers: v.pipe(
    v.array(
      v.strictObject({
        name: line(200),
        /**
         * How its documents name it: names and web domains, compared without
         * regard to case. A domain may end in a dot: "issuer."
         */
        words: v.pipe(
          v.array(line(80), "must be a list"),
          v.nonEmpty("must name at least one"),
        ),
      }),
      "must be a list",
    ),
    v.nonEmpty("must name at least one issuer"),
  ),
});
export type KnownIssuer = v.InferOutput<typeof Import>["issuers"][number];

/**
 * The regular expression for the whole of a reference; null when the pattern is
 * none.
 */
export function wholePattern(pattern: string): RegExp | null {
  try {
    return new RegExp(`^(?:${pattern})$`, "u");
  } catch {
    return null;
  }
}

const pattern = v.pipe(
  line(200),
  v.check(
    (text) => wholePattern(text) !== null,
    "must be a regular expression",
  ),
);

/** The words for a person's fields that hold a code. */
const optionalWords = v.optional(words, []);
const personWords: Record<CodedField, typeof optionalWords> = {
  designations: optionalWords,
  /** Beyond the common ones. */
  custody: optionalWords,
  proceedings: optionalWords,
};

const ProfileFields = v.strictObject({
  /** For editors' programs: where the schema of this file is described. */
  $comment: v.optional(line(1000)),
  newsroom: v.strictObject({
    /** The brand on every surface. */
    name: line(80),
    /** The newsroom's own website. */
    url: webAddress,
    /** Where readers report a mistake or ask for removal. */
    contact: contactAddress,
    /** Who is responsible for the content, and their postal address. */
    imprint: Words,
    /**
     * The newsroom's own words on personal data, after those about these pages.
     */
    privacy: OptionalWords,
    /**
     * Printed under each case of an issuer, whom `{issuer}` names; nothing is
     * when absent. Only the newsroom can say so.
     */
    independent: OptionalWords,
    /** Absent: there is no page of terms. */
    terms: OptionalWords,
    /** Where to report a vulnerability; `contact` when absent. */
    security: v.optional(contactAddress),
  }),
  defaultLanguage: language,
  languages: v.pipe(
    v.array(language, "must be a list of languages"),
    v.nonEmpty("must name at least one language"),
    v.check(
      (tags) => new Set(tags).size === tags.length,
      "must name each language once",
    ),
  ),
  /** Suggested to editors, never filled in. */
  defaultIssuer: v.optional(line(200)),
  series: v.pipe(
    v.array(Series, "must be a list"),
    v.nonEmpty("must have at least one series"),
    v.check(
      (list) => new Set(list.map(({ code }) => code)).size === list.length,
      "must have a different code each",
    ),
  ),
  ...personWords,
  documents: v.strictObject({
    kinds: words,
    /** The label of a document without a kind. */
    unspecified: Label,
    /**
     * The issuer's own reference of a document; absent when its documents have
     * none.
     */
    reference: v.optional(
      v.strictObject({ label: Label, pattern, example: line(80) }),
    ),
  }),
  /** Suggested for a new case. `{issuer}` stands for the case's issuer. */
  rights: v.strictObject({ text: Words, quotations: Words, href: webAddress }),
  imports: v.optional(v.array(Import, "must be a list"), []),
  /** Absent: this newsroom has no Telegram bot, and no page offers one. */
  bot: v.optional(
    v.strictObject({
      /**
       * The legal risks for readers in certain countries. Each text is a part
       * of every safety notice.
       */
      safety: v.array(
        v.strictObject({
          countries: v.pipe(
            v.array(
              v.pipe(
                v.string(),
                v.regex(
                  /^[A-Z]{2}$/,
                  "must be an ISO 3166-1 country code such as RU",
                ),
              ),
            ),
            v.nonEmpty("must name at least one country"),
          ),
          text: SafetyText,
        }),
        "must be a list",
      ),
    }),
  ),
});

type Fields = v.InferOutput<typeof ProfileFields>;

/** Violations of rules that span several fields. */
function inconsistencies(profile: Fields): { path: Path; message: string }[] {
  const found: { path: Path; message: string }[] = [];
  const fault = (path: Path, message: string) => found.push({ path, message });
  if (!profile.languages.includes(profile.defaultLanguage))
    fault(
      ["defaultLanguage"],
      `must be one of the languages: ${profile.languages.join(", ")}`,
    );
  for (const { path, value } of valuesAt(
    [Words, OptionalWords, Label, SafetyText],
    profile,
    ProfileFields,
  )) {
    const missing = profile.languages.filter(
      (tag) => isFields(value) && value[tag] === undefined,
    );
    if (missing.length > 0)
      fault(
        path,
        `must have a text in each language: add ${missing.join(", ")}`,
      );
  }
  for (const [index, { id, print }] of profile.series.entries()) {
    const [inId, inPrint] = [tokensIn(id), tokensIn(print)];
    const [idHasYear, printHasYear] = [inId, inPrint].map(
      (tokens) => tokens.has("year") || tokens.has("yy"),
    );
    if (inPrint.has("year") && !inId.has("year"))
      fault(
        ["series", index, "id"],
        "must have {year}, because the printed number has it",
      );
    else if (printHasYear && !idHasYear)
      fault(
        ["series", index, "id"],
        "must have {yy} or {year}, because the printed number has a year",
      );
    else if (idHasYear && !printHasYear)
      fault(
        ["series", index, "print"],
        "must have {yy} or {year}, because the id has a year",
      );
  }
  for (const [field, message] of [
    ["id", "must differ from the ids of the other series"],
    ["print", "must differ from the printed numbers of the other series"],
  ] as const) {
    const shapes = profile.series.map((series) =>
      series[field].replace(/\{[^}]+\}/g, "0").toLowerCase(),
    );
    for (const [index, shape] of shapes.entries())
      if (shapes.indexOf(shape) < index)
        fault(["series", index, field], message);
  }
  for (const [index, { id }] of profile.series.entries()) {
    const longest = id
      .replace("{number}", "999999")
      .replace("{year}", "2099")
      .replace("{yy}", "99").length;
    if (longest > MAX_CASE_ID_LENGTH)
      fault(
        ["series", index, "id"],
        `must make ids of at most ${MAX_CASE_ID_LENGTH} characters with a number of six digits, not ${longest}`,
      );
  }
  for (const list of codedFields)
    for (const [index, { value }] of profile[list].entries())
      if (commonCodes[list]?.includes(value))
        fault(
          [list, index, "value"],
          `must not be ${value}, which is a common word already`,
        );
  for (const field of ["text", "quotations"] as const)
    for (const [tag, words] of Object.entries(profile.rights[field])) {
      const other = words.replaceAll("{issuer}", "").match(/\{[^}]*\}?/)?.[0];
      if (other !== undefined)
        fault(
          ["rights", field, tag],
          `must have no placeholder but {issuer}: remove ${other}`,
        );
    }
  for (const tag of profile.languages) {
    const length = (profile.bot?.safety ?? []).reduce(
      (sum, { text }) => sum + (text[tag]?.length ?? 0) + 2,
      -2,
    );
    if (length > MAX_SAFETY_LENGTH)
      fault(
        ["bot", "safety"],
        `must have at most ${MAX_SAFETY_LENGTH} characters in ${tag}, not ${length}`,
      );
  }
  const { reference } = profile.documents;
  if (
    reference &&
    wholePattern(reference.pattern)?.test(reference.example) === false
  )
    fault(["documents", "reference", "example"], "must match the pattern");
  if (profile.imports.some(({ layout }) => layout === "urgent-actions")) {
    if (!profile.series.some(({ code }) => code === "UA"))
      fault(
        ["series"],
        "must have the series UA, because imports names urgent-actions",
      );
    const kinds = new Set(profile.documents.kinds.map(({ value }) => value));
    for (const kind of ["initial", "update", "outcome", "correction"])
      if (!kinds.has(kind))
        fault(
          ["documents", "kinds"],
          `must have ${kind}, because imports names urgent-actions`,
        );
  }
  return found;
}

export const Profile = v.pipe(ProfileFields, consistent(inconsistencies));
export type Profile = v.InferOutput<typeof Profile>;
