/**
 * Followed words and names: sealed, matched in memory, and erased with their
 * last follower or with the name.
 */
import { env } from "cloudflare:workers";
import { expect } from "vitest";
import { scopeOfRow } from "../../../../bot/scope.ts";
import {
  keyStatus,
  rotateKeyPage,
} from "../../../../worker/objects/dispatcher/key-rotation.ts";
import { Vault } from "../../../../worker/objects/dispatcher/vault.ts";
import { inventedCase, inventedPerson } from "../../../support/invented.ts";
import {
  announcement,
  CHAT,
  it,
  NOW,
  type Opened,
  open,
} from "../../outbox.ts";

/**
 * Everything that is stored, as text; bytes as Latin letters, so that words in
 * them are found.
 */
function dump({ sql, storage }: Opened): string {
  const names = sql.exec<{ name: string }>(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'",
  );
  const rows = names
    .toArray()
    .map(({ name }) => sql.exec(`SELECT * FROM "${name}"`).toArray());
  const plain = (_: string, value: unknown) =>
    value instanceof ArrayBuffer
      ? String.fromCharCode(...new Uint8Array(value))
      : value;
  return JSON.stringify([rows, [...storage.kv.list()]], plain);
}

const named = (name: string) =>
  inventedCase(1, { people: [inventedPerson(name, { id: "demo-person" })] });
const words = (opened: Opened) =>
  opened.sql.exec("SELECT * FROM words").toArray().length;

it("A followed word is stored once and sealed, and all words take as much room", async (opened) => {
  const { follow, sql } = opened;
  for (const chat of [CHAT, CHAT + 1])
    await follow(chat, { scope: "~Кукувіна" });
  await follow(CHAT, { scope: "~Ann" });
  expect(
    sql.exec("SELECT DISTINCT length(sealed) AS bytes FROM words").toArray(),
  ).toEqual([{ bytes: 12 + 64 + 16 }]);
  expect(
    sql.exec("SELECT scope FROM follows ORDER BY scope, chat").toArray(),
  ).toEqual(["#1", "#1", "#2"].map((scope) => ({ scope })));
  expect(dump(opened)).not.toMatch(/Кукувіна|Ann\b/);
  // A hash of a word is not the hash of a chat's id.
  await follow(CHAT, { scope: `~${CHAT}` });
  const hashes = "SELECT hash FROM chats INTERSECT SELECT hash FROM words";
  expect(sql.exec(hashes).toArray()).toEqual([]);
});

it("A case is announced to those who follow a word that it contains, in any script, by the words' rows", async (opened) => {
  const { follow, followers, fanOut, sendAll, words } = opened;
  for (const chat of [CHAT, CHAT + 1])
    await follow(chat, { scope: "~Кукувіна" });
  await follow(CHAT, { scope: "~other" });
  await follow(CHAT, { scope: "all" });
  const scopes = await words.scopesIn(named("Vyhadana Kukuvina"));
  expect(scopes).toEqual(["#1"]);
  fanOut.announce(announcement(1), NOW, scopes);
  const heard = (await sendAll(NOW)).map((delivery) =>
    followers.recipient(delivery)!.scopes.toSorted(),
  );
  expect(heard).toEqual([["#1", "all"], ["#1"]]);
});

it("10,000 followed words are opened and matched, and each finds its case", async (opened) => {
  const { follow, vault, words, sql } = opened;
  await follow(CHAT, { scope: "~Кукувіна" });
  const sealed = await Promise.all(
    Array.from({ length: 9_999 }, (_, index) =>
      words.seal(`Invented${index + 10_000} Name`),
    ),
  );
  opened.storage.transactionSync(() => {
    for (const one of sealed) {
      const scope = words.add(one);
      sql.exec(
        "INSERT INTO follows (scope, chat, topic, rank, since) VALUES (?, 1, 0, 2, 0)",
        scope,
      );
    }
  });
  expect(sql.exec("SELECT COUNT(*) AS n FROM words").one()).toEqual({
    n: 10_000,
  });
  expect(await words.scopesIn(named("Vyhadana Kukuvina"))).toEqual(["#1"]);
  expect(await words.scopesIn(named("Invented14711 Name"))).toEqual([
    scopeOfRow(4_713),
  ]);
  expect(await words.matching(["Invented14711 Name"])).toEqual([4_713]);
  // All of them go with their only follower.
  opened.followers.forget(await vault.hashes(CHAT));
  expect(sql.exec("SELECT COUNT(*) AS n FROM words").one()).toEqual({ n: 0 });
});

it("A word is erased with /unfollow, with /forget, with a deleted topic and with its last follower only", async (opened) => {
  const { follow, followers, vault, chat } = opened;
  for (const id of [CHAT, CHAT + 1, CHAT + 2])
    await follow(id, { scope: "~Kukuvina" });
  await follow(-5, { topic: 7, scope: "~Kukuvina" });
  const fanned = opened.fanOut;
  fanned.announce(
    announcement(1),
    NOW,
    await opened.words.scopesIn(named("Kukuvina")),
  );
  followers.unfollow(await vault.hashes(CHAT), 0, "#1");
  followers.forget(await vault.hashes(CHAT + 1));
  followers.endTopic({ caseId: "", chat: (await chat(-5))!, topic: 7 });
  expect(words(opened)).toBe(1);
  followers.delete((await chat(CHAT + 2))!);
  expect(words(opened)).toBe(0);
  expect(dump(opened)).not.toContain("Kukuvina");
});

it("An erasure names rows: the word goes at its moment, its followers are told once, and then nothing is left", async (opened) => {
  const { follow, fanOut, followers, sendAll, words: followed, chat } = opened;
  await follow(CHAT, { scope: "~KUKUVINA" });
  await follow(CHAT + 1, { scope: "~Vyhadana Kukuvina free" });
  await follow(CHAT + 2, { scope: "~Vyhadana" });
  await follow(CHAT + 3, { scope: "~elsewhere" });
  fanOut.announce(announcement(1), NOW, []);
  await sendAll(NOW);
  const rows = await followed.matching(["Vyhadana Kukuvina"]);
  expect(rows).toEqual([1, 2, 3]);
  const erased = followed.erase(rows);
  expect(words(opened)).toBe(1);
  fanOut.announce({ ...announcement(2), kind: "redaction" }, NOW, [], erased);
  followed.dropTold();
  const heard = await sendAll(NOW + 60_000);
  expect(heard.map(({ number }) => number)).toEqual([2, 2, 2]);
  followed.dropTold();
  expect(await chat(CHAT)).toBeNull();
  expect(
    followers.followingEverywhere(await opened.vault.hashes(CHAT + 3)),
  ).toHaveLength(1);
  expect(dump(opened)).not.toMatch(/kukuvina/i);
});

it("Words change their key with the chats, and two rows of one word become one", async (opened) => {
  const fresh = btoa("w".repeat(32));
  await opened.follow(CHAT, { scope: "~Kukuvina" });
  const wrong = open(opened.storage, await Vault.open(fresh));
  await wrong.follow(CHAT + 1, { scope: "~Kukuvina" });
  expect(words(opened)).toBe(2);
  const both = open(
    opened.storage,
    await Vault.open(`${fresh},${env.FOLLOWER_KEY}`),
  );
  while (keyStatus(both.sql, both.vault).older > 0)
    await rotateKeyPage(both.storage, both.followers, both.vault);
  expect([...(await both.words.opened()).values()]).toEqual(["Kukuvina"]);
  expect(
    both.sql.exec("SELECT DISTINCT scope FROM follows").toArray(),
  ).toHaveLength(1);
});
