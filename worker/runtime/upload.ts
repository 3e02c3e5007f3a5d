/**
 * The bucket for backups. What is written is compressed and encrypted, and all
 * of it or nothing is there.
 */

/**
 * R2 wants parts of one size, at least 5 MiB; an isolate has 128 MB for
 * everything.
 */
const PART_BYTES = 8 * 1024 * 1024;

/** Collects a stream into parts of one size; the last may be smaller. */
async function* partsOf(
  stream: ReadableStream<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let part = new Uint8Array(PART_BYTES);
  let length = 0;
  for await (const chunk of stream) {
    for (let from = 0; from < chunk.length; ) {
      const taken = chunk.subarray(from, from + PART_BYTES - length);
      part.set(taken, length);
      length += taken.length;
      from += taken.length;
      if (length < PART_BYTES) continue;
      yield part;
      part = new Uint8Array(PART_BYTES);
      length = 0;
    }
  }
  if (length > 0) yield part.subarray(0, length);
}

/**
 * All or nothing: an object of that name appears only when the stream ended
 * without an error.
 * @returns the number of bytes
 */
export async function upload(
  bucket: R2Bucket,
  key: string,
  stream: ReadableStream<Uint8Array>,
): Promise<number> {
  const upload = await bucket.createMultipartUpload(key, {
    httpMetadata: {
      contentType: "application/octet-stream",
      cacheControl: "no-store",
    },
  });
  try {
    const uploaded: R2UploadedPart[] = [];
    let bytes = 0;
    for await (const part of partsOf(stream)) {
      uploaded.push(await upload.uploadPart(uploaded.length + 1, part));
      bytes += part.length;
    }
    await upload.complete(uploaded);
    return bytes;
  } catch (error) {
    // R2 itself ends an upload that was left after a week.
    await upload.abort().catch(() => {});
    throw error;
  }
}

/** What an object of the bucket contains; the first part of its name. */
export type StoredKind =
  | "backup"
  | "changes"
  | "erasures"
  | "followers"
  | "forgotten";

/** The objects of a kind, oldest first. */
export async function storedObjects(
  bucket: R2Bucket,
  kind: StoredKind,
): Promise<R2Object[]> {
  const found: R2Object[] = [];
  let page: R2Objects | undefined;
  do {
    page = await bucket.list({
      prefix: `${kind}/`,
      ...(page?.truncated ? { cursor: page.cursor } : {}),
    });
    found.push(...page.objects);
  } while (page.truncated);
  return found.sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** R2 takes so many names at once. */
const MAX_DELETED = 1_000;

export async function deleteObjects(
  bucket: R2Bucket,
  keys: readonly string[],
): Promise<void> {
  for (let from = 0; from < keys.length; from += MAX_DELETED)
    await bucket.delete(keys.slice(from, from + MAX_DELETED));
}

/**
 * Sorted by name, the objects of a kind are sorted by time. Several changes may
 * share a second.
 * @param at milliseconds since the epoch
 */
export const keyOf = (kind: StoredKind, at: number): string =>
  `${kind}/${new Date(at)
    .toISOString()
    .slice(0, kind === "changes" ? 23 : 19)
    .replaceAll(/[:.]/g, "-")}Z.ndjson.gz.age`;

/** The time in the name of an object. */
export const timeOf = (key: string): number =>
  Date.parse(
    key
      .replace(
        /^.*\/(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)-?(\d*)Z.*$/,
        "$1T$2:$3:$4.$5Z",
      )
      .replace(".Z", "Z"),
  );

/**
 * Compresses and encrypts a file, and puts it into the bucket. The Worker has
 * only the public key, so nobody who gets into it can read what is there.
 * @returns the number of bytes
 */
export async function uploadEncrypted(
  env: Env,
  key: string,
  content: ReadableStream<Uint8Array>,
): Promise<number> {
  const { BACKUPS: bucket, BACKUP_RECIPIENT: recipient } = env as Required<Env>;
  const packed = content.pipeThrough(
    new CompressionStream("gzip") as unknown as ReadableWritablePair<
      Uint8Array,
      Uint8Array
    >,
  );
  return upload(
    bucket,
    key,
    await env.WORKSHOP.encryptBackup(packed, recipient.trim()),
  );
}
