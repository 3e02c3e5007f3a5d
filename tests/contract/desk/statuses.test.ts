/** A status changes, and everything that says the old one follows. */
import type { Locator, Page } from "playwright-core";
import { expect, test } from "vitest";
import { axeFindings } from "../../support/axe.ts";
import { inventedCase } from "../../support/invented.ts";
import { step } from "../../support/step.ts";
import {
  button,
  confirm,
  dialog,
  draftOf,
  field,
  openCase,
  page,
  useDesk,
  worker,
} from "./stage.ts";

useDesk();

const question = (name: string, at: Page | Locator = page) =>
  at.getByRole("group", { name });
const beside = (at?: Locator) =>
  question("Do these texts agree with the statuses?", at);

test("A release is stated with its date and source, and every text that says otherwise is checked before it goes out", async () => {
  const id = "ua-31-00";
  const letter = { en: "Dear Minister of Invention" };
  const action = { ...inventedCase(31).action, letter };
  await worker.untilLive(await worker.publish(inventedCase(31, { action })));
  await step(
    "The panel fills in neither the date nor the author, and asks for both",
    async () => {
      await openCase(id);
      await button("Change a status …").click();
      expect(
        await page.getByLabel("Whose").locator("option:checked").textContent(),
      ).toBe("Invented Person One");
      await page.getByRole("radio", { name: "Custody" }).check();
      await page
        .getByText(
          "Until now: Pre-trial detention · 2 January 2000 · Invented Issuer",
        )
        .waitFor();
      await field("/people/0/custody/value")
        .getByRole("combobox")
        .selectOption("Released");
      expect(
        await field("/people/0/custody/statedBy")
          .getByRole("textbox")
          .inputValue(),
      ).toBe("");
      expect(await page.locator(".task .problem").count()).toBe(0);
      await button("Next: what must follow").click();
      await page
        .getByRole("alert")
        .getByText("3 fields to fill or fix")
        .waitFor();
      // What is only half stated can't be forgotten.
      await button("Publish …").click();
      await dialog().getByText("A change of status is not finished").waitFor();
      await page.keyboard.press("Escape");
      await button("Invented Issuer").click();
      await field("/people/0/custody/source")
        .getByRole("combobox")
        .selectOption({ index: 1 });
      const since = field("/people/0/custody/asOf").getByRole("textbox");
      await since.fill("1 January 2000");
      await since.blur();
      expect(await axeFindings(page)).toEqual([]);
      await button("Next: what must follow").click();
    },
  );
  await step(
    "A date that is older than that of the old status is asked about, by the person's name",
    async () => {
      const early = question(
        "The new status is dated no later than the one it replaces",
      );
      await early
        .getByRole("button", { name: "Invented Person One › Custody" })
        .waitFor();
      await early
        .getByText("Released · 1 January 2000 · Invented Issuer")
        .waitFor();
      await button("Change another status").click();
      await page.getByRole("radio", { name: "Custody" }).check();
      await field("/people/0/custody/value")
        .getByRole("combobox")
        .selectOption("Released");
      await button("Invented Issuer").click();
      await field("/people/0/custody/source")
        .getByRole("combobox")
        .selectOption({ index: 1 });
      await field("/people/0/custody/asOf")
        .getByRole("textbox")
        .fill("2000-03-01");
      await button("Next: what must follow").click();
      await early.waitFor({ state: "detached" });
    },
  );
  await step(
    "The summary beside the changed status is open, as is every other text about now",
    async () => {
      await beside().getByText("Released · 1 March 2000").waitFor();
      await beside()
        .getByText("Invented Person One was held in Demoland")
        .waitFor();
      for (const name of [
        "Title, in your own words",
        "Summary, in your own words",
        "What to ask for",
        "Model letter",
      ])
        await beside().getByRole("button", { name }).waitFor();
      await button("Publish …").click();
      await page.locator("#note").fill("Invented Person One is free");
      await dialog().getByText("Invented Person One is free").last().waitFor();
      expect(await button(/^Publish revision 2/).isDisabled()).toBe(true);
      expect(await axeFindings(page)).toEqual([]);
      await dialog().getByRole("button", { name: "Check" }).click();
      expect(
        await page.evaluate(() => document.activeElement?.getAttribute("type")),
      ).toBe("checkbox");
    },
  );
  await step(
    "An answer counts for what its editor saw: a word that changes opens it again",
    async () => {
      await confirm();
      expect(await beside(dialog()).getByRole("checkbox").isChecked()).toBe(
        true,
      );
      // From a text to its field.
      await beside(dialog())
        .getByRole("button", { name: "Summary, in your own words" })
        .click();
      await dialog().waitFor({ state: "detached" });
      const summary = field("/summary").getByRole("textbox");
      await expect
        .poll(() => summary.evaluate((box) => box === document.activeElement))
        .toBe(true);
      await summary.fill("Invented Person One was released.");
      await page.getByText("1 question is open").waitFor();
      await button("Check").click();
      expect(await beside().getByRole("checkbox").isChecked()).toBe(false);
      // The text that changed comes first, and the others say that they are
      // confirmed.
      const texts = beside()
        .getByRole("listitem")
        .filter({ has: page.getByRole("button") });
      expect(await texts.filter({ hasText: "confirmed" }).count()).toBe(3);
      await texts
        .first()
        .getByRole("insertion")
        .getByText("released")
        .waitFor();
      await beside()
        .getByRole("checkbox", { name: "I have read them; they agree" })
        .check();
      await page.getByText("Everything is confirmed").waitFor();
    },
  );
  await step(
    "An event that follows from the status is offered, and asked about once it is there",
    async () => {
      // The button must not move away under the pointer when the field is left.
      await button("Add an event: Release, 1 March 2000").click();
      const text = field("/events/1/text").getByRole("textbox");
      expect(await text.inputValue()).toBe("Invented Person One: released");
      await question("Do these translations say what the original says?")
        .getByRole("checkbox")
        .check();
      await question("Is each of these right, and as its source states it?")
        .getByRole("checkbox")
        .check();
      await page.getByText("Everything is confirmed").waitFor();
      await button("Back to the form").last().click();
      await field("/title")
        .getByRole("textbox")
        .fill("Invented person released");
    },
  );
  await step(
    "An outdated translation is rewritten beside its source before it can go out",
    async () => {
      await button("Publish …").click();
      const outdated = question(
        "1 text in 1 language will be marked as outdated",
      );
      await outdated.getByText("Вигадана справа 31").waitFor();
      await outdated
        .getByRole("button", { name: "Translate side by side" })
        .click();
      const row = field("/title");
      await row.getByRole("insertion").getByText("person released").waitFor();
      await row.getByRole("textbox").fill("Вигадану людину звільнено");
      await page.getByText("No outdated translation is left").waitFor();
      await button("Back to the form").click();
    },
  );
  await step(
    "The revision goes out with the status, its date, and the event",
    async () => {
      await button("Publish …").click();
      await dialog().getByText("Don’t notify").click();
      await confirm();
      await button(/^Publish revision 2/).click();
      await page
        .getByText("Revision 2 has been live everywhere since")
        .waitFor();
      const { case: fields } = await worker.editor.readDeskCase({ id });
      expect(fields?.people[0]?.custody).toEqual({
        value: "released",
        asOf: { date: "2000-03-01" },
        statedBy: "Invented Issuer",
        source: "first",
      });
      expect(fields?.events[1]).toMatchObject({
        kind: "release",
        date: { date: "2000-03-01" },
        source: "first",
      });
    },
  );
});

