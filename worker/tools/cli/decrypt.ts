/** `decrypt`: opens a file of the daily backup. */
import { createReadStream, createWriteStream } from "node:fs";
import { readFile, rm, stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { Decrypter } from "age-encryption";
import { cannotRead, moveToNew, mustBeNew } from "./files.ts";
import { type CommandOutcome, Stop } from "./outcome.ts";

const SUFFIX = ".gz.age";

const damaged = (detail: string): Stop =>
  new Stop("refused", {
    title: "The file can't be decrypted",
    detail,
    remedy:
      "Pass the file as it was downloaded, and the file with the BACKUP_IDENTITY that belongs to BACKUP_RECIPIENT.",
  });

/** The identity in a file of `npm run setup`, `age-keygen` or a password manager's note. @throws Stop when there is none */
async function identityIn(file: string): Promise<string> {
  const text = await readFile(file, "utf8").catch(cannotRead(file));
  const [identity] = /AGE-SECRET-KEY-1[0-9A-Z]+/.exec(text) ?? [];
  if (identity !== undefined) return identity;
  throw damaged(`${file} has no AGE-SECRET-KEY-1... in it.`);
}

export async function decrypt(
  outcome: CommandOutcome,
  file: string,
  { identity, output }: { identity?: string; output?: string },
): Promise<void> {
  if (identity === undefined) throw damaged("The file with BACKUP_IDENTITY is missing: --identity FILE.");
  const name = output ?? (file.endsWith(SUFFIX) ? file.slice(0, -SUFFIX.length) : `${file}.ndjson`);
  await mustBeNew(name);
  const decrypter = new Decrypter();
  decrypter.addIdentity(await identityIn(identity));
  const input = createReadStream(file);
  const part = `${name}.${process.pid}.part`;
  try {
    const plain = await decrypter.decrypt(Readable.toWeb(input) as ReadableStream<Uint8Array>);
    await pipeline(
      Readable.fromWeb(plain as Parameters<typeof Readable.fromWeb>[0]),
      createGunzip(),
      createWriteStream(part, { mode: 0o600, flags: "wx" }),
    );
    await moveToNew(part, name);
  } catch (error) {
    const { code, path, message } = error as NodeJS.ErrnoException;
    if (path === file) cannotRead(file)(error as NodeJS.ErrnoException);
    throw error instanceof Stop || (code !== undefined && !code.startsWith("Z"))
      ? error
      : damaged(`${file}: ${message}.`);
  } finally {
    await rm(part, { force: true });
  }
  outcome.say(`Saved ${name}. It is not encrypted any more, so delete it once it is restored.`);
  outcome.result({ file: name, bytes: (await stat(name)).size });
}
