/**
 * Editors' saved drafts. Each editor sees only their own; erasing a case erases
 * its drafts.
 */

import * as v from "valibot";
import { isCaseId } from "../../../shared/case/id.ts";
import type { Case } from "../../../shared/case/schema.ts";
import { plainTexts } from "../../../shared/case/text.ts";
import { upgrade } from "../../../shared/case/versions/content.ts";
import { CONTENT_VERSION } from "../../../shared/case/versions/steps.ts";
import type { Failure } from "../../../shared/failure.ts";
import {
  type DamagedEntry,
  DeskDraft,
  type DeskRecord,
  MAX_DRAFTS,
  type Saved,
  type SavedDraft,
  type SavedDraftEntry,
  type UnfinishedCase,
  type UnfinishedText,
} from "../../editing/rules/desk.ts";
import { nameFinder, nameMentionsIn } from "../../editing/rules/name-forms.ts";
import { iso } from "../../runtime/iso.ts";
import type { Outcome } from "./command.ts";
import { LedgerPart } from "./ledger-part.ts";
import { stored } from "./revisions.ts";

type Entry = {
  editor: string;
  id: string;
  version: number;
  saved_at: number;
  case_id: string | null;
  title: string;
  returned_by: string | null;
  returned_at: number | null;
  returned_reason: string | null;
  look: number | null;
  proposal: string | null;
  sound: number;
};
type Whole = { content: string; content_version: number };

/**
 * `sound` is a check in SQL, because a list would have to load all content: 0
 * when it isn't a JSON object with a case.
 */
const ENTRY = `editor, id, version, saved_at, case_id, title, returned_by, returned_at, returned_reason, look,
  (SELECT p.id FROM proposals p WHERE p.editor = d.editor AND p.draft = d.id ORDER BY proposed_at DESC LIMIT 1) AS proposal,
  CASE WHEN json_valid(content) THEN json_type(content, '$.case') IS 'object' ELSE 0 END AS sound`;

const Title = v.record(v.string(), v.string());

const entryOf = (row: Entry): SavedDraftEntry => ({
  id: row.id,
  case: row.case_id,
  title: stored(Title, row.title) ?? {},
  savedAt: iso(row.saved_at),
  version: row.version,
  ...(row.proposal === null ? {} : { proposal: row.proposal }),
  ...(row.look === null ? {} : { look: true as const }),
  ...(row.returned_by === null
    ? {}
    : {
        returned: {
          by: row.returned_by,
          at: iso(row.returned_at ?? 0),
          reason: row.returned_reason ?? "",
        },
      }),
});

/**
 * The title for the list of drafts. A draft's title may have any shape, so only
 * its texts are taken.
 */
function titleIn({ case: { title } }: DeskDraft): UnfinishedText {
  const texts =
    typeof title === "object" && title !== null ? plainTexts(title) : {};
  return Object.fromEntries(
    Object.entries(texts)
      .filter(([, text]) => typeof text === "string")
      .slice(0, 50),
  );
}

/** A saved draft with its cases upgraded; null when it is damaged. */
export function storedDraft(
  content: string,
  version: number,
): DeskDraft | null {
  try {
    const draft = JSON.parse(content) as DeskDraft;
    const base = draft.base && {
      ...draft.base,
      case: upgrade(draft.base.case, version) as Case,
    };
    const upgraded = {
      ...draft,
      base,
      case: upgrade(draft.case, version) as UnfinishedCase,
    };
    return v.is(DeskDraft, upgraded) ? upgraded : null;
  } catch {
    return null;
  }
}

const caseId = (id: unknown) =>
  typeof id === "string" && isCaseId(id) ? id : null;

/** What of a draft may name people. */
export const draftWords = ({
  case: fields,
  note,
  source,
}: Pick<DeskDraft, "case" | "note" | "source">) => ({
  case: fields,
  note,
  source: source && { name: source.name, text: source.text },
});

/** Columns that are derived from a draft, for the list and for erasures. */
export function columnsOfDraft(draft: DeskDraft) {
  const base = caseId(draft.base?.case.id);
  return {
    case_id: caseId(draft.case.id) ?? base,
    base_id: base,
    base_number: draft.base?.number ?? null,
    title: JSON.stringify(titleIn(draft)),
  };
}

