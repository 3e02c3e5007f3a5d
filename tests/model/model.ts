/** `npm run test:model`: checks the lease rule in many random histories of the model. Options: `--runs 60000`, `--seed 1`. */
import { parseArgs } from "node:util";
import { findFailure, type Layout, layouts } from "./histories.ts";
import { rule } from "./lease-model.ts";

const { values } = parseArgs({
  options: { runs: { type: "string", default: "60000" }, seed: { type: "string", default: String(Date.now() % 1e6) } },
});
const [runs, seed] = [Number(values.runs), Number(values.seed)];
for (const layout of Object.keys(layouts) as Layout[]) {
  const failure = findFailure(rule, layout, { runs, seed });
  console.log(`${layout}: ${failure ?? `kept in ${runs} histories (seed ${seed})`}`);
  if (failure) process.exitCode = 1;
}
