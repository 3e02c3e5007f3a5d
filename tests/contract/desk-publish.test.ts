/** Publishing and undoing from the desk, in a real browser: no accidental publish, no lost work. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { addresses } from "../../shared/addresses.ts";
import type { Case } from "../../shared/case/schema.ts";
import { type Client, clientOf } from "../../worker/contract/client.ts";
import type { Publish } from "../../worker/editorial/publication.ts";
import { axeFindings } from "../axe.ts";
import { closePages, sharedBrowser } from "../browser.ts";
import { leaveScreen, openDesk, openList, signIn } from "../desk-page.ts";
import { startWorker, type TestWorker } from "../harness.ts";
import { inventedCase } from "../invented.ts";
import { nextYear, skippedDay, weekday } from "../next-year.ts";
import { root } from "../root.ts";
import { step } from "../step.ts";

const tokens = { "Demo Editor One": "invented-token-one", "Demo Editor Two": "invented-token-two" };
type Name = keyof typeof tokens;
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const EDITORS = JSON.stringify(
  Object.fromEntries(Object.entries(tokens).map(([name, token]) => [name, sha256(token)])),
);

/** Each test has its own case. */
const cases = {
  /** The case that the invented document opens. */
  opened: "ua-126-18",
  shared: "ua-7-00",
  embargoed: "ua-9-00",
  byKeyboard: "ua-10-00",
  onTwoDevices: "ua-11-00",
  redacted: "ua-12-00",
  withdrawn: "ua-13-00",
  logged: "ua-14-00",
  clicked: "ua-15-00",
  inTwoTabs: "ua-16-00",
  mistaken: "ua-17-00",
};

/** A case about an invented person whose name stands in many places. */
const told = inventedCase(12, {
  title: { en: "Demo Alfaiev, held in Demoville", uk: "Демо Алфаєв за ґратами" },
  summary: { en: "Demo Alfaiev was not convicted." },
  people: [
    {
      id: "demo-alfaiev",
      names: [{ value: "Demo Alfaiev", lang: "en", form: "preferred", source: "first" }],
      pronouns: "he/him",
    },
  ],
  events: [],
  action: { ...inventedCase().action, letter: { en: "Free Demo Alfaiev!", uk: "Свободу Демові Алфаєву!" } },
});

let worker: TestWorker;
/** A Worker that requires a second editor's review. */
let strict: TestWorker;
let browser: Browser;
/** Demo Editor One is signed in here. */
let page: Page;
const complaints: string[] = [];

/** Without a translation of its title, which the desk would ask about after each change of it. */
const invented = (number: number, changes: object = {}) =>
  inventedCase(number, { title: { en: `Invented case ${number}` }, ...changes });
const read = (path: string, at = worker) => fetch(at.url + path);
const record = async (id: string) => (await (await read(addresses.case(id))).json()) as { case: Case; revision: any };
const send = (as: Name, id: string, body: Pick<Publish, "case"> & Partial<Publish>, basedOn: number, at = worker) =>
  clientOf({ origin: at.url, token: tokens[as] }).publish({
    id,
    body: { kind: "update", notify: "none", note: { en: "A note" }, ...body },
    basedOn,
  }) as Promise<any>;

const button = (name: string | RegExp) => page.getByRole("button", { name });
const dialog = () => page.getByRole("dialog");
const title = (at = page) => at.locator('[id="field/title"] textarea');
const note = (at = page) => at.locator("#note");
const pending = () => page.locator(".pending");
const press = async (keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key);
};
const saved = (at = page) => at.locator(".saved", { hasText: /^Saved/ }).waitFor();
const isLive = (number: number) => page.getByText(`Revision ${number} has been live everywhere since`).waitFor();

async function openCase(id: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `#/cases/${id}`);
  await button("Write a revision").waitFor();
}

beforeAll(async () => {
  [worker, strict, browser] = await Promise.all([
    startWorker({ env: { EDITORS } }),
    startWorker({ env: { EDITORS, REVIEW: "two" } }),
    sharedBrowser(),
  ]);
  const places = [{ name: { en: "Demoville" }, iso3166: "PL", source: "first" }];
  await Promise.all([
    send("Demo Editor Two", cases.embargoed, { case: invented(9, { places }) }, 0),
    ...[7, 10, 11, 13, 14, 15, 16, 17].map((number) =>
      send("Demo Editor Two", `ua-${number}-00`, { case: invented(number) }, 0),
    ),
  ]);
  await send("Demo Editor Two", cases.redacted, { case: told }, 0);
  const more = { case: { ...told, asOf: { date: "2000-03-04" } }, kind: "correction" as const };
  await worker.untilLive(await send("Demo Editor Two", cases.redacted, more, 1));
});

