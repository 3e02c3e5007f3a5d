/** `export` and `restore`. */
import { createReadStream, openAsBlob } from "node:fs";
import { open, rename, rm, stat } from "node:fs/promises";
import type { AuditEntry } from "../../editorial/desk.ts";
import { auditFault } from "../../ledger/verification.ts";
import { auditEntryIn, BACKUP, BadLine, ERASURES, FOLLOWERS, must, Section } from "../../storage/backup-lines.ts";
import { configuredDeployment } from "./deployment.ts";
import { cannotRead } from "./files.ts";
import { momentWords } from "./moment.ts";
import { count, type Outcome, Stop } from "./outcome.ts";
import { Bar } from "./terminal.ts";

/** How often an export is begun again because somebody published meanwhile. */
const ATTEMPTS = 5;

const size = (bytes: number) =>
  bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;

interface Saved {
  bytes: number;
  /** Of each kind. */
  rows: Record<string, number>;
  sha256: string | null;
}

/** Reads lines as they come, and whether what they add up to is whole: by its seal, or an audit log, which has none, by its links. */
class Judge {
  readonly #isLog: boolean;
  #section: Section | null = null;
  readonly #log: AuditEntry[] = [];
  #rest = "";
  readonly saved: Saved = { bytes: 0, rows: {}, sha256: null };
  readonly #decoder = new TextDecoder();

  constructor(isLog: boolean) {
    this.#isLog = isLog;
  }

  /** @throws BadLine */
  take(bytes: Uint8Array): void {
    this.saved.bytes += bytes.length;
    const lines = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split("\n");
    this.#rest = lines.pop() as string;
    for (const line of lines) this.#line(line);
  }

  #count(kind: string): void {
    this.saved.rows[kind] = (this.saved.rows[kind] ?? 0) + 1;
  }

  #line(line: string): void {
    if (this.#isLog) {
      this.#log.push(auditEntryIn(line));
      this.#count("audit");
    } else if (this.#section === null) this.#section = Section.from(line);
    else {
      const row = this.#section.read(line);
      if (row.row === "seal") this.saved.sha256 = row.sha256;
      else this.#count(row.row);
    }
  }

  /** @throws BadLine */
  end(): void {
    must(this.#isLog ? auditFault(this.#log) : null);
    if (this.#rest !== "" || (!this.#isLog && this.saved.sha256 === null))
      throw new BadLine("its last line is missing");
  }
}

/**
 * Saves an answer under another name first: what stands under its own is whole.
 * @returns null when it broke off: somebody published, or the line failed
 */
async function save(outcome: Outcome, answer: Response, file: string, isLog: boolean): Promise<Saved | null> {
  const part = `${file}.part`;
  const judge = new Judge(isLog);
  const bar = new Bar(outcome);
  const handle = await open(part, "w", 0o600);
  try {
    for await (const bytes of answer.body as unknown as AsyncIterable<Uint8Array>) {
      judge.take(bytes);
      await handle.writeFile(bytes);
      bar.draw(null, `${size(judge.saved.bytes)} received`);
    }
    judge.end();
    await handle.sync();
    await rename(part, file);
    return judge.saved;
  } catch (error) {
    // So fails the reading of a body, and nothing else here.
    if (error instanceof TypeError) return null;
    if (!(error instanceof BadLine)) throw error;
    throw new Stop("unreachable", {
      title: "What came is not whole",
      detail: `${error.message}.`,
      remedy: "Try again. Nothing was saved.",
    });
  } finally {
    bar.clear();
    await handle.close();
    await rm(part, { force: true });
  }
}

/** What rows are called where that is not their own name. */
const words: Record<string, [one: string, many?: string]> = {
  audit: ["deed"],
  told: ["place told", "places told"],
  announced: ["announcement"],
};

const kinds = {
  backup: {
    operation: "exportAll",
    advice: "It is whole, and holds what is not public yet: keep it where only editors can read it.",
  },
  erasures: {
    operation: "exportErasures",
    advice: "It is whole, and holds no content: keep the newest beside all backups.",
  },
  audit: { operation: "exportAudit", advice: "`npm run audit:verify FILE` follows it link by link." },
  followers: {
    operation: "exportFollowers",
    advice: "Ids in it open with FOLLOWER_KEY only. Whoever says /forget is still in it: delete it within 30 days.",
  },
} as const;

export async function exportTo(
  outcome: Outcome,
  options: { output?: string; erasures?: boolean; audit?: boolean; followers?: boolean },
): Promise<void> {
  const { output } = options;
  const [what = "backup", more] = (["erasures", "audit", "followers"] as const).filter((kind) => options[kind]);
  if (more)
    throw new Stop("usage", {
      title: "Two things at once",
      detail: `--${what} and --${more} are files of their own.`,
      remedy: "Export one after the other.",
    });
  const { operation, advice } = kinds[what];
  const file = output ?? `casewire-${what}-${new Date().toISOString().slice(0, 10)}.ndjson`;
  const deployment = await configuredDeployment();
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const saved = await save(outcome, await deployment[operation](), file, what === "audit");
    if (!saved) continue;
    const rows = Object.entries(saved.rows).map(([kind, number]) => count(number, ...(words[kind] ?? [kind])));
    outcome.say(`Saved: ${file}, ${size(saved.bytes)}: ${rows.join(", ") || "nothing yet"}.`, advice);
    outcome.result({ file, ...saved });
    return;
  }
  throw new Stop("unreachable", {
    title: "The export broke off",
    detail: `It was begun ${ATTEMPTS} times; each time something was published meanwhile, or the connection failed.`,
    remedy: "Try again in a minute. No file was left behind.",
  });
}

