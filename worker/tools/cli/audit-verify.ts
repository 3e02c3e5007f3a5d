/**
 * `audit:verify`: checks the hash chain of the audit log, and each revision
 * against it.
 */
import { readFile } from "node:fs/promises";
import type { AuditEntry } from "../../editing/rules/desk.ts";
import {
  auditFault,
  hashFault,
  historyFault,
  linkOf,
  logFault,
} from "../../objects/ledger/verification.ts";
import {
  auditEntryIn,
  BACKUP,
  BadLine,
  caseIn,
  type LogLine,
  must,
  type RevisionLine,
  Section,
  UnfitFile,
} from "../../objects/storage/backup-lines.ts";
import { configuredDeployment } from "./deployment.ts";
import { type CommandOutcome, completeExport, count, Stop } from "./outcome.ts";

interface Verified {
  audit: AuditEntry[];
  /** The number of revisions; null for a log without revisions. */
  revisions: number | null;
  /** The rows of the signed log; none in a log file. */
  log: LogLine[];
}

/** A restore accepts such a revision, because nobody can be shown it. */
const damaged = ({ case: id, number }: RevisionLine) =>
  `the stored content of revision ${number} of ${id} is not what was committed, so it can't be shown`;

/**
 * Makes all the checks of a restore, except those of drafts and proposals.
 * @throws BadLine
 */
export function verifyBackup(text: string): Verified {
  const [first = "", ...lines] = text.trimEnd().split("\n");
  const section = Section.from(first);
  const audit: AuditEntry[] = [];
  const revisions: RevisionLine[] = [];
  const log: LogLine[] = [];
  let sealed = false;
  for (const [index, line] of lines.entries()) {
    try {
      if (sealed) throw new BadLine("it comes after the last line of a backup");
      const row = section.read(line);
      sealed = row.row === "seal";
      if (row.row === "revision") {
        must(hashFault(row));
        if (typeof row.content === "string") throw new BadLine(damaged(row));
        caseIn(row);
        revisions.push(row);
      }
      if (row.row === "log") log.push(row);
      if (row.row === "audit") {
        const { row: _, ...entry } = row;
        audit.push(entry);
      }
    } catch (error) {
      if (error instanceof UnfitFile) throw error;
      throw error instanceof BadLine
        ? new BadLine(`line ${index + 2}: ${error.message}`)
        : error;
    }
  }
  if (!sealed)
    throw new BadLine("the file is truncated: its last line is missing");
  const links = revisions.map(linkOf);
  must(historyFault(section.header, links, audit, Date.now()));
  must(logFault(log, links, audit));
  return { audit, revisions: revisions.length, log };
}

function verifyLog(text: string): Verified {
  if (text.trim() === "")
    throw new Stop("usage", {
      title: "The file is empty",
      detail: "It has no line to verify.",
      remedy: "Pass a backup saved by `export`, or the log saved in the desk.",
    });
  const lines = text.trimEnd().split("\n");
  const audit = lines.map((line, index): AuditEntry => {
    try {
      return auditEntryIn(line);
    } catch (error) {
      if (index > 0)
        throw new BadLine(`line ${index + 1}: ${(error as Error).message}`);
      throw new Stop("usage", {
        title: "This is neither a backup nor an audit log",
        detail: "The first line is not that of a backup or of an audit log.",
        remedy:
          "Pass a backup saved by `export`, or the log saved in the desk.",
      });
    }
  });
  must(auditFault(audit));
  return { audit, revisions: null, log: [] };
}

async function verifyDeployment(outcome: CommandOutcome): Promise<Verified> {
  const deployment = await configuredDeployment(outcome);
  return verifyBackup(
    await completeExport(
      async () => (await deployment.exportAll()).text().catch(() => null),
      "Nothing was checked.",
    ),
  );
}

async function verifyFile(file: string): Promise<Verified> {
  const text = await readFile(file, "utf8");
  return text.startsWith(`{"format":"${BACKUP}"`)
    ? verifyBackup(text)
    : verifyLog(text);
}

/**
 * @param file a backup or an audit log; when absent, a backup is downloaded
 * from the deployment
 * @param expect the hash that the last verification printed
 */
export async function auditVerify(
  outcome: CommandOutcome,
  file: string | undefined,
  { expect }: { expect?: string },
): Promise<void> {
  const { audit, revisions } = await (file === undefined
    ? verifyDeployment(outcome)
    : verifyFile(file)
  ).catch((error) => {
    if (error instanceof UnfitFile) throw unknownVersion(error.message);
    throw error instanceof BadLine ? broken(error.message) : error;
  });
  const at = audit.findIndex(({ hash }) => hash === expect);
  if (expect !== undefined && at < 0)
    throw broken(
      `no line has the hash ${expect}: that line and all later ones were removed, or the whole log was rewritten`,
    );
  const last = audit.at(-1);
  outcome.say(
    `verified: ${count(audit.length, "log entry", "log entries")}${revisions === null ? "" : `, ${count(revisions, "revision")}`}; every hash matches`,
    ...(at < 0
      ? []
      : [`expected hash: line ${at + 1}; ${audit.length - at - 1} newer`]),
    ...(last
      ? [
          `newest: ${last.action} by ${last.editor} at ${last.at}`,
          `hash: ${last.hash}`,
        ]
      : []),
    "Keep the hash somewhere else and pass it next time as --expect. Someone who rewrites the log can't rewrite your copy.",
  );
  outcome.result({
    whole: true,
    entries: audit.length,
    revisions,
    hash: last?.hash ?? null,
  });
}

export function unknownVersion(fault: string): Stop {
  return new Stop("refused", {
    title: "Another version of Casewire made this",
    detail: `${fault.charAt(0).toUpperCase()}${fault.slice(1)}.`,
    remedy: "Verify it with the version of Casewire that made it.",
  });
}

function broken(fault: string): Stop {
  return new Stop("refused", {
    title: "The audit log is damaged or was changed",
    detail: `${fault}.`,
    remedy:
      "Keep this copy, compare it with an older export, and find out who had access.",
  });
}
