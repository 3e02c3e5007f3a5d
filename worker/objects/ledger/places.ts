/**
 * The pages elsewhere that are known to quote a case. They are editors' work
 * about a case, not part of what is published: so they stand in the Ledger
 * beside it, in its backup and its log of actions, and in no revision.
 */
import { numberOf } from "../../../shared/profile/numbers.ts";
import * as rules from "../../editing/rules/places.ts";
import { digest } from "../../runtime/digest.ts";
import { iso } from "../../runtime/iso.ts";
import type { Outcome } from "./command.ts";
import { LedgerPart } from "./ledger-part.ts";

/** A page is compared with at most so many revisions. */
const MAX_HISTORY = 30;

/** `next_at` is null until an editor accepts what a visitor told. */
type Row = Pick<
  rules.Place,
  "id" | "case" | "url" | "contact" | "note" | "origin" | "since" | "lookedOn"
> & {
  next_at: number | null;
  found: rules.PlaceFinding | null;
};

export class Places extends LedgerPart {
  /**
   * Adds a page, changes what is said of it, or accepts what a visitor told.
   * @param editor null for a visitor, whose page waits for an editor; one that
   * is known, or one too many, changes nothing
   */
  add(
    { case: id, url, ...said }: rules.NewPlace,
    editor: string | null,
  ): Outcome<{ id: string }> {
    if (!this.journal.head(id)) return { failure: { tag: "unknown-case", id } };
    const known = this.#rows("case_id = ?", id);
    const same = known.find((one) => one.url === url);
    const waiting = this.sql.oneValue(
      "SELECT COUNT(*) FROM places WHERE next_at IS NULL",
    );
    const counted = known.filter(
      (one) => editor === null || one.next_at !== null,
    );
    const isFull = !same && counted.length >= rules.MAX_PLACES_PER_CASE;
    if (
      editor === null &&
      (same || isFull || waiting >= rules.MAX_WAITING_PLACES)
    )
      return { done: { id: "" } };
    if (isFull)
      return {
        failure: { tag: "too-many-places", most: rules.MAX_PLACES_PER_CASE },
      };
    return this.storage.transactionSync(() => {
      const next =
        editor === null ? null : (same?.next_at ?? this.journal.settled());
      const [place, origin] = [
        same?.id ?? crypto.randomUUID(),
        editor === null ? "partner" : "editor",
      ];
      if (!same)
        this.sql.insert("places", { id: place, case_id: id, url, origin });
      this.sql.rewrite("places", { ...said, next_at: next }, "id = ?", place);
      if (editor !== null) this.#log("place-add", id, place, editor);
      return { done: { id: place } };
    });
  }

  remove(place: string, editor: string): Outcome<true> {
    const [row] = this.#rows("id = ?", place);
    if (!row) return { failure: { tag: "unknown-place", id: place } };
    return this.storage.transactionSync(() => {
      this.sql.erase("places", "id = ?", place);
      this.#log("place-remove", row.case, place, editor);
      return { done: true };
    });
  }

