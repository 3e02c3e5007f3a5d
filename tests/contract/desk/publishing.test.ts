/**
 * Publishing and undoing: at once, under an embargo, and with the keyboard
 * alone.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { expect, test } from "vitest";
import { addresses } from "../../../shared/addresses.ts";
import { axeFindings } from "../../support/axe.ts";
import { nextYear, skippedDay, weekday } from "../../support/next-year.ts";
import { root } from "../../support/root.ts";
import { step } from "../../support/step.ts";
import {
  button,
  clientAs,
  complaints,
  confirm,
  dialog,
  invented,
  isLive,
  note,
  openCase,
  openPage,
  page,
  pending,
  press,
  read,
  record,
  saved,
  send,
  sendAll,
  title,
  useDesk,
} from "./stage.ts";

/** The case that the invented document opens. */
const OPENED = "ua-126-18";
const embargoed = invented(9, {
  places: [{ name: { en: "Demoville" }, iso3166: "PL", source: "first" }],
});
const byKeyboard = invented(10);
const unasked = invented(98);
const logged = invented(14);
useDesk(() => sendAll([embargoed, byKeyboard, unasked, logged]));

/** Presses Tab until the element has focus. */
async function tabTo(target: Locator): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    if (await target.evaluate((element) => element === document.activeElement))
      return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`The keyboard does not reach ${target}`);
}

test("A first version survives a crash and an undo, and goes live everywhere at its moment", async () => {
  const id = OPENED;
  await step(
    "What an editor types is saved, and opens again after a crash",
    async () => {
      await page.getByRole("link", { name: "From a document" }).first().click();
      const document = await readFile(
        join(root, "tests/documents/invented/2019-first.txt"),
        "utf8",
      );
      await page.getByLabel("Paste the document’s text").fill(document);
      await button("Read it").click();
      await title().fill("Seven invented people on trial");
      await page
        .locator('[id="field/summary"] textarea')
        .fill("An invented trial began.");
      await page
        .locator('[id="field/action/request"] textarea')
        .fill("Ask for the invented charges to be dropped.");
      // The document names no issuer, and the desk fills none in.
      await page.locator('[id="field/issuer"] input').fill("Invented Issuer");
      // One press answers the other two questions.
      await page
        .locator("#section-authors")
        .getByRole("button", { name: "Invented Issuer" })
        .click();
      expect(
        await page.locator('[id="field/rights/holder"] input').inputValue(),
      ).toBe("Invented Issuer");
      expect(await page.locator("#stated-by").inputValue()).toBe(
        "Invented Issuer",
      );
      expect(await page.locator("#section-authors .chip").count()).toBe(0);
      await saved();
      await page.close({ runBeforeUnload: false });
      await openPage();
      await page
        .getByRole("link", { name: /Seven invented people on trial/ })
        .click();
      expect(await title().inputValue()).toBe("Seven invented people on trial");
      await page.locator(".source li").first().waitFor();
    },
  );

  await step(
    "No key pressed in a field publishes, and an undo brings everything back",
    async () => {
      await button("Publish …").click();
      await expect
        .poll(() => page.evaluate(() => document.activeElement?.id))
        .toBe("note");
      expect(await button(/^Publish UA/).isDisabled()).toBe(true);
      await dialog().getByText("Say what changed, in English").waitFor();
      await dialog().getByText("1 doubt about the document").waitFor();
      await page.keyboard.type("First version");
      await press(["Enter", "Control+Enter"]);
      await dialog().getByRole("radio").first().focus();
      await press(["Enter"]);
      await note().fill("First version");
      await confirm();
      await button(
        "Publish UA 126/18 for the first time, to everyone in 3 s",
      ).click();
      await pending().getByText("First version").waitFor();
      // While a revision is pending, the button that undoes it comes first.
      expect(await page.locator("main button").first().textContent()).toBe(
        "Undo revision 1",
      );
      await button("Undo revision 1").click();
      await page
        .getByText("Revision 1 was undone before anyone saw it.")
        .waitFor();
      expect((await read(addresses.case(id))).status).toBe(404);
      expect(await title().inputValue()).toBe("Seven invented people on trial");
      await page.locator(".source li").first().waitFor();
      await saved();
    },
  );

  await step(
    "Published again, the version is live at its moment and not before",
    async () => {
      await button("Publish …").click();
      expect(await note().inputValue()).toBe("First version");
      // The draft has kept the answers.
      await dialog().getByText("Everything is confirmed").waitFor();
      await button(/^Publish UA 126\/18 for the first time/).click();
      expect((await read(addresses.case(id))).status).toBe(404);
      await isLive(2);
      expect(await record(id)).toMatchObject({
        case: { title: { en: "Seven invented people on trial" } },
        revision: { number: 2, note: { en: "First version" } },
      });
      await page.getByRole("link", { name: "Cases", exact: true }).click();
      await page
        .getByRole("listitem")
        .filter({ hasText: "UA 126/18" })
        .getByText("Revision 2 is live")
        .waitFor();
      expect(
        await page
          .locator('a[href^="#/drafts/"]', { hasText: "Seven invented" })
          .count(),
      ).toBe(0);
    },
  );
});

