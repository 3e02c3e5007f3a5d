import type { Case } from "../../../shared/case/schema.ts";
import { numberOf } from "../../../shared/profile/numbers.ts";
import type { Revision } from "../../../shared/revision.ts";
import { CORRECTION_NEWS_MS } from "../../../shared/view/age.ts";
import { greaterNews } from "../../../shared/view/news.ts";
import { StoredSummary } from "../../../shared/view/summary.ts";
import type { Tile } from "../../editing/contract/log-entry.ts";
import type {
  CaseState,
  HistoryPage,
  Recent,
  RevisionState,
} from "../../reads/state.ts";
import { summaryOf } from "../../reads/summary.ts";
import type { LogHead } from "../../runtime/checkpoint.ts";
import { iso } from "../../runtime/iso.ts";
import type { Leased } from "../../runtime/lease.ts";
import { LeasedPart } from "./ledger-part.ts";
import {
  type Key,
  type MetadataRow,
  type Moment,
  type RevisionRow,
  revisionOf,
  stored,
} from "./revisions.ts";

/** Revisions in a feed. */
const MAX_FEED_REVISIONS = 50;

/** A case as readers get it: without the pictures that its editors hide. */
const withoutHidden = (fields: Case): Case =>
  fields.hidePortraits
    ? {
        ...fields,
        people: fields.people.map(({ portrait: _, ...person }) => person),
      }
    : fields;

export class Readings extends LeasedPart {
  /** The sequences of revisions that were parsed since the start. */
  readonly #checked = new Set<number>();

