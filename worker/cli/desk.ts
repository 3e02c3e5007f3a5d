/**
 * What an operator's command asks of a running Casewire: at PUBLIC_URL with an editor's EDITOR_TOKEN, both from the environment;
 * without them, of the local run with its own token in .dev.vars.
 */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseEnv } from "node:util";

const fail = (line: string): never => {
  console.error(line);
  process.exit(1);
};

const local = parseEnv(
  await readFile(fileURLToPath(new URL("../../.dev.vars", import.meta.url)), "utf8").catch(() => ""),
);
const url = process.env.PUBLIC_URL?.replace(/\/$/, "") || "http://localhost:8787";
const token = process.env.EDITOR_TOKEN || (process.env.PUBLIC_URL ? "" : local.EDITOR_TOKEN);

/** @returns the answer's JSON; whatever goes wrong is said, and ends the process */
export async function askDesk<T>(method: "GET" | "POST", path: string): Promise<T> {
  if (!token) fail("Set PUBLIC_URL and EDITOR_TOKEN in the environment; docs/deploy.md says how a token is made.");
  const answer = await fetch(url + path, { method, headers: { Authorization: `Bearer ${token}` } }).catch(
    (error: Error) => fail(`${url} could not be reached: ${error.cause ?? error.message}`),
  );
  if (!answer.ok) return fail(`${url} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
}
