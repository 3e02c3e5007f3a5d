/**
 * The daily backup in a real bucket of the local runtime, opened with the age
 * library and restored.
 */
import {
  createExecutionContext,
  createScheduledController,
  runInDurableObject,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Ledger } from "../../worker/objects/ledger/ledger.ts";
import {
  channelFor,
  dispatcherFor,
  ledgerFor,
} from "../../worker/runtime/bindings.ts";
import { upload } from "../../worker/runtime/upload.ts";
import worker from "../../worker/web/index.ts";
import {
  backUpDaily,
  makeBackup,
  renewBackups,
} from "../../worker/web/operations/daily.ts";
import { done, withNewsroom } from "./objects/ledger/newsroom.ts";
import { publish } from "./publish.ts";
import {
  bucket,
  emptyBucket,
  keysIn as keys,
  opened,
  recipient,
} from "./sealed-bucket.ts";

const settings: Env = { ...env, BACKUPS: bucket, BACKUP_RECIPIENT: recipient };
const NIGHT = Date.parse("2026-12-01T02:00:30Z");
const HOUR_MS = 3_600_000;

beforeEach(async () => {
  await emptyBucket();
  await runInDurableObject<Ledger, void>(
    ledgerFor(env) as never,
    (_, state) => {
      for (const table of ["revisions", "audit", "drafts"])
        state.storage.sql.exec(`DELETE FROM ${table}`);
      state.storage.kv.delete("daily backup");
    },
  );
});

