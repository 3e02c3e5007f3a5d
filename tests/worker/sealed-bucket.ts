/** The bucket of backups, and what is in its files. */
import { env } from "cloudflare:workers";
import {
  Decrypter,
  generateX25519Identity,
  identityToRecipient,
} from "age-encryption";

const identity = await generateX25519Identity();
export const recipient = await identityToRecipient(identity);
export const bucket = env.TEST_BACKUPS;

export const keysIn = async (): Promise<string[]> =>
  (await bucket.list()).objects.map(({ key }) => key).sort();

export async function emptyBucket(): Promise<void> {
  const all = await keysIn();
  if (all.length > 0) await bucket.delete(all);
}

export async function opened(key: string): Promise<string> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  const packed = await decrypter.decrypt(
    new Uint8Array(await (await bucket.get(key))!.arrayBuffer()),
  );
  return new Response(
    new Blob([Uint8Array.from(packed)])
      .stream()
      .pipeThrough(new DecompressionStream("gzip")),
  ).text();
}
