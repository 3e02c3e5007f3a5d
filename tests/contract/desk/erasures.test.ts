/** Erasures of a part of a case, and withdrawals. */
import { expect, test } from "vitest";
import { addresses } from "../../../shared/addresses.ts";
import { axeFindings } from "../../support/axe.ts";
import { goTo } from "../../support/desk-page.ts";
import {
  draftOf,
  inventedCase,
  inventedPerson,
} from "../../support/invented.ts";
import { step } from "../../support/step.ts";
import {
  button,
  clientAs,
  dialog,
  invented,
  openCase,
  page,
  read,
  record,
  saved,
  send,
  sendAll,
  title,
  useDesk,
  worker,
} from "./stage.ts";

const named = (name: string) => inventedPerson(name, { pronouns: "he/him" });
/**
 * A case about an invented person whose name stands in many places, in one of
 * them in a way that nothing can find.
 */
const told = inventedCase(12, {
  title: {
    en: "Demo Alfaiev, held in Demoville",
    uk: "Демо Алфаєв за ґратами",
  },
  summary: {
    en: "Demo Alfaiev was not convicted. His family waits.",
    uk: "Лікаря не засудили. Родина чекає.",
    ar: "لم يُدَن ديمو ألباييف. تنتظره أسرته.",
  },
  people: [named("Demo Alfaiev"), named("Invented Betaiev")],
  events: [],
  action: {
    ...inventedCase().action,
    letter: { en: "Free Demo Alfaiev!", uk: "Свободу Демові Алфаєву!" },
  },
});
const friend = invented(18, {
  people: [named("Invented Friend")],
  summary: { en: "A friend of Demo Alfaiev waits." },
});
const kept = invented(26, {
  people: [named("Invented Other")],
  summary: { en: "Demo Alfaiev wrote to them." },
});
const [withdrawn, mistaken] = [invented(13), invented(17)];
const spoken = inventedCase(19, {
  summary: {
    en: "It was cold. A neighbour told us.",
    uk: "Було холодно. Нам сказав сусід.",
  },
  links: [{ href: "https://example.org/neighbour", name: "Elsewhere" }],
});
const EMBARGO_MS = 86_400_000;
useDesk(() => sendAll([told, friend, kept, withdrawn, mistaken, spoken]));

const next = () => button(/^Continue: /);
const confirmId = (id: string) =>
  page.getByLabel(`Type ${id} to confirm`).fill(id);

test("A person goes from all languages, another case and what is pending, and what could be missed is asked about", async () => {
  const { id } = told;
  const liveAt = new Date(Date.now() + EMBARGO_MS).toISOString();
  const later = {
    ...told,
    title: { ...told.title, en: "Demo Alfaiev is awaited" },
  };
  await send("Demo Editor Two", id, { case: later, liveAt }, 1);
  const draft = "0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f0";
  const about = inventedCase(20, {
    summary: { en: "Demo Alfaiev knows him." },
  });
  await clientAs().saveDraft({
    id: draft,
    body: draftOf(about) as never,
    basedOn: 0,
  });
  await openCase(id);
  await button("Erase …").click();
  await dialog().getByLabel("Names in the texts").fill("not");
  await next().click();
  await dialog()
    .getByText("“not” isn’t a name as this case’s texts write it.")
    .waitFor();
  await dialog().getByLabel("Names in the texts").fill("");
  await dialog().getByLabel("Demo Alfaiev").check();
  expect(await axeFindings(page)).toEqual([]);
  await next().click();
  await step(
    "A translation that lost nothing is shown first, and one press takes its sentence",
    async () => {
      const doubtful = dialog().locator(".erase-look", {
        hasText: "Look at these first",
      });
      await doubtful
        .getByText("Summary, in your own words › Ukrainian")
        .first()
        .waitFor();
      expect(await next().isDisabled()).toBe(true);
      expect(await axeFindings(page)).toEqual([]);
      await doubtful
        .getByRole("button", { name: "Лікаря не засудили." })
        .first()
        .click();
      // In a script without capitals, an equal number of marks could hide a
      // form.
      await doubtful
        .getByText("Summary, in your own words › Ukrainian")
        .first()
        .waitFor({ state: "detached" });
      await doubtful
        .getByText("Summary, in your own words › Arabic")
        .first()
        .waitFor();
    },
  );
  await step(
    "Words that are like the name, or stand beside one word of it, are asked about",
    async () => {
      const about = (word: string) =>
        dialog().locator(".erase-look", {
          has: page.locator("h3", { hasText: word }),
        });
      await about("Demoville")
        .getByRole("button", { name: "No, it stays" })
        .click();
      await about("يُدَن").getByRole("button", { name: "No, it stays" }).click();
      await about("ألباييف")
        .getByRole("button", { name: "Yes, it goes too" })
        .click();
      await about("ألباييف").waitFor({ state: "detached" });
    },
  );
  await dialog().getByText("Demo Alfaiev was not convicted.").first().waitFor();
  await dialog().getByText("[…] was not convicted.").first().waitFor();
  await dialog().getByText("[…] is awaited").waitFor();
  await dialog().getByLabel("Delete your draft of UA 20/00").check();
  await dialog().getByLabel("I have read them").check();
  await step(
    "It goes on once each other case that holds the name has its yes or no",
    async () => {
      const answer = (name: string, label: string) =>
        dialog()
          .getByRole("group", { name: `Erase it in ${name} too?` })
          .getByLabel(label)
          .check();
      await answer("UA 18/00", "Yes, it goes too");
      await dialog().getByText("A friend of […] waits.").waitFor();
      expect(await next().isDisabled()).toBe(true);
      await answer("UA 26/00", "No, it stays");
    },
  );
  await next().click();
  await dialog()
    .getByText("The content and the notes of all revisions up to 2")
    .waitFor();
  await dialog().getByText("The same in UA 18/00").waitFor();
  await dialog()
    .getByText("This erasure doesn’t reach these places: UA 26/00")
    .waitFor();
  await dialog().getByText("1 draft or proposal in other cases").waitFor();
  await dialog().getByText("Pending revision 2, without what goes").waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await confirmId(id);
  await button("Erase it everywhere in 3 s").click();
  await page.locator(".lead", { hasText: "Revision 3 is live" }).waitFor();
  const shown = await Promise.all(
    [told.id, friend.id].map((one) =>
      read(addresses.case(one)).then((it) => it.text()),
    ),
  );
  expect(shown.join()).not.toMatch(/alfaiev|алфаєв|лікар|ألباييف/i);
  expect((await read(addresses.revision(id, 1))).status).toBe(410);
  expect(await record(id)).toMatchObject({
    case: {
      people: [{ names: [{ value: "Invented Betaiev" }] }],
      summary: {
        en: "[…] was not convicted. His family waits.",
        uk: { text: "[…] Родина чекає." },
      },
      action: { letter: { uk: { text: "Свободу […]!" } } },
    },
  });
  expect(
    (await clientAs().listDrafts()).drafts.filter((one) => one.id === draft),
  ).toEqual([]);
  const { pending: waiting, case: awaited } = await clientAs().readDeskCase({
    id,
  });
  expect(waiting).toMatchObject([{ number: 4, liveAt }]);
  expect(awaited?.title.en).toBe("[…] is awaited");
});

