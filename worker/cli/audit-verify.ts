/**
 * `npm run audit:verify [FILE]`: whether the log of who did what is whole, link by link, and tells of the revisions that are there.
 * FILE is a saved log or a backup; without it, the deployment is asked (PUBLIC_URL and EDITOR_TOKEN, else the local run).
 */
import { readFile } from "node:fs/promises";
import type { AuditEntry } from "../../shared/desk.ts";
import { routes } from "../../shared/protocol.ts";
import type { Revision } from "../../shared/revision.ts";
import { BACKUP, BadLine, type RevisionLine, Section } from "../ledger/backup-lines.ts";
import { auditFault, deedsFault, type Link } from "../ledger/verification.ts";
import { Deployment } from "./deployment.ts";
import { noSuchFile } from "./files.ts";
import { ending, Outcome, Stop } from "./outcome.ts";

interface History {
  audit: AuditEntry[];
  /** Every revision, the cancelled ones too; null when they are not known. */
  links: Pick<Link, "case" | "number" | "hash">[] | null;
}

const parsed = <T>(text: string): T[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line, index) => {
      try {
        return JSON.parse(line) as T;
      } catch {
        throw new BadLine(`line ${index + 1}: it is not JSON`);
      }
    });

async function inFile(file: string): Promise<History> {
  const text = await readFile(file, "utf8").catch(noSuchFile(file));
  if (!text.startsWith(`{"format":"${BACKUP}"`)) return { audit: parsed(text), links: null };
  const { audit, links } = sealedRows(text);
  return { audit, links };
}

/** What a backup or an erasures file holds, once its seal was found to be true. */
function sealedRows(text: string) {
  const [first = "", ...lines] = text.trimEnd().split("\n");
  const section = Section.from(first);
  const audit: AuditEntry[] = [];
  const links: RevisionLine[] = [];
  let sealed = false;
  for (const line of lines) {
    const row = section.read(line);
    sealed = row.row === "seal";
    if (row.row === "revision") links.push(row);
    if (row.row === "audit") {
      const { row: _, ...entry } = row;
      audit.push(entry);
    }
  }
  if (!sealed) throw new BadLine("the file is cut short: its last line is missing");
  return { audit, links };
}

async function inDeployment(deployment: Deployment): Promise<History> {
  const audit = async () => parsed<AuditEntry>(await (await deployment.ask(routes.deskAuditLog)).text());
  const before = await audit();
  const ids = new Set(before.flatMap((entry) => (entry.case === null || entry.number === null ? [] : [entry.case])));
  const links = new Map<string, Pick<Link, "case" | "number" | "hash">>();
  const add = (id: string, { number, hash }: Pick<Revision, "number" | "hash">) =>
    links.set(`${id} ${number}`, { case: id, number, hash });
  for (const id of ids) {
    const record = await deployment.newest(id);
    for (const revision of record?.pending ?? []) add(id, revision);
    if (record?.live && record.case)
      for (const revision of (await deployment.json<{ revisions: Revision[] }>(routes.revisions(id))).revisions)
        add(id, revision);
  }
  // What was erased or cancelled stands nowhere else.
  for (const line of sealedRows(await (await deployment.ask(routes.deskErasures)).text()).links) add(line.case, line);
  // Somebody published meanwhile.
  if ((await audit()).length !== before.length) return inDeployment(deployment);
  return { audit: before, links: [...links.values()] };
}

const [file] = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const outcome = new Outcome(process.argv.includes("--json"));

await ending(outcome.json, async () => {
  const place = file ?? (await Deployment.configured());
  const { audit, links } = await (typeof place === "string" ? inFile(place) : inDeployment(place)).catch((error) => {
    if (error instanceof BadLine) throw broken(error.message);
    throw error;
  });
  const fault = auditFault(audit) ?? (links && deedsFault(audit, links));
  if (fault) throw broken(fault);
  const last = audit.at(-1);
  outcome.say(
    `whole: ${audit.length} deeds, link by link${links ? `, and ${links.length} revisions as they tell` : ""}`,
    ...(last ? [`newest: ${last.deed} by ${last.editor} at ${last.at}`, `hash: ${last.hash}`] : []),
    "Note the hash somewhere else: whoever could rewrite the whole log could not rewrite that.",
  );
  outcome.result({ whole: true, deeds: audit.length, revisions: links?.length ?? null, hash: last?.hash ?? null });
});

function broken(fault: string): Stop {
  return new Stop("refused", {
    title: "The log is not whole",
    detail: `${fault}.`,
    remedy: "Keep this copy, compare it with an older one (`casewire export --audit`), and find out who had access.",
  });
}
