/** Leased copies of what the Ledger holds: the single read path of every surface. */
import { waitUntil } from "cloudflare:workers";
import { Refusal } from "../../shared/failure.ts";
import type { CaseSummary, Summaries } from "../../shared/view/summary.ts";
import { type Env, ledgerFor } from "../bindings.ts";
import type { Leased } from "../ledger/lease.ts";
import { newerDataDetail } from "../storage/newer-data.ts";
import type { CaseState, Head, History, Recent, RevisionState } from "./state.ts";

/** A copy with less than this left is renewed in the background while it is still in use. */
const RENEW_BELOW_MS = 3_000;

/** How long a reader waits for another reader's question before asking the Ledger itself. */
const JOIN_TIMEOUT_MS = 2_000;

/** Copies of each kind in one isolate. */
const MAX_COPIES = 500;

export interface Copy<T> {
  value: T;
  /** When the lease ends, in milliseconds on this isolate's clock. */
  expires: number;
}

/** The isolate's clock. It detects steps back, after which no lease counted on it is valid. */
class OwnClock {
  readonly #read: () => number;
  #latest = 0;
  /** Grows with each step back. */
  era = 0;

  constructor(read: () => number) {
    this.#read = read;
  }

  now(): number {
    const now = this.#read();
    if (now < this.#latest) this.era++;
    this.#latest = now;
    return now;
  }
}

/** Keeps work alive after the request that started it (`waitUntil`). */
type KeepAlive = (promise: Promise<unknown>) => void;

/** One value read from the Ledger, kept until its lease ends. */
export class LeasedCopy<T> {
  readonly #ask: () => Promise<Leased<T>>;
  readonly #clock: OwnClock;
  readonly #keepAlive: KeepAlive;
  readonly #unchanged: (before: T, after: T) => boolean;
  #copy: (Copy<T> & { asked: number; era: number }) | null = null;
  #asking: { answer: Promise<Copy<T>>; asked: number; era: number } | null = null;

  /** @param unchanged when true, the kept value stays the same object, so that bodies cached for it stay valid */
  constructor(
    ask: () => Promise<Leased<T>>,
    clock: OwnClock,
    keepAlive: KeepAlive,
    unchanged: (before: T, after: T) => boolean,
  ) {
    this.#ask = ask;
    this.#clock = clock;
    this.#keepAlive = keepAlive;
    this.#unchanged = unchanged;
  }

