/**
 * The lease rule in random histories of the model. `npm run test:model` runs
 * many more of them.
 */
import { expect, it } from "vitest";
import { scaled, seed } from "../support/scaled.ts";
import { tryHistories } from "./histories.ts";
import { type Clause, rule } from "./lease-model.ts";

it("The lease rule never shows a revision early, nor an older one to a read that starts after the moment", () =>
  tryHistories(rule, { runs: scaled(3_000, 180_000), seed }));

/** The most histories that it may take to notice a mutant. */
const mutants = { runs: 3_000, seed: 1 };

it.each(Object.keys(rule) as Clause[])(
  "The lease rule is broken without the clause %s",
  (clause) =>
    expect(() => tryHistories({ ...rule, [clause]: false }, mutants)).toThrow(
      "had replaced",
    ),
);
