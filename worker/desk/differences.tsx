/**
 * The differences between two versions of a case: field by field in words, and
 * word by word in texts.
 */
import { diffComm } from "node-diff3";
import type { ComponentChildren } from "preact";
import type { PartialDate } from "../../shared/case/schema.ts";
import { type LooseText, textIn } from "../../shared/case/text.ts";
import type { Fields } from "../../shared/fields.ts";
import { directionOf, isolate } from "../../shared/locale.ts";
import type { Profile } from "../../shared/profile/schema.ts";
import type { UnfinishedCase } from "../editing/rules/desk.ts";
import type { Difference } from "../editing/rules/merge.ts";
import { placeBefore } from "../editing/rules/stated-changes.ts";
import { documentName } from "./form/controls.tsx";
import { dateInWords } from "./form/date-field.tsx";
import { choiceOf, labelOf, wordsFor } from "./form/form-state.ts";
import { type FieldPath, valueAt } from "./form/path.ts";
import { useSession } from "./session.ts";
import { language, languageName, printDate, say } from "./words.ts";

/**
 * The path of a difference, with positions in place of the ids by which a
 * difference names entries of lists.
 */
export function pathIn(fields: UnfinishedCase, at: string): FieldPath {
  const path: (string | number)[] = [];
  let value: unknown = fields;
  for (const key of at.split("/")) {
    if (Array.isArray(value)) {
      const byId = value.findIndex(
        (entry) => (entry as { id?: string } | null)?.id === key,
      );
      // An entry that was removed has no position any more, so the path ends at
      // its list.
      if (byId < 0 && !/^\d+$/.test(key)) return path;
      path.push(byId >= 0 ? byId : Number(key));
    } else path.push(key);
    value = (value as Record<string | number, unknown> | undefined)?.[
      path.at(-1) as string | number
    ];
  }
  return path;
}

/** The members of entries and statuses that are printed. */
type PrintedObject = Partial<
  Record<"statedBy" | "duration", string> &
    Record<"asOf" | "imposedOn" | "changedOn", Partial<PartialDate>> & {
      names: { value: string }[];
    }
> &
  Fields;

export type Documents = NonNullable<UnfinishedCase["documents"]>;

export const durationInWords = (duration: string, profile: Profile): string =>
  [...duration.matchAll(/(\d+)([YMD])/g)]
    .map(
      ([, count, unit]) =>
        `${count} ${say(unit === "Y" ? "form.years" : unit === "M" ? "form.months" : "form.days")}`,
    )
    .join(" ") || choiceOf(["duration"], duration, profile);

/**
 * In a page that is written the other way, a name keeps its direction and its
 * place.
 */
export const joined = (...parts: (string | undefined)[]): string =>
  parts
    .flatMap((part) => (part ? [isolate(part, language())] : []))
    .join(" · ");

/**
 * A value in one line: the form's labels for codes, and the documents' names
 * for sources.
 */
export function valueInWords(
  path: FieldPath,
  value: unknown,
  documents: Documents,
  profile: Profile,
): string {
  const inWords = (part: unknown, key?: string) =>
    part === undefined
      ? undefined
      : valueInWords(
          key === undefined ? path : [...path, key],
          part,
          documents,
          profile,
        );
  if (value === undefined || value === null || value === "") return "—";
  if (Array.isArray(value))
    return value.map((one) => inWords(one)).join("; ") || "—";
  if (value === true) return "✓";
  if (typeof value !== "object") {
    const text = String(value);
    const document =
      path.at(-1) === "source"
        ? documents.find((one) => one?.id === text)
        : undefined;
    if (document) return documentName(document, profile);
    return path.at(-1) === "until"
      ? printDate(text)
      : choiceOf(path, text, profile);
  }
  const whole = value as PrintedObject;
  if (typeof whole.date === "string")
    return dateInWords(whole as Partial<PartialDate>);
  if (whole.duration)
    return joined(
      durationInWords(whole.duration, profile),
      dateInWords(whole.imposedOn),
      dateInWords(whole.changedOn),
      whole.earlier
        ? `${labelOf(["earlier"], profile)}: ${inWords(whole.earlier)}`
        : undefined,
    );
  if (whole.value !== undefined)
    return joined(
      inWords(whole.subject, "subject"),
      inWords(whole.value),
      dateInWords(whole.asOf),
      whole.statedBy,
      inWords(whole.source, "source"),
    );
  if (whole.names) return whole.names.map((name) => name.value).join(", ");
  if (path[0] === "documents")
    return documentName(value as Documents[number] & object, profile);
  if (whole.of !== undefined)
    return joined(
      inWords(whole.text),
      whole.reviewed ? say("form.reviewed") : undefined,
    );
  if (whole.text !== undefined || whole.name !== undefined)
    return joined(
      inWords(whole.date),
      inWords(whole.name, "name"),
      inWords(whole.text, "text"),
    );
  return joined(
    ...Object.values(value).flatMap((one) =>
      typeof one === "object" ? [] : [String(one)],
    ),
  );
}

