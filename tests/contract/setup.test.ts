/**
 * `npm run setup` against a Wrangler and a Bot API that record their calls. No
 * Cloudflare account takes part.
 */
import {
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { json } from "node:stream/consumers";
import { parseEnv } from "node:util";
import { afterEach, beforeEach, expect, it } from "vitest";
import { unstable_readConfig } from "wrangler";
import { readAnswers } from "../../worker/tools/cli/setup/answers.ts";
import { deployments } from "../../worker/tools/cli/setup/wrangler.ts";
import { wranglerEnv } from "../../worker/tools/local/runtime.ts";
import { listening } from "../support/listening.ts";
import { root } from "../support/root.ts";
import { runNode } from "./node-run.ts";

const TOKEN = "4242:setup-test-token";
const URL_OF_READERS = "https://cases.newsroom.test";

/** Keeps secrets in a file, as Cloudflare would, and records each call. */
const fakeWrangler = `
const { appendFileSync, existsSync, readFileSync, writeFileSync } = require("node:fs");
const [command, ...rest] = process.argv.slice(2);
const stdin = readFileSync(0, "utf8");
const name = command === "deploy" && process.env.WRANGLER_CI_OVERRIDE_NAME;
appendFileSync("calls", JSON.stringify([command, ...rest, ...(name ? ["as", name] : [])].join(" ")) + "\\n");
const known = existsSync("secrets.json") ? JSON.parse(readFileSync("secrets.json", "utf8")) : null;
if (command === "secret" && rest[0] === "list") {
  if (!known) { console.error("This Worker does not exist on your account. [code: 10007]"); process.exit(1); }
  console.log(JSON.stringify(Object.keys(known).map((name) => ({ name, type: "secret_text" }))));
}
if (command === "deploy" && !rest.includes("worker/web/workshop/wrangler.toml")) {
  const config = rest[rest.indexOf("--config") + 1];
  if (config.endsWith(".json")) writeFileSync("deployed.json", readFileSync(config));
}
if (command === "deployments") console.log(JSON.stringify({ versions: [{ version_id: "invented-version" }] }));
if (command === "versions") {
  const { vars, r2_buckets = [] } = existsSync("deployed.json") ? JSON.parse(readFileSync("deployed.json", "utf8")) : { vars: {} };
  const bindings = Object.entries(vars).map(([name, text]) => ({ name, type: "plain_text", text }));
  const buckets = r2_buckets.map(({ binding: name, ...rest }) => ({ name, type: "r2_bucket", ...rest }));
  console.log(JSON.stringify({ resources: { bindings: [...bindings, ...buckets] } }));
}
if (command === "secret" && rest[0] === "bulk") writeFileSync("secrets.json", JSON.stringify({ ...known, ...JSON.parse(stdin) }));
if (command === "r2" && existsSync("bucket")) { console.error("The bucket you tried to create already exists. [code: 10004]"); process.exit(1); }
if (command === "r2") writeFileSync("bucket", "");
`;

let folder: string;
let server: Server;
let local: string;
/** What the deployed Worker and Telegram were asked. */
let asked: { path: string; payload: Record<string, unknown> }[];
let refusal: string | null;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "casewire-setup-"));
  await mkdir(join(folder, "bin"));
  await writeFile(join(folder, "bin/wrangler.cjs"), fakeWrangler);
  // Not by a #! line, which ends at the first space of a path.
  const command = `#!/bin/sh\nexec "${process.execPath}" "$0.cjs" "$@"\n`;
  await writeFile(join(folder, "bin/wrangler"), command, { mode: 0o755 });
  await copyFile(join(root, "wrangler.toml"), join(folder, "wrangler.toml"));
  asked = [];
  refusal = null;
  server = createServer(async (request, response) => {
    const path = request.url ?? "";
    asked.push({
      path,
      payload: (await json(request).catch(() => ({}))) as Record<
        string,
        unknown
      >,
    });
    const results: Record<string, unknown> = {
      getMe: {
        id: 4242,
        is_bot: true,
        first_name: "Casewire",
        username: "casewire_test_bot",
      },
      getWebhookInfo: { url: "", pending_update_count: 0 },
    };
    const link = `${URL_OF_READERS}/desk#/invitation/invented`;
    if (path === "/v1/desk/invitations") {
      response.writeHead(201, { "Content-Type": "application/json" });
      response.end(JSON.stringify({ link, expires: "2026-12-31T00:00:00Z" }));
    } else if (path === "/healthz" && refusal)
      response.writeHead(503).end(refusal);
    else if (path === "/healthz")
      response.end(JSON.stringify({ ok: true, version: "test" }));
    else
      response.end(
        JSON.stringify({
          ok: true,
          result: results[path.split("/").at(-1) ?? ""] ?? true,
        }),
      );
  });
  local = `http://127.0.0.1:${await listening(server)}`;
});

