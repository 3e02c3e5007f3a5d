/**
 * Texts and their translations: which are current, which are outdated, and how
 * they are written and read.
 */
import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { Case, type Text } from "../../shared/case/schema.ts";
import {
  countOutdated,
  ERASED_SOURCE,
  isOutdated,
  isReviewed,
  languagesIn,
  sourceDigest,
  textIn,
  withoutEarlierSources,
  withPlainTexts,
  withSources,
} from "../../shared/case/text.ts";
import { changesBetween } from "../../shared/change.ts";
import {
  differencesBetween,
  mergeCases,
} from "../../worker/editing/rules/merge.ts";
import { inventedCase } from "../support/invented.ts";
import { scaled } from "../support/scaled.ts";

const OLD = "Invented case 1";
const NEW = "Invented case one";
const words = "Вигадана справа 1";
const rendering = (source: string, reviewed = false) => ({
  text: words,
  of: sourceDigest(source),
  reviewed,
});
const titled = (title: object): Case => inventedCase(1, { title });

it.each([
  ["a string", words, rendering(OLD)],
  ["an object without a source", { text: words }, rendering(OLD)],
  [
    "one that was reviewed, without a source",
    { text: words, reviewed: true },
    rendering(OLD, true),
  ],
  ["one with an empty source", { text: words, of: "" }, rendering(OLD)],
  [
    "one of the source as it stands",
    rendering(OLD, true),
    rendering(OLD, true),
  ],
  ["one of another source", rendering(NEW, true), rendering(NEW, true)],
  [
    "one of an erased source",
    { text: words, of: ERASED_SOURCE },
    { ...rendering(OLD), of: ERASED_SOURCE },
  ],
])("A translation is read when it is %s", (_, written, read) => {
  expect(titled({ en: OLD, uk: written }).title).toEqual({ en: OLD, uk: read });
});

it.each([
  ["in the case's own language", { en: OLD }, "en", "reviewed"],
  [
    "of the source as it stands",
    { en: OLD, uk: rendering(OLD) },
    "uk",
    "unreviewed",
  ],
  [
    "that was reviewed",
    { en: OLD, uk: rendering(OLD, true) },
    "uk",
    "reviewed",
  ],
  ["of another source", { en: NEW, uk: rendering(OLD) }, "uk", "outdated"],
  [
    "that was reviewed before",
    { en: NEW, uk: rendering(OLD, true) },
    "uk",
    "outdated",
  ],
  [
    "of an erased source",
    { en: OLD, uk: { ...rendering(OLD), of: ERASED_SOURCE } },
    "uk",
    "outdated",
  ],
  ["that does not exist", { en: OLD }, "ar", "unreviewed"],
  ["without a source", { uk: rendering(OLD) }, "uk", "unreviewed"],
])("A translation %s has its state", (_, text, lang, state) => {
  expect(isOutdated(text as Text, lang, "en")).toBe(state === "outdated");
  expect(isReviewed(text as Text, lang, "en")).toBe(state === "reviewed");
});

it("A translation is outdated exactly while its source differs from the one that it was made or confirmed for", () => {
  const said = fc.stringMatching(/^[a-z]{1,2}$/);
  const what = fc.constantFrom(
    "source",
    "source with spaces",
    "translation",
    "confirmed",
    "reviewed",
  );
  const edits = fc.array(fc.record({ what, text: said }), { maxLength: 12 });
  fc.assert(
    fc.property(said, edits, (first, all) => {
      let fields = titled({ en: first, uk: words });
      let madeFor = first;
      for (const { what, text } of all) {
        const { title } = fields;
        const uk = title.uk as Exclude<Text[string], string>;
        const next: Record<string, Text> = {
          source: { ...title, en: text },
          "source with spaces": { ...title, en: ` ${text} ` },
          translation: { ...title, uk: text },
          confirmed: { ...title, uk: { text: uk.text } as typeof uk },
          reviewed: { ...title, uk: { ...uk, reviewed: true } },
        };
        fields = v.parse(Case, { ...fields, title: next[what] });
        if (what === "translation" || what === "confirmed")
          madeFor = textIn(fields.title, "en") as string;
        expect(isOutdated(fields.title, "uk", "en")).toBe(
          textIn(fields.title, "en") !== madeFor,
        );
        expect(countOutdated(fields)).toBe(
          isOutdated(fields.title, "uk", "en") ? 1 : 0,
        );
      }
    }),
    { numRuns: scaled(100) },
  );
});

