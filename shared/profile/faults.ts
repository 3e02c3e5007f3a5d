/**
 * Holds a case to the deployment's profile. Stored content is not held to it,
 * because a profile can change.
 */
import { type Case, codedFields } from "../case/schema.ts";
import type { Path } from "../values-at.ts";
import { codesOf } from "./codes.ts";
import { caseIdOf, hasYear } from "./numbers.ts";
import { type Profile, wholePattern } from "./schema.ts";

const oneOf = (values: readonly string[]) =>
  values.length === 0
    ? "must be left out: the newsroom's profile has no such words"
    : `must be one of ${values.join(", ")}`;

/** What a fault needs to know about a case. Any other field may be missing. */
type Judged = Partial<Pick<Case, "id" | "number" | "people" | "documents">>;

/**
 * What the profile forbids in a case, each with the path of the field to fix.
 * Any field may be missing.
 */
export function profileFaults(
  fields: Judged,
  profile: Profile,
): { path: Path; message: string }[] {
  const found: { path: Path; message: string }[] = [];
  const fault = (path: Path, message: string) => found.push({ path, message });
  const { number } = fields;
  const series = profile.series.find(({ code }) => code === number?.series);
  if (number?.series !== undefined && !series)
    fault(["number", "series"], oneOf(codesOf("series", profile)));
  if (number && series) {
    if (hasYear(series) && number.year === undefined)
      fault(["number", "year"], "is required");
    else if (!hasYear(series) && number.year !== undefined)
      fault(
        ["number", "year"],
        "must be left out: numbers of this series have no year",
      );
    else if (number.number !== undefined) {
      const id = caseIdOf(number, profile);
      if (fields.id !== undefined && fields.id !== id)
        fault(["id"], `must be ${id}, as the number says`);
    }
  }
  const hold = (
    path: Path,
    value: string | undefined,
    allowed: readonly string[],
  ) => {
    if (value !== undefined && !allowed.includes(value))
      fault(path, oneOf(allowed));
  };
  for (const list of codedFields) {
    const codes = codesOf(list, profile);
    for (const [index, person] of (fields.people ?? []).entries()) {
      const [at, own] = [["people", index, list], person?.[list]];
      if (!Array.isArray(own)) hold([...at, "value"], own?.value, codes);
      else
        for (const [place, one] of own.entries())
          hold([...at, place, "value"], one?.value, codes);
    }
  }
  const { reference } = profile.documents;
  const kinds = codesOf("documents", profile);
  for (const [index, document] of (fields.documents ?? []).entries()) {
    hold(["documents", index, "kind"], document?.kind, kinds);
    if (document?.reference === undefined) continue;
    const path = ["documents", index, "reference"];
    if (!reference)
      fault(
        path,
        "must be left out: this newsroom's documents have no reference",
      );
    else if (!wholePattern(reference.pattern)?.test(document.reference))
      fault(path, `must be a reference such as ${reference.example}`);
  }
  return found;
}
