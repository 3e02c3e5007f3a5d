/** The deployment that a command talks to, as an editor. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseEnv } from "node:util";
import type { Problem } from "../../../shared/failure.ts";
import { type ApiError, type Client, clientOf } from "../../contract/client.ts";
import type { DeskRecord } from "../../editorial/desk.ts";
import { heldPort, holder } from "../local/state.ts";
import { Stop } from "./outcome.ts";

/** What the shell would do where the API names a request. */
const remedies: Record<string, (problem: Problem) => string> = {
  unauthorized: () => "Set EDITOR_TOKEN, and PUBLIC_URL, in the environment; docs/deploy.md says how a token is made.",
  "precondition-failed": ({ newest }) =>
    newest === 0
      ? "Leave out --on."
      : "See what they published with `diff`, put your changes into a fresh `show`, and publish that.",
  exists: () => "Leave out --on 0.",
  "overtakes-pending": ({ pending }) => `Take it back with \`undo\`, or replace it with --replace ${pending}.`,
  "not-newest-pending": ({ newest }) => `Undo revision ${newest} first.`,
  "too-early": () => "Publish it now with `publish`, or choose a later moment.",
  "unknown-case": () => "Check its id; GET /v1/cases lists the cases.",
  "nothing-to-redact": () => "Publish it with `publish`; what is pending can be taken back with `undo`.",
  "proposal-changed": ({ hash }) => `Read it with \`proposals ID\`, and approve it with --hash ${hash}.`,
  "own-proposal": () => "Ask another editor, or take it back with `reject`.",
  "unknown-proposal": () => "`proposals` lists what waits.",
  "proposal-overdue": () =>
    "Reject it with `reject`: it is its author's draft again, to be proposed for a later moment.",
  "not-empty": () => "Restore into a new deployment, before anything is published or saved there.",
  "erasures-missing": () => "Name the newest erasures file with --erasures, or say --no-erasures.",
};

/** @throws Stop when it is none */
function addressIn(text: string): string {
  const url = URL.parse(text);
  const fits = url && /^https?:$/.test(url.protocol) && url.search + url.hash + url.username + url.password === "";
  if (fits) return url.href.replace(/\/$/, "");
  throw new Stop("usage", {
    title: "PUBLIC_URL is not an address",
    detail: `“${text}” can't be asked.`,
    remedy: "Set it to the address readers use, such as https://casewire.example.org.",
  });
}

/**
 * Where the local run listens. Its token goes nowhere else: another program may listen where it usually does.
 * @throws Stop when there is none
 */
async function localUrl(): Promise<string> {
  const port = (await holder()) === null ? null : await heldPort();
  if (port !== null) return `http://localhost:${port}`;
  throw new Stop("unreachable", {
    title: "There is no local run",
    detail: "`npm start` is not running in this folder, and PUBLIC_URL is not set.",
    remedy: "Start it with `npm start`, or set PUBLIC_URL and EDITOR_TOKEN for another deployment.",
  });
}

const remedyHere = () =>
  process.env.PUBLIC_URL
    ? "Check PUBLIC_URL and the connection, and try again."
    : "Start the local run with `npm start`, or set PUBLIC_URL and EDITOR_TOKEN for another deployment.";

/** Why a request failed, and what the shell would do now. */
function stopOf(url: string, error: ApiError, method: string): Stop {
  const { problem, status } = error;
  if (error.is("unreachable")) {
    const remedy = remedyHere();
    return new Stop("unreachable", {
      title: `${url} could not be reached`,
      detail: problem.detail,
      remedy: method === "GET" ? remedy : `${remedy} It is not known whether anything was done: look first.`,
    });
  }
  const tag = problem.type.split(":").at(-1) ?? "";
  const code = status === 401 || status === 429 ? "signedOut" : status >= 500 ? "unreachable" : "refused";
  return new Stop(code, { ...problem, remedy: remedies[tag]?.(problem) ?? problem.remedy });
}

/** @throws Stop when there is none */
async function tokenHere(): Promise<string> {
  const { PUBLIC_URL, EDITOR_TOKEN } = process.env;
  const file = fileURLToPath(new URL("../../../.dev.vars", import.meta.url));
  const local = PUBLIC_URL ? {} : parseEnv(await readFile(file, "utf8").catch(() => ""));
  const token = EDITOR_TOKEN || local.EDITOR_TOKEN;
  if (!token)
    throw new Stop("signedOut", {
      title: "No editor's token",
      detail: "EDITOR_TOKEN is not set, and there is no local run.",
      remedy: "Set PUBLIC_URL and EDITOR_TOKEN in the environment; docs/deploy.md says how a token is made.",
    });
  // Else it would stand in the message of whoever refuses to send it.
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new Stop("signedOut", {
      title: "This is no editor's token",
      detail: "EDITOR_TOKEN holds something that no token has: a space, a line break, or a letter that is not ASCII.",
      remedy: "Copy the token again, by itself.",
    });
  return token;
}

/** Its operations throw a `Stop`. */
export interface Deployment extends Client {
  url: string;
  /** The newest committed revision of a case; null when there is no such case. */
  newest(id: string): Promise<DeskRecord | null>;
}

/**
 * From the environment: PUBLIC_URL and EDITOR_TOKEN; without them, the local run and its own token in .dev.vars.
 * @throws Stop when there is no token
 */
export async function configuredDeployment(): Promise<Deployment> {
  const token = await tokenHere();
  const url = process.env.PUBLIC_URL ? addressIn(process.env.PUBLIC_URL) : await localUrl();
  const client = clientOf({ origin: url, token, failure: (error, method) => stopOf(url, error, method) });
  return {
    ...client,
    url,
    newest: (id) =>
      client.readDeskCase({ id }).catch((error) => {
        if (error instanceof Stop && error.trouble.status === 404) return null;
        throw error;
      }),
  };
}
