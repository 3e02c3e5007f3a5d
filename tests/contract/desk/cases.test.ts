/**
 * The list of many cases and a case's page: search, filters, history, a copy,
 * and a preview for editors.
 */
import { expect, test } from "vitest";
import { axeFindings } from "../../support/axe.ts";
import { editorTokens, startWorker } from "../../support/harness.ts";
import {
  draftOf,
  inventedCase,
  inventedPerson,
  stated,
} from "../../support/invented.ts";
import {
  button,
  clientAs,
  field,
  openCase,
  page,
  signIn,
  title,
  useDesk,
  worker,
} from "./stage.ts";

const numbers = () => page.locator(".rows .number").allTextContents();

// The list has only these cases.
const alone = () => startWorker({ editors: editorTokens });
useDesk(async () => {
  const people = [
    inventedPerson("Demo Person Aliyev", {
      custody: stated("pre-trial-detention"),
    }),
  ];
  const today = new Date().toISOString().slice(0, 10);
  const outdated = {
    en: "Another invented case",
    uk: { text: "Вигадана", of: "0000000000000000", reviewed: false },
  };
  await worker.publish(inventedCase(51, { people, asOf: { date: today } }));
  await worker.publish(
    inventedCase(52, { title: outdated, action: { state: "closed" } }),
  );
  await worker.untilLive(await worker.publish(inventedCase(53)));
}, alone);

test("The list is searched by name, and filtered by what needs an editor", async () => {
  await page.getByText("All cases").waitFor();
  expect(
    await page.locator(".page-head :is(button, a)").first().textContent(),
  ).toBe("New case");
  expect((await numbers()).length).toBe(3);
  // The row says whom the case is about, and where the person is.
  await page
    .getByRole("listitem")
    .filter({ hasText: "Demo Person Aliyev" })
    .getByText("Pre-trial detention")
    .waitFor();
  await page.getByLabel("Sort by").selectOption("Name");
  await expect.poll(async () => (await numbers())[0]).toBe("UA 51/00");
  await page.getByLabel("Sort by").selectOption("Newest change");
  // Another spelling of the name finds it.
  await page.getByRole("searchbox").fill("aliev");
  await expect.poll(numbers).toEqual(["UA 51/00"]);
  await page.getByText("1 of 3 cases").waitFor();
  await page.getByRole("searchbox").fill("");
  await button(/^Outdated translations/).click();
  await expect.poll(numbers).toEqual(["UA 52/00"]);
  await page.getByText("1 translation is outdated").waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await button(/^Outdated translations/).click();
  await button(/^Facts older than 180 days/).click();
  await button(/^Deadline ahead/).click();
  await expect.poll(numbers).toEqual(["UA 53/00"]);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByLabel("Language of this page").selectOption("ar");
  await page.emulateMedia({ colorScheme: "dark" });
  expect(await axeFindings(page)).toEqual([]);
  expect(
    await page.evaluate(
      () => document.documentElement.scrollWidth - innerWidth,
    ),
  ).toBe(0);
  await page.close();
});

test("Of two thousand cases only those in sight are drawn, and more on demand", async () => {
  await page.route("**/v1/desk/cases", async (route) => {
    const answer = await route.fetch();
    const { cases } = (await answer.json()) as {
      cases: { id: string; number: string }[];
    };
    const many = Array.from({ length: 2_004 }, (_, index) => ({
      ...cases[0],
      id: `ua-${index + 1}-00`,
    }));
    await route.fulfill({ response: answer, json: { cases: many } });
  });
  await page.getByRole("link", { name: "Log", exact: true }).click();
  await page.getByRole("link", { name: "Cases", exact: true }).click();
  await expect.poll(async () => (await numbers()).length).toBe(50);
  await button("Show more").click();
  expect((await numbers()).length).toBe(100);
  await page.unroute("**/v1/desk/cases");
});

