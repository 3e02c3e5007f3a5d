/** Redactions and withdrawals. */
import { expect, test } from "vitest";
import { addresses } from "../../../shared/addresses.ts";
import { axeFindings } from "../../axe.ts";
import { goTo } from "../../desk-page.ts";
import { inventedCase } from "../../invented.ts";
import { step } from "../../step.ts";
import {
  button,
  clientAs,
  dialog,
  invented,
  isLive,
  note,
  openCase,
  page,
  pending,
  read,
  record,
  saved,
  send,
  sendAll,
  title,
  useDesk,
  worker,
} from "./stage.ts";

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
const [withdrawn, other, mistaken] = [invented(13), invented(18), invented(17)];

useDesk(async () => {
  await sendAll([told, withdrawn, other, mistaken]);
  const more = { case: { ...told, asOf: { date: "2000-03-04" } }, kind: "correction" as const };
  await worker.untilLive(await send("Demo Editor Two", told.id, more, 1));
});

test("A redaction finds a name in every field, erases it at its moment, and refuses to leave one", async () => {
  const { id } = told;
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

test("A case that was published by mistake is withdrawn with a warning, and written again under its number", async () => {
  const { id } = mistaken;
  const editor = clientAs("Demo Editor One");
  await worker.untilLive((await editor.withdraw({ id, reason: "mistake", basedOn: 1 })) as any);
  await goTo(page, `#/cases/${id}`);
  await button("Write it again under this number").click();
  await title().fill("Written again");
  await saved();
  await openCase(other.id);
  await button("Withdraw the case …").click();
  await dialog()
    .getByText(/You withdrew \d other cases? within the last hour: .*UA 17\/00/)
    .waitFor();
  await button("Not yet").click();
});

test("A withdrawal asks twice, says what is erased and what stays, and does exactly that", async () => {
  const { id } = withdrawn;
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
  await dialog().locator(".trace .telegram").getByText("We no longer show this case").first().waitFor();
  const erase = button("Withdraw UA 13/00 from everywhere and erase it in 3 s");
  await page.getByLabel("Type ua-13-00 to confirm").fill("ua-13-0");
  expect(await erase.isDisabled()).toBe(true);
  expect(await axeFindings(page)).toEqual([]);
  await page.getByLabel("Type ua-13-00 to confirm").fill(id);
  const committed = page.waitForResponse((answer) => answer.request().method() === "DELETE");
  await erase.click();
  const { liveAt } = await (await committed).json();
  const lead = page.locator(".case-screen .lead", { hasText: /being withdrawn|was withdrawn/ });
  await lead.waitFor();
  // On a busy machine, the three seconds may be over before the desk or this test has asked.
  const isWatched = (await lead.textContent())?.includes("being withdrawn");
  const { status } = await read(addresses.case(id));
  const isEarly = Date.now() < Date.parse(liveAt);
  if (isEarly) expect(status).toBe(200);
  if (isWatched) await page.getByText(/The case was withdrawn everywhere at/).waitFor();
  else expect(isEarly).toBe(false);
  expect((await read(addresses.case(id))).status).toBe(410);
  await page.getByRole("link", { name: "Cases", exact: true }).click();
  await page.getByRole("listitem").filter({ hasText: "UA 13/00" }).getByText("Withdrawn", { exact: true }).waitFor();
  expect(await page.locator("main").textContent()).not.toMatch(/A draft that goes|Invented case 13/);
});
