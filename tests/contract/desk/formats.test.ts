/** Files of each format, dropped on the desk as a person drops them. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { axeFindings } from "../../axe.ts";
import { openList } from "../../desk-page.ts";
import { docxWith, files, mailOf } from "../../made-documents.ts";
import { pdfOf } from "../../pdf.ts";
import { root } from "../../root.ts";
import { button, draftOf, openPage, page, saved, useDesk } from "./stage.ts";

useDesk();

const first = await readFile(join(root, "tests/documents/invented/2019-first.txt"), "utf8");
const appeal = (number: number) => first.replace("UA: 126/18", `UA: ${number}/18`);

/** Drops files on the screen of documents. */
async function drop(...dropped: [name: string, content: Uint8Array][]): Promise<void> {
  await page.getByRole("link", { name: "From a document" }).first().click();
  const given = dropped.map(([name, content]) => ({ name, base64: Buffer.from(content).toString("base64") }));
  const transfer = await page.evaluateHandle((all) => {
    const data = new DataTransfer();
    for (const { name, base64 } of all)
      data.items.add(new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], name));
    return data;
  }, given);
  await page.locator(".drop").dispatchEvent("drop", { dataTransfer: transfer });
}
const sourceHas = (text: string | RegExp) => page.locator(".source li", { hasText: text }).first().waitFor();

test("Files of every format, dropped at once, each open beside a form that they fill", async () => {
  const all = Object.entries(files).map(([name, make], at) => ({ name, make, number: 701 + at }));
  await drop(...all.map(({ name, make, number }): [string, Uint8Array] => [name, make(appeal(number))]));
  const links = page.getByRole("list", { name: "Documents" }).getByRole("link", { name: "Open the draft" });
  await expect.poll(() => links.count()).toBe(all.length);
  const hashes = await links.evaluateAll((found) => found.map((link: any) => link.hash as string));
  for (const [at, { number }] of all.entries()) {
    await page.evaluate((hash) => (location.hash = hash), hashes[at]!);
    await sourceHas(`UA: ${number}/18`);
    await sourceHas("Demo Official Two");
    const fields = () => draftOf(`ua-${number}-18`).then((draft) => draft?.case);
    await expect.poll(async () => (await fields())?.documents?.[0]?.reference).toBe("EUR 46/1098/2018");
    expect((await fields())?.people?.map((one) => one?.names?.[0]?.value)).toContain("Demo Person One");
  }
});

test("A document in no known layout opens with a remark, and its text stays with the draft", async () => {
  await drop(["letter.docx", docxWith("Вигаданий центр прав людини\n\nДемо Альфу затримали 3 травня 2020 року.")]);
  await sourceHas("Демо Альфу затримали");
  await page.getByText("What the importer was unsure about").click();
  await page.getByText("Nothing was filled in").first().waitFor();
  await page.locator('[id="field/title"] textarea, [id="field/title-en"]').first().fill("A letter about Demo Alfa");
  await saved();
  await page.close();
  await openPage();
  await page.getByRole("link", { name: /A letter about Demo Alfa/ }).click();
  await sourceHas("Демо Альфу затримали");
});

test("Several files become several drafts, and a file with several appeals is told and split", async () => {
  await drop(
    ["one.pdf", files["appeal.pdf"]!(appeal(731))],
    ["two.odt", files["appeal.odt"]!(appeal(732))],
    ["scan.pdf", pdfOf([[]])],
    [
      "digest.eml",
      mailOf("Two appeals.", [
        { name: "a.txt", content: Buffer.from(appeal(733)) },
        { name: "b.docx", content: docxWith(appeal(734)) },
      ]),
    ],
  );
  const list = page.getByRole("list", { name: "Documents" });
  await list.getByText("Several appeals: UA 733/18, UA 734/18").waitFor();
  await list.getByText("no text").waitFor();
  expect(await list.getByRole("link", { name: "Open the draft" }).count()).toBe(2);
  expect(await axeFindings(page)).toEqual([]);
  await button("Make a draft of each").click();
  await expect.poll(() => list.getByRole("link", { name: "Open the draft" }).count()).toBe(4);
  await list.getByRole("link", { name: "Open the draft" }).last().click();
  await sourceHas("UA: 734/18");
  expect(await page.locator(".source li", { hasText: "UA: 733/18" }).count()).toBe(0);
  await openList(page);
  for (const number of [731, 732, 733, 734])
    await page.locator(`a[href^="#/drafts/"]`, { hasText: `${number}/18` }).waitFor();
});
