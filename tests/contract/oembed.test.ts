/** The oEmbed provider and its iframe, with real and imitated consumers. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { extract } from "@extractus/oembed-extractor";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { inventedCase } from "../support/invented.ts";
import { root } from "../support/root.ts";
import { browser, partner, useGuide, worker } from "./embed-stage.ts";
import { filteredByWordPress, wordpressListens } from "./oembed/wordpress.ts";

const TITLE = /^DEMO · UA 0\/00: .+ · Update 1 · Facts as of 20 November 2026$/;

useGuide();

/** Each visit opens another document here. */
let tab: Page;
beforeAll(async () => {
  tab = await browser.newPage();
  await worker.untilLive(
    await worker.publish(inventedCase(86, { people: [], events: [] })),
  );
});

const oembed = (query: Record<string, string>) =>
  fetch(`${worker.url}/oembed?${new URLSearchParams(query)}`);
const json = async (query: Record<string, string>) =>
  (await (await oembed(query)).json()) as Record<string, any>;
const page = (id: string, more = "") => `${worker.url}/cases/${id}${more}`;

/** Opens the partner's page and records every message that it receives. */
async function visit(html: string, headers: Record<string, string> = {}) {
  const records = `<script>told = []; addEventListener("message", ({ data }) => told.push(data))</script>`;
  partner.show(records + html, headers);
  await tab.goto(partner.url);
  return {
    page: tab,
    told: () =>
      tab.evaluate(
        () =>
          (globalThis as unknown as { told: Record<string, unknown>[] }).told,
      ),
  };
}

/** The height of what is in the iframe. */
const textHeight = (page: Page) =>
  page
    .frameLocator("iframe")
    .locator("html")
    .evaluate((html) => html.scrollHeight);

/**
 * Waits until the iframe has answered earlier messages and the page has
 * received the answers.
 */
async function messagesHandled(page: Page): Promise<void> {
  const twoFrames = async () => {
    for (let drawn = 0; drawn < 2; drawn++)
      await new Promise(requestAnimationFrame);
  };
  for (const place of [page.frames()[1]!, page.mainFrame()])
    await place.evaluate(twoFrames);
}

describe("The oEmbed provider", () => {
  it("is discovered from a case's page by a client without a configured provider", async () => {
    const found = await extract(page("ua-0-00"));
    expect(found).toMatchObject({
      method: "auto-discovery",
      version: "1.0",
      type: "rich",
      provider_name: "Casewire",
      title: expect.stringMatching(TITLE),
      width: 600,
      thumbnail_url: expect.stringContaining(
        `${worker.url}/share/ua-0-00.png?lang=`,
      ),
    });
    // Partners keep it, also after an erasure.
    expect(found.html).not.toContain("Person");
    expect(found.html).toMatch(
      /^<blockquote><a href="[^"]+">[^<]+<\/a><\/blockquote><iframe [^>]+><\/iframe>$/,
    );
    const arabic = await extract(page("ua-0-00", "?lang=ar"), {
      maxwidth: 320,
      maxheight: 400,
    });
    expect(arabic).toMatchObject({
      width: 320,
      height: 400,
      title: expect.stringContaining("الوقائع بتاريخ"),
    });
    expect(arabic.html).toContain('/embed/ua-0-00?lang=ar" ');
    // Only this attribute keeps the iframe inside a phone's column.
    expect(found.html).toContain(' width="100%" height="560" ');
  });

  it("respects the maximum sizes, and fails as the specification says", async () => {
    for (const [maxwidth, maxheight] of [
      [200, 200],
      [599, 10_000_000],
      [10_000_000, 100],
    ] as const) {
      const { width, height, html } = await json({
        url: page("ua-0-00"),
        maxwidth: `${maxwidth}`,
        maxheight: `${maxheight}`,
      });
      expect(width).toBe(Math.min(600, maxwidth));
      expect(height).toBeLessThanOrEqual(maxheight);
      expect(html).toContain(`width="${width}" height="${height}"`);
    }
    const look = { variant: "compact", theme: "dark" };
    const framed = await json({
      url: `${worker.url}/embed/UA-0-00/?${new URLSearchParams({ lang: "uk", ...look })}`,
    });
    expect(framed).toMatchObject({ width: 600, height: 176 });
    expect(framed.html).toContain(
      `/embed/ua-0-00?lang=uk&amp;variant=compact&amp;theme=dark" `,
    );
    const refusal = async (url: string) => JSON.stringify(await json({ url }));
    expect(await refusal("/cases/ua-0-00")).toContain(
      "the full address of a case's page",
    );
    expect(await refusal("https://elsewhere.test/cases/ua-0-00")).toContain(
      "is not the address of a case's page",
    );
    expect(await json({})).toMatchObject({
      issues: [{ pointer: "/url", message: "is required" }],
    });
    // tests/worker/web/api/routes.test.ts has the other statuses.
    for (const [status, query] of [
      [400, { url: page("ua-0-00"), maxwidth: "-1" }],
      [404, { url: page("%E0%A4%A") }],
      [404, { url: "javascript:alert(1)" }],
      [400, { url: "nonsense" }],
    ] as const)
      expect((await oembed(query)).status, query.url).toBe(status);
    await expect(extract(page("ua-9-99"))).rejects.toThrow("404");
  });
});