describe("A case", () => {
  const outdated = titled({ en: NEW, uk: rendering(OLD, true) });

  it("is the same however often it is read, and unfinished ones keep what they lack", () => {
    expect(v.parse(Case, outdated)).toEqual(outdated);
    expect(withSources(outdated)).toBe(outdated);
    const unfinished = {
      title: { uk: words },
      people: [{ role: undefined }, null],
    };
    expect(withSources(unfinished as never)).toEqual({
      title: { uk: { text: words, of: "", reviewed: false } },
      people: [{ role: undefined }, null],
    });
  });

  it("has the languages of its texts", () => {
    expect(languagesIn(outdated)).toEqual(["en", "uk"]);
    expect(languagesIn({})).toEqual(["en"]);
  });

  it("whose own language changes keeps every word", () => {
    const moved = withSources({ ...outdated, language: "uk" });
    expect(withPlainTexts(moved)).toEqual({
      ...withPlainTexts(outdated),
      language: "uk",
    });
    expect(moved.title).toEqual({
      en: { text: NEW, of: sourceDigest(words), reviewed: false },
      uk: words,
    });
  });

  it("has no changes for readers when a translation is only confirmed or reviewed", () => {
    expect(
      changesBetween(outdated, titled({ en: NEW, uk: rendering(NEW, true) })),
    ).toEqual([]);
    expect(changesBetween(outdated, titled({ en: NEW, uk: "Інша" }))).toEqual([
      { what: "text", part: "title" },
    ]);
  });
});

describe("Two editors' changes of one text", () => {
  const base = titled({ en: OLD, uk: rendering(OLD, true) });

  it("make the translation outdated when one changed the source and the other the translation", () => {
    const mine = titled({ ...base.title, en: NEW });
    const theirs = titled({
      ...base.title,
      uk: { ...rendering(OLD), text: "Інша назва" },
    });
    const { merged, conflicts } = mergeCases(base, mine, theirs);
    expect(conflicts).toEqual([]);
    expect(merged.title).toEqual({
      en: NEW,
      uk: { ...rendering(OLD), text: "Інша назва" },
    });
    expect(isOutdated(merged.title, "uk", "en")).toBe(true);
  });

  it("take a translation with its source or not at all", () => {
    const mine = titled({
      en: NEW,
      uk: { ...rendering(NEW), text: "Моя назва" },
    });
    const theirs = titled({
      en: OLD,
      uk: { ...rendering(OLD), text: "Їхня назва" },
    });
    const { merged, conflicts } = mergeCases(base, mine, theirs);
    expect(conflicts.map(({ at }) => at)).toEqual(["title/uk"]);
    expect(merged.title).toEqual({ en: NEW, uk: theirs.title.uk });
    expect(differencesBetween(base, mine).map(({ at }) => at)).toEqual([
      "title/en",
      "title/uk",
    ]);
  });
});

describe("An erasure", () => {
  const LONG = "Invented case of Invented Person Nine";
  const SHORT = "Invented case of […]";
  const long = {
    ...rendering(LONG, true),
    text: "Вигадана справа Особи Девʼять",
  };
  const before = titled({ en: LONG, uk: long });
  const uk = before.title.uk as Exclude<Text[string], string>;

  it("keeps no digest of words that it removed, and the translation stays outdated", () => {
    const kept = withoutEarlierSources(titled({ ...before.title, en: SHORT }));
    expect(kept.title).toEqual({ en: SHORT, uk: { ...uk, of: ERASED_SOURCE } });
    expect(isOutdated(kept.title, "uk", "en")).toBe(true);
    expect(withoutEarlierSources(before).title).toEqual(before.title);
  });
});
