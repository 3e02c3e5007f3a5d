/** The desk in a real browser, used by a person: from a document to a complete form, with a preview of every surface. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { sourceDigest } from "../../shared/case/text.ts";
import { locales, localeTags } from "../../shared/locale.ts";
import { deskTexts } from "../../worker/desk/locales/desk-words.ts";
import { axeFindings } from "../axe.ts";
import { closePages, sharedBrowser } from "../browser.ts";
import { leaveScreen, openDesk, openList, signIn } from "../desk-page.ts";
import { startWorker, type TestWorker } from "../harness.ts";
import { inventedCase } from "../invented.ts";
import { root } from "../root.ts";
import { step } from "../step.ts";

let worker: TestWorker;
let browser: Browser;
let page: Page;
const complaints: string[] = [];

const documentOf = (name: string) => readFile(join(root, "tests/documents", name), "utf8");
const verdict = () => page.locator(".verdict strong").textContent();
/** The ids of fields are their JSON Pointers. */
const field = (pointer: string) => page.locator(`[id="field${pointer}"]`);
const focused = () => page.evaluate(() => document.activeElement?.id);
const card = () => page.locator(".preview .widget");

async function read(document: string): Promise<void> {
  await page.getByRole("link", { name: "From a document" }).first().click();
  await page.getByLabel("Paste the document’s text").fill(document);
  await page.getByRole("button", { name: "Read it" }).click();
}

beforeAll(async () => {
  [worker, browser] = await Promise.all([startWorker(), sharedBrowser()]);
  const known = JSON.parse(await readFile(join(root, "worker/tools/local/cases/ua-126-19.json"), "utf8"));
  await worker.untilLive(await worker.publish(known));
});

/** Opens the desk before sign-in. */
async function openSignIn(): Promise<void> {
  await page?.close();
  page = await openDesk(browser, worker, complaints);
}

/** Opens the list of cases, on the page of the test before if an editor is signed in there. */
async function openCases(): Promise<void> {
  if (page && !page.isClosed() && (await page.locator("header .who bdi").count())) return openList(page);
  await openSignIn();
  await signIn(page, worker.editorToken);
}

afterEach(async ({ task }) => {
  await leaveScreen(page, task.result?.state !== "fail");
  expect(complaints.splice(0)).toEqual([]);
});

afterAll(async () => {
  await closePages(browser);
  await worker?.close();
});

test("A wrong token is refused in words, and a right one opens the list of cases", async () => {
  await openSignIn();
  // What password managers look for.
  expect(await page.locator("form input").evaluateAll((all) => all.map((one: any) => one.autocomplete))).toEqual([
    "username",
    "current-password",
  ]);
  await page.getByLabel("Your token").fill("not a token");
  await page.keyboard.press("Enter");
  await page.getByText("That token isn’t recognised").waitFor();
  await signIn(page, worker.editorToken);
  await page.getByText("Revision 1 is live").waitFor();
});

test("A document that repeats the published case changes nothing in it", async () => {
  await openCases();
  await read(await documentOf("ua-126-19-outcome.txt"));
  await page.getByText("adds nothing to revision 1").waitFor();
  await page.getByRole("button", { name: "Open the case beside the document" }).click();
  expect(await verdict()).toBe("Nothing is missing");
  await card().getByText("Muslim Aliyev").first().waitFor({ state: "attached" });
});

