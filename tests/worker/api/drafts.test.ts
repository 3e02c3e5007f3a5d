/** Uploaded documents: what is read, what is refused and why, and that no other editor sees any of it. */
import { exports } from "cloudflare:workers";
import { strToU8, zipSync } from "fflate";
import { describe, expect, it } from "vitest";

const WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const post = (body: BodyInit, type = "text/plain", headers: Record<string, string> = {}) =>
  exports.default.fetch(
    new Request("https://casewire.test/v1/drafts", {
      method: "POST",
      headers: { Authorization: "Bearer test-token", "Content-Type": type, ...headers },
      body,
    }),
  );

const xmlns =
  'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"';
const paragraph = (text: string) => `<w:p><w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`;
const part = (root: string, inner: string) => strToU8(`<?xml version="1.0"?><w:${root} ${xmlns}>${inner}</w:${root}>`);
const zip = (files: Record<string, Uint8Array>) => zipSync(files) as Uint8Array<ArrayBuffer>;

const heading = "First UA: 12/20 Index: EUR 46/1098/2020 Kestria Date: 3 May 2020";
const docx = (body: string, more: Record<string, Uint8Array> = {}) =>
  zip({
    "[Content_Types].xml": strToU8("<Types/>"),
    "word/document.xml": part("document", `<w:body>${body}</w:body>`),
    ...more,
  });
const real = docx(
  `${paragraph("URGENT ACTION")}<w:p><w:r><w:t>NAME AND PREFERRED PRONOUN: Demo </w:t></w:r><w:del><w:r><w:delText>Wrong</w:delText></w:r></w:del><w:r><w:t>Alfa (she/her)</w:t></w:r></w:p>
   <mc:AlternateContent><mc:Choice>${paragraph("PLEASE TAKE ACTION AS SOON AS POSSIBLE UNTIL: 1 June 2020")}</mc:Choice><mc:Fallback>${paragraph("PLEASE TAKE ACTION AS SOON AS POSSIBLE UNTIL: 2 June 2020")}</mc:Fallback></mc:AlternateContent>`,
  { "word/header1.xml": part("hdr", paragraph(heading)), "word/media/image1.png": new Uint8Array(100_000) },
);

describe("A document sent to the importer's route", () => {
  it("becomes a draft for its editor alone when it is plain text", async () => {
    const response = await post(`${heading}\n\nNAME AND PREFERRED PRONOUN: Demo Alfa (she/her)\n`);
    expect(response.status).toBe(200);
    expect(response.headers.get("Cache-Control")).toBe("private, no-store");
    expect(response.headers.get("Cloudflare-CDN-Cache-Control")).toBe("no-store");
    expect(response.headers.get("Access-Control-Allow-Origin")).toBeNull();
    const draft = (await response.json()) as any;
    expect(draft.case).toMatchObject({ id: "ua-12-20", people: [{ pronouns: "she/her" }] });
    expect(draft.warnings[0]).toMatchObject({ message: expect.any(String), tag: expect.any(String) });
    expect(draft.text.split("\n")[draft.provenance[0].line - 1]).toContain("12/20");
  });

  it("becomes a draft when it is a .docx, with headers first and without deletions and duplicates", async () => {
    const draft = (await (await post(real, WORD)).json()) as any;
    expect(draft.case).toMatchObject({
      id: "ua-12-20",
      documents: [{ reference: "EUR 46/1098/2020", issuedOn: { date: "2020-05-03" } }],
      people: [{ names: [{ value: "Demo Alfa" }] }],
      action: { until: "2020-06-01" },
    });
  });

  it("may be in the encoding of older programs", async () => {
    const bytes = new Uint8Array([...heading].map((letter) => letter.charCodeAt(0)).concat(10, 0x93, 0xe9, 0x94));
    expect(((await (await post(bytes)).json()) as any).text).toContain("“é”");
  });
});

describe("A body that is no document", () => {
  const bomb = docx(`<w:p><w:r><w:t>${"0".repeat(12 * 1024 * 1024)}</w:t></w:r></w:p>`);
  // Its directory states a false size, as zip bombs do.
  const lying = bomb.map((byte) => byte) as Uint8Array<ArrayBuffer>;
  new DataView(lying.buffer).setUint32(22, 10, true);
  const refused: [what: string, status: number, reason: string | undefined, send: () => Promise<Response>][] = [
    ["no token", 401, undefined, () => post(heading, "text/plain", { Authorization: "" })],
    ["JSON", 415, undefined, () => post("{}", "application/json")],
    ["more than two megabytes", 413, undefined, () => post("x".repeat(2 * 1024 * 1024 + 1))],
    ["nothing", 422, "empty", () => post(" ")],
    ["a PDF", 422, "pdf", () => post("%PDF-1.7\n", "application/pdf")],
    ["binary", 422, "binary", () => post(new Uint8Array(1000), "application/octet-stream")],
    ["an old Word file", 422, "old-word", () => post(new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 0, 0]), WORD)],
    ["a .docx cut short", 422, "broken-docx", () => post(real.slice(0, real.length >> 1), WORD)],
    ["a .docx without its last bytes", 422, "broken-docx", () => post(real.slice(0, -1), WORD)],
    ["a zip of something else", 422, "broken-docx", () => post(zip({ "a.txt": strToU8("a") }), WORD)],
    [
      "a .docx that is not XML",
      422,
      "broken-docx",
      () => post(zip({ "word/document.xml": strToU8("<a><b></a>") }), WORD),
    ],
    [
      "entities that grow",
      422,
      "broken-docx",
      () => post(zip({ "word/document.xml": strToU8('<!DOCTYPE a [<!ENTITY b "bb">]><a>&b;</a>') }), WORD),
    ],
    [
      "nesting without end",
      422,
      "broken-docx",
      () => post(docx("<w:p>".repeat(50_000) + "</w:p>".repeat(50_000)), WORD),
    ],
    ["a zip bomb", 422, "docx-too-large", () => post(bomb, WORD)],
    ["a zip bomb that lies", 422, "docx-too-large", () => post(lying, WORD)],
  ];

  it.each(refused)("is refused: %s", async (_, status, reason, send) => {
    const response = await send();
    const problem = (await response.json()) as any;
    expect([response.status, problem.reason], JSON.stringify(problem)).toEqual([status, reason]);
    expect(problem.remedy).toBeTruthy();
    expect(response.headers.get("Cache-Control")).toBe("private, no-store");
  });

  it("is answered even when it is a megabyte of garbage", async () => {
    const response = await post("gar bage, and so (he/him) on. ".repeat(35_000));
    expect(response.status).toBe(200);
    expect(((await response.json()) as any).warnings.map(({ tag }: any) => tag)).toContain("cut");
  });

  it("can only be sent by POST", async () => {
    const response = await exports.default.fetch(new Request("https://casewire.test/v1/drafts"));
    expect([response.status, response.headers.get("Allow")]).toEqual([405, "POST"]);
  });
});
