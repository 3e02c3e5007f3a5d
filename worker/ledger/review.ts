/**
 * Review by a second editor: a revision waits until another editor approves exactly what was proposed. A redaction doesn't wait, because
 * content must be erased at once, but it may only remove content.
 */
import * as v from "valibot";
import { Case } from "../../shared/case/schema.ts";
import type { Failure } from "../../shared/failure.ts";
import type { Proposal, Proposed, Published, Rejected } from "../editorial/desk.ts";
import { additionsIn, withClaims } from "../editorial/redaction.ts";
import type { Outcome, PublishCommand } from "./command.ts";
import type { Journal } from "./journal.ts";
import type { ProposedCommand } from "./proposals.ts";
import { iso } from "./revisions.ts";

const MAX_PROPOSALS_PER_CASE = 20;

export class Review {
  readonly #storage: DurableObjectStorage;
  readonly #journal: Journal;

  constructor(storage: DurableObjectStorage, journal: Journal) {
    this.#storage = storage;
    this.#journal = journal;
  }

  /**
   * Stores a publish as a proposal, if it could be committed now.
   * @param draft the saved draft it was made of; it is kept until the approval
   */
  propose({ draft, ...command }: ProposedCommand): Outcome<Proposed> {
    const { proposals, drafts, audit } = this.#journal;
    const checked = this.#journal.checkPublish(command);
    if ("failure" in checked) return checked;
    if (proposals.count(command.id) >= MAX_PROPOSALS_PER_CASE)
      return { failure: { tag: "too-many-proposals", most: MAX_PROPOSALS_PER_CASE } };
    const { id, editor } = command;
    return {
      done: this.#storage.transactionSync(() => {
        const version = draft === undefined ? null : drafts.markProposed(editor, draft.id);
        const made =
          draft === undefined || version === null ? null : { id: draft.id, version: draft.version ?? version };
        const { id: proposal, hash } = proposals.add(checked.now, command, made);
        audit.append({ at: checked.now, editor, action: "propose", case: id, number: null, subject: hash });
        return { proposal, waitsFor: "second editor" };
      }),
    };
  }

  /** Commits a redaction by one editor. Refuses one that adds content. */
  redact(command: PublishCommand): Outcome<Published> {
    const checked = this.#journal.checkPublish(command);
    if ("failure" in checked) return checked;
    // Compare with the revision it follows. A pending revision that it replaces may hold content for a later day.
    const before = checked.previous && this.#journal.content.forEditor(checked.previous);
    const issues = additionsIn(before && withClaims(before), withClaims(command.case)).map((pointer) => ({
      pointer: `/case${pointer}`,
      message: "must be unchanged, shorter, or removed",
    }));
    return issues.length > 0 ? { failure: { tag: "redaction-adds", issues } } : this.#journal.publish(command);
  }

  #base = ({ id, basedOn }: ProposedCommand): Case | null => this.#journal.caseAt(id, basedOn);

  read(id: string): Proposal | "damaged" | null {
    return this.#journal.proposals.read(id, this.#base);
  }

  /**
   * Commits a proposal under the same checks as a publish. If they fail, the proposal is kept with the reason.
   * @param hash the hash of the proposal that the editor has read
   */
  approve(id: string, hash: string, editor: string): Outcome<Published> {
    this.#journal.settle();
    const { proposals, drafts, audit, clock } = this.#journal;
    const proposal = proposals.find(id);
    if (!proposal) return { failure: { tag: "unknown-proposal", id } };
    const { command, draft } = proposal;
    if (!command) return { failure: { tag: "damaged", row: "proposal", id } };
    if (command.editor === editor) return { failure: { tag: "own-proposal" } };
    if (proposal.hash !== hash) return { failure: { tag: "proposal-changed", hash: proposal.hash } };
    if (!v.is(Case, command.case)) return { failure: { tag: "unshowable", id: command.id, number: command.basedOn } };
    return this.#storage.transactionSync(() => {
      const outcome = this.#journal.publish({ ...command, approvedBy: editor });
      if ("failure" in outcome) {
        const failure = overdue(outcome.failure, command);
        proposals.refuse(id, failure);
        return { failure };
      }
      proposals.remove(id);
      // A newer version that the author saved meanwhile is kept.
      if (draft) drafts.remove(command.editor, draft.id, draft.version);
      const { revision } = outcome.done;
      audit.append({ at: clock.now(), editor, action: "approve", case: command.id, number: revision, subject: hash });
      return outcome;
    });
  }

  /** The author takes a proposal back; another editor rejects it. Either way it becomes the author's draft again. */
  reject(id: string, editor: string, reason: string): Outcome<Rejected> {
    this.#journal.settle();
    const { proposals, drafts, audit, clock } = this.#journal;
    const proposal = proposals.find(id);
    if (!proposal) return { failure: { tag: "unknown-proposal", id } };
    const { command, hash } = proposal;
    const { id: caseId, editor: author } = command ?? { id: proposal.caseId, editor: proposal.editor };
    const own = author === editor;
    const draft = proposal.draft?.id ?? id;
    const isKept = this.#storage.transactionSync(() => {
      proposals.remove(id);
      const action = own ? "take-back" : "reject";
      audit.append({ at: clock.now(), editor, action, case: caseId, number: null, subject: hash });
      return drafts.giveBack(author, draft, command && this.#draftOf(command), own ? null : { by: editor, reason });
    });
    return { done: { draft: isKept ? draft : null } };
  }

  #draftOf(command: ProposedCommand) {
    const base = this.#base(command);
    return {
      base: base && { number: command.basedOn, case: base },
      case: command.case,
      note: command.note,
      kind: command.kind,
      notify: command.notify,
      liveAt: command.liveAt === undefined ? null : iso(command.liveAt),
      source: null,
      resolved: [],
    };
  }
}

/** If the chosen moment passed before the approval, the author must choose another. */
const overdue = (failure: Failure, { liveAt }: ProposedCommand): Failure =>
  failure.tag === "too-early" && liveAt !== undefined
    ? { tag: "proposal-overdue", asked: iso(liveAt), earliest: failure.earliest }
    : failure;
