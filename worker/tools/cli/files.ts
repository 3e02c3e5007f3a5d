/** The files that commands read and write: a case, a publication, or an issuer's document. */

import { open, readFile, writeFile } from "node:fs/promises";
import { Refusal } from "../../../shared/failure.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import type { Notification, RevisionKind } from "../../../shared/revision.ts";
import type { UnfinishedCase } from "../../editorial/desk.ts";
import { documentText } from "../../importer/document-text.ts";
import { failureOf } from "../../importer/gate.ts";
import { type Draft, draftFrom } from "../../importer/importer.ts";
import { Stop } from "./outcome.ts";
import { configuredProfile } from "./profile.ts";

/** A case and the other fields of a publish request. `show` and `import` write it. */
export interface Publication {
  /** The number of the revision it is based on; 0 for a new case. */
  basedOn?: number;
  case: UnfinishedCase;
  note?: Record<string, string>;
  kind?: Exclude<RevisionKind, "withdrawal">;
  notify?: Notification;
  liveAt?: string;
}

export type Input =
  | { what: "publication"; publication: Publication; bare: boolean }
  | { what: "document"; draft: Draft; text: string };

const unreadable: Record<string, string> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "permission denied",
  ERR_FS_FILE_TOO_LARGE: "it is larger than 2 GB",
};

/** Returns a handler for the errors of reading a file, which throws a `Stop`. */
export const cannotRead =
  (file: string) =>
  ({ code = "" }: NodeJS.ErrnoException): never => {
    throw new Stop("usage", {
      title: "The file can't be read",
      detail: `${file}: ${unreadable[code] ?? code}.`,
      remedy: "Check its name and folder.",
    });
  };

/** Writes a file to edit. @throws Stop when the file exists: it may contain someone's edits */
export async function writeNew(name: string, text: string): Promise<void> {
  await writeFile(name, text, { mode: 0o600, flag: "wx" }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
    throw new Stop("refused", {
      title: "The file already exists",
      detail: `${name} may contain someone's edits; nothing was written.`,
      remedy: "Choose another name, or delete the file first.",
    });
  });
}

/**
 * Opens a file before the request whose result is written to it, so that the request is not sent if the file can't be written. The old
 * content stays until `write` is called.
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

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** @throws Stop, or Refusal for a document that can't be read */
export async function readInput(file: string, profile: Profile): Promise<Input> {
  const bytes = await readFile(file).catch(cannotRead(file));
  const text = documentText(bytes);
  // Rich text begins with a brace too.
  if (!/^\s*\{(?!\\)/.test(text)) {
    if (profile.imports.length === 0) throw new Refusal({ tag: "no-import" });
    const read = draftFrom(text, profile);
    if ("refused" in read) throw new Refusal(failureOf(read.refused));
    return { what: "document", draft: read.draft, text };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Stop("refused", {
      title: "The file is not JSON",
      detail: (error as Error).message,
      remedy: "Fix it at that position. Often a comma or a quotation mark is missing just before it.",
    });
  }
  if (isObject(value) && isObject(value.case))
    return { what: "publication", publication: value as unknown as Publication, bare: false };
  return { what: "publication", publication: { case: value as UnfinishedCase }, bare: true };
}

/** Reads a case or a publication. @throws Stop for a document, which must be imported first */
export async function publicationFile(file: string): Promise<Publication> {
  const read = await readInput(file, configuredProfile());
  if (read.what === "publication") return read.publication;
  throw new Stop("refused", {
    title: "This is a document, not a case",
    detail: `${file} is an issuer's document.`,
    remedy: `Make a case from it with \`import ${file} -o case.json\`, edit that, and publish it.`,
  });
}
