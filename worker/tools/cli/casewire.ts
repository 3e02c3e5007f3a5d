/** `npm run casewire --`: the desk from the shell. docs/shell.md says what each command does and how it ends. */
import { Command, InvalidArgumentError, Option } from "commander";
import { notifications, withdrawalReasons } from "../../../shared/revision.ts";
import { auditVerify } from "./audit-verify.ts";
import { exportTo, restoreFrom } from "./backup.ts";
import { deliveries } from "./deliveries.ts";
import { check, importDocument } from "./documents.ts";
import { rotateKeys } from "./keys-rotate.ts";
import { momentFrom } from "./moment.ts";
import { ending, exitCodes, Outcome } from "./outcome.ts";
import { publish } from "./publish.ts";
import { approve, listProposals, reject } from "./review.ts";
import { diff, show } from "./revisions.ts";
import { undo, withdraw } from "./take-back.ts";

const wholeNumber = (text: string): number => {
  if (!/^(0|[1-9]\d{0,8})$/.test(text)) throw new InvalidArgumentError("It must be a whole number.");
  return Number(text);
};

const hash = (text: string): string => {
  if (!/^[0-9a-f]{64}$/.test(text))
    throw new InvalidArgumentError("It must be a hash: 64 digits and letters from a to f.");
  return text;
};

const collect = (text: string, before: string[] = []) => [...before, text];

/** Programs are told in JSON that they were not understood, too. */
const forPrograms = process.argv.includes("--json");

const program = new Command("casewire")
  .exitOverride(({ exitCode, message }) => {
    const error = {
      title: "Not understood",
      detail: message.replace(/^error: /, ""),
      remedy: "Add --help to see how it is used.",
      exitCode: exitCodes.usage,
    };
    if (exitCode !== 0 && forPrograms) console.log(JSON.stringify({ error }, null, 2));
    process.exit(exitCode === 0 ? 0 : exitCodes.usage);
  })
  .configureOutput(forPrograms ? { writeErr: () => {} } : {})
  .description("Cases from the shell, through the same API as the desk.")
  .showHelpAfterError("Add --help to see how it is used.")
  .configureHelp({ showGlobalOptions: true })
  .addHelpText(
    "after",
    `
Which deployment: PUBLIC_URL and EDITOR_TOKEN in the environment; without them, the local run.
Exit codes: 0 done, ${exitCodes.refused} refused, ${exitCodes.usage} usage, ${exitCodes.unreachable} unreachable, ${exitCodes.signedOut} not signed in, ${exitCodes.takenBack} taken back.`,
  );

/** A command whose action gets its arguments, then its options; with `--json` it prints one JSON document. */
function command(words: string, description: string, examples: string[]): Command {
  return program
    .command(words)
    .description(description)
    .option("--json", "print one JSON document, for programs")
    .addHelpText("after", `\nExamples:\n${examples.map((line) => `  npm run casewire -- ${line}`).join("\n")}`);
}

type Options = { json?: boolean };

const running =
  <A extends unknown[]>(run: (outcome: Outcome, ...input: A) => Promise<void>) =>
  async (...input: unknown[]) => {
    // Commander adds the command itself at the end.
    const given = input.slice(0, -1) as A;
    const { json = false } = given.at(-1) as Options;
    await ending(json, () => run(new Outcome(json), ...given));
  };

command("check <file>", "What is wrong with a case or missing in it; what a document says. Asks nobody.", [
  "check case.json",
  "check ua-126-19.docx",
]).action(running(check));

command("import <file>", "A document (text, .docx) becomes a case to be mended and published", [
  "import ua-126-19.docx -o case.json",
  "import outcome.txt --offline",
])
  .option("-o, --output <file>", "where the case goes; to standard output when absent")
  .option("--offline", "do not ask the deployment for the case that the document may belong to")
  .action(running(importDocument));

command("show <id>", "The newest revision of a case, as a file that `publish` takes", ["show ua-126-19 -o case.json"])
  .option("-o, --output <file>", "where it goes; to standard output when absent")
  .action(running(show));

command("diff <file>", "What would change, against the newest revision", ["diff case.json", "diff case.json --lang uk"])
  .option("--lang <tag>", "the language the changes are said in", "en")
  .action(running(diff));

const publishing = (words: string, description: string, examples: string[]) =>
  command(words, description, examples)
    .option("--note <text>", "what changed: TEXT in the case's own language, or LANG=TEXT; again for each", collect)
    .option("--on <number>", "the revision it is based on; what the file says, else the newest", wholeNumber)
    .option("--replace <number>", "the pending revision it replaces", wholeNumber)
    .addOption(new Option("--notify <how>", "how followers are told").choices([...notifications]));

