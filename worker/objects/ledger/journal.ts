/**
 * The Ledger's transactions. Everything here is synchronous: a publish is one
 * transaction, with no await in it. The clock is a parameter, so tests can run
 * the rules on real storage under any clock.
 */
import * as v from "valibot";
import type { Case, Note } from "../../../shared/case/schema.ts";
import { CONTENT_VERSION } from "../../../shared/case/versions/steps.ts";
import type { Failure } from "../../../shared/failure.ts";
import type {
  RevisionKind,
  WithdrawalReason,
} from "../../../shared/revision.ts";
import { type Question, StoredAnswer } from "../../editing/rules/answers.ts";
import type {
  AuditAction,
  DraftSource,
  PublishedRevision,
} from "../../editing/rules/desk.ts";
import type { Erased } from "../../editing/rules/erase.ts";
import {
  openQuestions,
  questionsOf,
  questionsOpen,
  storedAnswers,
} from "../../editing/rules/questions.ts";
import { unreadOf } from "../../editing/rules/reading.ts";
import { newSalt } from "../../runtime/digest.ts";
import { iso } from "../../runtime/iso.ts";
import type { Outcome, PublishCommand, Undone } from "./command.ts";
import type { EraseCommand, ErasedCase } from "./erasures.ts";
import { GENESIS, hashesOf } from "./hash-chain.ts";
import { Moments } from "./moments.ts";
import { redactionNote } from "./redaction-note.ts";
import {
  derivedColumns,
  type Fate,
  type RevisionRow,
  StoredNote,
  type StoredRow,
  stored,
} from "./revisions.ts";

declare global {
  interface WholeJournal extends Journal {}
}

const StoredAnswers = v.array(StoredAnswer);

/** The line of the audit log that a commit leaves. */
const ACTIONS = {
  update: "publish",
  correction: "publish",
  withdrawal: "withdraw",
  redaction: "redact",
} as const satisfies Record<RevisionKind, string>;

/**
 * `published` is null for a case that was never live, which leaves no
 * withdrawal.
 */
export interface Withdrawn {
  cancelled: number[];
  published: PublishedRevision | null;
}

/** Where a publish goes: its moment, and the revision that it follows. */
export interface PlacedPublish {
  now: number;
  liveAt: number;
  previous: RevisionRow | null;
}

/**
 * The Ledger's commands. Its parts and its moments stand in the classes that it
 * extends.
 */
