/** An urgent release, in a case with texts in eight languages. */
import type { Locator } from "playwright-core";
import { expect, test } from "vitest";
import { addresses } from "../../../shared/addresses.ts";
import {
  countOutdated,
  plainTexts,
  textIn,
} from "../../../shared/case/text.ts";
import type { View } from "../../../shared/view/schema.ts";
import { axeFindings } from "../../support/axe.ts";
import {
  inventedCase,
  inventedPerson,
  spelled,
  stated,
} from "../../support/invented.ts";
import { step } from "../../support/step.ts";
import {
  button,
  confirm,
  field,
  isLive,
  openCase,
  page,
  read,
  record,
  sendAll,
  useDesk,
} from "./stage.ts";

const MAX_PRESSES = 25;

const names = {
  en: "Invented Person Two",
  uk: "Вигадана Особа Два",
  ru: "Выдуманная Особа Два",
  ar: "شخص مخترع اثنان",
};
const title = {
  en: "Invented Person Two is in prison",
  uk: "Вигадана Особа Два у в’язниці",
  crh: "Invented Person Two apishanede",
  ru: "Выдуманная Особа Два в тюрьме",
  tr: "Invented Person Two cezaevinde",
  ar: "شخص مخترع اثنان في السجن",
  es: "Invented Person Two está en prisión",
  fr: "Invented Person Two est en prison",
};
const languages = Object.keys(title);
const summary = Object.fromEntries(
  Object.entries(title).map(([lang, held]) => [
    lang,
    `${held}. Teacher (${lang}).`,
  ]),
);
const everywhere = (words: string) =>
  Object.fromEntries(languages.map((lang) => [lang, `${words} (${lang})`]));

const eightLanguages = (number: number) =>
  inventedCase(number, {
    title,
    summary,
    people: [
      inventedPerson(names.en, {
        names: [
          ...spelled(names.en),
          ...(["uk", "ru", "ar"] as const).map((lang) => ({
            ...spelled(names[lang])[0],
            lang,
            form: "native",
          })),
        ],
        pronouns: "he/him",
        custody: stated("imprisoned"),
      }),
    ],
    events: [
      {
        date: { date: "2000-01-01" },
        kind: "arrest",
        text: everywhere("An arrest"),
        source: "first",
      },
    ],
    action: {
      state: "active",
      request: everywhere("Write"),
      letter: { en: "Dear Minister" },
      until: "2099-12-31",
    },
  });

useDesk(() => sendAll([eightLanguages(81), eightLanguages(82)]));

/**
 * Counts each click, and each key that types no value. A choice in a list is
 * two: one opens it.
 */
class Presses {
  count = 0;
  async press(target: Locator): Promise<void> {
    this.count++;
    await target.click();
    // The desk ignores a click on what appears under a resting pointer.
    await page.mouse.move(0, 0);
  }
  async choose(list: Locator, option: string): Promise<void> {
    this.count += 2;
    await list.selectOption(option);
  }
  /** A value that only the editor can know: a date, or a document's title. */
  async value(box: Locator, words: string): Promise<void> {
    await this.press(box);
    await page.keyboard.type(words);
  }
}

const question = (name: string) => page.getByRole("group", { name });