beforeEach(async () => {
  if (page && !page.isClosed()) return openList(page);
  page = await openDesk(browser, worker, complaints, { timezoneId: "Europe/Kyiv" });
  await signIn(page, tokens["Demo Editor One"]);
});

afterEach(async ({ task }) => {
  await leaveScreen(page, task.result?.state !== "fail");
  expect(complaints.splice(0)).toEqual([]);
});

afterAll(async () => {
  await closePages(browser);
  await Promise.all([worker?.close(), strict?.close()]);
});

test("A first version survives a crash and an undo, and goes live everywhere at its moment", async () => {
  const id = cases.opened;
  await step("What an editor types is saved, and opens again after a crash", async () => {
    await page.getByRole("link", { name: "From a document" }).first().click();
    const document = await readFile(join(root, "tests/documents/invented/2019-first.txt"), "utf8");
    await page.getByLabel("Paste the document’s text").fill(document);
    await button("Read it").click();
    await title().fill("Seven invented people on trial");
    await page.locator('[id="field/summary"] textarea').fill("An invented trial began.");
    await page.locator('[id="field/action/request"] textarea').fill("Ask for the invented charges to be dropped.");
    // The document names no issuer, and the desk fills none in.
    await page.locator('[id="field/issuer"] input').fill("Invented Issuer");
    await page.locator('[id="field/rights/holder"]').getByRole("button", { name: "Invented Issuer" }).click();
    await saved();
    await page.close({ runBeforeUnload: false });
    page = await openDesk(browser, worker, complaints, { timezoneId: "Europe/Kyiv" });
    await signIn(page, tokens["Demo Editor One"]);
    await page.getByRole("link", { name: /Seven invented people on trial/ }).click();
    expect(await title().inputValue()).toBe("Seven invented people on trial");
    await page.locator(".source li").first().waitFor();
  });

  await step("No key pressed in a field publishes, and an undo brings everything back", async () => {
    await button("Publish …").click();
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("note");
    expect(await button(/^Publish UA/).isDisabled()).toBe(true);
    await dialog().getByText("Say what changed, in English").waitFor();
    await dialog().getByText("5 doubts about the document").waitFor();
    await page.keyboard.type("First version");
    await press(["Enter", "Control+Enter", "Tab", "Enter"]);
    await note().fill("First version");
    await button("Publish UA 126/18 for the first time, to everyone in 3 s").click();
    await pending().getByText("First version").waitFor();
    // While a revision is pending, the button that undoes it comes first.
    expect(await page.locator("main button").first().textContent()).toBe("Undo revision 1");
    await button("Undo revision 1").click();
    await page.getByText("Revision 1 was undone before anyone saw it.").waitFor();
    expect((await read(addresses.case(id))).status).toBe(404);
    expect(await title().inputValue()).toBe("Seven invented people on trial");
    await page.locator(".source li").first().waitFor();
    await saved();
  });

  await step("Published again, the version is live at its moment and not before", async () => {
    await button("Publish …").click();
    expect(await note().inputValue()).toBe("First version");
    await button(/^Publish UA 126\/18 for the first time/).click();
    expect((await read(addresses.case(id))).status).toBe(404);
    await isLive(2);
    expect(await record(id)).toMatchObject({
      case: { title: { en: "Seven invented people on trial" } },
      revision: { number: 2, note: { en: "First version" } },
    });
    await page.getByRole("link", { name: "Cases", exact: true }).click();
    await page.getByRole("listitem").filter({ hasText: "UA 126/18" }).getByText("Revision 2 is live").waitFor();
    expect(await page.locator('a[href^="#/drafts/"]', { hasText: "Seven invented" }).count()).toBe(0);
  });
});