export class Journal extends Moments {
  #cancel(
    now: number,
    editor: string,
    action: AuditAction,
    fate: Fate,
    id: string,
    number: number,
  ): void {
    const row = this.revisions.row(id, number);
    this.revisions.cancel(id, number, fate);
    this.announcements.setWords(id, number, []);
    this.content.forget();
    this.#logCancelled(now, editor, action, row);
  }

  #logCancelled(
    now: number,
    editor: string,
    action: AuditAction,
    row: RevisionRow,
  ): void {
    const { case_id: id, number, hash } = row;
    this.authors.erase(id, number, number);
    this.onErased();
    this.audit.append({
      at: now,
      editor,
      action,
      case: id,
      number,
      subject: hash,
    });
  }

  #append(
    now: number,
    liveAt: number,
    previous: RevisionRow | null,
    revision: Pick<PublishCommand, "id" | "note" | "notify" | "editor"> & {
      case: Case | null;
      kind: RevisionKind;
      approvedBy?: string | undefined;
      answers?: StoredAnswer[];
      source?: DraftSource | null;
      reason?: WithdrawalReason;
      erasure?: number | null | undefined;
    },
  ): PublishedRevision {
    const {
      id,
      case: fields,
      note,
      kind,
      notify,
      editor,
      answers = [],
      source,
    } = revision;
    const number = this.revisions.nextNumber(id);
    const previousHash = previous?.hash ?? GENESIS;
    const salt = newSalt();
    const content = {
      case: fields,
      kind,
      liveAt: iso(liveAt),
      note,
      number,
      salt,
      version: CONTENT_VERSION,
    };
    const { contentHash, hash } = hashesOf(content, previousHash);
    this.revisions.insert({
      case_id: id,
      number,
      kind,
      content: fields && JSON.stringify(fields),
      content_version: CONTENT_VERSION,
      note: JSON.stringify(note),
      answers: answers.length > 0 ? JSON.stringify(answers) : null,
      source: source ? JSON.stringify(source) : null,
      salt,
      ...derivedColumns(kind, fields, previous && this.content.valid(previous)),
      reason: revision.reason ?? null,
      editor,
      approved_by: revision.approvedBy ?? null,
      notify,
      committed_at: now,
      live_at: liveAt,
      content_hash: contentHash,
      previous_hash: previousHash,
      hash,
      erasure: revision.erasure ?? null,
    });
    if (fields) this.authors.add(number, fields);
    if (fields) this.places.followLinks(id, fields.links ?? [], liveAt);
    const action = ACTIONS[kind];
    this.audit.append({
      at: now,
      editor,
      action,
      case: id,
      number,
      subject: hash,
      notify,
    });
    return { revision: number, liveAt: iso(liveAt) };
  }

  /** What a publish would be asked. */
  questions(command: PublishCommand): Outcome<Question[]> {
    const placed = this.#place(command);
    return "failure" in placed
      ? placed
      : { done: this.#questionsOf(command, placed) };
  }

  #questionsOf(
    command: PublishCommand,
    { liveAt, previous }: PlacedPublish,
  ): Question[] {
    const { case: fields, note } = command;
    const before = previous && this.content.valid(previous);
    return questionsOf(
      before && { case: before, liveAt: previous.live_at },
      { case: fields, note, liveAt },
      {
        isKnownAuthor: this.authors.isKnown,
        unread: unreadOf(this.sourceOf(command), command.reading),
      },
    );
  }

  /**
   * Checks a publish without committing it, whoever sends it.
   * @returns its moment, the revision it follows, and the answers that count
   */
  checkPublish(
    command: PublishCommand,
  ): (PlacedPublish & { answers: StoredAnswer[] }) | { failure: Failure } {
    const placed = this.#place(command);
    if ("failure" in placed) return placed;
    const questions = this.#questionsOf(command, placed);
    const given = command.answers ?? [];
    const open = openQuestions(questions, given);
    if (open.length > 0) return { failure: questionsOpen(open) };
    return { ...placed, answers: storedAnswers(questions, given) };
  }

  /**
   * The moment of a publish and the revision that it follows, or why it can't
   * be published.
   */
  #place(command: PublishCommand): PlacedPublish | { failure: Failure } {
    const now = this.settled();
    const { id, basedOn, replace, editor, draft } = command;
    // An erasure took out a name that stands in the draft, and its owner hasn't
    // looked.
    if (draft && this.drafts.isUnread(editor, draft.id))
      return { failure: { tag: "draft-unread", id: draft.id } };
    const newest = this.revisions.newest(id);
    const last =
      newest?.number === replace ? this.revisions.newest(id, replace) : newest;
    // A replacement may be based on the revision it replaces or on the one
    // before.
    const bases = replace === undefined ? [newest] : [newest, last];
    if (!bases.some((base) => (base?.number ?? 0) === basedOn))
      return {
        failure:
          basedOn === 0 && newest
            ? { tag: "exists", newest: newest.number }
            : { tag: "precondition-failed", newest: newest?.number ?? 0 },
      };
    const withdrawal = this.withdrawal(id);
    if (withdrawal) return { failure: withdrawal };
    if (replace !== undefined) {
      const refused = this.#refuseToCancel(id, replace, now);
      if (refused) return { failure: refused };
      const replaced = this.revisions.row(id, replace);
      // An erasure may span several cases, and a withdrawal has cancelled
      // others, so they are only undone, as a whole.
      if (replaced.kind === "redaction" || replaced.kind === "withdrawal")
        return {
          failure: {
            tag: "overtakes-pending",
            pending: replace,
            liveAt: iso(replaced.live_at),
          },
        };
    }
    const issues = this.portraits.issuesOf(command);
    if (issues.length > 0) return { failure: { tag: "invalid-case", issues } };
    const earliest = this.clock.earliestMoment(now);
    const liveAt = command.liveAt ?? earliest;
    if (liveAt < earliest)
      return { failure: { tag: "too-early", earliest: iso(earliest) } };
    const previous = last ? this.revisions.row(id, last.number) : null;
    if (
      last &&
      (last.liveAt >= liveAt ||
        (previous?.kind === "withdrawal" && last.liveAt > now))
    )
      return {
        failure: {
          tag: "overtakes-pending",
          pending: last.number,
          liveAt: iso(last.liveAt),
        },
      };
    return { now, liveAt, previous };
  }

  /**
   * Commits a revision with its moment. Refuses a revision that would go live
   * before a pending one.
   */
  publish(command: PublishCommand): Outcome<PublishedRevision> {
    const checked = this.checkPublish(command);
    if ("failure" in checked) return checked;
    const { now, liveAt, previous, answers } = checked;
    const { id, editor, replace, draft } = command;
    const source = this.sourceOf(command);
    const done = this.storage.transactionSync(() => {
      if (replace !== undefined)
        this.#cancel(now, editor, "replace", "replaced", id, replace);
      if (draft !== undefined)
        this.drafts.remove(editor, draft.id, draft.version);
      return this.#append(now, liveAt, previous, {
        ...command,
        source,
        answers,
      });
    });
    this.onCommitted();
    return { done };
  }

  /** The document of a command, or of the saved draft that it publishes. */
  sourceOf({
    editor,
    draft,
    source,
  }: Pick<PublishCommand, "editor" | "draft" | "source">): DraftSource | null {
    const read = draft && !source ? this.drafts.read(editor, draft.id) : null;
    const isSame =
      read &&
      read !== "damaged" &&
      (draft?.version == null || draft.version === read.version);
    return source ?? (isSame ? read.draft.source : null);
  }

  /**
   * The number of the newest committed revision, pending or live; 0 when there
   * is none.
   */
  newest(id: string): number {
    return this.revisions.newest(id)?.number ?? 0;
  }

  #refuseToCancel(id: string, number: number, now: number): Failure | null {
    const revision = this.revisions.standing(id, number);
    if (!revision || revision.liveAt <= now)
      return { tag: "not-pending", number };
    const newest = this.revisions.newest(id);
    return newest && newest.number !== number
      ? { tag: "not-newest-pending", number, newest: newest.number }
      : null;
  }

  /**
   * Cancels the newest pending revision and returns its content, so that the
   * editor can fix it and publish again.
   */
  undo(id: string, number: number, editor: string): Outcome<Undone> {
    const now = this.settled();
    if (!this.revisions.standing(id, number))
      return { failure: { tag: "unknown-revision", id, number } };
    const row = this.revisions.row(id, number);
    if (row.erasure != null && row.kind === "redaction")
      return this.#undoErasure(row.erasure, now, editor);
    const refused = this.#refuseToCancel(id, number, now);
    if (refused) return { failure: refused };
    const undone = this.content.valid(row);
    this.storage.transactionSync(() => {
      this.#cancel(now, editor, "undo", "undone", id, number);
      if (row.kind === "withdrawal")
        this.#commitHeld(
          now,
          editor,
          id,
          this.revisions.withdrawn(id),
          "withdrawn",
        );
    });
    this.onCommitted();
    const note = row.note === null ? {} : JSON.parse(row.note);
    return {
      done: {
        case: undone,
        note,
        ...(row.source && { source: JSON.parse(row.source) }),
      },
    };
  }

  /**
   * Takes a pending erasure back in all its cases. What it had cancelled is
   * committed again as it was, at its old moment.
   */
  #undoErasure(erasure: number, now: number, editor: string): Outcome<Undone> {
    const rows = this.revisions.ofErasure(erasure);
    const standing = rows.filter(({ fate }) => fate === null);
    for (const { case_id: id, number, kind, live_at, fate, content } of rows) {
      if (fate === null && live_at <= now)
        return { failure: { tag: "not-pending", number } };
      const newest = this.revisions.newest(id)?.number ?? 0;
      // A withdrawal that is pending too has cancelled it, and would bring it
      // back.
      const isHeld = fate === "withdrawn" && content !== null;
      if (
        isHeld ||
        (fate === null &&
          kind === "redaction" &&
          !standing.some((row) => row.case_id === id && row.number === newest))
      )
        return { failure: { tag: "not-newest-pending", number, newest } };
    }
    this.storage.transactionSync(() => {
      for (const { case_id: id, number } of standing.toReversed())
        this.#cancel(now, editor, "undo", "undone", id, number);
      const held = rows.filter(
        ({ fate, content }) => fate === "replaced" && content !== null,
      );
      for (const [id, own] of Map.groupBy(held, (row) => row.case_id))
        this.#commitHeld(now, editor, id, own, "replaced");
      this.drafts.release(erasure);
      this.proposals.release(erasure);
    });
    this.onCommitted();
    return { done: { case: null, note: {} } };
  }

  /**
   * Commits again what an erasure or a withdrawal had cancelled, when that is
   * undone. A redaction is still part of its erasure.
   */
  #commitHeld(
    now: number,
    editor: string,
    id: string,
    held: readonly StoredRow[],
    fate: "replaced" | "withdrawn",
  ): void {
    const last = this.revisions.newest(id);
    const again = held.flatMap((row) => {
      const fields = this.content.valid(row);
      return fields
        ? { row, case: fields, note: stored(StoredNote, row.note) ?? {} }
        : [];
    });
    const liveAt = iso(
      Math.max(last?.liveAt ?? 0, this.clock.earliestMoment(now) - 1),
    );
    const done = last
      ? this.#appendAgain(
          now,
          { revision: last.number, liveAt },
          again,
          { id, editor },
          fate,
        )
      : [];
    for (const [at, { revision }] of done.entries())
      this.announcements.moveWords(id, held[at]!.number, revision);
    this.revisions.eraseHeld(id, fate);
    this.content.forget();
  }

  /**
   * Cancels pending revisions and commits a withdrawal, which erases the
   * history when it goes live. For a case that was never live, cancels its
   * pending revisions and erases its drafts and proposals at once, without
   * publishing a withdrawal.
   */
  withdraw(
    id: string,
    reason: WithdrawalReason,
    editor: string,
    { approvedBy, words = [] }: { approvedBy?: string; words?: number[] } = {},
  ): Outcome<Withdrawn> {
    const now = this.settled();
    if (!this.revisions.newest(id))
      return this.#withdrawUncommitted(id, now, editor);
    const live = this.revisions.head(id, now);
    const previous = live && this.revisions.row(id, live.number);
    if (previous?.kind === "withdrawal")
      return {
        failure: {
          tag: "withdrawn",
          id,
          number: previous.number,
          liveAt: iso(previous.live_at),
        },
      };
    const pending = this.revisions
      .pending(id, now)
      .map((moment) => moment.number);
    const liveAt = this.clock.earliestMoment(now);
    const done = this.storage.transactionSync(() => {
      for (const number of pending) {
        this.revisions.hold(id, number, { fate: "withdrawn" });
        this.#logCancelled(
          now,
          editor,
          "cancel",
          this.revisions.row(id, number),
        );
      }
      this.content.forget();
      const published = previous
        ? this.#append(now, liveAt, previous, {
            ...{
              id,
              case: null,
              note: {},
              kind: "withdrawal",
              notify: "loud",
              editor,
              approvedBy,
              reason,
            },
          })
        : null;
      if (published) this.announcements.setWords(id, published.revision, words);
      else this.eraseBefore(id, this.revisions.nextNumber(id));
      return { cancelled: pending, published };
    });
    this.onCommitted();
    return { done };
  }

  /**
   * Consent may be revoked before the first commit: then the case's drafts and
   * proposals are erased.
   */
  #withdrawUncommitted(
    id: string,
    now: number,
    editor: string,
  ): Outcome<{ cancelled: number[]; published: null }> {
    return this.storage.transactionSync(() => {
      if (!this.eraseBefore(id, this.revisions.nextNumber(id)))
        return { failure: { tag: "unknown-case", id } };
      this.audit.append({
        at: now,
        editor,
        action: "withdraw",
        case: id,
        number: null,
        subject: GENESIS,
      });
      this.onErased();
      return { done: { cancelled: [], published: null } };
    });
  }

  /**
   * Commits an erasure that was worked out, in all its cases: cancels what is
   * pending, commits a redaction at the earliest moment, and what was pending
   * again, at its old moment. What it cancels stays stored until its moment, so
   * that it can be undone as a whole.
   */
  erase(
    cases: readonly ErasedCase[],
    { editor, approvedBy, drafts, proposals }: EraseCommand,
    words: readonly number[] = [],
  ): Outcome<Erased> {
    const now = this.settled();
    const liveAt = this.clock.earliestMoment(now);
    const [erasure] = crypto.getRandomValues(new Uint32Array(1)) as unknown as [
      number,
    ];
    const commit = ({ id, head, pending }: ErasedCase) => {
      for (const { row } of pending) {
        this.revisions.hold(id, row.number, { fate: "replaced", erasure });
        this.#logCancelled(now, editor, "replace", row);
      }
      const by = { id, editor, erasure, approvedBy };
      const note = redactionNote(head.case);
      const redaction = this.#append(now, liveAt, head.row, {
        ...{
          ...by,
          case: head.case,
          note,
          kind: "redaction",
          notify: "silent",
        },
      });
      this.announcements.setWords(id, redaction.revision, words);
      return {
        redaction,
        again: this.#appendAgain(now, redaction, pending, by),
      };
    };
    const [main, ...others] = this.storage.transactionSync(() => {
      this.proposals.hold(proposals, erasure);
      this.drafts.hold(editor, drafts, erasure);
      this.drafts.markUnread(
        cases.map(({ id }) => id),
        cases.flatMap(({ names }) => names),
        erasure,
      );
      return cases.map((one) => ({ ...one, ...commit(one) }));
    });
    this.onCommitted();
    if (!main) throw new Error("an erasure has a case");
    return {
      done: {
        ...main.redaction,
        cancelled: main.pending.map(({ row }) => row.number),
        again: main.again,
        cases: others.map(({ id, redaction, again }) => ({
          id,
          ...redaction,
          again,
        })),
      },
    };
  }

  /**
   * Commits revisions again after another one, each at its old moment or as
   * soon after the one before as it can be.
   * @param held what they were, if they come back as they were
   */
  #appendAgain(
    now: number,
    { revision, liveAt }: PublishedRevision,
    again: readonly {
      row: RevisionRow & Pick<StoredRow, "erasure">;
      case: Case;
      note: Note;
    }[],
    by: {
      id: string;
      editor: string;
      approvedBy?: string | undefined;
      erasure?: number;
    },
    held?: "replaced" | "withdrawn",
  ): PublishedRevision[] {
    let previous = this.revisions.row(by.id, revision);
    let last = Date.parse(liveAt);
    return again.map(({ row, case: fields, note }) => {
      last = Math.max(row.live_at, last + 1);
      const { kind, notify, source, erasure, approved_by } = row;
      const done = this.#append(now, last, previous, {
        ...{
          ...by,
          case: fields,
          note,
          kind,
          notify,
          answers: stored(StoredAnswers, row.answers) ?? [],
        },
        ...(held && {
          source: source ? (JSON.parse(source) as DraftSource) : null,
          approvedBy: approved_by ?? undefined,
        }),
        ...(held === "withdrawn" && { erasure }),
      });
      previous = this.revisions.row(by.id, done.revision);
      return done;
    });
  }
}
