/**
 * Which Channels the Ledger tells, in random histories of the model. `npm run
 * test:model` runs many more of them.
 */
import { describe, expect, it } from "vitest";
import { scaled, seed } from "../support/scaled.ts";
import { type Clause, rule, tryHistories } from "./channel-model.ts";

/** The most histories that it may take to notice a mutant. */
const mutants = { seed: 1, runs: 20_000 };

describe("A Ledger that tells Channels while their registration runs", () => {
  it("leaves no open socket on an older revision", () =>
    tryHistories(rule, { runs: scaled(2_000, 60_000), seed }));

  it.each(Object.keys(rule) as Clause[])(
    "is broken without the clause %s",
    (clause) =>
      expect(() => tryHistories({ ...rule, [clause]: false }, mutants)).toThrow(
        "had replaced",
      ),
  );
});
