/**
 * `npm run reset`: deletes every case, follower and message of the local run,
 * after asking.
 */
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import { Command } from "commander";
import { localRun, stateFolder } from "./state.ts";

const { yes } = new Command("npm run reset --")
  .option("-y, --yes", "don't ask")
  .parse()
  .opts<{ yes?: boolean }>();

async function confirmed(): Promise<boolean> {
  if (yes) return true;
  if (!process.stdin.isTTY) {
    console.error(
      "Nothing was deleted, because this is not a terminal. To delete without asking: npm run reset -- --yes",
    );
    process.exit(1);
  }
  const terminal = createInterface({
    input: process.stdin,
    output: process.stdout,
  });
  const answer = await terminal.question(
    "Delete every case, follower and message of the local run? [y/N] ",
  );
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

const running = localRun();
if (running) {
  console.error(
    `Casewire is running (process ${running.pid}). Stop it first, then reset.`,
  );
  process.exit(1);
}
if (!existsSync(stateFolder)) console.log("There is nothing to delete.");
else if (await confirmed()) {
  await rm(stateFolder, { recursive: true, force: true });
  console.log("Deleted. The next npm start loads the first cases again.");
} else console.log("Nothing was deleted.");
