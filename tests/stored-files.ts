/** Reads the files of a running Worker's storage, to look for bytes that must not be in them. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * Returns the content of every file of a storage. A file that disappears meanwhile is left out: SQLite removes its shared-memory and
 * write-ahead files when a Durable Object closes.
 */
export async function storedFiles(folder: string): Promise<Buffer[]> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const contents = await Promise.all(
    files.map((file) =>
      readFile(join(file.parentPath, file.name)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return undefined;
        throw error;
      }),
    ),
  );
  return contents.filter((content) => content !== undefined);
}
