/** The differences between two versions of a case, field by field, in words. */
import type { PartialDate } from "../../shared/case/schema.ts";
import type { Profile } from "../../shared/profile/schema.ts";
import type { UnfinishedCase } from "../editing/rules/desk.ts";
import type { Difference } from "../editing/rules/merge.ts";
import { documentName } from "./form/controls.tsx";
import { dateInWords } from "./form/date-field.tsx";
import { choiceOf, labelOf, wordsFor } from "./form/form-state.ts";
import type { FieldPath } from "./form/path.ts";
import { useSession } from "./session.ts";
import { printDate, say } from "./words.ts";

/** The path of a difference, with positions in place of the ids by which a difference names entries of lists. */
export function pathIn(fields: UnfinishedCase, at: string): FieldPath {
  const path: (string | number)[] = [];
  let value: unknown = fields;
  for (const key of at.split("/")) {
    if (Array.isArray(value)) {
      const byId = value.findIndex((entry) => (entry as { id?: string } | null)?.id === key);
      // An entry that was removed has no position any more, so the path ends at its list.
      if (byId < 0 && !/^\d+$/.test(key)) return path;
      path.push(byId >= 0 ? byId : Number(key));
    } else path.push(key);
    value = (value as Record<string | number, unknown> | undefined)?.[path.at(-1) as string | number];
  }
  return path;
}

/** The members of entries and statuses that are printed. */
interface PrintedObject {
  value?: unknown;
  asOf?: Partial<PartialDate>;
  statedBy?: string;
  source?: string;
  date?: string | Partial<PartialDate>;
  names?: { value: string }[];
  duration?: string;
  imposedOn?: Partial<PartialDate>;
  changedOn?: Partial<PartialDate>;
  earlier?: unknown[];
  subject?: unknown;
  name?: unknown;
  text?: unknown;
  of?: string;
  reviewed?: boolean;
}

type Documents = NonNullable<UnfinishedCase["documents"]>;

export const durationInWords = (duration: string, profile: Profile): string =>
  [...duration.matchAll(/(\d+)([YMD])/g)]
    .map(
      ([, count, unit]) => `${count} ${say(unit === "Y" ? "form.years" : unit === "M" ? "form.months" : "form.days")}`,
    )
    .join(" ") || choiceOf(["duration"], duration, profile);

const joined = (...parts: (string | undefined)[]): string => parts.filter(Boolean).join(" · ");

/** A value in one line: the form's labels for codes, and the documents' names for sources. */
export function valueInWords(path: FieldPath, value: unknown, documents: Documents, profile: Profile): string {
  const inWords = (part: unknown, key?: string) =>
    part === undefined ? undefined : valueInWords(key === undefined ? path : [...path, key], part, documents, profile);
  if (value === undefined || value === null || value === "") return "—";
  if (Array.isArray(value)) return value.map((one) => inWords(one)).join("; ") || "—";
  if (value === true) return "✓";
  if (typeof value !== "object") {
    const text = String(value);
    const document = path.at(-1) === "source" ? documents.find((one) => one?.id === text) : undefined;
    if (document) return documentName(document, profile);
    return path.at(-1) === "until" ? printDate(text) : choiceOf(path, text, profile);
  }
  const whole = value as PrintedObject;
  if (typeof whole.date === "string") return dateInWords(whole as Partial<PartialDate>);
  if (whole.duration)
    return joined(
      durationInWords(whole.duration, profile),
      dateInWords(whole.imposedOn),
      dateInWords(whole.changedOn),
      whole.earlier && `${labelOf(["earlier"], profile)}: ${inWords(whole.earlier)}`,
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
  if (path[0] === "documents") return documentName(value as Documents[number] & object, profile);
  if (whole.of !== undefined) return joined(inWords(whole.text), whole.reviewed ? say("form.reviewed") : undefined);
  if (whole.text !== undefined || whole.name !== undefined)
    return joined(inWords(whole.date), inWords(whole.name, "name"), inWords(whole.text, "text"));
  return joined(...Object.values(value).flatMap((one) => (typeof one === "object" ? [] : [String(one)])));
}

/** True for a translation that was only confirmed: its words are the same, and it renders another source. */
const isConfirmed = (before: unknown, after: unknown): boolean => {
  const [one, other] = [before, after] as (PrintedObject | undefined)[];
  return other?.of !== undefined && one?.text === other.text && one?.of !== other.of;
};

export function Differences({ differences, fields }: { differences: Difference[]; fields: UnfinishedCase }) {
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
              <td dir={before === undefined ? undefined : "auto"}>{valueInWords(path, before, documents, profile)}</td>
              <td dir={after === undefined ? undefined : "auto"}>
                {joined(
                  valueInWords(path, after, documents, profile),
                  isConfirmed(before, after) ? say("form.still-right") : undefined,
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
