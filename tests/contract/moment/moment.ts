/**
 * npm run moment [-- --lease 5] [--cases 1000] [--nginx] [--naive seconds-left|keep] [--no-browser]
 *
 * Reads every surface as fast as possible during the whole life of an invented case, on the real runtime, at leases of 1 s and 5 s,
 * directly and through two caches in a chain, and prints when each surface changed. Exits with 1 when a promise was broken. `--nginx`
 * uses two stock nginx as caches. `--cases` adds so many other cases, which are read and updated meanwhile. `--naive` adds caches that break the lease rule, and exits with 1 when their violations were not
 * noticed.
 */
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import setup from "../../contract-setup.ts";
import { tableOf, violationsOf } from "./report.ts";
import { ROUNDING_MS } from "./rules.ts";
import { run } from "./run.ts";

const { values } = parseArgs({
  options: {
    lease: { type: "string", multiple: true },
    cases: { type: "string", default: "0" },
    nginx: { type: "boolean", default: false },
    naive: { type: "string" },
    browser: { type: "boolean", default: true },
  },
  allowNegative: true,
});
const { naive, nginx, browser } = values;
if (naive !== undefined && naive !== "seconds-left" && naive !== "keep") {
  console.error("--naive takes seconds-left or keep");
  process.exit(1);
}

await setup();
console.log(`${cpus()[0]?.model.trim()}, ${cpus().length} cores. Milliseconds after liveAt when each surface was first seen to have turned; "last old" is
when the last reply that still showed the old truth had begun. One clock for all; ${ROUNDING_MS} ms of rounding is allowed.`);
let broken = 0;
for (const lease of values.lease ?? ["1", "5"]) {
  console.log(`\nLEASE_SECONDS ${lease}; caches: two ${nginx ? "nginx" : "of http-cache-semantics"} in a chain`);
  const rows = await run({
    leaseSeconds: Number(lease),
    life: "whole",
    caches: nginx ? "nginx" : "npm",
    ...(naive ? { naive } : {}),
    browser,
    otherCases: Number(values.cases),
    telegram: true,
    say: (line) => console.log(`  ${line}`),
  });
  console.log(`\n${tableOf(rows)}`);
  const found = violationsOf(rows);
  for (const line of found) console.log(`! ${line}`);
  const caught = rows.filter(({ path }) => path === "naive caches").some(({ violations }) => violations.length > 0);
  if (naive && !caught) console.log("! the caches that break the rule were not caught");
  broken += rows.filter(({ path, violations }) => path !== "naive caches" && violations.length > 0).length;
  if (naive && !caught) broken++;
}
console.log(broken === 0 ? "\nEvery promise was kept." : `\nPromises were broken on ${broken} surfaces.`);
process.exit(broken === 0 ? 0 : 1);
