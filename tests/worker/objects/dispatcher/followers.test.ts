/**
 * The register of followers on real storage: the updates that each receives,
 * and the data stored about each.
 */
import { describe, expect } from "vitest";
import { announcement, CHAT, it, NOW, rows } from "../../outbox.ts";

describe("The register of followers", () => {
  it("notifies followers of a country about the revision that removes the country, and about none after it", async (opened) => {
    const { follow, fanOut, followers, outbox, sendAll, sql } = opened;
    await follow(CHAT, { scope: "RU" });
    await follow(CHAT + 1, { scope: "UA" });
    const heard: string[][] = [];
    const drained = async (at: number) =>
      heard.push(
        (await sendAll(at))
          .map((sent) => `${sent.number} ${followers.recipient(sent)!.scopes}`)
          .sort(),
      );
    const announce = (
      number: number,
      places: string[] | null,
      notify: "loud" | "none" = "loud",
    ) => fanOut.announce(announcement(number, notify), NOW, places);
    announce(1, ["RU"]);
    await drained(NOW);
    announce(2, ["UA"]);
    await drained(NOW + 10_000);
    announce(3, ["UA"]);
    await drained(NOW + 20_000);
    // A waiting delivery isn't dropped because the case left the country since;
    // an unannounced change is reported with the next.
    announce(4, ["RU"], "none");
    announce(5, []);
    expect(
      sql.exec("SELECT own FROM announced WHERE number = 5").one(),
    ).toEqual({ own: 2 });
    expect(outbox.status(NOW).depth).toBe(2);
    announce(6, []);
    await drained(NOW + 30_000);
    announce(7, null);
    await drained(NOW + 40_000);
    expect(heard).toEqual([
      ["1 RU"],
      ["2 RU", "2 UA"],
      ["3 UA"],
      ["5 RU", "5 UA"],
      [],
    ]);
    expect(sql.exec("SELECT * FROM deliveries").toArray()).toEqual([]);
  });

  it("never notifies a follower of a revision they have seen, nor of the newest one twice", async (opened) => {
    const { outbox, fanOut, follow } = opened;
    await follow(CHAT, { told: 2 });
    fanOut.announce(announcement(2), NOW);
    expect(outbox.takeOne(NOW)).toBeNull();
    fanOut.announce(announcement(3), NOW);
    const delivery = outbox.takeOne(NOW)!;
    // The head was already 4 when the text was written; the announcement of 4
    // comes later.
    await outbox.settleOne(delivery, { do: "done" }, NOW, 4);
    fanOut.announce(announcement(4), NOW);
    expect(outbox.takeOne(NOW + 60_000)).toBeNull();
  });

  it("notifies a follower who saw the old revision and followed just after the moment", async (opened) => {
    const { outbox, fanOut, follow } = opened;
    fanOut.announce(announcement(2), NOW);
    expect(outbox.takeOne(NOW)).toBeNull();
    await follow(CHAT, { told: 1 });
    expect(outbox.takeOne(NOW)).toMatchObject({ number: 2 });
  });

  it("deletes the subscriptions of a deleted topic, and nothing else of its chat", async (opened) => {
    const { settleNext, fanOut, follow, sql } = opened;
    await follow(-5, { topic: 7 });
    await follow(-5, { topic: 8 });
    fanOut.announce(announcement(1), NOW);
    await settleNext(NOW, { do: "end-topic" });
    expect(rows(sql)).toEqual([1, 1, 0, 1]);
    await settleNext(NOW, { do: "end-topic" });
    expect(rows(sql)).toEqual([0, 0, 0, 0]);
  });

  it("joins a group and the supergroup it became when both follow", async (opened) => {
    const { outbox, settleNext, fanOut, follow, sql, chat } = opened;
    await follow(-5);
    await follow(-1005);
    await follow(-5, { scope: "all" });
    fanOut.announce(announcement(1), NOW);
    const group = await chat(-5);
    expect((await settleNext(NOW, { do: "migrate", to: -1005 })).chat).toBe(
      group,
    );
    expect(rows(sql)).toEqual([1, 2, 0, 1]);
    await settleNext(NOW);
    expect(outbox.takeOne(NOW + 60_000)).toBeNull();
  });

  it("keeps the quieter settings of a group and its supergroup, the chosen language and the hours", async (opened) => {
    const { followers, follow, vault, chat } = opened;
    const [group, supergroup] = [await vault.seal(-5), await vault.seal(-1005)];
    for (const id of [-5, -1005]) await follow(id);
    followers.setLanguage(group, 1, "uk");
    const hours = { zone: "+00:00", quiet: { from: 22, to: 7 } } as const;
    followers.setManner(group, 1, { silent: true, hours }, 0);
    followers.setManner(supergroup, 1, { neutral: true }, 0);
    followers.move((await chat(-5))!, supergroup);
    expect(followers.manner(supergroup.hashes)).toEqual({
      silent: true,
      neutral: true,
      hours,
    });
    expect(followers.language(supergroup.hashes)).toBe("uk");
    expect(followers.find(group.hashes)).toBeNull();
  });

  it("sends nothing while a chat has paused, and each changed case once when it resumes", async (opened) => {
    const { followers, fanOut, follow, outbox, vault } = opened;
    const sealed = await vault.seal(CHAT);
    await follow(CHAT, { scope: "all" });
    followers.setManner(sealed, 2, { paused: true }, NOW - 1);
    expect(followers.manner(sealed.hashes)).toEqual({
      silent: false,
      neutral: false,
      paused: true,
    });
    fanOut.announce(announcement(1), NOW);
    fanOut.announce(announcement(2), NOW);
    for (
      let delivery = outbox.takeOne(NOW);
      delivery;
      delivery = outbox.takeOne(NOW + 60_000)
    ) {
      expect(followers.recipient(delivery)).toBeNull();
      await outbox.settleOne(delivery, { do: "drop" }, NOW, 0);
    }
    followers.setManner(sealed, 2, { paused: false }, NOW + 60_000);
    const missed = outbox.takeOne(NOW + 60_000)!;
    expect(missed).toMatchObject({ number: 2 });
    expect(followers.recipient(missed)).toMatchObject({
      scopes: ["all"],
      told: 0,
    });
    await outbox.settleOne(missed, { do: "done" }, NOW + 60_000, 2);
    expect(outbox.takeOne(NOW + 120_000)).toBeNull();
    expect(followers.manner(sealed.hashes)).toEqual({
      silent: false,
      neutral: false,
    });
  });

  it("leaves no trace of a chat that is forgotten while a message is under way", async (opened) => {
    const { outbox, fanOut, follow, followers, vault, sql } = opened;
    await follow(CHAT);
    fanOut.announce(announcement(1), NOW);
    const delivery = outbox.takeOne(NOW)!;
    followers.forget(await vault.hashes(CHAT));
    await outbox.settleOne(delivery, { do: "done" }, NOW, 1);
    expect(rows(sql)).toEqual([0, 0, 0, 0]);
  });

  it("stores the day of a follow, and no row about a chat that neither follows nor chose a language", async (opened) => {
    const { followers, vault, sql } = opened;
    followers.follow(
      await vault.seal(CHAT),
      2,
      0,
      "ua-1-00",
      "en",
      1,
      NOW + 5 * 3_600_000,
    );
    expect(sql.exec("SELECT since FROM follows").one()).toEqual({ since: NOW });
    expect(followers.unfollow(await vault.hashes(CHAT), 0, "ua-1-00")).toBe(
      true,
    );
    expect(followers.unfollow(await vault.hashes(CHAT), 0, "ua-1-00")).toBe(
      false,
    );
    expect(rows(sql)).toEqual([0, 0, 0, 0]);
  });
});
