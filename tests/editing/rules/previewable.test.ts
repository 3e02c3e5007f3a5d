/**
 * Previews of unfinished cases: they show what is there, never fail and never
 * add a fact.
 */

import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { Case } from "../../../shared/case/schema.ts";
import { withPlainTexts } from "../../../shared/case/text.ts";
import { isFields } from "../../../shared/fields.ts";
import { viewCase } from "../../../shared/view/view.ts";
import { previewable } from "../../../worker/editing/rules/previewable.ts";
import demo from "../../../worker/tools/local/cases/ua-0-00.json" with {
  type: "json",
};
import real from "../../../worker/tools/local/cases/ua-126-19.json" with {
  type: "json",
};
import { damaged } from "../../fuzz/values.ts";
import { inventedRevision } from "../../support/invented.ts";
import { profile } from "../../support/profile.ts";
import { scaled } from "../../support/scaled.ts";

const drafts = damaged(damaged(fc.constant(real as never))).filter(isFields);

function strings(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return Object.values(Object(value)).flatMap(strings);
}

describe("The preview of an unfinished case", () => {
  it("shows a complete case completely", () => {
    for (const whole of [demo, real])
      expect(previewable(whole as never)).toEqual(v.parse(Case, whole));
  });

  it("takes a language that has no text form", () => {
    const fields = {
      ...demo,
      language: [{ toString: null }],
      title: undefined,
    };
    expect(() => previewable(fields as never)).not.toThrow();
  });

  it("shows any content or nothing, and adds nothing but gaps", () => {
    fc.assert(
      fc.property(drafts, (fields) => {
        const before = JSON.stringify(fields);
        const shown = previewable(fields as never);
        expect(JSON.stringify(fields)).toBe(before);
        if (!shown) return;
        for (const locale of ["en", "ar"] as const)
          expect(() =>
            viewCase(shown, inventedRevision(), locale, 0, profile),
          ).not.toThrow();
        const known = new Set(strings(fields));
        const trimmed = new Set([...known].map((one) => one.trim()));
        const added = strings(withPlainTexts(shown)).filter(
          (text) => !known.has(text.trim()) && !trimmed.has(text),
        );
        expect(
          added.filter(
            (text) => text !== "…" && text !== "https://example.invalid",
          ),
        ).toEqual([]);
      }),
      { numRuns: scaled(40, 1_600), endOnFailure: true },
    );
  });
});
