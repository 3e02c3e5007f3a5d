/** Prints the results of one run as a table. */
import type { Row } from "./run.ts";

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

const whole = (value: number) => (Number.isFinite(value) ? String(Math.round(value)) : "");

export function tableOf(rows: Row[]): string {
  const head = [
    "surface",
    "path",
    "replies",
    "kept",
    "304",
    "moments",
    "min",
    "median",
    "max",
    "last old",
    "violations",
  ];
  const lines = rows.map(({ surface, path, replies, kept, unchanged, first, lastOld, violations }) => [
    surface,
    path,
    String(replies),
    path === "direct" || replies === 0 || kept === 0 ? "" : `${Math.round((100 * kept) / replies)}%`,
    unchanged === 0 ? "" : String(unchanged),
    String(first.length),
    whole(Math.min(...first)),
    first.length === 0 ? "" : whole(median(first)),
    whole(Math.max(...first)),
    whole(lastOld),
    String(violations.length),
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...lines].map((line) => line[column]!.length)));
  return [head, ...lines]
    .map((line) =>
      line
        .map((cell, column) => (column < 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
        .join("  "),
    )
    .join("\n");
}

/** The worst examples of each broken rule, one per line. */
export function violationsOf(rows: Row[]): string[] {
  return rows.flatMap(({ surface, path, violations }) =>
    [...Map.groupBy(violations, ({ rule }) => rule)].map(([rule, all]) => {
      const worst = all.reduce((a, b) => (Math.abs(b.off) > Math.abs(a.off) ? b : a));
      return `${surface} (${path}): ${rule}, ${all.length} times; the worst by ${Math.round(worst.off)} ms: ${worst.text}`;
    }),
  );
}
