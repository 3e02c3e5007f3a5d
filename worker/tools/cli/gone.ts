/**
 * `gone`: what is left to do after an erasure, and what a program can do of it.
 * docs/runbooks/erase-a-person.md has the whole list.
 */
import { configuredDeployment } from "./deployment.ts";
import { type CommandOutcome, count, Stop } from "./outcome.ts";
import { confirm } from "./terminal.ts";

export async function gone(
  outcome: CommandOutcome,
  name: string,
  { yes }: { yes?: boolean },
): Promise<void> {
  const deployment = await configuredDeployment(outcome);
  const { cases } = await deployment.listCases({ q: name });
  if (cases.length > 0)
    throw new Stop("refused", {
      title: "The name still stands",
      detail: `Readers find it in ${cases.map(({ id }) => id).join(", ")}. Nothing was changed.`,
      remedy:
        "Erase it there in the desk, wait for the moment, and run this again. Other spellings need runs of their own.",
      cases: cases.map(({ id }) => id),
    });
  outcome.say(`No case that readers see has “${name}”.`);
  const hasBucket = await deployment.listBackups().then(
    () => true,
    (error) => {
      if (
        error instanceof Stop &&
        String(error.trouble.type).endsWith(":no-bucket")
      )
        return false;
      throw error;
    },
  );
  let deleted = 0;
  if (hasBucket) {
    if (!yes)
      await confirm(outcome, {
        expected: "delete",
        option: "--yes",
        question:
          "A new backup is made, and all older ones are deleted for good. Type delete to go on: ",
      });
    ({ deleted } = await deployment.renewBackups());
    outcome.say(
      `A new backup was made, and ${count(deleted, "older file")} deleted.`,
    );
  }
  outcome.say(
    "What is left, and no program of ours can do:",
    `- Each mirror: npm run casewire -- mirror FOLDER, or ask whoever runs it.`,
    "- Search engines and web archives: ask each to remove the addresses of the case.",
    "- Cloudflare's own copies of the storage end after 30 days.",
    "- Exports that somebody saved, and messages that people copied.",
  );
  outcome.result({ name, deleted });
}
