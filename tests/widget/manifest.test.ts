import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "../root.ts";

const committed = readFileSync(join(root, "widget/custom-elements.json"), "utf8");

it("custom-elements.json names every attribute, property, part and state of the element, and no other", async () => {
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
  const { CaseStatus } = await import("../../widget/element.tsx");
  expect(names(element.attributes)).toEqual(CaseStatus.observedAttributes.toSorted());
  const guide = readFileSync(join(root, "docs/widget.md"), "utf8");
  for (const { name } of [...element.attributes, ...element.events, ...element.cssParts, ...element.cssStates])
    expect(guide).toContain(`\`${name}\``);
});
