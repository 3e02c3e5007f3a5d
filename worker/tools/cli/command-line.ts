/** The commands of `npm run casewire --`. docs/shell.md describes them and their exit codes. */
import { existsSync } from "node:fs";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { typedIdsIn } from "../../../shared/profile/numbers.ts";
import { notifications, withdrawalReasons } from "../../../shared/revision.ts";
import { type CaseFilter, caseFilters } from "../../editing/rules/case-filters.ts";
import { roles } from "../../editing/rules/roles.ts";
import { readConfiguredProfile } from "../local/profile.ts";
import { momentFrom } from "./moment.ts";
import { exitCodeOf, exitCodes, Outcome, type Terminal } from "./outcome.ts";

const wholeNumber = (text: string): number => {
  if (!/^(0|[1-9]\d{0,8})$/.test(text)) throw new InvalidArgumentError("It must be a whole number.");
  return Number(text);
};

const hash = (text: string): string => {
  if (!/^[0-9a-f]{64}$/.test(text)) throw new InvalidArgumentError("It must be a hash of 64 hexadecimal digits.");
  return text;
};

/** An id, also from a number as people type it. */
const caseId = (text: string): string => {
  const read = readConfiguredProfile();
  const [id, ...more] = ("profile" in read && typedIdsIn(text, read.profile)) || [];
  return id !== undefined && more.length === 0 ? id : text;
};

const collectPair = (text: string, before: string[][] = []): string[][] => {
  const ids = text.split(",");
  if (ids.length !== 2 || ids.includes("")) throw new InvalidArgumentError("It must be two ids with a comma between.");
  return [...before, ids];
};

const collect = (text: string, before: string[] = []) => [...before, text];

type Options = { json?: boolean };

const filterHelp: Record<CaseFilter, string> = {
  open: "only cases that are neither withdrawn nor closed",
  withdrawn: "only withdrawn cases",
  pending: "only cases with a revision that is not live yet",
  waiting: "only cases with a proposal that waits for a second editor",
  outdated: "only cases with outdated translations",
  stale: "only cases whose facts are older than 180 days",
  deadline: "only cases whose deadline is ahead, the next one first",
  lapsed: "only cases whose deadline has passed and whose action is still open",
};

