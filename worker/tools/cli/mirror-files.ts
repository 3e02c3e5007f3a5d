/** The files of a mirror. Each is written under another name first, so that its host never serves half of one. */
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { sourceLocale } from "../../../shared/locale.ts";
import { instantIn } from "../../../shared/view/date.ts";

/** Stands in each file, and is replaced by the time of the newest sync. In pages, the time for readers follows. */
const STAMP = /synced-at:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z(">[^<]* UTC<)?/g;
export const stampOf = (instant: string) => `synced-at:${instant}`;
const forReaders = (instant: string) => `${stampOf(instant)}">${instantIn(sourceLocale, instant)}<`;

/** The time of the sync as an element of a page. */
export const syncedTime = (instant: string) => `<time data-stamp="${forReaders(instant)}/time>`;

/** Puts another time into every stamp of a file. */
export const restamped = (text: string, instant: string): string =>
  text.replace(STAMP, (_, shown?: string) => (shown ? forReaders : stampOf)(instant));

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
    return readFile(join(this.folder, name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return null;
      throw error;
    });
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
    return readdir(join(this.folder, folder)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return [];
      throw error;
    });
  }

  /** Writes the time of the sync into every file that states one. */
  async stamp(instant: string): Promise<void> {
    for (const name of (await readdir(this.folder, { recursive: true })).filter((name) =>
      /\.(html|json)$/.test(name),
    )) {
      const text = (await this.read(name)) ?? "";
      const stamped = restamped(text, instant);
      if (stamped !== text) await this.write(name, stamped);
    }
  }
}
