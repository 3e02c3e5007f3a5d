/** Prints the results of one run as a table. */
import { median } from "../../bench/figures.ts";
import type { Row } from "./run.ts";

const whole = (value: number) =>
  Number.isFinite(value) ? String(Math.round(value)) : "";

export function tableOf(rows: Row[]): string {
  const head =
    "| surface | path | replies | kept | 304 | moments | min | median | max | last old | violations |";
  const lines = rows.map(
    ({ surface, path, replies, kept, unchanged, first, lastOld, violations }) =>
      [
        ...[
          "",
          surface,
          path,
          replies,
          kept,
          unchanged,
          first.length,
          whole(Math.min(...first)),
        ],
        ...[
          first.length > 0 ? whole(median(first)) : "",
          whole(Math.max(...first)),
          whole(lastOld),
          violations.length,
          "",
        ],
      ].join(" | "),
  );
  return [head, `|---|---|${"---:|".repeat(9)}`, ...lines]
    .join("\n")
    .replaceAll(/^ | $/gm, "");
}

/** The worst examples of each broken rule, one per line. */
export function violationsOf(rows: Row[]): string[] {
  return rows.flatMap(({ surface, path, violations }) =>
    [...Map.groupBy(violations, ({ rule }) => rule)].map(([rule, all]) => {
      const worst = all.reduce((a, b) =>
        Math.abs(b.off) > Math.abs(a.off) ? b : a,
      );
      return `${surface} (${path}): ${rule}, ${all.length} times; the worst by ${Math.round(worst.off)} ms: ${worst.text}`;
    }),
  );
}
