/** `audit:verify`: whether the log of who did what is whole, and what was committed is what it tells of. */
import { readFile } from "node:fs/promises";
import type { AuditEntry } from "../../editorial/desk.ts";
import { auditFault, hashFault, historyFault, linkOf } from "../../ledger/verification.ts";
import { auditEntryIn, BACKUP, BadLine, caseIn, must, type RevisionLine, Section } from "../../storage/backup-lines.ts";
import { configuredDeployment } from "./deployment.ts";
import { cannotRead } from "./files.ts";
import { count, type Outcome, Stop } from "./outcome.ts";

/** How often the deployment is asked again because somebody published meanwhile. */
const ATTEMPTS = 5;

interface Verified {
  audit: AuditEntry[];
  /** How many; null for a log alone. */
  revisions: number | null;
}

/** Everything that a restore would check, but for drafts and proposals. @throws BadLine */
function verifyBackup(text: string): Verified {
  const [first = "", ...lines] = text.trimEnd().split("\n");
  const section = Section.from(first);
  const audit: AuditEntry[] = [];
  const revisions: RevisionLine[] = [];
  let sealed = false;
  for (const [index, line] of lines.entries()) {
    try {
      if (sealed) throw new BadLine("nothing may stand after the last line");
      const row = section.read(line);
      sealed = row.row === "seal";
      if (row.row === "revision") {
        must(hashFault(row));
        caseIn(row);
        revisions.push(row);
      }
      if (row.row === "audit") {
        const { row: _, ...entry } = row;
        audit.push(entry);
      }
    } catch (error) {
      throw error instanceof BadLine ? new BadLine(`line ${index + 2}: ${error.message}`) : error;
    }
  }
  if (!sealed) throw new BadLine("the file is cut short: its last line is missing");
  must(historyFault(section.header, revisions.map(linkOf), audit, Date.now()));
  return { audit, revisions: revisions.length };
}

function verifyLog(text: string): Verified {
  const lines = text.trimEnd().split("\n");
  const audit = lines.map((line, index): AuditEntry => {
    try {
      return auditEntryIn(line);
    } catch (error) {
      if (index > 0) throw new BadLine(`line ${index + 1}: ${(error as Error).message}`);
      throw new Stop("usage", {
        title: "This is neither a backup nor an audit log",
        detail: "Its first line is of something else, or there is none.",
        remedy: "Name a file of `export` or of `export --audit`.",
      });
    }
  });
  must(auditFault(audit));
  return { audit, revisions: null };
}

async function inDeployment(): Promise<Verified> {
  const deployment = await configuredDeployment();
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const answer = await deployment.exportAll();
    // Broken off: somebody published.
    const text = await answer.text().catch(() => null);
    if (text !== null) return verifyBackup(text);
  }
  throw new Stop("unreachable", {
    title: "The log could not be read whole",
    detail: `It was begun ${ATTEMPTS} times; each time something was published meanwhile, or the connection failed.`,
    remedy: "Try again in a minute.",
  });
}

async function inFile(file: string): Promise<Verified> {
  const text = await readFile(file, "utf8").catch(cannotRead(file));
  return text.startsWith(`{"format":"${BACKUP}"`) ? verifyBackup(text) : verifyLog(text);
}

/**
 * @param file a backup, or a saved log alone; without it, the deployment is asked for a backup
 * @param expect the hash of a line that was there when it was last verified
 */
export async function auditVerify(
  outcome: Outcome,
  file: string | undefined,
  { expect }: { expect?: string },
): Promise<void> {
  const { audit, revisions } = await (file === undefined ? inDeployment() : inFile(file)).catch((error) => {
    throw error instanceof BadLine ? broken(error.message) : error;
  });
  const at = audit.findIndex(({ hash }) => hash === expect);
  if (expect !== undefined && at < 0)
    throw broken(
      `no line has the hash ${expect}: it was taken out, with everything after it, or the whole log was written anew`,
    );
  const last = audit.at(-1);
  outcome.say(
    `whole: ${count(audit.length, "deed")}, link by link${revisions === null ? "" : `; ${count(revisions, "revision")}, each as it was committed and as the log tells of it`}`,
    ...(at < 0 ? [] : [`expected: line ${at + 1}, with ${audit.length - at - 1} after it`]),
    ...(last ? [`newest: ${last.deed} by ${last.editor} at ${last.at}`, `hash: ${last.hash}`] : []),
    "Note the hash somewhere else, for --expect next time: whoever could rewrite the log or take its last lines out could not rewrite that.",
  );
  outcome.result({ whole: true, deeds: audit.length, revisions, hash: last?.hash ?? null });
}

function broken(fault: string): Stop {
  return new Stop("refused", {
    title: "The log is not whole",
    detail: `${fault}.`,
    remedy: "Keep this copy, compare it with an older one (`casewire export`), and find out who had access.",
  });
}
