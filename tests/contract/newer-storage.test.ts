/**
 * Storage that newer code has touched, as after a rollback, or that is damaged:
 * each request that needs it is refused in the same way.
 */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { beforeAll, expect, it } from "vitest";
import { WebSocket } from "ws";
import {
  actAddress,
  addresses,
  addressOf,
  paths,
  viewAddress,
} from "../../shared/addresses.ts";
import type { CaseRecord } from "../../shared/revision.ts";
import { startWorker, type TestWorker } from "../support/harness.ts";
import { inventedCase } from "../support/invented.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const fields = inventedCase(61);
const { id } = fields;

const folder = temporaryFolder();
/** Wrote the storage. */
let first: TestWorker;

/** The file of an object. */
async function fileOf(name: string): Promise<string> {
  const objects = join(folder, "do", `casewire-${name}`);
  return join(
    objects,
    (await readdir(objects)).find((file) => /^[0-9a-f]+\.sqlite$/.test(file))!,
  );
}

/** Reads or changes the storage of an object. */
async function inStorage<T>(
  name: string,
  look: (database: DatabaseSync) => T,
): Promise<T> {
  const database = new DatabaseSync(await fileOf(name));
  try {
    return look(database);
  } finally {
    database.close();
  }
}

/** Every row, without those of the runtime. */
const rowsOf = (name: string) =>
  inStorage(name, (database) =>
    database
      .prepare(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '_cf_*'",
      )
      .all()
      .map(({ name }) => [
        name,
        database.prepare(`SELECT * FROM "${name}"`).all(),
      ]),
  );

const again = () =>
  startWorker({
    persistTo: folder,
    env: first.env,
    editorToken: first.editorToken,
  });

beforeAll(async () => {
  first = await startWorker({ persistTo: folder });
  await first.untilLive(await first.publish(fields));
  // The other objects get a storage too.
  for (const path of [paths.deskHooks, paths.deskFollowers])
    expect((await first.asEditor(path)).status).toBe(200);
  // A moment that falls into the rollback.
  await first.publish(fields);
  await first.close();
});

type Asked = [path: string, init?: RequestInit];
const sent = (
  method: string,
  body?: unknown,
  headers: Record<string, string> = {},
): RequestInit => ({
  method,
  headers: { "Content-Type": "application/json", ...headers },
  ...(body === undefined ? {} : { body: JSON.stringify(body) }),
});
const command = {
  case: fields,
  note: { en: "Note" },
  kind: "update",
  notify: "none",
};
const message = (text: string) => {
  const from = { id: 5, is_bot: false, first_name: "A" };
  const chat = { id: 5, type: "private" };
  const secret = {
    "X-Telegram-Bot-Api-Secret-Token": first.env.WEBHOOK_SECRET!,
  };
  return sent(
    "POST",
    { update_id: 1, message: { message_id: 1, date: 1, chat, from, text } },
    secret,
  );
};

/** How a socket's request is answered. */
const statusOfSocket = ({ url }: TestWorker) =>
  new Promise<number | undefined>((resolve, reject) => {
    const socket = new WebSocket(
      url.replace("http", "ws") + addresses.live(id, "en", 0),
    );
    socket.on("unexpected-response", (_, { statusCode }) =>
      resolve(statusCode),
    );
    socket.on("open", () => reject(new Error("the socket is open")));
  });

const got = (...paths: string[]) => paths.map((path): Asked => [path]);

interface Needs {
  /** Answered with JSON. */
  read?: Asked[];
  /** Asked with an editor's token, and answered with JSON. */
  edit: Asked[];
  /** Answered with a page, or only with a status, as Telegram is. */
  others?: Asked[];
}

/** Requests that need an object's storage. */
const needs: Record<string, () => Needs> = {
  Ledger: () => ({
    read: got(
      ...[
        paths.cases,
        addresses.case(id),
        addresses.revisions(id),
        addresses.revision(id, 1),
        paths.changes,
      ],
      ...[
        viewAddress(id, "en"),
        actAddress(id, "en"),
        addressOf(paths.signedView, { id, lang: "en" }),
      ],
      ...[
        paths.atomFeed,
        addressOf(paths.caseJsonFeed, { id }),
        paths.calendar,
        paths.sitemap,
        paths.statusJson,
      ],
      ...[
        paths.logCheckpoint,
        addresses.shareImage(id, "en", 1),
        "/widget@0123456789abcdef.js",
      ],
    ),
    edit: [
      [addresses.case(id), sent("PUT", command, { "If-Match": '"2"' })],
      [addresses.case(id), sent("DELETE")],
      ...got(
        paths.deskCases,
        paths.deskDrafts,
        paths.deskProposals,
        paths.deskAudit,
        paths.deskMe,
        paths.deskEditors,
      ),
      ...got(
        paths.deskExport,
        paths.deskErasures,
        paths.deskFollowers,
        paths.deskHooks,
        paths.health,
      ),
    ],
    others: [
      ...got(
        paths.front,
        addresses.page(id),
        addresses.embed(id),
        addresses.badge(id),
        paths.status,
      ),
      [paths.telegram, message("UA 61/00")],
    ],
  }),
  Dispatcher: () => ({
    edit: [
      ...got(paths.deskFollowers, paths.deskDeliveries, paths.health),
      [paths.deskKeys, sent("POST")],
    ],
    others: [[paths.telegram, message("Hello")]],
  }),
  Webhooks: () => ({ edit: got(paths.deskHooks) }),
};

/** @param problem why each request that needs the object is refused */
async function expectRefused(name: string, problem: string): Promise<void> {
  const worker = await again();
  const { read = [], edit, others = [] } = needs[name]!();
  const answers: [path: string, answer: Response][] = [];
  for (const [path, init] of read)
    answers.push([path, await fetch(worker.url + path, init)]);
  for (const [path, init] of edit)
    answers.push([path, await worker.asEditor(path, init)]);
  for (const [path, answer] of answers) {
    const { type } = (await answer.json()) as { type: string };
    expect([path, answer.status, type]).toEqual([
      path,
      503,
      `urn:casewire:problem:${problem}`,
    ]);
  }
  for (const [path, init] of others)
    expect([path, (await fetch(worker.url + path, init)).status]).toEqual([
      path,
      503,
    ]);
  if (name === "Ledger") expect(await statusOfSocket(worker)).toBe(503);
  else expect((await fetch(worker.url + addresses.page(id))).status).toBe(200);
  await worker.close();
}

it.each(Object.keys(needs))(
  "A newer storage of the %s is refused, and serves its code again",
  async (name) => {
    const migrate = (steps: number) =>
      inStorage(name, (database) =>
        database.exec(`UPDATE schema SET version = version + ${steps}`),
      );
    await migrate(1);
    const before = await rowsOf(name);
    await expectRefused(name, "newer-data");
    expect(await rowsOf(name)).toEqual(before);

    await migrate(-1);
    const serving = await again();
    const shown = async () =>
      (
        (await (
          await fetch(serving.url + addresses.case(id))
        ).json()) as CaseRecord
      ).revision;
    await expect.poll(shown).toMatchObject({ number: 2 });
    await serving.close();
  },
);

// Last, because nothing can be read from it any more.
it("A damaged storage file is refused on every surface", async () => {
  await inStorage("Ledger", (database) =>
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)"),
  );
  const file = await fileOf("Ledger");
  // The header stays, and the list of tables behind it is lost.
  await writeFile(file, (await readFile(file)).fill("Z", 100, 4_096));
  await expectRefused("Ledger", "unavailable");
});
