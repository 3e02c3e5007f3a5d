/** The API clients of the commands. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import type { Problem } from "../../../shared/failure.ts";
import {
  type ApiError,
  type Client,
  clientOf,
  unreachable,
} from "../../editing/contract/client.ts";
import type { DeskRecord } from "../../editing/rules/desk.ts";
import { root } from "../local/root.ts";
import { localRun } from "../local/state.ts";
import { type CommandOutcome, Stop } from "./outcome.ts";

const TOKEN_GUIDE = "docs/deploy.md explains how to make a token.";
const CHOOSE_DEPLOYMENT =
  "Start the local run with `npm start`, or set PUBLIC_URL and EDITOR_TOKEN for another deployment.";

/**
 * Remedies in terms of commands, where the API's own remedy names a request.
 */
const remedies: Record<
  string,
  (problem: Problem, env: NodeJS.ProcessEnv) => string
> = {
  unauthorized: (_, { PUBLIC_URL, EDITOR_TOKEN }) =>
    PUBLIC_URL || !EDITOR_TOKEN
      ? `Set EDITOR_TOKEN to a token of this deployment, or PUBLIC_URL to the deployment of the token. ${TOKEN_GUIDE}`
      : "Unset EDITOR_TOKEN to use the local run, or set PUBLIC_URL to the deployment of the token.",
  "no-such-address": () =>
    "Set PUBLIC_URL to the address of the front page, without /v1 or /desk at its end. An older deployment may lack the command.",
  "precondition-failed": ({ newest }) =>
    newest === 0
      ? "Omit --on."
      : "Make your changes in a new file from `show`, and publish that file.",
  exists: () => "Omit --on 0.",
  "overtakes-pending": ({ pending }) =>
    `Take it back in the desk, or replace it with --replace ${pending}.`,
  "not-newest-pending": ({ newest }) =>
    `Take revision ${newest} back in the desk first.`,
  "too-early": () => "Leave out --at, or choose a later moment.",
  "unknown-case": () => "Check the id.",
  "door-closed": () =>
    "Make a token in the desk, under your name, and set EDITOR_TOKEN to it. If every administrator has lost their passkeys, see docs/operations.md.",
  forbidden: ({ role, scope }) =>
    scope === undefined
      ? `Ask an editor who is ${role}.`
      : scope === "me" || scope === "editors"
        ? "Do it in the desk. No token may."
        : `Make a token with the scope ${scope} in the desk, or do it there.`,
  "not-empty": () =>
    "Restore into a new deployment, before anything is published or saved there, and before anybody is invited (npm run setup -- --no-invitation).",
  "erasures-missing": () =>
    "Pass the newest list with --erasures FILE, or --no-erasures if there is none.",
};

/** @throws Stop when the text is not an HTTP address */
function originFrom(text: string): string {
  const url = URL.parse(text);
  const fits =
    url &&
    /^https?:$/.test(url.protocol) &&
    url.search + url.hash + url.username + url.password === "";
  if (fits) return url.href.replace(/\/$/, "");
  throw new Stop("usage", {
    title: "PUBLIC_URL is not an address",
    detail: `“${text}” is not an http or https address.`,
    remedy:
      "Set it to the address readers use, such as https://casewire.example.org.",
  });
}

/**
 * The address of the local run. Commands never assume the usual port: another
 * program that listens there must not get the token.
 * @throws Stop when there is no local run
 */
function localUrl(): string {
  const port = localRun()?.port;
  if (port) return `http://localhost:${port}`;
  throw new Stop("unreachable", {
    title: "No deployment to talk to",
    detail:
      "`npm start` is not running in this folder, and PUBLIC_URL is not set.",
    remedy: CHOOSE_DEPLOYMENT,
  });
}

/**
 * Translates a failed request into a `Stop`, with the remedy in terms of
 * commands.
 */
