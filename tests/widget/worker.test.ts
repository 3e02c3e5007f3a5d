/** The widget with script and responses from the real Worker, on a page with every policy at once. */
import { expect, it } from "vitest";
import { addresses, paths } from "../../shared/addresses.ts";
import { launchBrowser } from "../browser.ts";
import { startWorker } from "../harness.ts";
import { demoCase, inState, listening, scriptOf, visit, widgetOf } from "./newsroom.ts";

it("The pinned script, checked against its hash, shows a case that goes live on a sandboxed and isolated page", async () => {
  const [worker, browser] = await Promise.all([startWorker(), launchBrowser()]);
  const { pinned, integrity } = await (await fetch(worker.url + paths.widgetRelease)).json();
  const src = worker.url + new URL(pinned).pathname;
  const element = `<case-status case="${demoCase.id}" lang="uk"></case-status>`;
  const open = (hash: string) =>
    visit(
      browser,
      { origin: worker.url },
      `<script src="${src}" integrity="${hash}" crossorigin async></script>${element}`,
      {
        directives: ["sandbox allow-scripts"],
        headers: { "Cross-Origin-Embedder-Policy": "require-corp", "Cross-Origin-Opener-Policy": "same-origin" },
      },
    );
  const published = await worker.publish(demoCase);
  const { page, complaints, close } = await open(integrity);
  await inState(page, "unknown");
  await inState(page, "ready");
  expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(published.liveAt));
  expect(await page.locator("case-status article").textContent()).toContain("Оновлення 1");
  // Chromium reports every 404; this one is expected.
  expect(complaints.filter((text) => !text.includes("404"))).toEqual([]);
  await close();

  const other = await open(`sha384-${"A".repeat(64)}`);
  expect(other.complaints.join()).toContain("integrity");
  expect(await other.page.locator("case-status article").count()).toBe(0);
  await other.close();

  // The newsroom can no longer be reached, and two mirrors can. The first one lies.
  const key = await (await fetch(worker.url + paths.logKey)).text();
  const note = await (await fetch(worker.url + addresses.signedView(demoCase.id, "ar"))).text();
  const asked: string[] = [];
  const mirrorOf = (text: string) =>
    listening(({ url = "" }, response) => {
      asked.push(url);
      response
        .writeHead(url === `/copies/cases/${demoCase.id}/ar.signed.txt` ? 200 : 404, {
          "Access-Control-Allow-Origin": "*",
          "Cross-Origin-Resource-Policy": "cross-origin",
        })
        .end(text);
    });
  const number = new RegExp(`"label":"[^"]* 1"`);
  const mirrors = await Promise.all([note.replace(number, '"label":"9"'), note].map(mirrorOf));
  const [lying, honest] = mirrors.map(({ origin }) => `${origin}/copies`) as [string, string];
  const attributes = (sources: string) =>
    `case="${demoCase.id}" lang="ar-EG" sources="${sources}" log-key="${key.trim()}"`;
  const widgets = widgetOf(attributes(`${lying}/`)) + widgetOf(attributes(`${lying} ${honest}`));
  const mirrored = await visit(browser, { origin: worker.url }, scriptOf({ origin: worker.url }), {
    directives: [`connect-src ${mirrors.map(({ origin }) => origin).join(" ")}`],
  });
  const { page } = mirrored;
  expect(asked).toEqual([]);
  await page.close();
  await Promise.all([browser.close(), worker.close(), ...mirrors.map(({ server }) => server.close())]);
});
