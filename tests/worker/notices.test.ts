/**
 * Every notice to editors, by causing what it tells of: each reaches a linked
 * group and a webhook within two minutes of the cron trigger.
 */
import {
  createExecutionContext,
  createScheduledController,
  runDurableObjectAlarm,
  runInDurableObject,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { paths } from "../../shared/addresses.ts";
import { message } from "../../shared/messages.ts";
import { CHAT_INTERVAL_MS } from "../../worker/objects/dispatcher/rank.ts";
import type { ProposalEvent } from "../../worker/reads/state.ts";
import worker from "../../worker/web/index.ts";
import { backdate } from "./backdate.ts";
import { portsTo } from "./chat-ports.ts";
import {
  at,
  call,
  type Enrolled,
  enrol,
  eraseEarlier,
  json,
  publish,
  signIn,
  tokenWith,
} from "./web/api/people.ts";

const [ledger, dispatcher, webhooks] = [
  env.LEDGER.getByName("ledger"),
  env.DISPATCHER.getByName("dispatcher"),
  env.WEBHOOKS.getByName("webhooks"),
];
let ada: Enrolled;
let heard: string[] = [];
let posted: string[] = [];

/** The cron trigger's turn of a minute, and what the objects then do. */
async function minutePasses(bindings: object): Promise<void> {
  await worker.scheduled(
    createScheduledController(),
    { ...env, ...bindings },
    createExecutionContext(),
  );
  for (let sends = 0; sends < 5; sends++) {
    await runInDurableObject(dispatcher, (_, { storage }) => {
      storage.sql.exec(
        "UPDATE deliveries SET due_at = due_at - ? WHERE state = 'pending'",
        CHAT_INTERVAL_MS[1],
      );
    });
    await runDurableObjectAlarm(dispatcher);
  }
  await runDurableObjectAlarm(webhooks);
}

/** Causes it, lets two minutes pass, and expects one message and one event. */
async function tells(
  action: ProposalEvent["action"],
  type: string,
  cause: () => unknown,
  bindings = {},
): Promise<void> {
  [heard, posted] = [[], []];
  await cause();
  for (let minute = 0; minute < 2; minute++) await minutePasses(bindings);
  const text = message("en", `bot.desk.${action}`, { case: "UA 1/00" });
  expect([heard, posted], action).toEqual([[text], [type]]);
}

const fails = () => Promise.reject(new Error("an invented outage"));
const replacing = (object: object, replaced: Record<string, unknown>) => ({
  getByName: () =>
    new Proxy(object, {
      get: (stub, name) => replaced[String(name)] ?? Reflect.get(stub, name),
    }),
});

beforeAll(async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  vi.stubGlobal(
    "fetch",
    async (url: string, { body }: { body?: string } = {}) => {
      if (url.startsWith("https://cloudflare-dns"))
        return Response.json({ Answer: [{ type: 1, data: "93.184.215.14" }] });
      if (url.startsWith("https://hooks."))
        posted.push(JSON.parse(body as string).type);
      if (url.endsWith("/sendMessage"))
        heard.push(JSON.parse(body as string).text);
      return Response.json({
        ok: true,
        result: { message_id: 1, date: 1, chat: { id: 1 }, text: "" },
      });
    },
  );
  ada = await enrol("test-token", "ada", "administrator");
  const { token } = ada;
  await json(
    201,
    call("POST", paths.deskHooks, {
      token,
      body: { url: "https://hooks.ada.org", topic: "proposals" },
    }),
  );
  const { code } = await json(201, call("POST", paths.deskChats, { token }));
  expect(
    await portsTo(dispatcher).desk.link(
      { chat: -1_007_301, kind: "group" },
      code,
      "en",
    ),
  ).toBe("linked");
  for (let minute = 0; minute < 2; minute++) await minutePasses({});
  await json(201, publish(token, 1));
  await backdate();
});
afterAll(() => vi.unstubAllGlobals());

it("Editors hear within two minutes what one of them did with the newsroom's data, access or cases", async () => {
  const { token } = ada;
  const post = (path: string, body: object) =>
    json(201, call("POST", path, { token, body }));
  await tells("export", "data.exported", async () =>
    (await call("GET", paths.deskExport, { token })).arrayBuffer(),
  );
  await tells("invite", "editor.invited", () =>
    post("/v1/desk/invitations", { name: "eve", role: "author" }),
  );
  await tells("token", "token.made", () => tokenWith(token, ["read"]));
  await tells("link", "link.changed", () =>
    post(paths.deskHooks, { url: "https://other.org", topic: "changes" }),
  );
  await tells("access", "access.changed", () =>
    post(paths.deskRecoveryCodes, {}),
  );
  ada.passkey.counter = 2;
  await json(201, signIn(ada.passkey));
  ada.passkey.counter = 1;
  await tells("passkey-copied", "passkey.copied", () =>
    json(422, signIn(ada.passkey)),
  );
  await tells("redact", "erasure.committed", () =>
    eraseEarlier(token, "ua-1-00", 1),
  );
  await backdate();
  await tells("withdraw", "withdrawal.committed", async () =>
    expect(
      (
        await call("DELETE", "/v1/cases/ua-1-00?reason=consent", {
          token,
          headers: at(2),
        })
      ).ok,
    ).toBe(true),
  );
});

it("Editors hear within two minutes of each trouble, once, and then of its end", async () => {
  const recipient = await identityToRecipient(await generateX25519Identity());
  const full = {
    list: async () => ({ objects: [] }),
    createMultipartUpload: fails,
  };
  const moved = { status: async () => ({ running: true, webhook: false }) };
  const troubles: Partial<Record<ProposalEvent["action"], object>> = {
    readers: { LEASE_SECONDS: "never" },
    backup: { BACKUPS: full, BACKUP_RECIPIENT: recipient },
    trigger: { LEDGER: replacing(ledger, { wake: fails }) },
    workshop: { WORKSHOP: { isThere: fails } },
    bot: { DISPATCHER: replacing(dispatcher, { outbox: moved }) },
  };
  for (const [trouble, bindings] of Object.entries(troubles)) {
    await tells(
      trouble as ProposalEvent["action"],
      `trouble.${trouble}`,
      () => {},
      bindings,
    );
    await tells("over", "trouble.over", () => {});
  }
});
