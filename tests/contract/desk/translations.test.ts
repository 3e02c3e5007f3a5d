/** Translations: what is outdated stops a publish, and a translator's file goes out and comes back. */
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { axeFindings } from "../../axe.ts";
import { inventedCase } from "../../invented.ts";
import { button, dialog, draftOf, field, openCase, page, useDesk, worker } from "./stage.ts";

useDesk();

async function openDraft(id: string): Promise<void> {
  await openCase(id);
  await button("Write a revision").click();
}

test("An outdated translation can't be published before the editor knowingly leaves it marked", async () => {
  await worker.untilLive(await worker.publish(inventedCase(41)));
  await openDraft("ua-41-00");
  await field("/title").getByRole("textbox").fill("A new title");
  await button("Publish …").click();
  await page.locator("#note").fill("A new title");
  const outdated = dialog().getByRole("group", { name: "The original of these texts in Ukrainian has changed" });
  await outdated.getByText("A new title").waitFor();
  await page.emulateMedia({ colorScheme: "dark" });
  expect(await axeFindings(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: "light" });
  await dialog().getByRole("checkbox", { name: "I have read them; they agree" }).check();
  await dialog().getByText("1 question is open").first().waitFor();
  expect(await button(/^Publish revision 2/).isDisabled()).toBe(true);
  await outdated.getByRole("checkbox", { name: "Leave them marked as outdated" }).check();
  await button(/^Publish revision 2/).click();
  await page.getByText("Revision 2 has been live everywhere since").waitFor();
  // The next revision doesn't ask about it again.
  await openDraft("ua-41-00");
  await button("Publish …").click();
  await page.locator("#note").fill("Another note");
  await dialog().getByText("Everything is confirmed").waitFor();
  expect(await dialog().getByRole("group", { name: "Ukrainian" }).count()).toBe(0);
  await expect.poll(() => button(/^Publish revision 3/).isEnabled()).toBe(true);
});

test("A translator's file comes back, and changes only the texts whose source is still the same", async () => {
  await worker.untilLive(await worker.publish(inventedCase(42)));
  await openDraft("ua-42-00");
  await field("/title").getByRole("textbox").fill("A new title");
  await button("Translate side by side").click();
  const downloading = page.waitForEvent("download");
  await button("Download the file: Ukrainian").click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe("ua-42-00.uk.xlf");
  const file = await text(await download.createReadStream());
  const words: Record<string, string> = {
    "A new title": "Нова назва",
    "Write to the Ministry of Invention.": "Напишіть до Міністерства вигадок.",
    "Invented Person One was arrested.": "Вигадану Особу Один заарештовано.",
  };
  const translated = Object.entries(words).reduce(
    (xml, [source, target]) =>
      xml.replace(
        new RegExp(`<source>${source}</source>(<target>[^<]*</target>)?`),
        `<source>${source}</source><target>${target}</target>`,
      ),
    file,
  );
  await button("Back to the form").click();
  // One source changes while the translator works.
  await field("/action/request").getByRole("textbox").fill("Write to the Ministry of Fiction.");
  await button("Translate side by side").click();
  const take = async (content: string) =>
    page.locator('input[type="file"]').setInputFiles({ name: "a.xlf", mimeType: "", buffer: Buffer.from(content) });
  await take("not a translation");
  await page.getByRole("alert").getByText("The file is not XLIFF 2").waitFor();
  await take(file.replace('trgLang="uk"', 'trgLang="fr"'));
  await page.getByRole("alert").getByText("from English into French").waitFor();
  await take(translated);
  await page.getByText("2 translations were taken from the file.").waitFor();
  await page.locator(".translator-file li", { hasText: "Write to the Ministry of Invention." }).waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await expect
    .poll(async () => (await draftOf("ua-42-00"))?.case.title)
    .toMatchObject({ uk: { text: "Нова назва", reviewed: false } });
  const { case: fields } = (await draftOf("ua-42-00")) ?? {};
  expect(fields?.events?.[0]?.text).toMatchObject({ uk: { text: words["Invented Person One was arrested."] } });
  expect(fields?.action?.request).toEqual({ en: "Write to the Ministry of Fiction." });
});
