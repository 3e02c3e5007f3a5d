/** Texts that aren't documents. tests/linear.test.ts measures the importer's time. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { draftFrom } from "../../../worker/editing/importer/importer.ts";
import { codePoint } from "../../code-point.ts";
import { profile } from "../../profile.ts";
import { scaled } from "../../scaled.ts";
import { draft } from "./drafts.ts";

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
          fc.array(fc.oneof({ weight: 6, arbitrary: pieces }, { weight: 1, arbitrary: letters }), { maxLength: 60 }),
          (parts) => {
            const text = parts.join("");
            const read = draftFrom(text, profile);
            const lines = text.split(/\r\n?|[\n\u2028\u2029\f\v]/).length;
            for (const { line } of [...read.provenance, ...read.toRestate]) {
              expect(line).toBeGreaterThan(0);
              expect(line).toBeLessThanOrEqual(lines);
            }
            expect(JSON.stringify(read.case)).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
          },
        ),
        { numRuns: scaled(300) },
      );
    },
    scaled(20_000),
  );

  it("reads the beginning of a megabyte, and says so", () => {
    expect(draft(`UA 1/20 Demo Concern\n${"garbage in many words. ".repeat(50_000)}`).tags).toContain("cut");
  });
});
