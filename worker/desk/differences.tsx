/** The differences between two versions of a case, field by field, in words. */
import type { PartialDate } from "../../shared/case/schema.ts";
import type { UnfinishedCase } from "../editorial/desk.ts";
import type { Difference } from "../editorial/merge.ts";
import { documentName } from "./form/controls.tsx";
import { dateInWords } from "./form/date-field.tsx";
import { choiceOf, wordsFor } from "./form/form-state.ts";
import type { Path } from "./form/path.ts";
import { printDate, say } from "./words.ts";

/** The path of a difference, with positions in place of the ids by which a difference names entries of lists. */
export function pathIn(fields: UnfinishedCase, at: string): Path {
  const path: (string | number)[] = [];
  let value: unknown = fields;
  for (const key of at.split("/")) {
    if (Array.isArray(value)) {
      const byId = value.findIndex((entry) => (entry as { id?: string } | null)?.id === key);
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
  name?: unknown;
  text?: unknown;
}

type Documents = NonNullable<UnfinishedCase["documents"]>;

export const durationInWords = (duration: string): string =>
  [...duration.matchAll(/(\d+)([YMD])/g)]
    .map(
      ([, count, unit]) => `${count} ${say(unit === "Y" ? "form.years" : unit === "M" ? "form.months" : "form.days")}`,
    )
    .join(" ") || choiceOf(["duration"], duration);

const joined = (...parts: (string | undefined)[]): string => parts.filter(Boolean).join(" · ");

/** A value in one line: the form's labels for codes, and the documents' names for sources. */
export function valueInWords(path: Path, value: unknown, documents: Documents = []): string {
  const inWords = (part: unknown, key?: string) =>
    part === undefined ? undefined : valueInWords(key === undefined ? path : [...path, key], part, documents);
  if (value === undefined || value === null || value === "") return "—";
  if (Array.isArray(value)) return value.map((one) => inWords(one)).join("; ") || "—";
  if (value === true) return "✓";
  if (typeof value !== "object") {
    const text = String(value);
    const document = path.at(-1) === "source" ? documents.find((one) => one?.id === text) : undefined;
    if (document) return documentName(document);
    return path.at(-1) === "until" ? printDate(text) : choiceOf(path, text);
  }
  const whole = value as PrintedObject;
  if (typeof whole.date === "string") return dateInWords(whole as Partial<PartialDate>);
  if (whole.duration) return joined(durationInWords(whole.duration), dateInWords(whole.imposedOn));
  if (whole.value !== undefined)
    return joined(inWords(whole.value), dateInWords(whole.asOf), whole.statedBy, inWords(whole.source, "source"));
  if (whole.names) return whole.names.map((name) => name.value).join(", ");
  if (path[0] === "documents") return documentName(value as Documents[number] & object);
  if (whole.text !== undefined || whole.name !== undefined)
    return joined(inWords(whole.date), inWords(whole.name, "name"), inWords(whole.text, "text"));
  return joined(...Object.values(value).flatMap((one) => (typeof one === "object" ? [] : [String(one)])));
}

export function Differences({ differences, fields }: { differences: Difference[]; fields: UnfinishedCase }) {
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
              <th scope="row">{wordsFor(fields, path) || at}</th>
              <td dir={before === undefined ? undefined : "auto"}>{valueInWords(path, before, documents)}</td>
              <td dir={after === undefined ? undefined : "auto"}>{valueInWords(path, after, documents)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