test("When two editors change one case, the desk shows both versions and asks which to keep", async () => {
  const id = cases.shared;
  await openCase(id);
  await button("Write a revision").click();
  await title().fill("Seven invented people await a verdict");
  const { case: fields } = await record(id);
  const theirs = { ...fields, title: { ...fields.title, en: "Theirs" }, summary: { en: "Their summary." } };
  await send("Demo Editor Two", id, { case: theirs, note: { en: "Faster" } }, 1);
  await button("Publish …").click();
  await dialog().getByText("Demo Editor Two published revision 2").waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await dialog().getByText("Both changed 1 field: choose").waitFor();
  expect(await button("Merge both into my draft").isDisabled()).toBe(true);
  await dialog().locator(".side", { hasText: "Yours" }).click();
  await button("Merge both into my draft").click();
  await page.getByText("Based on revision 2").waitFor();
  await button("Publish …").click();
  await note().fill("The title was wrong");
  await dialog().getByText("Correction", { exact: true }).click();
  await dialog().getByText("Don’t notify").click();
  await button(/^Publish revision 3 to everyone in 3 s/).click();
  await pending().getByText("The title was wrong").waitFor();
  await isLive(3);
  expect(await record(id)).toMatchObject({
    case: { title: { en: "Seven invented people await a verdict" }, summary: { en: "Their summary." } },
    revision: { number: 3, kind: "correction" },
  });
});

test("An embargo is shown in the editor's time and in the case's, and a moment too early is refused with its reason", async () => {
  await openCase(cases.embargoed);
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
  await dialog().getByText("Too early. Readers’ copies must expire first").waitFor();
  expect(await button(/^Schedule/).isDisabled()).toBe(true);
  await moment.fill(`${skippedDay}T03:30`);
  await dialog().getByText("Clocks here skip that time").waitFor();
  await moment.fill(`${nextYear}-07-01T12:00`);
  const walls = await dialog().locator(".walls dd").allTextContents();
  const day = `${weekday(`${nextYear}-07-01`, "short")}, 1 Jul ${nextYear}`;
  expect(walls).toEqual([`${day}, 12:00 GMT+3`, `${day}, 11:00 GMT+2`, `${day}, 09:00 UTC`]);
  expect(await axeFindings(page)).toEqual([]);
  await button(`Schedule revision 2 for everyone: ${day}, 12:00 GMT+3`).click();
  await pending().getByText("Under embargo").waitFor();
  expect((await record(cases.embargoed)).revision.number).toBe(1);

  // A more urgent change must say what happens to the pending one.
  await button("Write a revision").click();
  await button("Publish …").click();
  await note().fill("Urgent");
  await dialog().getByText("It can’t go live before revision 2").waitFor();
  await dialog().getByText("Replace revision 2").click();
  expect(await button(/^Publish revision 3 to everyone/).isEnabled()).toBe(true);
  await press(["Escape"]);
  await openCase(cases.embargoed);
  await button("Undo revision 2").click();
  expect(await title().inputValue()).toBe("For the summer");
});

/** Presses Tab until the element has focus. */
async function tabTo(target: Locator): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`The keyboard does not reach ${target}`);
}

test("An editor can publish and undo with the keyboard alone", async () => {
  await openCase(cases.byKeyboard);
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
  await tabTo(page.getByRole("radio", { name: /^Notify with sound/ }));
  await press(["ArrowDown", "ArrowDown"]);
  await tabTo(button(/^Publish revision 2 to everyone/));
  await press([" "]);
  await pending().waitFor();
  await tabTo(button("Undo revision 2"));
  await press(["Enter"]);
  await page.getByText("Revision 2 was undone").waitFor();
  expect((await record(cases.byKeyboard)).case.title.en).toBe("Invented case 10");
  await saved();
});

