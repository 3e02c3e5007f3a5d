/** The lease rule in random histories of the model. `npm run test:model` runs many more of them. */
import { describe, expect, it } from "vitest";
import { scaled, seed } from "../scaled.ts";
import { findFailure, type Layout, layouts } from "./histories.ts";
import { type Clause, rule } from "./lease-model.ts";

/** A seed with which every mutant below is noticed soon, and the most histories that this may take. */
const mutants = { seed: 1, runs: 3_000 };
/** Of a mutant that only few histories show. */
const seeds: Partial<Record<Clause, number>> = { checksEpoch: 14, countsFromBase: 26, asksAgainWhenOvertaken: 7 };

/** The layout in which each clause is needed. */
const needed: Record<Clause, Layout> = {
  checksEpoch: "no relay",
  countsFromBase: "no relay",
  asksForUnlisted: "no relay",
  shortensTerms: "no relay",
  countsFromBefore: "no relay",
  checksJoins: "no relay",
  passesNoRunOutTerms: "one relay",
  dropsAfterStepBack: "no relay",
  waitsForAllPages: "one relay",
  waitsForChangesUpToPages: "no relay",
  asksAgainWhenOvertaken: "one relay",
};

describe("The lease rule", () => {
  it.each(Object.keys(layouts) as Layout[])(
    "never shows a revision early, nor an older one to a read that starts after the moment: %s",
    (layout) => expect(findFailure(rule, layout, { runs: scaled(1_000, 60_000), seed })).toBeNull(),
    scaled(600_000, 3_600_000),
  );

  it.each(Object.entries(needed) as [Clause, Layout][])("is broken without the clause %s: %s", (clause, layout) =>
    expect(
      findFailure({ ...rule, [clause]: false }, layout, { ...mutants, seed: seeds[clause] ?? mutants.seed }),
    ).toContain("had replaced"),
  );
});