test("An editor turns a document into a case without gaps, sees it on every surface and signs out", async () => {
  await openCases();
  await step("A first document leaves five gaps, and a click on each leads to its field", async () => {
    await read(await documentOf("invented/2019-first.txt"));
    await expect.poll(verdict).toBe("5 fields to fill or fix");
    for (const [gap, pointer, text] of [
      // The document names no issuer, and the desk fills none in.
      ["Issuer", "/issuer", "Invented Issuer"],
      ["Rights › Holder", "/rights/holder", "Invented Issuer"],
      ["Title, in your own words", "/title", "Seven invented people on trial"],
      ["Summary, in your own words", "/summary", "An invented trial began."],
      ["The action › What to ask for", "/action/request", "Ask for the invented charges to be dropped."],
    ] as const) {
      // The list has just moved up, and a button that appears under a resting pointer ignores it for a moment.
      await page.mouse.move(0, 0);
      await page.getByRole("button", { name: gap }).click();
      await expect.poll(focused).toContain(`field${pointer}`);
      await page.keyboard.insertText(text);
    }
    await expect.poll(verdict).toBe("Nothing is missing");
    // Sentences of the document are shown beside the fields and never copied into them.
    const values = await page.locator("textarea").evaluateAll((areas) => areas.map((area) => (area as any).value));
    expect(values.join("\n")).not.toContain("The trial of six men");
  });
  await step("A doubt about the document leads to its line and can be ticked off", async () => {
    // The list has just moved up, as above.
    await page.mouse.move(0, 0);
    await page.getByText("What the importer was unsure about").click();
    const doubt = page.locator(".checklist .warning", { hasText: "The text states a different number of people" });
    await doubt.getByRole("button", { name: "line 6" }).click();
    await page.locator(".source li.shown", { hasText: "The trial of six men" }).waitFor();
    await doubt.getByRole("checkbox").check();
    await page.getByText("4 doubts about the document").waitFor();
    await page.getByText("What the importer was unsure about").click();
  });
  await step(
    "A sentence about a status fills nothing before the editor states the person, the date and the author",
    async () => {
      const sentence = page.locator(".candidates > li", { hasText: "twenty years in prison" });
      await sentence.getByRole("button", { name: "Accept as “Imprisoned”" }).click();
      await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe("SELECT");
      await page.keyboard.press("Escape");
      await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe("Accept as “Imprisoned”");
      await page.keyboard.press("Enter");
      expect(await axeFindings(page)).toEqual([]);
      const put = sentence.getByRole("button", { name: "Put into the form" });
      const [date, by] = [sentence.getByLabel("Facts as of"), sentence.getByLabel("Stated by")];
      expect([await date.inputValue(), await by.inputValue(), await put.isDisabled()]).toEqual(["", "", true]);
      await sentence.getByLabel("People").selectOption("Demo Person Two");
      await date.fill("20 September 2018");
      expect(await put.isDisabled()).toBe(true);
      await by.fill("Demo Group");
      expect(await put.isDisabled()).toBe(false);
      await sentence.getByRole("button", { name: "Cancel" }).click();
    },
  );
  await step("A status asks for its date and author, and one click states it of the others", async () => {
    await page.locator(".person > summary").first().click();
    await field("/people/0/custody/value").getByRole("combobox").selectOption("Pre-trial detention");
    await expect.poll(verdict).toBe("2 fields to fill or fix");
    await field("/people/0/custody/asOf").getByRole("combobox").fill("2018-09-20");
    await page.getByLabel("Who states the facts").fill("Invented Issuer");
    await page.getByLabel("Who states the facts").blur();
    await expect.poll(verdict).toBe("Nothing is missing");
    await page.getByRole("button", { name: "State the same for the 6 others" }).click();
    const statuses = await page.locator(".person > summary .hint").allTextContents();
    expect(statuses).toEqual(Array.from({ length: 7 }, () => "Pre-trial detention"));
    const stated = field("/people/6/custody").locator("summary").first();
    // What the click before changed may still move the page under the pointer.
    const open = async () => {
      if ((await stated.count()) === 0) await page.locator(".person > summary").last().click();
      return stated.count();
    };
    await expect.poll(open).toBe(1);
    expect(await stated.textContent()).toBe(
      "as of 20\u00a0September 2018, stated by Invented Issuer, in: Urgent Action, EUR 46/1098/2018",
    );
  });
  await step("A person can have several proceedings, and each then needs a subject", async () => {
    const add = page.getByRole("button", { name: "Add a proceeding" }).first();
    await add.click();
    await field("/people/0/proceedings/0/value").getByRole("combobox").selectOption("On trial");
    await field("/people/0/proceedings/0/asOf").getByRole("combobox").fill("2018-09-20");
    await expect.poll(verdict).toBe("Nothing is missing");
    await add.click();
    await field("/people/0/proceedings/1/value").getByRole("combobox").selectOption("Charged");
    await field("/people/0/proceedings/1/asOf").getByRole("combobox").fill("2018-09-20");
    await field("/people/0/proceedings/0/subject").getByRole("textbox").fill("the invented trial");
    await field("/people/0/proceedings/1/subject").getByRole("textbox").fill("the invented tax case");
    await expect.poll(verdict).toBe("Nothing is missing");
    await page.getByRole("button", { name: "Remove: the invented tax case" }).click();
  });
  await step("Dates can be typed as people write them, or taken from the document with a click", async () => {
    await page.locator("#section-events > summary").click();
    await page.locator("#section-events .offers").getByRole("button", { name: "17 September" }).click();
    await expect.poll(focused).toBe("field/events/0/kind-control");
    await page.keyboard.type("Trial");
    await field("/events/0/text").getByRole("textbox").fill("The invented trial began.");
    await field("/events/0/date").getByRole("combobox").fill("16 September 2018");
    await page.keyboard.press("Tab");
    expect(await field("/events/0/date").getByRole("combobox").inputValue()).toBe("2018-09-16");
    await field("/asOf").getByRole("combobox").fill("2999-01-01");
    await page.getByText("Facts can’t be dated later than today.").first().waitFor();
    await field("/asOf").getByRole("combobox").fill("2018-09-20");
    await expect.poll(verdict).toBe("Nothing is missing");
    // The card marks the year as inferred, although the importer didn't.
    const reading = field("/asOf").locator("summary");
    await reading.click();
    await field("/asOf").getByRole("textbox", { name: "In the document’s words" }).fill("20 September");
    await field("/asOf").getByRole("checkbox", { name: "year" }).check();
    expect(await reading.textContent()).toBe(
      "20\u00a0September 2018 · “20 September” in the document · inferred: year",
    );
    await card().getByText("20 September 2018 (year inferred)").filter({ visible: true }).first().waitFor();
  });
  await step("A person who was removed can be put back in the same place", async () => {
    const names = () => page.locator(".person .name").allTextContents();
    const before = await names();
    await page.getByRole("button", { name: "Remove: Demo Person One" }).click();
    expect(await names()).toEqual(before.slice(1));
    await page.getByRole("button", { name: "Undo" }).click();
    expect(await names()).toEqual(before);
  });
  await step("Every surface shows the draft in each language", async () => {
    await page.getByRole("button", { name: "Translate: Ukrainian" }).click();
    await expect.poll(focused).toBe("field/title-uk");
    await page.keyboard.insertText("Семеро вигаданих людей перед судом");
    await card().getByText("Семеро вигаданих людей").waitFor();
    await card().getByText("станом на 20 вересня").filter({ visible: true }).first().waitFor();
    await page.getByRole("button", { name: "Telegram" }).click();
    await page.locator(".telegram").getByText("Семеро вигаданих людей").waitFor();
    await page.getByLabel("Readers’ language").selectOption({ label: "Arabic" });
    await expect.poll(() => page.locator(".telegram").textContent()).toContain("سبتمبر");
    await page.getByLabel("Readers’ language").selectOption({ label: "English" });
    await expect.poll(() => page.locator(".telegram").textContent()).toContain("Seven invented people on trial");
    await page.getByRole("button", { name: "JSON" }).click();
    await expect.poll(() => page.locator(".preview pre").textContent()).toContain('"id": "ua-126-18"');
    await page.getByRole("button", { name: "Widget" }).click();
  });
  await step(
    "axe finds nothing wrong in either colour scheme, on a laptop and on a phone, in either direction",
    async () => {
      await page.evaluate(async () => {
        // Collapsed parts render when opened, and can contain more collapsed parts.
        for (let rounds = 0; rounds < 4; rounds++) {
          for (const folded of document.querySelectorAll("details")) folded.open = true;
          await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
        }
      });
      expect(await axeFindings(page)).toEqual([]);
      await page.emulateMedia({ colorScheme: "dark" });
      await page.setViewportSize({ width: 390, height: 844 });
      await page.getByLabel("Language of this page").selectOption("ar");
      expect(await axeFindings(page)).toEqual([]);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(wide).toBe(0);
      await page.getByLabel("لغة هذه الصفحة").selectOption("en");
      await page.setViewportSize({ width: 1366, height: 768 });
      await page.emulateMedia({ colorScheme: "light" });
    },
  );
  await step("Signing out leaves nothing on the page and nothing in the browser", async () => {
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByLabel("Your token").waitFor();
    expect(await page.locator("body").textContent()).not.toContain("Demo Person");
    expect(await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie])).toEqual([
      0,
      0,
      "",
    ]);
  });
});

