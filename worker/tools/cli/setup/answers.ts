/**
 * The options of `npm run setup`, and its questions for those that are missing.
 */
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { Command, Option } from "commander";
import * as v from "valibot";
import { EditorName, lookalikeIn } from "../../../../shared/editor-name.ts";
import { addressFault, isLoopback } from "../../../runtime/placeholders.ts";
import { readProfile } from "../../../runtime/profiles/profiles.ts";
import { jurisdictions, locations } from "../../../runtime/settings.ts";

export type Answers = Awaited<ReturnType<typeof readAnswers>>;

/** Ends the command with a message for the operator. */
export class Fault extends Error {}

const BOT_TOKEN = /^\d+:[A-Za-z0-9_-]{6,}$/;

const urlFault = (text: string): string | null => {
  const url = URL.parse(text);
  if (url && isLoopback(url.hostname))
    return `${url.hostname} is this machine: set the address that readers use`;
  if (url && /^\[|^\d+(\.\d+){3}$/.test(url.hostname))
    return `${url.hostname} is no name: a Worker is reached by a domain`;
  return (
    addressFault(text) ??
    (url?.protocol === "https:" ? null : "it must begin with https://")
  );
};

const profileFault = (name: string): string | null => {
  const read = readProfile(name);
  return "faults" in read ? read.faults.join("\n") : null;
};

const locationFault = (name: string): string | null =>
  name === "" || (locations as readonly string[]).includes(name)
    ? null
    : `use one of ${locations.join(", ")}`;

const tokenFault = (token: string): string | null =>
  token === "" || BOT_TOKEN.test(token)
    ? null
    : "a bot's token looks like 123456:ABC-DEF; @BotFather shows it";

const editorFault = (name: string): string | null => {
  const read = v.safeParse(EditorName, name);
  return read.success ? null : `it ${read.issues[0].message}`;
};

/** @throws Fault when the value is wrong and nobody can be asked again */
async function ask(
  name: string,
  question: string,
  given: string | undefined,
  fault: (value: string) => string | null,
  { otherwise, secret = false }: { otherwise?: string; secret?: boolean } = {},
): Promise<string> {
  let value = given;
  for (;;) {
    if (value === undefined) {
      if (!process.stdin.isTTY) {
        if (otherwise !== undefined) return otherwise;
        throw new Fault(`${name} is missing. ${question}`);
      }
      const muted = new Writable({ write: (_, __, done) => done() });
      process.stdout.write(`${question}${otherwise ? ` [${otherwise}]` : ""} `);
      const prompt = createInterface({
        input: process.stdin,
        output: secret ? muted : process.stdout,
        terminal: true,
      });
      value =
        (await prompt.question("").finally(() => prompt.close())).trim() ||
        (otherwise ?? "");
      if (secret) console.log();
    }
    const found = fault(value);
    if (found === null) return value;
    if (given !== undefined || !process.stdin.isTTY)
      throw new Fault(`${name}: ${found}.`);
    console.log(`${name}: ${found}.`);
    value = undefined;
  }
}

interface Options {
  url?: string;
  profile?: string;
  bot: boolean;
  editor?: string;
  secondEditor?: string;
  jurisdiction?: string;
  location?: string;
  backups?: boolean;
  metrics?: boolean;
  invitation: boolean;
  env?: string;
  build: boolean;
  deploy: boolean;
  dryRun?: boolean;
}

interface Known {
  url: string;
  profile: string;
  isReviewed: boolean;
  firstEditors: string[];
  /** False for a deployment that is there: its place is fixed. */
  isNew: boolean;
}

/** @param known the settings of an environment, and of what is deployed */
export async function readAnswers(
  known: (environment: string, isDryRun: boolean | undefined) => Promise<Known>,
  args = process.argv.slice(2),
) {
  const values = new Command("npm run setup --")
    .description(
      "Makes a deployment, or brings one up to date. It asks for what the options leave out, and can be run again.",
    )
    .option(
      "--url <address>",
      "the address that readers use, such as https://cases.your-newsroom.org",
    )
    .option(
      "--profile <name>",
      "the newsroom: a file in newsroom/profiles/ or worker/runtime/profiles/, without .json",
    )
    .option(
      "--no-bot",
      "without a Telegram bot. The bot's token comes from BOT_TOKEN, or is asked for",
    )
    .option("--editor <name>", "the first editor's name (default: editor)")
    .option(
      "--second-editor <name>",
      'with REVIEW "two": the name of another person, who may approve the first editor\'s revisions',
    )
    .addOption(
      new Option(
        "--jurisdiction <place>",
        "where the data is stored; fixed once there is data (default: eu for a new one)",
      ).choices([...jurisdictions, "none"]),
    )
    .addOption(
      new Option(
        "--location <name>",
        "near whom the Ledger lives; fixed once there is data",
      ).choices(locations),
    )
    .option(
      "--backups",
      "daily encrypted backups to R2, which must be enabled in your account",
    )
    .option(
      "--metrics",
      "a token for your monitoring system (docs/operations.md)",
    )
    // An invitation is in the audit log, so the deployment is no longer empty.
    .option(
      "--no-invitation",
      "invites nobody yet, because a backup can only be restored before",
    )
    // "" for the settings at the top of wrangler.toml.
    .option("--env <name>", "an environment of wrangler.toml, such as staging")
    .option("--no-build", "use the files in dist/ as they are")
    .option("--no-deploy", "set secrets and Telegram only")
    .option("--dry-run", "say what would be done, and do nothing")
    .exitOverride((error) => {
      if (error.exitCode === 0) process.exit();
      throw new Fault(error.message.replace(/^error: (?:option )?/, "").trim());
    })
    .configureOutput({ writeErr: () => {} })
    .parse(args, { from: "user" })
    .opts<Options>();
  const { jurisdiction, env: environment = "" } = values;
  // Before anything is asked of Cloudflare.
  for (const [name, given, fault] of [
    ["PUBLIC_URL", values.url, urlFault],
    ["PROFILE", values.profile, profileFault],
    ["BOT_TOKEN", values.bot ? process.env.BOT_TOKEN : undefined, tokenFault],
    ["--editor", values.editor, editorFault],
  ] as const) {
    const found = given === undefined ? null : fault(given);
    if (found !== null) throw new Fault(`${name}: ${found}.`);
  }
  const before = await known(environment, values.dryRun);
  const usable = urlFault(before.url) === null ? { otherwise: before.url } : {};
  const url = await ask(
    "PUBLIC_URL",
    "Which address do readers use? Give it with --url.",
    values.url,
    urlFault,
    usable,
  );
  const profile = await ask(
    "PROFILE",
    "Which profile is the newsroom's?",
    values.profile,
    profileFault,
    {
      otherwise: before.profile,
    },
  );
  const read = readProfile(profile);
  const hasBot =
    values.bot && "profile" in read && read.profile.bot !== undefined;
  const token = hasBot
    ? await ask(
        "BOT_TOKEN",
        "The bot's token from @BotFather (hidden; empty: none, or the one that is set):",
        process.env.BOT_TOKEN,
        tokenFault,
        { otherwise: "", secret: true },
      )
    : "";
  const [first = "editor", confirmed] = before.firstEditors;
  const editor = await ask(
    "--editor",
    "The first editor's name?",
    values.editor,
    editorFault,
    { otherwise: first },
  );
  const location = before.isNew
    ? await ask(
        "--location",
        `Near whom shall the Ledger live (${locations.join(", ")}; empty: near whoever asks it first)?`,
        values.location,
        locationFault,
        { otherwise: "" },
      )
    : null;
  const isOther = (name: string) => lookalikeIn([editor, name]) === undefined;
  return {
    ...values,
    url: new URL(url),
    profile,
    /** Null without a bot, and when the deployment's own token stays. */
    botToken: token || null,
    editor,
    /** Null for a deployment that is there. */
    location,
    /** Null where one editor publishes alone. */
    second: before.isReviewed
      ? await ask(
          "--second-editor",
          "Two people must agree here (REVIEW). The name of the second editor, who is another person?",
          values.secondEditor,
          (name) =>
            editorFault(name) ??
            (isOther(name) ? null : "it looks like the first editor's"),
          confirmed === undefined ? {} : { otherwise: confirmed },
        )
      : null,
    /** Null when it was not chosen, and "" for none. */
    jurisdiction:
      jurisdiction === undefined
        ? null
        : jurisdiction === "none"
          ? ""
          : jurisdiction,
    environment,
  };
}
