/**
 * Opens zip files. A file that two programs could read in different ways is
 * refused, and so is one that unpacks to too much.
 */
import {
  type FileEntry,
  ZipReader,
} from "@zip.js/zip.js/lib/zip-core-reader.js";
import { type FileText, UnreadableFile } from "./file-text.ts";

export interface ZipLimits {
  members: number;
  memberBytes: number;
  unpackedBytes: number;
}

type Read = (name: string) => Promise<string>;

/**
 * @param textOf reads the members of a file, whose sizes and CRC are checked,
 * as UTF-8
 * @throws UnreadableFile
 */
export async function packedText(
  file: Uint8Array,
  limits: ZipLimits,
  textOf: (zip: { has(name: string): boolean }, read: Read) => Promise<string>,
): Promise<FileText> {
  const entries = new Map<string, FileEntry>();
  let totalBytes = 0;
  const read: Read = async (name) => {
    const entry = entries.get(name);
    if (!entry) throw new UnreadableFile("broken");
    if (entry.encrypted) throw new UnreadableFile("encrypted");
    totalBytes += entry.uncompressedSize;
    if (
      entry.uncompressedSize > limits.memberBytes ||
      totalBytes > limits.unpackedBytes
    )
      throw new UnreadableFile("too-large");
    // Stops at the size in the directory, should the content be larger.
    return new TextDecoder("utf-8", { fatal: true }).decode(
      await entry.arrayBuffer({ checkCrc32: true }),
    );
  };
  try {
    const reader = new ZipReader(
      new Blob([file as Uint8Array<ArrayBuffer>]).stream(),
      {
        strictness: "strict",
        useWebWorkers: false,
      },
    );
    for await (const entry of reader.getEntriesGenerator()) {
      if (entries.size >= limits.members) throw new UnreadableFile("too-large");
      if (!entry.directory) entries.set(entry.filename, entry);
    }
    return { text: await textOf(entries, read), unread: [] };
  } catch (error) {
    if (error instanceof UnreadableFile) throw error;
    throw new UnreadableFile("broken");
  }
}
