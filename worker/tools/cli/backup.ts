/** `export`, `backups` and `restore`. */
import { createReadStream } from "node:fs";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  BACKUP,
  BadLine,
  ERASURES,
  FOLLOWERS,
  FORGOTTEN,
  Section,
  UnfitFile,
} from "../../objects/storage/backup-lines.ts";
import { timeOf } from "../../runtime/upload.ts";
import { openTo } from "./decrypt.ts";
import { configuredDeployment } from "./deployment.ts";
import { moveToNew, mustBeNew } from "./files.ts";
import { ageWords, momentWords } from "./moment.ts";
import { type CommandOutcome, completeExport, count, Stop } from "./outcome.ts";
import { confirm } from "./terminal.ts";

const printSize = (bytes: number) =>
  bytes < 1_000_000
    ? `${Math.ceil(bytes / 1000)} KB`
    : `${(bytes / 1_000_000).toFixed(1)} MB`;

interface Saved {
  bytes: number;
  /** The number of rows of each kind. */
  rows: Record<string, number>;
  sha256: string | null;
}

/** Checks an export while it is received, by its last line. */
class ExportChecker {
  #section: Section | null = null;
  #rest = "";
  readonly saved: Saved = { bytes: 0, rows: {}, sha256: null };
  readonly #decoder = new TextDecoder();

  /** @throws BadLine */
  add(bytes: Uint8Array): void {
    this.saved.bytes += bytes.length;
    const lines = (
      this.#rest + this.#decoder.decode(bytes, { stream: true })
    ).split("\n");
    this.#rest = lines.pop() as string;
    for (const line of lines) this.#addLine(line);
  }

  #addLine(line: string): void {
    if (this.#section === null) {
      this.#section = Section.from(line);
      return;
    }
    const row = this.#section.read(line);
    if (row.row === "seal") this.saved.sha256 = row.sha256;
    else this.saved.rows[row.row] = (this.saved.rows[row.row] ?? 0) + 1;
  }

  /** @throws BadLine */
  end(): void {
    if (this.#rest !== "" || this.saved.sha256 === null)
      throw new BadLine("its last line is missing");
  }
}

/**
 * Writes to a temporary file first, so that a file with the final name is
 * always complete.
 * @returns null when the export ended early: an editor published something, or
 * the connection failed
 */
export async function save(
  answer: Response,
  file: string,
): Promise<Saved | null> {
  // Two exports to one name don't share a temporary file.
  const part = `${file}.${process.pid}.part`;
  const checker = new ExportChecker();
  const handle = await open(part, "w", 0o600);
  try {
    for await (const bytes of answer.body as unknown as AsyncIterable<Uint8Array>) {
      checker.add(bytes);
      await handle.writeFile(bytes);
    }
    checker.end();
    await handle.sync();
    await moveToNew(part, file);
    return checker.saved;
  } catch (error) {
    // Only reading the response body throws a TypeError here.
    if (error instanceof TypeError) return null;
    if (!(error instanceof BadLine)) throw error;
    throw error instanceof UnfitFile
      ? new Stop("refused", {
          title: "The deployment runs another version of Casewire",
          detail: `${error.message}. Nothing was saved.`,
          remedy:
            "Export with the version that the deployment runs: check out the same release here.",
        })
      : new Stop("unreachable", {
          title: "The export is damaged",
          detail: `${error.message}. Nothing was saved.`,
          remedy: "Try again.",
        });
  } finally {
    await handle.close();
    await rm(part, { force: true });
  }
}

/** Printed names of row kinds, where they differ from the kind. */
const rowNames: Record<string, [one: string, many?: string]> = {
  audit: ["log entry", "log entries"],
  log: ["entry of the signed log", "entries of the signed log"],
  told: ["notified chat"],
  announced: ["announcement"],
};

