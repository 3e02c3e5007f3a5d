/**
 * Pages that tests use one after another, because a new page costs a process: a
 * tenth of a second or more of the processor.
 */
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { testClock } from "./clock.ts";

export interface LentPage {
  page: Page;
  /** Errors and policy violations in the browser's console. */
  complaints: string[];
  giveBack(): Promise<void>;
}

interface Kept {
  page: Page;
  complaints: string[];
  /**
   * True if the page has a setting that lasts longer than its document. Such a
   * page is closed.
   */
  isChanged: boolean;
}

const lasting = [
  "addInitScript",
  "emulateMedia",
  "exposeBinding",
  "exposeFunction",
  "on",
  "route",
  "routeWebSocket",
  "setExtraHTTPHeaders",
] as const;

const DEFAULT_SIZE = { width: 1280, height: 720 };

/**
 * The free pages of each browser, by the options of their context, of which the
 * size can be changed.
 */
const free = new WeakMap<Browser, Record<string, Kept[]>>();

/**
 * Options of a context, and whether its pages live on the day of the tests
 * (`support/clock.ts`).
 */
export type PageOptions = BrowserContextOptions & { isOnTestDay?: boolean };

async function newPage(
  browser: Browser,
  { isOnTestDay, ...options }: PageOptions,
): Promise<Kept> {
  const context = await browser.newContext(options);
  if (isOnTestDay)
    await context.addInitScript(testClock.script, testClock.offsetMs);
  const page = await context.newPage();
  const kept: Kept = { page, complaints: [], isChanged: false };
  page.on("pageerror", (error) => kept.complaints.push(String(error)));
  page.on("console", (message) => {
    // Chromium requests the favicon by itself, and a partner's policy forbids
    // it.
    if (message.type() === "error" && !message.text().includes("favicon"))
      kept.complaints.push(message.text());
  });
  const watch = <T extends object>(owner: T, name: keyof T) => {
    const method = owner[name] as (...values: unknown[]) => unknown;
    owner[name] = ((...values: unknown[]) => {
      kept.isChanged = true;
      return method.apply(owner, values);
    }) as T[keyof T];
  };
  for (const name of lasting) watch(page, name);
  watch(page.clock, "install");
  return kept;
}

export type Opened = Omit<LentPage, "giveBack">;

/** Opens a URL in a lent page. */
export async function opened<T>(
  browser: Browser,
  url: string,
  use: (opened: Opened) => Promise<T>,
  options: BrowserContextOptions = {},
): Promise<T> {
  const { giveBack, ...lent } = await lendPage(browser, options);
  try {
    await lent.page.goto(url);
    return await use(lent);
  } finally {
    await giveBack();
  }
}

/**
 * Lends an empty page in a context with these options. Its cookies and storage
 * are those of earlier tests, which store nothing.
 */
export async function lendPage(
  browser: Browser,
  { viewport, ...options }: PageOptions = {},
): Promise<LentPage> {
  const pages = free.get(browser) ?? {};
  free.set(browser, pages);
  const key = JSON.stringify(options);
  const same = pages[key] ?? [];
  pages[key] = same;
  let kept = same.pop();
  // Each file closes its pages at its end.
  while (kept?.page.isClosed()) kept = same.pop();
  kept ??= await newPage(browser, options);
  const { page } = kept;
  const size = viewport ?? DEFAULT_SIZE;
  if (JSON.stringify(page.viewportSize()) !== JSON.stringify(size))
    await page.setViewportSize(size);
  kept.complaints = [];
  return {
    page,
    complaints: kept.complaints,
    async giveBack() {
      const context = page.context();
      if (kept.isChanged || page.isClosed()) return context.close();
      try {
        await Promise.all(
          context.pages().map((each) => each !== page && each.close()),
        );
        await page.goto("about:blank");
        same.push(kept);
      } catch {
        await context.close();
      }
    },
  };
}
