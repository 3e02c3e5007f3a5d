/**
 * Review by a second editor: a revision waits until another editor approves
 * exactly what was proposed. An erasure or a withdrawal doesn't wait, because
 * content must go at once, but one editor alone may do only one within an hour.
 */
import * as v from "valibot";
import { Case } from "../../../shared/case/schema.ts";
import type { Failure } from "../../../shared/failure.ts";
import type { GivenAnswer } from "../../editing/rules/answers.ts";
import type {
  DamagedEntry,
  DeskDraft,
  Proposal,
  ProposalEntry,
  Proposed,
  PublishedRevision,
  Rejected,
} from "../../editing/rules/desk.ts";
import type { Erased, ErasurePreview } from "../../editing/rules/erase.ts";
import { namesIn, spellings } from "../../editing/rules/erasure.ts";
import type { ErasedWords } from "../../editing/rules/places.ts";
import { openQuestions, storedAnswers } from "../../editing/rules/questions.ts";
import { iso } from "../../runtime/iso.ts";
import type { Outcome, WithdrawCommand } from "./command.ts";
import {
  type EraseCommand,
  type ErasedCase,
  seenDigest,
  shownOf,
} from "./erasures.ts";
import type { Withdrawn } from "./journal.ts";
import { LedgerPart } from "./ledger-part.ts";
import { findMentions } from "./mentions.ts";
import {
  isPublish,
  type ProposedCommand,
  type ProposedPublish,
  type ProposedWithdrawal,
  type StoredProposal,
} from "./proposals.ts";
import { redactionNote } from "./redaction-note.ts";

const MAX_PROPOSALS_PER_CASE = 20;
const MAX_PROPOSALS_PER_EDITOR = 50;

/**
 * Within this time, one editor alone can erase or withdraw once where two
 * editors must agree.
 */
const ALONE_ONCE_MS = 3_600_000;

export class Review extends LedgerPart {
  list(): { proposals: ProposalEntry[]; damaged: DamagedEntry[] } {
    return this.journal.proposals.list();
  }

