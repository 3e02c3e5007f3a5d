/**
 * The embed guide of a running newsroom, and a partner's page in which its
 * snippets stand under exactly the policy that it gives.
 */
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { demo, ua12619 } from "../shared/cases.ts";
import { closePages, sharedBrowser } from "../support/browser.ts";
import { startWorker, type TestWorker } from "../support/harness.ts";
import { inventedCase } from "../support/invented.ts";
import * as pool from "../support/page-pool.ts";
import { type PartnerSite, partnerSite } from "../support/partner-site.ts";
import { freePort } from "../support/stand-in-process.ts";

export let worker: TestWorker;
export let browser: Browser;
export let partner: PartnerSite;
export let partnerUrl: string;

/** Cases that several files embed, and none changes. */
let published: Promise<unknown> | undefined;
/** In English too long for a desktop's mail address. */
const letter = {
  en: `Dear Minister,\n${"Please. ".repeat(250)}`,
  uk: "Шановний міністре!",
};
const targets = ["one", "two"].map((name) => ({
  name: `Demo Office ${name}`,
  email: `${name}@demo.invalid`,
}));
const soon = new Date(Date.now() + 10 * 24 * 3_600_000)
  .toISOString()
  .slice(0, 10);
const asking = { ...inventedCase(3).action, letter, targets, until: soon };
const embedded = [inventedCase(3, { action: asking }), ua12619, demo];
const publishOnce = () =>
  (published ??= Promise.all(
    embedded.map((fields) => worker.publish(fields).then(worker.untilLive)),
  ));

let started: Promise<TestWorker> | undefined;

/** A deployment with no other cases: a search must find one of these alone. */
function stageWorker(): Promise<TestWorker> {
  started ??= freePort().then((port) =>
    startWorker({ port, env: { PUBLIC_URL: `http://localhost:${port}` } }),
  );
  return started;
}

/**
 * A partner's website beside the newsroom, for the tests of the file that calls
 * it.
 */
export function useGuide(): void {
  beforeAll(async () => {
    [worker, browser, partner] = await Promise.all([
      stageWorker(),
      sharedBrowser(),
      partnerSite(),
    ]);
    partnerUrl = partner.url;
    await publishOnce();
  });

  afterAll(async () => {
    await closePages(browser);
    partner?.close();
  });
}

export const opened = <T>(
  url: string,
  use: (opened: pool.Opened) => Promise<T>,
  options?: BrowserContextOptions,
) => pool.opened(browser, url, use, options);

export const guide = (query = "") => `${worker.url}/embed${query}`;
export const code = (page: Page, within: string, index = 0) =>
  page.locator(`${within} code`).nth(index).textContent();

export const field = (page: Page, name: string) =>
  page.locator(`#choose [name="${name}"]`);

/**
 * Returns the guide's codes for a choice, by the place on the guide. The last
 * code of a place is its policy.
 */
export async function codesOf(
  query: string,
): Promise<Record<string, string[]>> {
  const html = await (
    await fetch(guide(query), { headers: { "Accept-Language": "en" } })
  ).text();
  return opened("about:blank", ({ page }) =>
    page.evaluate((markup) => {
      const guide = new DOMParser().parseFromString(markup, "text/html");
      return Object.fromEntries(
        Array.from(guide.querySelectorAll("#chosen details"), (place) => [
          place.id,
          Array.from(
            place.querySelectorAll("code"),
            (code) => code.textContent,
          ),
        ]),
      );
    }, html),
  );
}

/** Returns the guide's snippets for a choice, each with its policy. */
export async function snippetsOf(query: string) {
  const { html, frame, badge, ...more } = await codesOf(query);
  const [whole, evergreen, pinnedScript, pinnedPolicy] = html as [
    string,
    string,
    string,
    string,
  ];
  const form = (place: string) => ({
    html: more[place]![0]!,
    policy: more[place]!.at(-1)!,
  });
  return {
    html: whole,
    pinned: whole.replace(/<script.*<\/script>/, () => pinnedScript),
    frame: frame![0]!,
    badge: badge![0]!,
    evergreen,
    pinnedPolicy,
    framePolicy: frame!.at(-1)!,
    badgePolicy: badge!.at(-1)!,
    consent: form("consent"),
    server: form("server"),
  };
}

/** Opens the partner's page with this HTML in it. */
export function openWithSnippet<T>(
  html: string | null,
  policy: string | undefined,
  use: (opened: pool.Opened) => Promise<T>,
  options?: BrowserContextOptions,
): Promise<T> {
  partner.show(
    html ?? "",
    policy
      ? { "Content-Security-Policy": `default-src 'none'; ${policy}` }
      : {},
  );
  return opened(partnerUrl, use, options);
}
