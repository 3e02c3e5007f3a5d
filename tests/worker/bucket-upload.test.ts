/**
 * The lists of erasures in a real bucket of the local runtime, put there by the
 * Ledger and the Dispatcher themselves.
 */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Dispatcher } from "../../worker/objects/dispatcher/dispatcher.ts";
import type { PublishCommand } from "../../worker/objects/ledger/command.ts";
import { Journal } from "../../worker/objects/ledger/journal.ts";
import type { Ledger } from "../../worker/objects/ledger/ledger.ts";
import { RecentRows } from "../../worker/objects/ledger/recent-rows.ts";
import {
  BucketUpload,
  type BucketUploadStatus,
} from "../../worker/objects/storage/bucket-upload.ts";
import { confirmed } from "../support/confirming.ts";
import { draftOf, inventedCase, publishOf } from "../support/invented.ts";
import { profile } from "../support/profile.ts";
import { bind } from "./bound.ts";
import { portsTo } from "./chat-ports.ts";
import { erased } from "./erased.ts";
import { done, withNewsroom } from "./objects/ledger/newsroom.ts";
import {
  bucket,
  emptyBucket,
  keysIn,
  opened,
  recipient,
} from "./sealed-bucket.ts";

/** A slow machine takes long. */
const PATIENCE = { timeout: 15_000, interval: 5 };
const DAY_MS = 86_400_000;
const A = "ua-461-00";

/** Files of what was committed. */
const changes = async () =>
  (await keysIn()).filter((key) => key.startsWith("changes/"));
const keys = async () =>
  (await keysIn()).filter((key) => !key.startsWith("changes/"));

/**
 * Changes the settings of an object. Without a bucket when that is undefined.
 */
function useBucket(
  instance: object,
  BACKUPS: Partial<R2Bucket> | undefined,
): void {
  const CHANNEL = { getByName: () => ({ push: () => 0 }) };
  const DISPATCHER = {
    getByName: () => ({ announce: () => {}, tellDesk: () => {} }),
  };
  bind(instance, { CHANNEL, DISPATCHER, BACKUPS, BACKUP_RECIPIENT: recipient });
}

const inLedger = (
  act: (ledger: Ledger, state: DurableObjectState) => Promise<void>,
  given: Partial<R2Bucket> | undefined = bucket,
) =>
  runInDurableObject<Ledger, void>(
    env.LEDGER.getByName(`erasures ${crypto.randomUUID()}`) as never,
    async (instance, state) => {
      useBucket(instance, given);
      await act(instance, state);
      await state.storage.deleteAlarm();
    },
  );

const secret = inventedCase(461, {
  summary: { en: "Secret of the withdrawn" },
});
const publish = (
  ledger: Ledger,
  basedOn: number,
  more: Partial<PublishCommand> = {},
) =>
  done(
    ledger.publish(confirmed(ledger, publishOf(secret, { basedOn, ...more }))),
  );
const withdraw = (ledger: Ledger, basedOn: number) =>
  done(
    ledger.review.withdraw(
      { id: A, reason: "safety", editor: "tester", basedOn },
      false,
    ),
  );

/** The moments of all pending revisions come, and the alarm with them. */
function goLive(ledger: Ledger, { storage }: DurableObjectState): void {
  storage.sql.exec(
    "UPDATE revisions SET live_at = ? WHERE shown = 0",
    Date.now(),
  );
  ledger.alarm();
}
const uploaded = (ledger: Ledger, count: number) =>
  vi.waitFor(async () => {
    expect(ledger.observed().erasures).toMatchObject({ since: null });
    expect((await keys()).length).toBeGreaterThanOrEqual(count);
  }, PATIENCE);
const waits = (ledger: Ledger) => ledger.observed().erasures.since !== null;

/** As of another instance, which begins with this storage. */
const uploadFrom = (
  storage: DurableObjectStorage,
  ports: Pick<UploadPorts, "kind" | "content" | "stored">,
) => new BucketUpload(storage, { env: () => bound, arm: () => {}, ...ports });
type UploadPorts = ConstructorParameters<typeof BucketUpload>[1];
const bound = { ...env, BACKUPS: bucket, BACKUP_RECIPIENT: recipient } as Env;

beforeEach(emptyBucket);