test("A changed source leaves its translation outdated until an editor confirms or changes it", async () => {
  await worker.untilLive(await worker.publish(inventedCase(21)));
  await openCases();
  await page.evaluate(() => {
    location.hash = "#/cases/ua-21-00";
  });
  await page.getByRole("button", { name: "Write a revision" }).click();
  const title = field("/title");
  const written = title.getByRole("textbox");
  const inLanguage = (name: RegExp) => title.getByRole("button", { name }).click();
  const reviewed = field("/title").locator("xpath=..").getByLabel("reviewed by a speaker");
  const saved = async () => {
    const [entry] = (await worker.editor.listDrafts()).drafts.filter((one) => one.case === "ua-21-00");
    return entry && (await worker.editor.readDraft({ id: entry.id })).draft.case;
  };
  const uk = (source: string, more: object = {}) => ({
    text: "Вигадана справа 21",
    of: sourceDigest(source),
    reviewed: false,
    ...more,
  });
  const [old, changed] = ["Invented case 21", "Invented case twenty-one"];

  await reviewed.check();
  await expect.poll(async () => (await saved())?.title).toEqual({ en: old, uk: uk(old, { reviewed: true }) });
  await written.fill(changed);
  await expect.poll(async () => (await saved())?.title).toEqual({ en: changed, uk: uk(old, { reviewed: true }) });
  await inLanguage(/^Ukrainian outdated/);
  expect(await axeFindings(page)).toEqual([]);
  await title.getByRole("button", { name: "Still right" }).click();
  await expect.poll(async () => (await saved())?.title).toEqual({ en: changed, uk: uk(changed) });
  expect(await title.getByText("outdated").count()).toBe(0);
  expect(await reviewed.isChecked()).toBe(false);

  await inLanguage(/^English$/);
  await written.fill(old);
  await inLanguage(/^Ukrainian outdated/);
  await written.fill("Вигадана справа двадцять один");
  const retranslated = uk(old, { text: "Вигадана справа двадцять один" });
  await expect.poll(async () => (await saved())?.title).toEqual({ en: old, uk: retranslated });
});

