/**
 * Where two editors must agree: a revision, and erasures, of which one an hour
 * is one editor's own.
 */
import { expect, test } from "vitest";
import { addresses } from "../../../shared/addresses.ts";
import { axeFindings } from "../../support/axe.ts";
import { editorTokens, startWorker } from "../../support/harness.ts";
import { inventedPerson } from "../../support/invented.ts";
import {
  button,
  clientAs,
  confirm,
  dialog,
  invented,
  openCase,
  openPage,
  page,
  pending,
  read,
  send,
  signIn,
  title,
  useDesk,
  worker,
} from "./stage.ts";

/** No machine is so slow that something goes live before its test says so. */
const LEASE_SECONDS = 120;
const untilLive = () => worker.timePasses((LEASE_SECONDS + 3) * 1000);

const about = (number: number, name: string, summary: string) =>
  invented(number, {
    people: [inventedPerson(name)],
    summary: { en: summary },
    events: [],
  });
const told = about(12, "Demo Alfaiev", "Demo Alfaiev was held.");
const other = about(
  13,
  "Olena Gammayeva",
  "Olena Gammayeva knew Demo Alfaiev.",
);

useDesk(
  async () => {
    for (const fields of [told, other]) {
      const { proposal } = await send(
        "Demo Editor One",
        fields.id,
        { case: fields },
        0,
      );
      const second = clientAs("Demo Editor Two");
      const { hash } = await second.readProposal({ id: proposal });
      await second.approveProposal({
        id: proposal,
        basedOn: hash,
        body: { answers: [] },
      });
    }
    await untilLive();
  },
  () =>
    startWorker({
      editors: editorTokens,
      env: { REVIEW: "two" },
      leaseSeconds: LEASE_SECONDS,
      clock: true,
    }),
);

const erase = async (id: string, label: string) => {
  await openCase(id);
  await button("Erase …").click();
  await dialog().getByLabel(label).check();
  await button("Continue: what will be erased").click();
};
const confirmId = async (id: string) => {
  await button("Continue: the last step").click();
  await page.getByLabel(`Type ${id} to confirm`).fill(id);
};

test("One editor alone erases at once, in all cases; the next erasure waits for a second editor", async () => {
  await erase(told.id, "Demo Alfaiev");
  await dialog()
    .getByRole("group", { name: "Erase it in UA 13/00 too?" })
    .getByLabel("Yes, it goes too")
    .check();
  await confirmId(told.id);
  await dialog()
    .getByText(
      "This doesn’t wait for a second editor. You can do that once an hour.",
    )
    .waitFor();
  await button(/^Erase it everywhere in/).click();
  await pending()
    .getByText("Everything stays as it is, in other cases too.")
    .waitFor();
  await page
    .getByText("Nobody is left in this case, but its action still asks")
    .waitFor();
  await untilLive();
  for (const { id } of [told, other])
    expect(await (await read(addresses.case(id))).text()).not.toMatch(
      /alfaiev/i,
    );

  await openCase(other.id);
  await button("Erase …").click();
  await button("Take down the whole case …").click();
  await dialog()
    .getByText("You erased something or took a case down within the last hour")
    .waitFor();
  await page.keyboard.press("Escape");
  await erase(other.id, "Olena Gammayeva");
  await confirmId(other.id);
  await dialog()
    .getByText("You erased something or took a case down within the last hour")
    .waitFor();
  await button("Send the erasure to a second editor").click();
  await page.getByText("You can’t approve your own proposal").waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await openPage("Demo Editor Two");
  await page.getByRole("link", { name: /Waiting for approval/ }).click();
  await page.getByRole("link", { name: /Invented case 13/ }).click();
  const approve = button(/^Erase it everywhere in/);
  await approve.waitFor();
  // The second editor sees what the author saw, place by place.
  await page.getByText("1 text changes").waitFor();
  await page.locator(".goes").getByText("Olena Gammayeva").waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await approve.click();
  await pending().waitFor();
  await untilLive();
  expect(await (await read(addresses.case(other.id))).text()).not.toMatch(
    /gammayeva/i,
  );
  await page.close();
});

test("Where two editors must agree, the second one reads a revision, and returns or approves it", async () => {
  await page.close();
  const { proposal } = await send(
    "Demo Editor One",
    "ua-8-00",
    { case: invented(8) },
    0,
  );
  await openPage("Demo Editor Two");
  await page.getByRole("link", { name: "Waiting for approval" }).click();
  await page.getByRole("link", { name: /Invented case 8/ }).click();
  await page
    .locator(".preview .widget")
    .getByText("Invented Person One")
    .filter({ visible: true })
    .first()
    .waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.getByLabel("What Demo Editor One should know").fill("Say more");
  await button("Send it back to Demo Editor One").click();
  await page.getByText("Nothing waits for a second editor").waitFor();
  await button("Sign out").click();

  await signIn();
  await page.getByRole("link", { name: "Cases", exact: true }).click();
  await page.getByText("Returned by Demo Editor Two: Say more").waitFor();
  await page.locator(`a[href="#/drafts/${proposal}"]`).click();
  await title().fill("Invented case 8, with more");
  await button("Publish …").click();
  await confirm();
  await button("Send UA 8/00 to a second editor").click();
  await page.getByText("You can’t approve your own proposal").waitFor();
  expect(await page.getByRole("button", { name: /^Approve/ }).count()).toBe(0);
  await button("Sign out").click();

  // As when the deadline passes while the proposal waits.
  const late = {
    id: "0123456789abcdef",
    kind: "deadline-passed",
    at: ["/case/action/until"],
    answers: ["still-open"],
  };
  await page.route("**/v1/desk/proposals/*-*", async (route) => {
    const answer = await route.fetch();
    await route.fulfill({
      response: answer,
      json: { ...(await answer.json()), questions: [late] },
    });
  });
  await signIn(page, "Demo Editor Two");
  const approve = button(/^Approve: publish revision 1 to everyone in/);
  await page
    .getByRole("group", { name: "The deadline has passed" })
    .getByText("31 December 2099")
    .waitFor();
  expect(await approve.isDisabled()).toBe(true);
  // What the author confirmed is in words.
  const confirmed = page
    .getByRole("group", { name: "Do these texts agree with the statuses?" })
    .getByRole("checkbox");
  expect([await confirmed.isChecked(), await confirmed.isDisabled()]).toEqual([
    true,
    true,
  ]);
  expect(await axeFindings(page)).toEqual([]);
  await page
    .getByRole("checkbox", { name: "Appeals are still asked for" })
    .check();
  await approve.click();
  await pending()
    .getByText("By Demo Editor One, approved by Demo Editor Two")
    .waitFor();
  await untilLive();

  // A withdrawal within an hour of the erasure above: the second editor sees
  // what readers will find.
  await clientAs().withdraw({ id: "ua-8-00", reason: "safety", basedOn: 1 });
  await page.getByRole("link", { name: /Waiting for approval/ }).click();
  await page.getByRole("link", { name: /Invented case 8/ }).click();
  await page
    .locator(".trace .widget")
    .getByText("We no longer show this case")
    .waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await button("Reject: the case stays").click();
  await page.getByText("Nothing waits for a second editor").waitFor();
  await page.close();
});
