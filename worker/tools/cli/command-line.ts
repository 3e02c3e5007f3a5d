/** The commands of `npm run casewire --`. docs/shell.md describes them and their exit codes. */
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { typedIdsIn } from "../../../shared/profile/numbers.ts";
import { notifications } from "../../../shared/revision.ts";
import { readConfiguredProfile } from "../local/configuration.ts";
import { CommandOutcome, exitCodeOf, exitCodes, Stop, type Terminal } from "./outcome.ts";

interface Option {
  type: "string" | "boolean";
  about: string;
  short?: string;
  multiple?: boolean;
  /** What stands for the value in the help. */
  value?: string;
  choices?: readonly string[];
  pattern?: RegExp;
}

type Value<O extends Option> = O["type"] extends "boolean"
  ? boolean
  : O["multiple"] extends true
    ? string[]
    : O extends { choices: readonly (infer Choice)[] }
      ? Choice
      : string;
type Values<Options extends Record<string, Option>> = { [Name in keyof Options]?: Value<Options[Name]> };

interface Command {
  /** Its arguments: "<file>", or "[file]" when it can be left out. */
  words: string[];
  about: string;
  examples: string[];
  options: Record<string, Option>;
  run(outcome: CommandOutcome, words: string[], values: Record<string, unknown>): Promise<void>;
}

/** Declares a command. Its function is imported when it runs: loading all of them takes longer than most of them run. */
const command = <const Options extends Record<string, Option>>(
  words: string,
  about: string,
  declared: {
    examples: string[];
    options?: Options;
    run(outcome: CommandOutcome, words: string[], values: Values<Options>): Promise<void>;
  },
): Command => ({
  words: words === "" ? [] : words.split(" "),
  about,
  examples: declared.examples,
  options: { ...declared.options, json: { type: "boolean", about: "print one JSON document" } },
  run: declared.run as Command["run"],
});

const flag = (about: string) => ({ type: "boolean", about }) as const;
const text = (value: string, about: string, pattern = /./) => ({ type: "string", value, about, pattern }) as const;
const texts = (value: string, about: string) => ({ ...text(value, about), multiple: true }) as const;
const choice = <const Choices extends readonly string[]>(choices: Choices, about: string) =>
  ({ type: "string", choices, about }) as const;
const outputFile = (standard: string) =>
  ({ ...text("file", `a new file to write (default: ${standard})`), short: "o" }) as const;

const number = /^(0|[1-9]\d{0,8})$/;
const hash = /^[0-9a-f]{64}$/;

/** An id, also from a number as people type it. */
const caseId = (text: string): string => {
  const read = readConfiguredProfile();
  const [id, ...more] = ("profile" in read && typedIdsIn(text, read.profile)) || [];
  return id !== undefined && more.length === 0 ? id : text;
};

