/** Key rotation while followers and deliveries are in use. */
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { SqlCards } from "../../../../worker/objects/dispatcher/cards.ts";
import { CircuitBreaker } from "../../../../worker/objects/dispatcher/circuit-breaker.ts";
import { keyStatus, rotateKeyPage } from "../../../../worker/objects/dispatcher/key-rotation.ts";
import { Vault } from "../../../../worker/objects/dispatcher/vault.ts";
import { announcement, NOW, open, withOutbox } from "../../outbox.ts";

const old = env.FOLLOWER_KEY;
const fresh = btoa("n".repeat(32));

/** @param body receives a function that opens the same storage with any key */
const onStorage = (body: (opened: (secret: string) => Promise<ReturnType<typeof parts>>) => Promise<void>) =>
  withOutbox(({ storage }) => body(async (secret) => parts(storage, await Vault.open(secret))));

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
    followAs: async (chat: number, id = "ua-1-00") => followers.follow(await vault.seal(chat), 2, 0, id, "en", 1, NOW),
  };
}

const followedBy = async ({ followers, vault }: ReturnType<typeof parts>, chat: number) =>
  followers.followingEverywhere(await vault.hashes(chat)).map(({ scope }) => scope);

it("Key rotation re-encrypts page by page while chats follow and stop, and loses none", () =>
  onStorage(async (open) => {
    const before = await open(old);
    for (let chat = 1; chat <= 40; chat++) await before.followAs(chat);
    before.fanOut.announce(announcement(2), NOW);
    expect(before.rotation.status()).toMatchObject({ current: 40, older: 0, closed: 0 });
    expect(await before.rotation.page()).toBe(0);

    const both = await open(`${fresh},${old}`);
    expect(both.rotation.status()).toMatchObject({ current: 0, older: 40, closed: 0 });
    const heard: string[] = [];
    const deliver = async (at: number) => {
      const delivery = both.outbox.take(at)!;
      // A page of ids is resealed while the message is being sent.
      await both.rotation.page();
      heard.push(await both.vault.unseal(both.followers.recipient(delivery)!.sealed));
      await both.outbox.settle(delivery, { do: "done" }, at, 2);
    };
    for (let at = NOW; at < NOW + 20; at++) await deliver(at);
    expect(both.rotation.status()).toMatchObject({ current: 40, older: 0, closed: 0 });
    // An old chat and a new chat are each found once.
    for (const chat of [3, 41]) {
      const sealed = await both.vault.seal(chat);
      expect(both.followers.follow(sealed, 2, 0, "ua-1-00", "en", 2, NOW)).toBe(chat === 41);
    }
    expect(both.followers.unfollow(await both.vault.hashes(41), 0, "ua-1-00")).toBe(true);

    const after = await open(fresh);
    for (let at = NOW + 20, next = after.outbox.take(at); next; next = after.outbox.take(++at)) {
      heard.push(await after.vault.unseal(after.followers.recipient(next)!.sealed));
      await after.outbox.settle(next, { do: "done" }, at, 2);
    }
    expect(heard.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
    expect(await followedBy(after, 7)).toEqual(["ua-1-00"]);
  }));

it("Key rotation joins the two records of a chat that followed again under a wrong key", () =>
  onStorage(async (open) => {
    const right = await open(old);
    const cards = new SqlCards(right.storage, new CircuitBreaker(right.storage, "token"));
    const wrong = await open(fresh);
    for (const [index, { followAs, vault }] of [right, wrong].entries()) {
      await followAs(5, `ua-${index + 1}-00`);
      for (const place of ["inline AAAA", `inline ${index}`])
        cards.add(await vault.seal(place), await vault.seal(5), { caseId: "ua-1-00", locale: "en", shown: 1 }, NOW);
    }
    const both = await open(`${old},${fresh}`);
    while (both.rotation.status().older > 0) await both.rotation.page();
    expect(await followedBy(both, 5)).toEqual(["ua-1-00", "ua-2-00"]);
    const count = (table: string) => both.sql.exec(`SELECT * FROM ${table}`).toArray().length;
    expect(["chats", "cards", "card_sharers"].map(count)).toEqual([1, 3, 1]);
    expect(cards.forget(await both.vault.hashes(5))).toHaveLength(3);
  }));

it("During key rotation a chat is found under either key, and gets no second row", () =>
  onStorage(async (open) => {
    const before = await open(old);
    await before.followAs(5);
    const both = await open(`${fresh},${old}`);
    expect(await followedBy(both, 5)).toEqual(["ua-1-00"]);
    await both.followAs(5, "ua-2-00");
    expect(both.sql.exec("SELECT * FROM chats").toArray()).toHaveLength(1);
    expect(both.followers.forget(await both.vault.hashes(5))).toMatchObject({ follows: 2, deliveries: 0 });
  }));

it("Under a wrong key, /forget can't tell whether it found everything, and says so", () =>
  onStorage(async (open) => {
    const before = await open(old);
    await before.followAs(5);
    expect(before.followers.hasUnreadable(before.vault.keyIds)).toBe(false);
    const { followers, vault } = await open(fresh);
    expect(followers.forget(await vault.hashes(5))).toMatchObject({ follows: 0 });
    expect(followers.hasUnreadable(vault.keyIds)).toBe(true);
  }));

it("Key rotation reports what cannot be decrypted when a key was removed too early", () =>
  onStorage(async (open) => {
    const before = await open(old);
    await before.followAs(5);
    const { rotation } = await open(fresh);
    expect(rotation.status()).toMatchObject({ current: 0, older: 0, closed: 1 });
    expect(await rotation.page()).toBe(0);
  }));