/** Runs the command that the words name. @returns its exit code */
export async function runCommand(words: string[], terminal: Terminal): Promise<number> {
  let exitCode = 0;
  /** With --json, invalid usage is reported in JSON too. */
  const asJson = words.includes("--json");

  const program = new Command("casewire")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => asJson || terminal.stderr.write(text),
    })
    .description("Edit and publish cases from the shell, through the same API as the desk.")
    .showHelpAfterError("Add --help for usage.")
    .configureHelp({ showGlobalOptions: true })
    .addHelpText(
      "after",
      `
Environment: PUBLIC_URL and EDITOR_TOKEN choose the deployment. The default is the local run of npm start.
Exit codes: 0 success, ${exitCodes.refused} refused, ${exitCodes.usage} usage, ${exitCodes.unreachable} unreachable, ${exitCodes.signedOut} not signed in, ${exitCodes.takenBack} taken back.`,
    );

  /** Declares a command. With `--json` it prints one JSON document. */
  function command(words: string, description: string, examples: string[]): Command {
    return program
      .command(words)
      .description(description)
      .option("--json", "print one JSON document")
      .addHelpText("after", `\nExamples:\n${examples.map((line) => `  npm run casewire -- ${line}`).join("\n")}`);
  }

  /**
   * Wraps a command's function, which gets its arguments and then its options. It is imported when its command runs: loading all commands
   * takes longer than most of them run.
   */
  const handler =
    <A extends unknown[]>(load: () => Promise<(outcome: Outcome, ...input: A) => Promise<void>>) =>
    async (...input: unknown[]) => {
      // Commander passes the command itself last.
      const given = input.slice(0, -1) as A;
      const { json = false } = given.at(-1) as Options;
      const outcome = new Outcome(json, terminal);
      exitCode = await exitCodeOf(outcome, async () => (await load())(outcome, ...given));
    };

  const listing = command(
    "list [words...]",
    "List cases, the last edited first; WORDS search names, titles, places and numbers",
    ["list", "list crimea --open", "list --outdated --stale --json"],
  );
  for (const filter of caseFilters) listing.option(`--${filter}`, filterHelp[filter]);
  listing.action(handler(async () => (await import("./list.ts")).list));

  command("check <file>", "Check a case for problems, or show what a document contains; works offline", [
    "check case.json",
    "check ua-126-19.docx",
  ]).action(handler(async () => (await import("./documents.ts")).check));

  command("import <file>", "Make a case to edit from a document (text or .docx)", [
    "import ua-126-19.docx -o case.json",
    "import outcome.txt --offline",
  ])
    .option("-o, --output <file>", "a new file for the case (default: standard output)")
    .option("--offline", "don't read the existing case from the deployment")
    .action(handler(async () => (await import("./documents.ts")).importDocument));

  command("show", "Write the newest revision of a case, to edit and publish", ["show ua-126-19 -o case.json"])
    .argument("<id>", "the case, as ua-126-19 or UA 126/19", caseId)
    .option("-o, --output <file>", "a new file for the case (default: standard output)")
    .action(handler(async () => (await import("./revisions.ts")).show));

  command("diff <file>", "Compare a file with the newest revision", ["diff case.json", "diff case.json --lang uk"])
    .option("--lang <tag>", "the language of the summary for readers", "en")
    .action(handler(async () => (await import("./revisions.ts")).diff));

  /** @param fixed options that the command sets itself */
  const publisher = (fixed: object) =>
    handler(async () => {
      const { publish } = await import("./publish.ts");
      return (outcome, file: string, options: object) => publish(outcome, file, { ...options, ...fixed });
    });

  const committing = (words: string, description: string, examples: string[]) =>
    command(words, description, examples)
      .option(
        "--on <number>",
        "the revision that the file is based on (default: basedOn in the file, else the newest)",
        wholeNumber,
      )
      .option("--replace <number>", "the pending revision to replace", wholeNumber)
      .option(
        "--two-people <id,id>",
        "confirm that two people with almost the same name are two (repeatable)",
        collectPair,
      )
      .addOption(
        new Option("--notify <how>", "the notification for followers (default: in the file, else loud)").choices([
          ...notifications,
        ]),
      );

  const publishing = (words: string, description: string, examples: string[]) =>
    committing(words, description, examples).option(
      "--note <text>",
      "what changed: TEXT in the case's language, or LANG=TEXT (repeatable)",
      collect,
    );

  publishing("publish <file>", "Publish a revision now; Ctrl-C takes it back until it is live", [
    'publish case.json --note "Released on bail"',
    'publish case.json --kind correction --note "The date was wrong" --note uk="Дата була хибна" --notify silent',
  ])
    .addOption(
      new Option("--kind <kind>", "the kind of revision (default: in the file, else update)").choices([
        "update",
        "correction",
      ]),
    )
    .option("--no-wait", "don't wait until it is live")
    .action(publisher({}));

  publishing("schedule <file>", "Publish a revision at a later moment", [
    'schedule case.json --at "2026-12-01 09:00" --note "Released on bail"',
    "schedule case.json --at 2026-12-01T09:00+02:00",
  ])
    .requiredOption("--at <moment>", "when it goes live, in this machine's time zone or with an offset", momentFrom)
    .addOption(
      new Option("--kind <kind>", "the kind of revision (default: in the file, else update)").choices([
        "update",
        "correction",
      ]),
    )
    .action(publisher({ wait: false }));

  committing("redact <file>", "Publish a redaction, with a fixed note, and erase the earlier content of the case", [
    'redact case.json --name "Demo Person" --yes ua-126-19',
    "redact case.json --alike /case/summary/en=May",
  ])
    .option("--name <name>", "a name that must be gone, beside those of people you removed (repeatable)", collect)
    .option(
      "--alike <where=word>",
      "a word that only looks like the name, after its JSON Pointer (repeatable)",
      collect,
    )
    .option("--yes <id>", "confirm with the case's id")
    .option("--no-wait", "don't wait until it is live")
    .action(publisher({ kind: "redaction" }));

  command("undo", "Take back a pending revision", ["undo ua-126-19", "undo ua-126-19 4"])
    .argument("<id>", "the case", caseId)
    .argument("[number]", "the revision (default: the newest pending one)", wholeNumber)
    .option("-o, --output <file>", "a new file for its content (default: standard output)")
    .action(handler(async () => (await import("./take-back.ts")).undo));

  command("withdraw", "Remove a case from every surface and erase its content", [
    "withdraw ua-126-19 --reason consent",
    "withdraw ua-126-19 --reason mistake --on 4",
  ])
    .argument("<id>", "the case", caseId)
    .addOption(
      new Option("--reason <reason>", "the reason, in one word; the public log of changes names it, no page does")
        .choices([...withdrawalReasons])
        .makeOptionMandatory(),
    )
    .option("--on <number>", "the revision that it is based on (default: the newest)", wholeNumber)
    .option("--yes <id>", "confirm with the case's id")
    .action(handler(async () => (await import("./take-back.ts")).withdraw));

  command("outdated", "List the translations whose original has changed since", ["outdated"]).action(
    handler(async () => (await import("./outdated.ts")).listOutdated),
  );

  command("proposals [proposal]", "List the proposals that wait for a second editor, or show every change of one", [
    "proposals",
    "proposals 0b9c...",
  ]).action(handler(async () => (await import("./review.ts")).listProposals));

  command("approve <proposal>", "Approve and publish another editor's proposal", [
    "approve 0b9c...",
    "approve 0b9c... --hash 5d41... --yes ua-126-19",
  ])
    .option("--hash <hash>", "the hash of the proposal that you read, from `proposals ID`", hash)
    .option("--yes <id>", "confirm with the case's id; needs --hash")
    .option("--no-wait", "don't wait until it is live")
    .action(handler(async () => (await import("./review.ts")).approve));

  command("reject <proposal>", "Return a proposal to its author's drafts, or take back your own", [
    'reject 0b9c... --reason "The source is missing"',
  ])
    .option("--reason <text>", "the reason, for its author")
    .action(handler(async () => (await import("./review.ts")).reject));

  command("export", "Save a backup without followers, or one of the other exports", [
    "export -o backup.ndjson",
    "export --erasures -o erasures.ndjson",
    "export --followers",
  ])
    .option("-o, --output <file>", "the new file to write (default: a name with the date and time)")
    .option("--erasures", "the list of withdrawals, redactions and undone revisions, without content")
    .option("--audit", "the audit log")
    .option("--followers", "the followers, with ids encrypted with FOLLOWER_KEY")
    .action(handler(async () => (await import("./backup.ts")).exportTo));

  command("restore <file>", "Restore a backup into an empty deployment", [
    "restore backup.ndjson --erasures erasures.ndjson",
    "restore followers.ndjson",
  ])
    .addOption(new Option("--erasures <file>", "the newest erasures file, so that erased content stays erased"))
    .option("--no-erasures", "there is no erasures file; content erased after the backup is published again")
    .action(handler(async () => (await import("./backup.ts")).restoreFrom));

  command("decrypt <file>", "Open a file of the daily backup, to restore it", [
    "decrypt 2026-12-01T02-00-30Z.ndjson.gz.age --identity key.txt",
  ])
    .requiredOption("--identity <file>", "the file with BACKUP_IDENTITY, from npm run setup")
    .option("-o, --output <file>", "the new file to write (default: the name without .gz.age)")
    .action(handler(async () => (await import("./decrypt.ts")).decrypt));

  command("audit:verify [file]", "Check the hash chain of the audit log, and each revision against it", [
    "audit:verify",
    "audit:verify backup.ndjson --expect 5d41...",
  ])
    .option("--expect <hash>", "the hash that the last verification printed; it must still be in the log", hash)
    .action(handler(async () => (await import("./audit-verify.ts")).auditVerify));

  command("mirror <folder>", "Copy everything that readers can see into a folder, or bring the copy up to date", [
    "mirror public",
  ]).action(handler(async () => (await import("./mirror.ts")).mirror));

  command(
    "verify [what]",
    "Check a case, a mirror, a backup, or everything that readers can see against the signed log",
    [
      "verify --save seen.txt",
      "verify ua-126-19 --checkpoint seen.txt",
      "verify public --key casewire.example.org/v1/log+5d41...",
    ],
  )
    .option("--checkpoint <file>", "a checkpoint that you saved earlier; the log must continue it")
    .option("--key <key>", "the log's public key, as you noted it earlier")
    .option("--save <file>", "save the checkpoint for next time")
    .action(
      handler(async () => {
        const { verify } = await import("./verify.ts");
        return (outcome, what: string | undefined, options: Parameters<typeof verify>[2]) =>
          verify(outcome, what === undefined || existsSync(what) ? what : caseId(what), options);
      }),
    );

  command("stack [file]", "Name the source lines of a logged stack trace (default: standard input)", [
    "stack trace.txt",
  ])
    .option("--map <file>", "the source map of the deployed Worker (default: build this checkout)")
    .action(handler(async () => (await import("./stack.ts")).stack));

  command("me", "Show whose token EDITOR_TOKEN is, and what it may do", ["me"]).action(
    handler(async () => (await import("./editors.ts")).showMe),
  );

  command(
    "invite <name>",
    "Invite an editor with a token of EDITORS: the first administrator, or one after all lost their passkeys",
    ["invite anna --role administrator"],
  )
    .addOption(new Option("--role <role>", "the role").choices([...roles]).makeOptionMandatory())
    .action(handler(async () => (await import("./editors.ts")).invite));

  command("revoke", "End the token in EDITOR_TOKEN, for example when it may have leaked", ["revoke"]).action(
    handler(async () => (await import("./editors.ts")).revoke),
  );

  command("deliveries", "Show waiting and parked Telegram deliveries", ["deliveries", "deliveries --retry"])
    .option("--retry", "retry parked deliveries")
    .action(handler(async () => (await import("./deliveries.ts")).deliveries));

  command("keys:rotate", "Re-encrypt followers' ids with the newest key of FOLLOWER_KEY", ["keys:rotate"]).action(
    handler(async () => (await import("./keys-rotate.ts")).rotateKeys),
  );

  try {
    await program.parseAsync(words, { from: "user" });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    const trouble = {
      title: "Invalid command",
      detail: error.message.replace(/^error: /, ""),
      remedy: "Add --help for usage.",
      exitCode: exitCodes.usage,
    };
    new Outcome(asJson, terminal).result({ error: trouble });
    return exitCodes.usage;
  }
}
