/**
 * The signed log in a mirror: it follows the deployment's, and never takes over
 * one that was rewritten.
 */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import {
  bundleOf,
  entryBytes,
  tileAt,
} from "../worker/editing/contract/log-entry.ts";
import { LogTree } from "../worker/editing/contract/log-tree.ts";
import {
  keyLine,
  type Signer,
  signerOf,
} from "../worker/runtime/checkpoint.ts";
import type { PublicDeployment } from "../worker/tools/cli/deployment.ts";
import { copyLog } from "../worker/tools/cli/log-copy.ts";
import { mirrorLog } from "../worker/tools/cli/log-sources.ts";
import { MirrorFiles } from "../worker/tools/cli/mirror-files.ts";
import { syncLog } from "../worker/tools/cli/mirror-log.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const folder = temporaryFolder();

const seedOf = (letter: string) => btoa(letter.repeat(32));

const entry = (number: number, letter = "a") =>
  entryBytes({
    version: 2,
    case: "ua-1-00",
    number,
    kind: "update",
    liveAt: "2026-01-01T00:00:00.000Z",
    hash: letter.repeat(64),
    audit: "b".repeat(64),
  });

/** A deployment with a log, as a mirror reads it. */
const deployment = (signer: Signer, leaves: Uint8Array[]) =>
  ({
    readLogKey: async () => new Response(keyLine(signer.public)),
    readLogCheckpoint: async () =>
      new Response(
        await signer.sign({
          size: leaves.length,
          root: new LogTree(leaves).rootAt(leaves.length),
        }),
      ),
    bytes: async (path: string) => {
      const { number, width } = tileAt(path.replace("/v1/log/tile/", ""))!;
      return bundleOf(leaves.slice(number * 256, number * 256 + width));
    },
  }) as unknown as PublicDeployment;

it("A mirror's log follows the deployment's tile by tile, and refuses one that was rewritten or has another key", async () => {
  const files = new MirrorFiles(folder);
  const signer = await signerOf("casewire.test/v1/log", seedOf("x"));
  const leaves = Array.from({ length: 300 }, (_, index) => entry(index + 1));
  const tiles = async () =>
    (
      await readdir(join(folder, "v1/log/tile"), {
        recursive: true,
        withFileTypes: true,
      })
    )
      .filter((file) => file.isFile())
      .map((file) =>
        join(file.parentPath, file.name)
          .slice(folder.length)
          .replaceAll("\\", "/"),
      )
      .toSorted();
  const names = (...below: string[]) =>
    below.map((name) => `/v1/log/tile/${name}`).toSorted();

  await syncLog(deployment(signer, leaves.slice(0, 3)), files);
  expect(await tiles()).toEqual(names("entries/000.p/3", "0/000.p/3"));
  await syncLog(deployment(signer, leaves.slice(0, 5)), files);
  expect(await tiles()).toEqual(names("entries/000.p/5", "0/000.p/5"));
  await syncLog(deployment(signer, leaves), files);
  const whole = names(
    "entries/000",
    "entries/001.p/44",
    "0/000",
    "0/001.p/44",
    "1/000.p/1",
  );
  expect(await tiles()).toEqual(whole);
  expect((await copyLog(mirrorLog(files))).entries).toHaveLength(300);

  const other = await signerOf("casewire.test/v1/log", seedOf("y"));
  const wrong: [PublicDeployment, RegExp][] = [
    [
      deployment(signer, [...leaves, entry(301)].with(2, entry(3, "c"))),
      /first 300 entries .* are not those/,
    ],
    [deployment(signer, leaves.slice(0, 299)), /entries were removed/],
    [deployment(other, [...leaves, entry(301)]), /is not signed with the key/],
  ];
  for (const [rewritten, fault] of wrong) {
    await expect(syncLog(rewritten, files)).rejects.toMatchObject({
      trouble: { detail: expect.stringMatching(fault) },
    });
    expect(await tiles()).toEqual(whole);
    expect((await copyLog(mirrorLog(files))).checkpoint.size).toBe(300);
  }
});
