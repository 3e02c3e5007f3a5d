/**
 * What readers see, through leased copies: the single read path of every
 * surface.
 */
import { waitUntil } from "cloudflare:workers";
import { Refusal } from "../../shared/failure.ts";
import type { Profile } from "../../shared/profile/schema.ts";
import type { CaseSummary } from "../../shared/view/summary.ts";
import type { Tile } from "../editing/contract/log-entry.ts";
import { ledgerFor, type Remote } from "../runtime/bindings.ts";
import type { LogHead } from "../runtime/checkpoint.ts";
import type { Epoch, Leased } from "../runtime/lease.ts";
import { log } from "../runtime/log.ts";
import { newerDataDetail } from "../runtime/newer-data.ts";
import { profileOf } from "../runtime/profiles/profiles.ts";
import type { Example, ListPage, NewestCases } from "./all-cases.ts";
import { CaseIndex } from "./case-index.ts";
import type { Copy, Start } from "./copies.ts";
import { type Counts, counts } from "./counts.ts";
import { LeasedCopies } from "./leased-copies.ts";
import { followingOf, isFirstPage, type PageQuery, spanOf } from "./list.ts";
import { OwnClock } from "./own-clock.ts";
import { Renewals } from "./renewals.ts";
import type { KeepAlive } from "./shared-question.ts";
import {
  type CasePage,
  type CaseState,
  type ChangeCursor,
  type ChangePage,
  type HistoryPage,
  headOf,
  type LeasedText,
  type Recent,
  type Renewal,
  type RevisionState,
} from "./state.ts";
import { summariesIn } from "./summary.ts";
import { withinTime } from "./within-time.ts";

declare global {
  /** What readers ask the Ledger. */
  interface LedgerPort {
    readonly readings: {
      case(id: string): Leased<CaseState>;
      historyPage(
        id: string,
        before: number | null,
        limit: number,
      ): Leased<HistoryPage | null>;
      revision(id: string, number: number): Leased<RevisionState>;
      recent(id: string | null): Leased<Recent[]>;
      logHead(): Leased<LogHead>;
      logTile(tile: Tile): Uint8Array<ArrayBuffer> | null;
    };
    readonly cases: {
      changesSince(since: Epoch | null, counts: Counts): Renewal;
      casesBetween(after: number, upTo: number): CasePage;
      newest(): LeasedText<NewestCases>;
      deadlines(day: string): LeasedText<object>;
    };
    readonly feed: {
      page(
        since: ChangeCursor | null,
        limit: number,
      ): Leased<ChangePage | null>;
    };
  }
}

/**
 * Memory for copies: about 550 cases as long as UA 126/19. With 40 MB and the
 * list of 10,000 cases, a full isolate had 65 MB.
 */
const MAX_COPIES_BYTES = 32_000_000;

/**
 * A Ledger that says nothing for longer is unavailable to the reader who waits.
 */
const QUESTION_TIMEOUT_MS = 10_000;

/** Revisions in a page of a case's history. */
const SHORT_HISTORY = 20;
const LONG_HISTORY = 100;

/** Equal for two states with the same text. */
const textKey = (state: CaseState | RevisionState): string =>
  state.state === "present"
    ? state.record.revision.hash
    : state.state === "absent"
      ? ""
      : state.revision.hash + state.state;
const isSameText = (
  a: CaseState | RevisionState,
  b: CaseState | RevisionState,
) => textKey(a) === textKey(b);

/**
 * @throws Refusal `unavailable`, or `newer-data` from a Ledger whose storage
 * newer code has changed
 */
async function fromLedger<T>(answer: Promise<T>): Promise<T> {
  try {
    return await withinTime(QUESTION_TIMEOUT_MS, answer);
  } catch (error) {
    log.error("Reads: the Ledger did not answer", error);
    const detail = newerDataDetail(error);
    throw new Refusal(
      detail === null ? { tag: "unavailable" } : { tag: "newer-data", detail },
    );
  }
}

const caseName = (id: string) => ({ key: `case ${id}`, id });

/** An answer that is made of a copy, at any time while its lease lasts. */
export interface Made<T> {
  copy: Copy<object>;
  /** @param now milliseconds since the epoch */
  at(now: number): T;
}

type Asked = Remote<Pick<LedgerPort, "readings" | "cases" | "feed">>;

export class Reads extends LeasedCopies {
  readonly #ledger: () => Asked;
  readonly #renewals: Renewals;
  readonly #profile: Profile;

