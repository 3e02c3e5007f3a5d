/**
 * The audit log: editor, action and time, without content. Each row's hash
 * covers the row before, so changes and gaps are detectable.
 */

import type { Notification } from "../../../shared/revision.ts";
import type {
  AuditAction,
  AuditEntry,
  WholeAction,
} from "../../editing/rules/desk.ts";
import type {
  ChangeCursor,
  EditorEvent,
  ProposalEvent,
  ProposalEventPage,
} from "../../reads/state.ts";
import { iso } from "../../runtime/iso.ts";
import { auditHash, GENESIS } from "./hash-chain.ts";
import { LedgerPart } from "./ledger-part.ts";

/** Rows in memory at once. */
const PAGE_ROWS = 500;

/**
 * Actions that editors hear of, with the words for each. `redact` and
 * `withdraw` are added where one editor decided alone.
 */
const told: Partial<Record<AuditAction, EditorEvent>> = {
  ...({
    propose: "propose",
    approve: "approve",
    reject: "reject",
    "take-back": "take-back",
    invite: "invite",
  } as const),
  ...({
    export: "export",
    "followers-export": "export",
    token: "token",
    "place-old": "place-old",
  } as const),
  ...({
    "hook-add": "link",
    "hook-remove": "link",
    "chat-add": "link",
    "chat-remove": "link",
  } as const),
  ...({
    enrol: "access",
    role: "access",
    remove: "access",
    recover: "access",
    "recovery-codes": "access",
  } as const),
  ...({
    "passkey-add": "access",
    "passkey-remove": "access",
    "passkey-copied": "passkey-copied",
  } as const),
};
const TOLD_ACTIONS = `'${Object.keys(told).join("', '")}'`;

/** An entry before it has a sequence number and hashes. */
export type NewAuditEntry = Pick<
  AuditEntry,
  "editor" | "action" | "case" | "number" | "subject" | "notify" | "about"
> & {
  at: number;
};

type AuditRow = Omit<AuditEntry, "at" | "notify" | "about"> & {
  at: number;
  notify: Notification | null;
  about: string | null;
};
const ROWS = `SELECT id AS sequence, at, editor, action, case_id AS "case", number, subject, previous_hash AS previousHash, hash,
  notify, about FROM audit`;

const entryOf = ({ at, notify, about, ...row }: AuditRow): AuditEntry => ({
  ...{ ...row, at: iso(at) },
  ...(notify !== null && { notify }),
  ...(about !== null && { about }),
});

export class Audit extends LedgerPart {
  /**
   * Called when something is logged that editors hear of, before it is
   * committed.
   */
  onTold: () => void = () => {};

  /** Must run in the transaction of the action itself. */
  append({ at, ...fields }: NewAuditEntry): void {
    const last = this.sql.firstRow<AuditRow>(
      `${ROWS} ORDER BY id DESC LIMIT 1`,
    );
    const next = {
      sequence: (last?.sequence ?? 0) + 1,
      previousHash: last?.hash ?? GENESIS,
    };
    const entry = { ...next, at: iso(at), ...fields };
    this.insert({ ...entry, hash: auditHash(entry) });
    if (
      told[entry.action] ||
      entry.action === "redact" ||
      entry.action === "withdraw"
    )
      this.onTold();
  }

  /** Logs what concerns no single case. @param subject a SHA-256 */
  record(action: WholeAction, editor: string, subject: string): void {
    this.append({
      at: this.journal.clock.now(),
      editor,
      action,
      case: null,
      number: null,
      subject,
    });
  }

  /** Inserts a restored entry unchanged; the caller has checked its hash. */
  insert(entry: AuditEntry): void {
    const {
      sequence: id,
      at,
      case: case_id,
      previousHash: previous_hash,
      ...rest
    } = entry;
    this.sql.insert("audit", {
      id,
      at: Date.parse(at),
      case_id,
      previous_hash,
      ...rest,
    });
  }

