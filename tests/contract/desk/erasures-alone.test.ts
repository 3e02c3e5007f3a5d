/** Erasures where two editors must agree: one an hour is one editor's own. Until its moment, it can be undone. */
import { expect, test } from "vitest";
import { addresses } from "../../../shared/addresses.ts";
import { axeFindings } from "../../axe.ts";
import { editorTokens, startWorker } from "../../harness.ts";
import {
  button,
  clientAs,
  dialog,
  invented,
  openCase,
  openPage,
  page,
  pending,
  read,
  send,
  useDesk,
  worker,
} from "./stage.ts";

/** No machine is so slow that a press on Undo comes later. */
const LEASE_SECONDS = 120;
const untilLive = () => worker.timePasses((LEASE_SECONDS + 3) * 1000);

const person = (name: string) => ({
  id: name.toLowerCase().replace(" ", "-"),
  names: [{ value: name, lang: "en", form: "preferred", source: "first" }],
  pronouns: null,
});
const told = invented(12, { people: [person("Demo Alfaiev")], summary: { en: "Demo Alfaiev was held." }, events: [] });
const other = invented(13, {
  people: [person("Olena Gammayeva")],
  summary: { en: "Olena Gammayeva knew Demo Alfaiev." },
  events: [],
});

useDesk(
  async () => {
    for (const fields of [told, other]) {
      const { proposal } = await send("Demo Editor One", fields.id, { case: fields }, 0);
      const second = clientAs("Demo Editor Two");
      const { hash } = await second.readProposal({ id: proposal });
      await second.approveProposal({ id: proposal, basedOn: hash, body: { answers: [] } });
    }
    await untilLive();
  },
  () => startWorker({ editors: editorTokens, env: { REVIEW: "two" }, leaseSeconds: LEASE_SECONDS, clock: true }),
);

const erase = async (id: string, label: string) => {
  await openCase(id);
  await button("Erase …").click();
  await dialog().getByLabel(label).check();
  await button("Continue: what will be erased").click();
};
const inOther = (answer: string) =>
  dialog().getByRole("group", { name: "Erase it in UA 13/00 too?" }).getByLabel(answer).check();
const confirm = async (id: string) => {
  await button("Continue: the last step").click();
  await page.getByLabel(`Type ${id} to confirm`).fill(id);
};

test("One editor alone erases at once and can undo it in all cases; the next erasure waits for a second editor", async () => {
  const before = await Promise.all([told, other].map(({ id }) => clientAs().readDeskCase({ id })));
  await erase(told.id, "Demo Alfaiev");
  await inOther("Yes, it goes too");
  await confirm(told.id);
  await dialog().getByText("This doesn’t wait for a second editor. You can do that once an hour.").waitFor();
  await button(/^Erase it everywhere in/).click();
  await pending().waitFor();
  expect((await clientAs().readDeskCase({ id: other.id })).pending).toHaveLength(1);
  await pending().getByText("Everything stays as it is, in other cases too.").waitFor();
  await button("Undo revision 2").click();
  await pending().waitFor({ state: "detached" });
  for (const { case: fields } of before) {
    const now = await clientAs().readDeskCase({ id: fields?.id ?? "" });
    expect(now).toMatchObject({ case: fields, pending: [] });
  }

  await erase(told.id, "Demo Alfaiev");
  await inOther("No, it stays");
  await confirm(told.id);
  await button(/^Erase it everywhere in/).click();
  await pending().waitFor();
  await page.getByText("Nobody is left in this case, but its action still asks").waitFor();
  await untilLive();
  expect(await (await read(addresses.case(told.id))).text()).not.toMatch(/alfaiev/i);

  await openCase(other.id);
  await button("Erase …").click();
  await button("Take down the whole case …").click();
  await dialog().getByText("You erased something or took a case down within the last hour").waitFor();
  await page.keyboard.press("Escape");
  await erase(other.id, "Olena Gammayeva");
  await confirm(other.id);
  await dialog().getByText("You erased something or took a case down within the last hour").waitFor();
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
  expect(await (await read(addresses.case(other.id))).text()).not.toMatch(/gammayeva/i);
  await page.close();
});
