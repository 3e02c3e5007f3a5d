import { SUMMARY_VERSION } from "../../../shared/view/summary.ts";
import { summaryOf } from "../../reads/summary.ts";
import type { Changes } from "./changes.ts";
import type { Revisions } from "./revisions.ts";
import type { StoredContent } from "./stored-content.ts";

/** Cases in a page. To parse one takes a millisecond or two. */
const PAGE_CASES = 20;

/**
 * Derives the summaries of live cases again that an older version of the code derived, because they lack what lists say today. Nobody
 * waits for it: until then, lists say less of these cases.
 */
export class OldSummaries {
  readonly #sql: SqlStorage;
  readonly #revisions: Revisions;
  readonly #content: StoredContent;
  readonly #changes: Changes;
  /** Every case up to this epoch has a summary of this version. Each that is renewed gets a later one. */
  #checkedTo = 0;

  constructor(sql: SqlStorage, revisions: Revisions, content: StoredContent, changes: Changes) {
    this.#sql = sql;
    this.#revisions = revisions;
    this.#content = content;
    this.#changes = changes;
  }

  /** Renews those of a page of cases. @returns false when no case is left */
  renew(): boolean {
    const page = this.#sql
      .exec<{ epoch: number; id: string; number: number; is_old: number | null }>(
        // A damaged summary is left to whoever reads its case.
        `SELECT epoch, c.case_id AS id, c.number,
           CASE WHEN json_valid(summary) THEN COALESCE(summary ->> '$.version', 0) < ? END AS is_old
         FROM changes c CROSS JOIN revisions r ON r.sequence = c.sequence WHERE epoch > ? ORDER BY epoch LIMIT ?`,
        SUMMARY_VERSION,
        this.#checkedTo,
        PAGE_CASES,
      )
      .toArray();
    for (const { id, number, is_old } of page) {
      const row = is_old ? this.#revisions.row(id, number) : null;
      const fields = row && this.#content.valid(row);
      if (!fields) continue;
      this.#revisions.setSummary(row.sequence, JSON.stringify(summaryOf(fields)));
      this.#changes.renew(id);
    }
    this.#checkedTo = page.at(-1)?.epoch ?? this.#checkedTo;
    return page.length > 0;
  }
}