test("A draft that is open on two devices brings the words of both together", async () => {
  const phone = await openDesk(browser, worker, complaints, { viewport: { width: 390, height: 844 } });
  await openCase(cases.onTwoDevices);
  await button("Write a revision").click();
  await title().fill("From the laptop");
  await saved();
  await signIn(phone, tokens["Demo Editor One"]);
  await phone.evaluate((hash) => {
    location.hash = hash;
  }, new URL(page.url()).hash);
  await title(phone).fill("From the phone");
  await saved(phone);
  await page.locator('[id="field/summary"] textarea').fill("From the laptop.");
  await page.getByText("merged with what you wrote on another device").waitFor();
  expect(await title().inputValue()).toBe("From the phone");
  await saved();
  await title(phone).fill("Phone again");
  await phone.locator('[id="field/summary"] textarea').fill("From the phone too.");
  await phone.getByRole("button", { name: "Compare" }).click();
  await phone.getByText("Both changed 1 field: choose").waitFor();
  await phone.locator(".choice .side", { hasText: "The other" }).click();
  await phone.getByRole("button", { name: "Merge both into my draft" }).click();
  expect(await phone.locator('[id="field/summary"] textarea').inputValue()).toBe("From the laptop.");
  expect(await title(phone).inputValue()).toBe("Phone again");
  await saved(phone);
  await phone.close();
  // A change that this editor hasn't seen can't be published from here.
  await button("Publish …").click();
  await note().fill("From both");
  await button(/^Publish revision 2 to everyone/).click();
  await expect.poll(() => title().inputValue()).toBe("Phone again");
  await dialog().waitFor({ state: "detached" });
  expect(await pending().count()).toBe(0);
  await saved();
});

test("A redaction finds a name in every field, erases it at its moment, and refuses to leave one", async () => {
  const id = cases.redacted;
  await openCase(id);
  await button("Begin a redaction …").click();
  await dialog().getByLabel("Demo Alfaiev").check();
  await dialog()
    .getByText(/places hold the name/)
    .waitFor();
  expect((await dialog().locator("mark").allTextContents()).toSorted()).toEqual(
    [
      "demo-alfaiev",
      "Demo Alfaiev",
      "Demo Alfaiev",
      "Demo Alfaiev",
      "Demo Alfaiev",
      "Демо Алфаєв",
      "Демові Алфаєву",
    ].toSorted(),
  );
  expect(await axeFindings(page)).toEqual([]);
  await button("Prepare the redaction").click();
  expect(await title().inputValue()).toBe("[…], held in Demoville");
  await step("A name that is written back, and another changed word, stop it", async () => {
    await title().fill("Alfaiev, held in Demotown");
    await button("Redact …").click();
    await dialog().getByText("1 place may still hold the name").first().waitFor();
    await dialog()
      .getByText(/A redaction only removes fields.*Title/)
      .waitFor();
    expect(await button("Continue: what will be erased").isDisabled()).toBe(true);
    await button("Not yet").click();
  });
  await title().fill("[…], held in Demoville");
  await button("Redact …").click();
  expect(await dialog().textContent()).not.toMatch(/NaN/);
  expect(await note().count()).toBe(0);
  await button("Continue: what will be erased").click();
  await page.getByLabel(`Type ${id} to confirm`).fill(id);
  await button("Publish revision 3 in 3 s and erase revisions 1 to 2").click();
  await pending().getByText("Content was removed to protect people.").waitFor();
  await isLive(3);
  expect((await read(addresses.revision(id, 2))).status).toBe(410);
  const shown = await (await read(addresses.case(id))).text();
  expect(shown).not.toMatch(/alfaiev|алфаєв/i);
  expect(await record(id)).toMatchObject({
    case: { summary: { en: "[…] was not convicted." }, action: { letter: { uk: { text: "Свободу […]!" } } } },
  });
});

