/**
 * Files of each format, dropped on the desk as a person drops them, to a
 * published case.
 */
import { expect, test } from "vitest";
import { axeFindings } from "../../support/axe.ts";
import { openList } from "../../support/desk-page.ts";
import { docxWith, files, mailOf } from "../../support/made-documents.ts";
import { pdfOf } from "../../support/pdf.ts";
import {
  button,
  confirm,
  field,
  note,
  openPage,
  page,
  read,
  record,
  saved,
  useDesk,
} from "./stage.ts";

useDesk();

const appeal = (
  number: number,
) => `First UA: ${number}/18 Index: EUR 46/1098/2018 Kestria Date: 20 September 2018

URGENT ACTION

TAKE ACTION: WRITE AN APPEAL IN YOUR OWN WORDS OR USE THIS MODEL LETTER

Prosecutor General of Kestria
Demo Official Two
Law Street 15a

Dear Prosecutor General,

I ask you to drop all charges against this man.

Yours sincerely,

ADDITIONAL INFORMATION
Demo Person One was arrested in February 2016 and has been in prison since. He is a teacher.

PLEASE TAKE ACTION AS SOON AS POSSIBLE UNTIL: 1 November 2018

NAME AND PREFERRED PRONOUN: Demo Person One (he/him)
`;

/** Drops files on the screen of documents. */
async function drop(
  ...dropped: [name: string, content: Uint8Array][]
): Promise<void> {
  await page.getByRole("link", { name: "From a document" }).first().click();
  const given = dropped.map(([name, content]) => ({
    name,
    base64: Buffer.from(content).toString("base64"),
  }));
  const transfer = await page.evaluateHandle((all) => {
    const data = new DataTransfer();
    for (const { name, base64 } of all)
      data.items.add(
        new File(
          [Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))],
          name,
        ),
      );
    return data;
  }, given);
  await page.locator(".drop").dispatchEvent("drop", { dataTransfer: transfer });
}
const sourceHas = (text: string | RegExp) =>
  page.locator(".source li", { hasText: text }).first().waitFor();

const texts = {
  "/issuer": "Invented Issuer",
  "/rights/holder": "Invented Issuer",
  "/title": "An invented man on trial",
  "/summary": "An invented trial began.",
  "/action/request": "Ask for the invented charges to be dropped.",
};

/**
 * What an editor does with a document's draft: fills the gaps, judges each
 * sentence, confirms what is asked, and publishes.
 */
async function publishDraft(hash: string, number: number): Promise<void> {
  await page.evaluate((to) => (location.hash = to), hash);
  await sourceHas(`UA: ${number}/18`);
  await sourceHas("Demo Official Two");
  for (const [pointer, text] of Object.entries(texts)) {
    const control = field(pointer)
      .getByRole("textbox")
      .or(field(pointer).getByRole("combobox"));
    await control.first().fill(text);
  }
  const open = page.locator(".candidates > li:not(.done)");
  for (let left = await open.count(); left > 0; left--) {
    await open.first().getByRole("button", { name: "Already said" }).click();
    await expect.poll(() => open.count()).toBe(left - 1);
  }
  await button("Publish …").click();
  await note().fill("First version");
  await confirm();
  await button(
    `Publish UA ${number}/18 for the first time, to everyone in 3 s`,
  ).click();
  await button("Undo revision 1").waitFor();
}

test("Files of every format, dropped at once, open beside the form and are published by the desk's own button", async () => {
  const all = Object.entries(files).map(([name, make], at) => ({
    name,
    make,
    number: 701 + at,
  }));
  await drop(
    ...all.map(({ name, make, number }): [string, Uint8Array] => [
      name,
      make(appeal(number)),
    ]),
  );
  const links = page
    .getByRole("list", { name: "Documents" })
    .getByRole("link", { name: "Open the draft" });
  await expect.poll(() => links.count()).toBe(all.length);
  const hashes = await links.evaluateAll((found) =>
    found.map((link: any) => link.hash as string),
  );
  for (const [at, { number }] of all.entries())
    await publishDraft(hashes[at]!, number);
  for (const { name, number } of all) {
    const id = `ua-${number}-18`;
    await expect
      .poll(async () => (await read(`/v1/cases/${id}`)).status)
      .toBe(200);
    const { case: published } = await record(id);
    expect(published, name).toMatchObject({
      title: { en: texts["/title"] },
      people: [{ names: [{ value: "Demo Person One" }], pronouns: "he/him" }],
      documents: [{ reference: "EUR 46/1098/2018" }],
      action: {
        until: "2018-11-01",
        targets: [{ name: "Prosecutor General of Kestria" }],
      },
    });
  }
});

test("A document in no known layout opens with a remark, and its text stays with the draft", async () => {
  await drop([
    "letter.docx",
    docxWith(
      "Вигаданий центр прав людини\n\nДемо Альфу затримали 3 травня 2020 року.",
    ),
  ]);
  await sourceHas("Демо Альфу затримали");
  await page.getByText("What the importer was unsure about").click();
  await page.getByText("Nothing was filled in").first().waitFor();
  await page
    .locator('[id="field/title"] textarea, [id="field/title-en"]')
    .first()
    .fill("A letter about Demo Alfa");
  await saved();
  await page.close();
  await openPage();
  await page.getByRole("link", { name: /A letter about Demo Alfa/ }).click();
  await sourceHas("Демо Альфу затримали");
});

test("A file with several appeals is told and split, beside one that has no text", async () => {
  const appeals = [
    { name: "a.txt", content: Buffer.from(appeal(733)) },
    { name: "b.docx", content: docxWith(appeal(734)) },
  ];
  await drop(
    ["scan.pdf", pdfOf([[]])],
    ["digest.eml", mailOf("Two appeals.", appeals)],
  );
  const list = page.getByRole("list", { name: "Documents" });
  await list.getByText("Several appeals: UA 733/18, UA 734/18").waitFor();
  await list.getByText("no text").waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await button("Make a draft of each").click();
  await expect
    .poll(() => list.getByRole("link", { name: "Open the draft" }).count())
    .toBe(2);
  await list.getByRole("link", { name: "Open the draft" }).last().click();
  await sourceHas("UA: 734/18");
  expect(
    await page.locator(".source li", { hasText: "UA: 733/18" }).count(),
  ).toBe(0);
  await openList(page);
  for (const number of [733, 734])
    await page
      .locator(`a[href^="#/drafts/"]`, { hasText: `${number}/18` })
      .waitFor();
});
