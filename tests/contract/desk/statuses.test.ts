/** A status changes, and everything that says the old one follows. */
import { expect, test } from "vitest";
import { axeFindings } from "../../axe.ts";
import { inventedCase } from "../../invented.ts";
import { step } from "../../step.ts";
import { button, dialog, draftOf, field, openCase, page, useDesk, worker } from "./stage.ts";

useDesk();

const group = (name: string) => page.getByRole("group", { name, exact: true });

test("A release is stated with its date and source, and every text that says otherwise is checked before it goes out", async () => {
  const id = "ua-31-00";
  const letter = { en: "Dear Minister of Invention" };
  const action = { ...inventedCase(31).action, letter };
  await worker.untilLive(await worker.publish(inventedCase(31, { action })));
  await step("The panel fills in neither the date nor the author, and asks for both", async () => {
    await openCase(id);
    await button("Change a status …").click();
    expect(await page.getByLabel("Whose").locator("option:checked").textContent()).toBe("Invented Person One");
    await page.getByRole("radio", { name: "Custody" }).check();
    await page.getByText("Until now: Pre-trial detention · 2 January 2000 · Invented Issuer").waitFor();
    await field("/people/0/custody/value").getByRole("combobox").selectOption("Released");
    expect(await field("/people/0/custody/statedBy").getByRole("textbox").inputValue()).toBe("");
    expect(await page.locator(".task .problem").count()).toBe(0);
    await button("Next: what must follow").click();
    await page.getByRole("alert").getByText("3 fields to fill or fix").waitFor();
    // What is only half stated can't be forgotten.
    await button("Publish …").click();
    await dialog().getByText("A change of status is not finished").waitFor();
    await page.keyboard.press("Escape");
    await button("Invented Issuer").click();
    await field("/people/0/custody/source").getByRole("combobox").selectOption({ index: 1 });
    const since = field("/people/0/custody/asOf").getByRole("textbox");
    await since.fill("1 January 2000");
    await since.blur();
    expect(await axeFindings(page)).toEqual([]);
    await button("Next: what must follow").click();
  });
  await step("A date that is older than that of the old status is asked about, by the person's name", async () => {
    const question = page.locator(".task .warning", { hasText: "Invented Person One: Released · 1 January 2000" });
    await question.getByText("Is the new date right?").waitFor();
    await button("Change another status").click();
    await page.getByRole("radio", { name: "Custody" }).check();
    await field("/people/0/custody/value").getByRole("combobox").selectOption("Released");
    await button("Invented Issuer").click();
    await field("/people/0/custody/source").getByRole("combobox").selectOption({ index: 1 });
    await field("/people/0/custody/asOf").getByRole("textbox").fill("2000-03-01");
    await button("Next: what must follow").click();
    await page.getByText("8 parts of the case to check").waitFor();
    expect(await question.count()).toBe(0);
  });
  await step("Nothing can be published before each part is changed or said to be still right", async () => {
    await button("Publish …").click();
    await page.locator("#note").fill("Invented Person One is free");
    await dialog().getByText("8 parts of the case to check").waitFor();
    expect(await button(/^Publish revision 2/).isDisabled()).toBe(true);
    await dialog().getByRole("button", { name: "Check" }).click();
    await field("/title").getByRole("textbox").fill("Invented person released");
    await group("Title, in your own words").getByText("Changed").waitFor();
    await field("/summary").getByRole("textbox").fill("Invented Person One was released.");
    for (const name of ["State of the action", "What to ask for", "Model letter", "Deadline"])
      await group(name).getByRole("checkbox", { name: "Still right" }).check();
    // The button must not move away under the pointer when the field is left.
    await field("/asOf").getByRole("textbox").fill("1 March 2000");
    await button("Add an event: Release, 1 March 2000").click();
    await field("/events/1/text").getByRole("textbox").fill("Invented Person One was released.");
    await page.getByText("Everything is checked").waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });
  await step("An outdated translation is rewritten beside its source before it can go out", async () => {
    await button("Publish …").click();
    await dialog().getByText("1 translation is outdated").waitFor();
    await page.keyboard.press("Escape");
    await page.locator(".task .warning", { hasText: "1 translation is outdated" }).getByRole("button").click();
    const row = page.getByRole("region", { name: "Title, in your own words" });
    await row.getByText("Invented person released").waitFor();
    await row.getByRole("textbox").fill("Вигадану людину звільнено");
    await page.getByText("No outdated translation is left").waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await button("Back to the form").click();
  });
  await step("The revision goes out with the status, its date, and the event", async () => {
    await button("Publish …").click();
    await dialog().getByText("Don’t notify").click();
    await button(/^Publish revision 2/).click();
    await page.getByText("Revision 2 has been live everywhere since").waitFor();
    const { case: fields } = await worker.editor.readDeskCase({ id });
    expect(fields?.people[0]?.custody).toEqual({
      value: "released",
      asOf: { date: "2000-03-01" },
      statedBy: "Invented Issuer",
      source: "first",
    });
    expect(fields?.events[1]).toMatchObject({ kind: "release", date: { date: "2000-03-01" }, source: "first" });
  });
});

