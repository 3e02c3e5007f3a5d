/**
 * A deployment without a bot: everything else is served, nothing mentions
 * Telegram, and nobody is told later.
 */
import { readdir } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { addresses, paths } from "../../shared/addresses.ts";
import { ApiError } from "../../worker/editing/contract/client.ts";
import { closePages, sharedBrowser } from "../support/browser.ts";
import { openDesk, signIn } from "../support/desk-page.ts";
import {
  startWorker,
  type TestWorker,
  type WorkerOptions,
} from "../support/harness.ts";
import { inventedCase } from "../support/invented.ts";
import { freePort, spawnStandIn } from "../support/stand-in-process.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { everyAnswer } from "./every-answer.ts";

const first = inventedCase(1);
const { id } = first;
/** The headline of an update. */
const UPDATE = /^DEMO[^\n]*\n[^\n]* · UA 1\/00\n/;
const changed = inventedCase(1, { asOf: { date: "2000-02-03" } });

/** The files of a class's objects, without the runtime's own. */
const objectsOf = async (folder: string, name: string) =>
  (await readdir(folder, { recursive: true })).filter((path) =>
    new RegExp(`${name}/[0-9a-f]{64}\\.sqlite$`).test(path),
  );

let worker: TestWorker;
const [folder, folderOfTheBot] = [temporaryFolder(), temporaryFolder()];

beforeAll(async () => {
  worker = await startWorker({ bot: false, persistTo: folder });
  await worker.untilLive(await worker.publish(first, { notify: "loud" }));
});
afterAll(() => worker?.close());

it("publishes at the moment, and offers no Telegram in any language", async () => {
  await worker.untilLive(await worker.publish(changed, { notify: "loud" }));
  expect(await worker.editor.readCase({ id })).toMatchObject({
    revision: { number: 2 },
  });
  const texts = await everyAnswer(worker, "anyone", [id]);
  for (const path of [
    addresses.embed(id, "en", { variant: "timeline" }),
    addresses.page("ua-9-99", "en"),
    paths.desk,
  ])
    texts.set(path, await (await fetch(worker.url + path)).text());
  // The API's documents describe every deployment, and nothing leads to the
  // page about the bot, which says that there is none.
  const exceptions = [
    paths.openapi,
    paths.docs,
    paths.telegram,
    paths.statusJson,
  ];
  const named = [...texts]
    .filter(([, text]) => /telegram|\bt\.me\b|tg:\/\//i.test(text))
    .map(([address]) => address);
  expect(
    named.filter(
      (address) => !exceptions.some((path) => address.startsWith(path)),
    ),
  ).toEqual([]);
});

it("refuses the webhook and the bot's endpoints, and says so in the health answer", async () => {
  const update = await fetch(worker.url + paths.telegram, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "X-Telegram-Bot-Api-Secret-Token": "anything",
    },
    body: JSON.stringify({ update_id: 1 }),
  });
  expect(update.status).toBe(404);
  expect((await fetch(worker.url + paths.telegram)).status).toBe(404);
  expect(await update.json()).toMatchObject({
    type: "urn:casewire:problem:no-bot",
    status: 404,
  });

  const { editor } = worker;
  for (const call of [
    () => editor.rotateKeys(),
    () => editor.listParked(),
    () => editor.retryParked(),
    () => editor.exportFollowers(),
    () => editor.restoreFollowers({ body: "", type: "application/x-ndjson" }),
  ])
    expect(
      await call().catch(
        (error) => error instanceof ApiError && error.is("no-bot"),
      ),
    ).toBe(true);
  expect(await editor.health()).toMatchObject({
    ok: true,
    outbox: null,
    unshowable: 0,
  });
  expect(await editor.readMe()).toMatchObject({ bot: false });
  const preview = await editor.preview({ body: { base: null, case: first } });
  expect(preview).toMatchObject({ view: { state: "present" }, telegram: null });
});

it("asks its editors nothing about followers", async () => {
  const browser = await sharedBrowser();
  try {
    const complaints: string[] = [];
    const page = await openDesk(browser, worker, complaints);
    await signIn(page, worker.editorToken);
    await page.evaluate((hash) => {
      location.hash = hash;
    }, `#/cases/${id}`);
    await page.getByRole("button", { name: "Write a revision" }).click();
    await page.locator(".preview .widget").waitFor();
    expect(
      await page.locator(".preview .tabs button").allTextContents(),
    ).toEqual([]);
    await page.getByRole("button", { name: "Publish …" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.waitFor();
    for (const part of [page.locator("body"), dialog])
      expect(await part.textContent()).not.toMatch(/telegram|follower/i);
    expect(complaints).toEqual([]);
  } finally {
    await closePages(browser);
  }
});

it("logs nothing and stores nothing for a bot", async () => {
  expect(worker.output()).not.toMatch(/error|dispatcher|telegram/i);
  expect(await objectsOf(folder, "Ledger")).toHaveLength(1);
  expect(await objectsOf(folder, "Dispatcher")).toEqual([]);
});

it("keeps follows while the bot is away, and tells of later moments only when it is back", async () => {
  const withBot: WorkerOptions = {
    port: await freePort(),
    persistTo: folderOfTheBot,
  };
  let running = await startWorker(withBot);
  const { FOLLOWER_KEY, TELEGRAM_API_ROOT } = running.env as Record<
    string,
    string
  >;
  const telegram = await spawnStandIn(running);
  const restart = async (options: WorkerOptions) => {
    await running.close();
    running = await startWorker({ ...withBot, ...options });
  };
  try {
    await running.untilLive(await running.publish(first));
    const chat = telegram.chat(7_301_928);
    await chat.ask("/follow 1/00");
    await chat.press("I understand: follow UA 1/00");
    const told = () =>
      chat
        .messages()
        .then((all) => all.filter(({ text }) => UPDATE.test(text)));
    await chat.until((all) =>
      all.some(({ text }) => text.startsWith("You follow UA 1/00")),
    );

    await restart({ bot: false });
    await running.untilLive(await running.publish(changed, { notify: "loud" }));
    await expect
      .poll(() =>
        fetch(running.url + addresses.case(id)).then((answer) => answer.text()),
      )
      .toContain("2000-02-03");
    expect(running.output()).not.toMatch(/error|dispatcher|telegram/i);

    await restart({
      env: {
        FOLLOWER_KEY: FOLLOWER_KEY!,
        TELEGRAM_API_ROOT: TELEGRAM_API_ROOT!,
      },
    });
    await running.publish(inventedCase(1, { asOf: { date: "2000-03-04" } }), {
      notify: "loud",
      note: { en: "Later" },
    });
    await chat.until((all) => all.some(({ text }) => UPDATE.test(text)));
    const updates = await told();
    expect(updates).toHaveLength(1);
    expect(updates[0]?.text).toMatch(
      /^DEMO[^\n]*\nLater · UA 1\/00\nFacts as of 4 March 2000 [^\n]*\nInvented case 1\n\nFacts/,
    );
    expect(updates[0]?.text).not.toContain("Update 2");
    expect((await chat.ask("/following")).text).toContain("UA 1/00");
  } finally {
    await telegram.close();
    await running.close();
  }
});
