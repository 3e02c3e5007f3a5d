import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, it } from "vitest";
import { root } from "../root.ts";

const committed = readFileSync(join(root, "widget/custom-elements.json"), "utf8");

it("custom-elements.json equals the output of `npm run manifest`", () => {
  const folder = mkdtempSync(join(root, "node_modules/.cache/manifest-"));
  const analyzer = join(root, "node_modules/@custom-elements-manifest/analyzer/cem.js");
  const options = ["--config", "widget/manifest.config.mjs", "--outdir", relative(root, folder), "--quiet"];
  execFileSync(process.execPath, [analyzer, "analyze", ...options], { cwd: root });
  const made = readFileSync(join(folder, "custom-elements.json"), "utf8");
  rmSync(folder, { recursive: true });
  expect(JSON.parse(committed)).toEqual(JSON.parse(made));
});

it("custom-elements.json names every property, part and state of the element, and no other", () => {
  const { declarations } = JSON.parse(committed).modules[0];
  const element = declarations.find((declaration: { tagName?: string }) => declaration.tagName === "case-status");
  const names = (list: { name: string }[]) => list.map(({ name }) => name).sort();
  const all = (text: string, pattern: RegExp) =>
    [...new Set([...text.matchAll(pattern)].map(([, name]) => name))].sort();
  const source = (name: string) => readFileSync(join(root, "widget", name), "utf8");
  const card = ["case-card.tsx", "timeline.tsx"].map(source).join();
  const style = ["palette.css", "card.css", "widget.css"].map(source).join();
  expect(names(element.cssProperties)).toEqual(all(style, /(--case-status-[a-z-]+)/g));
  expect(names(element.cssParts)).toEqual(all(card, / part(?:=|: )"([a-z-]+)"/g));
  const guide = readFileSync(join(root, "docs/widget.md"), "utf8");
  for (const { name } of [...element.attributes, ...element.events, ...element.cssParts, ...element.cssStates])
    expect(guide).toContain(`\`${name}\``);
});
