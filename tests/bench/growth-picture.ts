/** A picture of costs that grow, or don't: one line for each measure, both axes logarithmic. */

export interface Line {
  name: string;
  /** The cost at each size; NaN where it wasn't measured. */
  costs: number[];
}

const WIDTH = 900;
const PLOT = { left: 60, right: 520, top: 56, bottom: 400 };
const COLOURS = ["#0969da", "#1a7f37", "#9a6700", "#cf222e", "#8250df", "#bf3989", "#0a7d83", "#57606a", "#bc4c00"];
const LABEL_STEP = 19;

const escaped = (text: string) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");

/** @param base the size whose cost counts as 1 */
export function growthPicture(sizes: number[], base: number, lines: Line[]): string {
  const relative = lines.map(({ costs }) => costs.map((cost) => cost / (costs[sizes.indexOf(base)] ?? Number.NaN)));
  const known = relative.flat().filter(Number.isFinite);
  // At least from a quarter to ten times, so that noise doesn't look like growth.
  const [low, high] = [Math.log10(Math.min(0.25, ...known)), Math.log10(Math.max(10, ...known))];
  const [first, last] = [Math.log10(sizes[0] as number), Math.log10(sizes.at(-1) as number)];
  const x = (size: number) => PLOT.left + ((Math.log10(size) - first) / (last - first)) * (PLOT.right - PLOT.left);
  const y = (cost: number) => PLOT.bottom - ((Math.log10(cost) - low) / (high - low)) * (PLOT.bottom - PLOT.top);
  const rule = (cost: number) => {
    const at = y(cost).toFixed(1);
    return `<path class="rule" d="M${PLOT.left} ${at}H${PLOT.right}"/><text x="${PLOT.left - 8}" y="${at}" dy=".35em" text-anchor="end">${cost}</text>`;
  };
  const rules = [0.25, 0.5, 1, 2, 5, 10, 20, 50, 100].filter(
    (cost) => Math.log10(cost) >= low && Math.log10(cost) <= high,
  );
  const steps = sizes.map(
    (size) =>
      `<text x="${x(size).toFixed(1)}" y="${PLOT.bottom + 22}" text-anchor="middle">${size.toLocaleString("en-GB")}</text>`,
  );
  const ends = relative
    .map((costs, index) => ({ index, end: costs.findLast(Number.isFinite) ?? 1, at: 0 }))
    .sort((a, b) => b.end - a.end);
  // Labels keep their distance from each other.
  let free = PLOT.top;
  for (const label of ends) {
    label.at = Math.max(free, y(label.end));
    free = label.at + LABEL_STEP;
  }
  const drawn = ends.map(({ index, end, at }) => {
    const colour = COLOURS[index % COLOURS.length];
    const points = relative[index]!.flatMap((cost, step) =>
      Number.isFinite(cost) ? `${x(sizes[step] as number).toFixed(1)} ${y(cost).toFixed(1)}` : [],
    );
    return `<g style="--c:${colour}"><path class="line" d="M${points.join("L")}"/><path class="lead" d="M${PLOT.right} ${y(end).toFixed(1)}L${PLOT.right + 22} ${at.toFixed(1)}"/><text class="name" x="${PLOT.right + 28}" y="${at.toFixed(1)}" dy=".35em">${escaped(lines[index]!.name)} × ${end.toPrecision(2)}</text></g>`;
  });
  const height = Math.max(PLOT.bottom + 60, free + 10);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${Math.ceil(height)}" role="img" aria-labelledby="t">
<title id="t">Cost of one request, update or message at ${sizes.join(", ")} cases, revisions, sockets and followers, relative to that at ${base}</title>
<style>
svg{background:#fff}text{font:13px system-ui,sans-serif;fill:#57606a}.h{font-size:16px;font-weight:600;fill:#1f2328}
.rule{stroke:#d0d7de}.line{fill:none;stroke:var(--c);stroke-width:2}.lead{fill:none;stroke:var(--c);opacity:.5}.name{fill:var(--c)}
@media (prefers-color-scheme:dark){svg{background:#0d1117}text{fill:#8b949e}.h{fill:#e6edf3}.rule{stroke:#30363d}g{filter:brightness(1.5)}}
</style>
<text class="h" x="${PLOT.left}" y="24">Cost of one, relative to that at ${base}</text>
${rules.map(rule).join("\n")}
${steps.join("\n")}
<text x="${(PLOT.left + PLOT.right) / 2}" y="${PLOT.bottom + 44}" text-anchor="middle">cases, revisions, sockets, followers</text>
${drawn.join("\n")}
</svg>
`;
}
