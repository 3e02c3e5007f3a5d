import { Section } from "../../worker/objects/storage/backup-lines.ts";

/** Returns the same lines with a valid seal, as a forger would make it. */
export function resealed(text: string, change: (rows: any[]) => any[]): string {
  const [first, ...lines] = text.trimEnd().split("\n");
  const section = Section.from(first!);
  const rows = change(lines.slice(0, -1).map((line) => JSON.parse(line)));
  return [
    `${first}\n`,
    ...rows.map((row) => section.write(row)),
    section.seal().line,
  ].join("");
}
