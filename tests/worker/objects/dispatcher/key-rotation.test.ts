/** Key rotation while followers and deliveries are in use. */
import { env } from "cloudflare:workers";
import { expect } from "vitest";
import {
  keyStatus,
  rotateKeyPage,
} from "../../../../worker/objects/dispatcher/key-rotation.ts";
import { Vault } from "../../../../worker/objects/dispatcher/vault.ts";
import { announcement, it as inOutbox, NOW, open, rows } from "../../outbox.ts";

const old = env.FOLLOWER_KEY;
const fresh = btoa("n".repeat(32));

/** @param body receives a function that opens the same storage with any key */
const it = (
  what: string,
  body: (
    opened: (secret: string) => Promise<ReturnType<typeof parts>>,
  ) => Promise<void>,
) =>
  inOutbox(what, ({ storage }) =>
    body(async (secret) => parts(storage, await Vault.open(secret))),
  );

function parts(storage: DurableObjectStorage, vault: Vault) {
  const opened = open(storage, vault);
  const { followers } = opened;
  return {
    ...opened,
    rotation: {
      status: () => keyStatus(storage.sql, vault),
      page: () => rotateKeyPage(storage, followers, vault, 7),
    },
    /** Follows a case with that chat, which has seen its first revision. */
    followAs: async (chat: number, id = "ua-1-00") =>
      followers.follow(await vault.seal(chat), 2, 0, id, "en", 1, NOW),
  };
}

const followedBy = async (
  { followers, vault }: ReturnType<typeof parts>,
  chat: number,
) =>
  followers
    .followingEverywhere(await vault.hashes(chat))
    .map(({ scope }) => scope);

it("Key rotation re-encrypts page by page while chats follow and stop, and loses none", async (open) => {
  const before = await open(old);
  for (let chat = 1; chat <= 40; chat++) await before.followAs(chat);
  before.fanOut.announce(announcement(2), NOW);
  expect(before.rotation.status()).toMatchObject({
    current: 40,
    older: 0,
    closed: 0,
  });
  expect(await before.rotation.page()).toBe(0);

  const both = await open(`${fresh},${old}`);
  expect(both.rotation.status()).toMatchObject({
    current: 0,
    older: 40,
    closed: 0,
  });
  // An old chat and a new chat are each found once.
  for (const chat of [40, 41])
    expect(await both.followAs(chat)).toBe(chat === 41);
  expect(rows(both.sql)[0]).toBe(41);
  expect(
    both.followers.unfollow(await both.vault.hashes(41), 0, "ua-1-00"),
  ).toBe(true);
  // The address of a message changes its key while the message is being sent.
  const delivery = both.outbox.takeOne(NOW)!;
  while (both.rotation.status().older > 0) await both.rotation.page();
  expect(
    await both.vault.unseal(both.followers.recipient(delivery)!.sealed),
  ).toBe("1");
  await both.outbox.settleOne(delivery, { do: "done" }, NOW, 2);
  expect(both.outbox.status(NOW).depth).toBe(39);

  const after = await open(fresh);
  expect(after.rotation.status()).toMatchObject({
    current: 40,
    older: 0,
    closed: 0,
  });
  for (let chat = 1; chat <= 40; chat++)
    expect(await followedBy(after, chat)).toEqual(["ua-1-00"]);
});

it("Key rotation joins the two records of a chat that followed again under a wrong key", async (open) => {
  const right = await open(old);
  const { cards } = right;
  const wrong = await open(fresh);
  for (const [index, { followAs, followers, vault }] of [
    right,
    wrong,
  ].entries()) {
    await followAs(5, `ua-${index + 1}-00`);
    for (const place of ["inline AAAA", `inline ${index}`])
      cards.add(
        await vault.seal(place),
        followers.find(await vault.hashes(5)),
        { caseId: "ua-1-00", locale: "en", shown: 1 },
        NOW,
      );
  }
  const both = await open(`${old},${fresh}`);
  while (both.rotation.status().older > 0) await both.rotation.page();
  expect(await followedBy(both, 5)).toEqual(["ua-1-00", "ua-2-00"]);
  const count = (table: string) =>
    both.sql.exec(`SELECT * FROM ${table}`).toArray().length;
  expect(["chats", "cards"].map(count)).toEqual([1, 3]);
  expect(
    cards.forget(both.followers.find(await both.vault.hashes(5))),
  ).toHaveLength(3);
});

it("Under a wrong key, the rotation counts what it can't decrypt, and /forget can't tell whether it found everything", async (open) => {
  const before = await open(old);
  await before.followAs(5);
  expect(before.followers.hasUnreadable(before.vault.keyIds)).toBe(false);
  const { followers, vault, rotation } = await open(fresh);
  expect(rotation.status()).toMatchObject({ current: 0, older: 0, closed: 1 });
  expect(await rotation.page()).toBe(0);
  expect(followers.forget(await vault.hashes(5))).toMatchObject({ follows: 0 });
  expect(followers.hasUnreadable(vault.keyIds)).toBe(true);
});