test("A status that is changed in the form loses the old date and author, and the old sentence can be kept", async () => {
  const id = "ua-32-00";
  const [person] = inventedCase(32).people;
  const said = { asOf: { date: "2000-01-02" }, statedBy: "Invented Issuer", source: "first" };
  const people = [{ ...person, sentence: { value: { duration: "P4Y" }, ...said } }];
  await worker.untilLive(await worker.publish(inventedCase(32, { people })));
  await openCase(id);
  await button("Write a revision").click();
  await field("/people/0/custody/value").getByRole("combobox").selectOption("Imprisoned");
  await expect.poll(async () => (await draftOf(id))?.case.people?.[0]?.custody).toEqual({ value: "imprisoned" });
  await button("Change a status …").click();
  await page.getByRole("radio", { name: "Sentence" }).check();
  await page.getByRole("spinbutton", { name: "years" }).fill("2");
  await field("/people/0/sentence/asOf").getByRole("textbox").fill("2000-06-01");
  await button("Invented Issuer").click();
  await field("/people/0/sentence/source").getByRole("combobox").selectOption({ index: 1 });
  await page.getByRole("checkbox", { name: "Keep the old one as an earlier sentence: 4 years" }).waitFor();
  await button("Next: what must follow").click();
  await group("Earlier sentences").getByText("Changed").waitFor();
  await expect
    .poll(async () => (await draftOf(id))?.case.people?.[0]?.sentence?.value)
    .toEqual({ duration: "P2Y", earlier: [{ duration: "P4Y", source: "first" }] });
});

test("In a new case, the authors are asked for at the top, and nothing quotes anyone before they are given", async () => {
  await page.getByRole("link", { name: "From a document" }).first().click();
  await button("Begin with an empty form").click();
  await field("/issuer").getByRole("textbox").fill("Invented Issuer");
  await field("/rights/holder").getByRole("button", { name: "Invented Issuer" }).click();
  await field("/number/number").getByRole("spinbutton").fill("33");
  await field("/number/year").getByRole("spinbutton").fill("2000");
  // A required field is marked only after the first try.
  expect(await page.locator(".field.missing").count()).toBe(0);
  await button("Add a person").click();
  await field("/people/0/custody/value").getByRole("combobox").selectOption("Detained");
  await expect
    .poll(async () => (await draftOf("ua-33-00"))?.case.people?.[0]?.custody)
    .toEqual({ value: "detained", source: "document" });
  await page.getByLabel("Who states the facts").fill("Invented Source");
  await page.getByLabel("Who states the facts").blur();
  await expect
    .poll(async () => (await draftOf("ua-33-00"))?.case.people?.[0]?.custody)
    .toEqual({ value: "detained", source: "document", statedBy: "Invented Source" });
  await button("Publish …").click();
  await page.keyboard.press("Escape");
  expect(await page.locator(".field.missing").count()).toBeGreaterThan(3);
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
    .poll(async () => (await draftOf("ua-34-00"))?.case.people?.[0]?.custody?.statedBy)
    .toBe("Another Issuer");
  await field("/issuer").getByRole("textbox").fill("Invented Issuer");
});
