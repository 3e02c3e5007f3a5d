import type { Case } from "../../../shared/case/schema.ts";
import { numberOf } from "../../../shared/profile/numbers.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import type { Revision } from "../../../shared/revision.ts";
import { CORRECTION_NEWS_MS } from "../../../shared/view/age.ts";
import { greaterNews } from "../../../shared/view/news.ts";
import { type CaseSummary, StoredSummary, type Summaries, type Unshowable } from "../../../shared/view/summary.ts";
import type { CaseState, Changed, HistoryPage, Listed, Recent, RenewalText, RevisionState } from "../../reads/state.ts";
import { iso } from "../../runtime/iso.ts";
import type { Epoch, Leased } from "../../runtime/lease.ts";
import type { Changes } from "./changes.ts";
import type { LedgerClock } from "./clock.ts";
import { type HeadRow, placed, summaryText } from "./listed.ts";
import {
  correctedColumn,
  type MetadataRow,
  type Moment,
  type Revisions,
  type Row,
  revisionOf,
  stored,
} from "./revisions.ts";
import type { StoredContent } from "./stored-content.ts";
import { summaryOf } from "./summary.ts";

/** Revisions in a feed. */
const MAX_FEED_REVISIONS = 50;

/** About the size of the changes in one answer. The rest follows in the next one. An isolate takes 2 ms for one of summaries. */
const RENEWAL_PAGE_BYTES = 40_000;
/** The first page of a list is smaller: the Ledger and the isolate often run the code for it for the first time. */
const FIRST_PAGE_BYTES = RENEWAL_PAGE_BYTES / 4;
/** A changed case without its entry in lists: about what it costs a holder, compared with a summary. */
const HEAD_BYTES = 200;
/** Terms in one answer. Should more moments be near, the last of these terms counts for every other case. */
const MAX_TERMS = 2_000;

type ListedRow = HeadRow & { has_content: number };

