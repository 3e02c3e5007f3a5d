/**
 * Drafts: translations, people who may be one, drafts that can't be read, the
 * lock of the desk, and its languages.
 */
import { expect, test } from "vitest";
import { sourceDigest } from "../../../shared/case/text.ts";
import { locales, localeTags } from "../../../shared/locale.ts";
import { deskTexts } from "../../../worker/desk/locales/desk-words.ts";
import { axeFindings } from "../../support/axe.ts";
import { goTo, openList } from "../../support/desk-page.ts";
import {
  draftOf as bodyOf,
  inventedCase,
  inventedPerson,
  stated,
} from "../../support/invented.ts";
import { step } from "../../support/step.ts";
import {
  browser,
  button,
  clientAs,
  complaints,
  draftOf,
  field,
  openCase,
  openOther,
  openSignIn,
  page,
  sendAll,
  signIn,
  useDesk,
  worker,
} from "./stage.ts";

useDesk(() => sendAll([inventedCase(21)]));

test("A changed source leaves its translation outdated until an editor confirms or changes it", async () => {
  await openCase("ua-21-00");
  await button("Write a revision").click();
  const title = field("/title");
  const written = title.getByRole("textbox");
  const inLanguage = (name: RegExp) =>
    title.getByRole("button", { name }).click();
  const reviewed = field("/title")
    .locator("xpath=..")
    .getByLabel("reviewed by a speaker");
  const saved = async () => (await draftOf("ua-21-00"))?.case;
  const uk = (source: string, reviewed = false) => ({
    text: "Вигадана справа 21",
    of: sourceDigest(source),
    reviewed,
  });
  const [old, changed] = ["Invented case 21", "Invented case twenty-one"];

  await reviewed.check();
  await expect
    .poll(async () => (await saved())?.title)
    .toEqual({ en: old, uk: uk(old, true) });
  await written.fill(changed);
  await expect
    .poll(async () => (await saved())?.title)
    .toEqual({ en: changed, uk: uk(old, true) });
  await inLanguage(/^Ukrainian outdated/);
  expect(await axeFindings(page)).toEqual([]);
  await title.getByRole("button", { name: "Still right" }).click();
  await expect
    .poll(async () => (await saved())?.title)
    .toEqual({ en: changed, uk: uk(changed) });
  expect(await title.getByText("outdated").count()).toBe(0);
  expect(await reviewed.isChecked()).toBe(false);
});

test("Two people with almost one name are asked about, and each answer is kept", async () => {
  const fields = inventedCase(903);
  const [known] = fields.people;
  const second = inventedPerson("Invented Person Onne", {
    custody: stated("released", "2000-03-01"),
  });
  const id = crypto.randomUUID();
  await clientAs().saveDraft({
    id,
    body: bodyOf({ ...fields, people: [known, second] }) as never,
    basedOn: 0,
  });
  const saved = async () => (await clientAs().readDraft({ id })).draft;
  const question = () =>
    page.getByRole("group", { name: "Is this one person, or two?" });
  const open = async () => {
    await goTo(page, `#/drafts/${id}`);
    await page
      .locator(".checklist")
      .getByRole("button", { name: "Check" })
      .click();
  };

  await step("Two people: the draft keeps the answer", async () => {
    await open();
    for (const name of ["Invented Person One", "Invented Person Onne"])
      await question()
        .getByRole("button", { name, exact: false })
        .first()
        .waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await question().getByRole("checkbox", { name: "Two people" }).check();
    await expect
      .poll(async () => (await saved()).answers)
      .toMatchObject([{ answer: "two-people" }]);
    await openList(page);
    await open();
    await expect
      .poll(() => question().getByRole("checkbox").isChecked())
      .toBe(true);
  });
  await step(
    "One person: what would go is shown first, and the names become spellings of one",
    async () => {
      await question().getByText("Custody: Released").waitFor();
      await question().getByRole("button", { name: "One person" }).click();
      await question().waitFor({ state: "detached" });
      await expect
        .poll(async () => (await saved()).case.people)
        .toHaveLength(1);
      const [kept] = (await saved()).case.people ?? [];
      expect(kept?.names?.map((name) => name?.value)).toContain(
        "Invented Person Onne",
      );
      expect(kept?.custody?.value).toBe("pre-trial-detention");
    },
  );
});

