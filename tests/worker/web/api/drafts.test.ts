/**
 * Uploaded documents: what is read, what is refused and why, and that no other
 * editor sees any of it.
 */
import { exports } from "cloudflare:workers";
import { strToU8, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { MAX_DRAFT_BYTES } from "../../../../worker/editing/rules/desk.ts";
import { docxOf } from "../../../support/docx.ts";
import {
  files,
  mailOf,
  odtOf,
  odtParagraphs,
  pageOf,
} from "../../../support/made-documents.ts";
import { pdfOf } from "../../../support/pdf.ts";

const WORD =
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const post = (body: BodyInit, type = "text/plain", query = "") =>
  exports.default.fetch(
    new Request(`https://casewire.test/v1/drafts${query}`, {
      method: "POST",
      headers: { Authorization: "Bearer test-token", "Content-Type": type },
      body,
    }),
  );
const draftOf = async (body: BodyInit, type?: string) =>
  (await (await post(body, type)).json()) as any;

const xmlns =
  'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"';
const paragraph = (text: string) =>
  `<w:p><w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`;
const part = (root: string, inner: string) =>
  strToU8(`<?xml version="1.0"?><w:${root} ${xmlns}>${inner}</w:${root}>`);

const heading =
  "First UA: 12/20 Index: EUR 46/1098/2020 Kestria Date: 3 May 2020";
const document = (body: string) =>
  new TextDecoder().decode(part("document", `<w:body>${body}</w:body>`));
const docx = (
  body: string,
  more: Record<string, Uint8Array> = {},
  options: { main?: string } = {},
) => docxOf(document(body), more, options);
const real = docx(
  `${paragraph("URGENT ACTION")}<w:p><w:r><w:t>NAME AND PREFERRED PRONOUN: Demo </w:t></w:r><w:del><w:r><w:delText>Wrong</w:delText></w:r></w:del><w:r><w:t>Alfa (she/her)</w:t></w:r></w:p>
   <mc:AlternateContent><mc:Choice>${paragraph("PLEASE TAKE ACTION AS SOON AS POSSIBLE UNTIL: 1 June 2020")}</mc:Choice><mc:Fallback>${paragraph("PLEASE TAKE ACTION AS SOON AS POSSIBLE UNTIL: 2 June 2020")}</mc:Fallback></mc:AlternateContent>`,
  {
    "header1.xml": part("hdr", paragraph(heading)),
    "media/image1.png": new Uint8Array(100_000),
  },
);

/**
 * A copy with other bytes in the directory entry of a part (8 flags, 16 CRC, 24
 * size) and, unless they are to differ, in its header.
 */
function changed(
  file: Uint8Array,
  name: string,
  field: number,
  bytes: number[],
  { isAlike = true } = {},
) {
  const copy = new Uint8Array(file);
  const view = new DataView(copy.buffer);
  const letters = [...name].map((letter) => letter.charCodeAt(0));
  const change = (signature: number, nameAt: number, field: number) => {
    for (let at = 0; at + nameAt + letters.length <= copy.length; at++)
      if (
        view.getUint32(at, true) === signature &&
        letters.every((letter, index) => copy[at + nameAt + index] === letter)
      )
        copy.set(bytes, at + field);
  };
  change(0x02014b50, 46, field);
  if (isAlike) change(0x04034b50, 30, field - 2);
  return copy;
}

describe("A document sent to the importer's route", () => {
  it("becomes a draft for its editor alone when it is plain text", async () => {
    const response = await post(
      `${heading}\n\nNAME AND PREFERRED PRONOUN: Demo Alfa (she/her)\n`,
    );
    expect(response.status).toBe(200);
    expect(response.headers.get("Cache-Control")).toBe("private, no-store");
    expect(response.headers.get("Cloudflare-CDN-Cache-Control")).toBe(
      "no-store",
    );
    expect(response.headers.get("Access-Control-Allow-Origin")).toBeNull();
    const draft = (await response.json()) as any;
    expect(draft.case).toMatchObject({
      id: "ua-12-20",
      people: [{ pronouns: "she/her" }],
    });
    expect(draft.text.split("\n")[draft.provenance[0].line - 1]).toContain(
      "12/20",
    );
  });

  it("becomes a draft when it is a .docx, with headers first and without deletions and duplicates", async () => {
    expect((await draftOf(real, WORD)).case).toMatchObject({
      id: "ua-12-20",
      documents: [
        { reference: "EUR 46/1098/2020", issuedOn: { date: "2020-05-03" } },
      ],
      people: [{ names: [{ value: "Demo Alfa" }] }],
      action: { until: "2020-06-01" },
    });
  });

  it("has its parts where the package's relationships say, whatever their names", async () => {
    const odd = docx(
      paragraph(`${heading} `),
      { "first/header7.xml": part("hdr", paragraph("Demo header")) },
      { main: "odd.xml" },
    );
    expect((await draftOf(odd, WORD)).text).toMatch(/^Demo header\n\nFirst UA/);
  });

  it("keeps each row of a table on one line, and each cell of several paragraphs in a block", async () => {
    const cell = (...texts: string[]) =>
      `<w:tc>${texts.map(paragraph).join("")}</w:tc>`;
    const row = (...cells: string[]) => `<w:tr>${cells.join("")}</w:tr>`;
    const table = `<w:tbl>${row(cell("Demo ALFA"), cell("(m)"), cell("22"))}${row(cell("Demo BRAVO"), cell("(f)"), cell("19"))}${row(cell("President", "Law Street 1"), cell("Minister", "Law Street 2"))}</w:tbl>`;
    const draft = await draftOf(
      docx(
        `${paragraph("UA 1/03 Demo Concern, AI Index: AFR 32/001/2003")}${table}`,
      ),
      WORD,
    );
    expect(draft.text).toContain(
      "Demo ALFA\t(m)\t22\nDemo BRAVO\t(f)\t19\nPresident\nLaw Street 1\n\nMinister\nLaw Street 2",
    );
  });

  it("has its joined letters separated, and its garbled ones named", async () => {
    const draft = await draftOf(
      `${heading}\n\nNAME AND PREFERRED PRONOUN: Demo Al\ufb01a (she/her)\nMarÃ­a is ill.\n`,
    );
    expect(draft.case.people[0].names[0].value).toBe("Demo Alfia");
    expect(draft.warnings).toMatchObject([
      { tag: "garbled-letters", found: "MarÃ­a" },
    ]);
  });

  it("opens with its text and a remark, fills nothing and lists its sentences when its layout is unknown", async () => {
    const text =
      "Demo Rights Watch\n\nURGENT APPEAL\n\nDemo Alfa was arrested on 3 May 2020.\n";
    const draft = await draftOf(text);
    expect(draft).toMatchObject({
      case: {},
      provenance: [],
      text,
      warnings: [{ tag: "unknown-layout", line: null }],
    });
    expect(draft.sentences).toMatchObject([
      {
        line: 5,
        sentence: "Demo Alfa was arrested on 3 May 2020.",
        people: [],
        statusWords: ["arrested"],
        offers: [],
      },
    ]);
  });

  it("without a number is compared with the case that its reader names", async () => {
    const response = await post(
      "Demo Rights Watch\n\nDemo Alfa was released.\n",
      "text/plain",
      "?case=ua-1-00",
    );
    expect(await response.json()).toMatchObject({
      case: {},
      sentences: [{ line: 3 }],
    });
  });

  const text = [
    ...[
      heading,
      "",
      "URGENT ACTION",
      "",
      "INVENTED PERSON HELD",
      "She is held in an invented town.",
      "",
    ],
    ...[
      "NAME AND PREFERRED PRONOUN: Demo Álfa (she/her)",
      "",
      "PLEASE TAKE ACTION AS SOON AS POSSIBLE UNTIL: 1 June 2020",
      "",
    ],
    "Вигадана Демо: the last line.",
  ].join("\n");
  it.each(Object.entries(files))(
    "is read the same as %s",
    async (name, make) => {
      const draft = await draftOf(make(text), "application/octet-stream");
      expect(draft.case).toEqual((await draftOf(text)).case);
      expect(draft.case).toMatchObject({
        id: "ua-12-20",
        people: [{ names: [{ value: "Demo Álfa" }] }],
      });
      expect(draft.text).toContain("Вигадана Демо: the last line.");
      expect(draft.text).not.toMatch(/[Hh]idden|Menu of the site/);
      if (name === "attached.eml")
        expect(draft.text).toContain("From: Invented Desk <desk@example.org>");
      if (name === "attached.eml")
        expect(draft.text).toContain("Subject: Нова справа");
    },
  );

  it("is read with its tables, notes, boxes and headers, and without deletions and comments, as an .odt", async () => {
    const cell = (words: string) =>
      `<table:table-cell>${odtParagraphs(words)}</table:table-cell>`;
    const body = `<text:tracked-changes><text:p>Deleted words</text:p></text:tracked-changes>${odtParagraphs("UA 1/03 Demo Concern")}<table:table><table:table-row>${cell("Demo ALFA")}${cell("(f)")}${cell("22")}</table:table-row></table:table><text:p>Held<office:annotation><text:p>A comment</text:p></office:annotation> in<text:s text:c="2"/>May<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>A note.</text:p></text:note-body></text:note>.<draw:text-box><text:p>In a box</text:p></draw:text-box></text:p>`;
    const styles = `<style:master-page><style:header><text:p>Demo header</text:p></style:header><style:footer><text:p>Demo footer</text:p></style:footer></style:master-page>`;
    expect((await draftOf(odtOf(body, { styles }))).text).toBe(
      "Demo header\n\nUA 1/03 Demo Concern\nDemo ALFA\t(f)\t22\nHeld in  May.\n\nIn a box\n\n\n\nA note.\n\nDemo footer",
    );
  });

  it("has plain Arabic letters where a PDF has the forms that it shows", async () => {
    expect(
      (await draftOf(pdfOf([["\ufee3\ufeea\ufee3"]]), "application/pdf")).text,
    ).toMatch(/^\u0645\u0647\u0645/);
  });

  it("says which attachments have no text", async () => {
    const attached = [
      { name: "scan.pdf", content: pdfOf([[]]) },
      { name: "photo.png", type: "image/png", content: new Uint8Array(100) },
    ];
    const draft = await draftOf(mailOf(text, attached), "message/rfc822");
    expect(draft.case.id).toBe("ua-12-20");
    expect(draft.warnings).toContainEqual(
      expect.objectContaining({ tag: "not-read", found: "scan.pdf" }),
    );
  });

  it("may be a page in the encoding that it names, or in the encoding of older programs", async () => {
    const page = pageOf("UA 1/20 @", '<meta charset="windows-1251">');
    const bytes = new Uint8Array(
      [...page].map((letter) => (letter === "@" ? 0xc4 : letter.charCodeAt(0))),
    );
    expect((await draftOf(bytes, "text/html")).text).toMatch(/^UA 1\/20 Д\n/);
    const older = new Uint8Array(
      [...heading]
        .map((letter) => letter.charCodeAt(0))
        .concat(10, 0x93, 0xe9, 0x94),
    );
    expect((await draftOf(older)).text).toContain("“é”");
  });

  it("has an answer that a draft can keep, whatever the document repeats", async () => {
    for (const unit of [
      "25 June 2020, ",
      "Demo Alfa was detained on 3 May 2020. ",
      "в тюрмі 1 травня 2020 ",
      "UA 1/20\n",
    ]) {
      const long = `${heading}\n${unit.repeat(2_000_000 / new TextEncoder().encode(unit).length - 10)}`;
      const answer = await (await post(long)).text();
      expect(answer.length, unit).toBeLessThan(MAX_DRAFT_BYTES / 2);
      expect(JSON.parse(answer).warnings, unit).toContainEqual(
        expect.objectContaining({ tag: "cut" }),
      );
    }
  });
});

const nestedMail = (depth: number) =>
  `MIME-Version: 1.0\r\n${Array.from({ length: depth }, (_, at) => `Content-Type: multipart/mixed; boundary="b${at}"\r\n\r\n--b${at}\r\n`).join("")}Content-Type: text/plain\r\n\r\na\r\n`;
const attachments = Array.from({ length: 60 }, () => ({
  name: "a.txt",
  content: strToU8("a"),
}));
const bomb = docx(
  `<w:p><w:r><w:t>${"0".repeat(12 * 1024 * 1024)}</w:t></w:r></w:p>`,
);
const old = (...more: number[]) =>
  new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, ...more]);
