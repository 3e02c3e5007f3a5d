/**
 * Measures how fast followers get an update: at the configured rate, and without a limit. The baseline for the latter is the
 * simplest possible loop, grammY's `sendMessage` over the same chats, without storage or settings.
 */
import { Api } from "grammy";
import { Newsroom } from "../contract/chaos/newsroom.ts";
import { chatOf, UPDATE } from "../contract/chaos/troubles.ts";

/** The rate of an unconfigured deployment: Telegram's bulk limit less a margin, in messages a second. */
const MESSAGES_PER_SECOND = 25;
/** Messages that may be sent at once after a pause; excluded from the measured rate. */
const BURST_MESSAGES = 3;
const LANES = 4;

export interface DeliveryFigures {
  configured: number;
  /** Messages a second, from the fourth message to the last. */
  sustained: number;
  /** Messages a second without a limit. */
  ceiling: number;
  /** Messages a second of a plain loop, sequential and with as many lanes. */
  loop: number;
  lanes: number;
  /** Time from the moment to the first message, in milliseconds. */
  first: number;
}

async function drained(
  rate: number,
  followers: number,
): Promise<{ newsroom: Newsroom; liveAt: number; times: number[] }> {
  const newsroom = await Newsroom.open(rate, { calm: true });
  await newsroom.untilLive(await newsroom.publish(1));
  await newsroom.seed(followers);
  const published = await newsroom.publish(2, { asOf: { date: "2000-02-03" } });
  await newsroom.untilLive(published);
  while ((await newsroom.arrived()) < followers) await new Promise((resolve) => setTimeout(resolve, 500));
  const times = (await newsroom.history())
    .filter(({ text }) => UPDATE.test(text))
    .map(({ at }) => at)
    .sort((a, b) => a - b);
  return { newsroom, liveAt: Date.parse(published.liveAt), times };
}

const perSecond = (times: number[], from: number) =>
  ((times.length - 1 - from) / ((times.at(-1) as number) - (times[from] as number))) * 1000;

/** @returns messages a second */
async function plainLoop(newsroom: Newsroom, followers: number, lanes: number): Promise<number> {
  const api = new Api(newsroom.env.BOT_TOKEN as string, { apiRoot: newsroom.telegram });
  const text = (await newsroom.history()).find((message) => UPDATE.test(message.text))?.text ?? "";
  let next = 0;
  const lane = async () => {
    for (let index = next++; index < followers; index = next++) await api.sendMessage(chatOf(index), text);
  };
  const begun = performance.now();
  await Promise.all(Array.from({ length: lanes }, lane));
  return (followers / (performance.now() - begun)) * 1000;
}

/** @param followers number of followers in the run without a limit; the configured rate is measured for 16 s */
export async function deliveryFigures(followers: number): Promise<DeliveryFigures> {
  const paced = await drained(MESSAGES_PER_SECOND, MESSAGES_PER_SECOND * 16);
  await paced.newsroom.close();
  const unlimited = await drained(1_000_000, followers);
  const loop = await plainLoop(unlimited.newsroom, followers, 1);
  const lanes = await plainLoop(unlimited.newsroom, followers, LANES);
  await unlimited.newsroom.close();
  return {
    configured: MESSAGES_PER_SECOND,
    sustained: perSecond(paced.times, BURST_MESSAGES),
    ceiling: perSecond(unlimited.times, 0),
    loop,
    lanes,
    first: (paced.times[0] as number) - paced.liveAt,
  };
}
