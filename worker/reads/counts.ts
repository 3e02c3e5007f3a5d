/**
 * What this isolate counted since it last told the Ledger. Isolates come and
 * go, so the Ledger adds the counts up; they travel with the question that
 * renews leases, and cost no request of their own.
 */
export const countNames = [
  "readsFromMemory",
  "readsThatWaited",
  "failedSignIns",
  "socketsOpened",
] as const;
export type CountName = (typeof countNames)[number];
export type Counts = Partial<Record<CountName, number>>;

/** Adds the numbers of `more`. Ignores names that this version doesn't know. */
export function addCounts(to: Counts, more: Counts): void {
  for (const name of countNames)
    if (more[name]) to[name] = (to[name] ?? 0) + more[name];
}

export class IsolateCounts {
  #counts: Counts = {};

  add(name: CountName): void {
    this.#counts[name] = (this.#counts[name] ?? 0) + 1;
  }

  /** Returns the counts and starts over. */
  take(): Counts {
    const taken = this.#counts;
    this.#counts = {};
    return taken;
  }

  /** Takes back counts that didn't reach the Ledger. */
  giveBack(counts: Counts): void {
    addCounts(this.#counts, counts);
  }
}

export const counts = new IsolateCounts();
