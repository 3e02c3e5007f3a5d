/** The outbox on real storage. */
import { describe, expect } from "vitest";
import { Vault } from "../../../../worker/objects/dispatcher/vault.ts";
import type { SendAnswer } from "../../../../worker/objects/dispatcher/verdict.ts";
import { announcement, CHAT, it, NOW, open, rows } from "../../outbox.ts";

it("After eight sends without an answer the Dispatcher waits with the others, which still ring later", async (opened) => {
  const { queue, fanOut, follow } = opened;
  for (let chat = 0; chat < 20; chat++) await follow(CHAT + chat);
  fanOut.announce(announcement(1), NOW);
  const lost = {
    do: "again-silently",
    after: 300_000,
    trouble: "no answer",
  } as const;
  /**
   * Sends until nothing more may be sent.
   * @returns the number sent, and the delay before the next
   */
  const lose = async (now: number) => {
    let sent = 0;
    for (; queue.pausedUntil() <= now; sent++)
      await queue.settle(
        [{ job: queue.take(now, 1)[0]!, verdict: lost, told: 0 }],
        now,
      );
    return [sent, queue.pausedUntil() - now];
  };
  expect(await lose(NOW)).toEqual([8, 1_000]);
  expect(await lose(NOW + 1_000)).toEqual([1, 2_000]);
  expect(await lose(NOW + 3_000)).toEqual([1, 4_000]);
  const delivery = queue.take(NOW + 7_000, 1)[0]!;
  expect(delivery).toMatchObject({ silent: false });
  await queue.settle(
    [{ job: delivery, verdict: { do: "done" }, told: 1 }],
    NOW + 7_000,
  );
  expect(await lose(NOW + 7_000)).toEqual([8, 1_000]);
});

