/** Edits wrangler.toml line by line, so that its comments and everything else stay as they are. */

/** The index of the first line of a table's content, and of the line after its last. The table "" is the part before the first header. */
function boundsOf(lines: string[], table: string): [start: number, end: number] | null {
  const at = table === "" ? 0 : lines.indexOf(`[${table}]`) + 1;
  if (at === 0 && table !== "") return null;
  const next = lines.findIndex((line, index) => index >= at && /^\[/.test(line));
  let end = next < 0 ? lines.length : next;
  // The comment above the next header belongs to that header.
  while (end > at && /^(#.*)?$/.test(lines[end - 1] as string)) end--;
  return [at, end];
}

/** The value of a key as it is written; null when there is none. */
export function valueIn(text: string, table: string, key: string): string | null {
  const lines = text.split("\n");
  const bounds = boundsOf(lines, table);
  const line = bounds && lines.slice(...bounds).find((one) => one.startsWith(`${key} = `));
  return line ? line.slice(key.length + 3) : null;
}

/** @param value as TOML; null removes the key */
export function withTomlValue(text: string, table: string, key: string, value: string | null): string {
  let lines = text.split("\n");
  let bounds = boundsOf(lines, table);
  if (!bounds) {
    if (value === null) return text;
    lines = [...text.trimEnd().split("\n"), "", `[${table}]`, ""];
    bounds = boundsOf(lines, table) as [number, number];
  }
  const [start, end] = bounds;
  const at = lines.findIndex((line, index) => index >= start && index < end && line.startsWith(`${key} = `));
  const added = value === null ? [] : [`${key} = ${value}`];
  lines.splice(at < 0 ? end : at, at < 0 ? 0 : 1, ...added);
  return lines.join("\n");
}

/** Adds the bucket for backups, unless the file has it. */
export function withBucket(text: string, environment: string, bucket: string, jurisdiction: string): string {
  const header = `[[${environment === "" ? "" : `env.${environment}.`}r2_buckets]]`;
  if (text.split("\n").includes(header)) return text;
  const place = jurisdiction === "" ? [] : [`jurisdiction = "${jurisdiction}"`];
  return [text.trimEnd(), "", header, 'binding = "BACKUPS"', `bucket_name = "${bucket}"`, ...place, ""].join("\n");
}

/** True when some bucket is bound for backups. */
export const hasBucket = (text: string, environment: string): boolean =>
  text.split("\n").includes(`[[${environment === "" ? "" : `env.${environment}.`}r2_buckets]]`);
