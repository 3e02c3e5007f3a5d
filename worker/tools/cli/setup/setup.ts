/**
 * `npm run setup`: one command to a deployment. It can be run again: what is
 * set stays, and what is missing is added.
 */
import { basename } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { paths } from "../../../../shared/addresses.ts";
import { ApiError, clientOf } from "../../../editing/contract/client.ts";
import { readProfile } from "../../../runtime/profiles/profiles.ts";
import {
  addressesOf,
  firstEditorsOf,
  logNameOf,
} from "../../../runtime/settings.ts";
import { buildAll } from "../../local/runtime.ts";
import { type Answers, Fault, readAnswers } from "./answers.ts";
import {
  botApi,
  readBot,
  setMenus,
  setWebhook,
  telegramTrouble,
} from "./bot.ts";
import {
  configFlags,
  ownFile,
  ownSettings,
  type Settings,
  wholeSettings,
  withEnvironment,
  within,
  writeOwn,
} from "./own-settings.ts";
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
import {
  deployedSettings,
  deployments,
  mustRun,
  secretNames,
} from "./wrangler.ts";

/**
 * A new address can take this long until its name and certificate are known
 * everywhere.
 */
const HEALTH_TIMEOUT_MS = 90_000;
const HEALTH_INTERVAL_MS = 2_000;

const say = (line = "") => console.log(line);
/** What wrangler.toml has until set-up gives a deployment its own. */
const PLACE = "JURISDICTION";

/**
 * What the deployment has and neither the newsroom's file nor wrangler.toml
 * says: kept, and written down.
 */
function adopted(
  own: Settings,
  template: Settings,
  deployed: Settings | null,
): Settings {
  const lacking = Object.entries(deployed?.vars ?? {}).filter(
    ([name, value]) =>
      own.vars?.[name] === undefined && template.vars?.[name] !== value,
  );
  const buckets = own.r2_buckets ?? template.r2_buckets ?? deployed?.r2_buckets;
  for (const [name, value] of lacking)
    say(`from the deployment: ${name} = ${value}`);
  return {
    ...own,
    ...(lacking.length > 0 && {
      vars: { ...Object.fromEntries(lacking), ...own.vars },
    }),
    ...(buckets && { r2_buckets: buckets }),
  };
}

/**
 * What keeps old links, passkeys and checkpoints good when a deployment gets
 * another address.
 */
function moved(url: URL, vars: Settings["vars"] = {}): Record<string, string> {
  const { PUBLIC_URL = "", LOG_NAME, FORMER_URLS = "" } = vars;
  if (PUBLIC_URL === url.origin || !URL.canParse(PUBLIC_URL)) return {};
  const [, ...former] = addressesOf({ PUBLIC_URL, FORMER_URLS });
  const FORMER = [PUBLIC_URL, ...former]
    .filter((address) => address !== url.origin)
    .join(",");
  return {
    FORMER_URLS: FORMER,
    LOG_NAME: LOG_NAME ?? logNameOf({ PUBLIC_URL }),
  };
}

/** The newsroom's own settings with the answers in them. */
function configured(
  own: Settings,
  whole: Settings,
  answers: Answers,
  deployed: Settings | null,
  recipient: string | undefined,
): Settings {
  const { environment, url, profile, backups, editor, second, location } =
    answers;
  const onWorkersDev = url.hostname.endsWith(".workers.dev");
  const before = deployed === null ? null : (deployed.vars?.[PLACE] ?? "");
  const jurisdiction = answers.jurisdiction ?? whole.vars?.[PLACE] ?? "";
  const place =
    deployed === null
      ? (answers.jurisdiction ?? (own.vars?.[PLACE] || "eu"))
      : jurisdiction;
  if (before !== null && place !== before)
    throw new Fault(
      `JURISDICTION: this deployment has its data ${before === "" ? "outside any jurisdiction" : `in ${before}`}. An object elsewhere is another one, with an empty storage. Make a new deployment and restore a backup there (docs/deploy.md).`,
    );
  const more = deployed === null ? {} : moved(url, deployed.vars);
  const hosts = addressesOf({
    PUBLIC_URL: url.origin,
    ...own.vars,
    ...more,
  }).map((one) => new URL(one).hostname);
  const names = new Set(
    [url.hostname, ...hosts].filter((host) => !host.endsWith(".workers.dev")),
  );
  return {
    ...own,
    vars: {
      ...own.vars,
      ...more,
      PUBLIC_URL: url.origin,
      PROFILE: profile,
      JURISDICTION: place,
      ...(location && { LOCATION: location }),
      ...(second !== null && { FIRST_EDITORS: `${editor}, ${second}` }),
      ...(backups && recipient && { BACKUP_RECIPIENT: recipient }),
    },
    workers_dev:
      onWorkersDev || hosts.some((host) => host.endsWith(".workers.dev")),
    routes: [...names].map((pattern) => ({ pattern, custom_domain: true })),
    ...(backups && {
      r2_buckets: own.r2_buckets ?? [
        {
          binding: "BACKUPS",
          bucket_name: bucketOf(environment),
          ...(place && { jurisdiction: place }),
        },
      ],
    }),
  };
}

