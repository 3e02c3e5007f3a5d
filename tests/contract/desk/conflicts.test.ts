/** Two editors or two devices with one case. */
import { expect, test } from "vitest";
import type { Case } from "../../../shared/case/schema.ts";
import { axeFindings } from "../../support/axe.ts";
import { goTo } from "../../support/desk-page.ts";
import { stated } from "../../support/invented.ts";
import {
  button,
  clientAs,
  confirm,
  dialog,
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

const [shared, onTwoDevices] = [7, 11].map((number) => invented(number)) as [
  Case,
  Case,
];
useDesk(() => sendAll([shared, onTwoDevices]));

test("When two editors change one case, the desk shows both versions and asks which to keep", async () => {
  const { id } = shared;
  await openCase(id);
  await button("Write a revision").click();
  await title().fill("Invented Person One is in prison");
  const { case: fields } = await record(id);
  const people = [
    { ...fields.people[0], custody: stated("released", "2000-02-02") },
  ] as Case["people"];
  const theirs = {
    ...fields,
    title: { ...fields.title, en: "Theirs" },
    summary: { en: "Their summary." },
    people,
  };
  await send(
    "Demo Editor Two",
    id,
    { case: theirs, note: { en: "Faster" } },
    1,
  );
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
  // Each half was confirmed by its editor, and the whole by nobody.
  const pair = dialog().getByRole("group", {
    name: "Do these texts agree with the statuses?",
  });
  await pair.getByText("Invented Person One is in prison").waitFor();
  await pair.getByText("Released · 2 February 2000").waitFor();
  expect(await button(/^Publish revision 3/).isDisabled()).toBe(true);
  await confirm();
  await dialog().getByText("Correction", { exact: true }).click();
  await dialog().getByText("Don’t notify").click();
  await button(/^Publish revision 3 to everyone in 3 s/).click();
  await pending().getByText("The title was wrong").waitFor();
  await isLive(3);
  expect(await record(id)).toMatchObject({
    case: {
      title: { en: "Invented Person One is in prison" },
      summary: { en: "Their summary." },
    },
    revision: { number: 3, kind: "correction" },
  });
});

test("A draft that is written on two devices becomes two, of which the second must be merged before it goes out", async () => {
  const { id } = onTwoDevices;
  const phone = await openOther({ viewport: { width: 390, height: 844 } });
  await openCase(id);
  await button("Write a revision").click();
  await title().fill("From the laptop");
  await saved();
  await signIn(phone);
  await goTo(phone, new URL(page.url()).hash);
  await title(phone).fill("From the phone");
  await saved(phone);
  await page.locator('[id="field/summary"] textarea').fill("From the laptop.");
  await page.getByText("so this is now a draft of its own").waitFor();
  const { drafts } = await clientAs().listDrafts();
  const own = drafts.filter((one) => one.case === id);
  expect(own.map(({ title: one }) => one.en)).toEqual([
    "From the laptop",
    "From the phone",
  ]);
  expect(new URL(page.url()).hash).toBe(`#/drafts/${own[0]?.id}`);
  await phone.getByRole("button", { name: "Publish …" }).click();
  await note(phone).fill("From the phone");
  await confirm(phone);
  await phone.getByRole("button", { name: /^Publish revision 2/ }).click();
  await phone.locator(".pending").waitFor();
  await phone.close();
  await button("Publish …").click();
  await dialog().getByText("Both changed 1 field: choose").waitFor();
  expect((await clientAs().readDeskCase({ id })).revision.number).toBe(2);
});
