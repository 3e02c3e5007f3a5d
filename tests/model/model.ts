/** `npm run test:model`: checks the rules in many random histories of their models. Options: `--runs 60000`, `--seed 1`. */

import { commandOptions } from "../command-options.ts";
import * as channels from "./channel-model.ts";
import { findFailure, type Layout, layouts } from "./histories.ts";
import { rule } from "./lease-model.ts";

const { runs, seed } = commandOptions({ runs: 60_000, seed: Date.now() % 1e6 });
function report(name: string, failure: string | null): void {
  console.log(`${name}: ${failure ?? `kept in ${runs} histories (seed ${seed})`}`);
  if (failure) process.exitCode = 1;
}
for (const layout of Object.keys(layouts) as Layout[]) report(layout, findFailure(rule, layout, { runs, seed }));
report("the Channels that are told", channels.findFailure(channels.rule, { runs, seed }));