describe("The list of erasures", () => {
  it("is in the bucket after a withdrawal, so that the backup before it brings nothing back", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const pass = (ledger: Ledger) => {
      vi.setSystemTime(Date.now() + DAY_MS);
      ledger.alarm();
    };
    await inLedger(async (ledger) => {
      publish(ledger, 0);
      pass(ledger);
      const backup = await new Response(ledger.backup.export("tester")).text();
      expect(backup).toContain("Secret of the withdrawn");
      expect(await keys()).toEqual([]);
      withdraw(ledger, 1);
      pass(ledger);
      await uploaded(ledger, 1);
      const [key] = await keys();
      expect(key).toMatch(/^erasures\/[\dT-]+Z\.ndjson\.gz\.age$/);
      expect(await (await bucket.get(key!))!.text()).toMatch(
        /^age-encryption\.org\/v1\n-> X25519 /,
      );
      const list = await opened(key!);
      expect(list).not.toContain("Secret");
      await withNewsroom(async (room) => {
        room.clock = Date.now() + DAY_MS;
        expect(done(await room.restore(list + backup, false))).toMatchObject({
          erasures: 1,
        });
        expect(room.everything()).not.toContain("Secret");
        expect(room.shown(A)).toBe("withdrawn");
      });
    }).finally(() => vi.useRealTimers());
  });

  it("is uploaded after an undo, a replacement, a redaction and a withdrawal of drafts alone", () =>
    inLedger(async (ledger, state) => {
      const isUploaded = async () => {
        expect(waits(ledger)).toBe(true);
        ledger.alarm();
        await uploaded(ledger, 1);
      };
      publish(ledger, 0);
      goLive(ledger, state);
      publish(ledger, 1);
      expect(waits(ledger)).toBe(false);
      done(ledger.undo(A, 2, "tester"));
      await isUploaded();
      publish(ledger, 1);
      publish(ledger, 1, { replace: 3 });
      await isUploaded();
      done(ledger.undo(A, 4, "tester"));
      await isUploaded();
      erased(ledger.review, A, 1);
      expect(waits(ledger)).toBe(false);
      goLive(ledger, state);
      await uploaded(ledger, 1);
      expect(await opened((await keys()).at(-1)!)).toMatch(
        /"kind":"redaction".*"shown":true/,
      );
      const fields = inventedCase(462);
      done(
        ledger.drafts.save(
          "tester",
          crypto.randomUUID(),
          draftOf(fields) as never,
          0,
        ),
      );
      const withdrawn = () =>
        ledger.review.withdraw(
          { id: fields.id, reason: "consent", editor: "tester", basedOn: 0 },
          false,
        );
      done(withdrawn());
      await isUploaded();
      expect(await opened((await keys()).at(-1)!)).toContain(fields.id);
      // Nothing was erased.
      expect(withdrawn()).toEqual({
        failure: { tag: "unknown-case", id: fields.id },
      });
      expect(waits(ledger)).toBe(false);
    }));

  it("is uploaded again after a failure, also by the cron trigger, and is counted", async () => {
    const messages = vi.spyOn(console, "error").mockImplementation(() => {});
    let isFull = true;
    const createMultipartUpload = async (
      ...given: Parameters<R2Bucket["createMultipartUpload"]>
    ) => {
      if (isFull) throw new Error("The bucket is full");
      return bucket.createMultipartUpload(...given);
    };
    await inLedger(
      async (ledger, state) => {
        const failed = (failures: number) =>
          vi.waitFor(
            () =>
              expect(ledger.observed().erasures).toMatchObject({ failures }),
            PATIENCE,
          );
        publish(ledger, 0);
        goLive(ledger, state);
        const before = Date.now();
        withdraw(ledger, 1);
        goLive(ledger, state);
        await failed(1);
        const first = ledger.observed().erasures;
        expect(first.newest).toBeNull();
        expect(first.since).toBeGreaterThanOrEqual(before);
        // The alarm is set for the next try.
        expect(await state.storage.getAlarm()).not.toBeNull();
        await ledger.wake();
        await failed(2);
        expect(ledger.observed().erasures.since).toBe(first.since);
        expect(messages).toHaveBeenCalledWith(
          expect.objectContaining({
            part: "Backup",
            error: "The bucket is full",
          }),
        );
        isFull = false;
        await ledger.wake();
        await uploaded(ledger, 1);
        expect(ledger.observed().erasures.newest).toBeGreaterThanOrEqual(
          before,
        );
      },
      {
        createMultipartUpload:
          createMultipartUpload as R2Bucket["createMultipartUpload"],
      },
    );
    messages.mockRestore();
  });

  it("is due with the erasure or not at all, and stays due after a restart", () =>
    inLedger(async (ledger, { storage }) => {
      publish(ledger, 0);
      const undo = () => done(ledger.undo(A, 1, "tester"));
      const broken = () =>
        storage.transactionSync(() => {
          undo();
          throw new Error("broken");
        });
      expect(broken).toThrow("broken");
      expect(waits(ledger)).toBe(false);
      undo();
      let content = "";
      const restarted = uploadFrom(storage, {
        kind: "erasures",
        content: () => (content = ledger.backup.erasures()),
      });
      expect(restarted.nextDue()).not.toBeNull();
      restarted.run(true);
      await vi.waitFor(
        () =>
          expect(restarted.status).toMatchObject({ since: null, failures: 0 }),
        PATIENCE,
      );
      expect(restarted.nextDue()).toBeNull();
      expect(await opened((await keys())[0]!)).toBe(content);
    }));

  it("that an erasure joins during an upload is uploaded once more", () =>
    inLedger(async (_, { storage }) => {
      const lists = ["first", "second"];
      const content = () => {
        if (lists.length === 2) queueMicrotask(() => upload.changed());
        return lists.shift()!;
      };
      const upload = uploadFrom(storage, { kind: "erasures", content });
      upload.changed();
      upload.run();
      // One is under way.
      upload.run(true);
      await vi.waitFor(
        () => expect(upload.status.newest).not.toBeNull(),
        PATIENCE,
      );
      expect(upload.status.since).not.toBeNull();
      upload.run(true);
      await vi.waitFor(() => expect(upload.status.since).toBeNull(), PATIENCE);
      expect(await opened((await keys()).at(-1)!)).toBe("second");
    }));

  it("is not kept ready where there is no bucket", () =>
    inLedger(async (ledger) => {
      useBucket(ledger, undefined);
      publish(ledger, 0);
      done(ledger.undo(A, 1, "tester"));
      ledger.alarm();
      await ledger.wake();
      expect(ledger.observed().erasures).toEqual({
        newest: null,
        since: null,
        failures: 0,
      });
      expect(await keys()).toEqual([]);
    }));
});

