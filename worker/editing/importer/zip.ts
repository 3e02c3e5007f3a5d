/** Opens zip files. A file that two programs could read in different ways is refused, and so is one that unpacks to too much. */
import { type FileEntry, ZipReader } from "@zip.js/zip.js/lib/zip-core-reader.js";
import type { BrokenFile } from "../../../shared/refusals/documents.ts";

/** Real Word documents have about thirty files. */
const MAX_FILES = 2000;
/** The text of the largest Urgent Action has about 200 KB. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;
const MAX_TOTAL_BYTES = 16 * 1024 * 1024;

export class UnreadableFile extends Error {
  readonly reason: BrokenFile;
  constructor(reason: BrokenFile) {
    super(reason);
    this.reason = reason;
  }
}

export interface Zip {
  has(name: string): boolean;
  /** Unpacks a file and checks its size and CRC. @throws UnreadableFile, or an Error of the library */
  read(name: string): Promise<Uint8Array>;
}

/** @throws UnreadableFile, or an Error of the library for a damaged file */
export async function openZip(bytes: Uint8Array): Promise<Zip> {
  const entries = new Map<string, FileEntry>();
  const reader = new ZipReader(new Blob([bytes as Uint8Array<ArrayBuffer>]).stream(), {
    strictness: "strict",
    useWebWorkers: false,
  });
  for await (const entry of reader.getEntriesGenerator()) {
    if (entries.size >= MAX_FILES) throw new UnreadableFile("docx-too-large");
    if (!entry.directory) entries.set(entry.filename, entry);
  }
  let totalBytes = 0;
  return {
    has: (name) => entries.has(name),
    async read(name) {
      const entry = entries.get(name);
      if (!entry) throw new UnreadableFile("broken-docx");
      if (entry.encrypted) throw new UnreadableFile("encrypted-docx");
      totalBytes += entry.uncompressedSize;
      if (entry.uncompressedSize > MAX_FILE_BYTES || totalBytes > MAX_TOTAL_BYTES)
        throw new UnreadableFile("docx-too-large");
      // Stops at the size in the directory, should the content be larger.
      return new Uint8Array(await entry.arrayBuffer({ checkCrc32: true }));
    },
  };
}