publishing("publish <file>", "Publish now; until it is live, Ctrl-C takes it back", [
  'publish case.json --note "Released on bail"',
  'publish case.json --kind correction --note "The date was wrong" --note uk="Дата була хибна" --notify silent',
])
  .addOption(new Option("--kind <kind>", "what it is").choices(["update", "correction"]))
  .option("--no-wait", "do not wait until it is live")
  .action(running((outcome, file: string, options) => publish(outcome, file, options as never)));

publishing("schedule <file>", "Publish at a moment", [
  'schedule case.json --at "2026-12-01 09:00" --note "Released on bail"',
  "schedule case.json --at 2026-12-01T09:00+02:00",
])
  .requiredOption("--at <moment>", "when; this machine's time zone, unless it names one", momentFrom)
  .addOption(new Option("--kind <kind>", "what it is").choices(["update", "correction"]))
  .action(running((outcome, file: string, options) => publish(outcome, file, { ...(options as object), wait: false })));

publishing("redact <file>", "Publish, and erase everything the case said before", [
  'redact case.json --note "A name was taken out" --yes ua-126-19',
])
  .option("--yes <id>", "the case's id, instead of typing it")
  .option("--no-wait", "do not wait until it is live")
  .action(
    running((outcome, file: string, options) => publish(outcome, file, { ...(options as object), kind: "redaction" })),
  );

command("undo <id>", "Take back what is not live yet", ["undo ua-126-19", "undo ua-126-19 4"])
  .argument("[number]", "the newest pending revision when absent", wholeNumber)
  .option("-o, --output <file>", "where to keep what was taken back; to standard output when absent")
  .action(running(undo));

command("withdraw <id>", "Take a case away from every surface, and erase it", ["withdraw ua-126-19 --reason consent"])
  .addOption(
    new Option("--reason <reason>", "said in one word, to everybody")
      .choices([...withdrawalReasons])
      .default("unstated"),
  )
  .option("--yes <id>", "the case's id, instead of typing it")
  .action(running(withdraw));

command(
  "proposals [proposal]",
  "What waits for a second editor; with an id, the whole of it: each field, old and new",
  ["proposals", "proposals 0b9c..."],
).action(running(listProposals));

command("approve <proposal>", "Publish what another editor proposed", [
  "approve 0b9c...",
  "approve 0b9c... --hash 5d41... --yes ua-126-19",
])
  .option("--hash <hash>", "of the proposal that was read, as `proposals ID` shows it", hash)
  .option("--yes <id>", "the case's id, instead of typing it; with --hash")
  .option("--no-wait", "do not wait until it is live")
  .action(running(approve));

command("reject <proposal>", "Give a proposal back to its author's drafts; one's own is taken back", [
  'reject 0b9c... --reason "The source is missing"',
])
  .option("--reason <text>", "said to its author")
  .action(running(reject));

command("export", "A backup of everything but followers; each of its other files apart", [
  "export -o backup.ndjson",
  "export --erasures -o erasures.ndjson",
  "export --followers",
])
  .option("-o, --output <file>", "where it goes; a name with today's date when absent")
  .option(
    "--erasures",
    "only what was withdrawn, redacted or cancelled, without content: to be kept beside older backups",
  )
  .option("--audit", "only the log of who did what")
  .option("--followers", "only who follows what, its ids encrypted with FOLLOWER_KEY")
  .action(running(exportTo));

command("restore <file>", "A backup into an empty deployment, whole or nothing", [
  "restore backup.ndjson --erasures erasures.ndjson",
  "restore followers.ndjson",
])
  .addOption(new Option("--erasures <file>", "the newest erasures: what was erased since stays so"))
  .option("--no-erasures", "there are none; what was erased since the backup is shown again")
  .action(running(restoreFrom));

command("audit:verify [file]", "Whether the log of who did what is whole, and what was committed is what it tells of", [
  "audit:verify",
  "audit:verify backup.ndjson --expect 5d41...",
])
  .option("--expect <hash>", "which the log ended with when it was last verified", hash)
  .action(running(auditVerify));

command("deliveries", "What waits for Telegram, and what is parked", ["deliveries", "deliveries --retry"])
  .option("--retry", "try what is parked again")
  .action(running(deliveries));

command("keys:rotate", "Re-encrypt followers' ids under the newest key of FOLLOWER_KEY", ["keys:rotate"]).action(
  running(rotateKeys),
);

await program.parseAsync();