function stopOf(
  url: string,
  error: ApiError,
  method: string,
  env: NodeJS.ProcessEnv,
): Stop {
  const { problem, status } = error;
  if (error.is("unreachable")) {
    const remedy = env.PUBLIC_URL
      ? "Check PUBLIC_URL and the connection, and try again."
      : CHOOSE_DEPLOYMENT;
    return new Stop("unreachable", {
      title: `${url} could not be reached`,
      detail: problem.detail,
      remedy:
        method === "GET"
          ? remedy
          : `The request may have taken effect, so check first. ${remedy}`,
    });
  }
  const tag = problem.type.split(":").at(-1) ?? "";
  const code =
    status === 401 || status === 429
      ? "signedOut"
      : status >= 500
        ? "unreachable"
        : "refused";
  return new Stop(code, {
    ...problem,
    remedy: remedies[tag]?.(problem, env) ?? problem.remedy,
  });
}

/** @throws Stop when no valid token is configured */
async function configuredToken({
  PUBLIC_URL,
  EDITOR_TOKEN,
}: NodeJS.ProcessEnv): Promise<string> {
  const file = join(root, ".dev.vars");
  const local = PUBLIC_URL
    ? {}
    : parseEnv(await readFile(file, "utf8").catch(() => ""));
  const token = EDITOR_TOKEN || local.EDITOR_TOKEN;
  if (!token)
    throw new Stop("signedOut", {
      title: "No editor's token",
      detail: PUBLIC_URL
        ? "PUBLIC_URL is set, but EDITOR_TOKEN is not."
        : "EDITOR_TOKEN is not set, and .dev.vars has no token of the local run.",
      remedy: `Set EDITOR_TOKEN in the environment. ${TOKEN_GUIDE}`,
    });
  // Otherwise fetch would refuse the header, with the token in its error
  // message.
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new Stop("signedOut", {
      title: "Invalid editor's token",
      detail:
        "EDITOR_TOKEN contains a space, a line break, or a character that is not ASCII.",
      remedy: "Copy only the token.",
    });
  return token;
}

/** An API client whose operations throw a `Stop`. */
export interface Deployment extends Client {
  url: string;
  /**
   * The newest committed revision of a case; null when there is no such case.
   */
  newest(id: string): Promise<DeskRecord | null>;
}

/**
 * The deployment named by PUBLIC_URL and EDITOR_TOKEN; without them, the local
 * run with its token from .dev.vars.
 * @throws Stop when there is no valid token, or no deployment
 */
export async function configuredDeployment({
  terminal: { env },
}: CommandOutcome): Promise<Deployment> {
  const url = env.PUBLIC_URL ? originFrom(env.PUBLIC_URL) : localUrl();
  const token = await configuredToken(env);
  const client = clientOf({
    origin: url,
    token,
    failure: (error, method) => stopOf(url, error, method, env),
  });
  return {
    ...client,
    url,
    newest: (id) =>
      client.readDeskCase({ id }).catch((error) => {
        if (
          error instanceof Stop &&
          String(error.trouble.type).endsWith(":unknown-case")
        )
          return null;
        throw error;
      }),
  };
}

/** A client without a token, for commands that read what everyone can read. */
export interface PublicDeployment extends Client {
  url: string;
  /** The text at a path. @throws ApiError when the status is another one */
  text(path: string, expected: number[]): Promise<string>;
  /** The bytes at a path. @throws ApiError when the status is not 200 */
  bytes(path: string): Promise<Uint8Array>;
  stopOf(error: ApiError): Stop;
}

/**
 * The deployment named by PUBLIC_URL, or the local run.
 * @throws Stop when there is none
 */
export function publicDeployment({
  terminal: { env },
}: CommandOutcome): PublicDeployment {
  const url = env.PUBLIC_URL ? originFrom(env.PUBLIC_URL) : localUrl();
  const answerOf = async (path: string, expected: number[]) => {
    const answer = await fetch(url + path, {
      cache: "no-store",
      redirect: "error",
    }).catch((error: Error) => {
      throw unreachable(error.message);
    });
    if (!expected.includes(answer.status))
      throw unreachable(`${path} answered ${answer.status}`);
    return answer;
  };
  const text = async (path: string, expected: number[]) =>
    (await answerOf(path, expected)).text();
  const bytes = async (path: string) =>
    new Uint8Array(await (await answerOf(path, [200])).arrayBuffer());
  return {
    ...clientOf({ origin: url }),
    url,
    text,
    bytes,
    stopOf: (error) => stopOf(url, error, "GET", env),
  };
}
