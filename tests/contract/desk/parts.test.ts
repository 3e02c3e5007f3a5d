/** Parts of the desk that load when they are needed, and a deployment that takes them away while the page is open. */
import { expect, test } from "vitest";
import { axeFindings } from "../../axe.ts";
import { inventedCase } from "../../invented.ts";
import { button, dialog, draftOf, field, openCase, page, sendAll, signIn, useDesk } from "./stage.ts";

useDesk(() => sendAll([inventedCase(43)]));

const scripts = "**/desk@*.js";

test("A part that a deployment took away says so, and a reload keeps the draft", async () => {
  let loaded = 0;
  let isGone = true;
  await page.route(scripts, async (route) => {
    loaded++;
    const answer = await route.fetch();
    // A route also switches the cache off, so an import asks for what was fetched.
    const isImported = route.request().resourceType() === "script";
    const isMissing = isImported ? (await answer.text()).includes("publish.kind.redaction.hint") : isGone;
    return isMissing ? route.fulfill({ status: 404 }) : route.fulfill({ response: answer });
  });
  await page.reload();
  await page.locator("#token").waitFor();
  expect(loaded).toBe(1);
  await signIn();
  await button("New case").click();
  await page.getByRole("alert").getByText("could not be loaded").waitFor();
  // The next part tries again.
  isGone = false;
  await openCase("ua-43-00");
  await button("Write a revision").click();
  await field("/title").getByRole("textbox").fill("A title that must not be lost");
  await button("Publish …").click();
  await page.getByRole("alert").getByText("could not be loaded").waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.unroute(scripts);
  await button("Save and reload").click();
  await page.locator("#token").waitFor();
  expect((await draftOf("ua-43-00"))?.case.title?.en).toBe("A title that must not be lost");
  await signIn();
  await expect.poll(() => field("/title").getByRole("textbox").inputValue()).toBe("A title that must not be lost");
  await button("Publish …").click();
  await dialog().waitFor();
});
