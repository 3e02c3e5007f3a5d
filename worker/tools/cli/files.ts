/**
 * The files that commands read and write: a case, a publication, or an issuer's
 * document.
 */

import { link, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { Refusal } from "../../../shared/failure.ts";
import { isFields } from "../../../shared/fields.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import type { Notification, RevisionKind } from "../../../shared/revision.ts";
import { type Draft, draftFrom } from "../../editing/importer/importer.ts";
import { UnreadableFile } from "../../editing/importer/readers/file-text.ts";
import {
  firstBytesOf,
  readFile as readDocument,
} from "../../editing/importer/readers/read.ts";
import { decodedFile } from "../../editing/importer/readers/text.ts";
import type { QuestionAnswer } from "../../editing/rules/answers.ts";
import type { UnfinishedCase } from "../../editing/rules/desk.ts";
import type { SentenceVerdict } from "../../editing/rules/reading.ts";
import { Stop } from "./outcome.ts";
import { configuredProfile } from "./profile.ts";

/**
 * A case and the other fields of a publish request. `show` and `import` write
 * it.
 */
export interface Publication {
  /** The number of the revision it is based on; 0 for a new case. */
  basedOn?: number;
  case: UnfinishedCase;
  note?: Record<string, string>;
  kind?: Exclude<RevisionKind, "withdrawal">;
  notify?: Notification;
  liveAt?: string;
  answers?: QuestionAnswer[];
  /**
   * The sentences of the document that `import` read. Whoever goes on with the
   * file writes a verdict for each.
   */
  reading?: {
    document: string;
    sentences: {
      id: string;
      line: number;
      sentence: string;
      verdict: SentenceVerdict | null;
    }[];
  };
}

export type Input =
  | { what: "publication"; publication: Publication }
  | { what: "document"; draft: Draft; text: string };

/** A file's name as a word of a command, in the shells of every system. */
export const quoted = (name: string): string =>
  /[\s&()]/.test(name) ? `"${name}"` : name;

const existsAlready = (name: string): Stop =>
  new Stop("refused", {
    title: "The file already exists",
    detail: `${name} is never overwritten; nothing was written.`,
    remedy: "Choose another name, or move the file away first.",
  });

/**
 * Writes a file to edit, whole or not at all.
 * @throws Stop when the file exists: it may contain someone's edits
 */
export async function writeNew(name: string, text: string): Promise<void> {
  const part = `${name}.${process.pid}.part`;
  try {
    await writeFile(part, text, { mode: 0o600 });
    await moveToNew(part, name);
  } finally {
    await rm(part, { force: true });
  }
}

/** @throws Stop when the file exists */
export async function mustBeNew(name: string): Promise<void> {
  if (await stat(name).catch(() => null)) throw existsAlready(name);
}

/**
 * Gives a complete file its final name.
 * @throws Stop when a file has that name
 */
export async function moveToNew(part: string, name: string): Promise<void> {
  // A hard link, unlike a rename, never replaces a file. Some file systems have
  // none.
  await link(part, name).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code === "EEXIST") throw existsAlready(name);
    await mustBeNew(name);
    await rename(part, name);
  });
}

/** @throws Stop, or Refusal for a document that can't be read */
export async function readInput(
  file: string,
  profile: Profile,
): Promise<Input> {
  const bytes = await readFile(file);
  const json = decodedFile(bytes, firstBytesOf(bytes));
  // Rich text begins with a brace too.
  if (!/\.json$/i.test(file) && !/^\s*\{(?!\\)/.test(json)) {
    const { text, unread } = await readDocument(bytes).catch((error) => {
      throw error instanceof UnreadableFile
        ? new Refusal({ tag: "unreadable-document", reason: error.reason })
        : error;
    });
    return { what: "document", draft: draftFrom(text, profile, unread), text };
  }
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new Stop("refused", {
      title: "The file is not JSON",
      detail: (error as Error).message,
      remedy:
        "Fix it at that position. Often a comma or a quotation mark is missing just before it.",
    });
  }
  if (!isFields(value))
    throw new Stop("refused", {
      title: "The file is not a case",
      detail: `${file} is JSON, but not an object.`,
      remedy: "Start from a file made by `show` or `import`.",
    });
  if (isFields(value.case))
    return {
      what: "publication",
      publication: value as unknown as Publication,
    };
  return {
    what: "publication",
    publication: { case: value as UnfinishedCase },
  };
}

/**
 * Reads a case or a publication.
 * @throws Stop for a document, which must be imported first
 */
export async function publicationFile(file: string): Promise<Publication> {
  const read = await readInput(file, configuredProfile());
  if (read.what === "publication") return read.publication;
  throw new Stop("refused", {
    title: "This is a document, not a case",
    detail: `${file} is an issuer's document.`,
    remedy: `Make a case from it with \`import ${file} -o case.json\`, edit that, and publish it.`,
  });
}
