/** Key rotation while followers and deliveries are in use. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { SqlCards } from "../../../../worker/objects/dispatcher/cards.ts";
import { CircuitBreaker } from "../../../../worker/objects/dispatcher/circuit-breaker.ts";
import type { Dispatcher } from "../../../../worker/objects/dispatcher/dispatcher.ts";
import { FanOut } from "../../../../worker/objects/dispatcher/fan-out.ts";
import { SqlFollowers } from "../../../../worker/objects/dispatcher/followers.ts";
import { KeyRotation } from "../../../../worker/objects/dispatcher/key-rotation.ts";
import { SqlOutbox } from "../../../../worker/objects/dispatcher/outbox.ts";
import { Vault } from "../../../../worker/objects/dispatcher/vault.ts";

const old = env.FOLLOWER_KEY;
const fresh = btoa("n".repeat(32));
const NOW = Date.parse("2026-01-01T00:00:00.000Z");

/** @param body receives a function that opens the same storage with any key */
const onStorage = (
  name: string,
  body: (open: (secret: string) => Promise<ReturnType<typeof parts>>) => Promise<void>,
) =>
  runInDurableObject<Dispatcher, void>(env.DISPATCHER.getByName(name), async (_, { storage }) => {
    await body(async (secret) => parts(storage, await Vault.open(secret)));
  });

function parts(storage: DurableObjectStorage, vault: Vault) {
  const fanOut = new FanOut(storage);
  const followers = new SqlFollowers(storage, fanOut);
  const outbox = new SqlOutbox(storage, followers, fanOut, vault, new CircuitBreaker(storage, "token"));
  return {
    vault,
    fanOut,
    followers,
    outbox,
    rotation: new KeyRotation(storage, followers, vault, 7),
    storage,
    sql: storage.sql,
  };
}

it("Key rotation re-encrypts page by page while chats follow and stop, and loses none", () =>
  onStorage("rotation", async (open) => {
    const before = await open(old);
    for (let chat = 1; chat <= 40; chat++)
      before.followers.follow(await before.vault.seal(chat), 2, 0, "ua-1-00", "en", 1, NOW);
    before.fanOut.announce(
      { id: "ua-1-00", number: 2, liveAt: new Date(NOW).toISOString(), notify: "loud", kind: "update" },
      NOW,
    );
    expect(before.rotation.status()).toMatchObject({ current: 40, older: 0, closed: 0 });
    expect(await before.rotation.page()).toBe(0);

    const both = await open(`${fresh},${old}`);
    expect(both.rotation.status()).toMatchObject({ current: 0, older: 40, closed: 0 });
    const heard: string[] = [];
    const deliver = async (at: number) => {
      const delivery = both.outbox.take(at, 1)[0]!;
      // A page of ids is resealed while the message is being sent.
      await both.rotation.page();
      heard.push(await both.vault.unseal(both.followers.recipient(delivery)!.sealed));
      await both.outbox.settle([{ job: delivery, verdict: { do: "done" }, told: 2 }], at);
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
    for (let at = NOW + 20; at < NOW + 40; at++) {
      const delivery = after.outbox.take(at, 1)[0]!;
      heard.push(await after.vault.unseal(after.followers.recipient(delivery)!.sealed));
      await after.outbox.settle([{ job: delivery, verdict: { do: "done" }, told: 2 }], at);
    }
    expect(after.outbox.take(NOW + 60_000, 1)).toEqual([]);
    expect(heard.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
    expect(after.followers.following(await after.vault.hashes(7), 0)).toEqual(["ua-1-00"]);
  }));

it("Key rotation joins the two records of a chat that followed again under a wrong key", () =>
  onStorage("wrong key", async (open) => {
    const right = await open(old);
    const cards = new SqlCards(right.storage, new CircuitBreaker(right.storage, "token"));
    const wrong = await open(fresh);
    for (const [index, { followers, vault }] of [right, wrong].entries()) {
      followers.follow(await vault.seal(5), 2, 0, `ua-${index + 1}-00`, "en", 1, NOW);
      cards.add(
        await vault.seal("inline AAAA"),
        await vault.seal(5),
        { caseId: "ua-1-00", locale: "en", shown: 1 },
        NOW,
      );
      cards.add(
        await vault.seal(`inline ${index}`),
        await vault.seal(5),
        { caseId: "ua-1-00", locale: "en", shown: 1 },
        NOW,
      );
    }
    const both = await open(`${old},${fresh}`);
    while (both.rotation.status().older > 0) await both.rotation.page();
    expect(both.followers.following(await both.vault.hashes(5), 0)).toEqual(["ua-1-00", "ua-2-00"]);
    const count = (table: string) => both.sql.exec(`SELECT * FROM ${table}`).toArray().length;
    expect(["chats", "cards", "card_sharers"].map(count)).toEqual([1, 3, 1]);
    expect(cards.forget(await both.vault.hashes(5))).toHaveLength(3);
  }));

it("During key rotation a chat is found under either key, and gets no second row", () =>
  onStorage("both keys", async (open) => {
    const before = await open(old);
    before.followers.follow(await before.vault.seal(5), 2, 0, "ua-1-00", "en", 1, NOW);
    const both = await open(`${fresh},${old}`);
    expect(both.followers.following(await both.vault.hashes(5), 0)).toEqual(["ua-1-00"]);
    both.followers.follow(await both.vault.seal(5), 2, 0, "ua-2-00", "en", 1, NOW);
    expect(both.sql.exec("SELECT * FROM chats").toArray()).toHaveLength(1);
    expect(both.followers.forget(await both.vault.hashes(5))).toMatchObject({ follows: 2, deliveries: 0 });
  }));

it("Under a wrong key, /forget can't tell whether it found everything, and says so", () =>
  onStorage("unsure", async (open) => {
    const before = await open(old);
    before.followers.follow(await before.vault.seal(5), 2, 0, "ua-1-00", "en", 1, NOW);
    expect(before.followers.hasUnreadable(before.vault.keyIds)).toBe(false);
    const { followers, vault } = await open(fresh);
    expect(followers.forget(await vault.hashes(5))).toMatchObject({ follows: 0 });
    expect(followers.hasUnreadable(vault.keyIds)).toBe(true);
  }));

it("Key rotation reports what cannot be decrypted when a key was removed too early", () =>
  onStorage("too early", async (open) => {
    const before = await open(old);
    before.followers.follow(await before.vault.seal(5), 2, 0, "ua-1-00", "en", 1, NOW);
    const { rotation } = await open(fresh);
    expect(rotation.status()).toMatchObject({ current: 0, older: 0, closed: 1 });
    expect(await rotation.page()).toBe(0);
  }));
