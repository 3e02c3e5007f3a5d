/** `npm run setup`: one command to a deployment. It can be run again: what is set stays, and what is missing is added. */
import { readFile, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { paths } from "../../../../shared/addresses.ts";
import { ApiError, clientOf } from "../../../editing/contract/client.ts";
import { readProfile } from "../../../runtime/profiles/profiles.ts";
import { firstEditorsOf } from "../../../runtime/settings.ts";
import { buildAll } from "../../local/runtime.ts";
import { type Answers, Fault, readAnswers, usage } from "./answers.ts";
import { botApi, readBot, setMenus, setWebhook, telegramTrouble } from "./bot.ts";
import {
  botSecrets,
  type Generated,
  generateSecrets,
  recipientOf,
  secretsFile,
  sha256,
  storedSecrets,
  webhookSecretOf,
} from "./secrets.ts";
import { deployments, mustRun, secretNames } from "./wrangler.ts";
import { hasBucket, valueIn, withBucket, withTomlValue } from "./wrangler-file.ts";

/** A new address can take this long until its name and certificate are known everywhere. */
const HEALTH_TIMEOUT_MS = 90_000;
const HEALTH_INTERVAL_MS = 2_000;

/** In the folder of the command, which npm makes the project's. */
const config = "wrangler.toml";
const say = (line = "") => console.log(line);
const toml = (value: string) => JSON.stringify(value);
const tableOf = (environment: string, table: string) =>
  environment === "" ? table : `env.${environment}${table === "" ? "" : `.${table}`}`;
const textIn = (text: string, environment: string, key: string) =>
  JSON.parse(valueIn(text, tableOf(environment, "vars"), key) ?? '""') as string;

/** wrangler.toml with the answers in it. */
function configured(text: string, answers: Answers, isNew: boolean, recipient: string | undefined): string {
  const { environment, url, profile, backups, editor, second } = answers;
  const vars = tableOf(environment, "vars");
  const onWorkersDev = url.hostname.endsWith(".workers.dev");
  const before = textIn(text, environment, "JURISDICTION");
  const jurisdiction = answers.jurisdiction ?? (isNew ? "eu" : before);
  if (!isNew && jurisdiction !== before)
    throw new Fault(
      `JURISDICTION: this deployment has its data ${before === "" ? "outside any jurisdiction" : `in ${before}`}. An object elsewhere is another one, with an empty storage. Make a new deployment and restore a backup there (docs/deploy.md).`,
    );
  let edited = withTomlValue(text, vars, "PUBLIC_URL", toml(url.origin));
  edited = withTomlValue(edited, vars, "PROFILE", toml(profile));
  edited = withTomlValue(edited, vars, "JURISDICTION", toml(jurisdiction));
  if (second !== null) edited = withTomlValue(edited, vars, "FIRST_EDITORS", toml(`${editor}, ${second}`));
  const top = tableOf(environment, "");
  edited = withTomlValue(edited, top, "workers_dev", String(onWorkersDev));
  const route = onWorkersDev ? null : `[{ pattern = ${toml(url.hostname)}, custom_domain = true }]`;
  edited = withTomlValue(edited, top, "routes", route);
  if (!backups) return edited;
  const bucket = bucketOf(environment);
  if (recipient) edited = withTomlValue(edited, vars, "BACKUP_RECIPIENT", toml(recipient));
  return withBucket(edited, environment, bucket, jurisdiction);
}

const bucketOf = (environment: string) => `casewire-backups${environment === "" ? "" : `-${environment}`}`;

/** What every deployment has: devices can follow one without a bot too. */
const always = ["FOLLOWER_KEY", "PUSH_KEY", "LOG_KEY"] as const;

/** The secrets to generate: those that the deployment lacks. */
function wantedOf({ backups, metrics }: Answers, names: string[], hasRecipient: boolean): (keyof Generated)[] {
  return [
    ...(names.includes("EDITORS") ? [] : (["EDITOR_TOKEN"] as const)),
    ...always.filter((name) => !names.includes(name)),
    ...(metrics && !names.includes("METRICS_TOKEN") ? (["METRICS_TOKEN"] as const) : []),
    ...(backups && !hasRecipient ? (["BACKUP_IDENTITY"] as const) : []),
  ];
}

const isHealthy = (answer: Response): Promise<boolean> =>
  answer.json().then(
    (body) => (body as { ok?: unknown }).ok === true,
    () => false,
  );

/** Asks until the deployment serves. @throws Fault with the reason why it doesn't */
async function waitUntilHealthy(origin: string): Promise<void> {
  const deadline = Date.now() + HEALTH_TIMEOUT_MS;
  for (;;) {
    const answer = await fetch(origin + paths.health, { redirect: "error" }).catch((error: Error) => error);
    const reason =
      answer instanceof Error
        ? `no answer (${answer.cause instanceof Error ? answer.cause.message : answer.message})`
        : answer.ok && (await isHealthy(answer.clone()))
          ? null
          : `${answer.status}: ${(await answer.text()).trim().slice(0, 500)}`;
    if (reason === null) return;
    // The Worker itself says which setting is wrong; waiting would not change it.
    if (reason.includes("Refusing to serve")) throw new Fault(reason);
    if (Date.now() > deadline)
      throw new Fault(
        `${origin} doesn't serve yet: ${reason}\nA new domain can take some minutes. Then run the same command again.`,
      );
    await delay(HEALTH_INTERVAL_MS);
  }
}

/** Invites a first administrator. @returns the link; null when the deployment doesn't answer, or has an administrator */
async function firstInvitation(origin: string, token: string, name: string): Promise<string | null> {
  const invited = await clientOf({ origin, token })
    .invite({ body: { name, role: "administrator" } })
    .catch((error) => {
      if (error instanceof ApiError) return null;
      throw error;
    });
  return invited?.link ?? null;
}

async function setUpBot({ botToken, profile, url }: Answers): Promise<void> {
  const read = readProfile(profile);
  if (botToken === null || !("profile" in read)) return;
  const api = botApi(botToken);
  await setWebhook(api, url.origin, webhookSecretOf(botToken), say);
  await setMenus(api, read.profile, say);
  const { pending_update_count, last_error_message } = await api.getWebhookInfo();
  if (last_error_message)
    say(`webhook's last error: ${last_error_message} (${pending_update_count} updates wait). It may be an old one.`);
}

async function run(): Promise<void> {
  const text = await readFile(config, "utf8");
  const answers = await readAnswers((environment) => ({
    url: textIn(text, environment, "PUBLIC_URL"),
    profile: textIn(text, environment, "PROFILE"),
    isReviewed: textIn(text, environment, "REVIEW") === "two",
    firstEditors: firstEditorsOf({ FIRST_EDITORS: textIn(text, environment, "FIRST_EDITORS") }),
  }));
  if (!answers) return say(usage);
  const { url, environment, botToken, backups, dryRun, editor, second } = answers;
  if (valueIn(text, tableOf(environment, "vars"), "PROFILE") === null)
    throw new Fault(`wrangler.toml has no [${tableOf(environment, "vars")}]. Copy it from [env.staging.vars].`);
  const flags = ["--env", environment];
  const workers = await deployments(flags);

  if (dryRun) {
    say(`Would set up ${url.origin} with the profile ${answers.profile}, ${botToken ? "with" : "without"} a bot.`);
    const known = textIn(text, environment, "BACKUP_RECIPIENT") !== "";
    for (const name of wantedOf(answers, [], known)) say(`Would generate ${name}, unless the deployment has it.`);
    const edited = configured(text, answers, true, backups ? "age1…" : undefined).split("\n");
    for (const line of edited.filter((line) => !text.split("\n").includes(line)))
      say(`Would write to wrangler.toml: ${line}`);
    if (answers.deploy) say(`Would deploy ${workers.map(({ name }) => name).join(", and then ")}.`);
    return say("Nothing was changed.");
  }

  const bot = botToken === null ? null : await readBot(botApi(botToken), say);
  await mustRun(["whoami", "--json"]).catch(() => {
    throw new Fault("Wrangler isn't signed in. Run `npx wrangler login`, or set CLOUDFLARE_API_TOKEN.");
  });
  const names = await secretNames(flags);
  const isNew = names === null;
  say(isNew ? "Worker: new" : `Worker: exists, with the secrets ${names.join(", ") || "none"}`);

  const wanted = wantedOf(answers, names ?? [], textIn(text, environment, "BACKUP_RECIPIENT") !== "");
  const identity = (await storedSecrets(environment)).BACKUP_IDENTITY;
  // Checked before anything is written.
  configured(text, answers, isNew, undefined);
  const generated = await generateSecrets(environment, wanted);
  const recipient = generated.BACKUP_IDENTITY ?? identity;
  const edited = configured(text, answers, isNew, recipient && (await recipientOf(recipient)));
  if (edited !== text) await writeFile(config, edited);
  say(
    edited === text
      ? "wrangler.toml: unchanged"
      : "wrangler.toml: changed. Commit it, because it describes your deployment.",
  );

  if (backups) {
    const place = textIn(edited, environment, "JURISDICTION");
    const bucket = bucketOf(environment);
    await mustRun(["r2", "bucket", "create", bucket, ...(place ? ["--jurisdiction", place] : [])]).catch(
      (error: Error) => {
        if (!/already exists|10004/.test(error.message)) throw error;
      },
    );
    say(`backups: daily, to the bucket ${bucket}`);
  }

  const isWanted = (name: keyof Generated) => wanted.includes(name);
  const secrets: Record<string, string> = {
    ...(isWanted("EDITOR_TOKEN")
      ? { EDITORS: JSON.stringify({ [editor]: sha256(generated.EDITOR_TOKEN as string) }) }
      : {}),
    ...Object.fromEntries(
      [...always, "METRICS_TOKEN" as const].filter(isWanted).map((name) => [name, generated[name]]),
    ),
    ...(bot && botToken ? botSecrets(botToken, bot) : {}),
  };
  if (Object.keys(secrets).length > 0) await mustRun(["secret", "bulk", ...flags], JSON.stringify(secrets));
  say(`secrets: ${Object.keys(secrets).length > 0 ? `set ${Object.keys(secrets).join(", ")}` : "all there"}`);

  if (answers.deploy) {
    if (answers.build) await buildAll();
    for (const { args, env } of workers) await mustRun(args, undefined, env);
    say("deployed");
    await waitUntilHealthy(url.origin);
    say(`serving: ${url.origin}`);
  }
  await setUpBot(answers);

  say();
  const file = basename(secretsFile(environment));
  if (wanted.length > 0)
    say(`Move the secrets in ${file} to a password manager, then delete the file: ${wanted.join(", ")}.`);
  if (isWanted("EDITOR_TOKEN")) {
    const invites = answers.deploy && answers.invitation;
    for (const name of second === null ? [editor] : [editor, second]) {
      const link = invites ? await firstInvitation(url.origin, generated.EDITOR_TOKEN as string, name) : null;
      say(
        link
          ? `${name}: open this link within seven days and make your passkey. You are then an administrator, and EDITOR_TOKEN opens nothing any more.\n${link}`
          : `${name} is invited at ${url.origin}${paths.desk} with EDITOR_TOKEN, under People${answers.invitation ? "" : ", after the restore"}.`,
      );
    }
  }
  if (!backups && !hasBucket(edited, environment))
    say("There are no backups. Run this again with --backups, or export by hand (docs/shell.md).");
  say("Run the same command again after any change. docs/deploy.md explains each setting.");
}

try {
  await run();
} catch (error) {
  const message =
    error instanceof Fault ? error.message : telegramTrouble(error, "the webhook and the commands are not complete");
  if (message === null) throw error;
  console.error(message);
  process.exitCode = 1;
}
