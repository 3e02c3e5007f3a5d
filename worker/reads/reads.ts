/** Leased copies of what the Ledger holds: the single read path of every surface. */
import { waitUntil } from "cloudflare:workers";
import { Refusal } from "../../shared/failure.ts";
import type { CaseSummary, Summaries } from "../../shared/view/summary.ts";
import { ledgerFor } from "../runtime/bindings.ts";
import type { LogHead } from "../runtime/checkpoint.ts";
import type { Epoch, Leased } from "../runtime/lease.ts";
import { log } from "../runtime/log.ts";
import { newerDataDetail } from "../runtime/newer-data.ts";
import { profileOf } from "../runtime/profiles/profiles.ts";
import { Bodies, type Body, type Source, serialOf } from "./bodies.ts";
import { Copies, type Copy, type CopyName, LeasedCopy, type Start } from "./copies.ts";
import { type Counts, counts } from "./counts.ts";
import { FewAtOnce } from "./few-at-once.ts";
import type { LedgerReads } from "./ledger-reads.ts";
import { halfDay, prepareIndex } from "./list.ts";
import { OwnClock } from "./own-clock.ts";
import { type ListAnswer, type ListQuestion, parseList, type Topic } from "./questions.ts";
import { parseRenewal, Renewals } from "./renewals.ts";
import { type KeepAlive, SharedQuestion } from "./shared-question.ts";
import {
  type CaseState,
  type ChangeCursor,
  type ChangePage,
  type HistoryPage,
  headOf,
  type Recent,
  type RenewalText,
  type RevisionState,
} from "./state.ts";
import { withinTime } from "./within-time.ts";

/** Memory for copies: about 550 cases as long as UA 126/19. With 40 MB and the list of 10,000 cases, a full isolate had 65 MB. */
const MAX_COPIES_BYTES = 32_000_000;

/** The question about the list that asks for the first page of the fill. */
const FILL_FROM_QUESTION = 3;

/** Questions about the list that are under way at once: readers' searches must leave the Ledger time to publish. */
const MAX_LIST_QUESTIONS = 4;

/** Revisions in a page of a case's history. */
const SHORT_HISTORY = 20;
const LONG_HISTORY = 100;

/** A Ledger that says nothing for longer is unavailable to the reader who waits. */
const QUESTION_TIMEOUT_MS = 10_000;

/** Equal for two states with the same text. */
const textKey = (state: CaseState | RevisionState): string =>
  state.state === "present"
    ? state.record.revision.hash
    : state.state === "absent"
      ? ""
      : state.revision.hash + state.state;
const isSameText = (a: CaseState | RevisionState, b: CaseState | RevisionState) => textKey(a) === textKey(b);

const caseKey = (id: string) => `case ${id}`;

const LISTS: CopyName = { key: "lists", id: null };

export class Reads {
  readonly #ledger: () => LedgerReads;
  readonly #clock: OwnClock;
  readonly #keepAlive: KeepAlive;
  readonly #copies: Copies;
  /** Finished answers, in the same memory as the copies. */
  readonly bodies: Bodies;
  /** The cases that changed since this isolate's first question. It needs no fill. */
  #changes: Renewals;
  /** Which cases there are, and when each changed. It takes over from `#changes` once it is filled. */
  #heads: Renewals;
  /** The same with every case's entry in lists. It takes over from `#heads` once a list was read. */
  readonly #lists: Renewals;
  /** Questions about the list that the Ledger has answered. */
  #answered = 0;
  readonly #listQuestions: FewAtOnce;

