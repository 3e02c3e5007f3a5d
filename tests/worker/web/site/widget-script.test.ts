/**
 * The URLs of the widget's script: how they may be cached, and that a page can
 * verify the script by its hash.
 */
import {
  createExecutionContext,
  env,
  runInDurableObject,
} from "cloudflare:test";
import { expect, it } from "vitest";
import { addresses, paths } from "../../../../shared/addresses.ts";
import { app } from "../../../../worker/web/app.ts";

const ask = (path: string, init?: RequestInit) =>
  app.request(
    `https://casewire.test${path}`,
    init,
    env as never,
    createExecutionContext(),
  );

it("The widget's script is the newest at one address, for five minutes and then while the browser asks again", async () => {
  const answer = await ask(paths.widget);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("Cache-Control")).toBe(
    "public, max-age=300, stale-while-revalidate=86400",
  );
  expect(answer.headers.get("Cloudflare-CDN-Cache-Control")).toBe(
    "max-age=1, must-revalidate",
  );
  expect(answer.headers.get("Cross-Origin-Resource-Policy")).toBe(
    "cross-origin",
  );
  expect(answer.headers.get("Access-Control-Allow-Origin")).toBe("*");
  const again = await ask(paths.widget, {
    headers: { "If-None-Match": answer.headers.get("ETag") ?? "" },
  });
  expect(again.status).toBe(304);
});

it("The widget's script never changes at its pinned address, and has the hash that browsers compare", async () => {
  const { pinned, integrity } = await (await ask(paths.widgetRelease)).json<{
    pinned: string;
    integrity: string;
  }>();
  const answer = await ask(new URL(pinned).pathname);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("Content-Type")).toContain("text/javascript");
  for (const name of ["Cache-Control", "Cloudflare-CDN-Cache-Control"])
    expect(answer.headers.get(name)).toBe(
      "public, max-age=31536000, immutable",
    );
  const bytes = await answer.arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-384", bytes));
  expect(integrity).toBe(`sha384-${btoa(String.fromCharCode(...digest))}`);
  expect(bytes).toEqual(await (await ask(paths.widget)).arrayBuffer());
});

it("The widget's script stays at its pinned address after later releases, and a refusal of any other is not cached for long", async () => {
  const earlier = "fedcba9876543210";
  await runInDurableObject(
    env.LEDGER.getByName("ledger"),
    async (ledger, state) => {
      await state.storage.put(`widget ${earlier}`, "// an earlier release");
      // The cron trigger keeps the script of this deployment for the next ones.
      await ledger.wake();
      const { pinned, more } = await (await ask(paths.widgetRelease)).json<{
        pinned: string;
        more: string;
      }>();
      const script = await (await ask(paths.widget)).text();
      for (const address of [pinned, more]) {
        const [version] = /[0-9a-f]{16}/.exec(address)!;
        const text = await (await ask(new URL(address).pathname)).text();
        expect(await ledger.widgetReleases.read(version)).toBe(text);
        // The first script contains the name of the second.
        expect(
          address === pinned
            ? text === script
            : script.includes(`widget@${version}.js`),
        ).toBe(true);
      }
    },
  );
  const answer = await ask(addresses.pinnedWidget(earlier));
  expect([answer.status, await answer.text()]).toEqual([
    200,
    "// an earlier release",
  ]);
  expect(answer.headers.get("Cache-Control")).toBe(
    "public, max-age=31536000, immutable",
  );
  const refused = await ask(addresses.pinnedWidget("0123456789abcdef"));
  expect(refused.status).toBe(404);
  expect(refused.headers.get("Cache-Control")).toBe(
    "public, max-age=0, must-revalidate",
  );
});