const commands: Record<string, Command> = {
  check: command("<file>", "Check a case for problems; works offline", {
    examples: ["check case.json"],
    run: async (outcome, [file = ""]) => (await import("./documents.ts")).check(outcome, file),
  }),
  import: command("<file>", "Make a case to edit from a document (PDF, .docx, .odt, .rtf, mail, web page or text)", {
    examples: ["import ua-126-19.docx -o case.json", "import outcome.txt --offline"],
    options: {
      output: outputFile("standard output"),
      offline: flag("don't read the existing case from the deployment"),
    },
    run: async (outcome, [file = ""], values) => (await import("./documents.ts")).importDocument(outcome, file, values),
  }),
  show: command("<id>", "Write the newest revision of a case, to edit and publish", {
    examples: ["show ua-126-19 -o case.json", 'show "UA 126/19"'],
    options: { output: outputFile("standard output") },
    run: async (outcome, [id = ""], values) => (await import("./show.ts")).show(outcome, caseId(id), values),
  }),
  publish: command("<file>", "Publish a revision; until it is live, the desk takes it back", {
    examples: [
      'publish case.json --note "Released on bail"',
      'publish case.json --kind correction --note "The date was wrong" --note uk="Дата була хибна" --notify silent',
      "publish case.json --at 2026-12-01T09:00+02:00",
    ],
    options: {
      note: texts("text", "what changed: TEXT in the case's language, or LANG=TEXT (repeatable)"),
      kind: choice(["update", "correction"], "the kind of revision (default: in the file, else update)"),
      notify: choice(notifications, "the notification for followers (default: in the file, else loud)"),
      at: text("moment", "when it goes live, with an offset from UTC (default: now)"),
      on: text(
        "number",
        "the revision that the file is based on (default: basedOn in the file, else the newest)",
        number,
      ),
      replace: text("number", "the pending revision to replace", number),
      answers: text("file", "answers to what the revision must confirm"),
    },
    run: async (outcome, [file = ""], values) => (await import("./publish.ts")).publish(outcome, file, values),
  }),
  export: command("", "Save a backup without followers, or one of the other exports", {
    examples: ["export -o backup.ndjson", "export --erasures -o erasures.ndjson", "export --followers"],
    options: {
      output: outputFile("a name with the date and time"),
      erasures: flag("the list of withdrawals, redactions and undone revisions, without content"),
      followers: flag("the followers, with ids encrypted with FOLLOWER_KEY"),
    },
    run: async (outcome, _, values) => (await import("./backup.ts")).exportTo(outcome, values),
  }),
  backups: command("", "List the files of the daily backup", {
    examples: ["backups"],
    run: async (outcome) => (await import("./backup.ts")).listBackups(outcome),
  }),
  restore: command("[file]", "Restore a backup into an empty deployment, from a file or from the bucket", {
    examples: [
      "restore --newest --identity casewire-secrets.env",
      "restore --newest --followers --identity casewire-secrets.env",
      "restore backup.ndjson --erasures erasures.ndjson",
      "restore followers.ndjson --erasures forgotten.ndjson",
    ],
    options: {
      erasures: text("file", "the newest list of erasures, so that what was erased stays erased"),
      "no-erasures": flag("there is no such list; what was erased after the backup comes back"),
      newest: flag("without a file: the newest of the bucket; with one: the list of erasures is the newest, don't ask"),
      backup: text("name", "without a file: this one of the bucket"),
      followers: flag("without a file: the followers in place of the cases"),
      identity: text("file", "without a file: the file with BACKUP_IDENTITY, from npm run setup"),
    },
    run: async (outcome, [file], values) => (await import("./backup.ts")).restoreFrom(outcome, file, values),
  }),
  gone: command(
    "<name>",
    "After an erasure: check that readers find the name nowhere, and delete the backups that have it",
    {
      examples: ['gone "Invented Name"'],
      options: { yes: flag("don't ask before all older backups are deleted") },
      run: async (outcome, [name = ""], values) => (await import("./gone.ts")).gone(outcome, name, values),
    },
  ),
  decrypt: command("<file>", "Open a file of the daily backup, to restore it", {
    examples: ["decrypt 2026-12-01T02-00-30Z.ndjson.gz.age --identity key.txt"],
    options: {
      identity: text("file", "required; the file with BACKUP_IDENTITY, from npm run setup"),
      output: outputFile("the name without .gz.age"),
    },
    run: async (outcome, [file = ""], values) => (await import("./decrypt.ts")).decrypt(outcome, file, values),
  }),
  "audit:verify": command("[file]", "Check the hash chain of the audit log, and each revision against it", {
    examples: ["audit:verify", "audit:verify backup.ndjson --expect 5d41..."],
    options: {
      expect: text("hash", "the hash that the last verification printed; it must still be in the log", hash),
    },
    run: async (outcome, [file], values) => (await import("./audit-verify.ts")).auditVerify(outcome, file, values),
  }),
  verify: command("[what]", "Check a case, a mirror, a backup, or all that readers can see against the signed log", {
    examples: [
      "verify --save seen.txt",
      "verify ua-126-19 --checkpoint seen.txt",
      "verify public --key casewire.example.org/v1/log+5d41...",
    ],
    options: {
      checkpoint: text("file", "a checkpoint that you saved earlier; the log must continue it"),
      key: text("key", "the log's public key, as you noted it earlier"),
      save: text("file", "save the checkpoint for next time"),
    },
    run: async (outcome, [what], values) =>
      (await import("./verify.ts")).verify(
        outcome,
        what === undefined || existsSync(what) ? what : caseId(what),
        values,
      ),
  }),
  mirror: command("<folder>", "Copy everything that readers can see into a folder, or bring the copy up to date", {
    examples: ["mirror public"],
    run: async (outcome, [folder = ""]) => (await import("./mirror.ts")).mirror(outcome, folder),
  }),
  rehearse: command(
    "[file]",
    "Compare what this code says of every case with what the deployment says, from its backup",
    {
      examples: ["rehearse", "rehearse backup.ndjson"],
      run: async (outcome, [file]) => (await import("./rehearse.ts")).rehearse(outcome, file),
    },
  ),
  stack: command("[file]", "Name the source lines of a logged stack trace (default: standard input)", {
    examples: ["stack trace.txt"],
    options: {
      map: text("file", "the source map of the deployed Worker (default: build this checkout)"),
    },
    run: async (outcome, [file], values) => (await import("./stack.ts")).stack(outcome, file, values),
  }),
  invite: command("<name>", "Invite an administrator with a token of EDITORS, when no administrator can sign in", {
    examples: ["invite anna"],
    run: async (outcome, [name = ""]) => (await import("./invite.ts")).invite(outcome, name),
  }),
  places: command(
    "[id]",
    "Show pages elsewhere that quote cases: old ones with a letter to each owner, or all of a case",
    {
      examples: ["places", 'places "UA 126/19"'],
      run: async (outcome, [id]) => (await import("./places.ts")).places(outcome, id && caseId(id)),
    },
  ),
  deliveries: command("", "Show waiting and parked Telegram deliveries", {
    examples: ["deliveries", "deliveries --retry"],
    options: { retry: flag("retry parked deliveries") },
    run: async (outcome, _, values) => (await import("./deliveries.ts")).deliveries(outcome, values),
  }),
  "keys:rotate": command("", "Re-encrypt followers' ids with the newest key of FOLLOWER_KEY", {
    examples: ["keys:rotate"],
    run: async (outcome) => (await import("./keys-rotate.ts")).rotateKeys(outcome),
  }),
};