  /**
   * @param ledger returns a stub; called for each question
   * @param now in milliseconds; only differences count, so it may be wrong by
   * hours
   * @param maxBytes memory for copies
   */
  constructor(
    ledger: () => Asked,
    now: () => number,
    keepAlive: KeepAlive,
    profile: Profile,
    maxBytes: number = MAX_COPIES_BYTES,
  ) {
    const clock = new OwnClock(now);
    const source = {
      async changesSince(since: Epoch | null) {
        const counted = counts.take();
        return fromLedger(ledger().cases.changesSince(since, counted)).catch(
          (error) => {
            counts.giveBack(counted);
            throw error;
          },
        );
      },
      casesBetween: (after: number, upTo: number) =>
        fromLedger(ledger().cases.casesBetween(after, upTo)),
    };
    const renewals = new Renewals(
      source,
      clock,
      keepAlive,
      () => new CaseIndex(profile),
    );
    super(renewals, clock, keepAlive, maxBytes);
    this.#ledger = ledger;
    this.#profile = profile;
    this.#renewals = renewals;
  }

  /** A copy that is in memory already, without waiting. */
  caseAtHand(id: string): Copy<CaseState> | null {
    return this.atHand(caseName(id));
  }

  async leasedCase(id: string): Promise<Copy<CaseState>> {
    const known = this.caseAtHand(id) ?? (await this.#unknown(id));
    if (known) return known;
    const copy = await this.read(
      caseName(id),
      () => fromLedger(this.#ledger().readings.case(id)),
      isSameText,
    );
    // Once all cases are known, made-up ids don't reach the Ledger.
    if (copy.value.state === "absent") this.#renewals.fillFurther();
    return copy;
  }

  /** Answers ids that no case has, once all cases are known. */
  async #unknown(id: string): Promise<Copy<CaseState> | null> {
    const isUnknown = () => this.#renewals.complete?.has(id) === false;
    if (!isUnknown()) return null;
    await this.renewed(id);
    return isUnknown()
      ? { value: { state: "absent" }, expires: this.#renewals.until(id) }
      : null;
  }

  /**
   * Reads what belongs to a case. Without such a case it is null, and the
   * Ledger isn't asked for it.
   */
  async #ofCase<T>(
    id: string,
    absent: T,
    read: (head: CaseState) => Promise<Copy<T>>,
  ): Promise<Copy<T>> {
    const { value: head, expires } = await this.leasedCase(id);
    return head.state === "absent" ? { value: absent, expires } : read(head);
  }

  /**
   * A page of a case's history; null when there is no such case.
   * @param before only revisions with lower numbers; null for the newest
   * @param least the page has at least so many revisions, if there are;
   * `firstOf` cuts it. Pages of each length would all be asked for
   */
  leasedHistory(
    id: string,
    before: number | null,
    least: number,
  ): Promise<Copy<HistoryPage | null>> {
    const limit = least <= SHORT_HISTORY ? SHORT_HISTORY : LONG_HISTORY;
    const read = (before: number | null) =>
      this.read<HistoryPage | null>(
        { key: `history ${id} ${before} ${limit}`, id },
        () =>
          fromLedger(this.#ledger().readings.historyPage(id, before, limit)),
      );
    return this.#ofCase<HistoryPage | null>(id, null, async (head) => {
      // A made-up number above the newest one names the newest page. It neither
      // reaches the Ledger nor pushes copies out of memory.
      if (
        before !== null &&
        head.state !== "absent" &&
        before > headOf(head).number
      ) {
        const newest = await read(null);
        if (newest.value && before > newest.value.newest.number) return newest;
      }
      return read(before);
    });
  }