afterEach(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});

/** A script in worker/tools/cli/, with the folder's Wrangler. */
const run = (
  script: string,
  args: string[],
  env: Record<string, string>,
  node: string[] = [],
) =>
  runNode(
    [...node, join(root, "worker/tools/cli", script), ...args],
    { PATH: [join(folder, "bin"), process.env.PATH].join(delimiter), ...env },
    folder,
  );

/**
 * The calls that `deploy` would make. A process for each would take two
 * seconds.
 */
const callsFor = async (flags: string[]) =>
  (await deployments(flags)).map(({ args }) => args.join(" "));

const deploy = (args: string[], env: Record<string, string> = {}) =>
  run("deploy.ts", args, env);

function setup(args: string[], env: Record<string, string> = {}) {
  // Readers' address leads to the server of this test.
  const redirect = `const real = fetch; globalThis.fetch = (url, init) => real(String(url).replace("${URL_OF_READERS}", "${local}"), init);`;
  const node = [
    "--import",
    `data:text/javascript,${encodeURIComponent(redirect)}`,
  ];
  return run(
    "setup/setup.ts",
    ["--no-build", ...args],
    { BOT_TOKEN: TOKEN, TELEGRAM_API_ROOT: local, ...env },
    node,
  );
}

const file = (name: string) => readFile(join(folder, name), "utf8");
const calls = async () =>
  (await file("calls"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as string);
const OWN = "newsroom/settings.json";
/** Makes Wrangler read the newsroom's own settings too. */
const merged = " --config wrangler.newsroom.json";
const own = async () => JSON.parse(await file(OWN));
const config = (env: string, path = root) =>
  unstable_readConfig({ config: join(path, "wrangler.toml"), env });
/**
 * The call that deploys the workshop of an environment of this wrangler.toml.
 */
const deploysWorkshop = (env: string) =>
  `deploy --config worker/web/workshop/wrangler.toml --name ${config(env).services?.[0]?.service}`;
const secretsSet = async () =>
  JSON.parse(await file("secrets.json")) as Record<string, string>;

it("npm run setup makes a whole deployment, and changes nothing when it runs again", async () => {
  const args = [
    "--url",
    URL_OF_READERS,
    "--profile",
    "urgent-actions",
    "--editor",
    "anna",
    "--backups",
    "--metrics",
  ];
  args.push("--location", "weur");
  const first = await setup(args);
  expect(first.code, first.output).toBe(0);
  expect(await calls()).toEqual([
    "whoami --json",
    "secret list --format json --env ",
    "r2 bucket create casewire-backups --jurisdiction eu",
    `secret bulk --env ${merged}`,
    deploysWorkshop(""),
    `deploy --env ${merged}`,
  ]);
  const secrets = await secretsSet();
  const set =
    "BOT_INFO BOT_TOKEN EDITORS FOLLOWER_KEY LOG_KEY METRICS_TOKEN PUSH_KEY WEBHOOK_SECRET";
  expect(Object.keys(secrets).sort().join(" ")).toBe(set);
  expect(JSON.parse(secrets.EDITORS!)).toEqual({
    anna: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(
    asked.find(({ path }) => path.endsWith("setWebhook"))?.payload,
  ).toMatchObject({
    url: `${URL_OF_READERS}/telegram`,
    secret_token: secrets.WEBHOOK_SECRET,
  });
  expect(asked.some(({ path }) => path.endsWith("setMyCommands"))).toBe(true);

  const written = await own();
  expect(written).toMatchObject({
    vars: {
      PUBLIC_URL: URL_OF_READERS,
      PROFILE: "urgent-actions",
      JURISDICTION: "eu",
      LOCATION: "weur",
    },
    workers_dev: false,
    routes: [{ pattern: "cases.newsroom.test", custom_domain: true }],
    r2_buckets: [
      {
        binding: "BACKUPS",
        bucket_name: "casewire-backups",
        jurisdiction: "eu",
      },
    ],
  });
  // Upstream's file stays as it is, and Wrangler reads both.
  expect(await file("wrangler.toml")).toBe(
    await readFile(join(root, "wrangler.toml"), "utf8"),
  );
  const whole = unstable_readConfig({
    config: join(folder, "wrangler.newsroom.json"),
    env: "",
  });
  expect(whole).toMatchObject({
    vars: { LEASE_SECONDS: "5", JURISDICTION: "eu" },
    name: config("").name,
  });

  const kept = parseEnv(await file("casewire-secrets.env"));
  const named =
    "BACKUP_IDENTITY EDITOR_TOKEN FOLLOWER_KEY LOG_KEY METRICS_TOKEN PUSH_KEY";
  expect(Object.keys(kept).sort().join(" ")).toBe(named);
  expect((await stat(join(folder, "casewire-secrets.env"))).mode & 0o777).toBe(
    0o600,
  );
  expect(written.vars.BACKUP_RECIPIENT).toMatch(/^age1/);
  for (const secret of [...Object.values(kept), TOKEN, secrets.WEBHOOK_SECRET!])
    expect(first.output).not.toContain(secret);

  const before = [secrets, await file(OWN)];
  // As an operator does who followed the advice, in a checkout that lacks the
  // deployment's settings.
  for (const name of ["casewire-secrets.env", OWN])
    await rm(join(folder, name));
  const second = await setup(args.slice(0, 2));
  expect(second.code, second.output).toBe(0);
  expect(second.output).toContain("from the deployment: JURISDICTION = eu");
  expect([await secretsSet(), await own()]).toEqual([
    before[0],
    JSON.parse(before[1] as string),
  ]);
  await expect(stat(join(folder, "casewire-secrets.env"))).rejects.toThrow();

  // Another address: the old one serves too, and the log keeps its name. A key
  // of backups that was stolen is replaced.
  const stolen = written.vars.BACKUP_RECIPIENT;
  await writeFile(join(folder, OWN), (await file(OWN)).replace(stolen, ""));
  const moved = await setup([
    "--url",
    "https://new.newsroom.test",
    ...args.slice(2),
    "--no-deploy",
  ]);
  expect(moved.code, moved.output).toBe(0);
  expect(await own()).toMatchObject({
    vars: {
      FORMER_URLS: URL_OF_READERS,
      LOG_NAME: "cases.newsroom.test/v1/log",
    },
    routes: [
      { pattern: "new.newsroom.test" },
      { pattern: "cases.newsroom.test" },
    ],
  });
  const { BACKUP_RECIPIENT } = (await own()).vars;
  expect([BACKUP_RECIPIENT, BACKUP_RECIPIENT === stolen]).toEqual([
    expect.stringMatching(/^age1/),
    false,
  ]);

  const elsewhere = await setup([...args, "--jurisdiction", "none"]);
  expect(elsewhere).toMatchObject({
    code: 1,
    output: expect.stringContaining(
      "JURISDICTION: this deployment has its data in eu",
    ),
  });
});

it("npm run setup -- --no-invitation leaves the deployment empty for a restore, and invites nobody", async () => {
  const args = ["--url", URL_OF_READERS, "--no-bot", "--editor", "anna"];
  const invitations = () =>
    asked.filter(({ path }) => path === "/v1/desk/invitations");
  const without = await setup([...args, "--no-invitation"]);
  expect(without).toMatchObject({
    code: 0,
    output: expect.stringMatching(
      /anna is invited at .*\/desk with EDITOR_TOKEN,.*, after the restore\./,
    ),
  });
  expect(await calls()).toContain(`deploy --env ${merged}`);
  expect(invitations()).toEqual([]);
  expect(parseEnv(await file("casewire-secrets.env"))).toHaveProperty(
    "EDITOR_TOKEN",
  );
});

it("npm run setup confirms and invites two people where two must agree, and asks once", async () => {
  const text = await file("wrangler.toml");
  await writeFile(
    join(folder, "wrangler.toml"),
    text.replace("[vars]\n", '[vars]\nREVIEW = "two"\n'),
  );
  const args = ["--url", URL_OF_READERS, "--no-bot"];
  const both = await setup([
    ...args,
    "--editor",
    "anna",
    "--second-editor",
    "Борис Б.",
  ]);
  expect(both.code, both.output).toBe(0);
  expect((await own()).vars).toMatchObject({ FIRST_EDITORS: "anna, Борис Б." });
  expect(Object.keys(JSON.parse((await secretsSet()).EDITORS!))).toEqual([
    "anna",
  ]);
  const invited = asked
    .filter(({ path }) => path === "/v1/desk/invitations")
    .map(({ payload }) => payload);
  expect(invited).toEqual(
    ["anna", "Борис Б."].map((name) => ({ name, role: "administrator" })),
  );
  for (const name of ["anna", "Борис Б."])
    expect(both.output).toContain(`${name}: open this link`);
  const again = await setup(args);
  expect(again).toMatchObject({
    code: 0,
    output: expect.stringContaining(`${OWN}: unchanged`),
  });
});

it("npm run setup refuses placeholders by name, before it calls anything", async () => {
  const unanswered = async () => ({
    ...{
      url: "",
      profile: "urgent-actions",
      isReviewed: true,
      firstEditors: [],
      isNew: true,
    },
  });
  const editor = [URL_OF_READERS, "--no-bot", "--editor"];
  for (const options of [
    ["http://localhost:8787", "PUBLIC_URL: localhost is this machine"],
    [
      "https://casewire.invalid",
      "PUBLIC_URL: casewire.invalid is a placeholder",
    ],
    [
      "https://cases.your-newsroom.org",
      "PUBLIC_URL: cases.your-newsroom.org is a placeholder",
    ],
    ["https://192.0.2.7", "PUBLIC_URL: 192.0.2.7 is no name"],
    [`${URL_OF_READERS}/`, "PUBLIC_URL: remove the slash at its end"],
    [
      `${URL_OF_READERS}:8443`,
      "PUBLIC_URL: remove the port: https://cases.newsroom.test",
    ],
    ["http://cases.newsroom.test", "PUBLIC_URL: it must begin with https"],
    ["cases", "PUBLIC_URL: “cases” is not"],
    [URL_OF_READERS, "--profile", "none", "PROFILE must be one of"],
    [
      URL_OF_READERS,
      "--jurisdiction",
      "mars",
      "argument 'mars' is invalid. Allowed choices are eu",
    ],
    [
      URL_OF_READERS,
      "--location",
      "moon",
      "argument 'moon' is invalid. Allowed choices are weur",
    ],
    [...editor, "<b>", "--editor: it must be a name"],
    [...editor, "anna", "--second-editor is missing. Two people must agree"],
    [
      ...editor,
      "coco",
      "--second-editor",
      "\u0441\u043e\u0441\u043e",
      "--second-editor: it looks like",
    ],
  ]) {
    const words = options.pop()!;
    await expect(
      readAnswers(unanswered, ["--url", ...options]),
      options.join(" "),
    ).rejects.toThrow(words);
  }
  // One by the whole command.
  expect(
    await setup(["--url", URL_OF_READERS], { BOT_TOKEN: "x" }),
  ).toMatchObject({
    code: 1,
    output: expect.stringContaining("BOT_TOKEN: a bot's token looks like"),
  });
  await expect(calls()).rejects.toThrow();
  expect(asked).toEqual([]);
});

it("npm run setup explains why a deployment refuses to serve, and a dry run does nothing", async () => {
  refusal =
    "Refusing to serve: missing or unusable settings: REVIEW (one or two)\n";
  const named = ["--url", URL_OF_READERS, "--no-bot"];
  expect(await setup(named)).toMatchObject({
    code: 1,
    output: expect.stringContaining("settings: REVIEW (one or two)"),
  });
  await rm(join(folder, "calls"));
  const dry = await setup([
    ...named,
    "--env",
    "staging",
    "--dry-run",
    "--backups",
  ]);
  expect(dry).toMatchObject({
    code: 0,
    output: expect.stringContaining("Nothing was changed."),
  });
  const { name, services } = config("staging");
  expect(dry.output).toContain(
    `Would deploy ${services?.[0]?.service}, and then ${name}.`,
  );
  await expect(calls()).rejects.toThrow();
});

it("The workshop is deployed first, under the name by which the main Worker calls it, also in Cloudflare's builds", async () => {
  const workshop = unstable_readConfig({
    config: join(root, "worker/web/workshop/wrangler.toml"),
  });
  expect(workshop).toMatchObject({
    // Only the main wrangler.toml has names and environments.
    name: undefined,
    definedEnvironments: [],
    compatibility_date: config("").compatibility_date,
    workers_dev: false,
    preview_urls: false,
  });
  const wrangler = join(root, "node_modules/wrangler/bin/wrangler.js");
  const dryRun = [
    ...deploysWorkshop("").split(" "),
    "--dry-run",
    "--outdir",
    join(folder, "workshop"),
  ];
  const bundling = await runNode([wrangler, ...dryRun], wranglerEnv);
  expect(bundling.code, bundling.output).toBe(0);
  expect(bundling.output).not.toContain("WARNING");

  const flags =
    "--env staging --message Test --durable-objects-code-update-mode immediate";
  await deploy(flags.split(" "), {
    WRANGLER_CI_OVERRIDE_NAME: "invented-name",
  });
  expect(await calls()).toEqual([
    deploysWorkshop("staging"),
    `deploy ${flags} as invented-name`,
  ]);

  await rm(join(folder, "calls"));
  const text = await file("wrangler.toml");
  const renamed = text.replaceAll(
    /(?<=^(name|service) = ")(?=casewire)/gm,
    "invented-",
  );
  await writeFile(join(folder, "wrangler.toml"), renamed);
  // Wrangler itself reads this variable.
  await deploy([], { CLOUDFLARE_ENV: "staging" });
  const named = config("staging", folder).services?.[0]?.service;
  const [workshopCall] = await calls();
  expect(workshopCall).toBe(
    `deploy --config worker/web/workshop/wrangler.toml --name ${named}`,
  );
  expect(
    await callsFor([
      "-e",
      "staging",
      "--config",
      join(folder, "wrangler.toml"),
    ]),
  ).toContain(workshopCall);
});

it("An environment without a workshop of its own is refused before anything is done", async () => {
  const text = await file("wrangler.toml");
  const services = /\[\[env\.staging\.services\]\]\n.*\n.*\n/;
  const shared = text.replace(services, (table) =>
    table.replace(/(?<=service = ").*(?=")/, config("").services![0]!.service),
  );
  for (const [edited, words] of [
    [
      text.replace(services, ""),
      `[[env.staging.services]]\nbinding = "WORKSHOP"\nservice = "${config("staging").name}-workshop"`,
    ],
    [
      shared,
      `Under [[env.staging.services]], use ${config("staging").name}-workshop.`,
    ],
  ] as const) {
    expect(edited).not.toBe(text);
    await writeFile(join(folder, "wrangler.toml"), edited);
    const environment = ["--env", "staging"];
    await expect(
      callsFor([...environment, "--config", join(folder, "wrangler.toml")]),
    ).rejects.toThrow(words);
    if (edited === shared) continue;
    const refused = { code: 1, output: expect.stringContaining(words) };
    expect(
      await setup(["--url", URL_OF_READERS, "--no-bot", ...environment]),
    ).toMatchObject(refused);
  }
  for (const flags of [["--env", "mine"], ["-e=staging"], ["--env"]])
    await expect(callsFor(flags)).rejects.toThrow("No environment found");
  await expect(calls()).rejects.toThrow();
});

it("npm run deploy understands a dry run, and refuses what Wrangler might understand in another way", async () => {
  expect(await callsFor(["--dry-run"])).toEqual([
    `${deploysWorkshop("")} --dry-run`,
    "deploy --dry-run",
  ]);
  expect(await callsFor(["--message", "true"])).toEqual([
    deploysWorkshop(""),
    "deploy --message true",
  ]);
  const words = "Use --dry-run once";
  for (const args of [
    "--dry-run false",
    "--no-dry-run",
    "--dryRun",
    "--dry-run=no",
    "--dry-run --dry-run",
  ])
    await expect(callsFor(args.split(" ")), args).rejects.toThrow(words);
  expect(await deploy(["--dryrun"])).toMatchObject({
    code: 1,
    output: expect.stringContaining(words),
  });
  await expect(calls()).rejects.toThrow();
  await deploy(["--help"]);
  expect(await calls()).toEqual(["deploy --help"]);
});
