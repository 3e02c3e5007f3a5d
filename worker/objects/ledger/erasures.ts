/**
 * Works out what an erasure does to each revision. Stores nothing: the journal
 * commits what was worked out.
 */
import * as v from "valibot";
import { Case, type Note } from "../../../shared/case/schema.ts";
import { withoutEarlierSources } from "../../../shared/case/text.ts";
import { isLocale } from "../../../shared/locale.ts";
import { message } from "../../../shared/messages.ts";
import type { FieldIssue } from "../../../shared/refusals/refusals.ts";
import type {
  Erase,
  ErasedRevision,
  ErasureRequest,
} from "../../editing/rules/erase.ts";
import {
  carriedToCase,
  carriedToPending,
  erasedRevision,
  erasureIssues,
  withoutRemovedNames,
} from "../../editing/rules/erasure.ts";
import { functionWordTest } from "../../editing/rules/function-words.ts";
import { canonicalJson } from "../../editing/rules/merge.ts";
import { MARK } from "../../editing/rules/name-forms.ts";
import { fieldIssues } from "../../editing/rules/publication.ts";
import { digest } from "../../runtime/digest.ts";
import { iso } from "../../runtime/iso.ts";
import type { Outcome } from "./command.ts";
import { LedgerPart } from "./ledger-part.ts";
import { type RevisionRow, StoredNote, stored } from "./revisions.ts";

export type EraseCommand = Omit<ErasureRequest, "seen" | "expect"> & {
  id: string;
  editor: string;
  basedOn: number;
  /** What the editor has looked at. */
  seen?: string;
  /** The second editor, if one was needed. */
  approvedBy?: string;
};

/** What stands of a case: what readers see, and what is pending. */
interface Standing {
  head: RevisionRow;
  /** Oldest first. */
  pending: RevisionRow[];
  /** The case in all its revisions that have content. */
  earlier: Case[];
}

interface ErasedRow {
  row: RevisionRow;
  case: Case;
  shown: ErasedRevision;
}

/**
 * A case with the erasure applied to what readers see and to what is pending.
 */
export interface ErasedCase {
  id: string;
  basedOn: number;
  head: ErasedRow;
  pending: (ErasedRow & { note: Note })[];
  /** False when nothing of what was named stands in it. */
  changes: boolean;
  /** The names that go from it. */
  names: string[];
}

/** What a text says of which nothing is left. */
const removed = (lang: string): string =>
  isLocale(lang) ? message(lang, "text.removed") : MARK;

export const shownOf = ({ id, basedOn, head, pending }: ErasedCase) => ({
  id,
  basedOn,
  ...head.shown,
  pending: pending.map(({ row, shown }) => ({
    number: row.number,
    liveAt: iso(row.live_at),
    ...shown,
  })),
});

/** A digest of what an editor must have read before the erasure. */
export const seenDigest = (cases: readonly ErasedCase[]): string =>
  digest(canonicalJson(cases.map(shownOf)));

export class Erasures extends LedgerPart {
  #functionWords: ((word: string) => boolean) | null = null;