test("A status that is changed in the form loses the old date and author, and the old sentence can be kept", async () => {
  const id = "ua-32-00";
  const [person] = inventedCase(32).people;
  const said = {
    asOf: { date: "2000-01-02" },
    statedBy: "Invented Issuer",
    source: "first",
  };
  const people = [
    { ...person, sentence: { value: { duration: "P4Y" }, ...said } },
  ];
  await worker.untilLive(await worker.publish(inventedCase(32, { people })));
  await openCase(id);
  await button("Write a revision").click();
  await field("/people/0/custody/value")
    .getByRole("combobox")
    .selectOption("Imprisoned");
  await expect
    .poll(async () => (await draftOf(id))?.case.people?.[0]?.custody)
    .toEqual({ value: "imprisoned" });
  await button("Change a status …").click();
  await page.getByRole("radio", { name: "Sentence" }).check();
  await page.getByRole("spinbutton", { name: "years" }).fill("2");
  await field("/people/0/sentence/asOf")
    .getByRole("textbox")
    .fill("2000-06-01");
  await button("Invented Issuer").click();
  await field("/people/0/sentence/source")
    .getByRole("combobox")
    .selectOption({ index: 1 });
  await button("Next: what must follow").click();
  await button("Keep as an earlier sentence: 4 years").click();
  await expect
    .poll(async () => (await draftOf(id))?.case.people?.[0]?.sentence?.value)
    .toEqual({
      duration: "P2Y",
      earlier: [{ duration: "P4Y", source: "first" }],
    });
});

test("In a new case, the authors are asked for at the top, and nothing quotes anyone before they are given", async () => {
  await page.getByRole("link", { name: "From a document" }).first().click();
  await button("Begin with an empty form").click();
  await field("/issuer").getByRole("textbox").fill("Invented Issuer");
  await field("/rights/holder").getByRole("textbox").fill("Invented Holder");
  await field("/number/number").getByRole("spinbutton").fill("33");
  await field("/number/year").getByRole("spinbutton").fill("2000");
  // The texts and the preview follow the case's language.
  await page.locator("#section-record > summary").click();
  await field("/language").getByRole("combobox").selectOption("uk");
  await page.locator('[id="field/title-uk"]').waitFor();
  expect(await page.getByLabel("Readers’ language").inputValue()).toBe("uk");
  // A required field is marked only after the first try, and nothing is red
  // before.
  const red = ".verdict .missing, .field.missing, .tried .mark";
  expect(await page.locator(red).count()).toBe(0);
  await button("Publish …").click();
  await page.keyboard.press("Escape");
  expect(await page.locator(".field.missing").count()).toBeGreaterThan(3);
  expect(await page.locator(".verdict .missing").count()).toBe(1);
});

test("A new issuer is asked about at every statement that names the old one", async () => {
  await worker.untilLive(await worker.publish(inventedCase(34)));
  await openCase("ua-34-00");
  await button("Write a revision").click();
  await page.locator("#section-record > summary").click();
  await field("/issuer").getByRole("textbox").fill("Another Issuer");
  await page.getByText("1 statement still names Invented Issuer").waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await button("Change all to Another Issuer").click();
  await expect
    .poll(
      async () =>
        (await draftOf("ua-34-00"))?.case.people?.[0]?.custody?.statedBy,
    )
    .toBe("Another Issuer");
  await field("/issuer").getByRole("textbox").fill("Invented Issuer");
});