test("An embargo is shown in the editor's time and in the case's, and a moment too early is refused with its reason", async () => {
  await openCase(embargoed.id);
  await button("Write a revision").click();
  await title().waitFor();
  // An empty form is restored too.
  await page.goBack();
  await button("Write a revision").waitFor();
  await page.goForward();
  await title().fill("For the summer");
  await button("Publish …").click();
  await note().fill("Under embargo");
  await dialog().getByText("At a chosen time").click();
  const moment = page.getByLabel("Your time (Europe/Kyiv)");
  await moment.fill("2020-01-01T12:00");
  await dialog().getByText("The moment is too early").waitFor();
  expect(await button(/^Schedule/).isDisabled()).toBe(true);
  await moment.fill(`${skippedDay}T03:30`);
  await dialog().getByText("Clocks here skip that time").waitFor();
  await moment.fill(`${nextYear}-07-01T12:00`);
  const walls = await dialog().locator(".walls dd").allTextContents();
  const day = `${weekday(`${nextYear}-07-01`, "short")}, 1\u00a0July ${nextYear}`;
  expect(walls).toEqual([
    `${day} at 12:00 GMT+3`,
    `${day} at 11:00 GMT+2`,
    `${day} at 09:00 UTC`,
  ]);
  expect(await axeFindings(page)).toEqual([]);
  await confirm();
  await button(
    `Schedule revision 2 for everyone: ${day} at 12:00 GMT+3`,
  ).click();
  await pending().getByText("Under embargo").waitFor();
  expect((await record(embargoed.id)).revision.number).toBe(1);

  // A more urgent change must say what happens to the pending one.
  await button("Write a revision").click();
  await button("Publish …").click();
  await note().fill("Urgent");
  await dialog().getByText("A new revision must go live after it").waitFor();
  await dialog().getByText("Replace revision 2").click();
  await confirm();
  expect(await button(/^Publish revision 3 to everyone/).isEnabled()).toBe(
    true,
  );
  await press(["Escape"]);
  await openCase(embargoed.id);
  await button("Undo revision 2").click();
  expect(await title().inputValue()).toBe("For the summer");
});

test("A publish whose questions nobody knows yet leads to them, and one whose response is lost to its revision", async () => {
  const unknown = {
    type: "urn:casewire:problem:too-many-attempts",
    title: "",
    status: 429,
    detail: "",
    remedy: "",
  };
  await page.route("**/questions", (route) =>
    route.fulfill({ status: 429, json: unknown }),
  );
  await openCase(unasked.id);
  await button("Write a revision").click();
  await title().fill("Nobody has asked");
  await button("Publish …").click();
  await note().fill("A note");
  await dialog()
    .getByText("Not known yet. They are asked when you publish.")
    .waitFor();
  await button(/^Publish revision 2/).click();
  const question = dialog().getByRole("group", {
    name: "Do these texts agree with the statuses?",
  });
  await question.getByText("Nobody has asked").waitFor();
  const box = question.getByRole("checkbox");
  await expect
    .poll(() => box.evaluate((element) => element === document.activeElement))
    .toBe(true);
  expect(await button(/^Publish revision 2/).isDisabled()).toBe(true);
  await press([" "]);
  // A response that is lost leads to the revision, which is not published
  // twice.
  await page.route(
    "**/v1/cases/ua-98-00*",
    (route) => route.fetch().then(() => route.abort()),
    { times: 1 },
  );
  await button(/^Publish revision 2/).click();
  await pending().getByText("A note").waitFor();
  expect(
    (await clientAs().readDeskCase({ id: unasked.id })).revision.number,
  ).toBe(2);
  expect(complaints.splice(0)).toEqual([expect.stringContaining("ERR_FAILED")]);
  await page.unroute("**/questions");
});

test("An editor can publish and undo with the keyboard alone", async () => {
  await openCase(byKeyboard.id);
  await tabTo(button("Write a revision"));
  await press(["Enter"]);
  await title().waitFor();
  await tabTo(title());
  await press(["Control+a"]);
  await page.keyboard.type("By keyboard");
  await page.locator("h1", { hasText: "By keyboard" }).waitFor();
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await tabTo(button("Publish …"));
  await press(["Enter"]);
  await dialog().waitFor();
  await page.keyboard.type("Typed");
  // The note is asked about beside the title, with one answer for both.
  await dialog().getByRole("definition").getByText("Typed").waitFor();
  await tabTo(
    dialog().getByRole("checkbox", { name: "I have read them; they agree" }),
  );
  await press([" "]);
  await dialog().getByText("Everything is confirmed").waitFor();
  await tabTo(page.getByRole("radio", { name: /^Notify with sound/ }));
  await press(["ArrowDown", "ArrowDown"]);
  await tabTo(button(/^Publish revision 2 to everyone/));
  await press([" "]);
  await pending().waitFor();
  await tabTo(button("Undo revision 2"));
  await press(["Enter"]);
  await page.getByText("Revision 2 was undone").waitFor();
  expect((await record(byKeyboard.id)).case.title.en).toBe("Invented case 10");
  await saved();
});

test("The log shows who published, undid and withdrew, and can be downloaded", async () => {
  const { id } = logged;
  await send("Demo Editor One", id, { case: invented(14) }, 1);
  const editor = clientAs("Demo Editor One");
  await editor.undo({ id, number: 2 });
  await editor.withdraw({ id, reason: "mistake", basedOn: 1 });
  await page.getByRole("link", { name: "Log", exact: true }).click();
  await page
    .getByRole("cell", { name: "Took the case down, as revision 3" })
    .first()
    .waitFor();
  const download = page.waitForEvent("download");
  await button("Download all (NDJSON)").click();
  const lines = (await readFile(await (await download).path(), "utf8"))
    .trim()
    .split("\n");
  expect(lines.map((line) => JSON.parse(line).action)).toEqual(
    expect.arrayContaining(["publish", "undo", "withdraw"]),
  );
  await page.emulateMedia({ colorScheme: "dark" });
  expect(await axeFindings(page)).toEqual([]);
  await page.close();
});
