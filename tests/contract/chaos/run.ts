/**
 * One run: followers, an update, and kills at random points between its commit
 * and its last message.
 */
import { setTimeout as pause } from "node:timers/promises";
import { judge, notEmptied, notMarked } from "./judge.ts";
import { killPoints } from "./killed-newsroom.ts";
import type { Newsroom } from "./newsroom.ts";
import { chatOf, EMPTIED, MARKED, UPDATE } from "./troubles.ts";

export interface RunOptions {
  followers: number;
  kills: number;
  /** Limit for sending the rest after the last kill, in milliseconds. */
  patience: number;
  say?: (line: string) => void;
}

/** @param newsroom with its followers already added */
export async function run(
  newsroom: Newsroom,
  { followers, kills, patience, say = () => {} }: RunOptions,
) {
  const published = await newsroom.publish(2, { asOf: { date: "2000-02-03" } });
  const crash = async (where: string) => {
    say(`kill ${newsroom.kills + 1} of ${kills}: ${where}`);
    await newsroom.crash();
  };
  // The moment itself must survive a crash between commit and `liveAt`.
  if (kills > 0) await crash("committed, not live yet");
  await newsroom.worker.untilLive(published);
  for (const point of killPoints(kills - 1, followers)) {
    let arrived = await newsroom.arrived();
    for (
      const deadline = Date.now() + patience;
      arrived < point && Date.now() < deadline;
      arrived = await newsroom.arrived()
    )
      await pause(20);
    await pause(Math.random() * 40);
    await crash(`${arrived} messages in Telegram`);
  }
  await newsroom.untilDelivered(patience);
  const history = await newsroom.history();
  const times = history
    .filter(({ text }) => UPDATE.test(text))
    .map(({ at }) => at - Date.parse(published.liveAt));
  return {
    ...judge(history, followers, newsroom.kills),
    kills: newsroom.kills,
    /**
     * Time from the moment to the first and the last message, in milliseconds.
     */
    first: Math.min(...times),
    last: Math.max(...times),
  };
}

const changes = {
  correction: { number: 3, edited: MARKED, missing: notMarked },
  redaction: { number: 4, edited: EMPTIED, missing: notEmptied },
} as const;

/**
 * Corrects the case, or erases words of it, while its news is sent, and kills
 * the runtime among the edits of earlier posts.
 * @returns the chats whose newest posts were not edited as they must be
 */
export async function editPosts(
  newsroom: Newsroom,
  kind: keyof typeof changes,
  { kills, patience, say = () => {} }: Omit<RunOptions, "followers">,
): Promise<number[]> {
  const { number, edited, missing } = changes[kind];
  const published = await newsroom.publish(
    number,
    { asOf: { date: "2000-02-04" } },
    kind,
  );
  await newsroom.worker.untilLive(published);
  const left = async () =>
    missing(await newsroom.history(), await newsroom.edits());
  const all = (await left()).length;
  const deadline = Date.now() + patience;
  for (let kill = 1; kill <= kills; kill++) {
    const point = (all * kill) / (kills + 1);
    while ((await newsroom.edited(edited)) < point && Date.now() < deadline)
      await pause(20);
    say(
      `kill ${kill} of ${kills}: ${await newsroom.edited(edited)} of ${all} posts edited`,
    );
    await newsroom.crash();
  }
  while ((await newsroom.edited(edited)) < all && Date.now() < deadline)
    await pause(250);
  await newsroom.untilDelivered(patience);
  // The count includes older posts of a chat, so some of the newest may still
  // be due.
  for (;;) {
    const missing = await left();
    if (missing.length === 0 || Date.now() > deadline) return missing;
    await pause(1_000);
  }
}

/** Ids that must not appear anywhere. */
export const idsOf = (followers: number) =>
  Array.from({ length: followers }, (_, index) => chatOf(index));
