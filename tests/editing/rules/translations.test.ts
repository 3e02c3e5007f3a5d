/**
 * Outdated translations of a draft, and a translator's file in XLIFF 2: out,
 * translated, and back in.
 */
import { describe, expect, it } from "vitest";
import {
  isOutdated,
  isReviewed,
  sourceDigest,
} from "../../../shared/case/text.ts";
import {
  pathOf,
  pointerOf,
  withValue,
} from "../../../worker/desk/form/path.ts";
import type { UnfinishedCase } from "../../../worker/editing/rules/desk.ts";
import {
  returnedTranslations,
  unitsToSend,
} from "../../../worker/editing/rules/translations.ts";
import { readXliff, writeXliff } from "../../../worker/editing/rules/xliff.ts";
import { inventedCase } from "../../support/invented.ts";

describe("A translator's file", () => {
  const sentence = "The person was arrested.";
  const event = (day: string, more: object = {}) => ({
    date: { date: day },
    kind: "arrest",
    text: { en: sentence, uk: `Арешт ${day}` },
    source: "first",
    ...more,
  });
  const statement = (en: string) => ({ text: { en }, source: "first" });
  const fields = inventedCase(906, {
    title: {
      en: "A <new> title & more\nin “two” lines",
      uk: { text: "Стара назва", of: sourceDigest("An old title") },
    },
    events: [event("2000-01-01"), event("2000-01-02")],
    next: [
      statement("The lawyer will appeal."),
      statement("The family will write."),
    ],
  }) as UnfinishedCase;
  /**
   * The file of a case, as a translator's program returns it: each source with
   * a new target and a state, or as it was sent.
   */
  const fileOf = (
    of: UnfinishedCase,
    work: Record<string, string | { target?: string; state?: string }> = {},
  ) => {
    const units = unitsToSend(of, "uk").map((unit) => ({
      ...unit,
      label: "A text",
    }));
    const file = writeXliff({ id: "ua-906-00", from: "en", to: "uk", units });
    return Object.entries(work).reduce((xml, [pointer, done]) => {
      const { id, target } = units.find(
        ({ path }) => pointerOf(path) === pointer,
      ) as (typeof units)[number];
      const { target: next = target, state = "initial" } =
        typeof done === "string" ? { target: done } : done;
      return xml.replace(
        new RegExp(
          `(<unit id="${id}".*?)<segment state="\\w+">(.*?</source>)(?:<target>.*?</target>)?`,
          "s",
        ),
        `$1<segment state="${state}">$2<target>${next}</target>`,
      );
    }, file);
  };
  const compared = (file: string, now: UnfinishedCase = fields) =>
    returnedTranslations(now, "uk", readXliff(file)?.units ?? []);
  const offersOf = (file: string, now: UnfinishedCase = fields) =>
    compared(file, now).offered.map(({ path, translation }) => [
      pointerOf(path),
      translation.text,
    ]);
  const edited = (pointer: string, value: unknown) =>
    withValue(fields, pathOf(pointer), value);

  it("names each unit by its place, its source and its translation, in characters that XML allows in an id", () => {
    const ids = unitsToSend(fields, "uk").map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids)
      expect(id).toMatch(/^[\w.:-]+\.[0-9a-f]{16}\.[0-9a-f]{16}$/);
    const place = (id = "") => id.replace(/(\.[0-9a-f]{16}){2}$/, "");
    const later = edited("/events", [
      event("1999-12-31"),
      ...(fields.events ?? []),
    ]);
    const reworded = withValue(
      later,
      ["events", 1, "text", "en"],
      "Other words.",
    );
    const places = unitsToSend(reworded, "uk").map(({ id }) => place(id));
    expect(places).toEqual(expect.arrayContaining(ids.map(place)));
  });

  it("that nobody worked on brings nothing, whatever became of the case", () => {
    const file = fileOf(fields);
    expect(compared(file)).toMatchObject({ offered: [], refused: [] });
    // Somebody rewrote the outdated translation at the desk while the file was
    // away.
    const title = {
      en: fields.title?.en,
      uk: { text: "Свіжа назва", of: sourceDigest(String(fields.title?.en)) },
    };
    for (const now of [
      edited("/title", title),
      edited("/title/en", "Newer"),
      edited("/events", []),
    ])
      expect(compared(file, now), JSON.stringify(now.title)).toMatchObject({
        offered: [],
        refused: [],
      });
  });

  it("says by a target or by a state that somebody worked on a unit", () => {
    expect(offersOf(fileOf(fields, { "/title": "Нова назва" }))).toEqual([
      ["/title", "Нова назва"],
    ]);
    for (const state of ["translated", "reviewed", "final"]) {
      const { offered } = compared(fileOf(fields, { "/title": { state } }));
      expect(offered, state).toMatchObject([
        { path: ["title"], target: "Стара назва", isOlder: false },
      ]);
      const next = withValue(fields, ["title", "uk"], offered[0]?.translation);
      expect(isOutdated(next.title, "uk", "en")).toBe(false);
      expect(isReviewed(next.title, "uk", "en")).toBe(false);
    }
    // A text that was up to date was sent as translated.
    expect(
      offersOf(fileOf(fields, { "/events/0/text": { state: "final" } })),
    ).toEqual([]);
    expect(
      offersOf(fileOf(fields, { "/events/0/text": "Інші слова" })),
    ).toEqual([["/events/0/text", "Інші слова"]]);
    // The same file again brings nothing.
    const next = withValue(fields, ["title", "uk"], {
      text: "Нова",
      of: sourceDigest(String(fields.title?.en)),
    });
    expect(offersOf(fileOf(fields, { "/title": "Нова" }), next)).toEqual([]);
  });

  it("gives two events with one source their own texts, and follows them through other changes", () => {
    const file = fileOf(fields, {
      "/events/0/text": "Її заарештовано.",
      "/events/1/text": "Його заарештовано.",
    });
    const [her, him] = ["Її заарештовано.", "Його заарештовано."];
    expect(offersOf(file)).toEqual([
      ["/events/0/text", her],
      ["/events/1/text", him],
    ]);
    const [one, two] = fields.events ?? [];
    expect(
      offersOf(file, edited("/events", [event("1999-12-31"), one, two])),
    ).toEqual([
      ["/events/1/text", her],
      ["/events/2/text", him],
    ]);
    expect(offersOf(file, edited("/events", [two]))).toEqual([
      ["/events/0/text", him],
    ]);
    expect(compared(file, edited("/events", [two])).refused).toMatchObject([
      { source: sentence, why: "gone" },
    ]);
    // One date was corrected, so only one event is left for that translation.
    expect(offersOf(file, edited("/events/0/date/date", "2000-02"))).toEqual([
      ["/events/0/text", her],
      ["/events/1/text", him],
    ]);
  });

  it("takes no text where two entries fit", () => {
    const twins = edited("/events", [event("2000-01-01"), event("2000-01-01")]);
    const file = fileOf(twins, {
      "/events/0/text": "Її заарештовано.",
      "/events/1/text": "Його заарештовано.",
    });
    expect(offersOf(file, twins)).toHaveLength(2);
    const one = withValue(twins, ["events"], [event("2000-01-01")]);
    expect(compared(file, one)).toMatchObject({
      offered: [],
      refused: [{ why: "gone" }, { why: "gone" }],
    });
    // Two units with one id.
    const unit = /<unit .*?<\/unit>/s;
    const title = fileOf(fields, { "/title": "Нова" });
    const twice = title.replace(
      unit,
      (found) => found + found.replace("Нова", "Інша"),
    );
    expect(compared(twice)).toMatchObject({
      offered: [],
      refused: [{ why: "gone" }, { why: "gone" }],
    });
  });

  it("joins the texts of entries that state the same by their words", () => {
    const file = fileOf(fields, {
      "/next/0/text": "Адвокат оскаржить.",
      "/next/1/text": "Родина напише.",
    });
    const turned = [statement("New."), ...(fields.next ?? []).toReversed()];
    expect(offersOf(file, edited("/next", turned))).toEqual([
      ["/next/2/text", "Адвокат оскаржить."],
      ["/next/1/text", "Родина напише."],
    ]);
  });

  it("made before the original changed brings a translation that stays outdated", () => {
    const file = fileOf(fields, {
      "/title": "Нова назва",
      "/events/0/text": "Її заарештовано.",
    });
    const now = edited("/title/en", "A newer title");
    const { offered } = compared(file, now);
    expect(offered.map(({ isOlder }) => isOlder)).toEqual([true, false]);
    expect(offered[0]).toMatchObject({
      source: "A newer title",
      sourceThen: fields.title?.en,
      isCurrent: false,
    });
    const next = withValue(now, ["title", "uk"], offered[0]?.translation);
    expect(isOutdated(next.title, "uk", "en")).toBe(true);
    // Back to the words that were translated.
    expect(
      isOutdated(
        withValue(next, ["title", "en"], fields.title?.en).title,
        "uk",
        "en",
      ),
    ).toBe(false);
    const fresh = withValue(now, ["title", "uk"], {
      text: "Свіжа",
      of: sourceDigest("A newer title"),
    });
    expect(compared(file, fresh).offered[0]).toMatchObject({
      isOlder: true,
      isCurrent: true,
      target: "Свіжа",
    });
    // An erasure changed the original: the translation may still have what was
    // erased.
    expect(compared(file, edited("/title/en", "A title of […]"))).toMatchObject(
      {
        offered: [{ path: ["events", 0, "text"] }],
        refused: [{ why: "redacted" }],
      },
    );
  });

  it("brings no copy of the source", () => {
    const summary = String(fields.summary?.en);
    expect(compared(fileOf(fields, { "/summary": summary }))).toMatchObject({
      offered: [],
      refused: [],
    });
    const done = { target: ` ${summary} `, state: "translated" };
    expect(compared(fileOf(fields, { "/summary": done }))).toMatchObject({
      offered: [],
      refused: [{ source: summary, why: "copy" }],
    });
  });

  it("may have been cut into segments, have inline elements, prefixes and another version 2", () => {
    const now = edited("/summary/en", "One two. Three.");
    const id = unitsToSend(now, "uk").find(
      ({ path }) => path[0] === "summary",
    )?.id;
    const text = (
      last: string,
    ) => `<?xml version="1.0"?><x:xliff xmlns:x="urn:oasis:names:tc:xliff:document:2.2" version="2.2" srcLang="en" trgLang="uk">
      <x:file id="f" original="ua-906-00"><x:group id="g"><x:unit id="${id}"><x:segment><x:source>One <x:pc id="1">two</x:pc>.</x:source>
      <x:target>Раз <x:pc id="1">два</x:pc>.</x:target></x:segment><x:ignorable><x:source> </x:source></x:ignorable><x:segment>
      <x:source>Three.</x:source>${last}</x:segment></x:unit></x:group></x:file></x:xliff>`;
    const whole = readXliff(text("<x:target>Три.</x:target>"));
    expect(whole?.units).toMatchObject([
      { source: "One two. Three.", target: "Раз два. Три." },
    ]);
    expect(offersOf(text("<x:target>Три.</x:target>"), now)).toEqual([
      ["/summary", "Раз два. Три."],
    ]);
    // A part that is missing, or that the program filled with the source.
    for (const last of ["", "<x:target/>", "<x:target>Three.</x:target>"])
      expect(compared(text(last), now), last).toMatchObject({
        offered: [],
        refused: [{ why: "unfinished" }],
      });
  });

  it("says every case that it is for", () => {
    const two = fileOf(fields).replace(
      "</xliff>",
      '<file id="b" original="ua-907-00"/></xliff>',
    );
    expect(readXliff(fileOf(fields))).toMatchObject({
      id: "ua-906-00",
      from: "en",
      to: "uk",
    });
    expect(readXliff(two)?.id).toBe("ua-906-00, ua-907-00");
  });

  it("that is something else is not read", () => {
    const nested = (depth: number) =>
      fileOf(fields).replace(
        /(<file [^>]*>)(.*)(<\/file>)/s,
        (_, start, units, end) =>
          [
            start,
            '<group id="g">'.repeat(depth),
            units,
            "</group>".repeat(depth),
            end,
          ].join(""),
      );
    expect(readXliff(nested(50))?.units.length).toBeGreaterThan(0);
    for (const text of [
      "",
      "a text",
      "<html/>",
      "<xliff version='1.2' xmlns='urn:oasis:names:tc:xliff:document:1.2'/>",
      "<xliff",
      nested(500),
      nested(5000),
      nested(100_000),
    ])
      expect(readXliff(text), text.slice(0, 200)).toBeNull();
  });
});
