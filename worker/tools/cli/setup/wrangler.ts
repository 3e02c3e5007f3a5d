/** Runs Wrangler, which npm puts on the PATH. */
import { spawn } from "node:child_process";
import { wranglerEnv } from "../../local/runtime.ts";
import { Fault } from "./answers.ts";

interface Run {
  code: number;
  stdout: string;
  stderr: string;
}

/** In Cloudflare's own builds, these stand for the main Worker: Wrangler would deploy the workshop in its place. */
const namesInBuilds = { WRANGLER_CI_OVERRIDE_NAME: undefined, WRANGLER_CI_MATCH_TAG: undefined };

/** @param input for standard input: secrets are never arguments, which other users of the machine can read */
function wrangler(args: string[], input = "", more: NodeJS.ProcessEnv = {}): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn("wrangler", args, {
      env: { ...process.env, ...wranglerEnv, ...more },
      stdio: ["pipe", "pipe", "pipe"],
      shell: process.platform === "win32",
    });
    const printed = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const)
      child[name].on("data", (chunk) => {
        printed[name] += chunk;
      });
    child.once("error", (error) => reject(new Fault(`Wrangler could not be started: ${error.message}`)));
    child.once("close", (code) => resolve({ code: code ?? 1, ...printed }));
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}

/** @throws Fault with what Wrangler printed */
export async function mustRun(args: string[], input?: string, more?: NodeJS.ProcessEnv): Promise<string> {
  const { code, stdout, stderr } = await wrangler(args, input, more);
  if (code === 0) return stdout;
  throw new Fault(`wrangler ${args.join(" ")} failed:\n${(stderr || stdout).trim()}`);
}

/** The names of the secrets that the deployment has; null when there is no such Worker yet. */
export async function secretNames(flags: string[]): Promise<string[] | null> {
  const { code, stdout, stderr } = await wrangler(["secret", "list", "--format", "json", ...flags]);
  if (code === 0) return (JSON.parse(stdout) as { name: string }[]).map(({ name }) => name);
  if (/10007|not (be )?found|does not exist/i.test(stderr + stdout)) return null;
  throw new Fault(`wrangler secret list failed:\n${(stderr || stdout).trim()}`);
}

/**
 * The calls of a deployment, in order: the workshop first, because the main Worker may call what is new there.
 * @param flags of both, such as `--env`
 * @param all the main Worker's flags
 */
export const deployments = (flags: string[], all = flags): { args: string[]; env: NodeJS.ProcessEnv }[] => [
  { args: ["deploy", "--config", "worker/workshop/wrangler.toml", ...flags], env: namesInBuilds },
  { args: ["deploy", ...all], env: {} },
];