const partWith = (field: number, bytes: number[], options = {}) =>
  changed(real, "word/document.xml", field, bytes, options);

it.each<
  [
    what: string,
    status: number,
    reason: string | undefined,
    body: BodyInit,
    type?: string,
  ]
>([
  ["JSON", 415, undefined, "{}", "application/json"],
  [
    "more than eight megabytes",
    413,
    undefined,
    "x".repeat(8 * 1024 * 1024 + 1),
    "text/plain",
  ],
  [
    "text of more than two megabytes",
    422,
    "too-large",
    "x".repeat(2 * 1024 * 1024 + 1),
    "text/plain",
  ],
  ["nothing", 422, "empty", " ", "text/plain"],
  [
    "a PDF cut short",
    422,
    "broken",
    pdfOf([["a"]]).slice(0, 300),
    "application/pdf",
  ],
  ["a scan", 422, "scan", pdfOf([[], []]), "application/pdf"],
  [
    "a PDF that unpacks to too much",
    422,
    "too-large",
    pdfOf([["a".repeat(20_000_000)]]),
  ],
  [
    "a PDF of endless lists",
    422,
    "broken",
    `%PDF-1.7\n${"[".repeat(1_000_000)}`,
  ],
  ["a page without end", 422, "too-large", `<html>${"<div>".repeat(50_000)}`],
  [
    "an encrypted .odt",
    422,
    "encrypted",
    odtOf("", { manifest: "<encryption-data/>" }),
  ],
  ["an .odt that is not XML", 422, "broken", odtOf("<text:p>")],
  [
    "an .odt nested without end",
    422,
    "broken",
    odtOf("<text:p>".repeat(50_000) + "</text:p>".repeat(50_000)),
  ],
  [
    "rich text nested without end",
    422,
    "too-large",
    `{\\rtf1${"{".repeat(50_000)}`,
  ],
  ["a mail nested without end", 422, "too-large", nestedMail(40)],
  [
    "a mail with too many attachments",
    422,
    "too-large",
    mailOf("a", attachments),
  ],
  ["binary", 422, "binary", new Uint8Array(1000), "application/octet-stream"],
  ["an old Word file", 422, "old-word", old(0, 0)],
  [
    "an encrypted one",
    422,
    "encrypted",
    old(...[..."EncryptedPackage"].flatMap((at) => [at.charCodeAt(0), 0])),
  ],
  ["a .docx cut short", 422, "broken", real.slice(0, real.length >> 1)],
  ["a .docx without its last bytes", 422, "broken", real.slice(0, -1)],
  [
    "a zip of something else",
    422,
    "broken",
    zipSync({ "a.txt": strToU8("a") }) as Uint8Array<ArrayBuffer>,
  ],
  ["a .docx that is not XML", 422, "broken", docxOf("<a><b></a>")],
  [
    "a .docx as no word processor writes it",
    422,
    "broken",
    docxOf("<ns0:document/>"),
  ],
  [
    "entities that grow",
    422,
    "broken",
    docxOf('<!DOCTYPE a [<!ENTITY b "bb">]><a>&b;</a>'),
  ],
  [
    "nesting without end",
    422,
    "broken",
    docx("<w:p>".repeat(50_000) + "</w:p>".repeat(50_000)),
  ],
  ["a zip bomb", 422, "too-large", bomb],
  // It states a false size, as zip bombs do.
  [
    "a zip bomb that lies",
    422,
    "broken",
    changed(bomb, "word/document.xml", 24, [10, 0, 0, 0]),
  ],
  ["a part with a wrong CRC", 422, "broken", partWith(16, [1, 2, 3, 4])],
  [
    "a part whose headers differ",
    422,
    "broken",
    partWith(16, [1, 2, 3, 4], { isAlike: false }),
  ],
  ["an encrypted part", 422, "encrypted", partWith(8, [1, 0])],
  [
    "a document inside the document",
    422,
    "embedded-document",
    docx('<w:altChunk r:id="r1"/>'),
  ],
])(
  "A body that is no document is refused: %s",
  async (_, status, reason, body, type = WORD) => {
    const response = await post(body, type);
    const problem = (await response.json()) as any;
    expect([response.status, problem.reason], JSON.stringify(problem)).toEqual([
      status,
      reason,
    ]);
    expect(problem.remedy).toBeTruthy();
    expect(response.headers.get("Cache-Control")).toBe("private, no-store");
  },
);
