/** Letters that were read in the wrong encoding, and damaged .docx parts. */
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
  const xml = (prefix: string) =>
    `<${prefix}:document xmlns:${prefix}="${MAIN}"><${prefix}:body><${prefix}:p><${prefix}:r><${prefix}:t>Vyhadaná Kukuvíňa</${prefix}:t></${prefix}:r></${prefix}:p></${prefix}:body></${prefix}:document>`;

  it("is refused when no word processor wrote it so", async () => {
    for (const content of [xml("ns0"), new Uint8Array(Buffer.from(`\ufeff${xml("w")}`, "utf16le"))])
      await expect(readFile(docxOf(content))).rejects.toMatchObject({ reason: "broken" });
  });

  it("is refused when one stored byte differs from its checksum", async () => {
    const file = docxOf(xml("w"), {}, { level: 0 });
    const at = Buffer.from(file).indexOf("Kukuv");
    file[at] = "L".charCodeAt(0);
    await expect(readFile(file)).rejects.toThrow(expect.objectContaining({ reason: "broken" }));
  });
});