test("The case's page shows the card, the people and every draft, and goes on in the editor's own", async () => {
  const id = "ua-52-00";
  await openCase(id);
  await page
    .locator(".as-seen .widget")
    .getByText("Another invented case")
    .waitFor();
  await page
    .getByLabel("Readers’ language")
    .selectOption({ label: "Ukrainian" });
  await page
    .locator(".as-seen")
    .getByRole("heading", { name: /Вигадана$/ })
    .waitFor();
  await page.getByText("Ukrainian (1)").waitFor();
  expect(
    await page
      .getByRole("link", { name: "For developers" })
      .getAttribute("href"),
  ).toBe(`/v1/cases/${id}`);
  expect(await axeFindings(page)).toEqual([]);

  // Another editor's draft is seen, but not its words. One's own is not begun
  // twice.
  const { case: fields } = await worker.editor.readDeskCase({ id });
  await clientAs("Demo Editor Two").saveDraft({
    id: crypto.randomUUID(),
    body: draftOf(fields!) as never,
    basedOn: 0,
  });
  await button("Write a revision").click();
  await title().fill("My own invented title");
  await page.locator(".saved", { hasText: /^Saved/ }).waitFor();
  await page.goBack();
  await page.getByText("Demo Editor Two has a draft").waitFor();
  await page.getByText("Your draft of").waitFor();
  await button("Begin anew").waitFor();
  await page.mouse.move(0, 0);
  await button("Change a status … Invented Person One").click();
  expect(
    await page.getByLabel("Whose").locator("option:checked").textContent(),
  ).toBe("Invented Person One");
  await page
    .getByRole("heading", { level: 1, name: "My own invented title" })
    .waitFor();
  await page.goBack();
  // The button says which draft would be lost.
  await page.mouse.move(0, 0);
  await button("Delete the draft My own invented title").click();
  await page
    .getByText(/^Delete the draft “My own invented title”, saved /)
    .waitFor();
  await page.mouse.move(0, 0);
  await button("Delete").click();
  await button("Write a revision").waitFor();
});

test("An editor sees what each revision changed, and opens a draft with an earlier text", async () => {
  await worker.untilLive(
    await worker.publish(
      inventedCase(53, { summary: { en: "A worse summary." } }),
    ),
  );
  await openCase("ua-53-00");
  await page.getByText("History", { exact: true }).click();
  // A revision has one name; only a kind that is no update is added.
  await expect
    .poll(() => page.locator(".history li b").allTextContents())
    .toEqual(["Revision 2", "Revision 1"]);
  await button("What changed").click();
  await page.getByRole("row", { name: /Summary.*A worse summary/ }).waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await button("Restore this text …").click();
  await page.getByText("Based on revision 2").waitFor();
  expect(await field("/summary").getByRole("textbox").inputValue()).toBe(
    inventedCase(53).summary.en,
  );
});

test("A recognition and an addressee are one click each, and a half-typed deadline stays", async () => {
  await button("New case").click();
  await button("Add a person").click();
  await button("Recognised as").click();
  await field("/people/0/designations/0/value").getByRole("combobox").waitFor();
  // The page may have scrolled this button to where the one before was pressed,
  // and there it would ignore a click for a moment.
  await page.mouse.move(0, 0);
  await button("Whom to write to").click();
  await field("/action/targets/0/name").getByRole("textbox").waitFor();
  await field("/action").getByRole("button", { name: "Deadline" }).click();
  const deadline = field("/action/until").getByRole("textbox");
  await deadline.fill("30 December 2098");
  await deadline.fill("");
  await deadline.fill("31 Dec");
  await deadline.blur();
  expect(await deadline.inputValue()).toBe("31 Dec");
  await field("/action/until")
    .getByText("Must be a day such as 2020-06-25.")
    .waitFor();
  await deadline.fill("31 December 2098");
  await deadline.blur();
  expect(await deadline.inputValue()).toBe("2098-12-31");
  await field("/action/until").getByText("31 December 2098").waitFor();
});

