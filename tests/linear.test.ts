/**
 * The time that each parser takes grows no faster than the text, whatever the
 * text is, and no text overflows the stack.
 */

import { strToU8 } from "fflate";
import * as v from "valibot";
import { beforeAll, describe, expect, it } from "vitest";
import { buttonPattern } from "../bot/button-data.ts";
import { scopeIn } from "../bot/scope.ts";
import { inert, shorten } from "../bot/text.ts";
import { newPersonId } from "../shared/case/id.ts";
import { fold, matches } from "../shared/case/names.ts";
import { compareEdtf, parseEdtf } from "../shared/case/partial-date.ts";
import { CaseEvent, Document, Person, Text } from "../shared/case/schema.ts";
import { isolate, negotiate, unspoken } from "../shared/locale.ts";
import { caseIdAt, typedIdsIn } from "../shared/profile/numbers.ts";
import { datesIn } from "../worker/editing/importer/dates.ts";
import { draftFrom } from "../worker/editing/importer/importer.ts";
import { UnreadableFile } from "../worker/editing/importer/readers/file-text.ts";
import { readFile } from "../worker/editing/importer/readers/read.ts";
import { nameFinder } from "../worker/editing/rules/name-forms.ts";
import { sentencesOf } from "../worker/editing/rules/sentences.ts";
import { caseWords } from "../worker/reads/case-words.ts";
import { matchesEtag } from "../worker/reads/freshness.ts";
import { SearchIndex } from "../worker/reads/search-index.ts";
import { summaryOf } from "../worker/reads/summary.ts";
import { canonicalPath } from "../worker/web/site/canonical.ts";
import { docxOf } from "./support/docx.ts";
import { inventedCase, inventedRevision } from "./support/invented.ts";
import { mailOf, odtOf } from "./support/made-documents.ts";
import { pdfOf } from "./support/pdf.ts";
import { profile } from "./support/profile.ts";

const SMALL_BYTES = 4 * 1024;
const LARGE_BYTES = 16 * 1024;
/**
 * The slowest parsers get shorter texts, which are still long enough to compare
 * times.
 */
function shareOf(name: string): number {
  if (name === "a document's sentences") return 1 / 4;
  const isLong =
    /^(the forms of a name|a document|the text of|a mail|a PDF)/.test(name);
  return isLong ? 1 / 2 : 1;
}

/**
 * Four times the text takes about four times the time; quadratic time would be
 * sixteenfold.
 */
const MAX_RATIO = 8;
/**
 * A time below this is too short to compare, and short enough: quadratic time
 * is longer even with a nanosecond for each hundred steps.
 */
const NEGLIGIBLE_MS = 10;
/** For twenty searches of 20,000 names. */
const MAX_SEARCHES_MS = 20;
/**
 * Rounds of both sizes, until the ratio is in bounds. The best times count: a
 * garbage collection or a cold start only makes a time longer.
 */
const MAX_ROUNDS = 12;

