/**
 * Measures how fast followers get an update: at the configured rate, and
 * without a limit.
 *
 * `npm run bench:delivery`. Options: `--followers 10000`, `--paced 16` (seconds at the configured rate; 0 for none).
 */

import { Newsroom } from "../contract/chaos/newsroom.ts";
import { UPDATE } from "../contract/chaos/troubles.ts";
import { commandOptions } from "../support/command-options.ts";
import { cpuUsFor, printTable } from "./figures.ts";

/**
 * The rate of an unconfigured deployment: Telegram's bulk limit less a margin,
 * in messages a second.
 */
const MESSAGES_PER_SECOND = 25;
/**
 * Messages that may be sent at once after a pause; excluded from the measured
 * rate.
 */
const BURST_MESSAGES = 3;
const MAX_SECONDS = 900;

type Drained = Awaited<ReturnType<typeof drained>>;

async function drained(rate: number, followers: number) {
  const newsroom = await Newsroom.open(rate, { calm: true, leaseSeconds: 5 });
  await newsroom.worker.untilLive(await newsroom.publish(1));
  await newsroom.seed(followers);
  const published = await newsroom.publish(2, { asOf: { date: "2000-02-03" } });
  const spentUs = await cpuUsFor(newsroom.worker.pid, async () => {
    await newsroom.worker.untilLive(published);
    // A poll makes the stand-in count all messages, so polls are rare.
    for (
      const deadline = Date.now() + MAX_SECONDS * 1000;
      (await newsroom.arrived()) < followers;
    ) {
      if (Date.now() > deadline)
        throw new Error(
          `${await newsroom.arrived()} of ${followers} messages arrived`,
        );
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  });
  const times = (await newsroom.history())
    .filter(({ text }) => UPDATE.test(text))
    .map(({ at }) => at)
    .sort((a, b) => a - b);
  return {
    newsroom,
    liveAt: Date.parse(published.liveAt),
    times,
    /**
     * CPU time of the Worker's processes for each message, in milliseconds; NaN
     * where it can't be read.
     */
    cpu: spentUs / 1_000 / followers,
  };
}

const perSecond = (times: number[], from: number) =>
  ((times.length - 1 - from) /
    ((times.at(-1) as number) - (times[from] as number))) *
  1000;

/** Time from the moment to the first message, in milliseconds. */
const firstAfter = ({ times, liveAt }: Drained) =>
  (times[0] as number) - liveAt;

const { followers, paced } = commandOptions({ followers: 10_000, paced: 16 });
const rows: string[][] = [];
if (paced > 0) {
  const run = await drained(MESSAGES_PER_SECOND, MESSAGES_PER_SECOND * paced);
  await run.newsroom.close();
  const sustained = perSecond(run.times, BURST_MESSAGES);
  const share = ((sustained / MESSAGES_PER_SECOND) * 100).toFixed(0);
  rows.push([
    `configured ${MESSAGES_PER_SECOND}/s: sustained`,
    `${sustained.toFixed(1)}/s (${share} %), first ${firstAfter(run)} ms after liveAt`,
  ]);
}
const run = await drained(1_000_000, followers);
await run.newsroom.close();
printTable(
  ["what", "figure"],
  [
    ...rows,
    [
      `no limit, ${followers} followers`,
      `${Math.round(perSecond(run.times, 0))}/s`,
    ],
    [
      "CPU of the Worker for each message without a limit",
      `${run.cpu.toFixed(2)} ms`,
    ],
    [
      `the first message to ${followers} followers`,
      `${firstAfter(run)} ms after liveAt`,
    ],
  ],
);
process.exit(0);
