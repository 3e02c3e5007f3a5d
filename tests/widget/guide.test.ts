import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "../support/root.ts";

it("The guide to the widget names every attribute, custom property, part, state and event of the element", () => {
  const read = (path: string) => readFileSync(join(root, path), "utf8");
  const source = [
    "element.tsx",
    "case-card.tsx",
    "timeline.tsx",
    "palette.css",
    "card.css",
    "widget.css",
  ]
    .map((name) => read(`widget/${name}`))
    .join("\n");
  const guide = read("docs/widget.md");
  const named = [
    / part(?:=|: )"([a-z-]+)"/g,
    /(--case-status-[a-z-]+)/g,
    /#read\("([a-z-]+)"\)/g,
    /#choice\("([a-z-]+)"\)/g,
    /states\.add\("([a-z]+)"\)/g,
  ].map((pattern) => [
    ...new Set([...source.matchAll(pattern)].map(([, name]) => name!)),
  ]);
  for (const names of named) {
    expect(names.length).toBeGreaterThan(1);
    for (const name of names) expect(guide).toContain(`\`${name}\``);
  }
  for (const event of ["ready", "change", "error", "recovered"])
    expect(guide).toContain(`\`casestatus:${event}\``);
});
