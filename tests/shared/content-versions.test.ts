/** A kept sample of every version of stored content, and how each is read. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  NewerContent,
  parseContent,
  upgrade,
} from "../../shared/case/versions/content.ts";
import {
  CONTENT_VERSION,
  type Step,
} from "../../shared/case/versions/steps.ts";
import { root } from "../support/root.ts";

const folder = join(root, "tests/shared/content-versions");
const sample = (version: number) =>
  JSON.parse(readFileSync(join(folder, `${version}.json`), "utf8"));
const versions = Array.from(
  { length: CONTENT_VERSION },
  (_, index) => index + 1,
);

it("Stored content has a sample of every version", () => {
  const kept = readdirSync(folder).map((file) => Number.parseInt(file, 10));
  expect(kept.sort((a, b) => a - b)).toEqual(versions);
});

it.each(versions)(
  "Stored content of version %i becomes a valid case, the same one as the newest sample",
  (version) => {
    expect(parseContent(sample(version), version)).toEqual({
      case: sample(CONTENT_VERSION),
    });
  },
);

it("Stored content that is invalid names the field at fault, and none of its words", () => {
  const { people: _, ...without } = sample(CONTENT_VERSION);
  expect(parseContent(without, CONTENT_VERSION)).toEqual({ fault: "people" });
  const unknown = {
    ...sample(CONTENT_VERSION),
    language: "Invented Person One",
  };
  expect(parseContent(unknown, CONTENT_VERSION)).toEqual({ fault: "language" });
  for (const broken of [null, 7, "text"])
    expect(parseContent(broken, CONTENT_VERSION)).toEqual({
      fault: "the whole case",
    });
});

it("Stored content of a newer version is refused with both versions", () => {
  expect(() =>
    parseContent(sample(CONTENT_VERSION), CONTENT_VERSION + 1),
  ).toThrow(NewerContent);
  expect(() => parseContent({}, CONTENT_VERSION + 3)).toThrow(
    `the content has version ${CONTENT_VERSION + 3}, and this code knows only versions up to ${CONTENT_VERSION}`,
  );
});

describe("Steps", () => {
  const steps: Step[] = [
    ({ place, ...rest }) => ({
      ...rest,
      places: place === undefined ? [] : [place],
    }),
    (content) => ({ ...content, third: true }),
  ];

  it("upgrade drafts, in which any field may be missing", () => {
    const drafts = [
      {},
      { people: null },
      { people: [null, {}, { proceedings: null }, { proceedings: [] }] },
    ];
    for (const draft of drafts) expect(upgrade(draft, 1)).toEqual(draft);
    expect(
      upgrade({ people: [{ proceedings: { value: "charged" } }] }, 1),
    ).toEqual({
      people: [{ proceedings: [{ id: "proceeding", value: "charged" }] }],
    });
  });

  it("run in order, from the content's own version on, and don't change what they are given", () => {
    const first = Object.freeze({ place: "Demoland" });
    expect(upgrade(first, 1, steps)).toEqual({
      places: ["Demoland"],
      third: true,
    });
    expect(upgrade({ places: [] }, 2, steps)).toEqual({
      places: [],
      third: true,
    });
    expect(upgrade({ places: [] }, 3, steps)).toEqual({ places: [] });
    expect(() => upgrade({}, 4, steps)).toThrow(NewerContent);
  });
});