test("A sentence goes in the languages where it was pressed, and a link with it", async () => {
  const { id } = spoken;
  await openCase(id);
  await button("Erase …").click();
  await dialog().getByText("Sentences", { exact: true }).click();
  await dialog()
    .getByRole("button", { name: "A neighbour told us.", pressed: false })
    .click();
  // The translation has as many sentences.
  await dialog()
    .getByRole("button", { name: "Нам сказав сусід.", pressed: true })
    .waitFor();
  await dialog().getByText("Pictures, documents and links").click();
  await dialog().getByLabel("Elsewhere").check();
  expect(await axeFindings(page)).toEqual([]);
  await next().click();
  await dialog().getByText("Було холодно.").waitFor({ state: "detached" });
  await next().click();
  await confirmId(id);
  await button("Erase it everywhere in 3 s").click();
  await page.locator(".lead", { hasText: "Revision 2 is live" }).waitFor();
  const { case: fields } = await record(id);
  expect(fields).toMatchObject({
    summary: { en: "It was cold. […]", uk: { text: "Було холодно. […]" } },
  });
  expect(JSON.stringify(fields)).not.toMatch(/neighbour|сусід/);
});

test("A case that was published by mistake is written again under its number", async () => {
  const { id } = mistaken;
  const editor = clientAs("Demo Editor One");
  await worker.untilLive(
    (await editor.withdraw({ id, reason: "mistake", basedOn: 1 })) as any,
  );
  await goTo(page, `#/cases/${id}`);
  await button("Write it again under this number").click();
  await title().fill("Written again");
  await saved();
});

test("A withdrawal asks for its reason and the id, says what is erased and what stays, and does exactly that", async () => {
  const { id } = withdrawn;
  await openCase(id);
  await button("Write a revision").click();
  await title().fill("A draft that goes too");
  await saved();
  await openCase(id);
  await button("Erase …").click();
  await button("Take down the whole case …").click();
  await dialog().getByText("It puts someone in danger").click();
  await dialog().getByText("Every editor’s drafts of this case").waitFor();
  await dialog().getByText("recovery copies for up to 30 days").waitFor();
  await dialog()
    .locator(".trace .telegram")
    .getByText("We no longer show this case")
    .first()
    .waitFor();
  const erase = button("Take down UA 13/00 everywhere and erase it in 3 s");
  await page.getByLabel("Type ua-13-00 to confirm").fill("ua-13-0");
  expect(await erase.isDisabled()).toBe(true);
  expect(await axeFindings(page)).toEqual([]);
  await page.getByLabel("Type ua-13-00 to confirm").fill(id);
  await erase.click();
  await page
    .locator(".case-screen .lead", { hasText: "was taken down" })
    .waitFor();
  expect((await read(addresses.case(id))).status).toBe(410);
  await page.getByRole("link", { name: "Cases", exact: true }).click();
  await page
    .getByRole("listitem")
    .filter({ hasText: "UA 13/00" })
    .getByText("Taken down", { exact: true })
    .waitFor();
  expect(await page.locator("main").textContent()).not.toMatch(
    /A draft that goes|Invented case 13/,
  );
});