describe("A file of changes", () => {
  const stored = (ledger: Ledger) =>
    vi.waitFor(
      () => expect(ledger.observed().changes).toMatchObject({ since: null }),
      PATIENCE,
    );

  it("has a commit that nothing had copied when the object ended, so that the backup before it restores all", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    await inLedger(async (ledger, state) => {
      publish(ledger, 0);
      vi.setSystemTime(Date.now() + DAY_MS);
      ledger.alarm();
      const backup = await new Response(ledger.backup.export("tester")).text();
      await ledger.wake();
      await stored(ledger);
      const before = await changes();
      publish(ledger, 1, {
        case: inventedCase(461, { summary: { en: "Said after the backup" } }),
      });
      expect(await changes()).toEqual(before);
      // Another instance begins with the same storage, as after a kill.
      const journal = new Journal(state.storage, 5_000, Date.now, profile);
      const recent = new RecentRows(journal);
      const upload = uploadFrom(state.storage, {
        kind: "changes",
        content: () => recent.file(),
        stored: (key) => recent.stored(bucket, key),
      });
      expect(upload.nextDue()).not.toBeNull();
      upload.run(true);
      await vi.waitFor(() => expect(recent.hasUnsaved).toBe(false), PATIENCE);
      const key = (await changes()).at(-1);
      expect(await (await bucket.get(key!))!.text()).toMatch(
        /^age-encryption\.org\/v1\n-> X25519 /,
      );
      const later = await opened(key!);
      expect(later.match(/"row":"revision"/g)).toHaveLength(1);
      await withNewsroom(async (room) => {
        room.clock = Date.now();
        const exported = await opened(before.at(-1)!);
        expect(
          done(await room.restore(backup + exported + later)),
        ).toMatchObject({
          revisions: 2,
          pending: [{ number: 2 }],
        });
        expect(room.everything()).toContain("Said after the backup");
      });
    }).finally(() => vi.useRealTimers());
  });

  it("replaces all files with words that were erased since", () =>
    inLedger(async (ledger, state) => {
      publish(ledger, 0);
      ledger.alarm();
      await stored(ledger);
      goLive(ledger, state);
      await stored(ledger);
      const texts = async () =>
        (await Promise.all((await changes()).map(opened))).join("");
      expect(await texts()).toContain("Secret of the withdrawn");
      expect((await changes()).length).toBeGreaterThan(1);
      withdraw(ledger, 1);
      goLive(ledger, state);
      await stored(ledger);
      expect(await changes()).toHaveLength(1);
      expect(await texts()).toContain('"kind":"withdrawal"');
      expect(await texts()).not.toContain("Secret");
    }));

  it("follows the change of a draft within a minute, and needs no more than two nights", () =>
    inLedger(async (ledger, { storage }) => {
      done(
        ledger.drafts.save(
          "tester",
          crypto.randomUUID(),
          draftOf(inventedCase(463)) as never,
          0,
        ),
      );
      await ledger.wake();
      await stored(ledger);
      expect(await opened((await changes())[0]!)).toContain('"row":"draft"');
      await ledger.wake();
      expect(await changes()).toHaveLength(1);
      const rows = () =>
        storage.sql.exec("SELECT 1 FROM recent_rows").toArray().length;
      for (const left of [1, 0]) {
        expect(ledger.dailyBackup.claim(Date.now() + DAY_MS * (2 - left))).toBe(
          true,
        );
        ledger.dailyBackup.record({ at: 0, bytes: 1 });
        expect(rows()).toBe(left);
      }
    }));
});

