/** Export and restore of followers. */

import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { FanOut } from "../../../../worker/objects/dispatcher/fan-out.ts";
import { FollowedWords } from "../../../../worker/objects/dispatcher/followed-words.ts";
import { FollowerBackup } from "../../../../worker/objects/dispatcher/follower-backup.ts";
import { SqlFollowers } from "../../../../worker/objects/dispatcher/followers.ts";
import { ForgottenRows } from "../../../../worker/objects/dispatcher/forgotten-rows.ts";
import { DEVICE_BYTES } from "../../../../worker/objects/dispatcher/push-address.ts";
import { rankOf } from "../../../../worker/objects/dispatcher/rank.ts";
import { Vault } from "../../../../worker/objects/dispatcher/vault.ts";
import { portsTo } from "../../chat-ports.ts";
import { A, changed, resealed } from "../ledger/newsroom.ts";

describe("Followers that are exported on request", () => {
  const CHAT = 4711_0815;
  const arm = () => {};
  const backupOf = (
    storage: DurableObjectStorage,
    vault: Vault,
    record = async (_: string, __: string) => {},
  ) => {
    const forgotten = new ForgottenRows(storage, () => env, arm);
    return new FollowerBackup(
      {
        storage,
        vault,
        words: new FollowedWords(storage, vault),
        forgotten,
        arm,
      },
      record,
    );
  };
  const place = { chat: CHAT, kind: "private" } as const;
  const named = (name: string) => env.DISPATCHER.getByName(`followers ${name}`);
  const inside = <T>(
    name: string,
    look: (storage: DurableObjectStorage) => T | Promise<T>,
  ) =>
    runInDurableObject(named(name) as never, (_, state) => look(state.storage));
  const exported = async (name: string) =>
    new Response(await named(name).followerBackup.stream("anna")).text();
  const restored = (name: string, text: string) =>
    named(name).followerBackup.restore(new Response(text).body!, true);

  it("are restored as they were sealed, only under the same key and only into an empty register", async () => {
    const from = named("one");
    await portsTo(from).followers.follow(place, A, "uk", 2);
    await portsTo(from).followers.setManner(place, { silent: true });
    await inside("one", (storage) =>
      storage.sql.exec(
        `INSERT INTO cards (hash, key_id, sealed, case_id, locale, wanted, shown, touched_at, due_at)
         SELECT hash, key_id, sealed, ?, 'uk', 2, 2, 1, 4102444800000 FROM chats`,
        A,
      ),
    );
    // A device comes back too, with its push service.
    await inside("one", async (storage) => {
      const vault = await Vault.open(env.FOLLOWER_KEY!);
      const followers = new SqlFollowers(storage, new FanOut(storage));
      const device = await vault.seal(
        `https://push.one.net/x ${"B".repeat(87)} ${"a".repeat(22)}`,
        DEVICE_BYTES,
      );
      followers.findOrAdd(device, rankOf.device, "0123456789abcdef");
      followers.follow(device, rankOf.device, 0, A, "uk", 0, 0);
    });
    const text = await exported("one");
    expect(text).not.toContain(String(CHAT));
    expect(await restored("two", text)).toMatchObject({
      done: { chats: 2, follows: 2, cards: 1 },
    });
    expect(await portsTo(named("two")).followers.following(place)).toEqual([A]);
    expect(await portsTo(named("two")).followers.manner(place)).toEqual({
      silent: true,
      neutral: false,
    });
    const tables = ["chats", "follows", "told", "cards"];
    const dump = (storage: DurableObjectStorage) =>
      JSON.stringify(
        tables.map((table) =>
          storage.sql.exec(`SELECT * FROM ${table}`).toArray(),
        ),
        (_, value) =>
          value instanceof ArrayBuffer ? [...new Uint8Array(value)] : value,
      );
    expect(await inside("two", dump)).toBe(await inside("one", dump));
    expect(await restored("two", text)).toEqual({
      failure: { tag: "followers-there" },
    });

    await inside("three", async (storage) => {
      const vault = await Vault.open(btoa("another key of thirty-two bytes!"));
      expect(
        await backupOf(storage, vault).restore(new Response(text).body!, true),
      ).toMatchObject({
        failure: {
          tag: "unfit-backup",
          reason: "other-key",
          fault: expect.stringContaining("FOLLOWER_KEY"),
        },
      });
      expect(dump(storage)).toBe(JSON.stringify(tables.map(() => [])));
    });
    const lines = text.trimEnd().split("\n");
    const anotherHash = changed("chat", ({ columns }) => (columns.hash = "0"));
    for (const damaged of [
      text.slice(0, -10),
      lines.toSpliced(1, 1).join("\n"),
      text.replace(String.raw`\"silent\":true`, String.raw`\"silent\":null`),
      resealed(text, anotherHash),
      resealed(text, (rows) => [...rows, rows[0]]),
      resealed(text, (rows) => [...rows, { row: "draft", columns: {} }]),
    ]) {
      expect(await restored("three", damaged)).toMatchObject({
        failure: { tag: "damaged-backup" },
      });
      expect(await inside("three", dump)).toBe(
        JSON.stringify(tables.map(() => [])),
      );
    }
  });

  it("are streamed in pages, and a chat forgotten meanwhile leaves nothing that another could inherit", async () => {
    const from = named("streamed");
    for (let chat = 1; chat <= 3; chat++)
      await portsTo(from).followers.follow(
        { chat, kind: "private" },
        A,
        "uk",
        2,
      );
    await inside("streamed", (storage) =>
      storage.sql.exec(
        `WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
         INSERT INTO told SELECT 'ua-' || i || '-00', 1, 0, 1 FROM n`,
      ),
    );
    const { text, sha256 } = await inside("streamed", async (storage) => {
      const vault = await Vault.open(env.FOLLOWER_KEY);
      let sha256 = "";
      const record = async (_: string, sealed: string) => {
        sha256 = sealed;
      };
      return {
        text: await new Response(
          backupOf(storage, vault, record).stream("anna"),
        ).text(),
        sha256,
      };
    });
    expect(text).toContain(`"sha256":"${sha256}"`);
    const rowsOf = (file: string) =>
      file.trimEnd().split("\n").slice(1, -1).sort();
    expect(rowsOf(text)).toEqual(rowsOf(await exported("streamed")));
    const forgotten = resealed(text, (rows) =>
      rows.filter(({ row, columns }) => row !== "chat" || columns.id !== 1),
    );
    expect(await restored("streamed again", forgotten)).toMatchObject({
      done: { chats: 2 },
    });
    const counts = await inside("streamed again", (storage) =>
      ["follows", "told"].map(
        (table) =>
          storage.sql.exec(`SELECT COUNT(*) AS n FROM ${table}`).one().n,
      ),
    );
    expect(counts).toEqual([2, 2]);
  });
});