  /**
   * Stores a publish as a proposal, if it could be committed now.
   * @param draft the saved draft it was made of; it is kept until the approval
   */
  propose(proposed: ProposedPublish): Outcome<Proposed> {
    const { drafts } = this.journal;
    const checked = this.journal.checkPublish(proposed);
    if ("failure" in checked) return checked;
    const source = this.journal.sourceOf(proposed);
    const { draft, ...command } = proposed;
    const { editor } = command;
    return this.storage.transactionSync(() => {
      const version =
        draft === undefined ? null : drafts.markProposed(editor, draft.id);
      const made =
        draft === undefined || version === null
          ? null
          : { id: draft.id, version: draft.version ?? version };
      return this.#add(
        checked.now,
        { ...command, ...(source && { source }) },
        made,
      );
    });
  }

  /** Must run in a transaction. */
  #add(
    now: number,
    command: ProposedCommand,
    draft: StoredProposal["draft"],
  ): Outcome<Proposed> {
    const { proposals } = this.journal;
    const { id, editor } = command;
    const limits = {
      case: MAX_PROPOSALS_PER_CASE,
      editor: MAX_PROPOSALS_PER_EDITOR,
    };
    const counts = {
      case: proposals.count("case_id", id),
      editor: proposals.count("editor", editor),
    };
    for (const of of ["case", "editor"] as const)
      if (counts[of] >= limits[of])
        return { failure: { tag: "too-many-proposals", most: limits[of], of } };
    const { id: proposal, hash } = proposals.add(now, command, draft);
    this.journal.audit.append({
      at: now,
      editor,
      action: "propose",
      case: id,
      number: null,
      subject: hash,
    });
    return { done: { proposal, waitsFor: "second editor" } };
  }

  /** What an erasure would do. Nothing is stored. */
  previewErasure(command: EraseCommand, two: boolean): Outcome<ErasurePreview> {
    const { erasures, proposals, drafts } = this.journal;
    const planned = erasures.plan(command);
    if ("failure" in planned) return planned;
    const cases = planned.done;
    const main = cases[0] as ErasedCase;
    const { id: _, basedOn: __, ...shown } = shownOf(main);
    const { id, editor } = command;
    const found = findMentions(this.journal, editor, main.names);
    const others = this.#others(command, cases);
    return {
      done: {
        case: main.head.case,
        ...shown,
        cases: others.found.map(shownOf),
        unreached: others.unreached,
        elsewhere: found.mentions.filter(
          (one) => one.case !== id || one.place === "consent",
        ),
        hidden: found.hidden,
        more: found.more,
        drafts: drafts.countOf(id),
        proposals: proposals.count("case_id", id),
        would: outcomeOf(this.#isAlone(editor, two)),
        seen: seenDigest(cases),
      },
    };
  }

  /**
   * Every other case in which something of the same can be erased, and those in
   * which it can't be now.
   * @param cases those that the command erases from
   */
  #others(
    command: EraseCommand,
    cases: readonly ErasedCase[],
  ): { found: ErasedCase[]; unreached: string[] } {
    const { erasures, desk, content } = this.journal;
    const main = cases[0] as ErasedCase;
    const fields = content.valid(main.head.row) as Case;
    const sentences = command.erase.flatMap((one) =>
      one.what === "sentence" ? one.sentence : [],
    );
    const unreached: string[] = [];
    const found = desk
      .casesWith(main.names, sentences)
      .flatMap(({ id, number }) => {
        if (id === command.id) return [];
        const known = cases.find((one) => one.id === id);
        const outcome = known
          ? { done: known }
          : erasures.of(command, { id, basedOn: number }, fields);
        if ("failure" in outcome) unreached.push(id);
        return "failure" in outcome || !outcome.done.changes
          ? []
          : outcome.done;
      });
    return { found, unreached };
  }

  /**
   * What an erasure or a withdrawal takes out: the names and sentences, to find
   * the pages elsewhere that hold them, and of the names those that stand in no
   * other case, to find who follows them. Null for another command.
   * @param command the command, or the id of a proposal that may be one
   */
  unsaid(
    command: EraseCommand | WithdrawCommand | string,
  ): (Omit<ErasedWords, "cases"> & { id: string; last: string[] }) | null {
    const { proposals, erasures, desk } = this.journal;
    const named =
      typeof command === "string" ? proposals.find(command)?.command : command;
    if (!named || ("kind" in named && isPublish(named))) return null;
    const planned = "erase" in named ? erasures.plan(named) : null;
    if (planned && "failure" in planned) return null;
    const all = planned
      ? planned.done.flatMap((one) => one.names)
      : desk.everyRevision(named.id).flatMap(({ people }) => spellings(people));
    const names = [...new Set(all)];
    const gone = planned ? planned.done.map(({ id }) => id) : [named.id];
    const rest = desk
      .casesWith(names, [])
      .filter(({ id }) => !gone.includes(id));
    const said = new Set(
      rest.flatMap(({ id, number }) => namesIn(desk.caseAt(id, number), names)),
    );
    const last = names.filter((name) => !said.has(name));
    const erase = "erase" in named ? named.erase : [];
    return {
      id: named.id,
      names,
      sentences: erase.flatMap((one) =>
        one.what === "sentence" ? one.sentence : [],
      ),
      last,
    };
  }

  /**
   * Erases what an editor named. Where two editors must agree, one editor alone
   * erases or withdraws once within an hour; the next is proposed.
   * @param words the rows of the followed words that go with it
   */
  erase(
    command: EraseCommand,
    two: boolean,
    expect?: "committed" | "proposed",
    words: number[] = [],
  ): Outcome<Erased | Proposed> {
    const checked = this.#checkErasure(command);
    if ("failure" in checked) return checked;
    const isAlone = this.#isAlone(command.editor, two);
    const other = otherOutcome(isAlone, expect);
    if (other) return other;
    const missing = this.#missingWork(command);
    if (missing) return { failure: missing };
    const { clock } = this.journal;
    const fields = (checked.done[0] as ErasedCase).head.case;
    if (isAlone) return this.journal.erase(checked.done, command, words);
    const said = {
      kind: "erasure",
      case: fields,
      note: redactionNote(fields),
      notify: "silent",
    } as const;
    return this.storage.transactionSync(() =>
      this.#add(clock.now(), { ...command, ...said }, null),
    );
  }

  #eraseChecked(command: EraseCommand, words: number[]): Outcome<Erased> {
    const checked = this.#checkErasure(command);
    return "failure" in checked
      ? checked
      : this.journal.erase(checked.done, command, words);
  }

  /** A draft or proposal that an erasure would delete, and that isn't there. */
  #missingWork({ editor, drafts, proposals }: EraseCommand): Failure | null {
    const draft = drafts.find(
      (id) => this.journal.drafts.read(editor, id) === null,
    );
    if (draft !== undefined) return { tag: "unknown-draft", id: draft };
    const proposal = proposals.find(
      (id) => this.journal.proposals.find(id) === null,
    );
    return proposal === undefined
      ? null
      : { tag: "unknown-proposal", id: proposal };
  }

  #checkErasure(command: EraseCommand): Outcome<ErasedCase[]> {
    const planned = this.journal.erasures.plan(command);
    if ("failure" in planned) return planned;
    const remaining = planned.done.flatMap(({ head, pending }) =>
      [head, ...pending].flatMap(({ shown }) => shown.remaining),
    );
    if (remaining.length > 0)
      return { failure: { tag: "name-remains", remaining } };
    const unanswered = this.#others(command, planned.done).found.flatMap(
      ({ id }) =>
        [...command.leave, ...command.cases.map((one) => one.id)].includes(id)
          ? []
          : id,
    );
    if (unanswered.length > 0)
      return { failure: { tag: "name-elsewhere", cases: unanswered } };
    const seen = seenDigest(planned.done);
    return command.seen === seen
      ? planned
      : { failure: { tag: "erasure-unseen", seen } };
  }

  /**
   * False where two must agree and this person has erased or withdrawn
   * something alone within the hour.
   */
  #isAlone(editor: string, two: boolean): boolean {
    const { access, audit, clock } = this.journal;
    return (
      !two ||
      audit.aloneSince(
        access.samePerson(editor),
        clock.now() - ALONE_ONCE_MS,
      ) === 0
    );
  }

  /**
   * Withdraws a case. Where two editors must agree, one editor alone can
   * withdraw one live case within an hour; the next one is proposed.
   * @param two whether two editors must agree
   * @param words the rows of the followed words that go with it
   */
  withdraw(
    command: WithdrawCommand,
    two: boolean,
    words: number[] = [],
  ): Outcome<Withdrawn | Proposed> {
    this.journal.settle();
    const { clock } = this.journal;
    const { id, reason, editor, basedOn } = command;
    const newest = this.journal.newest(id);
    if (newest !== basedOn)
      return { failure: { tag: "precondition-failed", newest } };
    const now = clock.now();
    const fields = two ? this.journal.liveCase(id) : null;
    const isAlone = !fields || this.#isAlone(editor, two);
    const other = otherOutcome(isAlone, command.expect);
    if (other) return other;
    if (isAlone) return this.journal.withdraw(id, reason, editor, { words });
    // Not the live one: a pending erasure, after which this proposal stays, may
    // take words out of it.
    const newestCase = this.journal.desk.caseAt(id, basedOn) ?? fields;
    return this.storage.transactionSync(() =>
      this.#add(
        now,
        {
          ...command,
          kind: "withdrawal",
          case: newestCase,
          note: {},
          notify: "loud",
        },
        null,
      ),
    );
  }

  /** Commits a proposed withdrawal. */
  #withdrawApproved(
    { id, reason, editor, basedOn }: ProposedWithdrawal,
    by: { approvedBy: string; words: number[] },
  ): Outcome<PublishedRevision> {
    const newest = this.journal.newest(id);
    if (newest !== basedOn)
      return { failure: { tag: "precondition-failed", newest } };
    const outcome = this.journal.withdraw(id, reason, editor, by);
    if ("failure" in outcome) return outcome;
    const { published } = outcome.done;
    // Only a live case is proposed, and a live case stays live unless a newer
    // revision replaces it.
    return published
      ? { done: published }
      : { failure: { tag: "unknown-case", id } };
  }

  /** An erasure is of what readers see, whatever is pending. */
  #base = ({ id, basedOn, kind }: ProposedCommand): Case | null =>
    kind === "erasure"
      ? this.journal.liveCase(id)
      : this.journal.desk.caseAt(id, basedOn);

  read(id: string): Proposal | "damaged" | null {
    const proposal = this.journal.proposals.read(id, this.#base);
    const command = this.journal.proposals.find(id)?.command;
    if (!proposal || proposal === "damaged" || !command || !isPublish(command))
      return proposal;
    const asked = this.journal.questions(command);
    if ("failure" in asked) return proposal;
    const answers = storedAnswers(asked.done, command.answers ?? []);
    return {
      ...proposal,
      answers,
      questions: openQuestions(asked.done, ownAnswers(command)),
    };
  }

  /**
   * Commits a proposal under the same checks as a publish. If they fail, the
   * proposal is kept with the reason.
   * @param hash the hash of the proposal that the editor has read
   * @param answers to the questions that the proposal leaves open
   * @param two whether two people must agree; elsewhere whoever approves could
   * publish alone
   * @param words the rows of the followed words that go with an erasure or a
   * withdrawal
   */
  approve(
    id: string,
    hash: string,
    editor: string,
    answers: GivenAnswer[] = [],
    two = true,
    words: number[] = [],
  ): Outcome<PublishedRevision> {
    this.journal.settle();
    const { proposals, drafts, clock, access } = this.journal;
    const proposal = proposals.find(id);
    if (!proposal) return { failure: { tag: "unknown-proposal", id } };
    const { command, draft } = proposal;
    if (!command) return { failure: { tag: "damaged", row: "proposal", id } };
    if (command.editor === editor) return { failure: { tag: "own-proposal" } };
    if (two && access.samePerson(editor).includes(command.editor))
      return { failure: { tag: "new-pair", author: command.editor } };
    if (proposal.hash !== hash)
      return { failure: { tag: "proposal-changed", hash: proposal.hash } };
    if (!v.is(Case, command.case))
      return {
        failure: { tag: "unshowable", id: command.id, number: command.basedOn },
      };
    return this.storage.transactionSync(() => {
      const outcome =
        command.kind === "withdrawal"
          ? this.#withdrawApproved(command, { approvedBy: editor, words })
          : command.kind === "erasure"
            ? this.#eraseChecked({ ...command, approvedBy: editor }, words)
            : this.journal.publish({
                ...command,
                answers: [...ownAnswers(command), ...answers],
                approvedBy: editor,
              });
      if ("failure" in outcome) {
        const failure = overdue(outcome.failure, command);
        // Questions are for the editor who approves, not a fault of the
        // proposal.
        if (failure.tag !== "questions-open") proposals.refuse(id, failure);
        return { failure };
      }
      proposals.remove(id);
      // A newer version that the author saved meanwhile is kept.
      if (draft) drafts.remove(command.editor, draft.id, draft.version);
      const at = clock.now();
      for (const [id, number] of committedIn(command.id, outcome.done))
        this.journal.audit.append({
          at,
          editor,
          action: "approve",
          case: id,
          number,
          subject: hash,
        });
      return outcome;
    });
  }

  /**
   * The author takes a proposal back; another editor rejects it. Either way it
   * becomes the author's draft again.
   */
  reject(id: string, editor: string, reason: string): Outcome<Rejected> {
    this.journal.settle();
    const { proposals, drafts, clock, access } = this.journal;
    const proposal = proposals.find(id);
    if (!proposal) return { failure: { tag: "unknown-proposal", id } };
    const { command, hash } = proposal;
    const { id: caseId, editor: author } = command ?? {
      id: proposal.caseId,
      editor: proposal.editor,
    };
    const own = author === editor;
    const draft = proposal.draft?.id ?? id;
    const isKept = this.storage.transactionSync(() => {
      proposals.remove(id);
      const action = own ? "take-back" : "reject";
      this.journal.audit.append({
        at: clock.now(),
        editor,
        action,
        case: caseId,
        number: null,
        subject: hash,
      });
      // Nobody could read or delete the draft of an editor who has left, and it
      // would keep their name from being used again.
      if (!own && !access.canSignIn(author)) return false;
      return drafts.giveBack(
        author,
        draft,
        command && isPublish(command) ? this.#draftOf(command) : null,
        own ? null : { by: editor, reason },
      );
    });
    return { done: { draft: isKept ? draft : null } };
  }

  #draftOf(command: ProposedPublish): DeskDraft {
    const base = this.#base(command);
    return {
      base: base && { number: command.basedOn, case: base },
      case: command.case,
      note: command.note,
      kind: command.kind,
      notify: command.notify,
      liveAt: command.liveAt === undefined ? null : iso(command.liveAt),
      source: command.source ?? null,
      answers: ownAnswers(command).map(({ question, answer }) => ({
        question,
        answer,
      })),
      resolved: [],
    };
  }
}

