/**
 * `npm run audit:verify [FILE]`: whether the log of who did what is whole, and what was committed is what it tells of. FILE is a backup,
 * or a saved log alone; without it, the deployment is asked for a backup (PUBLIC_URL and EDITOR_TOKEN, else the local run).
 */
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import * as v from "valibot";
import type { AuditEntry } from "../../shared/desk.ts";
import { routes } from "../../shared/protocol.ts";
import { AuditLine, BACKUP, BadLine, caseIn, must, type RevisionLine, Section } from "../ledger/backup-lines.ts";
import {
  auditFault,
  chainFault,
  deedsFault,
  hashFault,
  headerFault,
  linkOf,
  markFault,
} from "../ledger/verification.ts";
import { Deployment } from "./deployment.ts";
import { noSuchFile } from "./files.ts";
import { count, ending, Outcome, Stop } from "./outcome.ts";

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
  const links = revisions.map(linkOf);
  must(auditFault(audit));
  must(chainFault(links.toSorted((a, b) => (a.case === b.case ? a.number - b.number : a.case < b.case ? -1 : 1))));
  must(deedsFault(audit, links));
  must(headerFault(section.header, links, audit, Date.now()));
  must(markFault(section.header.mark, links, audit));
  return { audit, revisions: revisions.length };
}

function verifyLog(text: string, file: string): Verified {
  const LogLine = v.omit(AuditLine, ["row"]);
  const audit = text
    .split("\n")
    .filter((line) => line !== "")
    .map((line, index): AuditEntry => {
      let value: unknown;
      try {
        value = JSON.parse(line);
      } catch {
        value = undefined;
      }
      const parsed = v.safeParse(LogLine, value);
      if (parsed.success) return parsed.output;
      if (index > 0) throw new BadLine(`line ${index + 1}: it is no line of an audit log`);
      throw new Stop("usage", {
        title: "This is neither a backup nor an audit log",
        detail: `The first line of ${file} is of something else.`,
        remedy: "Name a file of `casewire export` or of `casewire export --audit`.",
      });
    });
  must(auditFault(audit));
  return { audit, revisions: null };
}

async function inDeployment(): Promise<Verified> {
  const deployment = await Deployment.configured();
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const answer = await deployment.ask(routes.deskExport);
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
  const text = await readFile(file, "utf8").catch(noSuchFile(file));
  return text.startsWith(`{"format":"${BACKUP}"`) ? verifyBackup(text) : verifyLog(text, file);
}

function asked(): { file: string | undefined; expected: string | undefined } {
  const options = { json: { type: "boolean" }, expect: { type: "string" } } as const;
  const usage = (detail: string) =>
    new Stop("usage", {
      title: "Not understood",
      detail,
      remedy: "npm run audit:verify -- [FILE] [--expect HASH] [--json]",
    });
  try {
    const { positionals, values } = parseArgs({ options, allowPositionals: true });
    if (positionals.length > 1) throw new Error("It takes one file.");
    if (values.expect !== undefined && !/^[0-9a-f]{64}$/.test(values.expect))
      throw new Error("--expect takes a hash: 64 digits and letters from a to f.");
    return { file: positionals[0], expected: values.expect };
  } catch (error) {
    throw usage((error as Error).message);
  }
}

const outcome = new Outcome(process.argv.includes("--json"));

await ending(outcome.json, async () => {
  const { file, expected } = asked();
  const { audit, revisions } = await (file === undefined ? inDeployment() : inFile(file)).catch((error) => {
    if (error instanceof BadLine) throw broken(error.message);
    throw error;
  });
  const at = expected === undefined ? -1 : audit.findIndex(({ hash }) => hash === expected);
  if (expected !== undefined && at < 0)
    throw broken(
      `no line has the hash ${expected}: it was taken out, with everything after it, or the whole log was written anew`,
    );
  const last = audit.at(-1);
  outcome.say(
    `whole: ${count(audit.length, "deed")}, link by link${revisions === null ? "" : `; ${count(revisions, "revision")}, each as it was committed and as the log tells of it`}`,
    ...(at < 0 ? [] : [`expected: line ${at + 1}, with ${audit.length - at - 1} after it`]),
    ...(last ? [`newest: ${last.deed} by ${last.editor} at ${last.at}`, `hash: ${last.hash}`] : []),
    "Note the hash somewhere else, for --expect next time: whoever could rewrite the log or take its last lines out could not rewrite that.",
  );
  outcome.result({ whole: true, deeds: audit.length, revisions, hash: last?.hash ?? null });
});

function broken(fault: string): Stop {
  return new Stop("refused", {
    title: "The log is not whole",
    detail: `${fault}.`,
    remedy: "Keep this copy, compare it with an older one (`casewire export`), and find out who had access.",
  });
}
