/**
 * The commands of `npm run casewire --`. docs/shell.md describes them and their
 * exit codes.
 */
import { existsSync } from "node:fs";
import {
  Command,
  CommanderError,
  InvalidArgumentError,
  Option,
} from "commander";
import { typedIdsIn } from "../../../shared/profile/numbers.ts";
import { notifications } from "../../../shared/revision.ts";
import { readConfiguredProfile } from "../local/configuration.ts";
import {
  CommandOutcome,
  exitCodeOf,
  exitCodes,
  Stop,
  type Terminal,
} from "./outcome.ts";

/** Takes a value that the pattern fits. */
const like = (pattern: RegExp) => (text: string) => {
  if (pattern.test(text)) return text;
  throw new InvalidArgumentError("");
};
const number = like(/^(0|[1-9]\d{0,8})$/);
const hash = like(/^[0-9a-f]{64}$/);
const repeated = (text: string, before: string[] = []) => [...before, text];
const choice = (flags: string, about: string, choices: readonly string[]) =>
  new Option(flags, about).choices(choices);
const output = (standard: string) =>
  [
    "-o, --output <file>",
    `a new file to write (default: ${standard})`,
  ] as const;

/** An id, also from a number as people type it. */
const caseId = (text: string): string => {
  const read = readConfiguredProfile();
  const [id, ...more] =
    ("profile" in read && typedIdsIn(text, read.profile)) || [];
  return id !== undefined && more.length === 0 ? id : text;
};

/**
 * Each command's function is imported when it runs: loading all of them takes
 * longer than most of them run.
 */
