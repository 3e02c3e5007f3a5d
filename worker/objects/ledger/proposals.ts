/**
 * Proposals that wait for a second editor. A proposal is immutable: it ends
 * when it is approved, rejected, taken back or erased.
 */
import canonicalize from "canonicalize";
import type { Case, Note } from "../../../shared/case/schema.ts";
import { plainTexts } from "../../../shared/case/text.ts";
import {
  parseContent,
  upgrade,
} from "../../../shared/case/versions/content.ts";
import { CONTENT_VERSION } from "../../../shared/case/versions/steps.ts";
import { type Failure, problemOf } from "../../../shared/failure.ts";
import { isFields } from "../../../shared/fields.ts";
import { numberOf } from "../../../shared/profile/numbers.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import type {
  DamagedEntry,
  Proposal,
  ProposalEntry,
} from "../../editing/rules/desk.ts";
import type { ErasureRequest } from "../../editing/rules/erase.ts";
import { digest, newSalt } from "../../runtime/digest.ts";
import { iso } from "../../runtime/iso.ts";
import type { PublishCommand, WithdrawCommand } from "./command.ts";
import type { EraseCommand } from "./erasures.ts";
import { LedgerPart } from "./ledger-part.ts";

/** A publish that needs a second editor. */
export type ProposedPublish = PublishCommand;

/**
 * A withdrawal that needs a second editor, with the case as it is withdrawn.
 */
export interface ProposedWithdrawal extends WithdrawCommand {
  kind: "withdrawal";
  case: Case;
  note: Note;
  notify: "loud";
}

/**
 * An erasure that needs a second editor, with the case as it leaves it. What it
 * stores goes with the proposal.
 */
export interface ProposedErasure extends EraseCommand {
  kind: "erasure";
  case: Case;
  note: Note;
  notify: "silent";
}

export type ProposedCommand =
  | ProposedPublish
  | ProposedWithdrawal
  | ProposedErasure;

export const isPublish = (
  command: ProposedCommand,
): command is ProposedPublish =>
  command.kind === "update" || command.kind === "correction";

