/** Review by a second editor. */
import { expect, test } from "vitest";
import { axeFindings } from "../../axe.ts";
import { editorTokens, startWorker } from "../../harness.ts";
import {
  button,
  clientAs,
  confirm,
  invented,
  openPage,
  page,
  pending,
  send,
  signIn,
  title,
  useDesk,
  worker,
} from "./stage.ts";

useDesk(undefined, () => startWorker({ editors: editorTokens, env: { REVIEW: "two" } }));

test("Where two editors must agree, the second one reads a revision, and returns or approves it", async () => {
  await page.close();
  const { proposal } = await send("Demo Editor One", "ua-8-00", { case: invented(8) }, 0);
  await openPage("Demo Editor Two");
  await page.getByRole("link", { name: "Waiting for approval" }).click();
  await page.getByRole("link", { name: /Invented case 8/ }).click();
  await page.locator(".preview .widget").getByText("Invented Person One").filter({ visible: true }).first().waitFor();
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
    await route.fulfill({ response: answer, json: { ...(await answer.json()), questions: [late] } });
  });
  await signIn(page, "Demo Editor Two");
  const approve = button(/^Approve: publish revision 1 to everyone in 3 s/);
  await page.getByRole("group", { name: "The deadline has passed" }).getByText("31 December 2099").waitFor();
  expect(await approve.isDisabled()).toBe(true);
  // What the author confirmed is in words.
  const confirmed = page.getByRole("group", { name: "Do these texts agree with the statuses?" }).getByRole("checkbox");
  expect([await confirmed.isChecked(), await confirmed.isDisabled()]).toEqual([true, true]);
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole("checkbox", { name: "Appeals are still asked for" }).check();
  await approve.click();
  await pending().getByText("By Demo Editor One, approved by Demo Editor Two").waitFor();
  await page.getByText("Revision 1 has been live everywhere since").waitFor();

  // A second withdrawal within the hour: the second editor sees what readers will find.
  const [one, two] = [clientAs("Demo Editor One"), clientAs("Demo Editor Two")];
  const other = await send("Demo Editor One", "ua-9-00", { case: invented(9) }, 0);
  const { hash } = await two.readProposal({ id: other.proposal });
  await worker.untilLive(await two.approveProposal({ id: other.proposal, basedOn: hash, body: { answers: [] } }));
  await one.withdraw({ id: "ua-8-00", reason: "safety", basedOn: 1 });
  await one.withdraw({ id: "ua-9-00", reason: "safety", basedOn: 1 });
  await page.getByRole("link", { name: /Waiting for approval/ }).click();
  await page.getByRole("link", { name: /Invented case 9/ }).click();
  await page.locator(".trace .widget").getByText("We no longer show this case").waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await button("Reject: the case stays").click();
  await page.getByText("Nothing waits for a second editor").waitFor();
  await page.close();
});
