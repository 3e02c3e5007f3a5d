/**
 * The stage of the widget's tests: the browser, and for each test its own
 * newsroom with the demo case.
 */
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { closePages, sharedBrowser } from "../support/browser.ts";
import {
  demoCase,
  inState,
  Newsroom,
  present,
  scriptOf,
  type Visit,
  type VisitOptions,
  visit,
  widgetOf,
} from "./newsroom.ts";

export let browser: Browser;
export let newsroom: Newsroom;
const closing: (() => Promise<unknown>)[] = [];

/**
 * Registers the hooks of a file. They aren't registered by the import: files
 * that run one after another in a process share this module, which is evaluated
 * for the first of them only.
 */
export function useStage(): void {
  beforeAll(async () => {
    browser = await sharedBrowser();
  });
  afterAll(() => closePages(browser));
  beforeEach(async () => {
    newsroom = await new Newsroom().open();
    newsroom.cases.set(demoCase.id, present(1));
  });
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
    await newsroom.close();
  });
}

/** Registers what a test has opened, to be closed after the test. */
export const closeAfterTest = (...closes: (() => Promise<unknown>)[]): void =>
  void closing.push(...closes);

/** Opens a partner's page with this body, closed after the test. */
export async function open(
  html: string,
  options?: VisitOptions,
): Promise<Visit> {
  const opened = await visit(browser, newsroom, html, options);
  closeAfterTest(opened.close);
  return opened;
}

/**
 * Opens a partner's page with script and widget, and waits until the case is
 * shown.
 */
export async function show(
  attributes = "",
  options?: VisitOptions,
): Promise<Visit> {
  const opened = await open(
    script() + widgetOf(`case="${demoCase.id}" lang="en" ${attributes}`),
    options,
  );
  await inState(opened.page, "ready");
  return opened;
}

/** As `show`, with a socket that has answered. */
export async function connect(
  attributes = "",
  options?: VisitOptions,
): Promise<Visit> {
  const opened = await show(attributes, options);
  await expect.poll(() => newsroom.openSockets).toBe(1);
  return opened;
}

/** Tells a page that its line is lost or back. */
export const tell = (
  page: Page,
  event: "offline" | "online",
): Promise<boolean> =>
  page.evaluate((name) => dispatchEvent(new Event(name)), event);

/** Cuts a page off: what it asks stays unanswered. */
export async function goOffline(page: Page): Promise<void> {
  Object.assign(newsroom, { fetching: "frozen", sockets: "refused" });
  await tell(page, "offline");
}

/** The script of this test's newsroom. */
export const script = (): string => scriptOf(newsroom);

export const cards = (page: Page) => page.locator("case-status article");
/** Returns the first card on a page. */
export const card = (page: Page) => cards(page).first();
export const textOf = async (page: Page): Promise<string> =>
  (await card(page).textContent()) ?? "";