type Row = {
  id: string;
  case_id: string;
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

/** A proposal whose command can't be read. */
type DamagedProposal = Omit<StoredProposal, "command"> & {
  command: null;
  caseId: string;
  editor: string;
};

/**
 * SHA-256 of the command, its salt and its content version as canonical JSON
 * (RFC 8785). The log keeps it after the proposal and its salt are deleted.
 */
export const proposalHash = (
  command: object,
  salt: string,
  version: number,
): string => digest(canonicalize({ ...command, salt, version }) as string);

/**
 * The command with its case upgraded, and parsed if it is valid; null when it
 * is damaged.
 */
function commandOf({
  command,
  content_version: version,
}: Row): ProposedCommand | null {
  try {
    const stored = JSON.parse(command) as ProposedCommand;
    if (!isFields(stored) || !isFields(stored.case)) return null;
    const parsed = parseContent(stored.case, version);
    return {
      ...stored,
      case:
        "case" in parsed
          ? parsed.case
          : (upgrade(stored.case, version) as Case),
    };
  } catch {
    return null;
  }
}

/**
 * What lists show, without why the last approval failed: the only part that
 * changes.
 */
const entryOf = (
  row: Row,
  command: ProposedCommand,
  profile: Profile,
): ProposalEntry => ({
  id: row.id,
  case: command.id,
  number: numberOf(command.id, profile),
  title: plainTexts(command.case.title ?? {}),
  language: command.case.language,
  kind: command.kind,
  notify: command.notify,
  editor: row.editor,
  proposedAt: iso(row.proposed_at),
  basedOn: command.basedOn,
  ...(isPublish(command)
    ? {
        liveAt: command.liveAt === undefined ? null : iso(command.liveAt),
        ...(command.replace === undefined ? {} : { replace: command.replace }),
      }
    : {
        liveAt: null,
        ...(command.kind === "withdrawal" && { reason: command.reason }),
      }),
  hash: row.hash,
});

/** With why the last approval failed, unless the reason is damaged. */
function withRefusal(
  entry: ProposalEntry,
  { refused }: Pick<Row, "refused">,
): ProposalEntry {
  try {
    return refused === null
      ? entry
      : { ...entry, refused: problemOf(JSON.parse(refused) as Failure) };
  } catch {
    return entry;
  }
}

/**
 * What the author asked for, so that the second editor can ask for the preview
 * of the same.
 */
const requestOf = ({
  erase,
  alike,
  cases,
  leave,
  drafts,
  proposals,
}: ProposedErasure): ErasureRequest => ({
  ...{ erase, alike, cases, leave, drafts, proposals },
});

export class Proposals extends LedgerPart {
  /** By id, of the proposals that were listed last. */
  #entries = new Map<string, ProposalEntry | null>();

  add(
    at: number,
    command: ProposedCommand,
    draft: StoredProposal["draft"],
  ): StoredProposal {
    const id = crypto.randomUUID();
    const salt = newSalt();
    const hash = proposalHash(command, salt, CONTENT_VERSION);
    const made = {
      id,
      case_id: command.id,
      editor: command.editor,
      proposed_at: at,
      salt,
      hash,
    };
    const of = {
      draft: draft?.id ?? null,
      draft_version: draft?.version ?? null,
    };
    const content = {
      command: JSON.stringify(command),
      content_version: CONTENT_VERSION,
    };
    this.sql.insert("proposals", { ...made, ...of, ...content });
    return { id, command, hash, draft };
  }

  #row(id: string): Row | null {
    return this.sql.firstRow("SELECT * FROM proposals WHERE id = ?", id);
  }

  /** @returns null when there is none */
  find(id: string): StoredProposal | DamagedProposal | null {
    const row = this.#row(id);
    if (!row) return null;
    const draft =
      row.draft === null
        ? null
        : { id: row.draft, version: row.draft_version ?? 0 };
    const command = commandOf(row);
    if (command) return { id, command, hash: row.hash, draft };
    this.journal.logOnce(
      `proposal ${id}`,
      "read: its stored content is damaged",
    );
    return {
      id,
      command,
      hash: row.hash,
      draft,
      caseId: row.case_id,
      editor: row.editor,
    };
  }

  #entryOf(id: string): ProposalEntry | null {
    const row = this.#row(id);
    const command = row && commandOf(row);
    if (command) return entryOf(row, command, this.journal.profile);
    this.journal.logOnce(
      `proposal ${id}`,
      "read: its stored content is damaged",
    );
    return null;
  }

  /**
   * Oldest first, and those whose content can't be read. Each case is read
   * once, because a proposal is immutable.
   */
  list(): { proposals: ProposalEntry[]; damaged: DamagedEntry[] } {
    const query =
      "SELECT id, case_id, editor, proposed_at, refused FROM proposals ORDER BY proposed_at, id";
    const rows =
      this.sql.allRows<
        Pick<Row, "id" | "case_id" | "editor" | "proposed_at" | "refused">
      >(query);
    this.#entries = new Map(
      rows.map(({ id }) => [id, this.#entries.get(id) ?? this.#entryOf(id)]),
    );
    const [proposals, damaged]: [ProposalEntry[], DamagedEntry[]] = [[], []];
    for (const row of rows) {
      const entry = this.#entries.get(row.id);
      if (entry) proposals.push(withRefusal(entry, row));
      else
        damaged.push({
          id: row.id,
          case: row.case_id,
          editor: row.editor,
          at: iso(row.proposed_at),
        });
    }
    return { proposals, damaged };
  }

  /**
   * @param before reads the case that a proposal is based on
   * @returns null when there is none
   */
  read(
    id: string,
    before: (command: ProposedCommand) => Case | null,
  ): Proposal | "damaged" | null {
    const row = this.#row(id);
    if (!row) return null;
    const command = commandOf(row);
    if (!command) return "damaged";
    return {
      ...withRefusal(entryOf(row, command, this.journal.profile), row),
      content: { case: command.case, note: command.note },
      base: before(command),
      source: (isPublish(command) && command.source) || null,
      ...(command.kind === "erasure" && { erasure: requestOf(command) }),
      answers: [],
      questions: [],
    };
  }

  /** Every proposal that can be read, oldest first. */
  commands(): { id: string; command: ProposedCommand }[] {
    return this.sql
      .allRows<Row>("SELECT * FROM proposals ORDER BY proposed_at, id")
      .flatMap((row) => {
        const command = commandOf(row);
        return command ? [{ id: row.id, command }] : [];
      });
  }

  /** How many wait of a case, or of an editor. */
  count(of: "case_id" | "editor", value: string): number {
    return this.sql.oneValue(
      `SELECT COUNT(*) FROM proposals WHERE ${of} = ?`,
      value,
    );
  }

  /** Keeps the proposal and stores why its approval failed. */
  refuse(id: string, failure: Failure): void {
    this.sql.rewrite(
      "proposals",
      { refused: JSON.stringify(failure) },
      "id = ?",
      id,
    );
  }

  remove(id: string): void {
    this.sql.erase("proposals", "id = ?", id);
  }

  /** Marks proposals that an erasure deletes at its moment. */
  hold(ids: readonly string[], erasure: number): void {
    const where = "id IN (SELECT value FROM json_each(?))";
    this.sql.rewrite("proposals", { erasure }, where, JSON.stringify(ids));
  }

  release(erasure: number): void {
    this.sql.rewrite("proposals", { erasure: null }, "erasure = ?", erasure);
  }

  eraseHeld(erasure: number): void {
    this.sql.erase("proposals", "erasure = ?", erasure);
  }

  /**
   * Erases a case's proposals that are based on a revision before `number`, and
   * the damaged ones.
   * @returns true if any was erased
   */
  eraseBefore(caseId: string, number: number): boolean {
    const basedOn =
      "CASE WHEN json_valid(command) THEN coalesce(command ->> '$.basedOn', 0) ELSE 0 END";
    return this.sql.erase(
      "proposals",
      `case_id = ? AND ${basedOn} < ?`,
      caseId,
      number,
    );
  }
}
