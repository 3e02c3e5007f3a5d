/** `decrypt`: opens a file of the daily backup. */
import { createReadStream, createWriteStream } from "node:fs";
import { readFile, rm, stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { Decrypter } from "age-encryption";
import { moveToNew, mustBeNew } from "./files.ts";
import { type CommandOutcome, Stop } from "./outcome.ts";

const SUFFIX = ".gz.age";

const damaged = (
  detail: string,
  remedy = "Pass the file as it was downloaded, and the file with the BACKUP_IDENTITY that belongs to BACKUP_RECIPIENT.",
): Stop =>
  new Stop("refused", { title: "The file can't be decrypted", detail, remedy });

/**
 * The identity in a file of `npm run setup`, `age-keygen` or a password
 * manager's note.
 * @throws Stop when there is none
 */
async function identityIn(file: string): Promise<string> {
  const text = await readFile(file, "utf8");
  const [identity] = /AGE-SECRET-KEY-1[0-9A-Z]+/.exec(text) ?? [];
  if (identity !== undefined) return identity;
  throw damaged(`${file} has no AGE-SECRET-KEY-1... in it.`);
}

/** @throws Stop when the identity is missing */
async function opened(
  encrypted: ReadableStream<Uint8Array>,
  identity: string | undefined,
): Promise<Readable> {
  if (identity === undefined)
    throw damaged("The file with BACKUP_IDENTITY is missing: --identity FILE.");
  const decrypter = new Decrypter();
  decrypter.addIdentity(await identityIn(identity));
  const packed = await decrypter.decrypt(encrypted);
  return Readable.fromWeb(packed as Parameters<typeof Readable.fromWeb>[0]);
}

/**
 * Opens a file into a new one, which is complete or isn't there.
 * @param from its name, for errors
 * @param remedy for a file that can't be opened
 */
export async function openTo(
  name: string,
  from: string,
  encrypted: ReadableStream<Uint8Array>,
  identity: string | undefined,
  remedy?: string,
): Promise<void> {
  const part = `${name}.${process.pid}.part`;
  try {
    const file = createWriteStream(part, { mode: 0o600, flags: "wx" });
    await pipeline(await opened(encrypted, identity), createGunzip(), file);
    await moveToNew(part, name);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw error instanceof Stop || (code !== undefined && !code.startsWith("Z"))
      ? error
      : damaged(`${from}: ${message}.`, remedy);
  } finally {
    await rm(part, { force: true });
  }
}

export async function decrypt(
  outcome: CommandOutcome,
  file: string,
  { identity, output }: { identity?: string; output?: string },
): Promise<void> {
  const name =
    output ??
    (file.endsWith(SUFFIX) ? file.slice(0, -SUFFIX.length) : `${file}.ndjson`);
  await mustBeNew(name);
  await openTo(
    name,
    file,
    Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>,
    identity,
  );
  outcome.say(
    `Saved ${name}. It is not encrypted any more, so delete it once it is restored.`,
  );
  outcome.result({ file: name, bytes: (await stat(name)).size });
}
