/**
 * Reads the files of a running Worker's storage, to look for bytes that must
 * not be in them.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

const SURROUNDING_BYTES = 60;

/**
 * Returns the content of every file of a storage. A file that disappears
 * meanwhile is left out: SQLite removes its shared-memory and write-ahead files
 * when a Durable Object closes.
 */
export async function storedFiles(folder: string): Promise<Buffer[]> {
  const files = (
    await readdir(folder, { recursive: true, withFileTypes: true })
  ).filter((entry) => entry.isFile());
  const contents = await Promise.all(
    files.map((file) =>
      readFile(join(file.parentPath, file.name)).catch(
        (error: NodeJS.ErrnoException) => {
          if (error.code === "ENOENT") return undefined;
          throw error;
        },
      ),
    ),
  );
  return contents.filter((content) => content !== undefined);
}

/**
 * Returns where a text occurs in the files of a storage, with what surrounds
 * it, so that a failed test says what stored it.
 */
export async function placesOf(
  text: string,
  folder: string,
): Promise<string[]> {
  return (await storedFiles(folder)).flatMap((bytes) => {
    const at = bytes.indexOf(text);
    return at < 0
      ? []
      : [
          bytes
            .subarray(
              Math.max(0, at - SURROUNDING_BYTES),
              at + SURROUNDING_BYTES,
            )
            .toString("latin1"),
        ];
  });
}