const bucketOf = (environment: string) =>
  `casewire-backups${environment === "" ? "" : `-${environment}`}`;

/** What every deployment has: devices can follow one without a bot too. */
const always = ["FOLLOWER_KEY", "PUSH_KEY", "LOG_KEY"] as const;

/** The secrets to generate: those that the deployment lacks. */
function wantedOf(
  { backups, metrics }: Answers,
  names: string[],
  hasRecipient: boolean,
): (keyof Generated)[] {
  return [
    ...(names.includes("EDITORS") ? [] : (["EDITOR_TOKEN"] as const)),
    ...always.filter((name) => !names.includes(name)),
    ...(metrics && !names.includes("METRICS_TOKEN")
      ? (["METRICS_TOKEN"] as const)
      : []),
    ...(backups && !hasRecipient ? (["BACKUP_IDENTITY"] as const) : []),
  ];
}

const isHealthy = (answer: Response): Promise<boolean> =>
  answer.json().then(
    (body) => (body as { ok?: unknown }).ok === true,
    () => false,
  );

/**
 * Asks until the deployment serves.
 * @throws Fault with the reason why it doesn't
 */
async function waitUntilHealthy(origin: string): Promise<void> {
  const deadline = Date.now() + HEALTH_TIMEOUT_MS;
  for (;;) {
    const answer = await fetch(origin + paths.health, {
      redirect: "error",
    }).catch((error: Error) => error);
    const reason =
      answer instanceof Error
        ? `no answer (${answer.cause instanceof Error ? answer.cause.message : answer.message})`
        : answer.ok && (await isHealthy(answer.clone()))
          ? null
          : `${answer.status}: ${(await answer.text()).trim().slice(0, 500)}`;
    if (reason === null) return;
    // The Worker itself says which setting is wrong; waiting would not change
    // it.
    if (reason.includes("Refusing to serve")) throw new Fault(reason);
    if (Date.now() > deadline)
      throw new Fault(
        `${origin} doesn't serve yet: ${reason}\nA new domain can take some minutes. Then run the same command again.`,
      );
    await delay(HEALTH_INTERVAL_MS);
  }
}

/**
 * Invites a first administrator.
 * @returns the link; null when the deployment doesn't answer, or has an
 * administrator
 */
async function firstInvitation(
  origin: string,
  token: string,
  name: string,
): Promise<string | null> {
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
  const { pending_update_count, last_error_message } =
    await api.getWebhookInfo();
  if (last_error_message)
    say(
      `webhook's last error: ${last_error_message} (${pending_update_count} updates wait). It may be an old one.`,
    );
}

