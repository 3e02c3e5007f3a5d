import type * as v from "valibot";

/** The path of a field as Valibot reports it in an issue. */
export function issuePath(value: unknown, path: (string | number)[]): [v.IssuePathItem, ...v.IssuePathItem[]] {
  let input = value;
  const items = path.map((key) => {
    const item = { type: "unknown" as const, origin: "value" as const, input, key, value: (input as never)?.[key] };
    input = item.value;
    return item;
  });
  return items as unknown as [v.IssuePathItem, ...v.IssuePathItem[]];
}
