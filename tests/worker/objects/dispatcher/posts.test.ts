/**
 * Posts on real storage: messages about updates, which a correction marks and
 * an erasure empties.
 */
import { describe, expect, test } from "vitest";
import type { Person } from "../../../../shared/case/schema.ts";
import { message } from "../../../../shared/messages.ts";
import { addressText } from "../../../../worker/objects/dispatcher/card-editor.ts";
import { postMarks } from "../../../../worker/objects/dispatcher/card-rows.ts";
import { POST_LIFETIME_MS } from "../../../../worker/objects/dispatcher/cards.ts";
import { isEdit } from "../../../../worker/objects/dispatcher/queue.ts";
import type { Verdict } from "../../../../worker/objects/dispatcher/verdict.ts";
import type { CaseState } from "../../../../worker/reads/state.ts";
import {
  inventedCase,
  inventedRevision,
  stated,
} from "../../../support/invented.ts";
import {
  announcement,
  CHAT,
  it,
  NOW,
  type Opened,
  withOutbox,
  written,
} from "../../outbox.ts";

const ID = "ua-1-00";
const GROUP = -1_007_301_928_465;
const DONE: Verdict = { do: "done" };

/** Sends what waits, as Telegram's next messages. @returns how many */
async function deliver(
  opened: Opened,
  told: number,
  now = NOW,
  neutral = false,
): Promise<number> {
  const { outbox, vault } = opened;
  const jobs = outbox.take(now, 10);
  const outcomes = await Promise.all(
    jobs.map(async (job) => {
      const address = await vault.seal(
        addressText({
          chat: CHAT + job.chat,
          message: told * 1_000 + job.topic,
        }),
      );
      return {
        job,
        verdict: DONE,
        told,
        post: { address, locale: "en" as const, neutral },
      };
    }),
  );
  await outbox.settle(outcomes, now);
  return jobs.length;
}

const posts = (sql: SqlStorage) =>
  sql
    .exec<{ case_id: string; shown: number; mark: number }>(
      "SELECT * FROM cards WHERE chat != 0 ORDER BY id",
    )
    .toArray();

/** Sends an update of the case. */
async function tell(opened: Opened, number: number): Promise<void> {
  opened.fanOut.announce(announcement(number), NOW);
  await deliver(opened, number, NOW + number * 10_000);
}

/** A follower of the case gets its first revision. */
async function deliverFirst(opened: Opened, neutral = false): Promise<void> {
  await opened.follow(CHAT);
  opened.fanOut.announce(announcement(1), NOW);
  expect(await deliver(opened, 1, NOW, neutral)).toBe(1);
}