describe("The outbox", () => {
  it("makes one delivery per follower, groups first, and none for an update without notification", async (opened) => {
    const { outbox, settleNext, fanOut, follow, chat, sql } = opened;
    for (const id of [CHAT, -CHAT]) await follow(id, { told: 1 });
    fanOut.announce(announcement(2, "none"), NOW);
    expect(outbox.nextDue(NOW)).toBeNull();
    fanOut.announce(announcement(3, "silent"), NOW);
    fanOut.announce(announcement(3, "silent"), NOW);
    expect(outbox.status(NOW).depth).toBe(2);
    fanOut.announce(announcement(3, "loud", "ua-2-00"), NOW);
    expect(outbox.status(NOW).depth).toBe(2);
    expect(await settleNext(NOW)).toMatchObject({
      chat: await chat(-CHAT),
      number: 3,
      silent: true,
    });
    expect((await settleNext(NOW)).chat).toBe(await chat(CHAT));
    expect(outbox.takeOne(NOW + 60_000)).toBeNull();
    expect(rows(sql)).toEqual([2, 2, 2, 0]);
    fanOut.announce(announcement(3), NOW);
    expect(outbox.takeOne(NOW)).toBeNull();
  });

  it("makes deliveries page by page, and continues after the last page when it crashed", async ({
    again: open,
  }) => {
    const { follow, fanOut, again } = open({ page: 3 });
    for (let index = 0; index < 23; index++)
      await follow(index % 5 === 0 ? -1 - index : 1 + index);
    fanOut.announce(announcement(1), NOW);
    const sent: number[] = [];
    for (let at = NOW; ; at += 5_000) {
      // A new instance has only what is stored.
      const { outbox, sql } = again({ page: 3 });
      outbox.recover(at);
      const delivery = outbox.takeOne(at);
      if (!delivery) break;
      expect(
        sql.exec("SELECT * FROM deliveries").toArray().length,
      ).toBeLessThanOrEqual(5);
      expect(outbox.status(at).depth).toBe(23 - sent.length);
      await outbox.settleOne(delivery, { do: "done" }, at, 1);
      sent.push(delivery.chat);
    }
    expect(new Set(sent).size).toBe(23);
    expect(sent).toHaveLength(23);
  });

  it("sends a later update to groups before the rest of an earlier one to people", async ({
    again: open,
  }) => {
    const { follow, fanOut, outbox, settleNext, chat } = open({ page: 3 });
    for (let id = 1; id <= 9; id++) await follow(id);
    await follow(-7, { scope: "ua-2-00" });
    fanOut.announce(announcement(1), NOW);
    await settleNext(NOW);
    fanOut.announce(announcement(1, "loud", "ua-2-00"), NOW + 1);
    expect(outbox.takeOne(NOW + 1)!.chat).toBe(await chat(-7));
  });

  it("keeps a chat's order and pace, and joins what waits in one message with all notes", async (opened) => {
    const { outbox, fanOut, follow, followers } = opened;
    await follow(CHAT);
    fanOut.announce(announcement(1), NOW);
    const first = outbox.takeOne(NOW)!;
    fanOut.announce(announcement(2), NOW);
    fanOut.announce(announcement(3, "none"), NOW);
    fanOut.announce(announcement(4, "silent"), NOW);
    expect(outbox.takeOne(NOW)).toBeNull();
    await outbox.settleOne(first, { do: "done" }, NOW, 1);
    expect(outbox.takeOne(NOW)).toBeNull();
    const both = outbox.takeOne(NOW + 1_000)!;
    expect(both).toMatchObject({ number: 4, silent: false });
    const { told, since } = followers.recipient(both)!;
    expect(fanOut.announcedBetween("ua-1-00", told, since, 4)).toEqual([2]);
    expect(outbox.status(NOW).depth).toBe(1);
  });

  it("holds newer messages of a case behind one that may still land, while other cases and topics go on", async (opened) => {
    const { outbox, settleNext, fanOut, follow } = opened;
    await follow(CHAT, { scope: "all" });
    fanOut.announce(announcement(1), NOW);
    const lost = {
      do: "again-silently",
      after: 15_000,
      trouble: "no answer in time",
    } as const;
    await outbox.settleOne(outbox.takeOne(NOW)!, lost, NOW + 10_000, 0);
    fanOut.announce(announcement(2), NOW + 10_000);
    fanOut.announce(announcement(1, "loud", "ua-2-00"), NOW + 10_000);
    expect((await settleNext(NOW + 10_000)).caseId).toBe("ua-2-00");
    expect(outbox.takeOne(NOW + 24_999)).toBeNull();
    // The alarm isn't set any earlier.
    expect(outbox.nextDue(NOW + 24_999)).toBe(NOW + 25_000);
    expect(outbox.takeOne(NOW + 25_000)).toMatchObject({
      caseId: "ua-1-00",
      number: 2,
      silent: false,
    });
  });

  it("keeps a pause, and stops at a refused token until there is another", async (opened) => {
    const { outbox, fanOut, follow, again } = opened;
    await follow(CHAT);
    fanOut.announce(announcement(1), NOW);
    await outbox.settleOne(
      outbox.takeOne(NOW)!,
      { do: "pause", for: 7_000 },
      NOW,
      0,
    );
    expect(again({}).outbox.pausedUntil()).toBe(NOW + 7_000);
    expect(outbox.nextDue(NOW)).toBe(NOW + 7_000);
    await outbox.settleOne(
      outbox.takeOne(NOW + 7_000)!,
      { do: "stop", trouble: "token refused" },
      NOW,
      0,
    );
    expect(again({}).outbox.nextDue(NOW)).toBeNull();
    expect(again({}).outbox.status(NOW).running).toBe(false);
    expect(again({ token: "another" }).outbox.nextDue(NOW)).toBe(0);
  });

  it("tries a refused token ever less often, also after a restart, until a message is sent", async ({
    again,
  }) => {
    const { breaker } = again({});
    const says = (answer: SendAnswer) => async () => answer;
    const refused = says({ ok: false, code: 401, description: "Unauthorized" });
    expect(breaker.probeAt()).toBeNull();
    breaker.refuseToken(NOW);
    const waits = [breaker.probeAt()! - NOW];
    for (let times = 0; times < 6; times++) {
      const now = breaker.probeAt()!;
      await again({}).breaker.probe(now - 1, says({ ok: true }));
      await again({}).breaker.probe(now, refused);
      waits.push(breaker.probeAt()! - now);
    }
    expect(waits.map((wait) => wait / 60_000)).toEqual([0, 1, 2, 4, 8, 10, 10]);
    expect(again({ token: "another" }).breaker.probeAt()).toBeNull();
    const now = breaker.probeAt()!;
    await breaker.probe(
      now,
      says({ ok: false, code: 0, description: "no answer" }),
    );
    expect(breaker.probeAt()).toBe(now + 60_000);
    await breaker.probe(now + 60_000, says({ ok: true }));
    expect([breaker.probeAt(), breaker.pausedUntil()]).toEqual([null, 0]);
    // Only the probe succeeded.
    breaker.refuseToken(NOW);
    expect(breaker.probeAt()).toBe(NOW + 600_000);
    await breaker.probe(NOW + 600_000, says({ ok: true }));
    const sent = {
      caseId: "ua-1-00",
      number: 1,
      chat: 0,
      topic: 0,
      silent: false,
      attempts: 0,
      trouble: null,
    };
    await again({}).queue.settle(
      [{ job: sent, verdict: { do: "done" }, told: 1 }],
      NOW,
    );
    breaker.refuseToken(NOW);
    expect(breaker.probeAt()).toBe(NOW);
    again({ token: "another" }).breaker.refuseToken(NOW);
    expect(again({ token: "another" }).breaker.probeAt()).toBe(NOW);
  });

  it("holds what it cannot decrypt until the key is configured, and sends the others", async (opened) => {
    const { fanOut, follow, again, storage, sql } = opened;
    const fresh = btoa("n".repeat(32));
    const wrong = open(storage, await Vault.open(fresh));
    await follow(CHAT);
    await wrong.follow(CHAT + 1);
    fanOut.announce(announcement(1), NOW);
    expect((await wrong.settleNext(NOW)).chat).toBe(await wrong.chat(CHAT + 1));
    expect(wrong.outbox.takeOne(NOW)).toBeNull();
    expect(wrong.outbox.status(NOW)).toMatchObject({
      depth: 0,
      oldest: 0,
      parked: 0,
      held: 1,
    });
    expect(wrong.outbox.nextDue(NOW)).toBeNull();
    expect(again({}).outbox.takeOne(NOW + 5_000)).toMatchObject({
      number: 1,
      silent: false,
      attempts: 0,
    });
    expect(sql.exec("SELECT * FROM told").toArray()).toHaveLength(1);
  });

  it("sends what one chat refused as one message, once it may write there", async (opened) => {
    const { outbox, settleNext, fanOut, follow, chat } = opened;
    for (const id of [-5, -6]) await follow(id);
    for (const number of [1, 2]) {
      fanOut.announce(announcement(number), NOW);
      const park = {
        do: "park",
        trouble: "400 Bad Request: not enough rights",
      } as const;
      for (let times = 0; times < 2; times++) await settleNext(NOW, park);
    }
    expect(outbox.retryParked(NOW, (await chat(-5))!)).toBe(2);
    expect(outbox.status(NOW)).toMatchObject({ depth: 2, parked: 2 });
    expect(await settleNext(NOW)).toMatchObject({
      number: 2,
      chat: await chat(-5),
    });
    expect(outbox.takeOne(NOW + 60_000)).toBeNull();
  });
});