test("A double click on Publish publishes, and presses nothing that appears in its place", async () => {
  const id = cases.clicked;
  let number = 1;
  // The gaps at which the second click once pressed what had appeared. The next test covers the others.
  for (const gap of [200, 250]) {
    number++;
    await openCase(id);
    await button("Write a revision").click();
    await title().fill(`Clicked twice within ${gap} ms`);
    await saved();
    await button("Publish …").click();
    await note().fill("A note");
    const box = (await button(/^Publish revision/).boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.waitForTimeout(700);
    await page.mouse.down();
    await page.mouse.up();
    await page.waitForTimeout(gap);
    await page.mouse.down();
    await page.mouse.up();
    await pending().getByText("A note").waitFor();
    await page.waitForTimeout(400);
    expect(await dialog().count()).toBe(0);
    expect(await page.evaluate(() => location.hash)).toBe(`#/cases/${id}`);
    await isLive(number);
  }
});

test("A button that takes the place of another ignores the second half of a double click", async () => {
  for (const gap of [50, 100, 200, 250, 300]) {
    await page.evaluate(() => {
      const first = document.createElement("button");
      first.id = "probe";
      first.textContent = "Publish";
      first.style.cssText = "position:fixed;top:200px;left:200px;width:120px;height:60px;z-index:9";
      first.onclick = () => {
        const second = first.cloneNode() as HTMLButtonElement;
        second.textContent = "Undo";
        second.onclick = () => second.setAttribute("data-pressed", "");
        setTimeout(() => first.replaceWith(second), 40);
      };
      document.body.append(first);
    });
    await page.mouse.move(30, 30);
    await page.mouse.move(250, 230);
    const press = async () => {
      await page.mouse.down();
      await page.mouse.up();
    };
    await press();
    await page.waitForTimeout(gap);
    await press();
    await page.locator("#probe", { hasText: "Undo" }).waitFor();
    expect(await page.locator("[data-pressed]").count(), `${gap} ms`).toBe(0);
    await page.waitForTimeout(700);
    await press();
    expect(await page.locator("[data-pressed]").count()).toBe(1);
    await page.evaluate(() => document.querySelector("#probe")?.remove());
  }
});

test("A button that appears under a resting pointer can be pressed after a moment", async () => {
  await openCase(cases.clicked);
  const box = (await button("Withdraw the case …").boundingBox())!;
  await page.mouse.click(box.x + 9, box.y + 9);
  await dialog().waitFor();
  await page.keyboard.press("Escape");
  await dialog().waitFor({ state: "detached" });
  await page.waitForTimeout(700);
  await page.mouse.click(box.x + 9, box.y + 9);
  await dialog().waitFor();
});

test("A second tab whose draft was published elsewhere says that it published nothing", async () => {
  const id = cases.inTwoTabs;
  await openCase(id);
  await button("Write a revision").click();
  await title().fill("In two tabs");
  await saved();
  const hash = await page.evaluate(() => location.hash);
  const other = await openDesk(browser, worker, complaints, { timezoneId: "Europe/Kyiv" });
  await signIn(other, tokens["Demo Editor One"]);
  await other.evaluate((to) => {
    location.hash = to;
  }, hash);
  await expect.poll(() => title(other).inputValue()).toBe("In two tabs");
  await other.getByRole("button", { name: "Publish …" }).click();
  await note(other).fill("A note");
  await saved(other);
  await button("Publish …").click();
  await dialog().waitFor();
  await note().fill("A note");
  await other.getByRole("button", { name: /^Publish revision 2/ }).click();
  await other.locator(".pending").waitFor();
  await button(/^Publish revision 2/).click();
  await page.getByText(/Nothing was published/).waitFor();
  expect(
    (await clientOf({ origin: worker.url, token: tokens["Demo Editor One"] }).readDeskCase({ id })).revision.number,
  ).toBe(2);
  await other.close();
});

test("A case that was published by mistake is withdrawn with a warning, and written again under its number", async () => {
  const id = cases.mistaken;
  const editor = clientOf({ origin: worker.url, token: tokens["Demo Editor One"] });
  await worker.untilLive((await editor.withdraw({ id, reason: "mistake", basedOn: 1 })) as any);
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `#/cases/${id}`);
  await button("Write it again under this number").click();
  await title().fill("Written again");
  await saved();
  await openCase(cases.clicked);
  await button("Withdraw the case …").click();
  await dialog().getByText("You withdrew 1 other case within the last hour: UA 17/00").waitFor();
  await button("Not yet").click();
});

test("A withdrawal asks twice, says what is erased and what stays, and does exactly that", async () => {
  const id = cases.withdrawn;
  await openCase(id);
  await button("Write a revision").click();
  await title().fill("A draft that goes too");
  await saved();
  await openCase(id);
  await button("Withdraw the case …").click();
  await dialog().getByText("It puts someone in danger").click();
  await button("Continue: what will be erased").click();
  await dialog().getByText("Every editor’s drafts of this case").waitFor();
  await dialog().getByText("recovery copies for up to 30 days").waitFor();
  await dialog().locator(".trace .telegram").getByText("This case was withdrawn").first().waitFor();
  const erase = button("Withdraw UA 13/00 from everywhere and erase it in 3 s");
  await page.getByLabel("Type ua-13-00 to confirm").fill("ua-13-0");
  expect(await erase.isDisabled()).toBe(true);
  expect(await axeFindings(page)).toEqual([]);
  await page.getByLabel("Type ua-13-00 to confirm").fill(id);
  await erase.click();
  await page.getByText("This case is being withdrawn").waitFor();
  expect((await read(addresses.case(id))).status).toBe(200);
  await page.getByText(/The case was withdrawn everywhere at/).waitFor();
  expect((await read(addresses.case(id))).status).toBe(410);
  await page.getByRole("link", { name: "Cases", exact: true }).click();
  await page.getByRole("listitem").filter({ hasText: "UA 13/00" }).getByText("Withdrawn", { exact: true }).waitFor();
  expect(await page.locator("main").textContent()).not.toMatch(/A draft that goes|Invented case 13/);
});

