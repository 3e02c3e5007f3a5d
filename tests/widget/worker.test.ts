/** The widget with script and responses from the real Worker, on a page with every policy at once. */
import { expect, it } from "vitest";
import { paths } from "../../shared/addresses.ts";
import { closePages, sharedBrowser } from "../browser.ts";
import { startWorker } from "../harness.ts";
import { demoCase, inState, visit } from "./newsroom.ts";

it("The pinned script, checked against its hash, shows a case that goes live on a sandboxed and isolated page", async () => {
  const [worker, browser] = await Promise.all([startWorker(), sharedBrowser()]);
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
  await Promise.all([closePages(browser), worker.close()]);
});
