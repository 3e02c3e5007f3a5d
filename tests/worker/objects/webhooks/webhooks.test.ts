/**
 * A webhook from its registration to the receiver, through the API, the
 * Ledger's alarm and the Webhooks object.
 */
import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { Webhook } from "standardwebhooks";
import { afterEach, expect, it, vi } from "vitest";
import { paths } from "../../../../shared/addresses.ts";
import { digest } from "../../../../worker/runtime/digest.ts";
import { backdate } from "../../backdate.ts";
import { call, json, publish } from "../../web/api/people.ts";

afterEach(() => vi.unstubAllGlobals());

const token = "test-token";
const asked = (status: number, method: string, path: string, body?: object) =>
  json(status, call(method, path, { token, body }));

it("gets a change at its moment", async () => {
  const received: {
    url: string;
    body: string;
    headers: Headers;
    redirect: string | undefined;
  }[] = [];
  vi.stubGlobal("fetch", async (url: string, init: RequestInit = {}) => {
    if (init.method !== "POST")
      return Response.json({ Answer: [{ type: 1, data: "93.184.215.14" }] });
    received.push({
      url,
      body: String(init.body),
      headers: new Headers(init.headers),
      redirect: init.redirect,
    });
    return new Response(null, { status: 204 });
  });
  const { id, secret } = await asked(201, "POST", paths.deskHooks, {
    url: "https://hooks.example.org/path",
  });
  await json(201, publish(token, 1));
  await backdate();
  await runDurableObjectAlarm(env.LEDGER.getByName("ledger"));
  await expect.poll(() => received.length).toBe(1);
  const [{ url, body, headers, redirect }] = received as [(typeof received)[0]];
  expect([url, redirect]).toEqual(["https://hooks.example.org/path", "manual"]);
  expect(
    new Webhook(secret).verify(body, Object.fromEntries(headers)),
  ).toMatchObject({
    type: "case.updated",
    data: {
      case: "ua-1-00",
      revision: 1,
      url: "https://casewire.test/v1/cases/ua-1-00",
    },
  });
  const list = async () => (await asked(200, "GET", paths.deskHooks)).hooks;
  await expect.poll(list).toMatchObject([
    {
      id,
      editor: "local",
      host: "hooks.example.org",
      position: 1,
      trouble: null,
    },
  ]);
  await asked(204, "DELETE", `${paths.deskHooks}/${id}`);
  expect(await list()).toEqual([]);
  await asked(404, "DELETE", `${paths.deskHooks}/${id}`);
  const { audit } = await asked(200, "GET", `${paths.deskAudit}?limit=10`);
  expect(
    audit.filter(({ action }: { action: string }) =>
      action.startsWith("hook-"),
    ),
  ).toMatchObject([
    { editor: "local", action: "hook-remove", case: null, subject: digest(id) },
    { editor: "local", action: "hook-add", case: null, subject: digest(id) },
  ]);
});
