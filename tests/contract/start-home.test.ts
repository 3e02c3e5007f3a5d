/** The home page of a local run in a real browser: one click changes three surfaces at the same moment. */
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { launchBrowser } from "../browser.ts";
import { step } from "../step.ts";
import { untilInstant } from "../waiting.ts";
import { livesOfEditors } from "./desk-people.ts";
import { type LocalCopy, localCopy } from "./local-copy.ts";

let local: LocalCopy;
let browser: Browser;
let page: Page;
let token = "";
const complaints: string[] = [];

const revision = () => page.locator("#json-title ~ .state").textContent();
const widget = () => page.frameLocator("iframe").locator('case-status[case="ua-0-00"]');
const published = () => page.locator(".publish button[type=submit]");

beforeAll(async () => {
  local = await localCopy();
  const run = local.npm(["start"], { PORT: String(local.port) });
  token = await run.value("editor token");
  await vi.waitFor(() => expect(run.output()).toContain("first cases: live\n"), { timeout: 15_000 });
  browser = await launchBrowser();
  page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(await run.value("home"));
});

afterAll(async () => {
  await browser?.close();
  await local.endRuns();
  await local.remove();
});

test("On the home page of a local run, one click changes three surfaces at the same moment", {
  timeout: 90_000,
}, async () => {
  await step(
    "An update reaches the partner's page, the JSON and the chat at its moment, and nothing before",
    async () => {
      await page.getByRole("button", { name: "/follow ua-0-00" }).click();
      await page.locator(".keys button").first().click();
      await expect.poll(() => page.locator(".log").textContent()).toContain("/unfollow");
      const before = await page.locator(".message").count();
      expect(await revision()).toBe("revision 1");

      await published().click();
      await page.getByRole("button", { name: "Undo" }).waitFor();
      const countdown = page.locator(".counting");
      const deadline = Date.now() + 10_000;
      let seen = 0;
      while ((await countdown.count()) > 0 && Date.now() < deadline) {
        const left = Number(
          await countdown
            .locator("strong")
            .textContent({ timeout: 500 })
            .catch(() => "0"),
        );
        // The page's clock is also the Ledger's clock here. Its display may lag by up to a tenth of a second.
        if (left > 0.2) {
          expect(await revision()).toBe("revision 1");
          expect(await page.locator(".message").count()).toBe(before);
        }
        seen++;
      }
      expect(seen).toBeGreaterThan(5);
      await expect.poll(revision, { timeout: 2_000 }).toBe("revision 2");
      await widget().getByText("Demo Person One: released").first().waitFor({ timeout: 2_000 });
      await expect
        .poll(() => page.locator(".message").last().textContent(), { timeout: 2_000 })
        .toContain("Demo Person One: released");
    },
  );
  await step("An update that is undone within its seven seconds is never shown", async () => {
    const box = (await published().boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    // The form has just come back under the pointer, and ignores it for a moment.
    await page.waitForTimeout(900);
    // A double click publishes; its second half doesn't undo.
    for (const pause of [200, 0]) {
      await page.mouse.down();
      await page.mouse.up();
      await page.waitForTimeout(pause);
    }
    await page.locator(".counting").waitFor();
    await page.waitForTimeout(700);
    expect(await page.locator(".counting").count()).toBe(1);
    await page.getByRole("button", { name: "Undo" }).click();
    await expect.poll(() => page.locator(".hint").textContent()).toContain("was undone");
    const over = Date.now() + 7_500;
    // A control that needs a second chat says so.
    await page.locator("form.say input").fill("/start share");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "I understand: let me share" }).click();
    // A button that appears under a resting pointer ignores it for a moment.
    const isTold = async () => {
      await page.getByRole("button", { name: "Choose a chat" }).click();
      return page.getByText("This page has only one chat").isVisible();
    };
    await expect.poll(isTold, { interval: 700 }).toBe(true);
    // The test checks that nothing arrives, so it waits until the undone moment has passed.
    await untilInstant(over);
    expect(await revision()).toBe("revision 2");
  });
  await step("The page obeys its own policy, and axe finds nothing wrong", async () => {
    expect(complaints).toEqual([]);
    // The page's policy forbids other scripts, so axe is injected through the debugger.
    const session = await page.context().newCDPSession(page);
    await session.send("Runtime.evaluate", { expression: axe.source });
    const violations = await page.evaluate(async () => {
      const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run(document, { iframes: false });
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
    });
    expect(violations).toEqual([]);
  });
});

// The last one: the first administrator's passkey ends the token that the home page uses.
test("Editors accept invitations with passkeys, sign in, recover, make tokens and leave, in a real browser", {
  timeout: 90_000,
}, async () => {
  for (const { context } of await livesOfEditors(browser, `http://localhost:${local.port}/desk`, token))
    await context.close();
});
