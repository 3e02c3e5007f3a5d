/**
 * Hostile and bidirectional texts: no accidental links, mentions, hashtags or
 * commands. Long texts are split with their entities intact.
 */

import { FormattedString } from "@grammyjs/parse-mode/dist/format.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { actMessages } from "../../bot/act.ts";
import { caseMessage } from "../../bot/message.ts";
import { scopeIn, scopeName } from "../../bot/scope.ts";
import { languageIn } from "../../bot/settings.ts";
import { inert, type Outgoing, split } from "../../bot/text.ts";
import { updateMessage } from "../../bot/update-message.ts";
import {
  isolate,
  type LocaleTag,
  locales,
  localeTags,
} from "../../shared/locale.ts";
import type { Revision } from "../../shared/revision.ts";
import { viewAct } from "../../shared/view/act.ts";
import type { CaseSummary } from "../../shared/view/summary.ts";
import { viewCase } from "../../shared/view/view.ts";
import { AllCases } from "../../worker/reads/all-cases.ts";
import { caseWords } from "../../worker/reads/case-words.ts";
import { summaryOf } from "../../worker/reads/summary.ts";
import {
  inventedCase,
  inventedPerson,
  inventedRevision,
  stated,
} from "../support/invented.ts";
import { profile } from "../support/profile.ts";
import { scaled } from "../support/scaled.ts";
import { expectSound, links, sentence, slice } from "./messages.ts";

const NOW = Date.parse("2000-06-01T00:00:00Z");

/**
 * Finds what Telegram's clients would turn into links by themselves, using the
 * expressions that its own parser documents.
 */
const automatic = [
  /(?<![\p{L}\p{N}_])@[A-Za-z0-9_]{2,32}/u,
  /(?<![\p{L}\p{N}_/<>])\/[A-Za-z0-9_]{1,64}/u,
  /(?<![\p{L}\p{N}_])#[\p{L}\p{N}_]{1,256}/u,
  /(?<![\p{L}\p{N}_])\$[A-Z]{1,8}/u,
  /[a-z][a-z0-9+.-]*:\/\//i,
  /[\p{L}\p{N}_~-]\.(?:\p{L}{2,}|xn--)/u,
  /\S@[\p{L}\p{N}.-]+\.\p{L}/u,
  /\d{1,3}(?:\.\d{1,3}){3}/,
];

const hostile = [
  "Ask @invented_person or (@all) or x@example.org",
  '/forget and (/start@other_bot) "/help"',
  "#freedom $USD #вільно ＃no",
  "https://example.org/x?y=z http://127.0.0.1/a tg://resolve?domain=x ton://y",
  "example.org EXAMPLE.COM приклад.укр пример.рф t.me/somebody 10.0.0.1",
  "*bold* _italic_ `code` [link](https://example.org) <b>x</b> &lt; ||hidden||",
  "a\u200d.com b.\u200ccom",
];

/** Removes preformatted blocks, inside which Telegram detects nothing. */
function withoutPreformatted({ text, entities }: Outgoing): string {
  return entities
    .filter(({ type }) => type === "pre")
    .sort((a, b) => b.offset - a.offset)
    .reduce(
      (rest, { offset, length }) =>
        rest.slice(0, offset) + rest.slice(offset + length),
      text,
    );
}

const revision = (note: string): Revision =>
  inventedRevision({
    number: 2,
    note: { en: note },
    liveAt: "2000-06-01T00:00:00.000Z",
    changes: [{ what: "person-added", person: note.slice(0, 100) }],
  });

function messagesAbout(text: string): Outgoing[] {
  const name = text.slice(0, 150);
  const target = {
    name,
    address: text,
    email: "minister@example.org",
    salutation: name,
  };
  const person = inventedPerson(name, { id: "one" });
  person.names.push({
    value: name,
    lang: "ar",
    form: "native",
    source: "first",
  });
  const fields = inventedCase(1, {
    issuer: name,
    title: { en: text },
    summary: { en: text },
    people: [{ ...person, role: { en: text } }],
    action: {
      state: "active",
      request: { en: text },
      targets: [target],
      letter: { en: text },
    },
  });
  return localeTags.flatMap((locale) => {
    const view = viewCase(fields, revision(text), locale, NOW, profile);
    return [
      caseMessage(view, false, links, { shares: true }),
      updateMessage(view, [view.revision], links, {
        scopes: ["all"],
        neutral: true,
        shares: true,
      }),
      ...actMessages(
        viewAct(fields, revision(text), locale, NOW, undefined, profile),
      ),
    ];
  });
}