test("Two people with almost one name are asked about, and each answer is kept", async () => {
  await openSignIn();
  const fields = inventedCase(903);
  const [known] = fields.people;
  const second = (value: "released") => ({
    ...known,
    id: "invented-person-onne",
    names: [{ value: "Invented Person Onne", lang: "en", form: "preferred", source: "first" }],
    custody: { value, asOf: { date: "2000-03-01" }, statedBy: "Invented Issuer", source: "first" },
  });
  const body = { base: null, note: {}, kind: "update", notify: "none", liveAt: null, source: null, resolved: [] };
  const open = async (id: string) => {
    await page.goto(`${worker.url}/desk#/drafts/${id}`);
    await signIn(page, worker.editorToken);
    await page.locator(".person .name").first().waitFor();
  };
  const question = () => page.getByText("Is this one person, or two? Invented Person One, Invented Person Onne");
  const names = () => page.locator(".person .name").allTextContents();
  const [one, two] = [crypto.randomUUID(), crypto.randomUUID()];
  for (const id of [one, two])
    await worker.editor.saveDraft({
      id,
      body: { ...body, case: { ...fields, people: [known, second("released")] } } as never,
      basedOn: 0,
    });
  const saved = async (id: string) => (await worker.editor.readDraft({ id })).draft;

  await step("Two people: the question doesn't come back", async () => {
    await open(two);
    await question().waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole("button", { name: "Two people" }).click();
    await question().waitFor({ state: "detached" });
    await expect.poll(async () => (await saved(two)).resolved).toHaveLength(1);
    await page.reload();
    await open(two);
    expect(await names()).toEqual(["Invented Person One", "Invented Person Onne"]);
    expect(await question().count()).toBe(0);
  });
  await step("One person: what would go is shown first, and the names become spellings of one", async () => {
    await page.goto("about:blank");
    await open(one);
    await question().waitFor();
    await page.locator(".checklist li", { hasText: "Released" }).waitFor();
    await page.getByRole("button", { name: "One person" }).click();
    await question().waitFor({ state: "detached" });
    expect(await names()).toEqual(["Invented Person One"]);
    await expect.poll(async () => (await saved(one)).case.people).toHaveLength(1);
    const [kept] = (await saved(one)).case.people ?? [];
    expect(kept?.names?.map((name) => name?.value)).toContain("Invented Person Onne");
    expect(kept?.custody?.value).toBe("pre-trial-detention");
  });
  await step("Two people are published as two, with the answer that the draft keeps", async () => {
    await page.goto("about:blank");
    await open(two);
    await page.getByRole("button", { name: "Publish …" }).click();
    await page.locator("#note").fill("First version");
    const put = page.waitForResponse(
      (one) => one.request().method() === "PUT" && one.url().includes("/v1/cases/ua-903-00"),
    );
    await page.getByRole("button", { name: /^Publish UA 903\/00 for the first time/ }).click();
    expect((await put).request().postDataJSON().twoPeople).toEqual([["invented-person-one", "invented-person-onne"]]);
    expect((await put).status()).toBe(201);
    expect((await worker.editor.readDeskCase({ id: "ua-903-00" })).case?.people).toHaveLength(2);
  });
});