const kinds = {
  backup: {
    operation: "exportAll",
    advice:
      "The backup is complete. It contains unpublished content, so keep it where only editors can read it.",
  },
  erasures: {
    operation: "exportErasures",
    advice:
      "The file is complete and contains no case content. Keep the newest one with your backups.",
  },
  followers: {
    operation: "exportFollowers",
    advice:
      "Its ids can be decrypted with FOLLOWER_KEY only. It still contains people who later send /forget, so delete it within 30 days.",
  },
} as const;

export async function exportTo(
  outcome: CommandOutcome,
  options: { output?: string; erasures?: boolean; followers?: boolean },
): Promise<void> {
  const { output } = options;
  const [what = "backup", more] = (["erasures", "followers"] as const).filter(
    (kind) => options[kind],
  );
  if (more)
    throw new Stop("usage", {
      title: "Too many kinds of export",
      detail: `--${what} and --${more} are saved in separate files.`,
      remedy: "Export them one after the other.",
    });
  const { operation, advice } = kinds[what];
  // Windows allows no colon in a name.
  const file =
    output ??
    `casewire-${what}-${new Date().toISOString().slice(0, 19).replaceAll(":", "")}Z.ndjson`;
  await mustBeNew(file);
  const deployment = await configuredDeployment(outcome);
  const saved = await completeExport(
    async () => save(await deployment[operation](), file),
    "No file was written.",
  );
  const rows = Object.entries(saved.rows).map(([kind, number]) =>
    count(number, ...(rowNames[kind] ?? [kind])),
  );
  outcome.say(
    `Saved ${file} (${printSize(saved.bytes)}): ${rows.join(", ") || "no rows"}.`,
    advice,
  );
  outcome.result({ file, ...saved });
}

/** The bytes of the files, one file after the other. */
async function* bytesOf(files: string[]): AsyncGenerator<Uint8Array> {
  for (const file of files)
    yield* createReadStream(file) as AsyncIterable<Uint8Array>;
}

/**
 * The `format` and `madeAt` in a file's first line.
 * @throws Stop when the file can't be read
 */
