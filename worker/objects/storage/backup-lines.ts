/**
 * The NDJSON lines of a backup, a followers file and the erasures file of each:
 * a header, one line for each row, and a seal with the number of rows of each
 * kind and the SHA-256 of every byte before it. docs/storage.md documents the
 * format.
 */
import * as v from "valibot";
import { type Case, Note } from "../../../shared/case/schema.ts";
import {
  NewerContent,
  parseContent,
} from "../../../shared/case/versions/content.ts";
import { Ordinal as count } from "../../../shared/described.ts";
import type { Failure } from "../../../shared/failure.ts";
import type { UnfitBackup } from "../../../shared/refusals/operations.ts";
import {
  notifications,
  revisionKinds,
  withdrawalReasons,
} from "../../../shared/revision.ts";
import type { LogEntry } from "../../editing/contract/log-entry.ts";
import { StoredAnswer } from "../../editing/rules/answers.ts";
import { type AuditEntry, auditActions } from "../../editing/rules/desk.ts";
import { fieldIssues } from "../../editing/rules/publication.ts";
import { newSalt, RunningDigest } from "../../runtime/digest.ts";

export const BACKUP = "casewire-backup";
export const CHANGES = "casewire-changes";
export const ERASURES = "casewire-erasures";
export const FOLLOWERS = "casewire-followers";
export const FORGOTTEN = "casewire-forgotten";
const VERSION = 1;

const hash = v.pipe(
  v.string(),
  v.regex(/^[0-9a-f]{64}$/, "must be a SHA-256 in hex"),
);
const moment = v.pipe(
  v.string(),
  v.regex(
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
    "must be a moment in UTC with milliseconds",
  ),
  v.check(
    (text) => !Number.isNaN(Date.parse(text)),
    "must be a moment that exists",
  ),
);

const Header = v.strictObject({
  format: v.picklist([BACKUP, CHANGES, ERASURES, FOLLOWERS, FORGOTTEN]),
  version: count,
  madeAt: moment,
  /** The newest moment ever shown: the Ledger's clock never goes behind it. */
  mark: moment,
  /**
   * The audit log keeps the digest of the file. The salt keeps that digest from
   * confirming a guess of the content.
   */
  salt: hash,
});
export type Header = v.InferOutput<typeof Header>;

/**
 * A row of `revisions`, without `changes` and `summary`, which are derived from
 * the content.
 */
const RevisionLine = v.strictObject({
  row: v.literal("revision"),
  sequence: count,
  case: v.string(),
  number: count,
  kind: v.picklist(revisionKinds),
  /**
   * The case. A string holds stored text that isn't what was committed: its
   * storage was damaged before the export.
   */
  content: v.nullable(v.union([v.record(v.string(), v.unknown()), v.string()])),
  /** The version of the case's schema that `content` was written with. */
  contentVersion: count,
  /** A string holds stored text that isn't JSON. */
  note: v.nullable(v.union([Note, v.strictObject({}), v.string()])),
  salt: v.nullable(hash),
  reason: v.nullable(v.picklist(withdrawalReasons)),
  editor: v.string(),
  approvedBy: v.nullable(v.string()),
  answers: v.optional(v.nullable(v.array(StoredAnswer)), null),
  notify: v.picklist(notifications),
  committedAt: moment,
  liveAt: moment,
  contentHash: hash,
  previousHash: hash,
  hash,
  fate: v.nullable(v.picklist(["undone", "replaced", "withdrawn"])),
  shown: v.boolean(),
});
export type RevisionLine = v.InferOutput<typeof RevisionLine>;
const { row: _, ...fields } = RevisionLine.entries;
export const revisionFields = Object.keys(fields) as (keyof typeof fields)[];

const AuditFields = v.strictObject({
  sequence: count,
  at: moment,
  editor: v.string(),
  action: v.picklist(auditActions),
  case: v.nullable(v.string()),
  number: v.nullable(count),
  subject: hash,
  previousHash: hash,
  hash,
  notify: v.optional(v.picklist(notifications)),
  about: v.optional(v.string()),
} satisfies Record<keyof AuditEntry, unknown>);
const AuditLine = v.strictObject({
  row: v.literal("audit"),
  ...AuditFields.entries,
});

/** A row of the signed log, with what opens its commitment to the audit log. */
const LogLine = v.strictObject({
  row: v.literal("log"),
  position: v.pipe(v.number(), v.integer(), v.minValue(0)),
  case: v.string(),
  number: count,
  kind: v.picklist(revisionKinds),
  reason: v.nullable(v.picklist(withdrawalReasons)),
  liveAt: moment,
  hash,
  audit: hash,
  auditSequence: v.pipe(v.number(), v.integer(), v.minValue(0)),
  auditSalt: hash,
});
export type LogLine = v.InferOutput<typeof LogLine>;

