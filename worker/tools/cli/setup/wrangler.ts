/** Runs Wrangler, which npm puts on the PATH. */
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { wranglerEnv } from "../../local/runtime.ts";
import { Fault } from "./answers.ts";
import { configFlags, type Settings, settingsIn } from "./own-settings.ts";

/**
 * These stand for the main Worker. With the names that Cloudflare's builds set,
 * Wrangler would deploy the workshop in its place.
 */
const mainOnly = {
  WRANGLER_CI_OVERRIDE_NAME: undefined,
  WRANGLER_CI_MATCH_TAG: undefined,
  CLOUDFLARE_ENV: undefined,
};

/**
 * @param input for standard input: secrets are never arguments, which other
 * users of the machine can read
 */
function wrangler(args: string[], input = "", more: NodeJS.ProcessEnv = {}) {
  const env = { ...process.env, ...wranglerEnv, ...more };
  const run = spawnSync("wrangler", args, {
    env,
    input,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  if (run.error)
    throw new Fault(`Wrangler could not be started: ${run.error.message}`);
  return run;
}

/** @throws Fault with what Wrangler printed */
export async function mustRun(
  args: string[],
  input?: string,
  more?: NodeJS.ProcessEnv,
): Promise<string> {
  const { status, stdout, stderr } = wrangler(args, input, more);
  if (status === 0) return stdout;
  throw new Fault(
    `wrangler ${args.join(" ")} failed:\n${(stderr || stdout).trim()}`,
  );
}

/**
 * The names of the secrets that the deployment has; null when there is no such
 * Worker yet.
 */
export async function secretNames(flags: string[]): Promise<string[] | null> {
  const { status, stdout, stderr } = wrangler([
    "secret",
    "list",
    "--format",
    "json",
    ...flags,
  ]);
  if (status === 0)
    return (JSON.parse(stdout) as { name: string }[]).map(({ name }) => name);
  if (/10007|not (be )?found|does not exist/i.test(stderr + stdout))
    return null;
  throw new Fault(`wrangler secret list failed:\n${(stderr || stdout).trim()}`);
}

interface Binding {
  name: string;
  type: string;
  text?: string;
  bucket_name?: string;
  jurisdiction?: string;
}

/**
 * The settings of what is deployed.
 * @throws Fault with what Wrangler printed
 */
export async function deployedSettings(flags: string[]): Promise<Settings> {
  const { versions } = JSON.parse(
    await mustRun(["deployments", "status", "--json", ...flags]),
  );
  const view = JSON.parse(
    await mustRun([
      "versions",
      "view",
      versions[0].version_id,
      "--json",
      ...flags,
    ]),
  );
  const bindings = view.resources.bindings as Binding[];
  const vars = bindings.flatMap(({ name, type, text }) =>
    type === "plain_text" ? [[name, text ?? ""]] : [],
  );
  const buckets = bindings.flatMap(
    ({ name, type, bucket_name = "", jurisdiction }) =>
      type === "r2_bucket"
        ? [
            {
              binding: name,
              bucket_name,
              ...(jurisdiction && { jurisdiction }),
            },
          ]
        : [],
  );
  return {
    vars: Object.fromEntries(vars),
    ...(buckets.length > 0 && { r2_buckets: buckets }),
  };
}

interface Deploying {
  /** The Worker's name. */
  name: string;
  args: string[];
  env: NodeJS.ProcessEnv;
}

const workshopOf = ({ services }: Settings) =>
  services?.find(({ binding }) => binding === "WORKSHOP")?.service;

/**
 * @throws Fault for a spelling that this and Wrangler might take in different
 * ways
 */
function isDryRun(flags: string[]): boolean {
  const [given, ...more] = flags.filter((flag) => /^--(no-?)?dry/i.test(flag));
  if (given === undefined) return false;
  const value = flags[flags.indexOf(given) + 1] ?? "";
  if (given !== "--dry-run" || more.length > 0 || /^(true|false)$/.test(value))
    throw new Fault("Use --dry-run once, and without a value.");
  return true;
}

/**
 * The calls of a deployment, in order: the workshop first, because the main
 * Worker may call what is new there. The workshop is deployed under the name by
 * which the main Worker calls it, so that only wrangler.toml has names and
 * environments.
 * @param given options of `wrangler deploy`, for the main Worker
 * @throws Fault when wrangler.toml lacks the environment or its workshop
 */
export async function deployments(
  given: string[],
): Promise<[workshop: Deploying, main: Deploying]> {
  const options = {
    env: { type: "string", short: "e" },
    config: { type: "string", short: "c" },
  } as const;
  // Wrangler checks the other options itself.
  const own = parseArgs({ args: given, options, strict: false }).values.config
    ? []
    : await configFlags();
  const flags = [...given, ...own];
  const { env, config = "wrangler.toml" } = parseArgs({
    args: flags,
    options,
    strict: false,
  }).values;
  const dryRun = isDryRun(flags) ? ["--dry-run"] : [];
  const whole = await settingsIn(config.toString());
  // Wrangler itself reads this variable.
  const environment = (env ?? process.env.CLOUDFLARE_ENV ?? "").toString();
  const main = environment === "" ? whole : whole.env?.[environment];
  if (!main)
    throw new Fault(
      `No environment found in ${config} with the name "${environment}".`,
    );
  const mainName = main.name ?? `${whole.name}-${environment}`;
  const name = workshopOf(main);
  const table = `[[${environment && `env.${environment}.`}services]]`;
  if (!name)
    throw new Fault(
      `${config} has no ${table} for WORKSHOP, the second Worker. Add one, with a name of its own:\n\n${table}\nbinding = "WORKSHOP"\nservice = "${mainName}-workshop"`,
    );
  for (const [other, settings] of Object.entries({ ...whole.env, "": whole }))
    if (other !== environment && workshopOf(settings) === name)
      throw new Fault(
        `${config} names the workshop ${name} twice, so one deployment would replace the other's. Under ${table}, use ${mainName}-workshop.`,
      );
  return [
    {
      name,
      args: [
        "deploy",
        "--config",
        "worker/web/workshop/wrangler.toml",
        "--name",
        name,
        ...dryRun,
      ],
      env: mainOnly,
    },
    { name: mainName, args: ["deploy", ...flags], env: {} },
  ];
}
