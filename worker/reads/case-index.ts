import type { Profile } from "../../shared/profile/schema.ts";
import type { CaseSummary } from "../../shared/view/summary.ts";
import type { Epoch } from "../runtime/lease.ts";
import { AllCases } from "./all-cases.ts";
import type { Placed } from "./list.ts";
import { SearchIndex } from "./search-index.ts";
import type { CasePage, Changed, Renewal } from "./state.ts";

const byNewest = (a: Placed, b: Placed) =>
  a.revision.liveAt === b.revision.liveAt
    ? a.id < b.id
      ? -1
      : 1
    : a.revision.liveAt < b.revision.liveAt
      ? 1
      : -1;

/**
 * When each case last changed, kept up to date by the Ledger's answers. An
 * index begins at the newest epoch, its base. Cases that didn't change since
 * then come page by page, when somebody needs all of them. A case that changes
 * meanwhile leaves the pages and comes with the changes.
 */
export class CaseIndex {
  /** Null before the first answer. */
  epoch: Epoch | null = null;
  /** The number of the epoch after which every change is listed. */
  #base = 0;
  /** The number of the epoch up to which the pages have come. */
  #filledTo = 0;
  /** The number of the epoch when the last page was read. */
  #filledAt = Number.POSITIVE_INFINITY;
  readonly #profile: Profile;
  readonly #cases = new Map<string, Changed>();
  readonly #search: SearchIndex;
  #summaries: CaseSummary[] = [];
  #all: AllCases | null = null;
  /** Cases whose entries in lists are out of date. */
  readonly #outdated = new Set<string>();

  constructor(profile: Profile) {
    this.#profile = profile;
    this.#search = new SearchIndex(profile);
  }

  /**
   * The part that is missing: cases whose last change is after one epoch and
   * not after another; null once all pages have come.
   */
  get missing(): { after: number; upTo: number } | null {
    const isFilled =
      this.#filledTo === this.#base &&
      this.#filledAt < Number.POSITIVE_INFINITY;
    return isFilled ? null : { after: this.#filledTo, upTo: this.#base };
  }

  /**
   * True when every case is known. A case that changed before its page was read
   * is known only with the change.
   */
  get isComplete(): boolean {
    return this.epoch !== null && this.epoch.number >= this.#filledAt;
  }

  has(id: string): boolean {
    return this.#cases.has(id);
  }

  /**
   * The number of the epoch that a case's last change began, at the latest; of
   * any case when `id` is null; 0 for none.
   */
  changedAt(id: string | null): number {
    return (
      (id === null ? this.epoch?.number : this.#cases.get(id)?.epoch) ??
      this.#base
    );
  }

  apply({ epoch, since, text }: Renewal): void {
    if (!this.epoch) this.#base = since;
    this.#set(JSON.parse(text));
    this.epoch = epoch;
  }

  /** @param after where the page begins */
  add({ epoch, text, to }: CasePage, after: number): void {
    // Two requests may have asked for the same page.
    if (after !== this.#filledTo || !this.missing) return;
    const cases = JSON.parse(text) as Changed[];
    this.#set(cases);
    // Little by little, so that the first search doesn't wait for the words of
    // all cases.
    this.#search.prepare(cases.flatMap(({ summary }) => summary ?? []));
    this.#filledTo = to;
    if (to === this.#base) this.#filledAt = epoch.number;
  }

  #set(changed: Changed[]): void {
    for (const change of changed) {
      if (change.epoch < (this.#cases.get(change.id)?.epoch ?? 0)) continue;
      this.#cases.set(change.id, change);
      this.#outdated.add(change.id);
    }
  }

  /**
   * The same object until a case changes. An entry stays the same object until
   * its case changes.
   */
  get all(): AllCases {
    if (this.#all && this.#outdated.size === 0) return this.#all;
    const changed = [...this.#outdated].flatMap(
      (id) => this.#cases.get(id) ?? [],
    );
    this.#summaries = [
      ...changed.flatMap(({ summary }) => summary ?? []),
      ...this.#summaries.filter(({ id }) => !this.#outdated.has(id)),
    ].sort(byNewest);
    this.#outdated.clear();
    const unshowable = [...this.#cases.values()]
      .flatMap(({ revision, unshowable: entry }) =>
        revision && entry ? { id: entry.id, revision, entry } : [],
      )
      .sort(byNewest)
      .map(({ entry }) => entry);
    this.#all = new AllCases(
      this.#summaries,
      unshowable,
      this.#profile,
      this.#search,
    );
    return this.#all;
  }
}
