/** A webhook from its registration to the receiver, through the API, the Ledger's alarm and the Webhooks object. */
import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { Webhook } from "standardwebhooks";
import { afterEach, expect, it, vi } from "vitest";
import { paths } from "../../../../shared/addresses.ts";
import type { RegisteredHook } from "../../../../worker/editing/rules/hooks.ts";
import { digest } from "../../../../worker/runtime/digest.ts";
import { inventedCase } from "../../../invented.ts";
import { backdate } from "../../backdate.ts";
import { send } from "../../send.ts";

afterEach(() => vi.unstubAllGlobals());

const call = (path: string, method: string, body?: object, more: Record<string, string> = {}) =>
  send(
    new Request(`https://casewire.test${path}`, {
      method,
      headers: { Authorization: "Bearer test-token", "Content-Type": "application/json", ...more },
      ...(body ? { body: JSON.stringify(body) } : {}),
    }),
  );

it("gets a change at its moment", async () => {
  const received: { url: string; body: string; headers: Headers; redirect: string | undefined }[] = [];
  vi.stubGlobal("fetch", async (url: string, init: RequestInit = {}) => {
    if (init.method !== "POST") return Response.json({ Answer: [{ type: 1, data: "93.184.215.14" }] });
    received.push({ url, body: String(init.body), headers: new Headers(init.headers), redirect: init.redirect });
    return new Response(null, { status: 204 });
  });
  const answer = await call(paths.deskHooks, "POST", { url: "https://hooks.example.org/path" });
  expect(answer.status).toBe(201);
  const { id, secret } = (await answer.json()) as RegisteredHook;
  const publication = { case: inventedCase(1), note: { en: "First" }, kind: "update", notify: "none" };
  expect((await call("/v1/cases/ua-1-00", "PUT", publication, { "If-None-Match": "*" })).status).toBe(201);
  const ledger = env.LEDGER.getByName("ledger");
  await backdate();
  await runDurableObjectAlarm(ledger);
  await expect.poll(() => received.length).toBe(1);
  const [{ url, body, headers, redirect }] = received as [(typeof received)[0]];
  expect([url, redirect]).toEqual(["https://hooks.example.org/path", "manual"]);
  expect(new Webhook(secret).verify(body, Object.fromEntries(headers))).toMatchObject({
    type: "case.updated",
    data: { case: "ua-1-00", revision: 1, url: "https://casewire.test/v1/cases/ua-1-00" },
  });
  const list = async () => ((await (await call(paths.deskHooks, "GET")).json()) as { hooks: object[] }).hooks;
  await expect
    .poll(list)
    .toMatchObject([{ id, editor: "local", host: "hooks.example.org", position: 1, trouble: null }]);
  expect((await call(`${paths.deskHooks}/${id}`, "DELETE")).status).toBe(204);
  expect(await list()).toEqual([]);
  expect((await call(`${paths.deskHooks}/${id}`, "DELETE")).status).toBe(404);
  const audit = (await (await call(`${paths.deskAudit}?limit=10`, "GET")).json()) as { audit: object[] };
  expect(audit.audit.filter((entry) => "action" in entry && String(entry.action).startsWith("hook-"))).toMatchObject([
    { editor: "local", action: "hook-remove", case: null, subject: digest(id) },
    { editor: "local", action: "hook-add", case: null, subject: digest(id) },
  ]);
});