const nasty = [
  // Letters, marks, signs and spaces.
  ...["İ", ..."aiy'-1#/([.,*%шﷺ \t\n\u0301\u00ad\u200b\u202e\ud800"],
  // Parts of words, numbers, addresses and lists.
  ..."'’- a- sch kh dzh 1/ 0000- () “x ;q= %20 @a a.b/ ua- USA- <w:p>".split(
    " ",
  ),
  ...[
    "\u0316\u0301",
    "e\u0301\u0316",
    "\u2067א",
    "👩‍👩‍👧",
    '"x",',
    ", ",
    "( ",
    "[…] ",
    ". A",
    "1 ",
    "محمد ",
  ],
  ...["Aa Bb ", "a   b ", "https://a.b/c "],
  // What documents have.
  ...[
    "UA 1/20 ",
    "Name: A B, ",
    "KENYA, ",
    "KENYA Demo AY, ",
    "ERITREA / EGYPT",
    "sentenced to ",
    "25 June ",
  ],
  ...[
    "Index: EUR 46/1098/2019 ",
    "APPEALS TO:\nPresident   Minister\nOne   Two\n",
    "Demo Alfa (he/him), ",
  ],
  ...[
    "Demo Alfa\nDemo Bravo, ",
    "detained ",
    "Salutation: (Dear\n",
    "UA-1/20 - ",
    "Page 2 of 3\n",
  ],
  ...["From: a\nSubject: b\n", "al-\nfa "],
  ...[
    "Demo Alfa was freed. ",
    "pena ",
    "house arrest",
    "twenty-",
    "засуд",
    "السجن ",
    "Dear A,\n",
  ],
  // What the formats have.
  ...[
    "/Fl stream\n",
    "1 0 obj\n",
    "[",
    "<<",
    "--a\n",
    "--a\nContent-Type: text/plain\n\n",
    "=\n",
    "=?utf-8?Q?a?= ",
  ],
  ...[
    "<div>",
    "<p><b>",
    "<a><div>",
    "<table><td>",
    "<!--",
    "{",
    "\\u1?",
    "\\'41",
  ],
];

const finder = nameFinder(["Demo Alfa", "أحمد"]);
const named = {
  people: [
    { id: "alfa", names: [{ value: "Demo Alfa" }, { value: "أحمد" }] },
    { id: "b", names: [{ value: "Demo Bravo" }] },
  ],
};
const places = { codes: ["RU", "UA-43", "UA"], own: null };
const docx = (body: string) =>
  docxOf(`<w:document><w:body>${body}</w:body></w:document>`, {}, { level: 0 });
const escaped = (text: string) =>
  text
    .replace(/[<&]/g, "&lt;")
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/gu, "?");

/** A file that is refused was read too. */
const read = (file: Uint8Array) =>
  readFile(file).catch((error) => {
    if (!(error instanceof UnreadableFile)) throw error;
  });

