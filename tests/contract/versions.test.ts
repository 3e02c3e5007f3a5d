/**
 * Two versions side by side: for minutes after a deployment, Durable Objects
 * may still run the code before it. The release before is kept in
 * tests/versions/ (`npm run keep-version`). docs/upgrading.md says what a
 * change must respect.
 */
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { brotliDecompressSync } from "node:zlib";
import { beforeAll, describe, type ExpectStatic, expect, it } from "vitest";
import { WebSocket } from "ws";
import { addresses, paths } from "../../shared/addresses.ts";
import { revisionCode } from "../../shared/revision-code.ts";
import {
  startWorker,
  type TestWorker,
  type WorkerOptions,
  workerBundle,
} from "../support/harness.ts";
import { inventedCase } from "../support/invented.ts";
import { root } from "../support/root.ts";
import { type Chat, spawnStandIn } from "../support/stand-in-process.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const versions = join(root, "tests/versions");
const folder = temporaryFolder();
/** The bundles of the release before and of this commit. */
let before: string;
let now: string;

beforeAll(async () => {
  now = await workerBundle();
  before = join(await mkdtemp(join(folder, "before-")), "index.js");
  const kept = readdirSync(versions).find((name) =>
    name.endsWith(".js.br"),
  ) as string;
  await writeFile(
    before,
    brotliDecompressSync(await readFile(join(versions, kept))),
  );
});

type Deployment = Awaited<ReturnType<typeof deploy>>;

async function deploy(options: WorkerOptions) {
  const worker = await startWorker(options);
  const telegram = await spawnStandIn(worker);
  return {
    worker,
    telegram,
    async close() {
      await telegram.close();
      await worker.close();
    },
  };
}

const json = async ({ url }: TestWorker, path: string) => {
  const answer = await fetch(url + path);
  return { status: answer.status, body: (await answer.json()) as any };
};
const numberAt = async (worker: TestWorker, id: string) =>
  (await json(worker, addresses.case(id))).body.revision?.number as
    | number
    | undefined;

/**
 * Follows by the button under the safety note, whatever its text in that
 * version.
 */
async function follow(chat: Chat, number: number): Promise<void> {
  const note = await chat.ask(`/follow ${number}/00`);
  await chat.press(
    note.keyboard
      .flat()
      .find(({ callback_data }) => callback_data?.startsWith("F:"))!.text,
  );
  await chat.until((all) => all.at(-1)!.text.startsWith("You follow"));
  expect((await chat.ask("/following")).text).toContain(`UA ${number}/00`);
}

const withNote = async (chat: Chat, note: string) =>
  (await chat.messages()).filter(
    ({ from, text }) => from === "bot" && text.includes(note),
  ).length;

const edited = (number: number, day: string) =>
  inventedCase(number, { asOf: { date: `2000-02-${day}` } });

/**
 * A publish, a follow, a moment on a socket and in the API, a delivery; then
 * every other thing that an editor or reader asks for.
 */
async function useEverything(
  { worker, telegram }: Deployment,
  expect: ExpectStatic,
): Promise<void> {
  const { id } = inventedCase(1);
  await worker.untilLive(await worker.publish(inventedCase(1)));
  await worker.untilLive(await worker.publish(inventedCase(2)));
  expect(await numberAt(worker, id)).toBe(1);

  const chat = telegram.chat(730_192_801);
  await follow(chat, 1);
  const listenFrom = (revision: number) => {
    const socket = new WebSocket(
      worker.url.replace("http", "ws") + addresses.live(id, "en", revision),
    );
    const pushed: number[] = [];
    socket.on("message", (data) =>
      pushed.push(JSON.parse(String(data)).revision.number),
    );
    return { socket, pushed };
  };
  const { socket, pushed } = listenFrom(0);
  await expect.poll(() => pushed).toEqual([1]);
  const current = listenFrom(
    revisionCode((await json(worker, addresses.case(id))).body.revision.liveAt),
  );
  await once(current.socket, "open");

  const note = "An invented second revision";
  const published = await worker.publish(edited(1, "03"), {
    note: { en: note },
    notify: "loud",
  });
  expect(await numberAt(worker, id)).toBe(1);
  expect(await withNote(chat, note)).toBe(0);
  await worker.untilLive(published);
  expect(await numberAt(worker, id)).toBe(2);
  await expect.poll(() => pushed).toEqual([1, 2]);
  await expect.poll(() => current.pushed.at(-1)).toBe(2);
  await expect.poll(() => withNote(chat, note)).toBe(1);

  const pending = await worker.publish(edited(1, "04"));
  await worker.editor.undo({ id, number: String(pending.revision) });
  expect(
    (await json(worker, paths.cases)).body.cases.map(
      (entry: { id: string }) => entry.id,
    ),
  ).toContain(id);
  expect(
    (await json(worker, addresses.revisions(id))).body.revisions.map(
      ({ number }: any) => number,
    ),
  ).toEqual([2, 1]);
  expect(
    (await json(worker, addresses.revision(id, 1))).body.revision.number,
  ).toBe(1);
  const documents = [
    addresses.shareImage(id, "en", 2),
    paths.desk,
    paths.openapi,
    paths.caseSchema,
  ];
  for (const path of [
    addresses.page(id, "en"),
    paths.atomFeed,
    addresses.embed(id, "en"),
    ...documents,
  ])
    expect((await fetch(worker.url + path)).status, path).toBe(200);
  const { editor } = worker;
  expect((await editor.listDeskCases()).cases).toHaveLength(2);
  expect((await editor.readDeskCase({ id })).live).toBe(2);
  expect(
    (await editor.readAudit({ limit: "50" })).audit.length,
  ).toBeGreaterThan(3);
  expect(
    (await (await worker.asEditor(paths.health)).json()) as object,
  ).toMatchObject({
    outbox: { depth: 0, parked: 0 },
  });
  for (const path of [
    paths.deskExport,
    paths.deskFollowers,
    paths.deskErasures,
    paths.deskAuditLog,
  ])
    expect((await worker.asEditor(path)).status, path).toBe(200);
  for (const path of Object.values(paths).filter(
    (path) => !/\{(?!id\})/.test(path),
  ))
    expect(
      (await worker.asEditor(path.replace("{id}", id))).status,
      path,
    ).toBeLessThan(500);
  await editor.rotateKeys();
  await worker.untilLive(await worker.withdraw("ua-2-00"));
  expect((await json(worker, addresses.case("ua-2-00"))).status).toBe(410);

  expect((await chat.ask("/forget")).text).not.toBe("");
  expect((await chat.ask("/following")).text).not.toContain("UA 1/00");
  expect(pushed).toEqual([1, 2]);
  for (const one of [socket, current.socket]) one.terminate();
}