async function headerOf(
  file: string,
): Promise<{ format?: string; madeAt?: string }> {
  const start = await createReadStream(file, { end: 199 }).toArray();
  const found =
    /^\{"format":"(?<format>[a-z-]+)","version":\d+,"madeAt":"(?<madeAt>[\dT:.-]+Z)"/.exec(
      Buffer.concat(start).toString(),
    );
  return found?.groups ?? {};
}

/**
 * Checks a file's format before anything is sent.
 * @throws Stop when the format is another
 */
function mustBe(
  wanted: string,
  format: string | undefined,
  file: string,
  command: string,
): void {
  if (format === wanted) return;
  throw new Stop("usage", {
    title: "Wrong kind of file",
    detail: `The format of ${file} is ${format ?? "unknown"}, but ${wanted} is needed.`,
    remedy: `Pass a file that was saved by \`${command}\`.`,
  });
}

interface RestoreOptions {
  /** False with `--no-erasures`. */
  erasures?: string | false;
  newest?: boolean;
  backup?: string;
  followers?: boolean;
  identity?: string;
}

/**
 * Says how old the list of erasures is, and asks before a restore that may
 * bring back what was erased later: also in the minute since then.
 * @throws Stop when there is no list, when it is another file, and when nobody
 * confirms that it is the newest
 */
async function checkErasures(
  outcome: CommandOutcome,
  { erasures, newest }: RestoreOptions,
  wanted: { format: string; command: string; back: string },
): Promise<void> {
  if (erasures === false) return;
  if (erasures === undefined)
    throw new Stop("usage", {
      title: "The list of erasures is missing",
      detail: `Without it, ${wanted.back} after the backup would come back.`,
      remedy:
        "Pass the newest list with --erasures FILE, or --no-erasures if there is none.",
    });
  const { format, madeAt = "" } = await headerOf(erasures);
  mustBe(wanted.format, format, erasures, wanted.command);
  const age = Date.now() - Date.parse(madeAt);
  outcome.note(
    `The list of erasures was made ${ageWords(age)}, on ${momentWords(madeAt)}.`,
  );
  if (newest) return;
  outcome.note(
    `It lacks ${wanted.back} since then. If there is a newer list, use that one.`,
  );
  await confirm(outcome, {
    expected: "newest",
    option: "--newest",
    question: "Type newest if this is the newest list, to go on: ",
  });
}

/**
 * A request of either restore: the list of erasures, if there is one, the file,
 * and the changes that came after it.
 */
const restoreOf = (
  file: string,
  { erasures }: RestoreOptions,
  changes: string[] = [],
) => ({
  body: ReadableStream.from(
    bytesOf([...(erasures ? [erasures] : []), file, ...changes]),
  ),
  type: "application/x-ndjson" as const,
  ...(!erasures && { erasures: "none" as const }),
});

const ageOf = (file: string): string =>
  ageWords(Date.now() - timeOf(`/${file}`));

export async function listBackups(outcome: CommandOutcome): Promise<void> {
  const { files } = await (await configuredDeployment(outcome)).listBackups();
  const lines = files.map(
    ({ kind, file, bytes }) =>
      `${`${kind}/${file}`.padEnd(49)} ${printSize(bytes).padStart(9)}  ${ageOf(file)}`,
  );
  outcome.say(...(lines.length > 0 ? lines : ["The bucket has no files."]));
  outcome.result({ files });
}

const OLDER =
  "Choose an older one of `backups` with --backup NAME. The newest list of erasures goes with each.";

/** @throws Stop when a file isn't whole */
async function mustBeWhole(file: string, from: string): Promise<void> {
  const checker = new ExportChecker();
  try {
    for await (const bytes of createReadStream(file))
      checker.add(bytes as Uint8Array);
    checker.end();
  } catch (error) {
    if (!(error instanceof BadLine)) throw error;
    throw new Stop("refused", {
      title: "The file is damaged",
      detail: `${from}: ${error.message}. Nothing was sent.`,
      remedy: OLDER,
    });
  }
}

/**
 * Fetches the newest backup, or the one that is named, and the newest list of
 * erasures from the bucket, opens and checks both, and restores.
 */
async function restoreFromBucket(
  outcome: CommandOutcome,
  options: RestoreOptions,
): Promise<void> {
  const { followers, backup, identity } = options;
  const [kind, list] = followers
    ? (["followers", "forgotten"] as const)
    : (["backup", "erasures"] as const);
  const deployment = await configuredDeployment(outcome);
  const { files } = await deployment.listBackups();
  const named = backup?.replace(/^.*\//, "");
  const chosen = files.find(
    (one) => one.kind === kind && (named === undefined || one.file === named),
  );
  if (!chosen)
    throw new Stop("refused", {
      title: "There is no such backup",
      detail: `The bucket has no ${named === undefined ? `file in ${kind}/` : `${kind}/${named}`}.`,
      remedy:
        "`backups` lists its files. Check that the deployment has the bucket of the lost one.",
    });
  const erasures = files.find((one) => one.kind === list);
  const folder = await mkdtemp(join(tmpdir(), "casewire-restore-"));
  try {
    const fetched = async ({ kind, file }: (typeof files)[number]) => {
      const from = `${kind}/${file}`;
      if (kind !== "changes")
        outcome.note(`Fetching ${from}, made ${ageOf(file)}.`);
      const path = join(folder, `${kind}-${file}.ndjson`);
      const answer = await deployment.readBackup({ kind, file });
      await openTo(
        path,
        from,
        answer.body as ReadableStream<Uint8Array>,
        identity,
        OLDER,
      );
      await mustBeWhole(path, from);
      return path;
    };
    const file = await fetched(chosen);
    // What is in the bucket is the newest list: each erasure reaches it within
    // seconds.
    const lists = erasures
      ? { erasures: await fetched(erasures), newest: true }
      : {};
    const { madeAt = "" } = await headerOf(file);
    const later: string[] = [];
    for (const one of files.toReversed()) {
      if (
        followers ||
        one.kind !== "changes" ||
        timeOf(`/${one.file}`) < timeOf(`/${chosen.file}`)
      )
        continue;
      const path = await fetched(one);
      // One that was made while the backup began is in it.
      if (((await headerOf(path)).madeAt ?? "") >= madeAt) later.push(path);
    }
    if (later.length > 0)
      outcome.note(
        `With it, ${count(later.length, "file")} of what changed since.`,
      );
    await restoreFrom(outcome, file, { ...options, ...lists }, later);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export async function restoreFrom(
  outcome: CommandOutcome,
  file: string | undefined,
  options: RestoreOptions,
  changes: string[] = [],
): Promise<void> {
  if (file === undefined && (options.newest || options.backup !== undefined))
    return restoreFromBucket(outcome, options);
  if (file === undefined)
    throw new Stop("usage", {
      title: "Nothing to restore",
      detail: "No file was named.",
      remedy:
        "Name a backup, or restore the newest one of the bucket: restore --newest --identity FILE.",
    });
  const { format } = await headerOf(file);
  if (format === FOLLOWERS) return restoreFollowers(outcome, file, options);
  mustBe(BACKUP, format, file, "export");
  await checkErasures(outcome, options, {
    format: ERASURES,
    command: "export --erasures",
    back: "what was withdrawn, redacted or undone",
  });
  const deployment = await configuredDeployment(outcome);
  const { lead } = await deployment.readMe();
  outcome.note(
    `Sending and checking. The restored cases are live ${lead} s after the last byte.`,
  );
  const restored = await deployment.restore(restoreOf(file, options, changes));
  outcome.say(
    `Restored to ${deployment.url}: ${count(restored.revisions, "revision")}, ${count(restored.drafts, "draft")}, ${count(restored.proposals, "proposal")}, ${count(restored.audit, "log entry", "log entries")}. Every hash matches.`,
    ...(restored.erasures > 0
      ? [
          `Applied ${count(restored.erasures, "erasure")} made after the backup.`,
        ]
      : []),
    ...restored.lost.map(
      ({ case: id, number }) =>
        `Lost: the content of revision ${number} of ${id}, a redaction made after the backup. Readers see that the case was withdrawn. Publish the case again.`,
    ),
    ...restored.unshowable.map(
      ({ case: id, number }) =>
        `Can't be shown: revision ${number} of ${id}. Its content was not a valid case when the backup was made, and is restored as it was.`,
    ),
    ...restored.damaged.map(
      ({ row, id }) =>
        `Damaged: ${row} ${id}. Its content was damaged when the backup was made, and is restored as it was.`,
    ),
    ...restored.pending.map(
      ({ case: id, number, liveAt }) =>
        `${Date.parse(liveAt) <= Date.parse(restored.at) ? "Overdue and live now" : "Pending"}: revision ${number} of ${id}, ${momentWords(liveAt)}.`,
    ),
  );
  outcome.result(restored);
}

async function restoreFollowers(
  outcome: CommandOutcome,
  file: string,
  options: RestoreOptions,
): Promise<void> {
  await checkErasures(outcome, options, {
    format: FORGOTTEN,
    command: "the deployment, in forgotten/ of its bucket",
    back: "people who sent /forget",
  });
  const deployment = await configuredDeployment(outcome);
  const restored = await deployment.restoreFollowers(restoreOf(file, options));
  outcome.say(
    `Restored to ${deployment.url}: ${count(restored.chats, "chat")}, ${count(restored.follows, "follow")}, ${count(restored.cards, "card")}.`,
    "Delete the file now: it would still contain people who later send /forget.",
  );
  outcome.result(restored);
}
