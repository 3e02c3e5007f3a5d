import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { head } from "../../shared/revision.ts";
import { scaled } from "../scaled.ts";

// As in the Ledger, the moment strictly increases with the number.
const history = fc
  .array(fc.integer({ min: 1, max: 1000 }), { maxLength: 20 })
  .map((steps) =>
    steps.map((_, index) => ({ number: index + 1, liveAt: steps.slice(0, index + 1).reduce((a, b) => a + b, 0) })),
  );

describe("The head of a case", () => {
  it("is the newest revision whose moment has come", () => {
    fc.assert(
      fc.property(history, fc.integer({ min: -10, max: 21_000 }), (revisions, now) => {
        const live = revisions.filter(({ liveAt }) => liveAt <= now);
        expect(head(revisions, now)).toBe(live.at(-1) ?? null);
        expect(head(revisions.toReversed(), now)).toBe(live.at(-1) ?? null);
      }),
      { numRuns: scaled(100) },
    );
  });

  it("changes in the very millisecond of the moment, and never goes back", () => {
    fc.assert(
      fc.property(history, (revisions) => {
        for (const revision of revisions) {
          expect(head(revisions, revision.liveAt)).toBe(revision);
          expect(head(revisions, revision.liveAt - 1)?.number ?? 0).toBe(revision.number - 1);
        }
      }),
      { numRuns: scaled(100) },
    );
  });
});
