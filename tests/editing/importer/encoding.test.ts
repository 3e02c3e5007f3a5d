/** Letters that were read in the wrong encoding, and .docx parts in UTF-16 or with other prefixes. */
import { describe, expect, it } from "vitest";
import { isGarbled } from "../../../worker/editing/importer/encoding.ts";
import { readFile } from "../../../worker/editing/importer/readers/read.ts";
import { docxOf } from "../../docx.ts";
import { read } from "./drafts.ts";

it("Letters in the wrong encoding are told, and those of sound texts are not", () => {
  const sound = [
    "Vyhadaná Kukuvíňa — “for an invented reason”",
    "Вигадану Кукувіну перевели",
    read("ua-126-19-outcome.txt"),
  ];
  for (const text of sound) expect(isGarbled(text), text.slice(0, 40)).toBe(false);
  for (const text of ["MarÃ­a Inventada", "Mar�a Inventada", "Mar?a Inventada", "Mar¡a Inventada", "Ð”ÐµÐ¼Ð¾"])
    expect(isGarbled(text), text).toBe(true);
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