/** The entry that a row of the log stands for. */
export function entryOf({
  case: id,
  number,
  kind,
  reason,
  liveAt,
  hash,
  audit,
}: LogLine): LogEntry {
  return {
    version: 2,
    case: id,
    number,
    kind,
    ...(reason === null ? {} : { reason }),
    liveAt,
    hash,
    audit,
  };
}

/**
 * The tables whose rows a backup copies column by column, by the kind of line.
 */
export const tableNames = {
  editor: "editors",
  draft: "drafts",
  proposal: "proposals",
  portrait: "portraits",
  place: "places",
  chat: "chats",
  word: "words",
  follow: "follows",
  told: "told",
  announced: "announced",
  card: "cards",
} as const;
export type TableLineKind = keyof typeof tableNames;

/** A row copied column by column. */
const TableLine = v.strictObject({
  row: v.picklist(
    Object.keys(tableNames) as [TableLineKind, ...TableLineKind[]],
  ),
  columns: v.record(
    v.string(),
    v.union([
      v.string(),
      v.number(),
      v.null(),
      v.strictObject({ base64: v.string() }),
    ]),
  ),
});
export type TableLine = v.InferOutput<typeof TableLine>;

/** A row of `chats` that /forget deleted, or of `words` that an erasure did. */
const ForgottenLine = v.strictObject({
  row: v.literal("forgotten"),
  kind: v.picklist(["chat", "word"]),
  number: count,
  at: moment,
});
export type ForgottenLine = v.InferOutput<typeof ForgottenLine>;

/** What a draft, proposal, picture, place or editor is found by. */
export const keyColumns = {
  draft: ["editor", "id"],
  proposal: ["id"],
  portrait: ["case_id", "image"],
  place: ["id"],
  editor: ["name"],
} as const satisfies Partial<Record<TableLineKind, string[]>>;
export type KeyedKind = keyof typeof keyColumns;

/** A row that was deleted after the backup. */
const GoneLine = v.strictObject({
  row: v.literal("gone"),
  kind: v.picklist(Object.keys(keyColumns) as KeyedKind[]),
  key: v.array(v.string()),
});

const BackupRow = v.variant("row", [
  RevisionLine,
  AuditLine,
  LogLine,
  TableLine,
  ForgottenLine,
  GoneLine,
]);
export type BackupRow = v.InferOutput<typeof BackupRow>;

const Seal = v.strictObject({
  row: v.literal("seal"),
  counts: v.record(v.string(), v.number()),
  sha256: hash,
});

/** A fault in a file. The message is shown to the editor. */
export class BadLine extends Error {}