/** The files one after the other, as the deployment takes them. */
async function* bytesOf(files: string[], sent: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for (const file of files)
    for await (const bytes of createReadStream(file)) {
      yield bytes as Uint8Array;
      sent((bytes as Uint8Array).length);
    }
}

/** What a file says that it is. @throws Stop when it can't be read */
async function formatOf(file: string): Promise<string | undefined> {
  const start = await createReadStream(file, { end: 199 }).toArray().catch(cannotRead(file));
  return /^\{"format":"([a-z-]+)"/.exec(Buffer.concat(start).toString())?.[1];
}

/** Before anything is sent. @throws Stop when a file is another */
function mustBe(wanted: string, format: string | undefined, file: string, command: string): void {
  if (format === wanted) return;
  throw new Stop("usage", {
    title: "Another file was expected",
    detail: `${file} begins as ${format ?? "nothing that Casewire saves"}, not as ${wanted}.`,
    remedy: `Name a file of \`${command}\`.`,
  });
}

export async function restoreFrom(
  outcome: Outcome,
  file: string,
  { erasures }: { erasures?: string | boolean },
): Promise<void> {
  const format = await formatOf(file);
  if (format === FOLLOWERS) return restoreFollowers(outcome, file);
  mustBe(BACKUP, format, file, "export");
  if (erasures === undefined || erasures === true)
    throw new Stop("usage", {
      title: "No erasures named",
      detail: "What was withdrawn or redacted after the backup was made would be shown again.",
      remedy: "Name the newest erasures file with --erasures FILE, or say --no-erasures if there is none.",
    });
  const files = erasures === false ? [file] : [erasures, file];
  if (erasures !== false) mustBe(ERASURES, await formatOf(erasures), erasures, "export --erasures");
  const sizes = await Promise.all(files.map((name) => stat(name)));
  const whole = sizes.reduce((sum, { size: bytes }) => sum + bytes, 0);
  const deployment = await configuredDeployment();
  const { lead } = await deployment.readMe();
  const bar = new Bar(outcome);
  let sent = 0;
  let end = 0;
  const draw = () => {
    const left = Math.max(0, end - Date.now()) / 1000;
    if (end === 0) bar.draw(sent / whole, `${size(sent)} of ${size(whole)} sent`);
    else bar.draw(1 - left / lead, `checked, and shown in about ${Math.ceil(left)} s`);
  };
  const body = ReadableStream.from(
    bytesOf(files, (bytes) => {
      sent += bytes;
      // Once all is there: until every copy that says “nothing here” has run out.
      if (sent === whole) end = Date.now() + lead * 1000;
    }),
  );
  const drawing = setInterval(draw, 200);
  const restored = await deployment
    .restore({ body, type: "application/x-ndjson", ...(erasures === false ? { erasures: "none" } : {}) })
    .finally(() => {
      clearInterval(drawing);
      bar.clear();
    });
  outcome.say(
    `Restored on ${deployment.url}: ${count(restored.revisions, "revision")}, ${count(restored.drafts, "draft")}, ${count(restored.proposals, "proposal")}, ${count(restored.audit, "deed")}; every hash is what it was.`,
    ...(restored.erasures > 0 ? [`Erased again, since they were erased after the backup: ${restored.erasures}.`] : []),
    ...restored.lost.map(
      ({ case: id, number }) =>
        `Lost: the content of revision ${number} of ${id}, a redaction later than the backup. Readers see that it was withdrawn; publish it anew.`,
    ),
    ...restored.pending.map(
      ({ case: id, number, liveAt }) =>
        `${Date.parse(liveAt) <= Date.parse(restored.at) ? "Overdue, so live now" : "Pending"}: revision ${number} of ${id}, ${momentWords(liveAt)}.`,
    ),
  );
  outcome.result(restored);
}

async function restoreFollowers(outcome: Outcome, file: string): Promise<void> {
  const deployment = await configuredDeployment();
  const restored = await deployment.restoreFollowers({
    body: await openAsBlob(file),
    type: "application/x-ndjson",
  });
  outcome.say(
    `Restored on ${deployment.url}: ${count(restored.chats, "chat")}, ${count(restored.follows, "follow")}, ${count(restored.cards, "card")}.`,
    "Delete the file now: whoever says /forget from here on is still in it.",
  );
  outcome.result(restored);
}