  /**
   * The links of a case are places, from the night after their revision on.
   * Must run in the transaction of the commit.
   */
  followLinks(
    id: string,
    links: readonly { href: string }[],
    liveAt: number,
  ): void {
    const known = this.#rows("case_id = ?", id);
    const urls = [
      ...new Set(
        links.map(({ href }) => new URL(href).href.replace(/#.*/, "")),
      ),
    ];
    const gone = known.filter(
      ({ origin, url }) => origin === "link" && !urls.includes(url),
    );
    for (const { id: place } of gone) this.sql.erase("places", "id = ?", place);
    const added = urls.filter((url) => !known.some((one) => one.url === url));
    const link = {
      case_id: id,
      origin: "link",
      next_at: rules.nextLook(liveAt, liveAt),
    };
    for (const url of added)
      this.sql.insert("places", { id: crypto.randomUUID(), url, ...link });
  }

  /** Brings looks forward at the moments of revisions. */
  follow(due: readonly { case_id: string; live_at: number }[]): void {
    const query =
      "UPDATE places SET next_at = MIN(next_at, ?) WHERE found ->> 'shows' IS NOT TRUE AND case_id = ?";
    for (const { case_id: id, live_at: at } of due)
      this.sql.exec(query, rules.nextLook(at, at), id);
  }

  /**
   * The pages of a case, or the tasks of all cases: first those that wait for
   * an editor, then old ones.
   */
  list(id: string | null): rules.Place[] {
    const which =
      id === null
        ? "(next_at IS NULL OR found ->> 'state' = 'old')"
        : "case_id = ?";
    const order = `ORDER BY next_at IS NOT NULL, found ->> 'state' IS NOT 'old', case_id, url LIMIT 500`;
    return this.#rows(`${which} ${order}`, ...(id === null ? [] : [id])).map(
      ({ next_at: next, found, ...row }) => {
        const {
          digest: _,
          etag: __,
          judged: ___,
          ...said
        } = found ?? { state: null };
        // An erasure that isn't live yet, or was undone, says nothing of the
        // page.
        const known =
          said.state === "old" && row.since === null ? { state: null } : said;
        return {
          ...row,
          ...known,
          waits: next === null,
          number: numberOf(row.case, this.journal.profile),
          letter: null,
        };
      },
    );
  }

  /** How many pages the last looks found in each state, for metrics. */
  counts(): { state: string; count: number }[] {
    const query =
      "SELECT found ->> 'state' AS state, COUNT(*) AS count FROM places WHERE state > '' GROUP BY 1";
    return this.sql.allRows(query);
  }

  /**
   * Claims pages that are due, or once those of cases from which something was
   * erased. Whatever a look finds, it is that day's last.
   */
  due(
    now: number,
    limit: number,
    erasedFrom: readonly string[] | null,
  ): rules.DuePage[] {
    // An index of addresses would keep erased ones; that of their lengths finds
    // them as well.
    const seen =
      "SELECT 1 FROM places q WHERE length(q.url) = length(p.url) AND q.url = p.url AND looked_at >= ?2";
    const [which, ...values] = erasedFrom
      ? [
          "case_id IN (SELECT value FROM json_each(?))",
          JSON.stringify(erasedFrom),
          -1,
        ]
      : [
          `next_at <= ? AND NOT EXISTS (${seen})`,
          now,
          now - (now % rules.DAY_MS),
          limit,
        ];
    const query = `SELECT DISTINCT url FROM places p WHERE next_at IS NOT NULL AND ${which} ORDER BY next_at LIMIT ?`;
    return this.sql.allValues<string>(query, ...values).map((url) => ({
      url,
      subjects: this.#rows(
        "next_at IS NOT NULL AND length(url) = length(?1) AND url = ?1",
        url,
      ).map((row) => {
        const { id: place, case: id, found: last } = row;
        const head = this.journal.head(id);
        const next = rules.nextLook(
          last?.shows || !head ? 0 : head.liveAt,
          now,
        );
        this.sql.exec(
          "UPDATE places SET looked_at = ?, next_at = ? WHERE id = ?",
          now,
          next,
          place,
        );
        return {
          place,
          id,
          last,
          judged: head?.number ?? 0,
          history: this.#history(id, now),
        };
      }),
    }));
  }

  /** What readers saw, oldest first. */
  #history(id: string, now: number): rules.SeenRevision[] {
    const live = this.journal.revisions.live(
      id,
      now,
      Number.MAX_SAFE_INTEGER,
      MAX_HISTORY,
    );
    return live.toReversed().flatMap(({ number, kind, live_at }) => {
      const fields = this.journal.desk.caseAt(id, number);
      return fields ? { number, kind, liveAt: iso(live_at), case: fields } : [];
    });
  }

  /**
   * Keeps what looks found. A page that has become old is news to editors'
   * webhooks and groups.
   */
  saw(sights: readonly { place: string; found: rules.PlaceFinding }[]): void {
    for (const { place, found } of sights) {
      const [row] = this.#rows("id = ?", place);
      // A page that can't be read, or has not changed, still holds what was
      // erased, also when a look had begun before.
      const held =
        row?.found?.reason === "erased" && found.reason !== "erased"
          ? [undefined, row.found.digest]
          : [];
      if (!row || held.includes(found.digest)) continue;
      this.sql.exec(
        "UPDATE places SET found = ? WHERE id = ?",
        JSON.stringify(found),
        place,
      );
      const isNews =
        found.state === "old" && row.found?.olderThan !== found.olderThan;
      if (isNews) this.#log("place-old", row.case, place);
    }
  }

  /**
   * After an erasure: editors' notes may name whom it was about, and the last
   * looks compared the page with what is erased.
   */
  erase(id: string): void {
    this.sql.rewrite("places", { note: null }, "case_id = ?", id);
    this.sql.exec(
      "UPDATE places SET found = NULL WHERE case_id = ? AND found ->> 'reason' IS NOT 'erased'",
      id,
    );
  }

  /**
   * `since`: the day of the revision that the page is older than, once readers
   * see it.
   */
  #rows(where: string, ...values: SqlStorageValue[]): Row[] {
    const day = (moment: string) => `date(${moment} / 1000, 'unixepoch')`;
    const since = `SELECT ${day("live_at")} FROM revisions r
      WHERE r.case_id = p.case_id AND r.number = found ->> 'olderThan' AND fate IS NULL AND shown = 1`;
    const query = `SELECT id, case_id AS "case", url, contact, note, origin, next_at, found, (${since}) AS since,
      ${day("looked_at")} AS lookedOn FROM places p WHERE ${where}`;
    return this.sql
      .allRows<Row & { found: string }>(query, ...values)
      .map((row) => ({ ...row, found: row.found && JSON.parse(row.found) }));
  }

  /**
   * The subject is the page's id: the digest of an address could confirm a
   * guess of an erased one. Brackets tell a look from an editor.
   */
  #log(
    action: "place-add" | "place-remove" | "place-old",
    id: string,
    place: string,
    editor = "(daily look)",
  ): void {
    const at = this.journal.settled();
    this.journal.audit.append({
      at,
      editor,
      action,
      case: id,
      number: null,
      subject: digest(place),
    });
  }
}
