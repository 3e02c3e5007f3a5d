/**
 * The pages elsewhere that are known to quote a case. They are editors' work about a case, not part of what is published: so they stand in the
 * Ledger beside it, in its backup and its log of actions, and in no revision.
 */
import { numberOf } from "../../../shared/profile/numbers.ts";
import {
  type DuePage,
  MAX_PLACES_PER_CASE,
  MAX_WAITING_PLACES,
  type NewPlace,
  nextLook,
  type Place,
  type PlaceFinding,
  type SeenRevision,
  type Sight,
} from "../../editing/rules/places.ts";
import { digest } from "../../runtime/digest.ts";
import { iso } from "../../runtime/iso.ts";
import type { Outcome } from "./command.ts";
import { LedgerPart } from "./ledger-part.ts";

/** The name in the audit log. Brackets tell it from an editor. */
const LOOK_EDITOR = "(daily look)";
const DAY_MS = 86_400_000;
/** A page is compared with at most so many revisions. */
const MAX_HISTORY = 30;
const MAX_LISTED = 500;
const AMONG = "IN (SELECT value FROM json_each(?))";

type Row = Pick<Place, "id" | "case" | "url" | "contact" | "note" | "origin"> & {
  waits: number;
  looked_at: number | null;
  found: string | null;
  /** The moment of the revision that the page is older than, once readers see it. */
  since: number | null;
};

const day = (time: number | null) => (time === null ? null : iso(time).slice(0, 10));
const foundIn = ({ found }: Pick<Row, "found">): PlaceFinding | null => found && JSON.parse(found);

export class Places extends LedgerPart {
  /**
   * Adds a page, changes what is said of it, or accepts what a visitor told.
   * @param editor null for a visitor, whose page waits for an editor; one that is known, or one too many, changes nothing
   */
  add({ case: id, url, contact, note }: NewPlace, editor: string | null): Outcome<{ id: string }> {
    if (!this.journal.head(id)) return { failure: { tag: "unknown-case", id } };
    const known = this.#rows("case_id = ? AND url = ?", id, url)[0];
    const waiting = this.sql.oneValue("SELECT COUNT(*) FROM places WHERE waits");
    if (editor === null && (known || waiting >= MAX_WAITING_PLACES)) return { done: { id: "" } };
    if (!known && this.#rows("case_id = ?", id).length >= MAX_PLACES_PER_CASE)
      return { failure: { tag: "too-many-places", most: MAX_PLACES_PER_CASE } };
    return this.storage.transactionSync(() => {
      const place = known?.id ?? this.#insert(id, url, editor === null ? "partner" : "editor", this.journal.settled());
      const said = { contact: contact ?? null, note: note ?? null, waits: Number(editor === null) };
      this.sql.rewrite("places", said, "id = ?", place);
      if (editor !== null) this.#log("place-add", editor, id, url);
      return { done: { id: place } };
    });
  }

  remove(place: string, editor: string): Outcome<true> {
    const [row] = this.#rows("id = ?", place);
    if (!row) return { failure: { tag: "unknown-place", id: place } };
    return this.storage.transactionSync(() => {
      this.sql.erase("places", "id = ?", place);
      this.#log("place-remove", editor, row.case, row.url);
      return { done: true };
    });
  }

  /** The links of a case are places, from the night after their revision on. Must run in the transaction of the commit. */
  followLinks(id: string, links: readonly { href: string }[], liveAt: number): void {
    const urls = links.map(({ href }) => href);
    this.sql.erase("places", `case_id = ? AND origin = 'link' AND url NOT ${AMONG}`, id, JSON.stringify(urls));
    const known = this.#rows("case_id = ?", id).map(({ url }) => url);
    for (const url of urls) if (!known.includes(url)) this.#insert(id, url, "link", nextLook(liveAt, liveAt));
  }

  /** Brings looks forward at a moment. */
  follow(ids: readonly string[], liveAt: number): void {
    const query = `UPDATE places SET next_at = MIN(next_at, ?) WHERE found ->> 'shows' IS NOT TRUE AND case_id ${AMONG}`;
    this.sql.exec(query, nextLook(liveAt, liveAt), JSON.stringify(ids));
  }

  /** The pages of a case, or of all cases: first those that wait for an editor, then old ones. */
  list(id: string | null): { places: Place[]; more: boolean } {
    const rows = this.#rows(
      `?1 IS NULL OR case_id = ?1 ORDER BY waits DESC, found ->> 'state' = 'old' DESC, case_id, url LIMIT ?2`,
      ...[id, MAX_LISTED + 1],
    );
    const places = rows.slice(0, MAX_LISTED).map(({ waits, looked_at, found, since, ...row }): Place => {
      const { digest: _, etag: __, judged: ___, ...said } = foundIn({ found }) ?? { state: null };
      // The erasure isn't live yet, or was undone.
      const isPending = said.state === "old" && since === null;
      const seen = { since: day(since), lookedOn: day(looked_at), letter: null };
      const number = numberOf(row.case, this.journal.profile);
      return { ...row, number, waits: waits === 1, ...(isPending ? { state: null } : said), ...seen };
    });
    return { places, more: rows.length > MAX_LISTED };
  }

