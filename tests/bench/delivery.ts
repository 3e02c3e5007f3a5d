/**
 * Measures how fast followers get an update of the demo case in Ukrainian: at the configured rate, and without a limit. The baseline
 * for the latter is the simplest possible loop, grammY's `sendMessage` of the same message to the same chats, without storage or
 * settings.
 *
 * `npm run bench:delivery` measures only this. Options: `--followers 10000`, `--paced 16` (seconds at the configured rate; 0 for none),
 * `--first` (only how soon after the moment the first message leaves).
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Api } from "grammy";
import * as v from "valibot";
import { Case } from "../../shared/case/schema.ts";
import { MAX_LANES } from "../../worker/objects/dispatcher/drain.ts";
import { commandOptions } from "../command-options.ts";
import { Newsroom } from "../contract/chaos/newsroom.ts";
import { root } from "../root.ts";
import { cpuMsOf } from "./figures.ts";
import { followerOf, followersFile } from "./followers-file.ts";

/** The rate of an unconfigured deployment: Telegram's bulk limit less a margin, in messages a second. */
const MESSAGES_PER_SECOND = 25;
/** Messages that may be sent at once after a pause; excluded from the measured rate. */
const BURST_MESSAGES = 3;
const LANGUAGE = "uk";
/** Matches an update in that language. */
const UPDATE = /^Вигадана справа: троє/;
const MAX_SECONDS = 900;

export interface DeliveryFigures {
  configured: number;
  /** Messages a second, from the fourth message to the last. */
  sustained: number;
  /** Messages a second without a limit. */
  ceiling: number;
  /** Messages a second of a plain loop, sequential and with as many lanes. */
  loop: number;
  lanes: number;
  /** Time from the moment to the first message, in milliseconds, at the configured rate and without a limit. */
  first: number;
  firstOfMany: number;
  /** CPU time of the Worker for each message without a limit, in milliseconds. */
  cpu: number;
}

interface Drained {
  newsroom: Newsroom;
  liveAt: number;
  times: number[];
  /** CPU time of the Worker's processes for each message, in milliseconds; NaN where it can't be read. */
  cpu: number;
}

