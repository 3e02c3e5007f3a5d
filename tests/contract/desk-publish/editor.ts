/** The Workers, the browser and the signed-in editor of the tests of publishing. */
import { createHash } from "node:crypto";
import type { Browser, Page } from "playwright-core";
import { expect, type TestContext } from "vitest";
import { addresses } from "../../../shared/addresses.ts";
import type { Case } from "../../../shared/case/schema.ts";
import { clientOf } from "../../../worker/editing/contract/client.ts";
import type { Publish } from "../../../worker/editing/rules/publication.ts";
import { closePages, sharedBrowser } from "../../browser.ts";
import * as desk from "../../desk-page.ts";
import { startWorker, type TestWorker } from "../../harness.ts";
import { inventedCase } from "../../invented.ts";

export const tokens = { "Demo Editor One": "invented-token-one", "Demo Editor Two": "invented-token-two" };
type Name = keyof typeof tokens;
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const EDITORS = JSON.stringify(
  Object.fromEntries(Object.entries(tokens).map(([name, token]) => [name, sha256(token)])),
);

/** Each test has its own case. */
export const cases = {
  /** The case that the invented document opens. */
  opened: "ua-126-18",
  shared: "ua-7-00",
  embargoed: "ua-9-00",
  byKeyboard: "ua-10-00",
  onTwoDevices: "ua-11-00",
  redacted: "ua-12-00",
  withdrawn: "ua-13-00",
  logged: "ua-14-00",
  clicked: "ua-15-00",
  inTwoTabs: "ua-16-00",
  mistaken: "ua-17-00",
};

/** A case about an invented person whose name stands in many places. */
const told = inventedCase(12, {
  title: { en: "Demo Alfaiev, held in Demoville", uk: "Демо Алфаєв за ґратами" },
  summary: { en: "Demo Alfaiev was not convicted." },
  people: [
    {
      id: "demo-alfaiev",
      names: [{ value: "Demo Alfaiev", lang: "en", form: "preferred", source: "first" }],
      pronouns: "he/him",
    },
  ],
  events: [],
  action: { ...inventedCase().action, letter: { en: "Free Demo Alfaiev!", uk: "Свободу Демові Алфаєву!" } },
});

export let worker: TestWorker;
/** A Worker that requires a second editor's review. */
export let strict: TestWorker;
let browser: Browser;
/** Demo Editor One is signed in here. */
export let page: Page;
const complaints: string[] = [];

/** Without a translation of its title, which the desk would ask about after each change of it. */
export const invented = (number: number, changes: object = {}) =>
  inventedCase(number, { title: { en: `Invented case ${number}` }, ...changes });
export const read = (path: string, at = worker) => fetch(at.url + path);
export const record = async (id: string) =>
  (await (await read(addresses.case(id))).json()) as { case: Case; revision: any };
export const clientAs = (name: Name, at = worker) => clientOf({ origin: at.url, token: tokens[name] });
export const send = (
  as: Name,
  id: string,
  body: Pick<Publish, "case"> & Partial<Publish>,
  basedOn: number,
  at = worker,
) =>
  clientAs(as, at).publish({
    id,
    body: { kind: "update", notify: "none", note: { en: "A note" }, ...body },
    basedOn,
  }) as Promise<any>;

export const button = (name: string | RegExp) => page.getByRole("button", { name });
export const dialog = () => page.getByRole("dialog");
export const title = (at = page) => at.locator('[id="field/title"] textarea');
export const note = (at = page) => at.locator("#note");
export const pending = () => page.locator(".pending");
export const press = async (keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key);
};
export const saved = (at = page) => at.locator(".saved", { hasText: /^Saved/ }).waitFor();
export const isLive = (number: number) => page.getByText(`Revision ${number} has been live everywhere since`).waitFor();

export const openCase = (id: string) => desk.openCase(page, id);

export async function start(): Promise<void> {
  [worker, strict, browser] = await Promise.all([
    startWorker({ env: { EDITORS } }),
    startWorker({ env: { EDITORS, REVIEW: "two" } }),
    sharedBrowser(),
  ]);
  const places = [{ name: { en: "Demoville" }, iso3166: "PL", source: "first" }];
  await Promise.all([
    send("Demo Editor Two", cases.embargoed, { case: invented(9, { places }) }, 0),
    ...[7, 10, 11, 13, 14, 15, 16, 17].map((number) =>
      send("Demo Editor Two", `ua-${number}-00`, { case: invented(number) }, 0),
    ),
  ]);
  await send("Demo Editor Two", cases.redacted, { case: told }, 0);
  const more = { case: { ...told, asOf: { date: "2000-03-04" } }, kind: "correction" as const };
  await worker.untilLive(await send("Demo Editor Two", cases.redacted, more, 1));
}

/** Opens another page of the desk, before sign-in. */
export const openOther = (options = {}, at = worker) =>
  desk.openDesk(browser, at, complaints, { timezoneId: "Europe/Kyiv", ...options });

export async function openPage(at = worker, name: Name = "Demo Editor One"): Promise<void> {
  page = await openOther({}, at);
  await desk.signIn(page, tokens[name]);
}

/** Goes to the list of cases, on the page of the test before if it left one. */
export const openCases = () => (page && !page.isClosed() ? desk.openList(page) : openPage());

export async function leavePage({ task }: TestContext): Promise<void> {
  await desk.leaveScreen(page, task.result?.state !== "fail");
  expect(complaints.splice(0)).toEqual([]);
}

export async function close(): Promise<void> {
  await closePages(browser);
  await Promise.all([worker?.close(), strict?.close()]);
}