describe("A case embedded in WordPress", () => {
  async function post(id: string) {
    const { html } = await json({ url: page(id) });
    const { page: editor } = await visit("");
    const filtered = await editor.evaluate(filteredByWordPress, html as string);
    expect(filtered).toContain("visibility: hidden");
    return visit(`${filtered}<script>(${wordpressListens})()</script>`);
  }

  it("is a frame of its own height in place of the quotation", async () => {
    const { page } = await post("ua-86-00");
    const frame = page.locator("iframe");
    await frame.waitFor();
    expect(await page.locator("blockquote").isVisible()).toBe(false);
    const needed = await textHeight(page);
    const given = Number(await frame.getAttribute("height"));
    expect(given).toBeGreaterThan(200);
    expect(given).toBeLessThan(1000);
    expect(needed).toBe(given);
    await page.frameLocator("iframe").locator("summary").first().click();
    await expect
      .poll(async () => Number(await frame.getAttribute("height")))
      .toBeGreaterThan(given);
  });

  it("can be read to its end at the height that WordPress allows, also on a phone", async () => {
    await tab.setViewportSize({ width: 360, height: 640 });
    const { page } = await post("ua-0-00");
    const frame = page.locator("iframe");
    await frame.waitFor();
    const inside = page.frameLocator("iframe");
    const hidden = () =>
      inside
        .locator("html")
        .evaluate((html) => html.scrollHeight - html.clientHeight);
    await expect.poll(hidden).toBe(0);
    await inside.locator(".act > summary").click();
    await expect.poll(() => frame.getAttribute("height")).toBe("1000");
    expect(await hidden()).toBeGreaterThan(0);
    for (const part of [".letter:not([hidden])", "footer a"])
      expect(
        await inside
          .locator(part)
          .last()
          .evaluate((node) => {
            node.scrollIntoView({ block: "end" });
            const { bottom, height } = node.getBoundingClientRect();
            // The page scrolls by whole pixels.
            return height > 0 && Math.floor(bottom) <= innerHeight;
          }),
        part,
      ).toBe(true);
    await tab.setViewportSize({ width: 1280, height: 720 });
  });

  it("has links that open the case, although its sandbox blocks links", async () => {
    for (const link of [".more", ".mail"]) {
      const { page } = await post("ua-0-00");
      await page.locator("iframe").waitFor();
      await page.frameLocator("iframe").locator(".act > summary").click();
      await page.frameLocator("iframe").locator(link).first().click();
      await page.waitForURL(
        `${worker.url}/cases/ua-0-00?lang=en${link === ".mail" ? "#act" : ""}`,
      );
    }
  });

  it("reports its height again when its parent asks, and to no other window", async () => {
    const { page, told } = await post("ua-86-00");
    await page.locator("iframe").waitFor();
    const heights = async () =>
      (await told()).filter(({ message }) => message === "height").length;
    await expect.poll(heights).toBeGreaterThan(0);
    await messagesHandled(page);
    const before = await heights();
    await page.evaluate(async () => {
      const secret = document.querySelector("iframe")?.dataset.secret;
      const stranger = document.createElement("iframe");
      stranger.srcdoc = `<script>parent.frames[0].postMessage({ message: "ready", secret: "${secret}" }, "*")</script>`;
      document.body.append(stranger);
      frames[0]?.postMessage({ message: "ready", secret: "another" }, "*");
      await new Promise((resolve) =>
        stranger.addEventListener("load", resolve),
      );
    });
    await messagesHandled(page);
    expect(await heights()).toBe(before);
    await page.evaluate(() => {
      const secret = document.querySelector("iframe")?.dataset.secret;
      frames[0]?.postMessage({ message: "ready", secret }, "*");
    });
    await expect.poll(heights).toBe(before + 1);
    await messagesHandled(page);
    expect(await heights()).toBe(before + 1);
  });
});

