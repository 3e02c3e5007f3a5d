/** What readers see, through leased copies: the single read path of every surface. */
import { waitUntil } from "cloudflare:workers";
import type { Profile } from "../../shared/profile/schema.ts";
import type { CaseSummary } from "../../shared/view/summary.ts";
import { ledgerFor, type Remote } from "../runtime/bindings.ts";
import type { LogHead } from "../runtime/checkpoint.ts";
import type { Epoch } from "../runtime/lease.ts";
import { profileOf } from "../runtime/profiles/profiles.ts";
import type { AllCases, Example, ListPage, NewestCases, Sitemap } from "./all-cases.ts";
import { sitemapEntryOf } from "./all-cases.ts";
import { fromLedger, QUESTION_TIMEOUT_MS } from "./ask-ledger.ts";
import { CaseIndex } from "./case-index.ts";
import type { Copy, Start } from "./copies.ts";
import { counts } from "./counts.ts";
import { FewAtOnce } from "./few-at-once.ts";
import { LeasedCopies } from "./leased-copies.ts";
import type { LedgerReads } from "./ledger-reads.ts";
import { followingOf, isFirstPage, nextHalfDay, type PageQuery, spanOf } from "./list.ts";
import { OwnClock } from "./own-clock.ts";
import { Renewals } from "./renewals.ts";
import type { KeepAlive } from "./shared-question.ts";
import {
  type CaseState,
  type ChangeCursor,
  type ChangePage,
  type HistoryPage,
  headOf,
  type LeasedText,
  type Recent,
  type RevisionState,
} from "./state.ts";
import { summariesIn } from "./summary.ts";

/** Memory for copies: about 550 cases as long as UA 126/19. With 40 MB and the list of 10,000 cases, a full isolate had 65 MB. */
const MAX_COPIES_BYTES = 32_000_000;

/** Questions about the list that are under way at once: readers must leave the Ledger time to publish. */
const MAX_LIST_QUESTIONS = 4;

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
const isSameText = (a: CaseState | RevisionState, b: CaseState | RevisionState) => textKey(a) === textKey(b);

const caseName = (id: string) => ({ key: `case ${id}`, id });

/** An answer that is made of a copy, at any time while its lease lasts. */
export interface Made<T> {
  copy: Copy<object>;
  /** @param now milliseconds since the epoch */
  at(now: number): T;
}

export class Reads extends LeasedCopies {
  readonly #ledger: () => Remote<LedgerReads>;
  readonly #renewals: Renewals;
  readonly #listQuestions: FewAtOnce;
  readonly #profile: Profile;

  /**
   * @param ledger returns a stub; called for each question
   * @param now in milliseconds; only differences count, so it may be wrong by hours
   * @param maxBytes memory for copies
   */
  constructor(
    ledger: () => Remote<LedgerReads>,
    now: () => number,
    keepAlive: KeepAlive,
    profile: Profile,
    maxBytes: number = MAX_COPIES_BYTES,
  ) {
    const clock = new OwnClock(now);
    const source = {
      async changesSince(since: Epoch | null) {
        const counted = counts.take();
        return fromLedger(ledger().cases.changesSince(since, counted)).catch((error) => {
          counts.giveBack(counted);
          throw error;
        });
      },
      casesBetween: (after: number, upTo: number) => fromLedger(ledger().cases.casesBetween(after, upTo)),
    };
    const renewals = new Renewals(source, clock, keepAlive, () => new CaseIndex(profile));
    super(renewals, clock, keepAlive, maxBytes);
    this.#ledger = ledger;
    this.#profile = profile;
    this.#renewals = renewals;
    this.#listQuestions = new FewAtOnce(MAX_LIST_QUESTIONS, QUESTION_TIMEOUT_MS, clock);
  }

  /** A copy that is in memory already, without waiting. */
  caseAtHand(id: string): Copy<CaseState> | null {
    return this.atHand(caseName(id));
  }

