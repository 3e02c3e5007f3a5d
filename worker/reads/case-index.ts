import type { CaseSummary, Summaries, Unshowable } from "../../shared/view/summary.ts";
import type { Epoch } from "../runtime/lease.ts";
import type { Changed, Renewal } from "./state.ts";

type Revision = CaseSummary["revision"];

const byNewest = (a: Revision, b: Revision) =>
  a.liveAt === b.liveAt ? b.sequence - a.sequence : a.liveAt < b.liveAt ? 1 : -1;

/**
 * Every live or withdrawn case and when it last changed, kept up to date by the Ledger's answers. An index that doesn't begin at epoch 0
 * has only the cases that changed since its first answer.
 */
export class CaseIndex {
  /** Null before the first answer. */
  epoch: Epoch | null = null;
  /** The number of the epoch after which every change is listed. Cases that aren't listed may have changed up to then. */
  #base = 0;
  readonly #cases = new Map<string, Changed>();
  #summaries: CaseSummary[] = [];
  #unshowable: { revision: Revision; entry: Unshowable }[] = [];
  #lists: Summaries | null = null;
  /** Cases whose entries in lists are out of date. */
  readonly #outdated = new Set<string>();

  has(id: string): boolean {
    return this.#cases.has(id);
  }

  /** The number of the epoch that a case's last change began, at the latest; of any case when `id` is null; 0 for none. */
  changedAt(id: string | null): number {
    return (id === null ? this.epoch?.number : this.#cases.get(id)?.epoch) ?? this.#base;
  }

  apply({ epoch, since, changed }: Renewal): void {
    if (!this.epoch) this.#base = since;
    for (const change of changed) {
      if (change.epoch < this.changedAt(change.id)) continue;
      this.#cases.set(change.id, change);
      this.#outdated.add(change.id);
    }
    this.epoch = epoch;
  }

  /** Newest change first. The same object until a case changes. An entry stays the same object until its case changes. */
  get lists(): Summaries {
    if (this.#lists && this.#outdated.size === 0) return this.#lists;
    const changed = [...this.#outdated].flatMap((id) => this.#cases.get(id)?.listed ?? []);
    this.#summaries = [
      ...changed.flatMap(({ summary }) => summary ?? []),
      ...this.#summaries.filter(({ id }) => !this.#outdated.has(id)),
    ].sort((a, b) => byNewest(a.revision, b.revision));
    this.#unshowable = [
      ...changed.flatMap(({ revision, unshowable: entry }) => (entry ? { revision, entry } : [])),
      ...this.#unshowable.filter(({ entry }) => !this.#outdated.has(entry.id)),
    ].sort((a, b) => byNewest(a.revision, b.revision));
    this.#outdated.clear();
    this.#lists = { cases: this.#summaries, unshowable: this.#unshowable.map(({ entry }) => entry) };
    return this.#lists;
  }
}