  /** The copy, if a read that starts now may use it; else null. */
  fresh(): Copy<T> | null {
    const start = this.#clock.now();
    const copy = this.#copy;
    if (!copy || copy.era !== this.#clock.era || start >= copy.expires) return null;
    if (copy.expires - start < RENEW_BELOW_MS && this.#asking?.era !== this.#clock.era)
      this.#renew(start).catch(() => {});
    return copy;
  }

  async read(): Promise<Copy<T>> {
    const fresh = this.fresh();
    if (fresh) return fresh;
    const start = this.#clock.now();
    for (let asking = this.#asking; asking && asking.era === this.#clock.era; ) {
      const joined = await Promise.race([asking.answer.catch(() => null), after(JOIN_TIMEOUT_MS)]);
      if (!joined || asking.era !== this.#clock.era) break;
      // The question may be older than this read. Its answer may be used only if this read started before that lease ended.
      if (asking.asked > start || start < joined.expires) return joined;
      if (this.#asking === asking) break;
      asking = this.#asking;
    }
    return this.#renew(this.#clock.now());
  }

  #renew(asked: number): Promise<Copy<T>> {
    const era = this.#clock.era;
    const answer = this.#ask().then(({ value, validFor }) => {
      const before = this.#copy;
      const kept = before && this.#unchanged(before.value, value) ? before.value : value;
      const copy = { value: kept, expires: asked + validFor, asked, era };
      if (era === this.#clock.era && (!before || before.era !== era || asked >= before.asked)) this.#copy = copy;
      return copy;
    });
    const asking = { answer, asked, era };
    this.#asking = asking;
    const forget = () => {
      if (this.#asking === asking) this.#asking = null;
    };
    // The request that asked may be cancelled; readers that joined it must still get an answer.
    this.#keepAlive(answer.then(forget, forget));
    return answer;
  }
}

const after = (milliseconds: number) => new Promise<null>((resolve) => setTimeout(() => resolve(null), milliseconds));

/** Copies by key. The least recently used one is dropped first. */
class Copies<T> {
  readonly #kept = new Map<string, LeasedCopy<T>>();
  readonly #make: (key: string) => LeasedCopy<T>;

  constructor(make: (key: string) => LeasedCopy<T>) {
    this.#make = make;
  }

  at(key: string): LeasedCopy<T> {
    const copy = this.#kept.get(key) ?? this.#make(key);
    this.#kept.delete(key);
    this.#kept.set(key, copy);
    if (this.#kept.size > MAX_COPIES) this.#kept.delete(this.#kept.keys().next().value as string);
    return copy;
  }

  existing(key: string): LeasedCopy<T> | undefined {
    return this.#kept.get(key);
  }
}

const revisionKey = (state: CaseState | RevisionState): string =>
  state.state === "present"
    ? state.record.revision.hash
    : state.state === "absent"
      ? ""
      : state.revision.hash + state.state;

/** The Ledger's methods for readers. */
export interface LedgerReads {
  readCase(id: string): Promise<Leased<CaseState>>;
  readHistory(id: string): Promise<Leased<History>>;
  readRevision(id: string, number: number): Promise<Leased<RevisionState>>;
  readHeads(): Promise<Leased<Head[]>>;
  readSummaries(): Promise<Leased<Summaries>>;
  readRecent(id: string | null): Promise<Leased<Recent[]>>;
}

export class Reads {
  readonly #clock: OwnClock;
  readonly #heads: LeasedCopy<Head[]>;
  readonly #summaries: LeasedCopy<Summaries>;
  readonly #cases: Copies<CaseState>;
  readonly #histories: Copies<History>;
  readonly #revisions: Copies<RevisionState>;
  readonly #recent: Copies<Recent[]>;

  /**
   * @param ledger returns a stub; called for each question
   * @param clock in milliseconds; only differences count, so it may be wrong by hours
   */
  constructor(ledger: () => LedgerReads, clock: () => number, keepAlive: KeepAlive) {
    const own = new OwnClock(clock);
    this.#clock = own;
    const leased = <T>(
      question: (ledger: LedgerReads) => Promise<Leased<T>>,
      unchanged: (before: T, after: T) => boolean,
    ): LeasedCopy<T> => {
      const ask = async () => {
        try {
          return await question(ledger());
        } catch (error) {
          console.error("Reads: the Ledger did not answer:", error);
          const detail = newerDataDetail(error);
          if (detail !== null) throw new Refusal({ tag: "newer-data", detail });
          throw new Refusal({ tag: "unavailable" });
        }
      };
      return new LeasedCopy(ask, own, keepAlive, unchanged);
    };
    const same = (before: unknown, after: unknown) => JSON.stringify(before) === JSON.stringify(after);
    const sameRevision = (before: CaseState | RevisionState, after: CaseState | RevisionState) =>
      revisionKey(before) === revisionKey(after);
    this.#heads = leased((from) => from.readHeads(), same);
    this.#summaries = leased((from) => from.readSummaries(), same);
    this.#cases = new Copies((id) => leased((from) => from.readCase(id), sameRevision));
    this.#histories = new Copies((id) => leased((from) => from.readHistory(id), same));
    this.#recent = new Copies((id) => leased((from) => from.readRecent(id || null), same));
    this.#revisions = new Copies((key) => {
      const [id = "", number] = key.split(" ");
      return leased((from) => from.readRevision(id, Number(number)), sameRevision);
    });
  }

  /** This isolate's clock, on which `expires` is counted. */
  now(): number {
    return this.#clock.now();
  }

  /** Answers unknown ids from the list of heads, so that made-up ids don't reach the Ledger. */
  async #ifKnown<T>(id: string, absent: T, known: () => Promise<Copy<T>>): Promise<Copy<T>> {
    const heads = await this.#heads.read();
    return heads.value.some((head) => head.id === id) ? known() : { value: absent, expires: heads.expires };
  }

  /** A copy that is in memory already, without waiting. This is the hot path. */
  caseAtHand(id: string): Copy<CaseState> | null {
    return this.#cases.existing(id)?.fresh() ?? null;
  }

  async leasedCase(id: string): Promise<Copy<CaseState>> {
    return this.caseAtHand(id) ?? this.#ifKnown<CaseState>(id, { state: "absent" }, () => this.#cases.at(id).read());
  }

  leasedHistory(id: string): Promise<Copy<History>> {
    return this.#ifKnown<History>(id, null, () => this.#histories.at(id).read());
  }

  leasedRevision(id: string, number: number): Promise<Copy<RevisionState>> {
    return this.#ifKnown<RevisionState>(id, { state: "absent" }, async () => {
      // Made-up numbers don't reach the Ledger either.
      const head = await this.leasedCase(id);
      const newest = head.value.state === "present" ? head.value.record.revision.number : Number.POSITIVE_INFINITY;
      if (number > newest) return { value: { state: "absent" }, expires: head.expires };
      return this.#revisions.at(`${id} ${number}`).read();
    });
  }

  leasedSummaries(): Promise<Copy<Summaries>> {
    return this.#summaries.read();
  }

  /** The newest revisions of one case, or of all when `id` is absent; empty for an unknown case. */
  leasedRecent(id?: string): Promise<Copy<Recent[]>> {
    return id === undefined ? this.#recent.at("").read() : this.#ifKnown(id, [], () => this.#recent.at(id).read());
  }

  /** The current state of a case. */
  async case(id: string): Promise<CaseState> {
    return (await this.leasedCase(id)).value;
  }

  /** Newest change first. */
  async summaries(): Promise<CaseSummary[]> {
    return (await this.leasedSummaries()).value.cases;
  }
}

const byNamespace = new WeakMap<object, Reads>();

/** The shared copies of this isolate. */
export function readsFor(env: Env): Reads {
  let reads = byNamespace.get(env.LEDGER);
  if (!reads) {
    reads = new Reads(() => ledgerFor(env) as unknown as LedgerReads, Date.now, waitUntil);
    byNamespace.set(env.LEDGER, reads);
  }
  return reads;
}