describe("The daily backup", () => {
  it("is restored from the bucket, with the erasures that came after it", async () => {
    for (const number of [1, 2])
      await publish(number, { summary: { en: `Secret ${number}` } });
    await makeBackup(settings, NIGHT);
    await ledgerFor(env).undo("ua-2-00", 1, "tester");
    await makeBackup(settings, NIGHT + 24 * HOUR_MS);
    expect(await keys()).toEqual([
      "backup/2026-12-01T02-00-30Z.ndjson.gz.age",
      "backup/2026-12-02T02-00-30Z.ndjson.gz.age",
      "erasures/2026-12-01T02-00-30Z.ndjson.gz.age",
      "erasures/2026-12-02T02-00-30Z.ndjson.gz.age",
    ]);
    const [first, , , erasures] = await keys();
    const stored = await (await bucket.get(first!))!.text();
    expect(stored).toMatch(/^age-encryption\.org\/v1\n-> X25519 /);
    expect(stored).not.toContain("Secret");
    const backup = await opened(first!);
    expect(backup).toContain("Secret 2");
    await withNewsroom(async (room) => {
      room.clock = Date.now();
      const restored = done(
        await room.restore((await opened(erasures!)) + backup, false),
      );
      expect(restored).toMatchObject({ revisions: 2, erasures: 1 });
      expect(room.everything()).not.toContain("Secret 2");
      expect(room.everything()).toContain("Secret 1");
    });
  });

  it("is made once a day by the cron trigger, and never of an empty deployment", async () => {
    const run = (at: number) => backUpDaily(settings, at);
    await run(NIGHT);
    expect(await keys()).toEqual([]);
    await publish(1);
    for (const at of [NIGHT, NIGHT + 60_000, NIGHT + 23 * HOUR_MS])
      await run(at);
    expect(await keys()).toHaveLength(2);
    await run(NIGHT + 24 * HOUR_MS);
    expect(await keys()).toHaveLength(4);
    // Through the Worker itself, whose cron trigger runs each minute.
    vi.setSystemTime(NIGHT + 48 * HOUR_MS);
    await worker.scheduled(
      createScheduledController(),
      settings,
      createExecutionContext(),
    );
    vi.useRealTimers();
    expect((await keys()).length).toBeGreaterThan(4);
  });

  it("is kept for the days of the rule; the newest of the cases is kept whatever its age, and no file of followers is", async () => {
    await publish(1);
    const rule = { ...settings, BACKUP_DAYS: "2" };
    for (let day = 0; day < 5; day++)
      await makeBackup(rule, NIGHT + day * 24 * HOUR_MS);
    const days = (await keys())
      .filter((key) => key.startsWith("backup/"))
      .map((key) => key.slice(7, 17));
    expect(days).toEqual(["2026-12-03", "2026-12-04", "2026-12-05"]);
    await bucket.put("followers/2026-01-01T00-00-00Z.ndjson.gz.age", "x");
    await makeBackup(rule, NIGHT + 40 * 24 * HOUR_MS);
    expect(await keys()).toEqual([
      "backup/2027-01-10T02-00-30Z.ndjson.gz.age",
      "erasures/2027-01-10T02-00-30Z.ndjson.gz.age",
    ]);
  });

  it("has the followers only if asked, and is tried again half an hour after a failure", async () => {
    await publish(1);
    await makeBackup({ ...settings, BACKUP_FOLLOWERS: "yes" }, NIGHT);
    expect((await keys()).map((key) => key.split("/")[0])).toEqual([
      "backup",
      "erasures",
      "followers",
    ]);
    expect(await opened((await keys())[2]!)).toContain(
      '"format":"casewire-followers"',
    );
    await bucket.delete(await keys());

    const messages = vi.spyOn(console, "error").mockImplementation(() => {});
    const full = {
      list: (options: R2ListOptions) => bucket.list(options),
      delete: (names: string[]) => bucket.delete(names),
      createMultipartUpload: async () =>
        Promise.reject(new Error("The bucket is full")),
    };
    // Old followers' files go even if no newer one can be made.
    await bucket.put("followers/2026-01-01T00-00-00Z.ndjson.gz.age", "x");
    await backUpDaily({ ...settings, BACKUPS: full as never }, NIGHT);
    expect(await keys()).toEqual([]);
    expect(messages).toHaveBeenCalledWith(
      expect.objectContaining({ part: "Backup", error: "The bucket is full" }),
    );
    messages.mockRestore();
    await backUpDaily(settings, NIGHT + 60_000);
    expect(await keys()).toEqual([]);
    await backUpDaily(settings, NIGHT + 31 * 60_000);
    expect(await keys()).toHaveLength(2);
    await backUpDaily(env, NIGHT + 48 * HOUR_MS);
  });

  it("is renewed after an erasure, so that no file has the erased words", async () => {
    await publish(3, { summary: { en: "Secret 3" } });
    await makeBackup(settings, NIGHT);
    await bucket.put("changes/2026-12-01T02-00-31-000Z.ndjson.gz.age", "x");
    await ledgerFor(env).undo("ua-3-00", 1, "tester");
    expect(await renewBackups(settings, NIGHT + HOUR_MS)).toBe(2);
    const texts = await Promise.all((await keys()).map(opened));
    expect(texts.join("")).toContain('"fate":"undone"');
    expect(texts.join("")).not.toContain("Secret 3");
  });

  it("leaves nothing under its name when the export ends early", async () => {
    const broken = () => {
      const random = crypto.getRandomValues(new Uint8Array(60_000));
      let chunks = 0;
      return new ReadableStream<Uint8Array>({
        pull(controller) {
          if (chunks++ < 200) controller.enqueue(random);
          else controller.error(new Error("Export aborted"));
        },
      });
    };
    await expect(upload(bucket, "backup/broken", broken())).rejects.toThrow(
      "Export aborted",
    );
    const packed: ReadableStream<Uint8Array> = broken().pipeThrough(
      new CompressionStream("gzip") as never,
    );
    const encrypted = env.WORKSHOP.encryptBackup(
      packed,
      settings.BACKUP_RECIPIENT!,
    );
    await expect(
      encrypted.then((one) => upload(bucket, "backup/broken", one)),
    ).rejects.toThrow();
    expect(await keys()).toEqual([]);
    expect(
      await upload(
        bucket,
        "backup/whole",
        new Blob([new Uint8Array(9_000_000)]).stream(),
      ),
    ).toBe(9_000_000);
    expect((await bucket.head("backup/whole"))?.size).toBe(9_000_000);
  });
});

it("A jurisdiction is asked for by every object's address, and only if it is set", () => {
  // The local runtime has no jurisdictions.
  const objects = {
    getByName: (name: string) => name,
    jurisdiction: (place: string) => ({
      getByName: (name: string) => `${place}: ${name}`,
    }),
  };
  const placed = {
    ...env,
    LEDGER: objects,
    CHANNEL: objects,
    DISPATCHER: objects,
  } as unknown as Env;
  const all = (bindings: Env) => [
    ledgerFor(bindings),
    channelFor(bindings, "ua-1-00"),
    dispatcherFor(bindings),
  ];
  expect(all(placed)).toEqual(["ledger", "ua-1-00/0", "dispatcher"]);
  expect(all({ ...placed, JURISDICTION: "eu" })).toEqual([
    "eu: ledger",
    "eu: ua-1-00/0",
    "eu: dispatcher",
  ]);
});
