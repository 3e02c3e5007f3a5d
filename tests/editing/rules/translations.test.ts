/** Outdated translations of a draft, and a translator's file in XLIFF 2: out, translated, and back in. */
import { describe, expect, it } from "vitest";
import { isOutdated, isReviewed, sourceDigest, textIn } from "../../../shared/case/text.ts";
import type { UnfinishedCase } from "../../../worker/editing/rules/desk.ts";
import { translationUnits, withReturned } from "../../../worker/editing/rules/translations.ts";
import { readXliff, writeXliff } from "../../../worker/editing/rules/xliff.ts";
import { inventedCase } from "../../invented.ts";

const base = inventedCase(905);
const changed = (source: string): UnfinishedCase =>
  ({ ...structuredClone(base), title: { ...base.title, en: source } }) as UnfinishedCase;
const _draft = (fields: UnfinishedCase, resolved: string[] = [], before = base) => ({
  case: fields,
  base: { case: before },
  kind: "update" as const,
  resolved,
});

describe("A translator's file", () => {
  const fields = { ...changed("A <new> title & more\nin “two” lines"), demo: true } as UnfinishedCase;
  const label = "A text";
  const units = translationUnits(fields, "uk").map((unit) => ({ ...unit, pointer: unit.path.join("/"), label }));
  const file = writeXliff({ id: "ua-905-00", from: "en", to: "uk", units });

  it("comes back with the same sources, and without the texts that are up to date", () => {
    const read = readXliff(file);
    expect(read).toMatchObject({ id: "ua-905-00", from: "en", to: "uk" });
    expect(read?.units.map(({ source }) => source)).toEqual(units.map(({ source }) => source));
    const current = units.map((unit) => ({ ...unit, state: "current" as const }));
    expect(readXliff(writeXliff({ id: "a", from: "en", to: "uk", units: current }))?.units).toEqual([]);
  });

  it("may have been cut into segments, have inline elements, prefixes and another version 2", () => {
    const text = `<?xml version="1.0"?><x:xliff xmlns:x="urn:oasis:names:tc:xliff:document:2.2" version="2.2" srcLang="en" trgLang="uk">
      <x:file id="f" original="ua-905-00"><x:group id="g"><x:unit id="u1"><x:segment><x:source>One <x:pc id="1">two</x:pc>.</x:source>
      <x:target>Раз <x:pc id="1">два</x:pc>.</x:target></x:segment><x:ignorable><x:source> </x:source></x:ignorable><x:segment>
      <x:source>Three.</x:source><x:target>Три.</x:target></x:segment></x:unit></x:group></x:file></x:xliff>`;
    expect(readXliff(text)?.units).toEqual([{ source: "One two. Three.", target: "Раз два. Три." }]);
  });

  it("that is something else is not read", () => {
    const older = "<xliff version='1.2' xmlns='urn:oasis:names:tc:xliff:document:1.2'/>";
    for (const text of ["", "a text", "<html/>", older, "<xliff"]) expect(readXliff(text), text).toBeNull();
  });

  it("changes only texts whose source is still the same, lists the others, and reviews none", () => {
    const returned = [
      { source: units[0]?.source ?? "", target: "Нова назва" },
      { source: "An older source", target: "Старе" },
      { source: "Not translated", target: " " },
    ];
    const { case: next, taken, refused } = withReturned(fields, "uk", returned);
    expect({ taken, refused }).toEqual({ taken: 1, refused: ["An older source"] });
    expect(textIn(next.title, "uk")).toBe("Нова назва");
    expect(isOutdated(next.title, "uk", "en")).toBe(false);
    expect(isReviewed(next.title, "uk", "en")).toBe(false);
    expect(next.summary).toBe(fields.summary);
    expect((next.title as never as { uk: { of: string } }).uk.of).toBe(sourceDigest(units[0]?.source ?? ""));
    // The same file again changes nothing.
    expect(withReturned(next, "uk", returned).taken).toBe(0);
  });
});
