/**
 * The files of a mirror. Each is written under another name first, so that its
 * host never serves half of one.
 */
import {
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  writeFile,
} from "node:fs/promises";
import { dirname, join } from "node:path";

export class MirrorFiles {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  async write(name: string, text: string | Uint8Array): Promise<void> {
    const path = join(this.folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.part`, text);
    await rename(`${path}.part`, path);
  }

  /** @returns null when there is no such file */
  async bytes(name: string): Promise<Uint8Array | null> {
    return readFile(join(this.folder, name)).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return null;
        throw error;
      },
    );
  }

  /** @returns null when there is no such file */
  async read(name: string): Promise<string | null> {
    const bytes = await this.bytes(name);
    return bytes && new TextDecoder().decode(bytes);
  }

  remove(name: string): Promise<void> {
    return rm(join(this.folder, name), { recursive: true, force: true });
  }

  /** The names in a folder of the mirror; empty when there is none. */
  async names(folder = "."): Promise<string[]> {
    return readdir(join(this.folder, folder)).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return [];
        throw error;
      },
    );
  }
}