  /**
   * @param ledger returns a stub; called for each question
   * @param clock in milliseconds; only differences count, so it may be wrong by hours
   * @param maxBytes memory for copies
   * @param onListed called with cases that lists will have, page by page
   */
  constructor(
    ledger: () => LedgerReads,
    clock: () => number,
    keepAlive: KeepAlive,
    maxBytes: number = MAX_COPIES_BYTES,
    onListed: (cases: CaseSummary[]) => void = () => {},
  ) {
    this.#ledger = ledger;
    this.#clock = new OwnClock(clock);
    this.#keepAlive = keepAlive;
    this.#copies = new Copies(maxBytes);
    this.bodies = new Bodies(this.#copies);
    this.#listQuestions = new FewAtOnce(MAX_LIST_QUESTIONS, QUESTION_TIMEOUT_MS, this.#clock);
    const asking =
      (question: (ledger: LedgerReads, since: Epoch | null, counted: Counts) => Promise<RenewalText>) =>
      (since: Epoch | null) =>
        this.#ask((ledger) => {
          const counted = counts.take();
          return question(ledger, since, counted).catch((error) => {
            counts.giveBack(counted);
            throw error;
          });
        }).then(parseRenewal);
    const whole = (lists: boolean) => asking((ledger, since, counted) => ledger.changesSince(since, lists, counted));
    const changes = asking((ledger, since, counted) => ledger.changesFrom(since, counted));
    this.#changes = new Renewals(changes, this.#clock, keepAlive);
    this.#heads = new Renewals(whole(false), this.#clock, keepAlive);
    this.#lists = new Renewals(whole(true), this.#clock, keepAlive, (changed) =>
      onListed(changed.flatMap(({ listed }) => listed?.summary ?? [])),
    );
  }

  async #ask<T>(question: (ledger: LedgerReads) => Promise<T>): Promise<T> {
    try {
      return await withinTime(QUESTION_TIMEOUT_MS, question(this.#ledger()));
    } catch (error) {
      log.error("Reads: the Ledger did not answer", error);
      const detail = newerDataDetail(error);
      if (detail !== null) throw new Refusal({ tag: "newer-data", detail });
      throw new Refusal({ tag: "unavailable" });
    }
  }

  /** A read asks for it once: while it waits, the lists may be filled with an older answer than the one it waits for. */
  get #renewals(): Renewals {
    // The others aren't asked again, so their memory is freed.
    if (this.#lists.isFilled) this.#heads = this.#changes = this.#lists;
    return this.#heads.isFilled ? this.#heads : this.#changes;
  }

  /** This isolate's clock, on which `expires` is counted. */
  now(): number {
    return this.#clock.now();
  }

  start(): Start {
    const at = this.#clock.now();
    return { at, era: this.#clock.era };
  }

  /** True if a read may use a value whose lease ends then. */
  #covers({ at, era }: Start, expires: number): boolean {
    return era === this.#clock.era && at < expires;
  }

  /** When the lease of a copy ends: its own, or the one that the last answer gives to every current copy. */
  #expiry<T>({ kept }: LeasedCopy<T>, id: string | null, renewals = this.#renewals): number {
    if (!kept) return Number.NEGATIVE_INFINITY;
    const isCurrent = renewals.isCurrent(id, kept.epoch);
    if (isCurrent === false) return Number.NEGATIVE_INFINITY;
    const own = kept.era === this.#clock.era ? kept.expires : Number.NEGATIVE_INFINITY;
    return isCurrent ? Math.max(own, renewals.until(id)) : own;
  }

  /**
   * @param read may give the text that most of the value was parsed from
   * @param isUnchanged when true, the kept value stays the same object, so that bodies cached for it stay valid
   */
  #copy<T>(
    key: string,
    read: (ledger: LedgerReads) => Promise<Leased<T> & { text?: string }>,
    isUnchanged: (before: T, after: T) => boolean = () => false,
  ): LeasedCopy<T> {
    const existing = this.#copies.get<LeasedCopy<T>>(key);
    if (existing) return existing;
    const ask = async (copy: LeasedCopy<T>) => {
      const asked = this.#clock.now();
      const { era } = this.#clock;
      const { value, text, validFor, epoch } = await this.#ask(read);
      const before = copy.kept;
      const isOlder =
        before?.epoch && before.epoch.history === epoch?.history
          ? epoch.number < before.epoch.number
          : before?.era === era && asked < before.asked;
      if (isOlder) return;
      const isSame = before !== null && isUnchanged(before.value, value);
      copy.kept = { value: isSame ? before.value : value, expires: asked + validFor, asked, era, epoch };
      if (!isSame) this.#copies.resize(key, copy, (text ?? JSON.stringify(value)).length);
    };
    const copy = new LeasedCopy<T>(ask, (ask) => new SharedQuestion(ask, this.#keepAlive));
    this.#copies.add(key, copy);
    return copy;
  }

  async #read<T>(name: CopyName, copy: LeasedCopy<T>): Promise<Copy<T>> {
    const { id } = name;
    const start = this.start();
    const renewals = this.#renewals;
    const isFresh = () => this.#covers(start, this.#expiry(copy, id, renewals));
    const isCurrent = () => renewals.isCurrent(id, copy.kept?.epoch) === true;
    const isAtHand = isFresh();
    counts.add(isAtHand ? "readsFromMemory" : "readsThatWaited");
    if (isAtHand) renewals.refresh(start.at);
    else {
      // The copy that is asked for below can be renewed only if changes are known from now on.
      if (!renewals.isFilled) renewals.refresh(start.at);
      let isConfirmed = isCurrent();
      if (isConfirmed) {
        await renewals.join(isFresh);
        isConfirmed = isCurrent();
      }
      if (!isConfirmed) await copy.question.join(isFresh);
    }
    return { value: copy.kept!.value, expires: this.#expiry(copy, id, renewals), name };
  }

  /** Answers unknown ids from the index, so that made-up ids don't reach the Ledger. */
  async #ifKnown<T>(id: string, absent: T, known: () => Promise<Copy<T>>): Promise<Copy<T>> {
    if (this.#renewals === this.#changes) await this.#heads.fillFirst();
    const renewals = this.#renewals;
    // Until every head is known, the Ledger says which cases there are.
    if (!this.#heads.isFilled) return known();
    if (!renewals.has(id)) {
      const start = this.start();
      const isFresh = () => this.#covers(start, renewals.until(id));
      if (isFresh()) renewals.refresh(start.at);
      else await renewals.join(isFresh);
      if (!renewals.has(id)) return { value: absent, expires: renewals.until(id) };
    }
    return known();
  }

  /** A copy that is in memory already, without waiting. */
  caseAtHand(id: string): Copy<CaseState> | null {
    const copy = this.#copies.get<LeasedCopy<CaseState>>(caseKey(id));
    if (!copy?.kept) return null;
    const now = this.#clock.now();
    const expires = this.#expiry(copy, id);
    if (now >= expires) return null;
    this.refresh(now);
    return { value: copy.kept.value, expires, name: { key: caseKey(id), id } };
  }

  /** When the shortest lease of values ends that were read before; in the past when a copy has another value now or isn't in memory. */
  expiryOf(of: readonly Source[]): number {
    let soonest = Number.POSITIVE_INFINITY;
    for (const source of of) soonest = Math.min(soonest, this.#expiryOf(source));
    return soonest;
  }

  #expiryOf({ copy: { key, id }, serial }: Source): number {
    if (key === LISTS.key) return this.#isListed(serial) ? this.#lists.until(null) : Number.NEGATIVE_INFINITY;
    const copy = this.#copyWith(key, serial);
    return copy ? this.#expiry(copy, id) : Number.NEGATIVE_INFINITY;
  }

  #isListed(serial: number): boolean {
    return serialOf(this.#lists.lists) === serial;
  }

  /** The copy with this key if it still has this value. */
  #copyWith(key: string, serial: number): LeasedCopy<object | null> | null {
    const copy = this.#copies.get<LeasedCopy<object | null>>(key);
    return copy?.kept && serialOf(copy.kept.value) === serial ? copy : null;
  }

  /**
   * Asks the Ledger to confirm the values of a finished answer when its lease has ended, as in the last seconds before a moment. All readers
   * who wait share the questions.
   * @param find gives the answer at hand after the wait: another reader may have replaced it
   * @returns the answer and when its shortest lease ends, which may be in the past; null when a value isn't the newest one
   */
  async confirmed<B extends Pick<Body, "of">>(
    body: B,
    find: () => B | null,
    start: Start,
  ): Promise<{ body: B; expires: number } | null> {
    const renewals = this.#renewals;
    const isFresh = ({ of }: B) => this.#covers(start, this.expiryOf(of));
    const isCurrent = ({ copy: { key, id }, serial }: Source) =>
      key === LISTS.key
        ? this.#isListed(serial)
        : renewals.isCurrent(id, this.#copyWith(key, serial)?.kept?.epoch) === true;
    if (!body.of.every(isCurrent)) return null;
    await renewals.join(() => isFresh(body));
    const newest = find();
    const mayGive = newest === body ? body.of.every(isCurrent) : newest !== null && isFresh(newest);
    if (!newest || !mayGive) return null;
    counts.add("readsThatWaited");
    return { body: newest, expires: this.expiryOf(newest.of) };
  }

  /** Asks the Ledger in the background when the lease is about to end. Call it when an answer is given from memory. */
  refresh(now: number): void {
    counts.add("readsFromMemory");
    this.#renewals.refresh(now);
  }

  async leasedCase(id: string): Promise<Copy<CaseState>> {
    return (
      this.caseAtHand(id) ??
      this.#ifKnown<CaseState>(id, { state: "absent" }, () =>
        this.#read(
          { key: caseKey(id), id },
          this.#copy(caseKey(id), (ledger) => ledger.readCase(id), isSameText),
        ),
      )
    );
  }

  /**
   * A page of a case's history; null when there is no such case.
   * @param before only revisions with lower numbers; null for the newest
   * @param least the page has at least so many revisions, if there are; `firstOf` cuts it. Pages of each length would all be asked for
   */
  leasedHistory(id: string, before: number | null, least: number): Promise<Copy<HistoryPage | null>> {
    const limit = least <= SHORT_HISTORY ? SHORT_HISTORY : LONG_HISTORY;
    const read = (before: number | null) => {
      const key = `history ${id} ${before} ${limit}`;
      return this.#read(
        { key, id },
        this.#copy(key, (ledger) => ledger.readHistoryPage(id, before, limit)),
      );
    };
    return this.#ifKnown<HistoryPage | null>(id, null, async () => {
      if (before === null) return read(null);
      // A made-up number above the newest one names the newest page. It neither reaches the Ledger nor pushes copies out of memory.
      const { value: head } = await this.leasedCase(id);
      if (head.state !== "absent" && before > headOf(head).number) {
        const newest = await read(null);
        if (newest.value && before > newest.value.newest.number) return newest;
      }
      return read(before);
    });
  }

  leasedRevision(id: string, number: number): Promise<Copy<RevisionState>> {
    return this.#ifKnown<RevisionState>(id, { state: "absent" }, async () => {
      // Made-up numbers don't reach the Ledger either.
      const head = await this.leasedCase(id);
      const newest = head.value.state === "present" ? head.value.record.revision.number : Number.POSITIVE_INFINITY;
      if (number > newest) return { value: { state: "absent" }, expires: head.expires };
      const key = `revision ${id} ${number}`;
      return this.#read(
        { key, id },
        this.#copy(key, (ledger) => ledger.readRevision(id, number), isSameText),
      );
    });
  }

  async leasedSummaries(start = this.start()): Promise<Copy<Summaries>> {
    const isFresh = () => this.#covers(start, this.#lists.until(null));
    if (isFresh()) this.#lists.refresh(this.#clock.now());
    else await this.#lists.join(isFresh);
    return { value: this.#lists.lists, expires: this.#lists.until(null), name: LISTS };
  }

  /**
   * The Ledger's answer to a question about the list; null once the lists are filled.
   * @param isKept false for a question that nobody will ask again. It doesn't fill the lists either, because several may follow one another
   */
  async leasedAnswer<T extends Topic>(question: ListQuestion<T>, isKept = true): Promise<Copy<ListAnswer<T>> | null> {
    if (this.#lists.isFilled) return null;
    // A deadline that passes changes an answer without a change of its case.
    const asked = this.#clock.now();
    const today = halfDay(asked);
    const read = async (ledger: LedgerReads): Promise<Leased<ListAnswer<T>>> => {
      const answer = await this.#listQuestions.run(() => ledger.readList(question));
      const { epoch, ...read } = answer;
      // On the Ledger's clock, it may not be this half day yet. Such an answer isn't renewed.
      return { ...read, value: parseList(question, answer), ...(answer.halfDay === today ? { epoch } : {}) };
    };
    const key = `list ${today} ${JSON.stringify(question)}`;
    const ask = async (): Promise<Copy<ListAnswer<T>>> => {
      const { value, validFor } = await this.#ask(read);
      return { value, expires: asked + validFor };
    };
    const copy = isKept ? await this.#read({ key, id: null }, this.#copy(key, read)) : await ask();
    // Only after the answer, and not for the first questions: the code is cold then, and a page of the fill costs more than an answer.
    if (isKept && ++this.#answered >= FILL_FROM_QUESTION) this.#lists.fill();
    return copy;
  }

  /** The newest revisions of one case, or of all when `id` is absent; empty for an unknown case. */
  leasedRecent(id?: string): Promise<Copy<Recent[]>> {
    const read = (id: string | null) => {
      const key = `recent ${id ?? ""}`;
      return this.#read(
        { key, id },
        this.#copy(key, (ledger) => ledger.readRecent(id)),
      );
    };
    return id === undefined ? read(null) : this.#ifKnown(id, [], () => read(id));
  }

  /** A page of the log of changes; null when the cursor is of another log. */
  async leasedChanges(since: ChangeCursor | null, limit: number): Promise<Copy<ChangePage | null>> {
    const read = (since: ChangeCursor | null, limit: number) => {
      const key = `changes ${since ? `${since.position}-${since.log}` : ""} ${limit}`;
      return this.#read(
        { key, id: null },
        this.#copy(key, (ledger) => ledger.readChanges(since, limit)),
      );
    };
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
    const key = "log";
    return this.#read(
      { key, id: null },
      this.#copy(key, (ledger) => ledger.readLogHead(), isSame),
    );
  }

  /** The current state of a case. */
  async case(id: string): Promise<CaseState> {
    return (await this.leasedCase(id)).value;
  }
}

const byNamespace = new WeakMap<object, Reads>();

/** The shared copies of this isolate. */
export function readsFor(env: Env): Reads {
  let reads = byNamespace.get(env.LEDGER);
  if (!reads) {
    const prepare = (cases: CaseSummary[]) => prepareIndex(cases, profileOf(env));
    reads = new Reads(() => ledgerFor(env) as unknown as LedgerReads, Date.now, waitUntil, MAX_COPIES_BYTES, prepare);
    byNamespace.set(env.LEDGER, reads);
  }
  return reads;
}
