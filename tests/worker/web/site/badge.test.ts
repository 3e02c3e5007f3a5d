/**
 * What a badge says, whatever its case is called. How its lines look is tested
 * in tests/contract/embed-code.test.ts.
 */
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Case } from "../../../../shared/case/schema.ts";
import { type LocaleTag, localeTags } from "../../../../shared/locale.ts";
import { message } from "../../../../shared/messages.ts";
import type { PresentView, View } from "../../../../shared/view/schema.ts";
import { viewCase } from "../../../../shared/view/view.ts";
import { badge } from "../../../../worker/web/site/badge/badge.tsx";
import { widthOf } from "../../../../worker/web/site/document/text-width.ts";
import { inventedCase, inventedRevision } from "../../../support/invented.ts";
import { profile } from "../../../support/profile.ts";
import { scaled } from "../../../support/scaled.ts";

const revision = inventedRevision();
const correction = inventedRevision({
  number: 2,
  kind: "correction",
  liveAt: "2026-11-24T10:00:00.000Z",
});
const now = Date.parse(revision.liveAt);

const [one] = inventedCase(1).people;
/** Everyone was stated to be held as of the facts' day. */
const people = (name: string, lang: string, count: number) =>
  Array.from({ length: count }, (_, index) => ({
    ...one!,
    id: `invented-${index}`,
    names: [
      {
        value: index === 0 ? name : `Invented ${index}`,
        lang,
        form: "preferred" as const,
        source: "first",
      },
    ],
  }));

const viewOf = (
  changes: Partial<Case>,
  lang: LocaleTag,
  corrected?: typeof correction,
) =>
  viewCase(
    { ...inventedCase(1), ...changes },
    revision,
    lang,
    now,
    profile,
    corrected,
  );

const plain = (text: string) =>
  text
    .replace(/[\u2066-\u2069]/g, "")
    .replace(/[\s·]+/g, " ")
    .trim();
const words = (markup: string) =>
  markup.replace(/<[^>]+>/g, "").replaceAll("&amp;", "&");

function read(svg: string) {
  const all = (name: string) =>
    Array.from(
      svg.matchAll(new RegExp(`<${name}\\b[^>]*>(.*?)</${name}>`, "gs")),
      ([, inside]) => words(inside!),
    );
  const lines = all("text");
  return {
    lines,
    shown: plain(lines.join(" ")),
    said: plain([...all("title"), ...all("desc")].join(" ")),
  };
}

/** Words of invented letters, of any length. */
const names = fc
  .record({
    script: fc.constantFrom(
      ["en", "Wanda Long "],
      ["uk", "Щодня Жовтень "],
      ["ar", "شخص مختلق "],
      ["en", "Numberwang"],
    ),
    length: fc.integer({ min: 1, max: 200 }),
  })
  .map(({ script: [lang, text], length }) => ({
    lang: lang as string,
    name: `${text!.repeat(length).slice(0, length - 1)}x`,
  }));

it("A badge says the dated status, action and revision whole, whatever name or title stands before them", () => {
  fc.assert(
    fc.property(
      names,
      fc.constantFrom(...localeTags),
      fc.constantFrom(0, 1, 2, 40),
      ({ name, lang: written }, lang, count) => {
        const title = { [written]: name } as Case["title"];
        const view = viewOf(
          {
            people: people(name, written, count),
            title,
            language: written as LocaleTag,
          },
          lang,
        );
        const { before = "", text, after = "" } = view.brief;
        const { lines, shown, said } = read(badge(view, profile));
        // The brief names the person or the title at its beginning.
        const status = plain(
          (before + text + after).slice(before.length + name.length),
        );
        for (const part of [
          status,
          view.action.short,
          view.revision.label,
          view.revision.day,
          "Casewire",
        ]) {
          expect(shown).toContain(plain(part));
          expect(said).toContain(plain(part));
        }
        expect(status).toContain(plain(view.asOf.text));
        const begun = plain(name.slice(0, 40));
        expect(said).toContain(begun);
        for (const line of lines) {
          expect(line.trim()).not.toMatch(/^·|·[\u2066-\u2069]*$/u);
          expect(widthOf(line, 12)).toBeLessThanOrEqual(328 - 2 * 12);
        }
      },
    ),
    { numRuns: scaled(300) },
  );
});

it("A badge says who states the facts beside the number, and the newsroom last", () => {
  for (const lang of localeTags) {
    const { lines } = read(badge(viewOf({}, lang), profile));
    expect(lines.slice(0, 2)).toEqual([
      expect.stringContaining("UA 1/00"),
      expect.stringContaining("Invented Issuer"),
    ]);
    expect(lines.at(-1)).toContain("Casewire");
  }
});

it("A badge says once facts are old that there is nothing more recent, as the compact line does", () => {
  for (const lang of localeTags) {
    const late = Date.parse("2001-01-02");
    const view = viewCase(inventedCase(1), revision, lang, late, profile);
    const { shown, said } = read(badge(view, profile));
    for (const text of [shown, said])
      expect(text).toContain(plain(view.asOf.note!));
  }
});

it("A badge marks a correction, and only that, while it is news and after a later revision", () => {
  const marked = (view: View) =>
    Array.from(
      badge(view, profile).matchAll(/class="soft mark">(.*?)</g),
      ([, text]) => plain(text!),
    ).join(" ");
  for (const lang of localeTags) {
    const newestAt = (time: number) =>
      viewCase(inventedCase(1), correction, lang, time, profile) as PresentView;
    const newest = newestAt(Date.parse(correction.liveAt));
    expect(marked(newest)).toBe(
      plain(`${newest.revision.label} ${newest.revision.day}`),
    );
    expect(marked(newestAt(Date.parse("2026-12-24")))).toBe("");
    const later = viewOf({}, lang, correction);
    const mark = plain(
      `${message(lang, "view.correction")} ${later.news.at(-1)!.day}`,
    );
    expect(marked(later)).toBe(mark);
    expect(read(badge(later, profile)).said).toContain(mark);
    expect(marked(viewOf({}, lang))).toBe("");
  }
});