test("A draft that can't be shown says so, leaves the desk usable, and can be discarded", async () => {
  await openSignIn();
  const body = { base: null, note: {}, kind: "update", notify: "none", liveAt: null, source: null, resolved: [] };
  const id = crypto.randomUUID();
  const broken = { ...body, case: { ...inventedCase(904), people: 7 } };
  await worker.editor.saveDraft({ id, body: broken as never, basedOn: 0 });
  await page.goto(`${worker.url}/desk#/drafts/${id}`);
  await signIn(page, worker.editorToken);
  await page.getByRole("alert").getByText("Can’t be read").waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole("link", { name: "Cases", exact: true }).click();
  await page.getByText("is live").first().waitFor();
  await page.goBack();
  await page.getByRole("button", { name: `Discard ${id}` }).click();
  // A button that appears under a resting pointer ignores it for a moment.
  await page.mouse.move(0, 0);
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByText("is live").first().waitFor();
  await expect.poll(async () => (await worker.editor.listDrafts()).drafts.map((draft) => draft.id)).not.toContain(id);
  // The desk logs the error once each time the draft is opened.
  expect(complaints.splice(0)).toHaveLength(2);
});

test("A damaged draft is listed by its id beside the others, and can be discarded", async () => {
  await openSignIn();
  const id = crypto.randomUUID();
  let damaged = [{ id, case: "ua-903-00", editor: "tester", at: "2026-11-25T12:00:00.000Z" }];
  await page.route("**/v1/desk/drafts", async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...(await answer.json()), damaged } });
  });
  await page.route(`**/v1/desk/drafts/${id}`, async (route) => {
    expect(route.request().method()).toBe("DELETE");
    damaged = [];
    await route.fulfill({ status: 204 });
  });
  await signIn(page, worker.editorToken);
  const row = page.locator(".damaged li", { hasText: id });
  await row.getByText("Can’t be read").waitFor();
  await page.getByText("Revision 1 is live").first().waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await row.getByRole("button", { name: `Discard ${id}` }).click();
  await row.getByRole("button", { name: "Delete" }).click();
  await row.waitFor({ state: "detached" });
});

