/**
 * The storage is lost. With the bucket and its key, the shell brings back all
 * that was committed, and nothing that was erased.
 */
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { expect, it } from "vitest";
import { addresses, paths } from "../../shared/addresses.ts";
import { signedViewIn } from "../../widget/signed-view.ts";
import { CommandOutcome } from "../../worker/tools/cli/outcome.ts";
import { rehearse } from "../../worker/tools/cli/rehearse.ts";
import { bundleEntry } from "../../worker/tools/local/bundle.ts";
import {
  startWorker,
  type TestWorker,
  workerBundle,
} from "../support/harness.ts";
import { inventedCase } from "../support/invented.ts";
import { freePort } from "../support/stand-in-process.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { runShell, useShell } from "./casewire-cli.ts";

const storage = temporaryFolder();
const temporary = temporaryFolder();
const { file } = useShell();
const DAY_MS = 86_400_000;

const storedIn = async (worker: TestWorker, kind: string) =>
  (await worker.editor.listBackups()).files.filter((one) => one.kind === kind);

/** Changes a byte of a file in the bucket, found by its length. */
async function damage(bytes: number): Promise<void> {
  const paths = await readdir(join(storage, "r2"), {
    recursive: true,
    withFileTypes: true,
  });
  for (const entry of paths) {
    const path = join(entry.parentPath, entry.name);
    const content = entry.isFile() ? await readFile(path) : Buffer.alloc(0);
    if (
      content.length !== bytes ||
      !content.toString("latin1").startsWith("age-encryption.org")
    )
      continue;
    content[bytes - 20]! ^= 1;
    await writeFile(path, content);
  }
}

it("When the storage is lost, the newest whole backup is restored without what was withdrawn after it", async () => {
  const identity = await generateX25519Identity();
  const key = await file("key.env", `BACKUP_IDENTITY='${identity}'\n`);
  const env = { BACKUP_RECIPIENT: await identityToRecipient(identity) };
  const first = await startWorker({
    persistTo: storage,
    bot: false,
    clock: true,
    env,
  });
  const [stays, goes, late] = [
    inventedCase(1),
    inventedCase(2),
    inventedCase(3),
  ];
  for (const fields of [stays, goes])
    await first.untilLive(await first.publish(fields));
  await first.timePasses(0);
  await expect.poll(() => storedIn(first, "backup")).toHaveLength(1);
  await first.timePasses(DAY_MS);
  await expect.poll(() => storedIn(first, "backup")).toHaveLength(2);
  const [newest, older] = await storedIn(first, "backup");
  const lists = (await storedIn(first, "erasures")).length;
  await first.untilLive(await first.withdraw(goes.id));
  const last = await first.publish(late);
  const changes = async () => (await storedIn(first, "changes")).length;
  await expect.poll(changes).toBeGreaterThan(0);
  await first.untilLive(last);
  // The list reaches the bucket within seconds.
  await expect
    .poll(async () => (await storedIn(first, "erasures")).length)
    .toBeGreaterThan(lists);
  await first.close();
  await rm(join(storage, "do"), { recursive: true });
  await damage(newest!.bytes);

  const again = await startWorker({
    persistTo: storage,
    bot: false,
    clock: true,
    env: first.env,
    editorToken: first.editorToken,
  });
  await again.timePasses(DAY_MS);
  const run = (...words: string[]) => runShell(words, { on: again });
  expect((await run("backups")).out).toContain(`backup/${newest!.file}`);
  const refused = await run("restore", "--newest", "--identity", key);
  expect(refused).toMatchObject({
    code: 1,
    err: expect.stringContaining("Choose an older one"),
  });
  const restored = await run(
    "restore",
    "--backup",
    older!.file,
    "--identity",
    key,
  );
  expect(restored, restored.err).toMatchObject({
    code: 0,
    out: expect.stringContaining("4 revisions"),
  });
  const statuses = await Promise.all(
    [stays, goes, late].map(
      async ({ id }) => (await fetch(again.url + addresses.case(id))).status,
    ),
  );
  expect(statuses).toEqual([200, 410, 200]);

  // Everything about a person: refused while readers find the name, and then no
  // older file has it.
  const name = "Invented Person One";
  const refusal = expect.stringContaining(
    "Readers find it in ua-3-00, ua-1-00. Nothing was changed.",
  );
  expect(await run("gone", name, "--yes")).toMatchObject({
    code: 1,
    err: refusal,
  });
  for (const { id } of [stays, late])
    await again.untilLive(await again.withdraw(id));
  const files = async () =>
    (await again.editor.listBackups()).files.filter(
      ({ kind }) => kind !== "erasures",
    );
  const old = new Set((await files()).map(({ file }) => file));
  expect(await run("gone", name)).toMatchObject({
    code: 2,
    err: expect.stringContaining("Add --yes to confirm."),
  });
  const gone = await run("gone", name, "--yes");
  expect(gone, gone.err).toMatchObject({
    code: 0,
    out: expect.stringMatching(/older files? deleted.*- Each mirror/s),
  });
  expect((await files()).filter(({ file }) => old.has(file))).toEqual([]);
  await again.close();
});

