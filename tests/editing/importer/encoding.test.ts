/** Letters that were read in the wrong encoding, and .docx parts in UTF-16 or with other prefixes. */
import { strToU8 } from "fflate";
import { describe, expect, it } from "vitest";
import { isGarbled, repaired } from "../../../worker/editing/importer/encoding.ts";
import { readFile } from "../../../worker/editing/importer/readers/read.ts";
import { docxOf } from "../../docx.ts";
import { read } from "./drafts.ts";

const windows1252 = new TextDecoder("windows-1252");
const misread = (text: string) => windows1252.decode(strToU8(text));
const SENTENCES = [
  "Vyhadaná Kukuvíňa was arrested — “for an invented reason”.",
  "Se teme por la integridad de José Inventado Muñoz, según su hermana.",
  "Вигадану Кукувіну перевели до Демовіля.",
];

describe("Letters in the wrong encoding", () => {
  it.each(SENTENCES)("are repaired after one and after two misreadings: %s", (text) => {
    expect(repaired(misread(text)).text).toBe(text);
    expect(repaired(misread(misread(text))).text).toBe(text);
    expect(repaired(misread(text)).first).not.toBeNull();
  });

  it("are left alone in sound texts, which are not called garbled", () => {
    for (const text of [...SENTENCES, read("ua-126-19-outcome.txt")]) {
      expect(repaired(text)).toEqual({ text, first: null });
      expect(isGarbled(text), text.slice(0, 40)).toBe(false);
    }
  });

  it("are left to a person where nothing shows what they were", () => {
    for (const text of ["Mar�a Inventada", "Mar?a Inventada", "Mar¡a Inventada"]) {
      expect(repaired(text).text).toBe(text);
      expect(isGarbled(text)).toBe(true);
    }
  });
});

describe("The main part of a .docx", () => {
  const MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
  const xml = (prefix: string, encoding: string) =>
    `<?xml version="1.0" encoding="${encoding}"?><${prefix}:document xmlns:${prefix}="${MAIN}"><${prefix}:body><${prefix}:p><${prefix}:r><${prefix}:t>Vyhadaná Kukuvíňa</${prefix}:t></${prefix}:r></${prefix}:p></${prefix}:body></${prefix}:document>`;

  it("may have any prefix", async () => {
    expect((await readFile(docxOf(xml("ns0", "UTF-8")))).text.trim()).toBe("Vyhadaná Kukuvíňa");
  });

  it("may be in UTF-16", async () => {
    const utf16 = new Uint8Array(Buffer.from(`\ufeff${xml("w", "UTF-16")}`, "utf16le"));
    expect((await readFile(docxOf(utf16))).text.trim()).toBe("Vyhadaná Kukuvíňa");
  });

  it("is refused when one stored byte differs from its checksum", async () => {
    const file = docxOf(xml("w", "UTF-8"), {}, { level: 0 });
    const at = Buffer.from(file).indexOf("Kukuv");
    file[at] = "L".charCodeAt(0);
    await expect(readFile(file)).rejects.toThrow(expect.objectContaining({ reason: "broken" }));
  });
});