const parsers: Record<string, (text: string) => unknown> = {
  fold,
  "a search for the text": (text) => matches(text, "Demo Alfa أحمد"),
  "a search in the text": (text) => matches("Demo Alfa أحمد", text),
  typedIdsIn: (text) => typedIdsIn(text, profile),
  "typedIdsIn, after a sign": (text) => typedIdsIn(`#${text}1/20`, profile),
  caseIdAt: (text) => caseIdAt(`ua${text}`, profile),
  newPersonId: (text) => newPersonId(text, new Set()),
  parseEdtf: (text) => [
    parseEdtf(text),
    parseEdtf(`2020/${text}`),
    compareEdtf(text, "2020"),
  ],
  datesIn,
  "negotiate, as a header": (text) => negotiate(`${text},uk;q=0.5`, profile),
  "negotiate, as a tag": (text) => [
    negotiate([text], profile),
    unspoken(text, profile),
    isolate(text, "en"),
  ],
  "If-None-Match": (text) => matchesEtag(text, '"1.abc"'),
  canonicalPath: (text) => [
    canonicalPath(`/cases/UA_${text}`, profile),
    canonicalPath(`/cases/UA 1/20${text}`, profile),
  ],
  "the schema of a Text": (text) =>
    v.safeParse(Text, { en: text, uk: `a${text}` }),
  "the schemas of a case's parts": (text) => [
    v.safeParse(Person, {
      id: text,
      names: [{ value: text, lang: text }],
      charges: { value: { [text]: text } },
    }),
    v.safeParse(CaseEvent, {
      date: { date: text, asStated: text },
      kind: text,
      source: text,
    }),
    v.safeParse(Document, {
      id: text,
      reference: text,
      href: `https://${text}`,
      lang: text,
    }),
  ],
  "the forms of a name": (text) => finder.formsIn(text),
  "a command's place": (text) => scopeIn(text, places),
  "the data of a button": (text) =>
    Object.values(buttonPattern).map((pattern) => pattern.test(`f:${text}`)),
  "a text for Telegram": (text) => [inert(text), shorten(text, 200, "en")],
  "the text of a document": (text) => read(new TextEncoder().encode(text)),
  "the text of a PDF": (text) =>
    read(pdfOf([text.match(/.{1,400}/gsu) ?? [""]])),
  "a PDF's bytes": (text) => read(strToU8(`%PDF-1.7\n${text}`)),
  "a PDF's packed bytes": (text) =>
    read(pdfOf([["a"]], { stream: { filter: "/A85", bytes: strToU8(text) } })),
  "a PDF's objects": (text) =>
    read(strToU8(`%PDF-1.7\n1 0 obj\n<< /A [${text}] >>\nendobj`)),
  "a mail": (text) =>
    read(mailOf(text, [{ name: "a.txt", content: strToU8(text) }])),
  "a mail's headers": (text) =>
    read(
      strToU8(
        `MIME-Version: 1.0\nContent-Type: text/plain; a="${text}"\nSubject: ${text}\n\na`,
      ),
    ).catch(() => null),
  "a mail's parts": (text) =>
    read(
      strToU8(
        `MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=a\n\n--a\n\n${text}`,
      ),
    ).catch(() => null),
  "a page": (text) => read(strToU8(`<html>${text}`)),
  "rich text": (text) => read(strToU8(`{\\rtf1 ${text}`)),
  "the text of an .odt": (text) =>
    read(odtOf(`<text:p>${escaped(text)}</text:p>`)),
  "the text of a .docx": (text) =>
    read(docx(`<w:p><w:r><w:t>${escaped(text)}</w:t></w:r></w:p>`)),
  "a document": (text) => draftFrom(text, profile),
  "a document's list of names": (text) =>
    draftFrom(`UA 1/20\nName: Demo Alfa, Demo Bravo\n${text}`, profile),
  "a document's addressees": (text) =>
    draftFrom(`UA 1/20 Demo\nAPPEALS TO:\n${text}`, profile),
  "a document's labels": (text) =>
    draftFrom(
      `UA 1/20 Demo\nIndex: ${text}\nPLEASE SEND APPEALS BEFORE ${text}`,
      profile,
    ),
  "a document's sentences": (text) =>
    sentencesOf(
      `Demo Alfa was arrested. ${text} Dear Minister,\n${text}`,
      named as never,
      profile,
    ),
  "a document's one sentence": (text) =>
    sentencesOf(`Demo Alfa ${text} released.`, named as never, profile),
  "a document's prose": (text) =>
    draftFrom(
      `UA 1/20 Demo\nAmnesty International\nThe men ${text} of the town was with them. ${text}`,
      profile,
    ),
};

const cell = new Int32Array(new SharedArrayBuffer(4));

/**
 * The processor time of this thread, in microseconds: other work on the machine
 * doesn't count. The kernel adds up a running thread's time every 4 ms, and
 * whenever the thread sleeps, so it sleeps for a moment.
 */