async function run(): Promise<void> {
  const own = await ownSettings();
  let part: Settings = {};
  let whole: Settings = {};
  let deployed: Settings | null = null;
  let names: string[] | null = null;
  const answers = await readAnswers(async (environment, isDryRun) => {
    const template = within(await wholeSettings({}), environment);
    if (template.vars?.PROFILE === undefined)
      throw new Fault(
        `wrangler.toml has no [env.${environment}.vars]. Copy it from [env.staging.vars].`,
      );
    const flags = ["--env", environment, ...(await configFlags())];
    // Refused before anything is asked of Cloudflare: an environment without a
    // workshop of its own.
    await deployments(flags);
    if (!isDryRun) {
      await mustRun(["whoami", "--json"]).catch((error: Error) => {
        throw new Fault(
          `Wrangler isn't signed in, or can't reach Cloudflare. Run \`npx wrangler login\`, or set CLOUDFLARE_API_TOKEN.\n${error.message}`,
        );
      });
      names = await secretNames(flags);
      if (names !== null) deployed = await deployedSettings(flags);
    }
    part = adopted(within(own, environment), template, deployed);
    whole = within(
      await wholeSettings(withEnvironment(own, environment, part)),
      environment,
    );
    const {
      PUBLIC_URL: url = "",
      PROFILE: profile = "",
      REVIEW,
      FIRST_EDITORS = "",
    } = whole.vars ?? {};
    const firstEditors = firstEditorsOf({ FIRST_EDITORS });
    return {
      url,
      profile,
      isReviewed: REVIEW === "two",
      firstEditors,
      isNew: names === null,
    };
  });
  const { url, environment, botToken, backups, dryRun, editor, second } =
    answers;
  const hasRecipient = Boolean(whole.vars?.BACKUP_RECIPIENT);

  if (dryRun) {
    say(
      `Would set up ${url.origin} with the profile ${answers.profile}, ${botToken ? "with" : "without"} a bot.`,
    );
    for (const name of wantedOf(answers, [], hasRecipient))
      say(`Would generate ${name}, unless the deployment has it.`);
    const edited = configured(
      part,
      whole,
      answers,
      null,
      backups ? "age1…" : undefined,
    );
    say(`Would write to ${ownFile}: ${JSON.stringify(edited)}`);
    if (answers.deploy)
      say(
        `Would deploy ${(await deployments(["--env", environment])).map(({ name }) => name).join(", and then ")}.`,
      );
    return say("Nothing was changed.");
  }

  const bot = botToken === null ? null : await readBot(botApi(botToken), say);
  say(
    names === null
      ? "Worker: new"
      : `Worker: exists, with the secrets ${(names as string[]).join(", ") || "none"}`,
  );

  const wanted = wantedOf(answers, names ?? [], hasRecipient);
  const identity = (await storedSecrets(environment)).BACKUP_IDENTITY;
  // Checked before anything is written.
  configured(part, whole, answers, deployed, undefined);
  const generated = await generateSecrets(environment, wanted);
  const recipient = generated.BACKUP_IDENTITY ?? identity;
  const edited = configured(
    part,
    whole,
    answers,
    deployed,
    recipient && (await recipientOf(recipient)),
  );
  const isSame =
    JSON.stringify(within(own, environment)) === JSON.stringify(edited);
  if (!isSame) await writeOwn(withEnvironment(own, environment, edited));
  say(
    isSame
      ? `${ownFile}: unchanged`
      : `${ownFile}: changed. Commit it, because it describes your deployment.`,
  );
  const flags = ["--env", environment, ...(await configFlags())];
  const workers = await deployments(flags);

  if (backups) {
    const place = edited.vars?.JURISDICTION;
    const bucket = edited.r2_buckets?.[0]?.bucket_name ?? bucketOf(environment);
    await mustRun([
      "r2",
      "bucket",
      "create",
      bucket,
      ...(place ? ["--jurisdiction", place] : []),
    ]).catch((error: Error) => {
      if (!/already exists|10004/.test(error.message)) throw error;
    });
    say(`backups: daily, to the bucket ${bucket}`);
  }

  const isWanted = (name: keyof Generated) => wanted.includes(name);
  const secrets: Record<string, string> = {
    ...(isWanted("EDITOR_TOKEN")
      ? {
          EDITORS: JSON.stringify({
            [editor]: sha256(generated.EDITOR_TOKEN as string),
          }),
        }
      : {}),
    ...Object.fromEntries(
      [...always, "METRICS_TOKEN" as const]
        .filter(isWanted)
        .map((name) => [name, generated[name]]),
    ),
    ...(bot && botToken ? botSecrets(botToken, bot) : {}),
  };
  if (Object.keys(secrets).length > 0)
    await mustRun(["secret", "bulk", ...flags], JSON.stringify(secrets));
  say(
    `secrets: ${Object.keys(secrets).length > 0 ? `set ${Object.keys(secrets).join(", ")}` : "all there"}`,
  );

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
    say(
      `Move the secrets in ${file} to a password manager, then delete the file: ${wanted.join(", ")}.`,
    );
  if (isWanted("EDITOR_TOKEN")) {
    const invites = answers.deploy && answers.invitation;
    for (const name of second === null ? [editor] : [editor, second]) {
      const link = invites
        ? await firstInvitation(
            url.origin,
            generated.EDITOR_TOKEN as string,
            name,
          )
        : null;
      say(
        link
          ? `${name}: open this link within seven days and make your passkey. You are then an administrator, and EDITOR_TOKEN opens nothing any more.\n${link}`
          : `${name} is invited at ${url.origin}${paths.desk} with EDITOR_TOKEN, under Editors${answers.invitation ? "" : ", after the restore"}.`,
      );
    }
  }
  if (!edited.r2_buckets?.length)
    say(
      "There are no backups. Run this again with --backups, or export by hand (docs/shell.md).",
    );
  say(
    "Run the same command again after any change. docs/deploy.md explains each setting.",
  );
}

try {
  await run();
} catch (error) {
  const message =
    error instanceof Fault
      ? error.message
      : telegramTrouble(error, "the webhook and the commands are not complete");
  if (message === null) throw error;
  console.error(message);
  process.exitCode = 1;
}
