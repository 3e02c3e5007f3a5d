/** Checks a profile's file. */
import * as v from "valibot";
import { typedIdsIn } from "./numbers.ts";
import { Profile } from "./schema.ts";

/** A sentence about a field, without its subject. */
function faultText(issue: v.BaseIssue<unknown>): string {
  if (issue.type === "strict_object" && issue.expected === "never")
    return "is not a known field: remove it";
  if (issue.kind === "schema" && issue.received === "undefined")
    return "is required: add it";
  if (issue.expected === "Object") return "must be an object";
  return /^must /.test(issue.message)
    ? issue.message
    : `must be ${issue.expected ?? "valid"}`;
}

/**
 * @param file the file's path, which every fault names
 * @returns the profile, or a line for each fault: the file, the field's JSON
 * Pointer and the remedy. docs/profile.md describes the fields.
 */
export function checkProfile(
  content: unknown,
  file: string,
): { profile: Profile } | { faults: string[] } {
  if (Array.isArray(content))
    return {
      faults: [`${file}: the file must be an object (docs/profile.md)`],
    };
  const parsed = v.safeParse(Profile, content);
  const found = parsed.success
    ? parsed.output.series.flatMap(({ example, code }, index) =>
        typedIdsIn(example, {
          series: parsed.output.series.filter((one) => one.code === code),
        })
          ? []
          : [`/series/${index}/example must be a number as readers type it`],
      )
    : parsed.issues.map((issue) => {
        const pointer = (issue.path ?? [])
          .map(({ key }) => `/${String(key)}`)
          .join("");
        return `${pointer || "the file"} ${faultText(issue)}`;
      });
  if (parsed.success && found.length === 0) return { profile: parsed.output };
  return {
    faults: [...new Set(found)].map(
      (fault) => `${file}: ${fault} (docs/profile.md)`,
    ),
  };
}