  /** How many pages the last looks found in each state, for metrics. */
  counts(): { state: string; count: number }[] {
    const query = "SELECT found ->> 'state' AS state, COUNT(*) AS count FROM places WHERE found IS NOT NULL GROUP BY 1";
    return this.sql.allRows(query);
  }

  /** Claims pages that are due, or once those of cases from which something was erased. Whatever a look finds, it is that day's last. */
  due(now: number, limit: number, erasedFrom: readonly string[] | null): DuePage[] {
    const query = `SELECT url FROM places WHERE waits = 0 AND (?4 IS NULL OR case_id IN (SELECT value FROM json_each(?4)))
      AND (?4 IS NOT NULL OR EXISTS (SELECT 1 FROM places WHERE next_at <= ?1))
      GROUP BY url HAVING ?4 IS NOT NULL OR MIN(next_at) <= ?1 AND COALESCE(MAX(looked_at), 0) < ?2 ORDER BY MIN(next_at) LIMIT ?3`;
    const today = Math.floor(now / DAY_MS) * DAY_MS;
    const most = erasedFrom ? -1 : limit;
    return this.#claim(this.sql.allValues(query, now, today, most, erasedFrom && JSON.stringify(erasedFrom)), now);
  }

  #claim(urls: string[], now: number): DuePage[] {
    const rows = Map.groupBy(this.#rows(`waits = 0 AND url ${AMONG}`, JSON.stringify(urls)), ({ url }) => url);
    return urls.map((url) => {
      const subjects = (rows.get(url) ?? []).flatMap((row) => {
        const [head, last] = [this.journal.head(row.case), foundIn(row)];
        if (!head) return [];
        const next = nextLook(last?.shows ? null : head.liveAt, now);
        this.sql.exec("UPDATE places SET looked_at = ?, next_at = ? WHERE id = ?", now, next, row.id);
        return { place: row.id, id: row.case, last, judged: head.number, history: this.#history(row.case, now) };
      });
      return { url, subjects };
    });
  }

  /** What readers saw, oldest first. */
  #history(id: string, now: number): SeenRevision[] {
    const live = this.journal.revisions.live(id, now, Number.MAX_SAFE_INTEGER, MAX_HISTORY);
    return live.toReversed().flatMap(({ number, kind, live_at }) => {
      const fields = this.journal.desk.caseAt(id, number);
      return fields ? { number, kind, liveAt: iso(live_at), case: fields } : [];
    });
  }

  /** Keeps what looks found. A page that has become old is news to editors' webhooks and groups. */
  saw(sights: readonly Sight[]): void {
    this.storage.transactionSync(() => {
      for (const { place, found } of sights) {
        const [row] = this.#rows("id = ?", place);
        if (!row || !found) continue;
        this.sql.exec("UPDATE places SET found = ? WHERE id = ?", JSON.stringify(found), place);
        if (found.state === "old" && foundIn(row)?.olderThan !== found.olderThan)
          this.#log("place-old", LOOK_EDITOR, row.case, row.url);
      }
    });
  }

  /** After an erasure: editors' notes may name whom it was about, and the last looks compared the page with what is erased. */
  erase(id: string): void {
    this.sql.rewrite("places", { note: null }, "case_id = ?", id);
    this.sql.exec("UPDATE places SET found = NULL WHERE case_id = ? AND found ->> 'reason' IS NOT 'erased'", id);
  }

  #insert(id: string, url: string, origin: Place["origin"], next: number): string {
    const place = crypto.randomUUID();
    this.sql.insert("places", { id: place, case_id: id, url, origin, next_at: next });
    return place;
  }

  #rows(where: string, ...values: SqlStorageValue[]): Row[] {
    const since = `(SELECT live_at FROM revisions r WHERE r.case_id = p.case_id AND r.number = found ->> 'olderThan'
      AND fate IS NULL AND shown = 1) AS since`;
    const columns = `id, case_id AS "case", url, contact, note, origin, waits, looked_at, found, ${since}`;
    return this.sql.allRows(`SELECT ${columns} FROM places p WHERE ${where}`, ...values);
  }

  #log(action: "place-add" | "place-remove" | "place-old", editor: string, id: string, url: string): void {
    const at = this.journal.settled();
    this.journal.audit.append({ at, editor, action, case: id, number: null, subject: digest(url) });
  }
}