  async leasedRevision(
    id: string,
    number: number,
  ): Promise<Copy<RevisionState>> {
    // Made-up numbers don't reach the Ledger either.
    const { value: head, expires } = await this.leasedCase(id);
    const isMadeUp =
      head.state === "present" && number > head.record.revision.number;
    if (head.state === "absent" || isMadeUp)
      return { value: { state: "absent" }, expires };
    const read = () => fromLedger(this.#ledger().readings.revision(id, number));
    return this.read({ key: `revision ${id} ${number}`, id }, read, isSameText);
  }

  /**
   * The newest revisions of one case, or of all when `id` is absent; empty for
   * an unknown case.
   */
  leasedRecent(id?: string): Promise<Copy<Recent[]>> {
    const read = (id: string | null) =>
      this.read({ key: `recent ${id ?? ""}`, id }, () =>
        fromLedger(this.#ledger().readings.recent(id)),
      );
    return id === undefined
      ? read(null)
      : this.#ofCase<Recent[]>(id, [], () => read(id));
  }

  /** A page of the log of changes; null when the cursor is of another log. */
  async leasedChanges(
    since: ChangeCursor | null,
    limit: number,
  ): Promise<Copy<ChangePage | null>> {
    const read = (since: ChangeCursor | null, limit: number) =>
      this.read(
        {
          key: `changes ${since ? `${since.position}-${since.log}` : ""} ${limit}`,
          id: null,
        },
        () => fromLedger(this.#ledger().feed.page(since, limit)),
      );
    // Made-up cursors don't reach the Ledger. The page that names the newest
    // position is as new as this read.
    if (since) {
      const { value: first, ...copy } = await read(null, 1);
      if (first && (since.log !== first.log || since.position > first.newest))
        return { ...copy, value: null };
    }
    return read(since, limit);
  }

  /** The head of the signed log. */
  leasedLogHead(): Promise<Copy<LogHead>> {
    const isSame = (before: LogHead, after: LogHead) =>
      before.size === after.size &&
      before.root.every((byte, index) => byte === after.root[index]);
    return this.read(
      { key: "log", id: null },
      () => fromLedger(this.#ledger().readings.logHead()),
      isSame,
    );
  }

  /** The entries of some cases in lists, without reading the list. */
  async summaries(ids: readonly string[]): Promise<CaseSummary[]> {
    const copies = await Promise.all(ids.map((id) => this.leasedCase(id)));
    return summariesIn(
      copies.map(({ value }) => value),
      this.#profile,
    );
  }

  /** The current state of a case. */
  async case(id: string): Promise<CaseState> {
    return (await this.leasedCase(id)).value;
  }

  /**
   * Reads a few cases, for an isolate that doesn't have all.
   * @param name of the question
   */
  #few<V extends object>(
    name: string,
    ask: () => Promise<LeasedText<V>>,
  ): Promise<Copy<V & { cases: CaseSummary[] }>> {
    return this.read({ key: `list ${name}`, id: null }, async () => {
      const { value, ...answer } = await fromLedger(ask());
      return {
        ...answer,
        value: { ...value, cases: JSON.parse(answer.text) as CaseSummary[] },
      };
    });
  }

  #newest(): Promise<Copy<NewestCases & { cases: CaseSummary[] }>> {
    return this.#few("newest", () => this.#ledger().cases.newest());
  }

  /**
   * Values for examples: the number of an invented case, if there is one, and a
   * place.
   */
  async example(): Promise<Example> {
    return this.#renewals.complete
      ? (await this.allCases()).value.example()
      : (await this.#newest()).value.example;
  }

  /**
   * A page of the list. An isolate without all cases asks the Ledger for the
   * first one.
   */
  async leasedPage(query: PageQuery, start?: Start): Promise<Made<ListPage>> {
    if (this.#renewals.complete || !isFirstPage(query)) {
      const copy = await this.allCases(start);
      return { copy, at: (now) => copy.value.page(query, now) };
    }
    const copy = await this.#newest();
    const { cases, found, countries, authorities, unshowable } = copy.value;
    const page = cases.slice(0, query.limit);
    const following = followingOf(
      spanOf(undefined, cases[0]),
      page.at(-1),
      found > query.limit,
      false,
      cases[0],
    );
    const first = {
      selection: { page, found, near: [], unshowable, ...following },
      countries,
      authorities,
    };
    return { copy, at: () => first };
  }

  /** Cases with a deadline on a day. @param day ISO 8601 */
  async leasedDeadlines(day: string): Promise<CaseSummary[]> {
    return (
      await this.#few(`deadlines ${day}`, () =>
        this.#ledger().cases.deadlines(day),
      )
    ).value.cases;
  }
}

const byNamespace = new WeakMap<object, Reads>();

/** The shared copies of this isolate. */
export function readsFor(env: Env): Reads {
  let reads = byNamespace.get(env.LEDGER);
  if (!reads) {
    reads = new Reads(
      () => ledgerFor(env),
      Date.now,
      waitUntil,
      profileOf(env),
    );
    byNamespace.set(env.LEDGER, reads);
  }
  return reads;
}