/** FNV-1a of a text's UTF-16 units. It notices a changed row, and nobody chooses the texts. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
}

export class Readings {
  readonly #sql: SqlStorage;
  readonly #revisions: Revisions;
  readonly #content: StoredContent;
  readonly #clock: LedgerClock;
  readonly #changes: Changes;
  readonly #settled: () => number;
  readonly #profile: Profile;
  /** The sequences of revisions that were parsed since the start. */
  readonly #checked = new Set<number>();
  /** Hashes of stored summaries that were found to be valid, by sequence: validating one takes longer than sending it. */
  readonly #validSummaries = new Map<number, number>();

  /** @param settled settles due revisions and returns the time it settled for */
  constructor(
    sql: SqlStorage,
    revisions: Revisions,
    content: StoredContent,
    clock: LedgerClock,
    changes: Changes,
    settled: () => number,
    profile: Profile,
  ) {
    this.#sql = sql;
    this.#revisions = revisions;
    this.#content = content;
    this.#clock = clock;
    this.#changes = changes;
    this.#settled = settled;
    this.#profile = profile;
  }

  #leased<T>(value: T, now: number, nextMoment: number | null): Leased<T> {
    return { value, validFor: this.#clock.validFor(now, nextMoment), epoch: this.#changes.epoch() };
  }

  #leasedCase<T>(value: T, now: number, id: string): Leased<T> {
    return this.#leased(value, now, this.#revisions.nextMomentOf(id, now));
  }

  /** The case in a row. Keeps the summary in step with what can be shown, because lists are made of summaries. */
  read(row: Row): Case | "unshowable" | null {
    const fields = this.#content.read(row);
    this.#checked.add(row.sequence);
    const isShowable = fields !== "unshowable" && fields !== null;
    if (isShowable === (row.summary === null)) {
      this.#revisions.setSummary(row.sequence, isShowable ? JSON.stringify(summaryOf(fields)) : null);
      this.#changes.touch([row]);
    }
    return fields;
  }

  case(id: string): Leased<CaseState> {
    const now = this.#settled();
    const live = this.#revisions.head(id, now);
    if (!live) return this.#leasedCase<CaseState>({ state: "absent" }, now, id);
    const row = this.#revisions.row(id, live.number);
    const revision = revisionOf(row);
    const fields = this.read(row);
    return this.#leasedCase<CaseState>(
      fields === null
        ? { state: "withdrawn", revision }
        : fields === "unshowable"
          ? { state: "unshowable", revision }
          : { state: "present", record: { case: fields, revision }, ...this.#standing(id, live, revision, now) },
      now,
      id,
    );
  }

  /** The news before a case's head, while views may show it. */
  #standing(id: string, live: Moment, head: Revision, now: number): { corrected?: Revision; earlier?: Revision } {
    const before = this.#revisions.before(id, live, now - CORRECTION_NEWS_MS).map(revisionOf);
    const corrected = before.find(({ kind }) => kind === "correction");
    const earlier = greaterNews(head, before, now);
    return { ...(corrected ? { corrected } : {}), ...(earlier ? { earlier } : {}) };
  }

  /** @param before only revisions with lower numbers; null for the newest */
  historyPage(id: string, before: number | null, limit: number): Leased<HistoryPage | null> {
    const now = this.#settled();
    const first = this.#revisions.first(id, now);
    const head = this.#revisions.head(id, now);
    if (!first || !head) return this.#leasedCase<HistoryPage | null>(null, now, id);
    // Pending revisions, which may be many, follow the head.
    const rows = this.#revisions.live(
      id,
      now,
      Math.min(before ?? Number.POSITIVE_INFINITY, head.number + 1),
      limit + 1,
    );
    const isOlder = rows[0] !== undefined && rows[0].number < head.number;
    const newer = isOlder ? this.#revisions.following(id, now, rows[0]!.number) : null;
    const published = ({ number, liveAt }: Moment) => ({ number, liveAt: iso(liveAt) });
    const page: HistoryPage = {
      revisions: rows.slice(0, limit).map(revisionOf),
      older: rows[limit] ? revisionOf(rows[limit]) : null,
      newer: newer && published(newer),
      first: published(first),
      newest: { ...published(head), kind: head.kind },
    };
    return this.#leasedCase<HistoryPage | null>(page, now, id);
  }

  revision(id: string, number: number): Leased<RevisionState> {
    const now = this.#settled();
    const live = this.#revisions.head(id, now);
    const wanted = this.#revisions.standing(id, number);
    const state = (): RevisionState => {
      if (!live || !wanted || wanted.liveAt > now) return { state: "absent" };
      if (live.kind === "withdrawal")
        return { state: "withdrawn", revision: revisionOf(this.#revisions.row(id, live.number)) };
      const row = this.#revisions.row(id, number);
      const revision = revisionOf(row);
      if (row.kind === "withdrawal") return { state: "withdrawn", revision };
      const fields = this.read(row);
      if (fields === null) return { state: "erased", revision };
      return fields === "unshowable"
        ? { state: "unshowable", revision }
        : { state: "present", record: { case: fields, revision } };
    };
    return this.#leasedCase(state(), now, id);
  }

  /** A stored summary with its number as printed; null when the case can't be shown. */
  #summary(id: string, text: string | null): Omit<CaseSummary, "revision"> | null {
    const summary = stored(StoredSummary, text);
    return summary && { ...summary, number: numberOf(id, this.#profile) };
  }

  /** @returns a case's entry in lists; its summary is null when the case can't be shown */
  #listed(row: ListedRow): Listed {
    const { revision, ...added } = placed(row, this.#profile);
    if (!row.has_content) return { revision };
    const summary = stored(StoredSummary, row.summary);
    return summary
      ? { revision, summary: { ...summary, ...added, revision } }
      : { revision, unshowable: { id: row.case_id, number: added.number } };
  }

  /** Newest change first. */
  summaries(): Leased<Summaries> {
    const now = this.#settled();
    const rows = this.#sql
      .exec<ListedRow>(
        `SELECT r.case_id, summary, r.number, sequence, kind, live_at, 1 AS has_content, ${correctedColumn("r", "?2")}
         FROM revisions r
         JOIN (SELECT case_id, MAX(number) AS number FROM revisions WHERE fate IS NULL AND live_at <= ?1 GROUP BY case_id) h
           ON h.case_id = r.case_id AND h.number = r.number
         WHERE content IS NOT NULL ORDER BY live_at DESC, sequence DESC`,
        now,
        now - CORRECTION_NEWS_MS,
      )
      .toArray();
    const cases: CaseSummary[] = [];
    const unshowable: Unshowable[] = [];
    for (const row of rows) {
      const listed = this.#listed(row);
      if (listed.summary) cases.push(listed.summary);
      if (listed.unshowable) unshowable.push(listed.unshowable);
    }
    return this.#leased({ cases, unshowable }, now, this.#revisions.nextMoment(now));
  }

  /**
   * What changed for readers since an epoch. One answer renews every copy of a holder.
   * @param since null for a holder that knows nothing yet
   * @param lists true for a holder that needs the changed cases' entries in lists
   */
  changesSince(since: Epoch | null, lists: boolean): RenewalText {
    const now = this.#settled();
    const newest = this.#changes.epoch();
    const from = since?.history === newest.history && since.number <= newest.number ? since.number : 0;
    const texts: string[] = [];
    let last = 0;
    let bytes = 0;
    let more = false;
    const rows = this.#sql.exec<ListedRow & { epoch: number }>(
      lists
        ? `SELECT epoch, c.case_id, summary, c.number, c.sequence, kind, c.live_at, content IS NOT NULL AS has_content,
             ${correctedColumn("c", "?2")}
           FROM changes c CROSS JOIN revisions r ON r.sequence = c.sequence
           WHERE epoch > ?1 ORDER BY epoch`
        : `SELECT epoch, case_id, NULL AS summary, number, sequence, '' AS kind, live_at, 1 AS has_content,
             NULL AS corrected
           FROM changes WHERE epoch > ?1 AND ?2 ORDER BY epoch`,
      from,
      now - CORRECTION_NEWS_MS,
    );
    for (const row of rows) {
      more = bytes > (lists && from === 0 ? FIRST_PAGE_BYTES : RENEWAL_PAGE_BYTES);
      if (more) break;
      bytes += HEAD_BYTES + (row.summary?.length ?? 0);
      last = row.epoch;
      texts.push(this.#changeText(row, lists));
    }
    const epoch = { ...newest, number: more ? last : newest.number };
    return { epoch, since: from, more, text: `[${texts.join(",")}]`, ...this.#terms(now) };
  }

  #change(row: ListedRow & { epoch: number }, lists: boolean): Changed {
    const { case_id: id, number, epoch } = row;
    return { id, number, epoch, ...(lists ? { listed: this.#listed(row) } : {}) };
  }

  /** A change as JSON. The stored summary becomes a part of it as it stands. */
  #changeText(row: ListedRow & { epoch: number }, lists: boolean): string {
    const { case_id: id, number, sequence, epoch, summary } = row;
    if (!lists || !row.has_content || summary === null || !this.#isValidSummary(sequence, summary))
      return JSON.stringify(this.#change(row, lists));
    const listed = `{"summary":${summaryText({ ...row, summary }, this.#profile)}}`;
    return `${JSON.stringify({ id, number, epoch }).slice(0, -1)},"listed":${listed}}`;
  }

  #isValidSummary(sequence: number, text: string): boolean {
    const hash = hashOf(text);
    if (this.#validSummaries.get(sequence) === hash) return true;
    if (stored(StoredSummary, text) === null) return false;
    this.#validSummaries.set(sequence, hash);
    return true;
  }

  #terms(now: number): Pick<RenewalText, "validFor" | "terms"> {
    const validFor = this.#clock.validFor(now, null);
    const terms = new Map<string, number>();
    const moments = this.#sql.exec<{ case_id: string; live_at: number }>(
      "SELECT case_id, live_at FROM revisions WHERE fate IS NULL AND shown = 0 AND live_at > ? ORDER BY live_at",
      now,
    );
    for (const { case_id: id, live_at } of moments) {
      const term = this.#clock.validFor(now, live_at);
      if (term >= validFor) break;
      if (terms.size === MAX_TERMS) return { validFor: term, terms: [...terms] };
      if (!terms.has(id)) terms.set(id, term);
    }
    return { validFor, terms: [...terms] };
  }

  /** Parses every live head that wasn't read since the start. @returns the number of cases that can't be shown */
  countUnshowable(): number {
    for (const { id, revision } of this.summaries().value.cases)
      if (!this.#checked.has(revision.sequence)) this.read(this.#revisions.row(id, revision.number));
    return this.summaries().value.unshowable.length;
  }

  /**
   * The newest live revisions of one case or of all, newest (moment, sequence) first. A withdrawn case has only its withdrawal.
   * @param id null for all cases
   */
  recent(id: string | null): Leased<Recent[]> {
    const now = this.#settled();
    const live = "later.case_id = r.case_id AND later.fate IS NULL AND later.live_at <= ?1";
    const rows = this.#sql
      .exec<MetadataRow & { erased_at: number | null; has_content: number }>(
        // Only a redaction erases what was live, and a withdrawal is the last revision of its case.
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
      )
      .toArray();
    const recent = rows.map((row) => ({
      id: row.case_id,
      revision: revisionOf(row),
      summary: this.#summary(row.case_id, row.summary),
      ...(row.has_content && !stored(StoredSummary, row.summary) ? { unshowable: true as const } : {}),
      ...(row.erased_at === null ? {} : { erasedAt: iso(row.erased_at) }),
    }));
    return id === null ? this.#leased(recent, now, this.#revisions.nextMoment(now)) : this.#leasedCase(recent, now, id);
  }
}