function commandsOf(outcome: CommandOutcome): Command {
  const casewire = new Command("npm run casewire --")
    .description(
      "Import, publish, back up and verify cases, through the same API as the desk.",
    )
    .exitOverride()
    .configureOutput({
      writeOut: (text) => outcome.say(text.trimEnd()),
      writeErr: () => {},
    })
    .configureHelp({ helpWidth: 160 })
    .helpCommand(false)
    .addHelpText(
      "after",
      `
Environment: PUBLIC_URL and EDITOR_TOKEN choose the deployment. The default is the local run of npm start.
Exit codes: 0 success, ${exitCodes.refused} refused, ${exitCodes.usage} usage, ${exitCodes.unreachable} unreachable, ${exitCodes.signedOut} not signed in, ${exitCodes.takenBack} taken back.`,
    );
  const command = (words: string, about: string, ...examples: string[]) =>
    casewire
      .command(words)
      .description(about)
      .option("--json", "print one JSON document")
      .addHelpText(
        "after",
        ["", ...examples.map((line) => `  npm run casewire -- ${line}`)].join(
          "\n",
        ),
      );

  command("check <file>", "Check a case for problems; works offline").action(
    async (file) => (await import("./documents.ts")).check(outcome, file),
  );
  command(
    "import <file>",
    "Make a case to edit from a document (PDF, .docx, .odt, .rtf, mail, web page or text)",
    "import ua-126-19.docx -o case.json",
  )
    .option(...output("standard output"))
    .option("--offline", "don't read the existing case from the deployment")
    .action(async (file, values) =>
      (await import("./documents.ts")).importDocument(outcome, file, values),
    );
  command(
    "show <id>",
    "Write the newest revision of a case, to edit and publish",
    "show ua-126-19 -o case.json",
  )
    .option(...output("standard output"))
    .action(async (id, values) =>
      (await import("./show.ts")).show(outcome, caseId(id), values),
    );
  command(
    "publish <file>",
    "Publish a revision; until it is live, the desk takes it back",
    'publish case.json --note "Released on bail"',
    'publish case.json --kind correction --note "The date was wrong" --note uk="Дата була хибна" --notify silent',
    "publish case.json --at 2026-12-01T09:00+02:00",
  )
    .option(
      "--note <text>",
      "what changed: TEXT in the case's language, or LANG=TEXT (repeatable)",
      repeated,
    )
    .addOption(
      choice(
        "--kind <kind>",
        "the kind of revision (default: in the file, else update)",
        ["update", "correction"],
      ),
    )
    .addOption(
      choice(
        "--notify <how>",
        "the notification for followers (default: in the file, else loud)",
        notifications,
      ),
    )
    .option(
      "--at <moment>",
      "when it goes live, with an offset from UTC (default: now)",
    )
    .option(
      "--on <number>",
      "the revision it is based on (default: basedOn in the file, else the newest)",
      number,
    )
    .option("--replace <number>", "the pending revision to replace", number)
    .option("--answers <file>", "answers to what the revision must confirm")
    .action(async (file, values) =>
      (await import("./publish.ts")).publish(outcome, file, values),
    );
  command(
    "export",
    "Save a backup without followers, or one of the other exports",
    "export -o backup.ndjson",
    "export --erasures -o erasures.ndjson",
  )
    .option(...output("a name with the date and time"))
    .option(
      "--erasures",
      "the list of withdrawals, redactions and undone revisions, without content",
    )
    .option(
      "--followers",
      "the followers, with ids encrypted with FOLLOWER_KEY",
    )
    .action(async (values) =>
      (await import("./backup.ts")).exportTo(outcome, values),
    );
  command("backups", "List the files of the daily backup").action(async () =>
    (await import("./backup.ts")).listBackups(outcome),
  );
  command(
    "restore [file]",
    "Restore a backup into an empty deployment, from a file or from the bucket",
    "restore --newest --identity casewire-secrets.env",
    "restore backup.ndjson --erasures erasures.ndjson",
    "restore followers.ndjson --erasures forgotten.ndjson",
  )
    .option(
      "--erasures <file>",
      "the newest list of erasures, so that what was erased stays erased",
    )
    .option(
      "--no-erasures",
      "there is no such list; what was erased after the backup comes back",
    )
    .option(
      "--newest",
      "without a file: the newest of the bucket; with one: its list of erasures is, don't ask",
    )
    .option("--backup <name>", "without a file: this one of the bucket")
    .option(
      "--followers",
      "without a file: the followers in place of the cases",
    )
    .option(
      "--identity <file>",
      "without a file: the file with BACKUP_IDENTITY, from npm run setup",
    )
    .action(async (file, values) =>
      (await import("./backup.ts")).restoreFrom(outcome, file, values),
    );
  command(
    "gone <name>",
    "After an erasure: check that readers find the name nowhere, and delete the backups that have it",
  )
    .option("--yes", "don't ask before all older backups are deleted")
    .action(async (name, values) =>
      (await import("./gone.ts")).gone(outcome, name, values),
    );
  command("decrypt <file>", "Open a file of the daily backup, to restore it")
    .option(
      "--identity <file>",
      "required; the file with BACKUP_IDENTITY, from npm run setup",
    )
    .option(...output("the name without .gz.age"))
    .action(async (file, values) =>
      (await import("./decrypt.ts")).decrypt(outcome, file, values),
    );
  command(
    "audit:verify [file]",
    "Check the hash chain of the audit log, and each revision against it",
    "audit:verify backup.ndjson --expect 5d41...",
  )
    .option(
      "--expect <hash>",
      "the hash that the last verification printed; it must still be in the log",
      hash,
    )
    .action(async (file, values) =>
      (await import("./audit-verify.ts")).auditVerify(outcome, file, values),
    );
  command(
    "verify [what]",
    "Check a case, a mirror, a backup, or all that readers can see against the signed log",
    "verify --save seen.txt",
    "verify ua-126-19 --checkpoint seen.txt",
    "verify public --key casewire.example.org/v1/log+5d41...",
  )
    .option(
      "--checkpoint <file>",
      "a checkpoint that you saved earlier; the log must continue it",
    )
    .option("--key <key>", "the log's public key, as you noted it earlier")
    .option("--save <file>", "save the checkpoint for next time")
    .action(async (what, values) => {
      const meant =
        what === undefined || existsSync(what) ? what : caseId(what);
      return (await import("./verify.ts")).verify(outcome, meant, values);
    });
  command(
    "mirror <folder>",
    "Copy everything that readers can see into a folder, or bring the copy up to date",
  ).action(async (folder) =>
    (await import("./mirror.ts")).mirror(outcome, folder),
  );
  command(
    "rehearse [file]",
    "Compare what this code says of every case with what the deployment says, from its backup",
  ).action(async (file) =>
    (await import("./rehearse.ts")).rehearse(outcome, file),
  );
  command(
    "stack [file]",
    "Name the source lines of a logged stack trace (default: standard input)",
  )
    .option(
      "--map <file>",
      "the source map of the deployed Worker (default: build this checkout)",
    )
    .action(async (file, values) =>
      (await import("./stack.ts")).stack(outcome, file, values),
    );
  command(
    "invite <name>",
    "Invite an administrator with a token of EDITORS, when no administrator can sign in",
  ).action(async (name) => (await import("./invite.ts")).invite(outcome, name));
  command(
    "places [id]",
    "Show pages elsewhere that quote cases: old ones with a letter to each owner, or all of a case",
    'places "UA 126/19"',
  ).action(async (id) =>
    (await import("./places.ts")).places(outcome, id && caseId(id)),
  );
  command("deliveries", "Show waiting and parked Telegram deliveries")
    .option("--retry", "retry parked deliveries")
    .action(async (values) =>
      (await import("./deliveries.ts")).deliveries(outcome, values),
    );
  command(
    "keys:rotate",
    "Re-encrypt followers' ids with the newest key of FOLLOWER_KEY",
  ).action(async () => (await import("./keys-rotate.ts")).rotateKeys(outcome));
  return casewire;
}

/** Runs the command that the words name. @returns its exit code */
export async function runCommand(
  words: string[],
  terminal: Terminal,
): Promise<number> {
  const outcome = new CommandOutcome(words.includes("--json"), terminal);
  return exitCodeOf(outcome, async () => {
    try {
      await commandsOf(outcome).parseAsync(
        words.length > 0 ? words : ["--help"],
        { from: "user" },
      );
    } catch (error) {
      if (!(error instanceof CommanderError)) throw error;
      if (error.exitCode === 0) return;
      const detail = error.message.replace(/^error: /, "").trim();
      throw new Stop("usage", {
        title: "Invalid command",
        detail,
        remedy: "Add --help for usage.",
      });
    }
  });
}
