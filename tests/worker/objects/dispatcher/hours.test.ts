/** Messages wait in the outbox for the hours that their chat chose. */
import { describe, expect, test } from "vitest";
import type { Hours } from "../../../../bot/hours.ts";
import { countingRows } from "../../counting-rows.ts";
import {
  announcement,
  CHAT,
  it,
  NOW,
  type Opened,
  open,
  rows,
  withOutbox,
} from "../../outbox.ts";

const HOUR_MS = 3_600_000;
/** NOW is midnight UTC, in the quiet hours. */
const night: Hours = { zone: "+00:00", quiet: { from: 22, to: 7 } };
const MORNING = NOW + 7 * HOUR_MS;
const correction = (number: number, notify: "loud" | "silent" = "loud") => ({
  ...announcement(number, notify),
  kind: "correction" as const,
});

const setHours = async ({ followers, vault }: Opened, hours: Hours | null) =>
  followers.setManner(await vault.seal(CHAT), 2, { hours }, NOW);

describe("In quiet hours", () => {
  it("messages wait, also across a crash, and become one for each case, while other chats hear at once", async (opened) => {
    const { outbox, settleNext, fanOut, follow, followers, chat, again } =
      opened;
    await follow(CHAT);
    await follow(CHAT + 1);
    await setHours(opened, night);
    fanOut.announce(announcement(1), NOW);
    expect((await settleNext(NOW)).chat).toBe(await chat(CHAT + 1));
    fanOut.announce(announcement(2), NOW + HOUR_MS);
    await settleNext(NOW + HOUR_MS);
    expect(outbox.takeOne(NOW + HOUR_MS)).toBeNull();
    expect(outbox.nextDue(NOW + HOUR_MS)).toBe(MORNING);
    const revived = again({}).outbox;
    revived.recover(MORNING - 1);
    expect(revived.takeOne(MORNING - 1)).toBeNull();
    // It could not be sent before, so it is not late.
    expect(revived.status(MORNING + 5)).toMatchObject({ depth: 2, oldest: 5 });
    const both = revived.takeOne(MORNING)!;
    expect(both).toMatchObject({ number: 2, silent: false });
    expect(
      fanOut.announcedBetween(
        "ua-1-00",
        0,
        followers.recipient(both)!.since,
        2,
      ),
    ).toEqual([1]);
    await revived.settleOne(both, { do: "done" }, MORNING + 9, 2);
    expect(revived.status(MORNING + 9)).toMatchObject({ depth: 0, lag: 9 });
    expect(revived.takeOne(MORNING + HOUR_MS)).toBeNull();
  });

  it("100,000 messages that wait cost nothing when others are taken, and wake in pages, groups first", async (opened) => {
    const { fanOut, follow, again, storage, sql } = opened;
    sql.exec(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
       INSERT INTO deliveries (case_id, number, chat, topic, live_at, rank, silent, state, due_at, rests_until, resting)
       SELECT 'ua-9-00', 1, 1000 + i, 0, ?1, CASE WHEN i > 99990 THEN 1 ELSE 2 END, 0, 'pending', ?2, ?2, 1 FROM n`,
      NOW - HOUR_MS,
      MORNING,
    );
    for (let chat = CHAT; chat < CHAT + 10; chat++) await follow(chat);
    fanOut.announce(announcement(1), NOW);
    const { counted, rowsOf: rowsRead } = countingRows(storage);
    const batches = open(counted, opened.vault).outbox;
    expect(
      rowsRead(() => expect(batches.take(NOW, 4)).toHaveLength(4)),
    ).toBeLessThan(400);
    expect(
      rowsRead(() => expect(batches.take(NOW, 4)).toHaveLength(4)),
    ).toBeLessThan(100);
    expect(rowsRead(() => batches.nextDue(NOW))).toBeLessThan(50);
    // All wake at the same time: a page of 500 with each take, and the ten
    // groups are in the first one.
    expect(
      rowsRead(() =>
        expect(
          batches.take(MORNING, 4).map(({ chat }) => chat > 100_990),
        ).not.toContain(false),
      ),
    ).toBeLessThan(5_000);
    expect(again({}).outbox.nextDue(MORNING)).toBe(0);
  });

  it("a message that may have arrived holds up no correction, and stays silent", async (opened) => {
    const { outbox, fanOut, follow } = opened;
    await follow(CHAT);
    await setHours(opened, night);
    const evening = NOW - 2 * HOUR_MS - 1_000;
    fanOut.announce(announcement(1), evening);
    const lost = outbox.takeOne(evening)!;
    await outbox.settleOne(
      lost,
      { do: "again-silently", after: 15_000, trouble: "no answer" },
      evening,
      0,
    );
    expect(outbox.takeOne(NOW)).toBeNull();
    fanOut.announce(correction(2), NOW);
    expect(outbox.takeOne(NOW)).toMatchObject({ number: 2, silent: false });
    await outbox.settleOne(
      { ...lost, number: 2 },
      { do: "wait", after: 0 },
      NOW,
      0,
    );
    expect(outbox.takeOne(MORNING)).toMatchObject({ number: 2, silent: false });
  });

  it("what waits leaves at once when they are turned off, and as it must when they are changed", async (opened) => {
    const { outbox, fanOut, follow } = opened;
    await follow(CHAT);
    await setHours(opened, night);
    fanOut.announce(announcement(1), NOW);
    expect(outbox.takeOne(NOW)).toBeNull();
    await setHours(opened, { zone: "+02:00", quiet: { from: 22, to: 5 } });
    expect(outbox.takeOne(NOW)).toBeNull();
    expect(outbox.nextDue(NOW)).toBe(NOW + 3 * HOUR_MS);
    await setHours(opened, null);
    expect(outbox.takeOne(NOW)).toMatchObject({ number: 1, silent: false });
  });
});

test.each<[string, Hours]>([
  ["In quiet hours", night],
  ["Before a daily digest", { zone: "+00:00", digest: 7 }],
])(
  "%s, a loud correction passes only in an open chat, and takes what waits with it",
  (_, hours) =>
    withOutbox(async (opened) => {
      const { outbox, fanOut, follow } = opened;
      await follow(CHAT);
      await setHours(opened, hours);
      const quiet = await opened.vault.seal(CHAT + 1);
      await follow(CHAT + 1);
      opened.followers.setManner(quiet, 2, { silent: true, hours }, NOW);
      fanOut.announce(announcement(1), NOW);
      expect(outbox.takeOne(NOW)).toBeNull();
      fanOut.announce(correction(2), NOW);
      const urgent = outbox.takeOne(NOW)!;
      expect(urgent).toMatchObject({ number: 2, silent: false });
      await outbox.settleOne(urgent, { do: "done" }, NOW, 2);
      opened.followers.forget(quiet.hashes);
      fanOut.announce(correction(3, "silent"), NOW);
      expect(outbox.takeOne(NOW + HOUR_MS)).toBeNull();
      expect(outbox.takeOne(MORNING)).toMatchObject({
        number: 3,
        silent: true,
      });
    }),
);

it("Hours are deleted with /forget, which counts them as a setting, and a chat without them has no row", async (opened) => {
  const { followers, vault, sql, follow, fanOut, outbox } = opened;
  const hashes = await vault.hashes(CHAT);
  await setHours(opened, night);
  expect(followers.manner(hashes)).toEqual({
    silent: false,
    neutral: false,
    hours: night,
  });
  expect(rows(sql)).toEqual([1, 0, 0, 0]);
  await setHours(opened, null);
  expect(rows(sql)).toEqual([0, 0, 0, 0]);
  await follow(CHAT);
  await setHours(opened, night);
  fanOut.announce(announcement(1), NOW);
  expect(outbox.takeOne(NOW)).toBeNull();
  expect(followers.forget(hashes)).toMatchObject({
    follows: 1,
    deliveries: 1,
    chosen: true,
  });
  expect(rows(sql)).toEqual([0, 0, 0, 0]);
  expect(outbox.takeOne(MORNING)).toBeNull();
});

it("The sound of a followed case goes before the chat's, in its topic, until the follow ends", async (opened) => {
  const { followers, vault, follow, chat } = opened;
  const sealed = await vault.seal(CHAT);
  const silent = (caseId: string, topic = 0) =>
    followers.recipient({ caseId, number: 1, chat: row, topic })?.manner.silent;
  await follow(CHAT);
  await follow(CHAT, { scope: "all" });
  await follow(CHAT, { topic: 7 });
  const row = (await chat(CHAT))!;
  followers.setManner(
    sealed,
    2,
    { rings: { "ua-1-00": false, "ua-9-00": false } },
    NOW,
  );
  expect(followers.manner(sealed.hashes)).toEqual({
    silent: false,
    neutral: false,
    rings: { "ua-1-00": false },
  });
  expect(followers.manner(sealed.hashes, 7)).toEqual({
    silent: false,
    neutral: false,
  });
  expect([silent("ua-1-00"), silent("ua-2-00"), silent("ua-1-00", 7)]).toEqual([
    true,
    false,
    false,
  ]);
  followers.setManner(
    sealed,
    2,
    { silent: true, rings: { "ua-1-00": true } },
    NOW,
  );
  expect([silent("ua-1-00"), silent("ua-2-00"), silent("ua-1-00", 7)]).toEqual([
    false,
    true,
    true,
  ]);
  followers.unfollow(sealed.hashes, 0, "ua-1-00");
  await follow(CHAT);
  expect(silent("ua-1-00")).toBe(true);
});

it("A case without sound doesn't use up the one that rings after quiet hours", async (opened) => {
  const { outbox, fanOut, follow, followers, sendAll, vault } = opened;
  for (const scope of ["ua-1-00", "ua-2-00", "ua-3-00"])
    await follow(CHAT, { scope });
  await setHours(opened, night);
  followers.setManner(
    await vault.seal(CHAT),
    2,
    { rings: { "ua-1-00": false } },
    NOW,
  );
  for (const id of ["ua-1-00", "ua-2-00", "ua-3-00"])
    fanOut.announce(announcement(1, "loud", id), NOW);
  expect(outbox.takeOne(NOW)).toBeNull();
  const sent = await sendAll(MORNING);
  const silent = sent.map(
    (delivery) =>
      delivery.silent || followers.recipient(delivery)!.manner.silent,
  );
  expect(silent).toEqual([true, false, true]);
});
