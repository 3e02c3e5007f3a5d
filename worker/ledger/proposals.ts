/** Proposals that wait for a second editor. A proposal is immutable: it ends when it is approved, rejected, taken back or erased. */
import canonicalize from "canonicalize";
import type { Case } from "../../shared/case/schema.ts";
import { parseContent, upgrade } from "../../shared/case/versions/content.ts";
import { CONTENT_VERSION } from "../../shared/case/versions/steps.ts";
import { changesBetween } from "../../shared/change.ts";
import { type Failure, problemOf } from "../../shared/failure.ts";
import { numberOf } from "../../shared/profile/numbers.ts";
import type { Profile } from "../../shared/profile/schema.ts";
import { digest, newSalt } from "../digest.ts";
import type { Proposal, ProposalEntry } from "../editorial/desk.ts";
import type { PublishCommand } from "./command.ts";
import { iso } from "./revisions.ts";

/** A publish that needs a second editor. Redactions take effect without one. */
export type ProposedCommand = PublishCommand & { kind: "update" | "correction" };

type Row = {
  id: string;
  editor: string;
  proposed_at: number;
  command: string;
  content_version: number;
  hash: string;
  draft: string | null;
  draft_version: number | null;
  refused: string | null;
};

export interface StoredProposal {
  id: string;
  command: ProposedCommand;
  hash: string;
  /** The saved draft that was proposed, and its version then. */
  draft: { id: string; version: number } | null;
}

/** SHA-256 of the command, its salt and its content version as canonical JSON (RFC 8785). The log keeps it after the proposal and its salt are deleted. */
export const proposalHash = (command: object, salt: string, version: number): string =>
  digest(canonicalize({ ...command, salt, version }) as string);

/** The command with its case upgraded, and parsed if it is valid. */
function commandOf({ command, content_version: version }: Row): ProposedCommand {
  const stored = JSON.parse(command) as ProposedCommand;
  const parsed = parseContent(stored.case, version);
  return { ...stored, case: "case" in parsed ? parsed.case : (upgrade(stored.case, version) as Case) };
}

const entryOf = (row: Row, command: ProposedCommand, profile: Profile): ProposalEntry => ({
  id: row.id,
  case: command.id,
  number: numberOf(command.id, profile),
  title: command.case.title,
  language: command.case.language,
  kind: command.kind,
  notify: command.notify,
  editor: row.editor,
  proposedAt: iso(row.proposed_at),
  liveAt: command.liveAt === undefined ? null : iso(command.liveAt),
  basedOn: command.basedOn,
  ...(command.replace === undefined ? {} : { replace: command.replace }),
  hash: row.hash,
  ...(row.refused === null ? {} : { refused: problemOf(JSON.parse(row.refused) as Failure) }),
});

export class Proposals {
  readonly #sql: SqlStorage;

  readonly #profile: Profile;

  constructor(sql: SqlStorage, profile: Profile) {
    this.#sql = sql;
    this.#profile = profile;
  }

  add(at: number, command: ProposedCommand, draft: StoredProposal["draft"]): StoredProposal {
    const id = crypto.randomUUID();
    const salt = newSalt();
    const hash = proposalHash(command, salt, CONTENT_VERSION);
    this.#sql.exec(
      `INSERT INTO proposals (id, case_id, editor, proposed_at, command, content_version, salt, hash, draft, draft_version)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      id,
      command.id,
      command.editor,
      at,
      JSON.stringify(command),
      CONTENT_VERSION,
      salt,
      hash,
      draft?.id ?? null,
      draft?.version ?? null,
    );
    return { id, command, hash, draft };
  }

  #row(id: string): Row | null {
    return this.#sql.exec<Row>("SELECT * FROM proposals WHERE id = ?", id).toArray()[0] ?? null;
  }

  find(id: string): StoredProposal | null {
    const row = this.#row(id);
    return (
      row && {
        id,
        command: commandOf(row),
        hash: row.hash,
        draft: row.draft === null ? null : { id: row.draft, version: row.draft_version ?? 0 },
      }
    );
  }

  /** Oldest first. */
  list(): ProposalEntry[] {
    return this.#sql
      .exec<Row>("SELECT * FROM proposals ORDER BY proposed_at, id")
      .toArray()
      .map((row) => entryOf(row, commandOf(row), this.#profile));
  }

  /** @param before reads the case that a proposal is based on, to list the changes */
  read(id: string, before: (command: ProposedCommand) => Case | null): Proposal | null {
    const row = this.#row(id);
    if (!row) return null;
    const command = commandOf(row);
    return {
      ...entryOf(row, command, this.#profile),
      content: { case: command.case, note: command.note },
      changes: changesBetween(before(command), command.case),
    };
  }

  count(caseId: string): number {
    return this.#sql.exec<{ count: number }>("SELECT COUNT(*) AS count FROM proposals WHERE case_id = ?", caseId).one()
      .count;
  }

  /** Keeps the proposal and stores why its approval failed. */
  refuse(id: string, failure: Failure): void {
    this.#sql.exec("UPDATE proposals SET refused = ? WHERE id = ?", JSON.stringify(failure), id);
  }

  remove(id: string): void {
    this.#sql.exec("DELETE FROM proposals WHERE id = ?", id);
  }

  /** Erases a case's proposals that are based on a revision before `number`. @returns true if any was erased */
  eraseBefore(caseId: string, number: number): boolean {
    return (
      this.#sql.exec("DELETE FROM proposals WHERE case_id = ? AND command ->> '$.basedOn' < ?", caseId, number)
        .rowsWritten > 0
    );
  }
}
