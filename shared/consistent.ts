import * as v from "valibot";
import type { Path } from "./values-at.ts";

/** The path of a field as Valibot reports it in an issue. */
function issuePath(
  value: unknown,
  path: Path,
): [v.IssuePathItem, ...v.IssuePathItem[]] {
  let input = value;
  const items = path.map((key) => {
    const item = {
      type: "unknown" as const,
      origin: "value" as const,
      input,
      key,
      value: (input as never)?.[key],
    };
    input = item.value;
    return item;
  });
  return items as unknown as [v.IssuePathItem, ...v.IssuePathItem[]];
}

/**
 * A check across fields that are each valid.
 * @param inconsistencies what is wrong, and where
 */
export const consistent = <Fields>(
  inconsistencies: (fields: Fields) => { path: Path; message: string }[],
) =>
  v.rawCheck<Fields>(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    for (const { path, message } of inconsistencies(dataset.value))
      addIssue({ message, path: issuePath(dataset.value, path) });
  });
