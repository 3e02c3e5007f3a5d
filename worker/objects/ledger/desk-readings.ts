/**
 * The Ledger's read queries for editors. They see what is committed and what is
 * proposed, and get no leases.
 */
import type { Case } from "../../../shared/case/schema.ts";
import { plainTexts, textsIn } from "../../../shared/case/text.ts";
import { numberOf } from "../../../shared/profile/numbers.ts";
import { StoredSummary } from "../../../shared/view/summary.ts";
import type { DeskCase, DeskRecord } from "../../editing/rules/desk.ts";
import { nameFinder, nameMentionsIn } from "../../editing/rules/name-forms.ts";
import { iso } from "../../runtime/iso.ts";
import { LedgerPart } from "./ledger-part.ts";
import { type DeskRow, revisionOf, stored } from "./revisions.ts";

export class DeskReadings extends LedgerPart {
  /**
   * Every case with a committed revision or a proposal, in the order of the
   * last work on it. Its words come from summaries, so that the cost doesn't
   * grow with the length of the cases.
   */
  cases(): DeskCase[] {
    const now = this.journal.settled();
    const waits = this.sql.allRows<{ id: string; waits: number }>(
      "SELECT case_id AS id, COUNT(*) AS waits FROM proposals GROUP BY case_id ORDER BY MAX(proposed_at) DESC, MAX(id)",
    );
    const waiting = new Map(waits.map(({ id, waits }) => [id, waits]));
    const committed = this.sql.allRows<
      Pick<
        DeskRow,
        | "case_id"
        | "number"
        | "kind"
        | "live_at"
        | "editor"
        | "approved_by"
        | "summary"
      >
    >(
      `SELECT r.case_id, number, kind, live_at, editor, approved_by, summary FROM revisions r
       JOIN (SELECT case_id, MAX(number) AS newest, MAX(number) FILTER (WHERE live_at <= ?1) AS live, MAX(sequence) AS last
         FROM revisions WHERE fate IS NULL GROUP BY case_id) h ON h.case_id = r.case_id
       WHERE fate IS NULL AND (number IN (newest, live) OR live_at > ?1) ORDER BY last DESC, number`,
      now,
    );
    // The newest one of each case.
    const proposed = new Map(
      this.journal.proposals
        .list()
        .proposals.map((proposal) => [proposal.case, proposal]),
    );
    const rows = Map.groupBy(committed, ({ case_id: id }) => id);
    return [...new Set([...waiting.keys(), ...rows.keys()])].map((id) => {
      const own = rows.get(id) ?? [];
      const live = own.findLast(({ live_at }) => live_at <= now);
      // What readers see, as long as they see anything.
      const summary = stored(
        StoredSummary,
        live?.summary ?? own.at(-1)?.summary ?? null,
      );
      const { title, language } =
        summary ?? (own.length === 0 ? proposed.get(id) : null) ?? {};
      return {
        id,
        number: numberOf(id, this.journal.profile),
        title: title ? plainTexts(title) : null,
        language: language ?? null,
        state: !live
          ? "unpublished"
          : live.kind === "withdrawal"
            ? "withdrawn"
            : "present",
        newest: own.at(-1)?.number ?? 0,
        live: live?.number ?? null,
        liveAt: live ? iso(live.live_at) : null,
        pending: own
          .filter(({ live_at }) => live_at > now)
          .map(({ number, kind, live_at, editor, approved_by: by }) => ({
            ...{ number, kind, liveAt: iso(live_at), editor },
            ...(by === null ? {} : { approvedBy: by }),
          })),
        waiting: waiting.get(id) ?? 0,
        action: summary?.action ?? null,
        until: summary?.until ?? null,
        asOf: summary?.asOf ?? null,
        people: (summary?.people ?? []).map((name, at) => ({
          name,
          custody: summary?.states?.[at] ?? "",
        })),
        outdated: summary?.outdated ?? 0,
        spellings: summary?.spellings ?? [],
        places: summary?.places ?? [],
        placeNames: summary?.placeNames.flatMap(({ names }) => names) ?? [],
      };
    });
  }

  /**
   * The cases in which a form of a name or one of some sentences stands, each
   * with its newest committed revision.
   */
  casesWith(
    names: readonly string[],
    sentences: readonly string[],
  ): { id: string; number: number }[] {
    const finder = nameFinder(names);
    const isFound = (fields: Case) =>
      nameMentionsIn(fields, finder).length > 0 ||
      (sentences.length > 0 &&
        textsIn(fields).some(({ text }) =>
          Object.values(plainTexts(text)).some((words) =>
            sentences.some((one) => words.includes(one)),
          ),
        ));
    const query =
      "SELECT case_id AS id, MAX(number) AS number FROM revisions WHERE fate IS NULL GROUP BY case_id ORDER BY case_id";
    return this.sql
      .allRows<{ id: string; number: number }>(query)
      .filter(({ id, number }) => {
        const fields = this.journal.content.valid(
          this.journal.revisions.row(id, number),
        );
        return fields !== null && isFound(fields);
      });
  }

  /** A case in all its revisions that have content, from one on. */
  everyRevision(id: string, from = 1): Case[] {
    const { content, revisions } = this.journal;
    return revisions
      .moments(id)
      .flatMap(({ number }) =>
        number < from ? [] : (content.valid(revisions.row(id, number)) ?? []),
      );
  }

  /**
   * The case in a revision; null when the revision doesn't exist, was
   * cancelled, was erased, or can't be shown.
   */
  caseAt(id: string, number: number): Case | null {
    return this.journal.revisions.standing(id, number)
      ? this.journal.content.valid(this.journal.revisions.row(id, number))
      : null;
  }

  /** The number that the next revision of a case gets. */
  nextNumber(id: string): number {
    return this.journal.revisions.nextNumber(id);
  }

  /**
   * True if the newest committed revision of a case has content that can't be
   * shown.
   */
  isUnshowable(id: string): boolean {
    const newest = this.journal.revisions.newest(id);
    return (
      newest !== null &&
      this.journal.content.read(
        this.journal.revisions.row(id, newest.number),
      ) === "unshowable"
    );
  }

  /**
   * The editors' view of a case: its newest committed revision and the pending
   * ones. Null when nothing was committed.
   * @param withPending false for a caller that needs only the newest one,
   * without drafts
   */
  record(id: string, withPending = true, number?: number): DeskRecord | null {
    const now = this.journal.settled();
    const chosen =
      number === undefined
        ? this.journal.revisions.newest(id)
        : this.journal.revisions.standing(id, number);
    if (!chosen) return null;
    const desk = (row: DeskRow) => ({
      ...revisionOf(row),
      committedAt: iso(row.committed_at),
      editor: row.editor,
      notify: row.notify,
      ...(row.approved_by === null ? {} : { approvedBy: row.approved_by }),
    });
    const row = this.journal.revisions.row(id, chosen.number);
    return {
      case: this.journal.content.valid(row),
      revision: desk(row),
      live: this.journal.revisions.head(id, now)?.number ?? null,
      pending: withPending
        ? this.journal.revisions.pending(id, now).map(desk)
        : [],
      next: this.journal.revisions.nextNumber(id),
      ...(withPending && { drafts: this.journal.drafts.about(id) }),
    };
  }
}