describe("A batch of deliveries", () => {
  const DONE = { do: "done" } as const;
  const states = (sql: SqlStorage) =>
    sql
      .exec<{ chat: number; state: string; silent: number }>(
        "SELECT chat, state, silent FROM deliveries ORDER BY chat",
      )
      .toArray()
      .map(({ state, silent }) => (silent ? `${state}, silent` : state));

  it("has one message for each chat, and channels before people of a page not yet written", async ({
    again: open,
  }) => {
    const { outbox, fanOut, follow, chat } = open({ page: 1 });
    for (const id of [-5, CHAT, CHAT + 1]) await follow(id, { scope: "all" });
    for (const id of ["ua-1-00", "ua-2-00"])
      fanOut.announce(announcement(1, "loud", id), NOW);
    const groups = outbox.take(NOW, 4);
    expect(groups.map((job) => job.chat)).toEqual([await chat(-5)]);
    const people: number[] = [];
    for (
      let taken = outbox.take(NOW, 4);
      taken.length > 0;
      taken = outbox.take(NOW, 4)
    )
      people.push(...taken.map((job) => job.chat));
    expect(people.sort()).toEqual([await chat(CHAT), await chat(CHAT + 1)]);
  });

  it("keeps each outcome apart: sent, refused, moved, and told to wait", async (opened) => {
    const { outbox, fanOut, follow, breaker, chat, sql, followers, vault } =
      opened;
    const [sent, blocked, busy, lost, moves] = [
      CHAT,
      CHAT + 1,
      CHAT + 2,
      CHAT + 3,
      -4,
    ];
    for (const id of [sent, blocked, busy, lost, moves]) await follow(id);
    fanOut.announce(announcement(1), NOW);
    const jobs = [...outbox.take(NOW, 5), ...outbox.take(NOW, 5)];
    expect(jobs).toHaveLength(5);
    const verdicts = new Map<
      number | null,
      Parameters<typeof outbox.settle>[0][number]["verdict"]
    >([
      [await chat(sent), DONE],
      [await chat(blocked), { do: "end" }],
      [await chat(busy), { do: "pause", for: 9_000 }],
      [
        await chat(lost),
        { do: "again-silently", after: 1_000, trouble: "no answer" },
      ],
      [await chat(moves), { do: "migrate", to: -1004 }],
    ]);
    await outbox.settle(
      jobs.map((job) => ({ job, verdict: verdicts.get(job.chat)!, told: 1 })),
      NOW,
    );
    expect(await chat(blocked)).toBeNull();
    expect(breaker.pausedUntil()).toBe(NOW + 9_000);
    expect(
      followers.recipient({
        caseId: "ua-1-00",
        number: 1,
        chat: (await chat(sent))!,
        topic: 0,
      })!.told,
    ).toBe(1);
    expect(states(sql)).toEqual(["pending", "uncertain, silent", "pending"]);
    const again = [
      ...outbox.take(NOW + 9_000, 5),
      ...outbox.take(NOW + 9_000, 5),
    ];
    const addresses = again.map(async (job) =>
      vault.unseal(followers.recipient(job)!.sealed),
    );
    expect(
      (await Promise.all(addresses)).map(Number).sort((a, b) => a - b),
    ).toEqual([-1004, busy, lost]);
  });

  it("stays in doubt as a whole when its outcomes can't be stored", async (opened) => {
    const { outbox, fanOut, follow, sql } = opened;
    for (let chat = 0; chat < 3; chat++) await follow(CHAT + chat);
    fanOut.announce(announcement(1), NOW);
    const jobs = outbox.take(NOW, 3);
    sql.exec(
      "CREATE TRIGGER full BEFORE INSERT ON told WHEN NEW.chat = 3 BEGIN SELECT RAISE(ABORT, 'disk full'); END",
    );
    const outcomes = jobs.map((job) => ({ job, verdict: DONE, told: 1 }));
    await expect(outbox.settle(outcomes, NOW)).rejects.toThrow("disk full");
    sql.exec("DROP TRIGGER full");
    expect(states(sql)).toEqual(["sending", "sending", "sending"]);
    expect(sql.exec("SELECT * FROM told").toArray()).toEqual([]);
    outbox.recover(NOW);
    expect(outbox.take(NOW, 3).every(({ silent }) => silent)).toBe(true);
  });
});
