/**
 * The short form of `npm run test:chaos`, which tests the guarantee of
 * docs/delivery.md: the runtime is killed at random points between an update's
 * commit and its last message, while Telegram refuses, drops, stalls and loses
 * answers.
 */

import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { MAX_LANES } from "../../worker/objects/dispatcher/drain.ts";
import { step } from "../support/step.ts";
import { storedFiles } from "../support/stored-files.ts";
import { runShell } from "./casewire-cli.ts";
import { judge, notEmptied, notMarked, violations } from "./chaos/judge.ts";
import { Newsroom } from "./chaos/newsroom.ts";
import { editPosts, idsOf, run } from "./chaos/run.ts";
import {
  CORRECTION,
  chatOf,
  EMPTIED,
  FIRST_CHAT,
  UPDATE,
} from "./chaos/troubles.ts";

/** One in twenty has blocked the bot and is removed when the update arrives. */
const FOLLOWERS = 60;
const REMAINING = FOLLOWERS - FOLLOWERS / 20;
const KILLS = 2;
let newsroom: Newsroom;

beforeAll(async () => {
  // Sending takes two seconds, so that the kills hit it.
  newsroom = await Newsroom.open(FOLLOWERS / 2);
  const first = await newsroom.publish(1);
  await newsroom.worker.untilLive(first);
  await newsroom.seed(FOLLOWERS);
});

afterAll(() => newsroom?.close());

/** Spellings of an id, unencrypted. */
function spellings(id: number): Buffer[] {
  const [integer, double] = [Buffer.alloc(6), Buffer.alloc(8)];
  integer.writeIntBE(id, 0, 6);
  double.writeDoubleLE(id);
  return [
    integer,
    double,
    Buffer.from(Buffer.from(String(id)).toString("base64").slice(0, 12)),
  ];
}

/**
 * Any spelling of any id, in text with one character for each byte. A regular
 * expression finds them fifty times as fast as `includes`.
 */
const anySpelling = new RegExp(
  idsOf(FOLLOWERS)
    .filter((_, index) => index % 50 < 2)
    .flatMap(spellings)
    .map((bytes) => bytes.toString("hex").replace(/../g, "\\x$&"))
    .join("|"),
);

async function expectNoIds(): Promise<void> {
  // All ids share their first seven digits. Three more are compared, because a
  // hash in hex could contain fewer by chance.
  const digits = String(FIRST_CHAT).slice(0, 7);
  const whole = new RegExp(`${digits}\\d{3}`);
  const files = await storedFiles(newsroom.folder);
  expect(files.length).toBeGreaterThan(0);
  for (const bytes of files) {
    const text = bytes.toString("latin1");
    // Not toMatch, whose error would print the whole file.
    expect(whole.test(text)).toBe(false);
    expect(bytes.includes(Buffer.from(digits, "utf16le"))).toBe(false);
    expect(anySpelling.test(text)).toBe(false);
  }
  expect(newsroom.worker.output()).not.toMatch(whole);
  expect(JSON.stringify(await newsroom.worker.editor.health())).not.toMatch(
    whole,
  );
}

it("The bot tells every follower once through crashes and lost answers, and changes keys while it runs", async () => {
  await step(
    "No id of a follower is readable in storage, logs or health",
    async () => {
      for (const spelling of idsOf(FOLLOWERS).slice(0, 2).flatMap(spellings))
        expect(anySpelling.test(`\0${spelling.toString("latin1")}\0`)).toBe(
          true,
        );
      await expectNoIds();
    },
  );
  await step(
    "Nobody is lost, and only a send that met a crash or a lost answer is repeated",
    async () => {
      const judgement = await run(newsroom, {
        followers: FOLLOWERS,
        kills: KILLS,
        patience: 120_000,
      });
      expect(violations(judgement)).toEqual([]);
      expect(judgement.kills).toBe(KILLS);
      expect((await newsroom.worker.editor.health()).outbox).toMatchObject({
        depth: 0,
        parked: 0,
        running: true,
      });
      await expectNoIds();
    },
  );
  await step("The judge sees who is lost and what rings twice", async () => {
    const history = await newsroom.history();
    const without = history.filter(({ chat }) => chat !== chatOf(0));
    expect(violations(judge(without, FOLLOWERS, KILLS))).toEqual([
      "1 followers heard nothing: 0",
    ]);
    const again = {
      ...history.find(
        ({ chat, text }) => chat === chatOf(0) && UPDATE.test(text),
      )!,
      silent: false,
    };
    expect(violations(judge([...history, again], FOLLOWERS, KILLS))).toEqual([
      "1 duplicates rang a phone",
    ]);
    const many = Array.from({ length: MAX_LANES + 1 }, () => ({
      ...again,
      silent: true,
    }));
    expect(violations(judge([...history, ...many], FOLLOWERS, 1))).toEqual([
      expect.stringContaining(`where ${MAX_LANES} are allowed`),
    ]);
  });
  const edits = { kills: 1, patience: 120_000 };
  await step(
    "A correction comes once and marks every earlier post, through a crash among the edits",
    async () => {
      expect(await editPosts(newsroom, "correction", edits)).toEqual([]);
      const history = await newsroom.history();
      expect(
        violations(judge(history, FOLLOWERS, edits.kills, CORRECTION)),
      ).toEqual([]);
      expect(
        notMarked(history, []),
        "the judge sees posts without the mark",
      ).toHaveLength(REMAINING);
    },
  );
  await step(
    "A redaction empties every earlier post that Telegram has answered for",
    async () => {
      expect(
        await editPosts(newsroom, "redaction", { ...edits, kills: 0 }),
      ).toEqual([]);
      expect(await newsroom.edited(EMPTIED)).toBeGreaterThanOrEqual(
        2 * REMAINING,
      );
      expect(
        notEmptied(await newsroom.history(), []),
        "the judge sees posts with erased words",
      ).toHaveLength(2 * REMAINING);
      await expectNoIds();
    },
  );
  await step(
    "npm run keys:rotate changes keys in operation and says when the old one may go",
    async () => {
      const { FOLLOWER_KEY: old } = newsroom.worker.env;
      const fresh = randomBytes(32).toString("base64");
      const rotate = async () =>
        (await runShell(["keys:rotate"], { on: newsroom.worker })).out;
      expect(await rotate()).toContain("there is no older key");
      await newsroom.restart({ FOLLOWER_KEY: `${fresh},${old}` });
      // The posts about the redaction are sealed too, and some of those whose
      // answer was lost.
      const said = await rotate();
      const [, ids] = /^left: \d+ of (\d+) ids$/m.exec(said) ?? [];
      expect(Number(ids)).toBeGreaterThanOrEqual(2 * REMAINING);
      // Meanwhile the rows of emptied posts are deleted.
      expect(said).toMatch(
        /^encrypted: \d+ ids, all with [\s\S]*can be removed/m,
      );
      await expectNoIds();
    },
  );
});