  #leasedCase<T>(value: T, now: number, id: string): Leased<T> {
    return this.leased(
      value,
      now,
      this.journal.revisions.nextMomentOf(id, now),
    );
  }

  /**
   * The case in a row. Keeps the summary in step with what can be shown,
   * because lists are made of summaries.
   */
  read(row: RevisionRow): Case | "unshowable" | null {
    const fields = this.journal.content.read(row);
    this.#checked.add(row.sequence);
    const isShowable = fields !== "unshowable" && fields !== null;
    if (isShowable === (row.summary === null)) {
      this.journal.revisions.setSummary(
        row.sequence,
        isShowable ? JSON.stringify(summaryOf(fields)) : null,
      );
      this.journal.changes.touch([row]);
    }
    return fields;
  }

  case(id: string): Leased<CaseState> {
    const now = this.journal.settled();
    const live = this.journal.revisions.head(id, now);
    if (!live) return this.#leasedCase<CaseState>({ state: "absent" }, now, id);
    const row = this.journal.revisions.row(id, live.number);
    const revision = revisionOf(row);
    const fields = this.read(row);
    return this.#leasedCase<CaseState>(
      fields === null
        ? { state: "withdrawn", revision }
        : fields === "unshowable"
          ? { state: "unshowable", revision }
          : {
              state: "present",
              record: { case: withoutHidden(fields), revision },
              ...this.#standing(id, live, revision, now),
            },
      now,
      id,
    );
  }

  /** The news before a case's head, while views may show it. */
  #standing(
    id: string,
    live: Moment,
    head: Revision,
    now: number,
  ): { corrected?: Revision; earlier?: Revision } {
    const before = this.journal.revisions
      .before(id, live, now - CORRECTION_NEWS_MS)
      .map(revisionOf);
    const corrected = before.find(({ kind }) => kind === "correction");
    const earlier = greaterNews(head, before, now);
    return {
      ...(corrected ? { corrected } : {}),
      ...(earlier ? { earlier } : {}),
    };
  }

  /** @param before only revisions with lower numbers; null for the newest */
  historyPage(
    id: string,
    before: number | null,
    limit: number,
  ): Leased<HistoryPage | null> {
    const now = this.journal.settled();
    const first = this.journal.revisions.first(id, now);
    const head = this.journal.revisions.head(id, now);
    if (!first || !head)
      return this.#leasedCase<HistoryPage | null>(null, now, id);
    // Pending revisions, which may be many, follow the head.
    const rows = this.journal.revisions.live(
      id,
      now,
      Math.min(before ?? Number.POSITIVE_INFINITY, head.number + 1),
      limit + 1,
    );
    const isOlder = rows[0] !== undefined && rows[0].number < head.number;
    const newer = isOlder
      ? this.journal.revisions.following(id, now, rows[0]!.number)
      : null;
    const published = ({ number, liveAt }: Moment) => ({
      number,
      liveAt: iso(liveAt),
    });
    const shown = rows.slice(0, limit);
    const corrections = this.journal.revisions.corrections(id, now);
    const page: HistoryPage = {
      revisions: shown.map(revisionOf),
      corrections: shown.flatMap(({ number }) => {
        const correction = corrections.get(number);
        return correction ? [[number, correction.number]] : [];
      }),
      older: rows[limit] ? revisionOf(rows[limit]) : null,
      newer: newer && published(newer),
      first: published(first),
      newest: { ...published(head), kind: head.kind },
    };
    return this.#leasedCase<HistoryPage | null>(page, now, id);
  }

  revision(id: string, number: number): Leased<RevisionState> {
    const now = this.journal.settled();
    const live = this.journal.revisions.head(id, now);
    const wanted = this.journal.revisions.standing(id, number);
    const state = (): RevisionState => {
      if (!live || !wanted || wanted.liveAt > now) return { state: "absent" };
      if (live.kind === "withdrawal")
        return {
          state: "withdrawn",
          revision: revisionOf(this.journal.revisions.row(id, live.number)),
        };
      const row = this.journal.revisions.row(id, number);
      const revision = revisionOf(row);
      if (row.kind === "withdrawal") return { state: "withdrawn", revision };
      const fields = this.read(row);
      if (fields === null) return { state: "erased", revision };
      return fields === "unshowable"
        ? { state: "unshowable", revision }
        : {
            state: "present",
            record: { case: withoutHidden(fields), revision },
          };
    };
    return this.#leasedCase(state(), now, id);
  }

  /** The head of the signed log. */
  logHead(): Leased<LogHead> {
    const now = this.journal.settled();
    return this.leased(this.journal.log.head(), now);
  }

  /** The bytes of a tile of the signed log; null when it isn't complete yet. */
  logTile(tile: Tile): Uint8Array<ArrayBuffer> | null {
    this.journal.settled();
    return this.journal.log.tile(tile);
  }

  /**
   * Parses every live head that wasn't read since the start.
   * @returns the number of cases that can't be shown
   */
  countUnshowable(): number {
    this.journal.settled();
    const heads = this.sql.allRows<Key & { sequence: number }>(
      "SELECT case_id, number, sequence FROM changes WHERE state = 'present'",
    );
    for (const { case_id, number, sequence } of heads)
      if (!this.#checked.has(sequence))
        this.read(this.journal.revisions.row(case_id, number));
    return this.sql.oneValue(
      "SELECT COUNT(*) FROM changes WHERE state = 'unshowable'",
    );
  }

  /**
   * The newest live revisions of one case or of all, newest (moment, sequence)
   * first. A withdrawn case has only its withdrawal.
   * @param id null for all cases
   */
  recent(id: string | null): Leased<Recent[]> {
    const now = this.journal.settled();
    const live =
      "later.case_id = r.case_id AND later.fate IS NULL AND later.live_at <= ?1";
    const rows = this.sql.allRows<
      MetadataRow & { erased_at: number | null; has_content: number }
    >(
      // Only a redaction erases what was live, and a withdrawal is the last
      // revision of its case.
      `SELECT case_id, number, sequence, kind, note, changes, summary, reason, committed_at, live_at, content_hash,
         previous_hash, hash, content IS NOT NULL AS has_content,
         CASE WHEN content IS NULL THEN
           (SELECT live_at FROM revisions later WHERE ${live} AND later.live_at > r.live_at AND kind = 'redaction'
              ORDER BY live_at LIMIT 1) END AS erased_at
       FROM revisions r
       WHERE fate IS NULL AND live_at <= ?1 AND shown = 1 ${id === null ? "" : "AND case_id = ?3"} AND (kind = 'withdrawal' OR
         (SELECT kind FROM revisions later WHERE ${live} ORDER BY live_at DESC LIMIT 1) != 'withdrawal')
       ORDER BY live_at DESC, sequence DESC LIMIT ?2`,
      ...[now, MAX_FEED_REVISIONS, ...(id === null ? [] : [id])],
    );
    const recent = rows.map((row): Recent => {
      const summary = stored(StoredSummary, row.summary);
      return {
        id: row.case_id,
        revision: revisionOf(row),
        summary: summary && {
          ...summary,
          number: numberOf(row.case_id, this.journal.profile),
        },
        ...(row.has_content && !summary ? { unshowable: true as const } : {}),
        ...(row.erased_at === null ? {} : { erasedAt: iso(row.erased_at) }),
      };
    });
    return id === null
      ? this.leased(recent, now)
      : this.#leasedCase(recent, now, id);
  }
}
