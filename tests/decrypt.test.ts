/** `npm run casewire -- decrypt` on a file that the age library made. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { gzipSync } from "node:zlib";
import {
  Encrypter,
  generateX25519Identity,
  identityToRecipient,
} from "age-encryption";
import { expect, test } from "vitest";
import { decrypt } from "../worker/tools/cli/decrypt.ts";
import { CommandOutcome, Stop } from "../worker/tools/cli/outcome.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const folder = temporaryFolder();

test("A file of the daily backup is opened with its key, and with no other", async () => {
  const identity = await generateX25519Identity();
  const encrypter = new Encrypter();
  encrypter.addRecipient(await identityToRecipient(identity));
  const at = (name: string) => join(folder, name);
  await writeFile(
    at("b.ndjson.gz.age"),
    await encrypter.encrypt(gzipSync("one\ntwo\n")),
  );
  await writeFile(
    at("key"),
    `# created by setup\nBACKUP_IDENTITY='${identity}'\n`,
  );
  await writeFile(at("other"), await generateX25519Identity());
  await writeFile(at("none"), "nothing");
  const outcome = new CommandOutcome(true, {
    ...process,
    stdout: new PassThrough(),
  });
  const open = (key: string, file = "b.ndjson.gz.age") =>
    decrypt(outcome, at(file), { identity: at(key) });
  for (const key of ["other", "none"])
    await expect(open(key)).rejects.toBeInstanceOf(Stop);
  // The shell says it as for any file.
  for (const missing of [open("missing"), open("key", "missing.age")])
    await expect(missing).rejects.toMatchObject({ code: "ENOENT" });
  await writeFile(
    at("cut.ndjson.gz.age"),
    (await readFile(at("b.ndjson.gz.age"))).subarray(0, -3),
  );
  await expect(open("key", "cut.ndjson.gz.age")).rejects.toBeInstanceOf(Stop);
  await open("key");
  expect(await readFile(at("b.ndjson"), "utf8")).toBe("one\ntwo\n");
  await expect(open("key")).rejects.toThrow("already exists");
});
