/**
 * From a document to a complete form, with a preview of every surface, as a
 * person does it.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { axeFindings } from "../../support/axe.ts";
import { editorTokens, startWorker } from "../../support/harness.ts";
import { root } from "../../support/root.ts";
import { step } from "../../support/step.ts";
import { field, openSignIn, page, signIn, useDesk, worker } from "./stage.ts";

const documentOf = (name: string) =>
  readFile(join(root, "tests/documents", name), "utf8");
const verdict = () => page.locator(".verdict strong").textContent();
const focused = () => page.evaluate(() => document.activeElement?.id);
const card = () => page.locator(".preview .widget");

async function read(document: string): Promise<void> {
  await page.getByRole("link", { name: "From a document" }).first().click();
  await page.getByLabel("Paste the document’s text").fill(document);
  await page.getByRole("button", { name: "Read it" }).click();
}

// The document's case is published nowhere else.
const alone = () => startWorker({ editors: editorTokens });
useDesk(async () => {
  const known = JSON.parse(
    await readFile(
      join(root, "worker/tools/local/cases/ua-126-19.json"),
      "utf8",
    ),
  );
  await worker.untilLive(await worker.publish(known));
}, alone);

test("A wrong token is refused in words, and a right one opens the list of cases", async () => {
  await openSignIn();
  // What password managers look for.
  expect(
    await page
      .locator("form input")
      .evaluateAll((all) => all.map((one: any) => one.autocomplete)),
  ).toEqual(["username", "current-password"]);
  await page.getByLabel("Your token").fill("not a token");
  await page.keyboard.press("Enter");
  await page.getByText("That token isn’t recognised").waitFor();
  await signIn();
  await page.getByText("Revision 1 is live").waitFor();
});

test("A document that fills nothing new in the published case is read sentence by sentence", async () => {
  await read(await documentOf("ua-126-19-outcome.txt"));
  await page
    .getByText("about people you publish, none contradicts what you say now")
    .waitFor();
  expect(await page.getByText("adds nothing").count()).toBe(0);
  await page
    .getByRole("button", { name: "Open the case beside the document" })
    .click();
  expect(await verdict()).toBe("Every required field is filled");
  await card()
    .getByText("Muslim Aliyev")
    .first()
    .waitFor({ state: "attached" });
});

test("An editor turns a document into a case without gaps, sees it on every surface and signs out", async () => {
  await step(
    "A first document leaves five gaps, and a click on each leads to its field",
    async () => {
      const document = await documentOf("invented/2019-first.txt");
      await read(
        document.replace(
          "is a teacher.",
          "is a teacher.\nDemo Person Two is in prison.",
        ),
      );
      await expect.poll(verdict).toBe("5 fields to fill or fix");
      for (const [gap, pointer, text] of [
        // The document names no issuer, and the desk fills none in.
        ["Issuer", "/issuer", "Invented Issuer"],
        ["Rights › Holder", "/rights/holder", "Invented Issuer"],
        [
          "Title, in your own words",
          "/title",
          "Seven invented people on trial",
        ],
        ["Summary, in your own words", "/summary", "An invented trial began."],
        [
          "The action › What to ask for",
          "/action/request",
          "Ask for the invented charges to be dropped.",
        ],
      ] as const) {
        // The list has just moved up, and a button that appears under a resting
        // pointer ignores it for a moment.
        await page.mouse.move(0, 0);
        await page.getByRole("button", { name: gap }).click();
        await expect.poll(focused).toContain(`field${pointer}`);
        await page.keyboard.insertText(text);
      }
      await expect.poll(verdict).toBe("Every required field is filled");
      // Sentences of the document are shown beside the fields and never copied
      // into them.
      const values = await page
        .locator("textarea")
        .evaluateAll((areas) => areas.map((area) => (area as any).value));
      expect(values.join("\n")).not.toContain("The trial of six men");
    },
  );
  await step(
    "A doubt about the document leads to its line and can be ticked off",
    async () => {
      // The list has just moved up, as above.
      await page.mouse.move(0, 0);
      await page.getByText("What the importer was unsure about").click();
      const doubt = page.locator(".checklist .warning", {
        hasText: "The text states a different number of people",
      });
      await doubt.getByRole("button", { name: "line 6" }).click();
      await page
        .locator(".source li.shown", { hasText: "The trial of six men" })
        .waitFor();
      await doubt.getByRole("checkbox").check();
      await page.getByText("No doubts left").waitFor();
      await page.getByText("What the importer was unsure about").click();
    },
  );
  await step(
    "A sentence fills nothing before the editor states the date and the author, and gets a verdict by button or key",
    async () => {
      const sentences = page.locator(".candidates > li");
      const sentence = sentences.filter({
        hasText: "Demo Person Two is in prison.",
      });
      await sentence
        .getByRole("button", { name: "Accept as “Imprisoned”" })
        .click();
      // Date and author are asked once, and only a click takes a suggestion.
      const asked = page.locator(".reading .acceptance");
      const [date, by] = [
        asked.getByLabel("Facts as of"),
        asked.getByLabel("Stated by"),
      ];
      expect(
        await date.evaluate((input) => input === document.activeElement),
      ).toBe(true);
      expect([await date.inputValue(), await by.inputValue()]).toEqual([
        "",
        "",
      ]);
      expect(await axeFindings(page)).toEqual([]);
      const count = await sentences.count();
      await page
        .getByText(`${count} sentences about people of this case`)
        .waitFor();
      const open = page.locator(".candidates > li:not(.done)");
      await sentences.first().getByRole("button", { name: "Accepted" }).focus();
      // Each digit judges a sentence and goes on to the next.
      for (const [at, key] of [..."2341"].entries()) {
        await page.keyboard.press(key);
        await expect.poll(() => open.count()).toBe(count - at - 1);
      }
      expect(
        await sentences
          .first()
          .getByRole("button", { name: "Already said" })
          .getAttribute("aria-pressed"),
      ).toBe("true");
      expect(await axeFindings(page)).toEqual([]);
      // The list has moved under the resting pointer, as above.
      await page.mouse.move(0, 0);
      await sentences
        .first()
        .getByRole("button", { name: "Already said" })
        .click();
      await expect.poll(() => open.count()).toBe(count - 3);
    },
  );
  await step(
    "A status asks for its date and author, and one click states it of the others",
    async () => {
      await page.locator(".person > summary").first().click();
      await field("/people/0/custody/value")
        .getByRole("combobox")
        .selectOption("Pre-trial detention");
      await expect.poll(verdict).toBe("2 fields to fill or fix");
      await field("/people/0/custody/asOf")
        .getByRole("combobox")
        .fill("2018-09-20");
      await page.getByLabel("Who states the facts").fill("Invented Issuer");
      await page.getByLabel("Who states the facts").blur();
      await expect.poll(verdict).toBe("Every required field is filled");
      await page
        .getByRole("button", { name: "State the same for the 6 others" })
        .click();
      const statuses = await page
        .locator(".person > summary .hint")
        .allTextContents();
      expect(statuses).toEqual(
        Array.from(
          { length: 7 },
          () => "Pre-trial detention · 20\u00a0September 2018",
        ),
      );
      const stated = field("/people/6/custody").locator("summary").first();
      // What the click before changed may still move the page under the
      // pointer.
      const open = async () => {
        if ((await stated.count()) === 0)
          await page.locator(".person > summary").last().click();
        return stated.count();
      };
      await expect.poll(open).toBe(1);
      expect(await stated.textContent()).toBe(
        "as of 20\u00a0September 2018, stated by Invented Issuer, in: Urgent Action, EUR 46/1098/2018",
      );
    },
  );
  await step(
    "Dates can be typed as people write them, or taken from the document with a click",
    async () => {
      await page.locator("#section-events > summary").click();
      await page
        .locator("#section-events .offers")
        .getByRole("button", { name: "17 September" })
        .click();
      await expect.poll(focused).toBe("field/events/0/kind-control");
      await page.keyboard.type("Trial");
      await field("/events/0/text")
        .getByRole("textbox")
        .fill("The invented trial began.");
      await field("/events/0/date")
        .getByRole("combobox")
        .fill("16 September 2018");
      await page.keyboard.press("Tab");
      expect(
        await field("/events/0/date").getByRole("combobox").inputValue(),
      ).toBe("2018-09-16");
      await field("/asOf").getByRole("combobox").fill("2999-01-01");
      await page
        .getByText("Facts can’t be dated later than today.")
        .first()
        .waitFor();
      await field("/asOf").getByRole("combobox").fill("2018-09-20");
      await expect.poll(verdict).toBe("Every required field is filled");
      // The year is marked as inferred, although the importer didn't.
      const reading = field("/asOf").locator("summary");
      await reading.click();
      await field("/asOf")
        .getByRole("textbox", { name: "In the document’s words" })
        .fill("20 September");
      await field("/asOf").getByRole("checkbox", { name: "year" }).check();
      expect(await reading.textContent()).toBe(
        "20\u00a0September 2018 · “20 September” in the document · inferred: year",
      );
    },
  );
  await step(
    "A person who was removed can be put back in the same place",
    async () => {
      const names = () => page.locator(".person .name").allTextContents();
      const before = await names();
      await page
        .getByRole("button", { name: "Remove: Demo Person One" })
        .click();
      expect(await names()).toEqual(before.slice(1));
      await page.getByRole("button", { name: "Undo" }).click();
      expect(await names()).toEqual(before);
    },
  );
  await step(
    "One click puts a sentence's status into the form, strikes it through and leaves the view where it is",
    async () => {
      const asked = page.locator(".reading .acceptance");
      await asked.getByRole("button", { name: "2018-09-20" }).click();
      await asked.getByRole("button", { name: "Invented Issuer" }).click();
      const sentence = page.locator(".candidates > li").filter({
        has: page.locator("q", { hasText: "Demo Person Two is in prison." }),
      });
      const accepted = sentence.getByRole("button", { name: "Accepted" });
      if ((await accepted.getAttribute("aria-pressed")) === "true")
        await accepted.click();
      await page.mouse.move(0, 0);
      const top = () =>
        page.locator(".pane.form .scroll").evaluate((pane) => pane.scrollTop);
      await sentence.scrollIntoViewIfNeeded();
      const before = await top();
      await sentence
        .getByRole("button", {
          name: "Accept as “Imprisoned” · Demo Person Two",
        })
        .click();
      await expect.poll(() => sentence.getAttribute("class")).toBe("done");
      expect(await top()).toBe(before);
      const statuses = page.locator(".person > summary .hint");
      await expect
        .poll(async () => (await statuses.allTextContents())[1])
        .toContain("Imprisoned");
      // In the table one choice states a status with the same date and author,
      // and another one takes its place.
      await page.getByText("Everybody’s statuses in one table").click();
      const choice = page.getByRole("combobox", {
        name: "Demo Person Three: Proceedings",
      });
      for (const value of ["Charged", "On trial"])
        await choice.selectOption(value);
      await expect
        .poll(() => choice.locator("option").first().textContent())
        .toBe("On trial");
      await page.getByText("Everybody’s statuses in one table").click();
    },
  );
  await step("Every surface shows the draft in each language", async () => {
    await page.getByRole("button", { name: "Translate: Ukrainian" }).click();
    await expect.poll(focused).toBe("field/title-uk");
    await page.keyboard.insertText("Семеро вигаданих людей перед судом");
    await card().getByText("Семеро вигаданих людей").waitFor();
    await card()
      .getByText("станом на 20 вересня")
      .filter({ visible: true })
      .first()
      .waitFor();
    await page.getByRole("button", { name: "Telegram" }).click();
    await page
      .locator(".telegram")
      .getByText("Семеро вигаданих людей")
      .waitFor();
    await page
      .getByLabel("Readers’ language")
      .selectOption({ label: "Arabic" });
    await expect
      .poll(() => page.locator(".telegram").textContent())
      .toContain("سبتمبر");
    await page
      .getByLabel("Readers’ language")
      .selectOption({ label: "English" });
    await expect
      .poll(() => page.locator(".telegram").textContent())
      .toContain("Seven invented people on trial");
    await page.getByRole("button", { name: "Widget" }).click();
  });
  await step(
    "axe finds nothing wrong in either colour scheme, on a laptop and on a phone, in either direction",
    async () => {
      await page.evaluate(async () => {
        // Collapsed parts render when opened, and can contain more collapsed
        // parts.
        for (let rounds = 0; rounds < 4; rounds++) {
          for (const folded of document.querySelectorAll("details"))
            folded.open = true;
          await new Promise((resolve) =>
            requestAnimationFrame(() => requestAnimationFrame(resolve)),
          );
        }
      });
      expect(await axeFindings(page)).toEqual([]);
      await page.emulateMedia({ colorScheme: "dark" });
      await page.setViewportSize({ width: 390, height: 844 });
      await page.getByLabel("Language of this page").selectOption("ar");
      expect(await axeFindings(page)).toEqual([]);
      const wide = await page.evaluate(
        () => document.documentElement.scrollWidth - innerWidth,
      );
      expect(wide).toBe(0);
      await page.getByLabel("لغة هذه الصفحة").selectOption("en");
      await page.setViewportSize({ width: 1366, height: 768 });
      await page.emulateMedia({ colorScheme: "light" });
    },
  );
  await step(
    "Signing out leaves nothing on the page and nothing in the browser",
    async () => {
      await page.getByRole("button", { name: "Sign out" }).click();
      await page.getByLabel("Your token").waitFor();
      expect(await page.locator("body").textContent()).not.toContain(
        "Demo Person",
      );
      expect(
        await page.evaluate(() => [
          localStorage.length,
          sessionStorage.length,
          document.cookie,
        ]),
      ).toEqual([0, 0, ""]);
    },
  );
});