/** Two columns; the first is as wide as its widest entry. */
function columns(rows: [string, string][]): string[] {
  const width = Math.max(...rows.map(([first]) => first.length));
  return rows.map(([first, second]) => `  ${first.padEnd(width)}  ${second}`);
}

const usage = () => [
  "Usage: npm run casewire -- <command> [options]",
  "",
  "Import, publish, back up and verify cases, through the same API as the desk. Add --help to a command for its options.",
  "",
  ...columns(Object.entries(commands).map(([name, { words, about }]) => [[name, ...words].join(" "), about])),
  "",
  "Environment: PUBLIC_URL and EDITOR_TOKEN choose the deployment. The default is the local run of npm start.",
  `Exit codes: 0 success, ${exitCodes.refused} refused, ${exitCodes.usage} usage, ${exitCodes.unreachable} unreachable, ${exitCodes.signedOut} not signed in, ${exitCodes.takenBack} taken back.`,
];

const usageOf = (name: string, { words, about, options, examples }: Command) => [
  `Usage: npm run casewire -- ${[name, ...words].join(" ")} [options]`,
  "",
  about,
  "",
  ...columns(
    Object.entries(options).map(([option, { short, value, choices, about }]) => [
      `${short ? `-${short}, ` : ""}--${option}${choices ? ` <${choices.join("|")}>` : value ? ` <${value}>` : ""}`,
      about,
    ]),
  ),
  "",
  ...examples.map((line) => `  npm run casewire -- ${line}`),
];

const misused = (detail: string): Stop =>
  new Stop("usage", { title: "Invalid command", detail, remedy: "Add --help for usage." });

/** @throws Stop for an unknown option, a missing argument, or a value that can't be */
function parsed({ words, options }: Command, args: string[]): { given: string[]; values: Record<string, unknown> } {
  let read: ReturnType<typeof parseArgs>;
  try {
    read = parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    throw misused((error as Error).message);
  }
  const { positionals: given, values } = read;
  const missing = words.slice(given.length).find((word) => word.startsWith("<"));
  if (missing) throw misused(`The argument ${missing} is missing.`);
  if (given.length > words.length)
    throw misused(`There are too many arguments: ${given.slice(words.length).join(" ")}.`);
  for (const [name, { choices, pattern, value }] of Object.entries(options))
    for (const text of [values[name] ?? []].flat().map(String)) {
      if (choices && !choices.includes(text))
        throw misused(
          `--${name} ${text}: use one of ${choices.join(", ")}.${text === "redaction" ? " Erase something in the desk." : ""}`,
        );
      if (pattern && !pattern.test(text)) throw misused(`--${name} ${text}: it must be a value like <${value}>.`);
    }
  return { given, values };
}

/** Runs the command that the words name. @returns its exit code */
export async function runCommand([name = "--help", ...args]: string[], terminal: Terminal): Promise<number> {
  const outcome = new CommandOutcome(args.includes("--json"), terminal);
  const asked = commands[name];
  const isHelp = [name, ...args].some((word) => word === "--help" || word === "-h");
  return exitCodeOf(outcome, async () => {
    if (isHelp) return outcome.say(...(asked ? usageOf(name, asked) : usage()));
    if (!asked) throw misused(`There is no command ${name}.`);
    const { given, values } = parsed(asked, args);
    await asked.run(outcome, given, values);
  });
}