  async leasedCase(id: string): Promise<Copy<CaseState>> {
    const known = this.caseAtHand(id) ?? (await this.#unknown(id));
    if (known) return known;
    const copy = await this.read(caseName(id), () => fromLedger(this.#ledger().readings.case(id)), isSameText);
    // Once all cases are known, made-up ids don't reach the Ledger.
    if (copy.value.state === "absent") this.#renewals.fillFurther();
    return copy;
  }

  /** Answers ids that no case has, once all cases are known. */
  async #unknown(id: string): Promise<Copy<CaseState> | null> {
    const isUnknown = () => this.#renewals.complete?.has(id) === false;
    if (!isUnknown()) return null;
    await this.renewed(id);
    return isUnknown() ? { value: { state: "absent" }, expires: this.#renewals.until(id) } : null;
  }

  /** Reads what belongs to a case. Without such a case it is null, and the Ledger isn't asked for it. */
  async #ofCase<T>(id: string, absent: T, read: (head: CaseState) => Promise<Copy<T>>): Promise<Copy<T>> {
    const { value: head, expires } = await this.leasedCase(id);
    return head.state === "absent" ? { value: absent, expires } : read(head);
  }

  /**
   * A page of a case's history; null when there is no such case.
   * @param before only revisions with lower numbers; null for the newest
   * @param least the page has at least so many revisions, if there are; `firstOf` cuts it. Pages of each length would all be asked for
   */
  leasedHistory(id: string, before: number | null, least: number): Promise<Copy<HistoryPage | null>> {
    const limit = least <= SHORT_HISTORY ? SHORT_HISTORY : LONG_HISTORY;
    const read = (before: number | null) =>
      this.read<HistoryPage | null>({ key: `history ${id} ${before} ${limit}`, id }, () =>
        fromLedger(this.#ledger().readings.historyPage(id, before, limit)),
      );
    return this.#ofCase<HistoryPage | null>(id, null, async (head) => {
      // A made-up number above the newest one names the newest page. It neither reaches the Ledger nor pushes copies out of memory.
      if (before !== null && head.state !== "absent" && before > headOf(head).number) {
        const newest = await read(null);
        if (newest.value && before > newest.value.newest.number) return newest;
      }
      return read(before);
    });
  }

  async leasedRevision(id: string, number: number): Promise<Copy<RevisionState>> {
    // Made-up numbers don't reach the Ledger either.
    const { value: head, expires } = await this.leasedCase(id);
    const isMadeUp = head.state === "present" && number > head.record.revision.number;
    if (head.state === "absent" || isMadeUp) return { value: { state: "absent" }, expires };
    const read = () => fromLedger(this.#ledger().readings.revision(id, number));
    return this.read({ key: `revision ${id} ${number}`, id }, read, isSameText);
  }

  /** The newest revisions of one case, or of all when `id` is absent; empty for an unknown case. */
  leasedRecent(id?: string): Promise<Copy<Recent[]>> {
    const read = (id: string | null) =>
      this.read({ key: `recent ${id ?? ""}`, id }, () => fromLedger(this.#ledger().readings.recent(id)));
    return id === undefined ? read(null) : this.#ofCase<Recent[]>(id, [], () => read(id));
  }

  /** A page of the log of changes; null when the cursor is of another log. */
  async leasedChanges(since: ChangeCursor | null, limit: number): Promise<Copy<ChangePage | null>> {
    const read = (since: ChangeCursor | null, limit: number) =>
      this.read({ key: `changes ${since ? `${since.position}-${since.log}` : ""} ${limit}`, id: null }, () =>
        fromLedger(this.#ledger().feed.page(since, limit)),
      );
    // Made-up cursors don't reach the Ledger. The page that names the newest position is as new as this read.
    if (since) {
      const { value: first, ...copy } = await read(null, 1);
      if (first && (since.log !== first.log || since.position > first.newest)) return { ...copy, value: null };
    }
    return read(since, limit);
  }

  /** The head of the signed log. */
  leasedLogHead(): Promise<Copy<LogHead>> {
    const isSame = (before: LogHead, after: LogHead) =>
      before.size === after.size && before.root.every((byte, index) => byte === after.root[index]);
    return this.read({ key: "log", id: null }, () => fromLedger(this.#ledger().readings.logHead()), isSame);
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
   * What all cases give: from the isolate's own list, or, as long as it doesn't have one, from the Ledger, if that has an answer in the
   * order of time.
   * @param make makes the answer of all cases
   * @param short asks the Ledger and makes the same of its answer
   */
  async #listed<T>(
    start: Start | undefined,
    make: (all: AllCases, now: number) => T,
    short?: () => Promise<{ copy: Copy<object>; value: T }>,
  ): Promise<Made<T>> {
    // Deadlines may pass while the Ledger answers.
    const until = nextHalfDay(this.now());
    if (short && !this.#renewals.complete) {
      const { copy, value } = await short();
      return { copy: { ...copy, until }, at: () => value };
    }
    const copy = await this.allCases(start);
    return { copy: { ...copy, until }, at: (now) => make(copy.value, now) };
  }

  /** Asks the Ledger for cases in the order of time. @param name of the question */
  async #short<V extends object>(
    name: string,
    ask: (ledger: Remote<LedgerReads>) => Promise<LeasedText<V>>,
  ): Promise<Copy<V & { cases: CaseSummary[] }>> {
    return this.read({ key: `list ${name}`, id: null }, async () => {
      const { value, ...answer } = await fromLedger(this.#listQuestions.run(() => ask(this.#ledger())));
      return { ...answer, value: { ...value, cases: JSON.parse(answer.text) as CaseSummary[] } };
    });
  }

  #newest(): Promise<Copy<NewestCases & { cases: CaseSummary[] }>> {
    return this.#short("newest", (ledger) => ledger.cases.newest());
  }

  /** Values for examples: the number of an invented case, if there is one, and a place. */
  async example(): Promise<Example> {
    const example = async () => {
      const copy = await this.#newest();
      return { copy, value: copy.value.example };
    };
    return (await this.#listed(undefined, (all) => all.example(), example)).at(0);
  }

  /** A page of the list. */
  leasedPage(query: PageQuery, start?: Start): Promise<Made<ListPage>> {
    const first = async () => {
      const copy = await this.#newest();
      const { cases, found, countries, authorities, unshowable } = copy.value;
      const page = cases.slice(0, query.limit);
      const span = spanOf(undefined, cases[0]);
      const following = followingOf(span, page.at(-1), found > query.limit, false, cases[0]);
      return {
        copy,
        value: { selection: { page, found, near: [], unshowable, ...following }, countries, authorities },
      };
    };
    return this.#listed(start, (all, now) => all.page(query, now), isFirstPage(query) ? first : undefined);
  }

  async leasedSitemap(part: number | null, start?: Start): Promise<Made<Sitemap>> {
    const short = async () => {
      const index = await this.#short("sitemap", (ledger) => ledger.cases.sitemap(null));
      const { parts } = index.value;
      // Made-up parts don't reach the Ledger.
      if (part === null || part > parts.length) return { copy: index, value: { parts, entries: [] } };
      const copy = await this.#short(`sitemap ${part}`, (ledger) => ledger.cases.sitemap(part));
      return { copy, value: { parts: copy.value.parts, entries: copy.value.cases.map(sitemapEntryOf) } };
    };
    return this.#listed(start, (all) => all.sitemap(part), short);
  }

  /** Cases with deadlines and hearings. @param day ISO 8601 */
  leasedCalendar(day: string, start?: Start): Promise<Made<CaseSummary[]>> {
    const short = async () => {
      const copy = await this.#short(`calendar ${day}`, (ledger) => ledger.cases.calendar(day));
      return { copy, value: copy.value.cases };
    };
    return this.#listed(start, (all) => all.calendar(day), short);
  }

  /** Cases with a deadline on a day. @param day ISO 8601 */
  async leasedDeadlines(day: string): Promise<CaseSummary[]> {
    return (await this.#short(`deadlines ${day}`, (ledger) => ledger.cases.deadlines(day))).value.cases;
  }
}

const byNamespace = new WeakMap<object, Reads>();

/** The shared copies of this isolate. */
export function readsFor(env: Env): Reads {
  let reads = byNamespace.get(env.LEDGER);
  if (!reads) {
    reads = new Reads(() => ledgerFor(env), Date.now, waitUntil, profileOf(env));
    byNamespace.set(env.LEDGER, reads);
  }
  return reads;
}