describe("An embedded frame", () => {
  const frame = (more = "") =>
    `<iframe src="${worker.url}/embed/ua-0-00" title="UA 0/00" width="600" height="560" ${more}></iframe>`;

  it("reports its height in AMP's format and in Casewire's, and never makes up a secret", async () => {
    const guide = await readFile(join(root, "docs/widget.md"), "utf8");
    const listener = /```js\n(addEventListener\("message"[\s\S]+?)```/.exec(
      guide,
    )![1]!;
    const script = listener.replace("https://casewire.example.org", worker.url);
    const { page, told } = await visit(
      `${frame('class="case-frame"')}<script>${script}</script>`,
    );
    await expect.poll(async () => (await told()).length).toBeGreaterThan(1);
    const height = expect.any(Number);
    const messages = await told();
    // With the guide's code, the iframe ends where its text ends.
    const { height: own } = messages.findLast(
      ({ type }) => type === "casewire:height",
    )!;
    await expect
      .poll(async () => (await page.locator("iframe").boundingBox())!.height)
      .toBe((own as number) + 4);
    expect(await textHeight(page)).toBe(own);
    expect(messages).toContainEqual({
      sentinel: "amp",
      type: "embed-size",
      height,
    });
    expect(messages).toContainEqual({
      type: "casewire:height",
      case: "ua-0-00",
      height,
    });
    expect(JSON.stringify(messages)).not.toContain("secret");
    const popup = page.waitForEvent("popup");
    await page
      .frameLocator("iframe")
      .getByRole("link", { name: "The whole case" })
      .last()
      .click();
    expect((await popup).url()).toBe(`${worker.url}/cases/ua-0-00?lang=en`);
    await (await popup).close();
  });

  it("follows the case while it is visible, also in a sandbox, up to its withdrawal", async () => {
    await worker.untilLive(await worker.publish(inventedCase(87)));
    const { page } = await visit(
      ["card", "compact"]
        .map(
          (variant) =>
            `<iframe sandbox="allow-scripts" src="${worker.url}/embed/ua-87-00?lang=en&variant=${variant}" title="UA 87/00" height="560"></iframe>`,
        )
        .join(""),
    );
    const shown = page.frameLocator("iframe").first();
    const saidByLine = page.frameLocator("iframe").last().locator(".announced");
    await shown.getByText("Invented case 87").first().waitFor();
    await shown.locator(".act > summary").click();
    const changed = { title: { en: "An invented title that changed" } };
    await worker.untilLive(await worker.publish(inventedCase(87, changed)));
    await shown.getByText("An invented title that changed").first().waitFor();
    expect(
      await shown.locator(".act[open]").count(),
      "what was opened stays open",
    ).toBe(1);
    const said = shown.locator(".announced");
    await expect
      .poll(() => saidByLine.textContent())
      .toMatch(/^UA 87\/00: Invented Person One: .+/);
    expect(await said.textContent()).toBe("UA 87/00: A test's revision");
    await worker.untilLive(await worker.withdraw("ua-87-00"));
    await shown
      .getByRole("heading", { name: "We no longer show this case" })
      .waitFor();
    expect(await said.textContent()).toBe(
      "UA 87/00: We no longer show this case",
    );
    await expect
      .poll(() => saidByLine.textContent())
      .toBe("UA 87/00: We no longer show this case");
    expect(await shown.getByText("invented title").count()).toBe(0);
  });

  it("reports the height of its text for a missing case", async () => {
    for (const path of [
      "ua-9-99",
      "ua-9-99?variant=compact",
      "a".repeat(3_000),
    ]) {
      const told: number[] = [];
      for (const height of [40, 800]) {
        const { told: messages } = await visit(
          `<iframe src="${worker.url}/embed/${path}" title="UA" width="600" height="${height}"></iframe>`,
        );
        await expect
          .poll(async () => (await messages()).length)
          .toBeGreaterThan(1);
        const asked = Number(
          (await messages()).find(({ type }) => type === "casewire:height")!
            .height,
        );
        told.push(asked);
      }
      expect(told[0], path).toBe(told[1]);
      expect(told[0]).toBeLessThan(300);
    }
  });

  it("works in a cross-origin isolated page, and in a nested sandbox without an origin", async () => {
    const isolated = await visit(frame(), {
      "Cross-Origin-Embedder-Policy": "require-corp",
      "Cross-Origin-Opener-Policy": "same-origin",
    });
    await isolated.page
      .frameLocator("iframe")
      .getByText("Demo Person One")
      .first()
      .waitFor();
    expect(await isolated.page.evaluate(() => crossOriginIsolated)).toBe(true);
    const nested = await visit(
      `<iframe sandbox="allow-scripts" width="700" height="600" srcdoc='${frame()}'></iframe>`,
    );
    await nested.page
      .frameLocator("iframe")
      .frameLocator("iframe")
      .getByText("Demo Person One")
      .first()
      .waitFor();
  });
});
