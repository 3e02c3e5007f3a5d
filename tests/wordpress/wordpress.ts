/**
 * `npm run test:wordpress`: pastes a case's URL into the editor of a real WordPress that doesn't know Casewire,
 * and checks what its readers see. Needs Debian's packages, and names the
 * missing ones.
 */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { createServer } from "node:tls";
import type { Frame, Page } from "playwright-core";
import { generate } from "selfsigned";
import { addresses } from "../../shared/addresses.ts";
import type { Case } from "../../shared/case/schema.ts";
import demo from "../../worker/tools/local/cases/ua-0-00.json" with {
  type: "json",
};
import { launchBrowser } from "../support/browser.ts";
import { commandOptions } from "../support/command-options.ts";
import setup from "../support/contract-setup.ts";
import { startWorker } from "../support/harness.ts";
import { listening } from "../support/listening.ts";
import { freePort } from "../support/stand-in-process.ts";
import { type Site, startWordPress } from "./site.ts";

commandOptions({});
const demoCase = demo as unknown as Case;

/** Everything that was started, newest last. */
const started: (() => Promise<unknown>)[] = [];
async function stop(code: number): Promise<never> {
  for (const close of started.splice(0).reverse())
    await close().catch(console.error);
  process.exit(code);
}
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(signal, () => void stop(1));

let passed = 0;
async function step<T>(what: string, act: () => Promise<T>): Promise<T> {
  const begun = Date.now();
  const result = await act();
  passed++;
  console.log(`✓ ${what} (${((Date.now() - begun) / 1000).toFixed(1)} s)`);
  return result;
}

/**
 * Puts TLS with a self-signed certificate in front of the Worker, because the
 * editor embeds only https URLs.
 * @returns the port
 */
async function secured(port: number): Promise<number> {
  const { private: key, cert } = await generate(
    [{ name: "commonName", value: "localhost" }],
    { keyType: "ec" },
  );
  const server = createServer({ key, cert }, (line) => {
    const worker = connect(port, "127.0.0.1");
    line.pipe(worker).pipe(line);
    for (const end of [line, worker])
      end.on("error", () =>
        [line, worker].forEach((each) => void each.destroy()),
      );
  });
  started.push(async () => server.close());
  return listening(server);
}

async function signIn(page: Page, { url, editor }: Site): Promise<void> {
  await page.goto(`${url}/wp-login.php`);
  await page.fill("#user_login", editor.name);
  await page.fill("#user_pass", editor.password);
  await page.click("#wp-submit");
  await page.waitForURL(/wp-admin/);
}

/**
 * Pastes the URL into a new post, as an editor would, and publishes it.
 * @returns the post's URL
 */
async function paste(
  page: Page,
  site: Site,
  title: string,
  address: string,
): Promise<string> {
  await page.goto(`${site.url}/wp-admin/post-new.php`);
  const welcome = page
    .getByRole("dialog")
    .getByRole("button", { name: "Close" });
  const canvas = page.frameLocator('iframe[name="editor-canvas"]');
  await canvas.getByRole("textbox", { name: "Add title" }).waitFor();
  if (await welcome.isVisible()) await welcome.click();
  await page.evaluate((text) => navigator.clipboard.writeText(text), address);
  await canvas.getByRole("textbox", { name: "Add title" }).click();
  await page.keyboard.type(title);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+V");
  const block = canvas.locator('[data-type="core/embed"]');
  await block
    .frameLocator("iframe")
    .getByText("Demo Person One")
    .first()
    .waitFor();
  assert.match(
    (await block.locator("iframe").getAttribute("src")) ?? "",
    /\/embed\/ua-0-00\?lang=/,
  );
  await page
    .getByRole("button", { name: "Publish", exact: true })
    .first()
    .click();
  await page
    .getByLabel("Editor publish")
    .getByRole("button", { name: "Publish", exact: true })
    .click();
  const link = page
    .getByLabel("Editor publish")
    .getByRole("link", { name: "View Post" });
  await link.waitFor();
  return (await link.getAttribute("href")) as string;
}

/** Publishes a post with the guide's shortcode. @returns the post's URL */
async function include(page: Page, site: Site): Promise<string> {
  await page.goto(`${site.url}/wp-admin/post-new.php`);
  return page.evaluate(async () => {
    const { wp } = globalThis as unknown as {
      wp: { apiFetch(request: object): Promise<{ link: string }> };
    };
    const content =
      '<!-- wp:shortcode -->[casewire case="ua-0-00"]<!-- /wp:shortcode -->';
    const data = { title: "Included", content, status: "publish" };
    return (await wp.apiFetch({ path: "/wp/v2/posts", method: "POST", data }))
      .link;
  });
}

/** Returns the iframe in a post, once WordPress shows it. */
async function shown(page: Page): Promise<Frame> {
  const handle = page.locator("iframe.wp-embedded-content");
  await handle.waitFor({ state: "visible" });
  const frame = await (await handle.elementHandle())?.contentFrame();
  assert.ok(frame);
  await frame.locator("article").waitFor();
  return frame;
}

const textOf = async (frame: Frame) =>
  (await frame.locator("article").textContent()) ?? "";

