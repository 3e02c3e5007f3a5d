/** One run: followers, an update, and kills at random points from its commit to its last message. */
import { type Judgement, judge } from "./judge.ts";
import type { Newsroom } from "./newsroom.ts";
import { chatOf, UPDATE } from "./troubles.ts";

export interface RunOptions {
  followers: number;
  kills: number;
  /** Messages a second. */
  rate: number;
  /** How long the rest of the drain may take after the last kill, in milliseconds. */
  patience: number;
  say?: (line: string) => void;
}

export interface Run extends Judgement {
  /** Kills that came while messages were still to be sent. */
  kills: number;
  /** How long after its moment the first and the last message arrived, in milliseconds. */
  first: number;
  last: number;
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** @param newsroom with its followers already there */
export async function run(
  newsroom: Newsroom,
  { followers, kills, rate, patience, say = () => {} }: RunOptions,
): Promise<Run> {
  const published = await newsroom.publish(2, { asOf: { date: "2000-02-03" } });
  const sent = async () => (await newsroom.history()).filter(({ text }) => UPDATE.test(text)).length;
  const crash = async (where: string) => {
    say(`kill ${newsroom.kills + 1} of ${kills}: ${where}`);
    await newsroom.crash();
  };
  // The moment itself must survive a crash between commit and liveAt.
  if (kills > 0) await crash("committed, not live yet");
  await newsroom.untilLive(published);
  const between = (followers / rate / kills) * 1000;
  while (newsroom.kills < kills) {
    const before = await sent();
    // Beginning with a message on its way: a process that is killed before it sends anything proves little.
    for (let waited = 0; waited < 5_000 && (await sent()) === before; waited += 20) await pause(20);
    await pause(Math.random() * between * 1.2);
    if ((await newsroom.health()).outbox.depth === 0) break;
    await crash(`${await sent()} messages in Telegram`);
  }
  await newsroom.untilDelivered(patience);
  const history = await newsroom.history();
  const times = history.filter(({ text }) => UPDATE.test(text)).map(({ at }) => at - Date.parse(published.liveAt));
  return {
    ...judge(history, followers, newsroom.kills),
    kills: newsroom.kills,
    first: Math.min(...times),
    last: Math.max(...times),
  };
}

/** Every id that must appear nowhere. */
export const idsOf = (followers: number) => Array.from({ length: followers }, (_, index) => chatOf(index));