/** @param awaited how many messages to wait for */
async function drained(rate: number, followers: number, awaited = followers): Promise<Drained> {
  const demo = JSON.parse(await readFile(join(root, "worker/tools/local/cases/ua-0-00.json"), "utf8"));
  const fields = v.parse(Case, demo);
  const newsroom = await Newsroom.open(rate, { calm: true, fields, leaseSeconds: 5, update: UPDATE });
  await newsroom.untilLive(await newsroom.publish(1));
  await newsroom.restoreFollowers(await followersFile(followers, newsroom.env.FOLLOWER_KEY ?? "", fields.id, LANGUAGE));
  const published = await newsroom.publish(2, { asOf: { ...fields.asOf, date: "2026-11-21" } });
  const cpu = () => cpuMsOf(newsroom.pid).catch(() => Number.NaN);
  const before = await cpu();
  await newsroom.untilLive(published);
  // A poll makes the stand-in count all messages, so polls are rare.
  for (const deadline = Date.now() + MAX_SECONDS * 1000; (await newsroom.arrived()) < awaited; ) {
    if (Date.now() > deadline) throw new Error(`${await newsroom.arrived()} of ${awaited} messages arrived`);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  const spent = (await cpu()) - before;
  const times = (await newsroom.history())
    .filter(({ text }) => UPDATE.test(text))
    .map(({ at }) => at)
    .sort((a, b) => a - b);
  return { newsroom, liveAt: Date.parse(published.liveAt), times, cpu: spent / followers };
}

const perSecond = (times: number[], from: number) =>
  ((times.length - 1 - from) / ((times.at(-1) as number) - (times[from] as number))) * 1000;

/** Time from the moment to the first message, in milliseconds. */
const firstAfter = ({ times, liveAt }: Drained) => (times[0] as number) - liveAt;

/** @returns messages a second */
async function plainLoop(newsroom: Newsroom, followers: number, lanes: number): Promise<number> {
  const api = new Api(newsroom.env.BOT_TOKEN as string, { apiRoot: newsroom.telegram });
  const message = (await newsroom.firstUpdate()) as Parameters<Api["raw"]["sendMessage"]>[0];
  let next = 0;
  const lane = async () => {
    for (let index = next++; index < followers; index = next++)
      await api.raw.sendMessage({ ...message, chat_id: followerOf(index) });
  };
  const begun = performance.now();
  await Promise.all(Array.from({ length: lanes }, lane));
  return (followers / (performance.now() - begun)) * 1000;
}

/** The drain without a limit. @returns messages a second, of a plain loop too, and CPU of the Worker for each message in milliseconds */
export async function drainFigures(followers: number): Promise<{ rate: number; loop: number; cpu: number }> {
  const { newsroom, times, cpu } = await drained(1_000_000, followers);
  const loop = await plainLoop(newsroom, followers, 1);
  await newsroom.close();
  return { rate: perSecond(times, 0), loop, cpu };
}

/**
 * @param followers number of followers in the run without a limit
 * @param pacedSeconds how long the configured rate is measured
 */
export async function deliveryFigures(followers: number, pacedSeconds = 16): Promise<DeliveryFigures> {
  const paced = pacedSeconds > 0 ? await drained(MESSAGES_PER_SECOND, MESSAGES_PER_SECOND * pacedSeconds) : null;
  await paced?.newsroom.close();
  const unlimited = await drained(1_000_000, followers);
  const looped = Math.min(followers, 10_000);
  const loop = await plainLoop(unlimited.newsroom, looped, 1);
  const lanes = await plainLoop(unlimited.newsroom, looped, MAX_LANES);
  await unlimited.newsroom.close();
  return {
    configured: MESSAGES_PER_SECOND,
    sustained: paced ? perSecond(paced.times, BURST_MESSAGES) : Number.NaN,
    ceiling: perSecond(unlimited.times, 0),
    loop,
    lanes,
    first: paced ? firstAfter(paced) : Number.NaN,
    firstOfMany: firstAfter(unlimited),
    cpu: unlimited.cpu,
  };
}

/** Rows of a Markdown table. */
export function deliveryRows(followers: number, figures: DeliveryFigures): string {
  const { configured, sustained, ceiling, loop, lanes, first, firstOfMany, cpu } = figures;
  const whole = (figure: number) => Math.round(figure);
  return [
    ...(Number.isNaN(sustained)
      ? []
      : [
          `| Telegram, configured ${configured}/s: sustained | ${sustained.toFixed(1)}/s (${((sustained / configured) * 100).toFixed(0)} %), first ${first} ms after liveAt |`,
        ]),
    `| Telegram, no limit, ${followers} followers: the drain; grammY in a loop; on as many lanes; drain to loop | ${whole(ceiling)}, ${whole(loop)}, ${whole(lanes)}/s; ${(ceiling / loop).toFixed(2)} |`,
    `| CPU of the Worker for each message without a limit | ${cpu.toFixed(2)} ms |`,
    `| The first message to ${followers} followers, which goes to a channel | ${firstOfMany} ms after liveAt |`,
  ].join("\n");
}

if (import.meta.main) {
  const { followers, paced, first } = commandOptions({ followers: 10_000, paced: 16, first: false });
  if (first) {
    const run = await drained(MESSAGES_PER_SECOND, followers, 1);
    console.log(
      `the first message to ${followers} followers, which goes to a channel: ${firstAfter(run)} ms after liveAt`,
    );
    await run.newsroom.close();
    process.exit(0);
  }
  const figures = await deliveryFigures(followers, paced);
  console.log(`| what | figure |\n|---|---|\n${deliveryRows(followers, figures)}`);
  process.exit(0);
}