export class SavedDrafts extends LedgerPart {
  #entries(where: string, ...values: SqlStorageValue[]): Entry[] {
    return this.sql.allRows(
      `SELECT ${ENTRY} FROM drafts d WHERE ${where} ORDER BY saved_at DESC, id`,
      ...values,
    );
  }

  /**
   * Drafts, newest first, and those whose content can't be read.
   * @param editor null for all editors
   */
  list(editor: string | null): {
    drafts: SavedDraftEntry[];
    damaged: DamagedEntry[];
  } {
    const rows = this.#entries("?1 IS NULL OR editor = ?1", editor);
    const damaged = rows.filter(({ sound }) => !sound);
    for (const { id } of damaged) this.#logDamage(id);
    return {
      drafts: rows.flatMap((row) => (row.sound ? entryOf(row) : [])),
      damaged: damaged.map((row) => ({
        id: row.id,
        case: row.case_id,
        editor: row.editor,
        at: iso(row.saved_at),
      })),
    };
  }

  #logDamage(id: string): void {
    this.journal.logOnce(`draft ${id}`, "read: its stored content is damaged");
  }

  /** Whose drafts of a case there are, newest first. */
  about(id: string): NonNullable<DeskRecord["drafts"]> {
    return this.#entries("case_id = ?", id).map(({ editor, saved_at }) => ({
      editor,
      savedAt: iso(saved_at),
    }));
  }

  /** Every editor's drafts, one by one, without the damaged ones. */
  *all(): Generator<{
    editor: string;
    id: string;
    version: number;
    case: string | null;
    draft: DeskDraft;
  }> {
    const query =
      "SELECT editor, id, version, case_id, content, content_version FROM drafts ORDER BY saved_at DESC, id";
    for (const { case_id, ...row } of this.sql.exec<
      Pick<Entry, "editor" | "id" | "version" | "case_id"> & Whole
    >(query)) {
      const draft = storedDraft(row.content, row.content_version);
      if (draft) yield { ...row, case: case_id, draft };
    }
  }

  /** The number of all editors' drafts of a case. */
  countOf(id: string): number {
    return this.sql.oneValue(
      "SELECT COUNT(*) FROM drafts WHERE case_id = ?1 OR base_id = ?1",
      id,
    );
  }

  /** @returns null when there is none */
  read(editor: string, id: string): SavedDraft | "damaged" | null {
    const query = `SELECT ${ENTRY}, content, content_version FROM drafts d WHERE editor = ? AND id = ?`;
    const row = this.sql.firstRow<Entry & Whole>(query, editor, id);
    if (!row) return null;
    const draft = storedDraft(row.content, row.content_version);
    if (draft) return { ...entryOf(row), draft };
    this.#logDamage(id);
    return "damaged";
  }

  /**
   * Saves a draft, unless another version was saved or its case was erased
   * since the editor read it.
   * @param basedOn the version the editor has seen; 0 for a new draft
   */
  save(
    editor: string,
    id: string,
    draft: DeskDraft,
    basedOn: number,
  ): Outcome<Saved> {
    const erased = this.#erasedSince(draft);
    if (erased) return { failure: erased };
    const own = this.#entries("editor = ?", editor);
    const known = own.find((entry) => entry.id === id);
    if (known && known.version !== basedOn)
      return {
        failure: {
          tag: "draft-changed",
          version: known.version,
          savedAt: iso(known.saved_at),
        },
      };
    if (!known && basedOn > 0) return { failure: { tag: "unknown-draft", id } };
    if (!known && own.length >= MAX_DRAFTS)
      return { failure: { tag: "too-many-drafts", most: MAX_DRAFTS } };
    return { done: this.#write(editor, id, draft, basedOn + 1) };
  }

  #write(editor: string, id: string, draft: DeskDraft, version: number): Saved {
    const now = this.journal.clock.now();
    const row = {
      ...{
        version,
        saved_at: now,
        content: JSON.stringify(draft),
        content_version: CONTENT_VERSION,
        look: null,
      },
      ...columnsOfDraft(draft),
    };
    this.sql.rewrite("drafts", row, "editor = ? AND id = ?", editor, id);
    this.sql.insert("drafts", { editor, id, ...row }, "INSERT OR IGNORE");
    return { version, savedAt: iso(now) };
  }

  /**
   * A form that was open during a withdrawal or redaction must not bring erased
   * content back.
   */
  #erasedSince({ base, case: fields }: DeskDraft): Failure | null {
    for (const id of new Set([caseId(fields.id), caseId(base?.case.id)])) {
      const last = this.sql.firstRow<{
        number: number;
        kind: string;
        reason: string | null;
        live_at: number;
      }>(
        `SELECT number, kind, reason, live_at FROM revisions WHERE case_id = ? AND fate IS NULL AND shown = 1
           AND kind IN ('redaction', 'withdrawal') ORDER BY number DESC LIMIT 1`,
        id,
      );
      if (!id || !last) continue;
      // A case that was published by mistake can be written again, from
      // nothing.
      if (
        last.kind === "withdrawal" &&
        last.reason === "mistake" &&
        base === null
      )
        continue;
      if (last.kind === "withdrawal")
        return {
          tag: "withdrawn",
          id,
          number: last.number,
          liveAt: iso(last.live_at),
        };
      if (base?.case.id !== id || base.number < last.number)
        return { tag: "draft-erased", id, number: last.number };
    }
    return null;
  }

  /**
   * @param version deletes only this version, so that a newer one isn't lost
   * @returns true if a draft was deleted
   */
  remove(editor: string, id: string, version: number | null = null): boolean {
    return this.sql.erase(
      "drafts",
      "editor = ?1 AND id = ?2 AND (?3 IS NULL OR version = ?3)",
      editor,
      id,
      version,
    );
  }

  /**
   * Returns a proposal to its author's drafts: the draft it was made of if that
   * still exists, else what was proposed.
   * @param proposed null when it is damaged
   * @returns true if the draft exists
   */
  giveBack(
    editor: string,
    id: string,
    proposed: DeskDraft | null,
    rejected: { by: string; reason: string } | null,
  ): boolean {
    const isKept = this.#entries("editor = ?", editor).some(
      (entry) => entry.id === id,
    );
    if (!isKept && proposed === null) return false;
    if (!isKept && proposed !== null) this.#write(editor, id, proposed, 1);
    const returned = {
      ...{
        returned_by: rejected?.by ?? null,
        returned_at: rejected ? this.journal.clock.now() : null,
      },
      returned_reason: rejected?.reason ?? null,
    };
    this.sql.rewrite("drafts", returned, "editor = ? AND id = ?", editor, id);
    return true;
  }

  /**
   * Clears an earlier rejection from a draft that is proposed again.
   * @returns its version; null when there is no such draft
   */
  markProposed(editor: string, id: string): number | null {
    const returned = {
      returned_by: null,
      returned_at: null,
      returned_reason: null,
    };
    const where = "editor = ? AND id = ? AND returned_by IS NOT NULL";
    this.sql.rewrite("drafts", returned, where, editor, id);
    return (
      this.#entries("editor = ?", editor).find((entry) => entry.id === id)
        ?.version ?? null
    );
  }

  /** Marks an editor's own drafts that an erasure deletes at its moment. */
  hold(editor: string, ids: readonly string[], erasure: number): void {
    const where = "editor = ? AND id IN (SELECT value FROM json_each(?))";
    this.sql.rewrite("drafts", { erasure }, where, editor, JSON.stringify(ids));
  }

  /**
   * Marks the drafts in which a name of an erasure stands, without the name:
   * they can't be published before their owner has read and saved them. A new
   * version, so that a form that is open somewhere can't save over the mark.
   * @param cases the erased cases, whose drafts are deleted
   */
  markUnread(
    cases: readonly string[],
    names: readonly string[],
    erasure: number,
  ): void {
    const finder = nameFinder(names);
    for (const { editor, id, version, case: about, draft } of [...this.all()]) {
      if (
        cases.includes(about ?? "") ||
        cases.includes(draft.base?.case.id ?? "")
      )
        continue;
      if (nameMentionsIn(draftWords(draft), finder).length === 0) continue;
      const changes = { look: erasure, version: version + 1 };
      this.sql.rewrite(
        "drafts",
        changes,
        "editor = ? AND id = ? AND erasure IS NULL",
        editor,
        id,
      );
    }
  }

  isUnread(editor: string, id: string): boolean {
    const query =
      "SELECT 1 FROM drafts WHERE editor = ? AND id = ? AND look IS NOT NULL";
    return this.sql.firstRow(query, editor, id) !== null;
  }

  /** An erasure was undone. */
  release(erasure: number): void {
    this.sql.rewrite("drafts", { erasure: null }, "erasure = ?", erasure);
    this.sql.rewrite("drafts", { look: null }, "look = ?", erasure);
  }

  eraseHeld(erasure: number): void {
    this.sql.erase("drafts", "erasure = ?", erasure);
  }

  /**
   * Erases every editor's drafts of a case, except those based on revision
   * `number` or later.
   * @returns true if any was erased
   */
  eraseBefore(id: string, number: number): boolean {
    return this.sql.erase(
      "drafts",
      "(case_id = ?1 OR base_id = ?1) AND (base_id IS NOT ?1 OR base_number < ?2)",
      id,
      number,
    );
  }
}