  readonly #isFunctionWord = (word: string): boolean => {
    this.#functionWords ??= functionWordTest(this.journal.profile);
    return this.#functionWords(word);
  };

  /** The case that the command names, then the others that it confirms. */
  plan(command: EraseCommand): Outcome<ErasedCase[]> {
    const main = this.of(command, command);
    if ("failure" in main) return main;
    if (
      !main.done.changes &&
      !command.erase.some(({ what }) => what === "earlier")
    )
      return { failure: { tag: "nothing-to-erase", id: command.id } };
    const planned = [main.done];
    for (const [index, one] of command.cases.entries()) {
      const isKnown = planned.some(({ id }) => id === one.id);
      const other = isKnown
        ? null
        : this.of(command, one, this.journal.content.valid(main.done.head.row));
      if (other && "failure" in other) return other;
      if (!other?.done.changes)
        return refused({
          pointer: `/cases/${index}/id`,
          message: "must be another case in which the same stands",
        });
      planned.push(other.done);
    }
    return { done: planned };
  }

  /**
   * What it does to a case.
   * @param from the case that the command names, as readers see it; for another
   * case
   */
  of(
    command: EraseCommand,
    { id, basedOn }: { id: string; basedOn: number },
    from?: Case | null,
  ): Outcome<ErasedCase> {
    const standing = this.#standing(id, basedOn);
    if ("failure" in standing) return standing;
    const fields = this.journal.content.valid(standing.done.head);
    if (!fields)
      return {
        failure: { tag: "unshowable", id, number: standing.done.head.number },
      };
    if (from)
      return this.#erased(
        standing.done,
        fields,
        carriedToCase(from, fields, command.erase),
        command,
      );
    const issues = erasureIssues(fields, command.erase, this.#isFunctionWord);
    return issues.length > 0
      ? refused(...issues)
      : this.#erased(standing.done, fields, command.erase, command);
  }

  #standing(id: string, basedOn: number): Outcome<Standing> {
    const { revisions, desk } = this.journal;
    const now = this.journal.settled();
    const newest = revisions.newest(id);
    if (!newest) return { failure: { tag: "unknown-case", id } };
    if (newest.number !== basedOn)
      return { failure: { tag: "precondition-failed", newest: newest.number } };
    const live = revisions.head(id, now);
    if (live?.kind === "withdrawal")
      return {
        failure: {
          tag: "withdrawn",
          id,
          number: live.number,
          liveAt: iso(live.liveAt),
        },
      };
    if (!live?.hasContent) return { failure: { tag: "nothing-to-erase", id } };
    const pending = revisions.pending(id, now);
    const final = pending.find(
      ({ kind }) => kind === "withdrawal" || kind === "redaction",
    );
    if (final)
      return {
        failure: {
          tag: "overtakes-pending",
          pending: final.number,
          liveAt: iso(final.live_at),
        },
      };
    const row = ({ number }: { number: number }) => revisions.row(id, number);
    return {
      done: {
        head: row(live),
        pending: pending.map(row),
        earlier: desk.everyRevision(id),
      },
    };
  }

  #erased(
    { head, pending, earlier }: Standing,
    fields: Case,
    operations: readonly Erase[],
    { id: main, alike: confirmed }: EraseCommand,
  ): Outcome<ErasedCase> {
    const { case_id: id } = head;
    const alike = confirmed.filter((one) => (one.case ?? main) === id);
    const marking = { removed, alike, isFunctionWord: this.#isFunctionWord };
    const applied = erasedRevision(fields, operations, {
      ...marking,
      finish: (erased) =>
        withoutRemovedNames(withoutEarlierSources(erased), earlier),
    });
    const first = { row: head, case: applied.erased, shown: applied.shown };
    // A person has one id in all revisions.
    const renamed = new Map(
      applied.staying.map((before, index) => [
        before,
        applied.erased.people[index]?.id ?? before,
      ]),
    );
    const rest: ErasedCase["pending"] = [];
    let { changes } = applied;
    for (const row of pending) {
      const before = this.journal.content.valid(row);
      if (!before)
        return { failure: { tag: "unshowable", id, number: row.number } };
      const carried = carriedToPending(fields, before, operations);
      const [list] = carried.changed;
      if (list !== undefined)
        return refused({
          pointer: "/erase",
          message: `revision ${row.number} of ${id}, which is pending, has other entries at ${list}. Undo it first`,
        });
      const next = erasedRevision(before, carried.operations, {
        ...marking,
        finish: (erased, staying) => {
          const people = erased.people.map((person, index) => ({
            ...person,
            id: renamed.get(staying[index] as string) ?? person.id,
          }));
          return withoutRemovedNames(
            withoutEarlierSources({ ...erased, people }),
            earlier,
          );
        },
      });
      changes ||= next.changes;
      const note = next.erasedNote(stored(StoredNote, row.note) ?? {});
      rest.push({ row, case: next.erased, shown: next.shown, note });
    }
    for (const { case: erased } of [first, ...rest]) {
      const parsed = v.safeParse(Case, erased);
      if (!parsed.success)
        return refused(
          ...fieldIssues(parsed.issues).map(({ pointer, message: must }) => ({
            pointer: "/erase",
            message: `leaves ${id} without what every case needs: ${pointer} ${must}`,
          })),
        );
    }
    return {
      done: {
        id,
        basedOn: rest.at(-1)?.row.number ?? head.number,
        head: first,
        pending: rest,
        changes,
        names: applied.names,
      },
    };
  }
}

const refused = (
  ...issues: FieldIssue[]
): { failure: { tag: "invalid-case"; issues: FieldIssue[] } } => ({
  failure: { tag: "invalid-case", issues },
});