test("A draft that can't be shown says so, leaves the desk usable, and can be discarded", async () => {
  const id = crypto.randomUUID();
  await clientAs().saveDraft({
    id,
    body: bodyOf({ ...inventedCase(904), people: 7 }) as never,
    basedOn: 0,
  });
  await goTo(page, `#/drafts/${id}`);
  await page.getByRole("alert").getByText("Can’t be read").waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole("link", { name: "Cases", exact: true }).click();
  await page.getByText("is live").first().waitFor();
  const row = page
    .getByRole("listitem")
    .filter({ has: page.locator(`a[href="#/drafts/${id}"]`) });
  await row.getByRole("button").click();
  await row.getByRole("button", { name: "Delete" }).click();
  await expect
    .poll(async () =>
      (await clientAs().listDrafts()).drafts.map((draft) => draft.id),
    )
    .not.toContain(id);
  expect(complaints.splice(0)).toHaveLength(1);
});

test("A damaged draft is listed by its id beside the others, and can be discarded", async () => {
  await openSignIn();
  const id = crypto.randomUUID();
  let damaged = [
    { id, case: "ua-903-00", editor: "tester", at: "2026-11-25T12:00:00.000Z" },
  ];
  await page.route("**/v1/desk/drafts", async (route) => {
    const answer = await route.fetch();
    await route.fulfill({
      response: answer,
      json: { ...(await answer.json()), damaged },
    });
  });
  await page.route(`**/v1/desk/drafts/${id}`, async (route) => {
    expect(route.request().method()).toBe("DELETE");
    damaged = [];
    await route.fulfill({ status: 204 });
  });
  await signIn();
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
  await signIn(alone);
  await alone.getByRole("button", { name: "Begin with an empty form" }).click();
  await alone.locator('[id="field/title-en"]').waitFor();
  await alone.clock.fastForward("14:10");
  // The warning goes away with any input.
  await alone
    .getByText("This page locks itself in less than a minute")
    .waitFor();
  await alone.mouse.move(10, 10);
  await alone
    .getByText("This page locks itself in less than a minute")
    .waitFor({ state: "detached" });
  // With its clock paused, the page does nothing between the last input and the
  // lock.
  await alone.clock.pauseAt(await alone.evaluate(() => Date.now() + 1_000));
  await alone
    .locator('[id="field/title-en"]')
    .fill("Invented, and not finished");
  // A computer that wakes up is not online yet.
  await alone.route("**/v1/desk/drafts/*", (route) => route.abort());
  await alone.clock.fastForward("15:10");
  await alone.getByText("without activity").waitFor();
  expect(await alone.locator("body").textContent()).not.toContain(
    "not finished",
  );
  await alone.unroute("**/v1/desk/drafts/*");
  await alone.clock.runFor(5_000);
  await alone
    .getByText("without activity. What you wrote was saved.")
    .waitFor();
  await alone.clock.resume();
  await signIn(alone);
  await alone
    .locator("h1", { hasText: "Invented, and not finished" })
    .waitFor();
  await alone.close();
});

test("The desk opens in the browser's language and speaks each of the others, also on a phone", async () => {
  const phone = await openOther({
    locale: "ru-RU",
    viewport: { width: 390, height: 844 },
  });
  await phone.getByText(deskTexts.ru["sign-in.hint"]).waitFor();
  await signIn(phone);
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
  // An empty field has the page's direction, because its placeholder is in the
  // page's language.
  await phone
    .getByRole("link", { name: deskTexts.ar["nav.import"] })
    .first()
    .click();
  expect(
    await phone
      .locator("#document")
      .evaluate((box) => getComputedStyle(box).direction),
  ).toBe("rtl");
  await phone
    .getByRole("link", { name: deskTexts.ar["nav.cases"], exact: true })
    .click();
  expect(await axeFindings(phone)).toEqual([]);
  // If texts can't be loaded, the page keeps its language.
  await phone.route("**/desk@*.json", (route) => route.abort());
  await phone.locator(".language select").selectOption("uk");
  await phone
    .getByRole("alert")
    .getByText(deskTexts.ar["error.unreachable"])
    .waitFor();
  expect(await phone.locator(".language select").inputValue()).toBe("ar");
  await phone.close();
  complaints.splice(
    0,
    complaints.length,
    ...complaints.filter((text) => !text.includes("net::ERR_FAILED")),
  );
});
