/**
 * `npm run bench`: compares reads with the simplest ways to send the same bytes (`reads.ts`), and the widget's script with a bare page in a
 * browser (`script-time.ts`), on one machine and in one run. Options: `--rounds 60`, `--reads` for the reads only, and `--script` for the
 * script only.
 */
import { buildScripts } from "../../worker/tools/local/runtime.ts";
import { commandOptions } from "../command-options.ts";
import { machine } from "./filled-worker.ts";
import { readRows } from "./reads.ts";
import { scriptTable } from "./script-time.ts";

const { rounds, reads, script } = commandOptions({ rounds: 60, reads: false, script: false });
const SCRIPT_ROUNDS = 20;

if (!script) console.log(`\n${machine()}; ${rounds} rounds\n\n${await readRows(rounds)}`);
if (!reads) {
  await buildScripts();
  const table = await scriptTable(SCRIPT_ROUNDS);
  console.log(`\n${machine()}; median (quartiles) of ${SCRIPT_ROUNDS} visits\n\n${table}`);
}
process.exit(0);
