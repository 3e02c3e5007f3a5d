/** Opens zip files. A file that two programs could read in different ways is refused, and so is one that unpacks to too much. */
import { type FileEntry, ZipReader } from "@zip.js/zip.js/lib/zip-core-reader.js";
import { UnreadableFile } from "./file-text.ts";

export interface ZipLimits {
  members: number;
  memberBytes: number;
  unpackedBytes: number;
}

export interface Zip {
  has(name: string): boolean;
  /** Unpacks a file and checks its size and CRC. @throws UnreadableFile, or an Error of the library */
  read(name: string): Promise<Uint8Array>;
}

/** @throws UnreadableFile, or an Error of the library for a damaged file */
export async function openZip(bytes: Uint8Array, limits: ZipLimits): Promise<Zip> {
  const entries = new Map<string, FileEntry>();
  const reader = new ZipReader(new Blob([bytes as Uint8Array<ArrayBuffer>]).stream(), {
    strictness: "strict",
    useWebWorkers: false,
  });
  for await (const entry of reader.getEntriesGenerator()) {
    if (entries.size >= limits.members) throw new UnreadableFile("too-large");
    if (!entry.directory) entries.set(entry.filename, entry);
  }
  let totalBytes = 0;
  return {
    has: (name) => entries.has(name),
    async read(name) {
      const entry = entries.get(name);
      if (!entry) throw new UnreadableFile("broken");
      if (entry.encrypted) throw new UnreadableFile("encrypted");
      totalBytes += entry.uncompressedSize;
      if (entry.uncompressedSize > limits.memberBytes || totalBytes > limits.unpackedBytes)
        throw new UnreadableFile("too-large");
      // Stops at the size in the directory, should the content be larger.
      return new Uint8Array(await entry.arrayBuffer({ checkCrc32: true }));
    },
  };
}
