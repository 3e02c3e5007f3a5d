/** Translations: a translator's file goes out and comes back. */
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { sourceDigest } from "../../../shared/case/text.ts";
import { axeFindings } from "../../support/axe.ts";
import { inventedCase } from "../../support/invented.ts";
import {
  button,
  draftOf,
  field,
  openCase,
  page,
  useDesk,
  worker,
} from "./stage.ts";

useDesk();

test("A translator's file shows old and new beside each other before the editor takes some of it", async () => {
  const sentence = "The person was arrested.";
  const event = (date: string) => ({
    date: { date },
    kind: "arrest",
    text: { en: sentence },
    source: "first",
  });
  const fields = inventedCase(42, {
    events: [event("2000-01-01"), event("2000-01-02")],
  });
  await worker.untilLive(await worker.publish(fields));
  await openCase("ua-42-00");
  await button("Write a revision").click();
  await field("/title").getByRole("textbox").fill("A new title");
  await button("Translate side by side").click();
  // The preview follows.
  await page
    .locator(".widget")
    .getByText("Вигадана справа 42")
    .first()
    .waitFor();
  const downloading = page.waitForEvent("download");
  await button("Download the file: Ukrainian").click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe("ua-42-00.uk.xlf");
  const file = await text(await download.createReadStream());
  const request = "Write to the Ministry of Invention.";
  const translated = [
    ["A new title", "Нова назва"],
    [request, "Напишіть до Міністерства вигадок."],
    [sentence, "Її заарештовано."],
    [sentence, "Його заарештовано."],
  ].reduce(
    (xml, [source, target]) =>
      xml.replace(
        new RegExp(
          `<source>${source}</source>(<target>Вигадана[^<]*</target>)?</segment>`,
        ),
        `<source>${source}</source><target>${target}</target></segment>`,
      ),
    file,
  );
  await button("Back to the form").click();
  // One original changes while the translator works.
  await field("/action/request")
    .getByRole("textbox")
    .fill("Write to the Ministry of Fiction.");
  await button("Translate side by side").click();
  const load = async (content: string) =>
    page.locator('input[type="file"]').setInputFiles({
      name: "a.xlf",
      mimeType: "",
      buffer: Buffer.from(content),
    });
  await load("not a translation");
  await page.getByRole("alert").getByText("The file is not XLIFF 2").waitFor();
  await load(file.replace('trgLang="uk"', 'trgLang="fr"'));
  await page.getByRole("alert").getByText("from English into French").waitFor();
  const offer = (place: string) => page.locator(".offer", { hasText: place });
  await load(file);
  await page
    .getByRole("heading", { name: "New translations in the file: 0." })
    .waitFor();
  await load(translated);
  await page
    .getByRole("heading", {
      name: "New translations in the file: 4. Nothing is taken yet.",
    })
    .waitFor();
  for (const words of ["A new title", "Вигадана справа 42", "Нова назва"])
    await offer("Title, in your own words")
      .getByText(words, { exact: true })
      .waitFor();
  for (const words of [
    "Invention",
    "Fiction",
    "The original has changed since",
  ])
    await offer("What to ask for").getByText(words).waitFor();
  for (const date of ["(1 · 1 January 2000)", "(2 · 2 January 2000)"])
    await offer(date).waitFor();
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await axeFindings(page)).toEqual([]);
  }
  await expect
    .poll(async () => (await draftOf("ua-42-00"))?.case.title)
    .toMatchObject({ en: "A new title", uk: { text: "Вигадана справа 42" } });
  await offer("Title, in your own words").getByRole("checkbox").uncheck();
  await button("Take the chosen translations (3)").click();
  await page.getByText("3 translations were taken from the file.").waitFor();
  const rendered = async () => {
    const {
      title,
      action,
      events = [],
    } = (await draftOf("ua-42-00"))?.case ?? {};
    return [title, action?.request, ...events.map((one) => one?.text)].map(
      (one: any) => one?.uk,
    );
  };
  await expect.poll(rendered).toEqual([
    {
      text: "Вигадана справа 42",
      of: sourceDigest("Invented case 42"),
      reviewed: false,
    },
    // Readers see that this one is outdated.
    {
      text: "Напишіть до Міністерства вигадок.",
      of: sourceDigest(request),
      reviewed: false,
    },
    { text: "Її заарештовано.", of: sourceDigest(sentence), reviewed: false },
    { text: "Його заарештовано.", of: sourceDigest(sentence), reviewed: false },
  ]);
});
