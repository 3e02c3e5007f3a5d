/**
 * npm run test:chaos [-- --followers 10000] [--kills 20] [--rate 300]
 *
 * Publishes one update to many followers, and kills the runtime with `kill -9`
 * at random points between its commit and its last message, while Telegram
 * refuses, drops, stalls and loses answers. Then it judges the stand-in's
 * history. Exits with 1 when the guarantee broke.
 */

import { MAX_LANES } from "../../../worker/objects/dispatcher/drain.ts";
import { commandOptions } from "../../support/command-options.ts";
import setup from "../../support/contract-setup.ts";
import { judge, violations } from "./judge.ts";
import { Newsroom } from "./newsroom.ts";
import { editPosts, run } from "./run.ts";
import { CORRECTION, EMPTIED } from "./troubles.ts";

const { followers, kills, rate } = commandOptions({
  followers: 10_000,
  kills: 20,
  rate: 300,
});
const started = Date.now();
const log = (line: string) =>
  process.stderr.write(
    `${((Date.now() - started) / 1000).toFixed(0).padStart(4)} s  ${line}\n`,
  );

await setup();
const newsroom = await Newsroom.open(rate);
await newsroom.worker.untilLive(await newsroom.publish(1));
log(`${followers} followers`);
await newsroom.seed(followers);
const judgement = await run(newsroom, {
  followers,
  kills,
  patience: 300_000,
  say: log,
});
const edits = { kills: Math.ceil(kills / 4), patience: 1_800_000, say: log };
const unmarked = await editPosts(newsroom, "correction", edits);
const correction = judge(
  await newsroom.history(),
  followers,
  edits.kills,
  CORRECTION,
);
const shownStill = await editPosts(newsroom, "redaction", edits);
const emptied = await newsroom.edited(EMPTIED);
await newsroom.close();

console.log(`${judgement.kills} kills; first message ${judgement.first} ms after the moment, last ${(judgement.last / 1000).toFixed(1)} s
lost: ${judgement.lost.length}
duplicates by crashes: ${judgement.crashDuplicates} of ${judgement.allowedByCrashes} allowed (${MAX_LANES} lanes a kill)
duplicates by lost answers: ${judgement.lostAnswerDuplicates} of ${judgement.allowedByLostAnswers} allowed
duplicates that rang a phone: ${judgement.loudDuplicates}`);
console.log(`correction, ${edits.kills} more kills: lost: ${correction.lost.length}; duplicates: ${correction.crashDuplicates} of ${correction.allowedByCrashes} allowed
earlier posts without the mark of the correction: ${unmarked.length}
posts emptied after a redaction, ${edits.kills} more kills: ${emptied}; still showing erased words: ${shownStill.length}`);
const broken = [...violations(judgement), ...violations(correction)];
if (unmarked.length > 0)
  broken.push(`${unmarked.length} posts lack the mark of the correction`);
if (shownStill.length > 0)
  broken.push(`${shownStill.length} posts still show erased words`);
for (const line of broken) console.error(line);
process.exit(broken.length > 0 ? 1 : 0);
