/** `npm run test:model`: checks the lease rule in many random histories of the model. Options: `--runs 60000`, `--seed 1`. */

import { commandOptions } from "../command-options.ts";
import { findFailure, type Layout, layouts } from "./histories.ts";
import { rule } from "./lease-model.ts";

const { runs, seed } = commandOptions({ runs: 60_000, seed: Date.now() % 1e6 });
for (const layout of Object.keys(layouts) as Layout[]) {
  const failure = findFailure(rule, layout, { runs, seed });
  console.log(`${layout}: ${failure ?? `kept in ${runs} histories (seed ${seed})`}`);
  if (failure) process.exitCode = 1;
}