function cpuUs(): number {
  Atomics.wait(cell, 0, 0, 0.05);
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

/** In milliseconds of the processor. */
async function time(
  parse: (text: string) => unknown,
  text: string,
): Promise<number> {
  const start = cpuUs();
  await parse(text);
  return (cpuUs() - start) / 1000;
}

const repeated = (unit: string, bytes: number) =>
  unit.repeat(Math.ceil(bytes / unit.length));

/**
 * The time for the large text, divided by the time for the small one; 0 for a
 * negligible time.
 */
async function ratio(
  parse: (text: string) => unknown,
  unit: string,
  share = 1,
): Promise<number> {
  const [small, large] = [
    repeated(unit, SMALL_BYTES * share),
    repeated(unit, LARGE_BYTES * share),
  ];
  const best = {
    small: Number.POSITIVE_INFINITY,
    large: Number.POSITIVE_INFINITY,
  };
  for (let round = 0; round < MAX_ROUNDS; round++) {
    best.large = Math.min(best.large, await time(parse, large));
    if (best.large < NEGLIGIBLE_MS) return 0;
    best.small = Math.min(best.small, await time(parse, small));
    if (best.large / best.small <= MAX_RATIO) break;
  }
  return best.large / best.small;
}

describe("Four times the text takes about four times the time:", () => {
  it.each(Object.keys(parsers))("%s", async (name) => {
    const share = shareOf(name);
    for (const unit of nasty)
      expect(
        await ratio(parsers[name] as never, unit, share),
        `${JSON.stringify(unit)} repeated`,
      ).toBeLessThanOrEqual(MAX_RATIO);
  });

  it("a .docx with many elements", async () => {
    for (const unit of [
      "<w:p/>",
      "<w:p><w:r><w:t>a</w:t></w:r></w:p>",
      "<w:tc><w:p/><w:p/></w:tc>",
      "<mc:AlternateContent><mc:Choice><w:t>a</w:t></mc:Choice></mc:AlternateContent>",
      "<w:p><w:txbxContent><w:t>a</w:t></w:txbxContent></w:p>",
    ])
      expect(
        await ratio((body) => read(docx(body)), unit),
        unit,
      ).toBeLessThanOrEqual(MAX_RATIO);
  });

  it("a file of another format with many elements", async () => {
    for (const unit of [
      "<text:p/>",
      "<text:p>a<text:s/></text:p>",
      "<table:table-row><table:table-cell/></table:table-row>",
    ])
      expect(
        await ratio((body) => read(odtOf(body)), unit),
        unit,
      ).toBeLessThanOrEqual(MAX_RATIO);
    for (const unit of [
      "<p>a",
      "<li>a",
      "<tr><td>a<td>b",
      "<a><p>",
      "<b></p>",
      "</div>",
    ])
      expect(
        await ratio((body) => read(strToU8(`<html><table>${body}`)), unit),
        unit,
      ).toBeLessThanOrEqual(MAX_RATIO);
    const operator = (unit: string) => (text: string) =>
      read(pdfOf([["a"]], { content: text.replaceAll("a", unit) }));
    for (const unit of [
      "q ",
      "BT ET ",
      "[[ ",
      "(a) Tj ",
      "/F1 10 Tf ",
      "1 0 0 1 0 0 cm ",
    ])
      expect(await ratio(operator(unit), "a"), unit).toBeLessThanOrEqual(
        MAX_RATIO,
      );
  });
});

describe("A search between Arabic and Latin letters", () => {
  const letters = [..."بتجدرزسفكلمن"];
  /** Different for each number, and none of those that are searched. */
  const name = (number: number) =>
    [0, 1, 2, 3]
      .map((at) => letters[Math.floor(number / 12 ** at) % 12])
      .join("");

  let index: ReturnType<SearchIndex["of"]>;
  beforeAll(() => {
    const names = Array.from({ length: 12 ** 4 }, (_, number) => name(number));
    const spellings = [names.join(" "), names.map(fold).join("a "), "محمد"];
    const words = caseWords({ title: {}, spellings, placeNames: [] });
    const summary = {
      ...summaryOf(inventedCase(1)),
      number: "",
      words,
      revision: inventedRevision(),
    };
    index = new SearchIndex(profile).of([summary]);
  });

  it.each(["محمد", "muhammad"])(
    "compares %s with few of many names",
    async (q) => {
      const find = () => index.find({ q, action: undefined }, null, 0);
      expect(find()).toEqual(Uint8Array.of(1));
      const searches = () => Array.from({ length: 20 }, find);
      let best = Number.POSITIVE_INFINITY;
      for (
        let round = 0;
        round < MAX_ROUNDS && best >= MAX_SEARCHES_MS;
        round++
      )
        best = Math.min(best, await time(searches, ""));
      expect(best).toBeLessThan(MAX_SEARCHES_MS);
    },
  );
});
