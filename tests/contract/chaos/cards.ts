/**
 * npm run test:chaos:cards [-- --cards 300] [--kills 10]
 *
 * Shares cards from many chats, changes their case three times, presses buttons, and kills the runtime with `kill -9` at random points,
 * while Telegram is slow, refuses and drops. Then it judges each card's history: the card ends on the newest revision, and went back
 * only where a kill or a lost answer left an edit in flight. Exits with 1 otherwise.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buttonData } from "../../../bot/button-data.ts";
import type { Published } from "../../../worker/editing/rules/desk.ts";
import { MAX_LANES } from "../../../worker/objects/dispatcher/drain.ts";
import { commandOptions } from "../../command-options.ts";
import setup from "../../contract-setup.ts";
import { startWorkerProcess } from "../../harness.ts";
import { inventedCase } from "../../invented.ts";
import { freePort, spawnStandIn } from "../../stand-in-process.ts";

const { cards: count, kills } = commandOptions({ cards: 300, kills: 10 });
/** An edit whose answer was lost is repeated after 15 s. */
const SETTLE_TIME_MS = 20_000;
const SHARERS = 10;
const CHANGES = 3;

const started = Date.now();
const log = (line: string) => console.error(`${((Date.now() - started) / 1000).toFixed(0).padStart(4)} s  ${line}`);
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

await setup();
const folder = await mkdtemp(join(tmpdir(), "casewire-chaos-cards-"));
const port = await freePort();
const settings = {
  telegram: { apiRoot: `http://127.0.0.1:${port}` },
  persistTo: folder,
  env: { TELEGRAM_RATE: "60" } as Record<string, string>,
};
let worker = await startWorkerProcess(settings);
const again = { ...settings, env: worker.env, port: Number(new URL(worker.url).port) };
const { editor } = worker;
const telegram = await spawnStandIn({
  port,
  botToken: worker.env.BOT_TOKEN!,
  webhookUrl: `${worker.url}/telegram`,
  webhookSecret: worker.env.WEBHOOK_SECRET!,
});

async function post<T>(path: string, body: unknown): Promise<T> {
  const answer = await fetch(telegram.root + path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  return (await answer.json()) as T;
}

interface Card {
  text: string;
  edits: { date: number; text: string }[];
}
const read = async (id: string) => (await (await fetch(`${telegram.root}/inline/message?id=${id}`)).json()) as Card;
/** "Update 3" */
const revisionOf = (text: string) => Number(/^(?:Update|Оновлення) (\d+)/m.exec(text)?.[1] ?? 0);

async function publish(number: number): Promise<Published> {
  const published = await editor.publish({
    id: "ua-1-00",
    body: {
      case: inventedCase(1, { asOf: { date: `2000-01-${String(number + 1).padStart(2, "0")}` } }),
      note: { en: "An invented note." },
      kind: "update",
      notify: "none",
    },
    basedOn: number - 1,
  });
  return published as Published;
}

await worker.untilLive(await publish(1));
const ids: string[] = [];
for (let sharer = 0; sharer < SHARERS; sharer++) {
  const user = 7_301_800_000 + sharer;
  const chat = telegram.chat(user);
  await chat.ask("/start share");
  await chat.press("I understand: let me share");
  await chat.until((all) => all.at(-1)!.text.startsWith("You can share now"));
  const { id, results } = await post<{ id: string; results: { id: string }[] }>("/inline/query", {
    text: "1/00",
    user,
  });
  for (let card = 0; card < count / SHARERS; card++)
    ids.push((await post<{ message: string }>("/inline/choose", { query: id, result: results[0]!.id })).message);
}
log(`${ids.length} cards`);

// Telegram behaves differently for each edit: slow, slower, refusing or unreachable.
const troubles = Array.from({ length: ids.length * 6 }, (_, index) => {
  if (index % 40 === 7) return { status: 502, body: { ok: false, error_code: 502, description: "Bad Gateway" } };
  if (index % 40 === 17) return { status: 0 };
  if (index % 400 === 99)
    return {
      status: 429,
      body: { ok: false, error_code: 429, description: "Too Many Requests", parameters: { retry_after: 1 } },
    };
  return { delay: 20 + Math.random() * 200 };
});
await telegram.faults("editMessageText", undefined, troubles);

let pressing = true;
const people = (async () => {
  while (pressing) {
    const message = ids[Math.floor(Math.random() * ids.length)]!;
    const data = Math.random() < 0.5 ? buttonData.card("en", "ua-1-00") : buttonData.cardLanguage("uk", "ua-1-00");
    await post("/inline/press", { message, data, user: 7_301_700_000 + Math.floor(Math.random() * 1_000) });
    await pause(40);
  }
})();

let killed = 0;
for (let number = 2; number < 2 + CHANGES; number++) {
  const published = await publish(number);
  await worker.untilLive(published);
  for (; killed < (kills * (number - 1)) / CHANGES; killed++) {
    await pause(Math.random() * 1_500);
    worker = await worker.again(again, true);
    log(`revision ${number}: kill ${killed + 1} of ${kills}`);
  }
}
const newest = 1 + CHANGES;
for (const deadline = Date.now() + 120_000; Date.now() < deadline; await pause(500)) {
  const behind = (await Promise.all(ids.map(read))).filter(({ text }) => revisionOf(text) < newest).length;
  if (behind === 0) break;
}
pressing = false;
await people;
log("every card shows the newest; waiting for what may land late");
await pause(SETTLE_TIME_MS);
const cards = await Promise.all(ids.map(read));
await worker.close();
await telegram.close();
await rm(folder, { recursive: true, force: true });

const behind = cards.filter(({ text }) => revisionOf(text) !== newest).length;
const back = cards
  .map(({ edits }) =>
    edits.filter(({ text }, index) => index > 0 && revisionOf(text) < revisionOf(edits[index - 1]!.text)),
  )
  .reduce((sum, { length }) => sum + length, 0);
const edits = cards.reduce((sum, card) => sum + card.edits.length, 0);
/** The most edits that a kill can interrupt: one per lane, and one per press. */
const MAX_EDITS_IN_FLIGHT = MAX_LANES + 4;
const allowed = killed * MAX_EDITS_IN_FLIGHT;
console.log(`
| cards | changes | kills | edits that landed | cards not at the newest revision | edits that went back for a moment |
|---:|---:|---:|---:|---:|---:|
| ${cards.length} | ${CHANGES} | ${killed} | ${edits} | ${behind} | ${back} of ${allowed} allowed |`);
process.exit(behind > 0 || back > allowed ? 1 : 0);