test("A desk that nobody touches locks itself, and shows what was written after the next sign-in", async () => {
  const alone = await browser.newPage({ locale: "en-GB" });
  await alone.clock.install();
  await alone.goto(`${worker.url}/desk#/import`);
  await signIn(alone, worker.editorToken);
  await alone.getByRole("button", { name: "Begin with an empty form" }).click();
  await alone.locator('[id="field/title-en"]').waitFor();
  await alone.clock.fastForward("14:10");
  // The warning goes away with any input.
  await alone.getByText("This page locks itself in less than a minute").waitFor();
  await alone.mouse.move(10, 10);
  await alone.getByText("This page locks itself in less than a minute").waitFor({ state: "detached" });
  // With its clock paused, the page does nothing between the last input and the lock.
  await alone.clock.pauseAt(await alone.evaluate(() => Date.now() + 1_000));
  await alone.locator('[id="field/title-en"]').fill("Invented, and not finished");
  // A computer that wakes up is not online yet.
  await alone.route("**/v1/desk/drafts/*", (route) => route.abort());
  await alone.clock.fastForward("15:10");
  await alone.getByText("without activity").waitFor();
  expect(await alone.locator("body").textContent()).not.toContain("not finished");
  await alone.unroute("**/v1/desk/drafts/*");
  await alone.clock.runFor(5_000);
  await alone.getByText("without activity. What you wrote was saved.").waitFor();
  await alone.clock.resume();
  await signIn(alone, worker.editorToken);
  await alone.locator("h1", { hasText: "Invented, and not finished" }).waitFor();
  await alone.close();
});

test("The desk opens in the browser's language and speaks each of the others, also on a phone", async () => {
  const phone = await openDesk(browser, worker, complaints, {
    locale: "ru-RU",
    viewport: { width: 390, height: 844 },
  });
  await phone.getByText(deskTexts.ru["sign-in.hint"]).waitFor();
  await signIn(phone, worker.editorToken);
  for (const tag of localeTags) {
    await phone.locator(".language select").selectOption(tag);
    await phone.getByText(deskTexts[tag]["cases.lead"]).waitFor();
    const { lang, dir, wide } = await phone.evaluate(() => {
      const { lang, dir, scrollWidth } = document.documentElement;
      return { lang, dir, wide: scrollWidth - innerWidth };
    });
    expect([lang, dir, wide]).toEqual([tag, locales[tag].dir, 0]);
  }
  await phone.locator(".language select").selectOption("ar");
  // An empty field has the page's direction, because its placeholder is in the page's language.
  await phone.getByRole("link", { name: deskTexts.ar["nav.import"] }).first().click();
  expect(await phone.locator("#document").evaluate((box) => getComputedStyle(box).direction)).toBe("rtl");
  await phone.getByRole("link", { name: deskTexts.ar["nav.cases"], exact: true }).click();
  await phone.locator(".language select").selectOption("crh");
  await phone.getByText(deskTexts.crh["cases.lead"]).waitFor();
  expect(await axeFindings(phone)).toEqual([]);
  // If texts can't be loaded, the page keeps its language.
  await phone.route("**/desk@*.json", (route) => route.abort());
  await phone.locator(".language select").selectOption("uk");
  await phone.getByRole("alert").getByText(deskTexts.crh["error.unreachable"]).waitFor();
  expect(await phone.locator(".language select").inputValue()).toBe("crh");
  await phone.close();
  complaints.splice(0, complaints.length, ...complaints.filter((text) => !text.includes("net::ERR_FAILED")));
});
