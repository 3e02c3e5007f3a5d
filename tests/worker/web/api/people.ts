/** Calls of the API by editors with passkeys, for tests inside workerd. */

import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect } from "vitest";
import type { Role, Scope } from "../../../../worker/editing/rules/roles.ts";
import type { Ledger } from "../../../../worker/objects/ledger/ledger.ts";
import { digest } from "../../../../worker/runtime/digest.ts";
import { app } from "../../../../worker/web/app.ts";
import { confirming } from "../../../support/confirming.ts";
import { inventedCase } from "../../../support/invented.ts";
import { SoftPasskey } from "../../../support/passkey.ts";

export const ORIGIN = "https://casewire.test";
/**
 * The tokens of the setting EDITORS: "test-token" is the one that the Ledger's
 * own setting has too.
 */
const tokens = {
  local: "test-token",
  ...Object.fromEntries(
    ["anna", "boris"].map((name) => [name, `${name}-token`]),
  ),
};
export const editorsWith = (all: Record<string, string>): string =>
  JSON.stringify(
    Object.fromEntries(
      Object.entries(all).map(([name, token]) => [name, digest(token)]),
    ),
  );
const EDITORS = editorsWith(tokens);

interface CallOptions {
  token?: string | undefined;
  body?: unknown;
  headers?: Record<string, string>;
  /** Settings and bindings that differ from those of the tests. */
  bindings?: Partial<Record<keyof Env, unknown>>;
}

/**
 * Each call comes from another address, so that tests of failures don't block
 * one another.
 */
let calls = 0;

export async function call(
  method: string,
  path: string,
  { token, body, headers = {}, bindings = {} }: CallOptions = {},
): Promise<Response> {
  const isText = typeof body === "string";
  const request = new Request(ORIGIN + path, {
    method,
    headers: {
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...(body === undefined || isText
        ? {}
        : { "Content-Type": "application/json" }),
      "CF-Connecting-IP": `192.0.2.${calls++}`,
      ...headers,
    },
    ...(body === undefined
      ? {}
      : { body: isText ? body : JSON.stringify(body) }),
  });
  const bound = { ...(env as unknown as Env), EDITORS, ...bindings } as Env;
  return confirming((one) => app.fetch(one, bound))(request);
}

/** Calls by editors with a token of the setting. */
export const callsWith =
  (bindings: CallOptions["bindings"] = {}) =>
  (
    who: string,
    path: string,
    method = "GET",
    body?: unknown,
    headers: Record<string, string> = {},
  ) =>
    call(method, path, { token: `${who}-token`, body, headers, bindings });

export async function json<T = any>(
  status: number,
  answer: Response | Promise<Response>,
): Promise<T> {
  const text = await (await answer).text();
  expect((await answer).status, text).toBe(status);
  return (text === "" ? null : JSON.parse(text)) as T;
}

/** The problem's name. */
export const tagOf = async (
  answer: Response | Promise<Response>,
): Promise<string> =>
  `${(await answer).status} ${((await (await answer).json()) as { type: string }).type.split(":").at(-1)}`;

export const challengeIn = ({
  options,
}: {
  options: { challenge: string };
}): string => options.challenge;

export const newPasskey = () => SoftPasskey.make("casewire.test");

export interface Enrolled {
  name: string;
  passkey: SoftPasskey;
  token: string;
  codes: string[];
}

export const secretOf = (link: string): string => link.split("/").at(-1)!;

export async function invitationFor(
  by: string,
  name: string,
  role: Role,
): Promise<string> {
  const { link } = await json(
    201,
    call("POST", "/v1/desk/invitations", { token: by, body: { name, role } }),
  );
  return secretOf(link);
}

export async function accept(
  invitation: string,
  passkey: SoftPasskey,
): Promise<Response> {
  const options = await json(
    200,
    call("POST", "/v1/desk/enrolment/options", { body: { invitation } }),
  );
  const response = await passkey.register(ORIGIN, challengeIn(options));
  return call("POST", "/v1/desk/enrolment", {
    body: { invitation, label: "Test device", response },
  });
}

export async function enrol(
  by: string,
  name: string,
  role: Role,
): Promise<Enrolled> {
  const passkey = await newPasskey();
  const { token, codes } = await json(
    201,
    accept(await invitationFor(by, name, role), passkey),
  );
  return { name, passkey, token, codes };
}

/** An administrator, which closes the first door, a publisher and an author. */
export async function enrolTeam(): Promise<
  Record<"ada" | "paul" | "nora", Enrolled>
> {
  const ada = await enrol("test-token", "ada", "administrator");
  const paul = await enrol(ada.token, "paul", "publisher");
  const nora = await enrol(ada.token, "nora", "author");
  return { ada, paul, nora };
}

export async function signIn(passkey: SoftPasskey): Promise<Response> {
  const options = await json(200, call("POST", "/v1/desk/sign-in/options"));
  const response = await passkey.sign(ORIGIN, challengeIn(options));
  return call("POST", "/v1/desk/sign-in", { body: { response } });
}

export async function tokenWith(
  by: string,
  scopes: Scope[],
): Promise<{ id: string; token: string }> {
  return json(
    201,
    call("POST", "/v1/desk/tokens", {
      token: by,
      body: { label: scopes.join(" "), scopes },
    }),
  );
}

export const NEW = { "If-None-Match": "*" };
export const at = (what: number | string) => ({ "If-Match": `"${what}"` });

/** A revision of an invented case, as an editor sends it. */
export const publication = (
  number: number,
  more: Record<string, unknown> = {},
) => ({
  case: inventedCase(number),
  note: { en: "Note" },
  kind: "update",
  notify: "none",
  ...more,
});

/** Publishes an invented case. */
export const publish = (
  token: string,
  number: number,
  headers: Record<string, string> = NEW,
  more = {},
  query = "",
) =>
  call("PUT", `/v1/cases/ua-${number}-00${query}`, {
    token,
    headers,
    body: publication(number, more),
  });

/** Erases what earlier revisions said. */
export async function eraseEarlier(
  token: string,
  id: string,
  basedOn: number,
  bindings: CallOptions["bindings"] = {},
) {
  const erase = [{ what: "earlier" }];
  const send = (path: string, seen?: string) =>
    call("POST", path, {
      token,
      headers: at(basedOn),
      bindings,
      body: { erase, ...(seen && { seen }) },
    });
  const preview = await send(`/v1/desk/cases/${id}/erasures/preview`);
  const { seen } = (await preview.clone().json()) as { seen?: string };
  return preview.ok ? send(`/v1/desk/cases/${id}/erasures`, seen) : preview;
}

/** Runs SQL in the Ledger's storage, for example to let time pass. */
export const sql = (
  query: string,
  ...values: SqlStorageValue[]
): Promise<Record<string, SqlStorageValue>[]> =>
  runInDurableObject<Ledger, Record<string, SqlStorageValue>[]>(
    env.LEDGER.getByName("ledger"),
    (_, state) => state.storage.sql.exec(query, ...values).toArray(),
  );

/** The lines of the audit log, which hold no secret. */
export async function auditActions(): Promise<string[]> {
  const lines = await sql(
    "SELECT editor, action, about FROM audit ORDER BY id",
  );
  const words = lines.map((line) => Object.values(line).join(" "));
  expect(words.join("\n")).not.toMatch(/cw[st]_|[0-9a-f]{40}/);
  return words;
}
