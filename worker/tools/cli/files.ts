/** What a command is given as FILE: a case, a publication, or an issuer's document. */
import { open, readFile, writeFile } from "node:fs/promises";
import { Refusal } from "../../../shared/failure.ts";
import type { Notification, RevisionKind } from "../../../shared/revision.ts";
import type { UnfinishedCase } from "../../editorial/desk.ts";
import { documentText } from "../../importer/document-text.ts";
import { type Draft, draftFrom } from "../../importer/importer.ts";
import { Stop } from "./outcome.ts";

/** A case with what is said of it when it is published; what `show` and `import` write. */
export interface Publication {
  /** The revision it was made from; 0 for a new case. */
  basedOn?: number;
  case: UnfinishedCase;
  note?: Record<string, string>;
  kind?: Exclude<RevisionKind, "withdrawal">;
  notify?: Notification;
  liveAt?: string;
}

export type Found =
  | { what: "publication"; publication: Publication; bare: boolean }
  | { what: "document"; draft: Draft; text: string };

const unreadable: Record<string, string> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "you may not",
  ERR_FS_FILE_TOO_LARGE: "it is larger than 2 GB",
};

/** Ends the command, when handed the error of a file that can't be read. */
export const cannotRead =
  (file: string) =>
  ({ code = "" }: NodeJS.ErrnoException): never => {
    throw new Stop("usage", {
      title: "The file can't be read",
      detail: `${file}: ${unreadable[code] ?? code}.`,
      remedy: "Check its name and folder.",
    });
  };

/** Writes a case for somebody to mend. @throws Stop when a file of that name is there: it may be what somebody has mended */
export async function writeNew(name: string, text: string): Promise<void> {
  await writeFile(name, text, { mode: 0o600, flag: "wx" }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
    throw new Stop("refused", {
      title: "The file is there already",
      detail: `${name} may hold somebody's work; nothing was written.`,
      remedy: "Name another file, or remove that one first.",
    });
  });
}

/**
 * Opens a file before the deed whose result goes into it, so that a name that can't be written stops the deed. What stood in it stays
 * until something is written.
 */
export async function outputFile(
  name: string,
): Promise<{ write(text: string): Promise<void>; close(): Promise<void> }> {
  const handle = await open(name, "a", 0o600);
  return {
    async write(text) {
      await handle.truncate();
      await handle.writeFile(text);
    },
    close: () => handle.close(),
  };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** @throws Stop, or Refusal for a document that can't be read */
export async function found(file: string): Promise<Found> {
  const bytes = await readFile(file).catch(cannotRead(file));
  const text = documentText(bytes);
  // Rich text begins with a brace too.
  if (!/^\s*\{(?!\\)/.test(text)) {
    const read = draftFrom(text);
    if ("unreadable" in read) throw new Refusal({ tag: "unreadable-document", reason: read.unreadable });
    return { what: "document", draft: read.draft, text };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Stop("refused", {
      title: "The file is not JSON",
      detail: (error as Error).message,
      remedy: "Mend it at the place named; a comma or a quotation mark is often missing just before it.",
    });
  }
  if (isObject(value) && isObject(value.case))
    return { what: "publication", publication: value as unknown as Publication, bare: false };
  return { what: "publication", publication: { case: value as UnfinishedCase }, bare: true };
}

/** A case or a publication; a document is first to be imported. */
export async function publicationFile(file: string): Promise<Publication> {
  const read = await found(file);
  if (read.what === "publication") return read.publication;
  throw new Stop("refused", {
    title: "This is a document, not a case",
    detail: `${file} is an issuer's text.`,
    remedy: `Make a case of it with \`import ${file} -o case.json\`, mend that, and publish it.`,
  });
}