test("An urgent release goes out in eight languages with at most 25 presses and no sentence typed", async () => {
  const id = "ua-81-00";
  const presses = new Presses();
  const confirmGroup = (name: string) =>
    presses.press(question(name).getByRole("checkbox"));
  await step("The status, with who states it and a new document", async () => {
    await presses.press(page.getByRole("link", { name: /UA 81\/00/ }));
    await presses.press(button("Change a status …"));
    await presses.press(page.getByRole("radio", { name: "Custody" }));
    await presses.choose(
      field("/people/0/custody/value").getByRole("combobox"),
      "Released",
    );
    await presses.value(
      field("/people/0/custody/asOf").getByRole("textbox"),
      "12 May 2000",
    );
    await presses.press(button("Invented Issuer"));
    await presses.press(button("Add a document"));
    // The title has the focus.
    await expect
      .poll(() =>
        field("/documents/1/title")
          .getByRole("textbox")
          .evaluate((box) => box === document.activeElement),
      )
      .toBe(true);
    await page.keyboard.type("Invented Person Two is free");
    await presses.value(
      field("/documents/1/issuedOn").getByRole("textbox"),
      "13 May 2000",
    );
    await presses.press(button("Next: what must follow"));
  });
  await step(
    "What follows is offered in every language, and nothing is written before it is taken",
    async () => {
      const take = (name: string | RegExp) =>
        presses.press(page.getByRole("button", { name }));
      await button("What changed: Take it in 8 languages").waitFor();
      expect(await axeFindings(page)).toEqual([]);
      expect(await page.locator("#ready-note").count()).toBe(0);
      await take("What changed: Take it in 8 languages");
      await take(/^Title.*: Take it in 8 languages/);
      await take(/^Summary.*: Take it in 8 languages/);
      await take("Add an event: Release, 12 May 2000: Take it in 8 languages");
      await take(/^Facts as of: 12 May 2000/);
      await take(/^Close the action/);
    },
  );
  await step(
    "Each kind of question is answered once, for all languages",
    async () => {
      // The last offer that was taken is among what is asked.
      await question("Do these translations").getByText("Дякуємо").waitFor();
      await confirmGroup("Do these texts agree with the statuses?");
      await confirmGroup("Do these translations say what the original says?");
      await confirmGroup(
        "Is each of these right, and as its source states it?",
      );
      await page.getByText("Everything is confirmed").waitFor();
      await presses.press(button("Publish …"));
      await presses.press(button(/^Publish revision 2/));
      await isLive(2);
    },
  );
  expect(presses.count).toBeLessThanOrEqual(MAX_PRESSES);
  await step(
    "Statuses and texts are in step in all eight languages",
    async () => {
      const { case: fields, revision } = await record(id);
      expect(fields.people[0]?.custody).toEqual({
        value: "released",
        asOf: { date: "2000-05-12" },
        statedBy: "Invented Issuer",
        source: "document",
      });
      expect(fields.asOf).toEqual({ date: "2000-05-12" });
      expect(fields.documents[1]).toMatchObject({
        id: "document",
        title: "Invented Person Two is free",
      });
      const { request, letter, ...action } = fields.action;
      expect([
        request,
        letter,
        action.state,
        Object.keys(action.thanks ?? {}),
      ]).toEqual([undefined, undefined, "closed", languages]);
      expect(fields.events[1]).toMatchObject({
        kind: "release",
        date: { date: "2000-05-12" },
        source: "document",
      });
      for (const text of [
        fields.title,
        fields.summary,
        fields.events[1]?.text,
        revision.note,
      ])
        expect(Object.keys(text ?? {})).toEqual(languages);
      expect(countOutdated(fields)).toBe(0);
      const { uk, ar } = plainTexts(fields.title) as Record<string, string>;
      expect([uk, ar]).toEqual([
        `${names.uk}: звільнений`,
        `${names.ar}: أُفرج عنه`,
      ]);
      for (const lang of languages) {
        const view = (await (
          await read(`${addresses.view(id, lang)}`)
        ).json()) as View;
        expect(JSON.stringify(view), lang).toContain(
          textIn(fields.title, lang),
        );
        expect(JSON.stringify(fields), lang).not.toContain(title[lang as "en"]);
      }
    },
  );
});

test("Texts whose original changed are marked in all languages with one answer, beside what was and what is", async () => {
  const id = "ua-82-00";
  await openCase(id);
  await button("Write a revision").click();
  await field("/title")
    .getByRole("textbox")
    .fill("Invented Person Two is in a hospital");
  await field("/summary")
    .getByRole("textbox")
    .fill("Invented Person Two is ill.");
  await field("/action/request").getByRole("textbox").fill("Ask for a doctor");
  await page.locator("summary", { hasText: "Events" }).click();
  await field("/events/0/text").getByRole("textbox").fill("An arrest at home");
  await button("Publish …").click();
  await page.locator("#note").fill("News of health");
  const outdated = question(
    "28 texts in 7 languages will be marked as outdated",
  );
  await outdated
    .getByRole("deletion")
    .getByText("prison", { exact: true })
    .waitFor();
  await outdated.getByRole("insertion").getByText("a hospital").waitFor();
  for (const words of ["An arrest (ar)", title.uk, "Teacher (crh)."])
    await outdated.getByText(words).first().waitFor();
  expect(await axeFindings(page)).toEqual([]);
  expect(await button(/^Publish revision 2/).isDisabled()).toBe(true);
  await confirm();
  await button(/^Publish revision 2/).click();
  await isLive(2);
  expect(countOutdated((await record(id)).case)).toBe(28);
});
