/**
 * The desk in a real browser, with an editor who is signed in, for the tests of
 * this folder. Each test has cases of its own.
 */
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { addresses } from "../../../shared/addresses.ts";
import type { Case } from "../../../shared/case/schema.ts";
import { clientOf } from "../../../worker/editing/contract/client.ts";
import type { Publish } from "../../../worker/editing/rules/publication.ts";
import { closePages, sharedBrowser } from "../../support/browser.ts";
import { publishConfirmed } from "../../support/confirming.ts";
import * as desk from "../../support/desk-page.ts";
import {
  editorTokens,
  sharedWorker,
  type TestWorker,
} from "../../support/harness.ts";
import { inventedCase } from "../../support/invented.ts";

type Name = keyof typeof editorTokens;

export let worker: TestWorker;
export let browser: Browser;
/** Demo Editor One is signed in here. */
export let page: Page;
/** Errors in the browser's console. A test that expects some takes them out. */
export const complaints: string[] = [];

/**
 * Without a translation of its title, which the desk would ask about after each
 * change of it.
 */
export const invented = (number: number, changes: object = {}) =>
  inventedCase(number, {
    title: { en: `Invented case ${number}` },
    ...changes,
  });
export const read = (path: string) => fetch(worker.url + path);
export const record = async (id: string) =>
  (await (await read(addresses.case(id))).json()) as {
    case: Case;
    revision: any;
  };
export const clientAs = (name: Name = "Demo Editor One") =>
  clientOf({ origin: worker.url, token: editorTokens[name] });
export const send = (
  as: Name,
  id: string,
  body: Pick<Publish, "case"> & Partial<Publish>,
  basedOn: number,
) =>
  publishConfirmed(clientAs(as), {
    id,
    body: { kind: "update", notify: "none", note: { en: "A note" }, ...body },
    basedOn,
  }) as Promise<any>;
/** Publishes first revisions as somebody else. */
export const sendAll = (cases: Case[]) =>
  Promise.all(
    cases.map((fields) =>
      send("Demo Editor Two", fields.id, { case: fields }, 0).then(
        worker.untilLive,
      ),
    ),
  );
export const draftOf = async (id: string) => {
  const client = clientAs();
  const entry = (await client.listDrafts()).drafts.find(
    (one) => one.case === id,
  );
  return entry && (await client.readDraft({ id: entry.id })).draft;
};

export const button = (name: string | RegExp) =>
  page.getByRole("button", { name });
export const dialog = () => page.getByRole("dialog");
/** The ids of fields are their JSON Pointers. */
export const field = (pointer: string) =>
  page.locator(`[id="field${pointer}"]`);
export const title = (at = page) => at.locator('[id="field/title"] textarea');
export const note = (at = page) => at.locator("#note");
export const pending = () => page.locator(".pending");
export const press = async (keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key);
};
export const saved = (at = page) =>
  at.locator(".saved", { hasText: /^Saved/ }).waitFor();
export const isLive = (number: number) =>
  page.getByText(`Revision ${number} has been live everywhere since`).waitFor();
export const openCase = (id: string) => desk.openCase(page, id);
/** Confirms the questions of the publish dialog. */
export const confirm = (at = page) => desk.confirmQuestions(at);

/** Opens another page of the desk, before sign-in. */
export const openOther = (options = {}) =>
  desk.openDesk(browser, worker, complaints, {
    timezoneId: "Europe/Kyiv",
    ...options,
  });

export async function openSignIn(): Promise<void> {
  await page?.close();
  page = await openOther();
  await page.locator("#token").waitFor();
}

export const signIn = (at = page, name: Name = "Demo Editor One") =>
  desk.signIn(at, editorTokens[name]);

export async function openPage(name?: Name): Promise<void> {
  await openSignIn();
  await signIn(page, name);
}

/**
 * Before each test of the file, an editor sees the list of cases, on the page
 * of the test before if that left one.
 * @param prepare publishes cases
 * @param start another deployment than the one that files share
 */
export function useDesk(
  prepare?: () => Promise<unknown>,
  start = sharedWorker,
): void {
  beforeAll(async () => {
    [worker, browser] = await Promise.all([start(), sharedBrowser()]);
    await prepare?.();
  });
  beforeEach(async () => {
    const isOpen =
      page &&
      !page.isClosed() &&
      (await page.locator("header .who bdi").count()) > 0;
    await (isOpen ? desk.openList(page) : openPage());
  });
  afterEach(async ({ task }) => {
    await desk.leaveScreen(page, task.result?.state !== "fail");
    expect(complaints.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await closePages(browser);
    if (start !== sharedWorker) await worker?.close();
  });
}
