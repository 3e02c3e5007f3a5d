/**
 * npm run moment -- --url https://cases.newsroom.org [--seconds 600]
 *
 * Watches a deployment from outside until it is stopped, and reports each
 * update: when every surface changed, and what the deployment says of itself.
 * Exits with 1 when a surface went back to an older revision.
 *
 * npm run moment [-- --lease 5] [--naive] [--no-browser]
 *
 * Reads every surface as fast as possible during the whole life of an invented
 * case, on the real runtime, at leases of 1 s and 5 s, directly and through two
 * caches in a chain, and prints when each surface changed. Exits with 1 when a
 * promise was broken. `--naive` adds caches that break the lease rule, and
 * exits with 1 when their violations were not noticed.
 */
import { cpus } from "node:os";
import { paths } from "../../../shared/addresses.ts";
import { commandOptions } from "../../support/command-options.ts";
import setup from "../../support/contract-setup.ts";
import { type Change, watchFromOutside } from "./outside.ts";
import { tableOf, violationsOf } from "./report.ts";
import { ROUNDING_MS } from "./rules.ts";
import { run } from "./run.ts";

const { lease, naive, browser, url, seconds } = commandOptions({
  lease: ["1", "5"],
  naive: false,
  browser: true,
  url: "",
  seconds: 0,
});
if (url) process.exit(await watchDeployment(url, seconds));

await setup();
console.log(`${cpus()[0]?.model.trim()}, ${cpus().length} cores. Milliseconds after liveAt when each surface was first seen to have turned; "last old" is
when the last reply that still showed the old truth had begun. One clock for all; ${ROUNDING_MS} ms of rounding is allowed.`);
let broken = 0;
for (const leaseSeconds of lease.map(Number)) {
  console.log(
    `\nLEASE_SECONDS ${leaseSeconds}; caches: two of http-cache-semantics in a chain`,
  );
  const rows = await run({
    leaseSeconds,
    life: "whole",
    naive,
    browser,
    say: (line) => console.log(`  ${line}`),
  });
  console.log(`\n${tableOf(rows)}`);
  const found = violationsOf(rows);
  for (const line of found) console.log(`! ${line}`);
  const caught = rows
    .filter(({ path }) => path === "naive caches")
    .some(({ violations }) => violations.length > 0);
  if (naive && !caught)
    console.log("! the caches that break the rule were not caught");
  broken += rows.filter(
    ({ path, violations }) => path !== "naive caches" && violations.length > 0,
  ).length;
  if (naive && !caught) broken++;
}
console.log(
  broken === 0
    ? "\nEvery promise was kept."
    : `\nPromises were broken on ${broken} surfaces.`,
);
process.exit(broken === 0 ? 0 : 1);

/** @param seconds until Ctrl-C when 0 @returns the exit code */
async function watchDeployment(url: string, seconds: number): Promise<number> {
  const origin = URL.parse(url)?.origin;
  if (!origin?.startsWith("http")) {
    console.error("--url takes an address like https://cases.newsroom.org");
    return 1;
  }
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  process.once("SIGTERM", () => stop.abort());
  if (seconds > 0) setTimeout(() => stop.abort(), seconds * 1000).unref();
  let violations = 0;
  const changed = ({ case: id, revision, liveAt, seen }: Change) => {
    const figures = Object.entries(seen).map(
      ([surface, late]) => `${surface} ${(late / 1000).toFixed(2)} s`,
    );
    console.log(
      `${id} revision ${revision}, moment ${liveAt}: seen after ${figures.join(", ")}`,
    );
  };
  const violated = (line: string) => {
    violations++;
    console.log(`! ${line}`);
  };
  console.log(
    "Delays are by the deployment's clock, which its Date header gives to the second. The last line needs no clock.",
  );
  const reads = await watchFromOutside({
    origin,
    signal: stop.signal,
    changed,
    violated,
    say: console.log,
  });
  const status = await fetch(origin + paths.statusJson).catch(() => null);
  if (status?.ok)
    console.log(
      `the deployment's own observations:\n${JSON.stringify(await status.json(), null, 2)}`,
    );
  console.log(
    violations === 0
      ? `${reads} reads: no surface went back to an older revision after another had shown a newer one.`
      : `${violations} of ${reads} reads showed an older revision after a newer one had been seen.`,
  );
  return violations === 0 ? 0 : 1;
}
