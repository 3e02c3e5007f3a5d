/** What differs between two versions of a case, field by field, in words. */
import type { UnfinishedCase } from "../../shared/desk.ts";
import type { Difference } from "../../shared/merge.ts";
import { choiceOf, wordsFor } from "./form/form-state.ts";
import type { Path } from "./form/path.ts";
import { printDate, say } from "./words.ts";

/** Entries stand under their ids in a difference; in the case they stand at a position. */
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

interface Whole {
  value?: unknown;
  date?: string;
  series?: string;
  number?: number;
  names?: { value: string }[];
  duration?: string;
  text?: unknown;
}

/** A value in a line of words; codes are the form's own words. */
export function valueInWords(path: Path, value: unknown): string {
  if (value === undefined || value === null || value === "") return "—";
  if (Array.isArray(value)) return value.map((one) => valueInWords(path, one)).join("; ");
  if (typeof value !== "object") return typeof value === "string" ? choiceOf(path, value) : String(value);
  const whole = value as Whole;
  if (typeof whole.date === "string") return printDate(whole.date);
  if (whole.value !== undefined) return valueInWords(path, whole.value);
  if (whole.names) return whole.names.map((name) => name.value).join(", ");
  if (whole.duration) return whole.duration;
  if (whole.text !== undefined) return valueInWords(path, whole.text);
  return Object.values(value)
    .filter((one) => typeof one === "string" || typeof one === "number")
    .join(" · ");
}

export function Differences({ differences, fields }: { differences: Difference[]; fields: UnfinishedCase }) {
  if (differences.length === 0) return null;
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
              <td dir="auto">{valueInWords(path, before)}</td>
              <td dir="auto">{valueInWords(path, after)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