test("The case's page shows editors a scheduled revision as readers will see it, after they have signed in", async () => {
  const liveAt = new Date(Date.now() + 3_600_000).toISOString();
  await worker.publish(
    inventedCase(51, { title: { en: "A scheduled title" } }),
    { liveAt },
  );
  await openCase("ua-51-00");
  // At first the page says what readers see now, with date and author.
  expect(await page.locator("h1 .title").textContent()).toBe(
    "Invented case 51",
  );
  await page
    .locator(".facts")
    .getByText("Pre-trial detention · 2 January 2000 · Invented Issuer")
    .waitFor();
  await page.locator(".widget").getByText("Invented case 51").waitFor();
  const version = page.getByLabel("Preview for editors");
  await version.selectOption("2");
  await page.locator(".widget").getByText("A scheduled title").waitFor();
  await page.locator(".widget").getByText("Update 2").first().waitFor();
  // Each scheduled revision has its own preview, with what changes since the
  // one before.
  const later = new Date(Date.now() + 7_200_000).toISOString();
  await worker.publish(inventedCase(51, { title: { en: "A later title" } }), {
    liveAt: later,
  });
  await page.reload();
  await page.locator("#token").waitFor();
  expect(await page.locator("body").textContent()).not.toContain(
    "A scheduled title",
  );
  await signIn();
  await version.selectOption("3");
  await page.locator(".widget").getByText("A later title").waitFor();
  await page.locator(".widget").getByText("Update 3").first().waitFor();
  await version.selectOption("2");
  await page.locator(".widget").getByText("A scheduled title").waitFor();
  expect(await axeFindings(page)).toEqual([]);
});

test("Pages elsewhere are accepted, added and removed, and an old one says since when, with a letter", async () => {
  const [id, partner] = ["ua-53-00", "https://partner.example.org"];
  const cases = page.getByRole("link", { name: "Cases", exact: true });
  const body = new URLSearchParams({
    case: id,
    url: `${partner}/told`,
    contact: "",
  });
  expect(
    (
      await fetch(`${worker.url}/v1/places`, {
        method: "POST",
        body,
        redirect: "manual",
      })
    ).status,
  ).toBe(303);
  await page.getByRole("link", { name: "Log", exact: true }).click();
  await cases.click();
  const places = page.locator(".elsewhere");
  await places.getByText("A visitor told us of this page").waitFor();
  await button(/^Accept/).click();
  await places.waitFor({ state: "detached" });

  await openCase(id);
  await page.getByText("Where this is quoted (1)").click();
  await page.getByLabel("A page that quotes this case").fill(`${partner}/old`);
  await page.getByLabel("Its owner’s contact").fill("web@partner.example.org");
  await page.getByLabel("A note for editors").fill("They answer on Mondays");
  await button("Add the page").click();
  await places
    .getByText(
      "not looked at yet · web@partner.example.org · They answer on Mondays",
    )
    .waitFor();
  await button(`Delete ${partner}/told`).click();
  await page
    .getByRole("alertdialog")
    .getByRole("button", { name: "Delete" })
    .click();
  await page.getByText("Where this is quoted (1)").waitFor();

  // What a look finds is tested where pages can be reached.
  const letter = {
    lang: "es",
    subject: "UA 53/00: actualicen su página",
    text: "Su página cita UA 53/00.",
  };
  const found = {
    state: "old",
    reason: "asks",
    olderThan: 1,
    since: "2026-11-02",
    lookedOn: "2026-11-03",
    letter,
  };
  await page.route("**/v1/desk/places*", async (route) => {
    const answer = await route.fetch({
      url: `${worker.url}/v1/desk/places?case=${id}`,
    });
    const known = ((await answer.json()) as { places: object[] }).places.map(
      (place) => ({ ...place, ...found }),
    );
    await route.fulfill({ response: answer, json: { places: known } });
  });
  await cases.click();
  await places.getByRole("link", { name: "UA 53/00" }).click();
  await page.getByText("Where this is quoted (1)").click();
  await places
    .getByText(
      "Still asks for appeals · older than revision 1, since 2 November 2026",
    )
    .waitFor();
  await page.getByText("Letter to its owner · Spanish").click();
  await places.getByText("Su página cita UA 53/00.").waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.close();
});