/** The statuses that texts about now are compared with. */
export const statusesNow = ["custody", "proceedings", "sentence"];

/**
 * A person's statuses with their dates and, if wanted, their authors. Each
 * needs no source, and no words of its document, where it is only compared.
 */
export const statusesIn = (
  person: Fields,
  of: readonly string[],
  documents: Documents,
  profile: Profile,
  withAuthor = false,
): string[] =>
  of.flatMap((field) =>
    [person[field] ?? []].flat().map((status) => {
      const { value, asOf, subject, statedBy } = status as Fields & {
        asOf?: PartialDate;
      };
      const day = of === statusesNow ? { date: asOf?.date } : asOf;
      const shown = {
        value,
        asOf: day,
        subject,
        ...(withAuthor && { statedBy }),
      };
      return valueInWords(["people", 0, field], shown, documents, profile);
    }),
  );

/**
 * True for a translation that was only confirmed: its words are the same, and
 * it renders another source.
 */
const isConfirmed = (before: unknown, after: unknown): boolean => {
  const [one, other] = [before, after] as (PrintedObject | undefined)[];
  return (
    other?.of !== undefined && one?.text === other.text && one?.of !== other.of
  );
};

export function Differences({
  differences,
  fields,
}: {
  differences: Difference[];
  fields: UnfinishedCase;
}) {
  const { profile } = useSession().me;
  if (differences.length === 0) return null;
  const documents = fields.documents ?? [];
  return (
    <table class="differences">
      <thead>
        <tr>
          <th scope="col">{say("differences.field")}</th>
          <th scope="col">{say("differences.before")}</th>
          <th scope="col">{say("differences.after")}</th>
        </tr>
      </thead>
      <tbody>
        {differences.map(({ at, before, after }) => {
          const path = pathIn(fields, at);
          return (
            <tr key={at}>
              <th scope="row">{wordsFor(fields, path, profile) || at}</th>
              <td dir={before === undefined ? undefined : "auto"}>
                {valueInWords(path, before, documents, profile)}
              </td>
              <td dir={after === undefined ? undefined : "auto"}>
                {joined(
                  valueInWords(path, after, documents, profile),
                  isConfirmed(before, after)
                    ? say("form.still-right")
                    : undefined,
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/**
 * The space before a word belongs to it, so that neighbours that changed are
 * shown as one.
 */
const wordsOf = (text: string): string[] =>
  text.match(/\s*(?:[\p{L}\p{M}\p{N}’'-]+|\S)/gu) ?? [];

/**
 * A text as it was and as it is now: words that went are struck through, and
 * those that came stand after them.
 */
export function MarkedText({
  before,
  after,
  lang,
}: {
  before: string;
  after: string;
  lang: string;
}) {
  const marked = ([first = "", ...words]: string[], As: "del" | "ins") =>
    first && (
      <>
        {/^\s*/.exec(first)?.[0]}
        <As>{[first.trimStart(), ...words].join("")}</As>
      </>
    );
  const parts =
    before === after
      ? [{ common: [after] }]
      : diffComm(wordsOf(before), wordsOf(after));
  return (
    <p class="source-text" lang={lang} dir={directionOf(lang)}>
      {parts.map(({ common, buffer1 = [], buffer2 = [] }) =>
        common
          ? common.join("")
          : [marked(buffer1, "del"), marked(buffer2, "ins")],
      )}
    </p>
  );
}

interface OriginalProps {
  fields: UnfinishedCase;
  base: UnfinishedCase | null;
  path: FieldPath;
}

/**
 * A text in the case's own language, with what changed since the revision
 * before.
 */
export function Original({ fields, base, path }: OriginalProps) {
  const { language = "en" } = fields;
  const wordsIn = (revision: UnfinishedCase, at: FieldPath | null) =>
    (at && textIn(valueAt(revision, at) as LooseText | undefined, language)) ??
    "";
  const now = wordsIn(fields, path);
  return (
    <MarkedText
      before={(base && wordsIn(base, placeBefore(base, fields, path))) || now}
      after={now}
      lang={language}
    />
  );
}

interface InLanguagesProps {
  texts: [lang: string, words: ComponentChildren][];
  isReviewed: (lang: string) => boolean;
}

/**
 * The mark of a text that no speaker has reviewed.
 * @param note true to explain it, once for all texts of a list
 */
export const Unreviewed = ({ note = false }) =>
  note ? (
    <p class="hint">* {say("ready.unreviewed")}</p>
  ) : (
    <abbr class="unreviewed" title={say("ready.unreviewed")}>
      *
    </abbr>
  );

/** One text in several languages. */
export const InLanguages = ({ texts, isReviewed }: InLanguagesProps) => (
  <dl class="in-languages">
    {texts.map(([lang, words]) => (
      <div key={lang}>
        <dt>
          {languageName(lang)}
          {!isReviewed(lang) && <Unreviewed />}
        </dt>
        <dd lang={lang} dir={directionOf(lang)}>
          {words}
        </dd>
      </div>
    ))}
  </dl>
);