/** A fault of a file that isn't damaged. */
export class UnfitFile extends BadLine {
  readonly reason: UnfitBackup;
  constructor(reason: UnfitBackup, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** The refusal of a file. */
export const fileFailure = (error: BadLine): Failure =>
  error instanceof UnfitFile
    ? { tag: "unfit-backup", reason: error.reason, fault: error.message }
    : { tag: "damaged-backup", fault: error.message };

/** Throws a fault that a check returned. @throws BadLine */
export function must(fault: string | null): void {
  if (fault !== null) throw new BadLine(fault);
}

/**
 * A file, or one of several in a stream: written or read line by line from its
 * header to its seal.
 */
export class Section {
  readonly header: Header;
  readonly #digest = new RunningDigest();
  readonly #counts: Record<string, number> = {};

  private constructor(header: Header, line: string) {
    this.header = header;
    this.#digest.add(line);
  }

  /** Begins to write. @returns the section and its first line */
  static begin(header: Omit<Header, "version" | "salt">): {
    section: Section;
    line: string;
  } {
    const { format, ...rest } = header;
    const whole: Header = {
      format,
      version: VERSION,
      ...rest,
      salt: newSalt(),
    };
    const line = `${JSON.stringify(whole)}\n`;
    return { section: new Section(whole, line), line };
  }

  /** Begins to read. @throws BadLine */
  static from(line: string): Section {
    return new Section(knownHeader(line), `${line}\n`);
  }

  #count(row: BackupRow, line: string): void {
    this.#counts[row.row] = (this.#counts[row.row] ?? 0) + 1;
    this.#digest.add(line);
  }

  /** @returns the line to write */
  write(row: BackupRow): string {
    const line = `${JSON.stringify(row)}\n`;
    this.#count(row, line);
    return line;
  }

  /** @returns the last line to write, and the digest in it, in hex */
  seal(): { line: string; sha256: string } {
    const seal = {
      row: "seal",
      counts: this.#counts,
      sha256: this.#digest.value,
    };
    return { line: `${JSON.stringify(seal)}\n`, sha256: seal.sha256 };
  }

  /**
   * @returns the row; for the last line the digest, which was checked
   * @throws BadLine
   */
  read(line: string): BackupRow | { row: "seal"; sha256: string } {
    if (line.startsWith('{"row":"seal"')) {
      const { counts, sha256 } = checked(Seal, line);
      for (const kind of new Set([
        ...Object.keys(counts),
        ...Object.keys(this.#counts),
      ]))
        if (counts[kind] !== this.#counts[kind])
          throw new BadLine(
            `it counts ${counts[kind] ?? 0} ${kind} rows, but there are ${this.#counts[kind] ?? 0}`,
          );
      if (sha256 !== this.#digest.value)
        throw new BadLine(
          "its SHA-256 doesn't match the lines before it: something was changed",
        );
      return { row: "seal", sha256 };
    }
    const row = checked(BackupRow, line);
    this.#count(row, `${line}\n`);
    return row;
  }
}

/** @throws BadLine */
function knownHeader(line: string): Header {
  const { version } = checked(
    v.looseObject({ format: Header.entries.format, version: count }),
    line,
  );
  if (version > VERSION)
    throw new UnfitFile(
      "other-version",
      `the file has version ${version}, made by a newer Casewire, and this code knows only versions up to ${VERSION}`,
    );
  return checked(Header, line);
}

function checked<S extends v.GenericSchema>(
  schema: S,
  line: string,
): v.InferOutput<S> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new BadLine("it is not JSON: the file is truncated or damaged");
  }
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = fieldIssues(result.issues);
  throw new BadLine(`${issue?.pointer || "it"} ${issue?.message}`);
}

/** Parses a line of an exported audit log. @throws BadLine */
export const auditEntryIn = (line: string): AuditEntry =>
  checked(AuditFields, line);

/** @throws BadLine when the content has a newer version than this code */
function parsed(
  content: unknown,
  version: number,
): ReturnType<typeof parseContent> {
  try {
    return parseContent(content, version);
  } catch (error) {
    throw error instanceof NewerContent
      ? new UnfitFile("other-version", error.message)
      : error;
  }
}

/**
 * True if the text is a valid case.
 * @throws BadLine when it has a newer version than this code
 */
export function isShowable(text: string, version: number): boolean {
  let content: unknown = null;
  try {
    content = JSON.parse(text);
  } catch {
    // Not JSON. Its version is still checked below.
  }
  return "case" in parsed(content, version);
}

/**
 * The case in a revision, upgraded. Its hashes must have been checked.
 * @returns null when its content is erased, "unshowable" when it isn't a valid
 * case
 * @throws BadLine
 */
export function caseIn({
  content,
  contentVersion,
  case: id,
}: RevisionLine): Case | "unshowable" | null {
  if (content === null) return null;
  if (typeof content === "string") return "unshowable";
  const read = parsed(content, contentVersion);
  if ("fault" in read) return "unshowable";
  if (read.case.id !== id) throw new BadLine(`/content/id must be ${id}`);
  return read.case;
}

/**
 * A saved draft has at most half a million bytes, and JSON inside JSON may
 * double them.
 */
const MAX_LINE_BYTES = 2_000_000;

/**
 * Reads the rest of a body: a client that is still sending would not read the
 * answer.
 */
export async function discardBody(
  body: ReadableStream<Uint8Array>,
): Promise<void> {
  // An error means that the client aborted and doesn't wait for an answer.
  await body.pipeTo(new WritableStream()).catch(() => {});
}

const NEWLINE = 0x0a;

/**
 * Calls `read` for each line. The body is always read to its end, even after an
 * error.
 * @throws BadLine that names the line
 */
export async function eachLine(
  body: ReadableStream<Uint8Array>,
  read: (line: string) => unknown,
): Promise<void> {
  // ignoreBOM keeps a byte order mark in the text, because the digest covers
  // it.
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let at = 1;
  const decoded = (parts: Uint8Array[]) => {
    try {
      const text = parts
        .map((part) => decoder.decode(part, { stream: true }))
        .join("");
      return text + decoder.decode();
    } catch {
      throw new BadLine("it is not UTF-8: the file is damaged");
    }
  };
  let rest: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const bytes of body.values({
      preventCancel: true,
    }) as AsyncIterable<Uint8Array>) {
      let from = 0;
      for (
        let end = bytes.indexOf(NEWLINE);
        end >= 0;
        end = bytes.indexOf(NEWLINE, from)
      ) {
        await read(decoded([...rest, bytes.subarray(from, end)]));
        [rest, length, from] = [[], 0, end + 1];
        at++;
      }
      rest.push(bytes.slice(from));
      length += bytes.length - from;
      if (length > MAX_LINE_BYTES)
        throw new BadLine("it is longer than any line of a backup");
    }
    if (length > 0) await read(decoded(rest));
  } catch (error) {
    if (error instanceof UnfitFile) throw error;
    throw error instanceof BadLine
      ? new BadLine(`line ${at}: ${error.message}`)
      : error;
  } finally {
    await discardBody(body);
  }
}