const heightOf = async (page: Page) =>
  Number(
    await page.locator("iframe.wp-embedded-content").getAttribute("height"),
  );

try {
  const port = await freePort();
  const provider = `https://localhost:${await secured(port)}`;
  const site = await step("a new WordPress stands", () =>
    startWordPress(provider),
  );
  started.push(site.close);
  console.log(`  WordPress ${site.version}, ${site.url}`);
  started.push(await setup());
  const worker = await startWorker({ port, env: { PUBLIC_URL: provider } });
  started.push(worker.close);
  await worker.untilLive(await worker.publish(demoCase));
  const browser = await launchBrowser({
    args: ["--no-sandbox", "--ignore-certificate-errors"],
  });
  started.push(() => browser.close());
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
  });
  await context.grantPermissions(["clipboard-read", "clipboard-write"], {
    origin: site.url,
  });
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  await signIn(page, site);

  const post = await step(
    "a pasted address becomes the case in the editor, and is published",
    () => paste(page, site, "English", provider + addresses.page(demoCase.id)),
  );

  const reader = await (
    await browser.newContext({ viewport: { width: 1280, height: 900 } })
  ).newPage();
  reader.setDefaultTimeout(30_000);

  await step(
    "WordPress keeps the quotation and a sandboxed frame with a secret, and nothing else",
    async () => {
      const html = await (await fetch(post)).text();
      const figure =
        /<figure class="wp-block-embed.*?<\/figure>/s.exec(html)?.[0] ?? "";
      assert.match(
        figure,
        /<blockquote class="wp-embedded-content" data-secret="\w+">/,
      );
      assert.match(figure, /<iframe [^>]*sandbox="allow-scripts"/);
      assert.match(figure, /src="[^"]*\/embed\/ua-0-00\?lang=en#\?secret=\w+"/);
      assert.doesNotMatch(figure, /<script/);
    },
  );

  await step(
    "a reader sees the case in place of the quotation, at its own height",
    async () => {
      await reader.goto(post);
      const frame = await shown(reader);
      assert.match(
        await textOf(frame),
        /UA 0\/00.*as of 20.November 2026.*Action open/s,
      );
      assert.equal(
        await reader.locator("blockquote.wp-embedded-content").isVisible(),
        false,
      );
      const wide = await heightOf(reader);
      const needed = await frame
        .locator("html")
        .evaluate((html) => html.scrollHeight);
      assert.equal(wide, needed, "nothing to scroll to");
      await reader.setViewportSize({ width: 390, height: 844 });
      await frame.waitForFunction(
        (height) => document.querySelector("article")!.offsetHeight !== height,
        wide,
      );
      await reader.setViewportSize({ width: 1280, height: 900 });
    },
  );

  await step("a link in the frame leads to the case's page", async () => {
    await reader.goto(post);
    const frame = await shown(reader);
    await frame.getByRole("link", { name: "The whole case" }).first().click();
    await reader.waitForURL(provider + addresses.page(demoCase.id, "en"));
  });

  const included = await step(
    "the guide's plugin puts the whole case into a post, without a script",
    async () => {
      const link = await include(page, site);
      const context = await browser.newContext({
        javaScriptEnabled: false,
        viewport: { width: 1280, height: 900 },
      });
      const plain = await context.newPage();
      await plain.goto(link);
      await plain
        .locator("case-status")
        .getByText("three demo people")
        .first()
        .waitFor();
      assert.equal(await plain.locator(".casewire-made").count(), 1);
      await context.close();
      return link;
    },
  );

  await step(
    "WordPress has stored its copy, and the post still shows each new revision",
    async () => {
      const closed = {
        ...demoCase,
        action: { ...demoCase.action, state: "closed" as const },
      };
      await worker.untilLive(await worker.publish(closed));
      await reader.goto(post);
      assert.match(
        await textOf(await shown(reader)),
        /Action closed.*Update 2/s,
      );
    },
  );

  await step("and nothing of a withdrawn case", async () => {
    await worker.untilLive(await worker.withdraw(demoCase.id));
    await reader.goto(post);
    const text = await textOf(await shown(reader));
    assert.match(text, /no longer show this case/i);
    assert.doesNotMatch(text, /Demo Person/);
    const height = await heightOf(reader);
    assert.ok(height >= 200 && height < 400, `${height} pixels`);
  });

  await step("and an included case is gone within a minute", async () => {
    const text = async () => (await fetch(included)).text();
    const end = Date.now() + 70_000;
    while (/Demo Person/.test(await text()) && Date.now() < end)
      await delay(2_000);
    assert.doesNotMatch(await text(), /Demo Person/);
    assert.match(await text(), /no longer show this case/i);
  });

  const complaints = (await site.output())
    .split("\n")
    .filter((line) => /PHP Fatal/.test(line));
  assert.deepEqual(complaints, []);
} catch (error) {
  console.error(
    error instanceof Error && error.message.startsWith("Missing")
      ? error.message
      : error,
  );
  console.log(`${passed} passed, 1 failed`);
  await stop(1);
}
console.log(`${passed} passed, 0 failed`);
await stop(0);