describe("/forget", () => {
  const place = (chat: number) => ({ chat, kind: "private" }) as const;
  const inDispatcher = <T>(
    name: string,
    act: (
      dispatcher: Dispatcher,
      storage: DurableObjectStorage,
    ) => T | Promise<T>,
    given: R2Bucket | undefined = bucket,
  ) =>
    runInDurableObject<Dispatcher, T>(
      env.DISPATCHER.getByName(name) as never,
      (instance, { storage }) => {
        useBucket(instance, given);
        return act(instance, storage);
      },
    );
  const followersOf = (name: string) =>
    portsTo(env.DISPATCHER.getByName(name)).followers;
  const listed = (storage: DurableObjectStorage) =>
    storage.sql
      .exec("SELECT kind, number FROM forgotten ORDER BY kind")
      .toArray();
  const inBucket = (status: () => BucketUploadStatus) =>
    vi.waitFor(
      () =>
        expect(status()).toMatchObject({
          since: null,
          newest: expect.any(Number),
        }),
      PATIENCE,
    );

  it("is listed while a followers' file from before it may be kept, and a restore of that file doesn't undo it", async () => {
    const both = [1, 2].map((number) => ({ kind: "chat", number }));
    const name = `forgetting ${crypto.randomUUID()}`;
    const ports = followersOf(name);
    for (const chat of [4611, 4612, 4613])
      await ports.follow(place(chat), A, "uk", 2);
    await inDispatcher(name, () => {});
    await ports.forget(place(4611));
    const file = await inDispatcher(name, async (dispatcher, storage) => {
      expect(listed(storage)).toEqual([{ kind: "chat", number: 1 }]);
      const text = await new Response(
        dispatcher.followerBackup.stream("anna"),
      ).text();
      await inBucket(() => dispatcher.followerBackup.listed());
      return text;
    });
    await followersOf(name).forget(place(4612));
    await inDispatcher(name, async (dispatcher, storage) => {
      expect(listed(storage)).toEqual(both);
      await inBucket(() => dispatcher.followerBackup.listed());
    });
    const newest = (await keys()).at(-1)!;
    expect(newest).toMatch(/^forgotten\//);
    const list = await opened(newest);
    // Numbers and moments only.
    expect(
      list
        .trimEnd()
        .split("\n")
        .slice(1, -1)
        .map((line) => Object.keys(JSON.parse(line))),
    ).toEqual(both.map(() => ["row", "kind", "number", "at"]));

    const again = `restored ${crypto.randomUUID()}`;
    const restore = (text: string) =>
      env.DISPATCHER.getByName(again).followerBackup.restore(
        new Response(text).body!,
        false,
      );
    const stale = list.replace(
      /"madeAt":"[^"]*"/,
      '"madeAt":"2020-01-01T00:00:00.000Z"',
    );
    expect(await restore(stale + file)).toMatchObject({
      failure: { tag: "damaged-backup" },
    });
    for (const text of [file, file + list])
      expect(await restore(text)).toEqual({
        failure: { tag: "erasures-missing" },
      });
    expect(await restore(list + file)).toMatchObject({
      done: { chats: 1, follows: 1 },
    });
    expect(await followersOf(again).following(place(4612))).toEqual([]);
    expect(await followersOf(again).following(place(4613))).toEqual([A]);
    // The list goes on in the new deployment, where older files may be restored
    // again.
    await inDispatcher(again, (_, storage) =>
      expect(listed(storage)).toEqual(both),
    );
  });

  it("is no longer listed once the file from before it is gone", async () => {
    const name = `forgotten ${crypto.randomUUID()}`;
    await followersOf(name).follow(place(4621), A, "uk", 2);
    await inDispatcher(name, (_, storage) => {
      storage.sql.exec(
        "INSERT INTO forgotten VALUES ('chat', 77, ?)",
        Date.now() - 33 * DAY_MS,
      );
    });
    await inDispatcher(name, async (dispatcher, storage) => {
      expect(listed(storage)).toEqual([{ kind: "chat", number: 77 }]);
      Object.defineProperty(dispatcher, "tellDesk", {
        value: async () => {},
        configurable: true,
      });
      await dispatcher.wake();
      expect(listed(storage)).toEqual([]);
    });
  });
});
