/** Two editors, two devices or two tabs with one case. */
import { expect, test } from "vitest";
import type { Case } from "../../../shared/case/schema.ts";
import { axeFindings } from "../../axe.ts";
import { goTo } from "../../desk-page.ts";
import {
  button,
  clientAs,
  confirm,
  dialog,
  draftOf,
  invented,
  isLive,
  note,
  openCase,
  openOther,
  page,
  pending,
  record,
  saved,
  send,
  sendAll,
  signIn,
  title,
  useDesk,
} from "./stage.ts";

const [shared, onTwoDevices, inTwoTabs] = [7, 11, 16].map((number) => invented(number)) as [Case, Case, Case];
useDesk(() => sendAll([shared, onTwoDevices, inTwoTabs]));

test("When two editors change one case, the desk shows both versions and asks which to keep", async () => {
  const { id } = shared;
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
  await confirm();
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

test("A draft that is open on two devices brings the words of both together", async () => {
  const phone = await openOther({ viewport: { width: 390, height: 844 } });
  await openCase(onTwoDevices.id);
  await button("Write a revision").click();
  await title().fill("From the laptop");
  await saved();
  await signIn(phone);
  await goTo(phone, new URL(page.url()).hash);
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
  await expect.poll(async () => (await draftOf(onTwoDevices.id))?.case.title?.en).toBe("Phone again");
  await phone.close();
  // A change that this editor hasn't seen can't be published from here.
  await button("Publish …").click();
  const { promise: pressed, resolve: onPressed } = Promise.withResolvers<void>();
  await page.route("**/v1/desk/drafts/*", (route) => pressed.then(() => route.continue()));
  await note().fill("From both");
  await confirm();
  await button(/^Publish revision 2 to everyone/).click();
  onPressed();
  await expect.poll(() => title().inputValue()).toBe("Phone again");
  await dialog().waitFor({ state: "detached" });
  await page.unroute("**/v1/desk/drafts/*");
  expect(await pending().count()).toBe(0);
  await saved();
});

test("A second tab whose draft was published elsewhere says that it published nothing", async () => {
  const { id } = inTwoTabs;
  await openCase(id);
  await button("Write a revision").click();
  await title().fill("In two tabs");
  await saved();
  const hash = await page.evaluate(() => location.hash);
  const other = await openOther();
  await signIn(other);
  await goTo(other, hash);
  await expect.poll(() => title(other).inputValue()).toBe("In two tabs");
  await other.getByRole("button", { name: "Publish …" }).click();
  await note(other).fill("A note");
  await confirm(other);
  await saved(other);
  await button("Publish …").click();
  await dialog().waitFor();
  // This tab saves nothing before the other has published.
  const { promise: published, resolve: onPublished } = Promise.withResolvers<void>();
  await page.route("**/v1/desk/drafts/*", (route) => published.then(() => route.continue()));
  await note().fill("A note");
  await confirm();
  await other.getByRole("button", { name: /^Publish revision 2/ }).click();
  await other.locator(".pending").waitFor();
  onPublished();
  await button(/^Publish revision 2/).click();
  await page.getByText(/Nothing was published/).waitFor();
  expect((await clientAs("Demo Editor One").readDeskCase({ id })).revision.number).toBe(2);
  await page.unroute("**/v1/desk/drafts/*");
  await other.close();
});
