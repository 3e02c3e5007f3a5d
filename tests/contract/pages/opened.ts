/** The Worker, the browser and the cases of the tests of pages. */
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import type { Case } from "../../../shared/case/schema.ts";
import type { PublishedRevision } from "../../../worker/editing/rules/desk.ts";
import { demo, ua12619 as real } from "../../shared/cases.ts";
import { closePages, sharedBrowser } from "../../support/browser.ts";
import { eraseSeen } from "../../support/erasing.ts";
import { startWorker, type TestWorker } from "../../support/harness.ts";
import { inventedCase } from "../../support/invented.ts";
import { ahead } from "../../support/next-year.ts";
import * as pool from "../../support/page-pool.ts";
import { freePort } from "../../support/stand-in-process.ts";

export { demo, real };
export const HOSTILE = `</script></title></style>"'><img src=x onerror=alert(1)>&amp;]]>`;

/** Put into every text that an editor can write. */
function hostileCase(): Case {
  const text = { en: HOSTILE };
  const fields = structuredClone(inventedCase(8)) as any;
  Object.assign(fields, { title: text, summary: text, issuer: HOSTILE });
  fields.people[0].names[0].value = HOSTILE;
  fields.people[0].role = text;
  fields.people[0].custody.statedBy = `${HOSTILE} too`;
  fields.events[0].text = text;
  fields.places = [{ name: text, status: text, source: "first" }];
  fields.documents[0].title = HOSTILE;
  fields.action = { state: "active", request: text };
  fields.quotations = [
    {
      text: HOSTILE,
      lang: "en",
      speaker: HOSTILE,
      occasion: text,
      source: "first",
    },
  ];
  fields.assessments = [{ text, by: HOSTILE, source: "first" }];
  fields.rights.text = text;
  return fields;
}

export let worker: TestWorker;
export let browser: Browser;
export let redaction: PublishedRevision;
export let withdrawal: PublishedRevision;

export const read = async (path: string) =>
  (await fetch(worker.url + path)).text();

export async function open(): Promise<void> {
  const port = await freePort();
  [worker, browser] = await Promise.all([
    startWorker({ port, env: { PUBLIC_URL: `http://localhost:${port}` } }),
    sharedBrowser(),
  ]);
  const linked = inventedCase(3, {
    authorities: ["TR"],
    links: [{ name: "An archive", href: "https://example.org/case-three" }],
  });
  await Promise.all(
    [linked, ...[4, 5].map((number) => inventedCase(number)), real].map(
      (fields) => worker.publish(fields),
    ),
  );
  const hostile = hostileCase();
  await worker.publish(hostile, { note: { en: HOSTILE } });
  await worker.publish(demo, {
    note: { en: "First version here", uk: "Перша версія тут" },
  });
  const second = structuredClone(demo);
  second.people[1]!.custody!.value = "released";
  await worker.publish(second, {
    note: { en: "Demo Person Two was released" },
  });
  const third = structuredClone(second);
  third.people[1]!.custody!.value = "house-arrest";
  third.action = { ...third.action, state: "closed" };
  third.title.en = "Demo: a title that was corrected";
  third.events[0]!.date = { date: "2026-09-02" };
  await worker.untilLive(
    await worker.publish(third, {
      kind: "correction",
      note: { en: "Revision 2 was mistaken" },
    }),
  );
  const named = inventedCase(4);
  redaction = await eraseSeen(worker.editor, named.id, [
    { what: "person", person: named.people[0]!.id },
  ]);
  await worker.publish(third, {
    liveAt: ahead,
    note: { en: "Secret until its moment" },
  });
  withdrawal = await worker.withdraw("ua-5-00");
}

export async function close(): Promise<void> {
  await closePages(browser);
  await worker?.close();
}

/** Addresses that say what nobody should. */
export const hostile = [
  `/?q=${encodeURIComponent(HOSTILE)}`,
  `/?cursor=${encodeURIComponent(HOSTILE)}`,
  `/cases/${encodeURIComponent(HOSTILE.replaceAll("/", ""))}`,
];

/** One path per kind of page, without a language. */
export const kinds = [
  "/",
  "/?q=demo",
  "/?q=nobody",
  "/cases/ua-0-00",
  "/cases/ua-126-19",
  "/cases/ua-8-00",
  "/cases/ua-0-00/revisions/1",
  "/cases/ua-0-00/revisions/3",
  "/cases/ua-0-00/revisions/99",
  "/cases/ua-4-00/revisions/1",
  "/cases/ua-9-99",
  "/imprint",
  "/privacy",
  "/terms",
  ...hostile,
  "/embed/ua-0-00",
  "/embed/ua-9-99",
  "/embed/ua-126-19?variant=compact",
  "/embed/ua-9-99?variant=compact",
];
export const inLanguage = (path: string, lang: string) =>
  `${path}${path.includes("?") ? "&" : "?"}lang=${lang}`;

export const opened = <T>(
  path: string,
  use: (page: Page) => Promise<T>,
  options?: BrowserContextOptions,
): Promise<T> =>
  pool.opened(browser, worker.url + path, ({ page }) => use(page), options);