const objects = ["LEDGER", "CHANNEL", "DISPATCHER"];
const layouts = [
  ["the Worker is one version ahead of every object", true, objects],
  ["the Ledger is one version behind", true, ["LEDGER"]],
  ["the Worker is one version behind every object", false, objects],
  ["the Ledger is one version ahead", false, ["LEDGER"]],
] as const;

describe.concurrent("With two versions side by side", () => {
  it.for(layouts)(
    "everything works while %s",
    async ([_, isNew, bindings], { expect }) => {
      const [bundle, other] = isNew ? [now, before] : [before, now];
      const deployment = await deploy({
        bundle,
        objects: { bundle: other, bindings: [...bindings] },
      });
      try {
        await useEverything(deployment, expect);
      } finally {
        await deployment.close();
      }
    },
  );

  it("the storage of the release before has the tables that this commit makes afresh", async ({
    expect,
  }) => {
    const [old, fresh] = [
      await mkdtemp(join(folder, "old-")),
      await mkdtemp(join(folder, "fresh-")),
    ];
    for (const [persistTo, bundle] of [
      [old, before],
      [old, now],
      [fresh, now],
    ] as const) {
      const worker = await startWorker({ persistTo, bundle });
      for (const path of [
        paths.deskAudit,
        paths.deskFollowers,
        paths.deskHooks,
      ])
        expect((await worker.asEditor(path)).status, path).toBe(200);
      await worker.close();
    }
    const tablesIn = (storage: string) =>
      ["Ledger", "Dispatcher", "Webhooks"].map((name) => {
        const objects = join(storage, "do", `casewire-${name}`);
        const file = readdirSync(objects).find((one) =>
          /^[0-9a-f]+\.sqlite$/.test(one),
        )!;
        const database = new DatabaseSync(join(objects, file));
        const rows = database
          .prepare(
            "SELECT sql FROM sqlite_master WHERE name NOT GLOB '_cf_*' ORDER BY name",
          )
          .all();
        database.close();
        return rows;
      });
    expect(tablesIn(old)).toEqual(tablesIn(fresh));
  });

  it("new objects take over the storage, and a rollback serves it or refuses it whole", async ({
    expect,
  }) => {
    const persistTo = await mkdtemp(join(folder, "storage-"));
    const all = async (bundle: string, last?: TestWorker) => {
      await last?.close();
      const same = last
        ? {
            editorToken: last.editorToken,
            port: Number(new URL(last.url).port),
            env: last.env,
          }
        : {};
      return startWorker({ persistTo, bundle, ...same });
    };
    let worker = await all(before);
    const telegram = await spawnStandIn(worker);
    try {
      const { id } = inventedCase(1);
      await worker.untilLive(await worker.publish(inventedCase(1)));
      const chat = telegram.chat(730_192_802);
      await follow(chat, 1);
      const { body: published } = await json(worker, addresses.case(id));
      // Its moment comes after the objects were replaced.
      const publishLater = (day: string, note: string) =>
        worker.publish(edited(1, day), {
          note: { en: note },
          notify: "loud",
          liveAt: new Date(Date.now() + 12_000).toISOString(),
        });
      const [upgrade, rollback] = [
        "An invented moment after the upgrade",
        "An invented moment during the rollback",
      ];
      const second = await publishLater("03", upgrade);

      worker = await all(now, worker);
      // Hashes stay; the content is upgraded to today's schema.
      const { body: upgraded } = await json(worker, addresses.revision(id, 1));
      expect(upgraded.revision).toEqual(published.revision);
      expect(upgraded.case.people[0].custody).toEqual(
        published.case.people[0].custody,
      );
      await worker.untilLive(second);
      expect(await numberAt(worker, id)).toBe(2);
      await expect.poll(() => withNote(chat, upgrade)).toBe(1);

      const third = await publishLater("04", rollback);
      worker = await all(before, worker);
      const { status, body } = await json(worker, addresses.case(id));
      if (status === 200) expect([2, 3]).toContain(body.revision.number);
      else
        expect([status, body.type]).toEqual([
          503,
          "urn:casewire:problem:newer-data",
        ]);
      await worker.untilLive(third);

      worker = await all(now, worker);
      expect(await numberAt(worker, id)).toBe(3);
      await expect.poll(() => withNote(chat, rollback)).toBe(1);
      expect(await withNote(chat, upgrade)).toBe(1);
    } finally {
      await telegram.close();
      await worker.close();
    }
  });
});
