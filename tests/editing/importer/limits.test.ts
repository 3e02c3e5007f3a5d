/**
 * Texts that aren't documents, and streams of PDFs that unpack to too much.
 * tests/linear.test.ts measures the importer's time.
 */

import fc from "fast-check";
import { strToU8, zlibSync } from "fflate";
import { describe, expect, it } from "vitest";
import { draftFrom } from "../../../worker/editing/importer/importer.ts";
import { readFile } from "../../../worker/editing/importer/readers/read.ts";
import { codePoint } from "../../support/code-point.ts";
import { pdfOf } from "../../support/pdf.ts";
import { profile } from "../../support/profile.ts";
import { scaled } from "../../support/scaled.ts";

describe("The importer, given something that is no document,", () => {
  const letters = fc.string({ unit: codePoint, maxLength: 8 });
  const pieces = fc.constantFrom(
    ..."UA 12/20|Index: EUR 46/1098/2020|Date: 3 May 2020|\n|\t|, | and |(he/him)|Demo Alfa|KENYA\t|(m)|aged 17|sentenced to |12 years|Name: |Dear |25 June|“|”|.|NO FURTHER ACTION IS REQUESTED|APPEALS TO:|\u202e|о|⟦0⟧|https://www.amnesty.org/en/documents/EUR46/1/2020/en/|This is the first update of |[email protected]|__proto__|constructor".split(
      "|",
    ),
  );
  it(
    "accepts any text, fills only fields that fit the schema, and knows each field's line",
    () => {
      fc.assert(
        fc.property(
          fc.array(
            fc.oneof(
              { weight: 6, arbitrary: pieces },
              { weight: 1, arbitrary: letters },
            ),
            { maxLength: 60 },
          ),
          (parts) => {
            const text = parts.join("");
            const read = draftFrom(text, profile);
            const lines = text.split(/\r\n?|[\n\u2028\u2029\f\v]/).length;
            for (const { line } of read.provenance) {
              expect(line).toBeGreaterThan(0);
              expect(line).toBeLessThanOrEqual(lines);
            }
            expect(JSON.stringify(read.case)).not.toMatch(
              /[\u202a-\u202e\u2066-\u2069]/,
            );
          },
        ),
        { numRuns: scaled(300) },
      );
    },
    scaled(600_000, 1_200_000),
  );
});

describe("A stream of a PDF", () => {
  const ascii85 = (bytes: Uint8Array) => {
    const groups = Array.from(
      { length: Math.ceil(bytes.length / 4) },
      (_, at) => {
        const own = bytes.subarray(at * 4, at * 4 + 4);
        const value = [0, 1, 2, 3].reduce(
          (sum, index) => sum * 256 + (own[index] ?? 0),
          0,
        );
        const digits = [4, 3, 2, 1, 0].map((power) =>
          String.fromCharCode((Math.floor(value / 85 ** power) % 85) + 33),
        );
        return digits.join("").slice(0, own.length + 1);
      },
    );
    return strToU8(`${groups.join("")}~>`);
  };
  const content = strToU8("BT /F1 10 Tf 50 800 Td <00010002> Tj ET");
  const read = async (filter: string, bytes: Uint8Array) =>
    (await readFile(pdfOf([["ab"]], { stream: { filter, bytes } }))).text;

  it.each<[string, Uint8Array]>([
    ["[/ASCII85Decode /FlateDecode]", ascii85(zlibSync(content))],
    ["[/Fl /Fl]", zlibSync(zlibSync(content))],
  ])("is read when it is packed with %s", async (filter, bytes) =>
    expect(await read(filter, bytes)).toBe("ab"),
  );

  const zeros = zlibSync(new Uint8Array(34_000_000), { level: 1 });
  it.each<[string, Uint8Array]>([
    ["/LZWDecode", content],
    ["/RunLengthDecode", content],
    ["/F#6cateDecode", zeros],
    ["[/ASCII85Decode /FlateDecode]", ascii85(zeros)],
    ["[/FlateDecode /FlateDecode]", zlibSync(zeros)],
    ["5 0 R", content],
  ])("is refused when it unpacks to too much with %s", async (filter, bytes) =>
    expect(read(filter, bytes)).rejects.toThrow(
      expect.objectContaining({ reason: "too-large" }),
    ),
  );

  it("is refused when it is encrypted, also with an empty password", async () => {
    for (const key of ["/Encrypt 9 0 R", "/#45ncr#79pt<</V 4>>"])
      await expect(
        readFile(pdfOf([["ab"]], { trailer: key })),
      ).rejects.toMatchObject({ reason: "encrypted" });
  });
});