  /**
   * Newest first.
   * @param id the case; null for all cases
   * @param author an editor who may read only what they did themselves and what
   * was done to committed cases; null for others
   */
  newest(
    id: string | null,
    limit: number,
    author: string | null = null,
  ): AuditEntry[] {
    const query = `${ROWS} WHERE (?1 IS NULL OR case_id = ?1) AND (?3 IS NULL OR editor = ?3 OR (case_id IS NOT NULL
      AND action IN ('publish', 'replace', 'undo', 'redact', 'withdraw', 'cancel'))) ORDER BY audit.id DESC LIMIT ?2`;
    return this.sql.allRows<AuditRow>(query, id, limit, author).map(entryOf);
  }

  /**
   * Withdrawals of cases that had no committed revision, with the entries that
   * a restore wrote for such withdrawals.
   */
  uncommittedWithdrawals(): AuditEntry[] {
    return this.sql
      .allRows<AuditRow>(
        `${ROWS} WHERE action IN ('withdraw', 'restore') AND case_id IS NOT NULL AND number IS NULL ORDER BY id`,
      )
      .map(entryOf);
  }

  /**
   * The number of erasures and withdrawals that these editors made alone since
   * a time, without those that were undone. One that a withdrawal overtook may
   * come back.
   */
  aloneSince(editors: string[], since: number): number {
    return this.sql.oneValue(
      `SELECT COUNT(DISTINCT coalesce(r.erasure, -r.sequence)) FROM audit a JOIN revisions r USING (case_id, number)
         WHERE a.action IN ('redact', 'withdraw') AND a.editor IN (SELECT value FROM json_each(?)) AND at > ? AND (fate IS NULL OR fate = 'withdrawn') AND approved_by IS NULL`,
      JSON.stringify(editors),
      since,
    );
  }

  /**
   * Lines that editors hear of, oldest first. The subject of one about a
   * proposal is the proposal's hash.
   * @param since a position in the log; null for the start
   * @returns null when the position is of another log
   */
  proposalEvents(
    since: ChangeCursor | null,
    limit: number,
  ): ProposalEventPage | null {
    const log = this.journal.changes.auditName();
    const newest = this.sql.oneValue("SELECT COALESCE(MAX(id), 0) FROM audit");
    if (since !== null && (since.log !== log || since.position > newest))
      return null;
    type Row = Omit<ProposalEvent, "isPublic" | "revision" | "at"> & {
      isPublic: number;
      number: number | null;
      at: number;
    };
    const rows = this.sql.allRows<Row>(
      `SELECT id AS change, coalesce(case_id, '') AS id, number, action, editor, at,
       EXISTS (SELECT 1 FROM revisions r WHERE r.case_id = a.case_id AND shown = 1) AS isPublic,
       (SELECT editor FROM audit p WHERE p.subject = a.subject AND p.action = 'propose' LIMIT 1) AS author
       FROM audit a WHERE a.id > ? AND (a.action IN (${TOLD_ACTIONS}) AND NOT (a.action LIKE '%export' AND a.editor LIKE '(%')
         OR a.action IN ('redact', 'withdraw') AND EXISTS (SELECT 1 FROM revisions r WHERE r.case_id = a.case_id AND r.number = a.number AND approved_by IS NULL)) ORDER BY a.id LIMIT ?`,
      since?.position ?? 0,
      limit,
    );
    const changes = rows.map(({ number, ...row }) => ({
      ...{
        ...row,
        isPublic: row.isPublic === 1,
        revision: { number },
        at: iso(row.at),
      },
      action: told[row.action as AuditAction] ?? row.action,
    }));
    const more = changes.length === limit;
    return {
      log,
      newest,
      changes,
      more,
      next: more ? (changes.at(-1)?.change ?? newest) : newest,
    };
  }

  entry(sequence: number): AuditEntry | null {
    const row = this.sql.firstRow<AuditRow>(`${ROWS} WHERE id = ?`, sequence);
    return row && entryOf(row);
  }

  /** The whole log, oldest first. Holds only a page of it in memory. */
  *entries(): Generator<AuditEntry> {
    for (let last = 0; ; ) {
      const query = `${ROWS} WHERE id > ? ORDER BY id LIMIT ?`;
      const rows = this.sql.allRows<AuditRow>(query, last, PAGE_ROWS);
      for (const row of rows) yield entryOf(row);
      if (rows.length < PAGE_ROWS) return;
      last = rows.at(-1)!.sequence;
    }
  }

  /** The whole log, oldest first. */
  all(): AuditEntry[] {
    return [...this.entries()];
  }
}