const outcomeOf = (isAlone: boolean): "committed" | "proposed" =>
  isAlone ? "committed" : "proposed";

/** A refusal when something else happens than the editor was told. */
function otherOutcome(
  isAlone: boolean,
  expect: "committed" | "proposed" | undefined,
): { failure: Failure } | null {
  const would = outcomeOf(isAlone);
  return (expect ?? would) === would
    ? null
    : { failure: { tag: "other-outcome", would } };
}

/**
 * The answers that an editor gave in person. A second editor answers again what
 * a token answered.
 */
const ownAnswers = ({ answers = [] }: ProposedPublish): GivenAnswer[] =>
  answers.filter(({ byToken }) => !byToken);

/**
 * Every revision that an approval committed: an erasure may commit several, in
 * several cases.
 */
const committedIn = (
  id: string,
  done: PublishedRevision | Erased,
): [id: string, number: number][] => [
  [id, done.revision],
  ...("again" in done
    ? [
        ...done.again.map(({ revision }): [string, number] => [id, revision]),
        ...done.cases.flatMap((other) =>
          committedIn(other.id, { ...other, cases: [], cancelled: [] }),
        ),
      ]
    : []),
];

/**
 * If the chosen moment passed before the approval, the author must choose
 * another.
 */
const overdue = (failure: Failure, command: ProposedCommand): Failure =>
  failure.tag === "too-early" &&
  isPublish(command) &&
  command.liveAt !== undefined
    ? {
        tag: "proposal-overdue",
        asked: iso(command.liveAt),
        earliest: failure.earliest,
      }
    : failure;
