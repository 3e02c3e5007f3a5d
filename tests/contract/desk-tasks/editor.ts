/** The Worker, the browser and the signed-in editor of the tests of the desk's tasks. */
import type { Browser, Page } from "playwright-core";
import { expect, type TestContext } from "vitest";
import { closePages, sharedBrowser } from "../../browser.ts";
import * as desk from "../../desk-page.ts";
import { startWorker, type TestWorker } from "../../harness.ts";

export let worker: TestWorker;
export let page: Page;
let browser: Browser;
const complaints: string[] = [];

export const button = (name: string | RegExp) => page.getByRole("button", { name });
export const field = (pointer: string) => page.locator(`[id="field${pointer}"]`);
export const dialog = () => page.getByRole("dialog");

export const openCase = (id: string) => desk.openCase(page, id);

export const draftOf = async (id: string) => {
  const entry = (await worker.editor.listDrafts()).drafts.find((one) => one.case === id);
  return entry && (await worker.editor.readDraft({ id: entry.id })).draft;
};

export async function start(): Promise<void> {
  [worker, browser] = await Promise.all([startWorker(), sharedBrowser()]);
}

export async function openPage(): Promise<void> {
  if (page && !page.isClosed()) return desk.openList(page);
  page = await desk.openDesk(browser, worker, complaints);
  await desk.signIn(page, worker.editorToken);
}

export async function leavePage({ task }: TestContext): Promise<void> {
  await desk.leaveScreen(page, task.result?.state !== "fail");
  expect(complaints.splice(0)).toEqual([]);
}

export async function close(): Promise<void> {
  await closePages(browser);
  await worker?.close();
}
