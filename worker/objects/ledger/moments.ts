/**
 * What happens at a moment: revisions go live, and what they erase goes from
 * everything that the Ledger stores.
 */
import type { Case } from "../../../shared/case/schema.ts";
import type { Failure } from "../../../shared/failure.ts";
import { iso } from "../../runtime/iso.ts";
import { LedgerParts } from "./parts.ts";
import type { HeadRow } from "./revisions.ts";

export class Moments extends LedgerParts {
  /** Called when revisions were settled. */
  onSettled: () => void = () => {};
  /**
   * Called after a commit, in the same turn: the next alarm may have changed.
   */
  onCommitted: () => void = () => {};
  /** Called in the transaction that adds to the list of erasures. */
  onErased: () => void = () => {};

  /**
   * Settles every due revision before any reader sees it: stores the mark,
   * erases content, adds log entries and announcements. Thousands may share a
   * moment, so what each of them needs is written by few statements.
   * @returns the number of revisions that were due
   */
  settle(now = this.clock.now()): number {
    for (let settled = 0; ; ) {
      const due = this.revisions.due(now);
      if (due.length === 0) {
        if (settled > 0) this.onSettled();
        return settled;
      }
      settled += due.length;
      this.storage.transactionSync(() => {
        this.clock.mark(due.at(-1)!.live_at);
        this.revisions.markShown(due);
        for (const {
          case_id,
          number,
          kind,
          is_republication,
          erasure,
        } of due) {
          if (is_republication) this.changes.touchHistory(case_id, number);
          this.portraits.settle(case_id, number);
          if (kind === "redaction" || kind === "withdrawal")
            this.eraseBefore(case_id, number);
          if (erasure !== null) {
            this.drafts.eraseHeld(erasure);
            this.proposals.eraseHeld(erasure);
          }
        }
        if (
          due.some(({ kind }) => kind === "redaction" || kind === "withdrawal")
        )
          this.onErased();
        this.places.follow(due);
        this.changes.touch(due);
        this.announcements.add(due);
        this.log.append(due);
      });
    }
  }

  /**
   * Settles and returns the time it settled for. Callers use this time, because
   * a second reading of the clock may be later.
   */
  settled(): number {
    const now = this.clock.now();
    this.settle(now);
    return now;
  }

  /**
   * Erases the content of a case before this revision: in its history, in every
   * editor's drafts and in its proposals.
   * @returns true if a draft, proposal or picture was erased
   */
  eraseBefore(id: string, number: number): boolean {
    this.revisions.eraseBefore(id, number);
    this.authors.erase(id, 0, number - 1);
    this.places.erase(id);
    this.content.forget();
    const portraits = this.portraits.eraseUnnamed(id, number, true);
    const drafts = this.drafts.eraseBefore(id, number);
    return this.proposals.eraseBefore(id, number) || drafts || portraits;
  }

  /** The newest revision of a case that readers see. */
  head(id: string): HeadRow | null {
    return this.revisions.head(id, this.settled());
  }

  /**
   * The case that readers see; null when there is none, and when it can't be
   * shown.
   */
  liveCase(id: string): Case | null {
    const live = this.head(id);
    return live && this.content.valid(this.revisions.row(id, live.number));
  }

  /**
   * Null for a case that was only published by mistake: it can be published
   * again. Its history shows the withdrawal.
   */
  withdrawal(id: string): Failure | null {
    const live = this.head(id);
    return live?.kind === "withdrawal" && live.reason !== "mistake"
      ? { tag: "withdrawn", id, number: live.number, liveAt: iso(live.liveAt) }
      : null;
  }

  /**
   * When the alarm must fire next, in milliseconds since the epoch; null when
   * there is nothing to do.
   */
  nextAlarm(): number | null {
    const next = this.revisions.nextMoment();
    const due = this.announcements.nextDue();
    return next === null || due === null ? (next ?? due) : Math.min(next, due);
  }
}