it.each(hostile)(
  "An editor's text in a Telegram message contains nothing that Telegram acts on: %s",
  (text) => {
    for (const message of messagesAbout(text)) {
      expectSound(message);
      const own = withoutPreformatted(message).replaceAll(
        /contact@casewire\.invalid|\/act (?=\u2068?UA 1\/00)/g,
        "",
      );
      for (const pattern of automatic) expect(own).not.toMatch(pattern);
      expect(
        message.entities.filter(
          ({ type }) => type === "mention" || type === "text_mention",
        ),
      ).toEqual([]);
      for (const entity of message.entities)
        if (entity.type === "text_link")
          expect(entity.url).toMatch(
            /^(https:\/\/casewire\.test\/|mailto:contact@)/,
          );
    }
  },
);

it("An editor's text in a Telegram message would cause a mention or command without the bot's marks", () => {
  for (const pattern of automatic)
    expect(hostile.some((text) => pattern.test(text))).toBe(true);
});

it("An editor's text in a Telegram message still reads as it was written", () => {
  for (const text of hostile)
    expect(inert(text).replaceAll("\u2060", "")).toBe(text);
  expect(inert("UA 126/19, 25.11.2026, 7.5 years, and/or. Next")).toBe(
    "UA 126/19, 25.11.2026, 7.5 years, and/or. Next",
  );
});

it("An editor's text in a Telegram message causes no mention or command, whatever it says", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 400 }), (text) => {
      for (const pattern of automatic.slice(0, 6))
        expect(inert(text)).not.toMatch(pattern);
    }),
    { numRuns: scaled(300) },
  );
});

describe("Text for readers to copy", () => {
  const acting = (action: object, locale: LocaleTag = "en") => {
    const fields = inventedCase(1, {
      action: { state: "active", request: { en: "Write." }, ...action },
    });
    return actMessages(
      viewAct(fields, revision("x"), locale, NOW, undefined, profile),
    );
  };

  it("is cut on buttons between whole characters", () => {
    const named = (name: string) => ({ name, address: "1 Invented Street" });
    for (const tail of ["😀", "👩‍👩‍👧‍👦", "e\u0301"]) {
      const targets = [3, 4, 5, 6].map((spare) =>
        named(`${"x".repeat(40 - spare)}${tail.repeat(9)}`),
      );
      const rows = acting({ targets })[0]!.keyboard.inline_keyboard;
      expect(rows.pop()!.map(({ text }) => text)).toEqual(["Check again"]);
      expect(rows).toHaveLength(4);
      for (const [button] of rows) {
        const [, name = ""] =
          /^Copy the address: (x+(?:.*))…$/su.exec(button!.text) ?? [];
        expect(name.replace(/^x+/, "").replaceAll(tail, "")).toBe("");
        expect(name.length).toBeLessThan(40);
      }
    }
  });

  it("stays the same to the letter in every language", () => {
    const address = "1 Invented Street\nInventia";
    const letter =
      "Dear Invented Minister,\n\nplease write to x@example.org.\nYours,";
    for (const locale of localeTags) {
      const messages = acting(
        {
          targets: [{ name: "Invented Minister", address }],
          letter: { en: letter },
        },
        locale,
      );
      expect(messages.flatMap((message) => slice(message, "pre"))).toEqual([
        address,
        letter,
      ]);
    }
  });

  it("comes in full when it is longer than a message", () => {
    const letter = sentence.repeat(78).trim();
    const messages = acting({ targets: [], letter: { en: letter } });
    for (const message of messages) {
      expectSound(message);
      // An action without a deadline still shows its date.
      expect(message.text).toContain(
        "Current as of 1 June 2000, 00:00 UTC. If you write later, check again first.",
      );
    }
    expect(messages[0]!.text).toContain(
      "Facts as of 2 January 2000 · As stated by Invented Issuer\nUpdate 2 · Published here 1 June 2000, 00:00 UTC",
    );
    const copied = messages.flatMap((message) => slice(message, "pre"));
    expect(copied.length).toBeGreaterThan(1);
    expect(copied.join("")).toBe(letter);
    for (const piece of copied) expect(piece.trimEnd()).toMatch(/anybody\.$/);
  });
});

it("A message that is split loses nothing, fits Telegram's limit, and keeps every entity over its own words", () => {
  const words = fc.array(
    fc.record({
      text: fc.string({ unit: "grapheme", minLength: 1, maxLength: 120 }),
      bold: fc.boolean(),
    }),
    { minLength: 1, maxLength: 30 },
  );
  fc.assert(
    fc.property(words, (parts) => {
      const whole = FormattedString.join(
        parts.map(({ text, bold }) =>
          bold
            ? FormattedString.bold(`${text}.`)
            : new FormattedString(`${text}. `),
        ),
        "",
      );
      const pieces = split(whole, 200, "en");
      const joined = pieces.map(({ text }) => text).join("");
      expect(joined.trimEnd()).toBe(whole.text.trimEnd());
      for (const piece of pieces) {
        expect(piece.text.length).toBeLessThanOrEqual(200);
        expectSound({
          text: piece.text,
          entities: piece.entities,
          keyboard: { inline_keyboard: [] },
        });
      }
      const marked = (all: FormattedString[]) =>
        all.flatMap((one) => slice(one, "bold")).join("");
      expect(marked(pieces).replace(/\s/g, "")).toBe(
        marked([whole]).replace(/\s/g, ""),
      );
    }),
    { numRuns: scaled(200) },
  );
});