test("The log shows who published, undid and withdrew, and can be downloaded", async () => {
  const id = cases.logged;
  await send("Demo Editor One", id, { case: invented(14) }, 1);
  const editor = clientOf({ origin: worker.url, token: tokens["Demo Editor One"] });
  await editor.undo({ id, number: 2 });
  await editor.withdraw({ id, reason: "mistake", basedOn: 1 });
  await page.getByRole("link", { name: "Log", exact: true }).click();
  await page.getByRole("cell", { name: "Withdrew the case, as revision 3" }).waitFor();
  const download = page.waitForEvent("download");
  await button("Download all (NDJSON)").click();
  const lines = (await text(await (await download).createReadStream())).trim().split("\n");
  expect(lines.map((line) => JSON.parse(line).action)).toEqual(expect.arrayContaining(["publish", "undo", "withdraw"]));
  await page.emulateMedia({ colorScheme: "dark" });
  expect(await axeFindings(page)).toEqual([]);
  await page.close();
});

test("Where two editors must agree, the second one reads a revision, and returns or approves it", async () => {
  await page.close();
  const { proposal } = await send("Demo Editor One", "ua-8-00", { case: invented(8) }, 0, strict);
  page = await openDesk(browser, strict, complaints);
  await signIn(page, tokens["Demo Editor Two"]);
  await page.getByRole("link", { name: "Waiting for approval" }).click();
  await page.getByRole("link", { name: /Invented case 8/ }).click();
  await page.locator(".preview .widget").getByText("Invented Person One").filter({ visible: true }).first().waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.getByLabel("What Demo Editor One should know").fill("Say more");
  await button("Send it back to Demo Editor One").click();
  await page.getByText("Nothing waits for a second editor").waitFor();
  await button("Sign out").click();

  await signIn(page, tokens["Demo Editor One"]);
  await page.getByRole("link", { name: "Cases", exact: true }).click();
  await page.getByText("Returned by Demo Editor Two: Say more").waitFor();
  await page.locator(`a[href="#/drafts/${proposal}"]`).click();
  await title().fill("Invented case 8, with more");
  await button("Publish …").click();
  await button("Send UA 8/00 to a second editor").click();
  await page.getByText("You can’t approve your own proposal").waitFor();
  expect(await page.getByRole("button", { name: /^Approve/ }).count()).toBe(0);
  await button("Sign out").click();

  await signIn(page, tokens["Demo Editor Two"]);
  await button(/^Approve: publish revision 1 to everyone in 3 s/).click();
  await pending().getByText("By Demo Editor One, approved by Demo Editor Two").waitFor();
  await page.getByText("Revision 1 has been live everywhere since").waitFor();

  // A second withdrawal within the hour: the second editor sees what readers will find.
  const [one, two] = (["Demo Editor One", "Demo Editor Two"] as const).map((name) =>
    clientOf({ origin: strict.url, token: tokens[name] }),
  ) as [Client, Client];
  const other = await send("Demo Editor One", "ua-9-00", { case: invented(9) }, 0, strict);
  const { hash } = await two.readProposal({ id: other.proposal });
  await strict.untilLive(await two.approveProposal({ id: other.proposal, basedOn: hash }));
  await one.withdraw({ id: "ua-8-00", reason: "safety", basedOn: 1 });
  await one.withdraw({ id: "ua-9-00", reason: "safety", basedOn: 1 });
  await page.getByRole("link", { name: /Waiting for approval/ }).click();
  await page.getByRole("link", { name: /Invented case 9/ }).click();
  await page.locator(".trace .widget").getByText("This case was withdrawn").waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await button("Reject: the case stays").click();
  await page.getByText("Nothing waits for a second editor").waitFor();
  await page.close();
});