it("A rehearsal names what other code says otherwise of a deployment's cases", async () => {
  const worker = await startWorker({ bot: false });
  for (const number of [1, 2]) await worker.publish(inventedCase(number));
  await worker.untilLive(await worker.publish(inventedCase(3)));
  // The same code says the same of every case. A step of an upgrade that loses
  // something is caught.
  const terminal = {
    ...process,
    stdout: new PassThrough(),
    env: { PUBLIC_URL: worker.url, EDITOR_TOKEN: worker.editorToken },
  };
  const rehearsed = (bundle: string) =>
    rehearse(new CommandOutcome(true, terminal), undefined, bundle);
  await rehearsed(await workerBundle());
  const faulty = join(temporary, "worker/worker.js");
  await bundleEntry("worker/web/index.ts", faulty);
  const code = await readFile(faulty, "utf8");
  const steps = /\[(\s*reference,\s*severalProceedings,\s*textSources)\s*\]/;
  expect(code).toMatch(steps);
  const losing =
    "(content) => ({ ...content, people: content.people.map(({ custody, ...rest }) => rest) })";
  await writeFile(faulty, code.replace(steps, `[$1, ${losing}]`));
  const caught = await rehearsed(faulty).then(
    () => null,
    (error) => error.trouble,
  );
  expect(caught).toMatchObject({ title: "This code says something else" });
  expect(caught.detail).toMatch(
    /ua-1-00 uk people\/list\/\S*lines\S*: .*custody/,
  );
  await worker.close();
});

it("At a new address the widget's key, a mirror and the old passkeys go on", async () => {
  const [old, next] = ["https://old.test", "https://new.test"];
  const folder = join(temporary, "moved");
  const options = {
    persistTo: join(temporary, "storage"),
    bot: false,
    port: await freePort(),
  };
  const one = await startWorker({ ...options, env: { PUBLIC_URL: old } });
  const { id } = inventedCase(1);
  await one.untilLive(await one.publish(inventedCase(1)));
  const key = (await (await one.editor.readLogKey()).text()).trim();
  const mirrored = (url: string) =>
    runShell(["mirror", folder], { on: { url, editorToken: "" } });
  expect(await mirrored(one.url)).toMatchObject({ code: 0 });
  await one.close();

  // What set-up writes, from the runbook.
  const env = {
    ...one.env,
    PUBLIC_URL: next,
    FORMER_URLS: old,
    LOG_NAME: "old.test/v1/log",
  };
  const two = await startWorker({
    ...options,
    editorToken: one.editorToken,
    env,
  });
  await two.untilLive(
    await two.publish({ ...inventedCase(1), asOf: { date: "2000-02-05" } }),
  );
  const elsewhere = two.url.replace("localhost", "127.0.0.1");
  const moved = await mirrored(elsewhere);
  expect(moved, moved.err).toMatchObject({ code: 0 });
  expect(await readFile(join(folder, `cases/${id}/en.html`), "utf8")).toContain(
    `href="${elsewhere}/cases/${id}?lang=en"`,
  );
  const note = await readFile(
    join(folder, `cases/${id}/en.signed.txt`),
    "utf8",
  );
  expect(
    (await signedViewIn(note, { key, id, lang: "en" }))?.view.revision?.number,
  ).toBe(2);
  expect(
    await runShell(["verify", folder, "--key", key], { on: two }),
  ).toMatchObject({ code: 0 });
  expect(await (await fetch(two.url + paths.relatedOrigins)).json()).toEqual({
    origins: [next, old],
  });

  const other = await startWorker({ bot: false });
  await other.untilLive(await other.publish(inventedCase(1)));
  const foreign = await mirrored(other.url);
  expect(foreign).toMatchObject({
    code: 1,
    err: expect.stringContaining("Not verified"),
  });
  for (const worker of [two, other]) await worker.close();
});