describe("A post", () => {
  it("is marked by a correction only if it says what that denies, or something later", async (opened) => {
    const { cards, sql } = opened;
    await deliverFirst(opened);
    for (const number of [2, 3]) await tell(opened, number);
    cards.announce(ID, 4, postMarks.corrected, 2);
    cards.take(NOW + 60_000);
    expect(posts(sql).map(({ shown, mark }) => [shown, mark])).toEqual([
      [1, 0],
      [2, 1],
      [3, 1],
    ]);
    cards.announce(ID, 5, postMarks.erased);
    cards.take(NOW + 120_000);
    expect(posts(sql).map(({ mark }) => mark)).toEqual([2, 2, 2]);
  });

  it("keeps its own news under a correction of something else, and what denied it under a later one", async (opened) => {
    const { cards, vault } = opened;
    const person = "Invented Person One";
    const custody = (from: string, to: string) => [
      { what: "custody" as const, person, from, to },
    ];
    const [held, freed] = ["pre-trial-detention", "released"];
    const tried = {
      what: "proceedings" as const,
      person,
      from: null,
      to: "on-trial",
    };
    const history = [
      inventedRevision({
        number: 5,
        kind: "correction",
        note: { en: "A spelling was corrected." },
      }),
      inventedRevision({
        number: 4,
        kind: "correction",
        changes: custody(freed, held),
      }),
      inventedRevision({ number: 3, changes: [tried] }),
      inventedRevision({ number: 2, changes: custody(held, freed) }),
    ];
    const tells = async (about: number, proceedings: string) => {
      const fields = inventedCase(1);
      const [person] = fields.people;
      person!.custody = stated("pre-trial-detention");
      person!.proceedings = [
        { id: "one", ...stated(proceedings) },
      ] as Person["proceedings"];
      const address = await vault.seal("message 1 2");
      const row = {
        hash: address.hashes[0]!,
        key_id: address.keyId,
        sealed: address.sealed,
      };
      const post = {
        chat: 1,
        mark: postMarks.corrected,
        neutral: 0,
        rank: 2 as const,
        about,
      };
      const tries = {
        atLeast: 5,
        asked: 1,
        attempts: 0,
        trouble: null,
        touchedAt: 0,
        busyUntil: 1,
        retire: false,
      };
      const edit = {
        card: 1,
        caseId: ID,
        locale: "en" as const,
        ...row,
        ...post,
        ...tries,
      };
      const state: CaseState = {
        state: "present",
        record: { case: fields, revision: history[0]! },
      };
      const { text } = await written(
        { ...opened, cards },
        edit,
        state,
        history,
      );
      return text.split("\n")[1];
    };
    expect(await tells(2, "on-trial")).toMatch(
      /^Corrected · Invented Person One: in pre-trial detention. Not released, as wrongly/,
    );
    expect(await tells(3, "on-trial")).toMatch(
      /^Corrected · Invented Person One: on trial · UA/,
    );
    // What the case doesn't say any more is no news.
    expect(await tells(3, "convicted")).toMatch(
      /^Corrected · A spelling was corrected. · UA/,
    );
  });

  it("is left as it is by an update or a press, which is for cards, and marked once by a correction", async (opened) => {
    const { cards, fanOut, sql } = opened;
    await deliverFirst(opened);
    expect(posts(sql)).toMatchObject([{ case_id: ID, shown: 1, mark: 0 }]);
    const chat = (await opened.chat(CHAT))!;
    expect(
      cards.find(await opened.vault.hashes(`message ${CHAT + chat} 1000`)),
    ).toBeNull();
    cards.announce(ID, 2);
    expect(cards.take(NOW)).toBeNull();

    fanOut.announce({ ...announcement(3, "none"), kind: "correction" }, NOW);
    cards.announce(ID, 3, postMarks.corrected);
    cards.announce(ID, 3, postMarks.corrected);
    const edit = cards.take(NOW)!;
    expect(edit).toMatchObject({ caseId: ID, atLeast: 3, mark: 1, neutral: 0 });
    cards.settle(edit, DONE, NOW, 3);
    expect(cards.take(NOW + 86_400_000)).toBeNull();
    expect(posts(sql)).toMatchObject([{ shown: 3 }]);
  });

  test.each(["redaction", "withdrawal"] as const)(
    "is emptied by a %s, and then nothing is stored of it",
    (kind) =>
      withOutbox(async (opened) => {
        const { cards, sql } = opened;
        await deliverFirst(opened, true);
        cards.announce(ID, 2, postMarks.erased);
        expect(cards.waiting(NOW).erased).toBe(true);
        const edit = cards.take(NOW)!;
        const revision = inventedRevision({ number: 2, kind });
        const redacted: CaseState = {
          state: "present",
          record: { case: inventedCase(1), revision },
        };
        const state =
          kind === "redaction"
            ? redacted
            : ({ state: "withdrawn", revision } as const);
        const { text, entities, buttons } = await written(opened, edit, state);
        expect(text).toContain("UA 1/00");
        expect(text).not.toMatch(/Invented|Demoland|note/);
        expect(text.startsWith(message("en", "bot.neutral"))).toBe(true);
        expect(entities.some(({ type }) => type === "spoiler")).toBe(true);
        expect(buttons).toEqual(["Open the case"]);
        cards.settle(edit, DONE, NOW, 2);
        expect(posts(sql)).toEqual([]);
        expect(cards.take(NOW)).toBeNull();
        expect(cards.waiting(NOW).erased).toBe(false);
      }),
  );

  it("that was being sent at the moment of an erasure is emptied as soon as it is known", async (opened) => {
    const { cards, fanOut, follow } = opened;
    await follow(CHAT);
    fanOut.announce(announcement(1), NOW);
    const jobs = opened.outbox.take(NOW, 1);
    fanOut.announce({ ...announcement(2, "none"), kind: "redaction" }, NOW);
    cards.announce(ID, 2, postMarks.erased);
    fanOut.announce(announcement(3, "none"), NOW);
    expect(cards.take(NOW)).toBeNull();
    const address = await opened.vault.seal("message 1 2");
    await opened.outbox.settle(
      [
        {
          job: jobs[0]!,
          verdict: DONE,
          told: 1,
          post: { address, locale: "en", neutral: false },
        },
      ],
      NOW,
    );
    expect(cards.take(NOW)).toMatchObject({ atLeast: 2, mark: 2 });
  });

  it("that was being marked as corrected at the moment of an erasure is emptied afterwards", async (opened) => {
    const { cards, sql } = opened;
    await deliverFirst(opened);
    cards.announce(ID, 2, postMarks.corrected);
    const edit = cards.take(NOW)!;
    // The text is the redacted head's, whose announcement comes only now.
    cards.settle(edit, DONE, NOW, 3);
    expect(posts(sql)).toMatchObject([{ shown: 3, mark: 1 }]);
    cards.announce(ID, 3, postMarks.erased);
    expect(cards.take(NOW + 60_000)).toMatchObject({ atLeast: 3, mark: 2 });
  });

  it("is edited again after a lost answer and a crash, and its chat's other posts wait a little", async (opened) => {
    const { cards, follow, outbox, sql } = opened;
    await follow(GROUP);
    for (const number of [1, 2]) await tell(opened, number);
    expect(posts(sql)).toHaveLength(2);
    cards.announce(ID, 3, postMarks.erased);
    const first = cards.take(NOW)!;
    // Two edits in one chat don't run at once.
    expect(cards.take(NOW)).toBeNull();
    cards.settle(
      first,
      { do: "again-silently", after: 1_000, trouble: "no answer" },
      NOW,
      0,
    );
    expect(cards.take(NOW + 500)).toBeNull();
    const other = cards.take(NOW + 15_000)!;
    expect(other.card).not.toBe(first.card);
    cards.settle(other, DONE, NOW + 15_000, 3);
    expect(cards.take(NOW + 17_000)).toBeNull();
    expect(cards.nextDue(NOW + 17_000)).toBe(NOW + 18_000);
    // After a crash it is taken once more.
    for (const at of [NOW + 18_000, NOW + 33_000])
      expect(cards.take(at)!.card).toBe(first.card);
    expect(outbox.takeOne(NOW + 33_000)).toBeNull();
  });

  it("stays after the end of the follow, and goes with /forget, a block or its age", async (opened) => {
    const { cards, follow, followers, sql, vault } = opened;
    const hashes = await vault.hashes(CHAT);
    await follow(CHAT);
    await tell(opened, 1);
    followers.unfollow(hashes, 0, ID);
    expect(posts(sql)).toHaveLength(1);
    expect(followers.forget(hashes)).toMatchObject({ follows: 0, posts: 1 });
    expect(posts(sql)).toEqual([]);
    expect(sql.exec("SELECT * FROM chats").toArray()).toEqual([]);

    await follow(CHAT);
    await tell(opened, 2);
    followers.unfollow(hashes, 0, ID);
    cards.announce(ID, 3, postMarks.erased);
    const edit = cards.take(NOW)!;
    cards.settle(edit, { do: "end" }, NOW, 0);
    expect(posts(sql)).toEqual([]);
    expect(sql.exec("SELECT * FROM chats").toArray()).toEqual([]);

    await follow(CHAT);
    await tell(opened, 4);
    cards.dropOldPosts(NOW + POST_LIFETIME_MS - 1);
    expect(posts(sql)).toHaveLength(1);
    cards.dropOldPosts(NOW + POST_LIFETIME_MS + 86_400_000);
    expect(posts(sql)).toEqual([]);
    expect(followers.find(hashes)).not.toBeNull();
  });

  it("with erased words takes every second turn from the messages, channels first", async (opened) => {
    const { cards, fanOut, follow, queue } = opened;
    await follow(CHAT);
    await follow(GROUP);
    fanOut.announce(announcement(1), NOW);
    await deliver(opened, 1);
    await deliver(opened, 1);
    for (let chat = 1; chat <= 4; chat++)
      await follow(CHAT + chat, { scope: "ua-2-00" });
    fanOut.announce(announcement(1, "loud", "ua-2-00"), NOW);
    cards.announce(ID, 2, postMarks.erased);
    const order = Array.from({ length: 4 }, () => {
      const [job] = queue.take(NOW, 1);
      return job && isEdit(job) ? `edit ${job.rank}` : "message";
    });
    expect(order).toEqual(["message", "edit 1", "message", "edit 2"]);
  });
});