it("A name written in the other direction is isolated in every phrase", () => {
  expect(isolate("126/19", "ar")).toBe("126/19");
  const person = inventedPerson("Invented Person");
  person.names.push(
    { value: "شخص مخترع", lang: "ar", form: "native", source: "first" },
    { value: "شخص آخر", lang: "ar", form: "variant", source: "first" },
  );
  const fields = inventedCase(1, { people: [person] });
  const also = (locale: "en" | "ar") =>
    viewCase(fields, revision("x"), locale, NOW, profile).people.list[0]!
      .alsoText;
  expect(also("en")).toBe(
    "also written \u2068شخص مخترع\u2069 and \u2068شخص آخر\u2069",
  );
  expect(also("ar")).not.toContain("\u2068");
  const card = caseMessage(
    viewCase(fields, revision("x"), "ar", NOW, profile),
    false,
    links,
  ).text;
  expect(card).toContain("\u2068Invented Person\u2069");
  expect(card).toContain("\u2068Invented Issuer\u2069");
  // An untranslated charge: the name stays Arabic and the line keeps its
  // direction.
  fields.people[0]!.charges = stated({ en: "an invented offence" });
  const charged = caseMessage(
    viewCase(fields, revision("x"), "ar", NOW, profile),
    false,
    links,
  ).text;
  expect(charged).toContain("• التهم: \u2068an invented offence\u2069");
});

describe("What a chat can follow", () => {
  const summary = {
    ...summaryOf(inventedCase(1)),
    number: "UA 1/00",
    revision: inventedRevision(),
  };
  const scopeAmong = (words: string, cases: Partial<CaseSummary>[]) => {
    const listed = cases.map((fields) => ({
      ...summary,
      ...fields,
      words: caseWords({ ...summary, ...fields }),
    }));
    return scopeIn(words, new AllCases(listed, [], profile).places(words));
  };
  const summaries = [{ places: ["RU", "UA-43", "UA"] }];

  it("is a region code of a case, a country code in capitals, or everything", () => {
    for (const [scope, ...all] of [
      ["all", "all", "ALL", "*"],
      ["DE", "DE"],
      ["RU", "ru", "Russia", "РОССИЯ", "росія", "Rusiye", " روسيا "],
      [
        "UA-43",
        "UA-43",
        "ua-43",
        "Crimea",
        "крим",
        "Крым",
        "Кримъ",
        "Qırım",
        "Kirim",
        "القرم",
      ],
      ["UA", " UA ", "Україна"],
      // Nothing; codes of no country, and codes of regions without cases.
      [
        null,
        "Germany",
        "Rus",
        "EU",
        "UN",
        "QO",
        "UK",
        "SU",
        "ZZ",
        "RU-XYZ",
        "DE-BE",
        "li",
        "QQ",
        "Kuku",
        "126/19",
        "",
      ],
    ] as [string | null, ...string[]][])
      for (const words of all)
        expect(scopeAmong(words, summaries), words).toBe(scope);
    const placeNames = [
      { iso3166: "UA-12", names: ["Demoville, Demoland", "Демовіль"] },
    ];
    const demo = [{ places: [], placeNames }];
    for (const words of ["Demoville, Demoland", "demoland", "Демовіль"])
      expect(scopeAmong(words, demo)).toBe("UA-12");
  });

  it("has a name in every language", () => {
    expect(scopeName("RU", "en", profile)).toBe("Russia");
    expect(scopeName("UA-43", "uk", profile)).toBe("Крим");
    expect(scopeName("RU", "crh", profile)).toBe("Rusiye");
    expect(scopeName("ua-126-19", "ar", profile)).toBe("UA 126/19");
  });
});

it("A language in the bot can be asked for by its tag or by its own or English name, in any case", () => {
  for (const tag of profile.languages)
    for (const words of [
      tag,
      ` ${tag.toUpperCase()} `,
      `${tag}-UA`,
      locales[tag].name,
    ])
      expect(languageIn(words, profile), words).toBe(tag);
  const others = {
    QIRIMTATARCA: "crh",
    "Crimean Tatar": "crh",
    TÜRKÇE: "tr",
    русский: "ru",
    Ukrainian: "uk",
  };
  for (const [words, tag] of Object.entries(others))
    expect(languageIn(words, profile), words).toBe(tag);
  for (const words of ["", " ", "-", "t", "english please", "klingon"])
    expect(languageIn(words, profile)).toBeUndefined();
});
