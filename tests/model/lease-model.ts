/**
 * A model of the lease rule: one Ledger, holders of copies (isolates), and relays between them, on a simulated network. Each clause of
 * the rule can be switched off, so that the tests show that it is needed. Times are in milliseconds.
 */

const MARGIN_MS = 2_000;
const JOIN_TIMEOUT_MS = 2_000;
/** The number of changes in one answer. Small, so that answers come in pages. */
const PAGE_CHANGES = 1;

/** The clauses of the rule. A mutant is the rule with one of them false. */
export const rule = {
  /** A copy counts only if it was made at or after the epoch of its case's last change. */
  checksEpoch: true,
  /** An index that began at a later epoch counts every other case as changed then. */
  countsFromBase: true,
  /** A case that such an index doesn't list may exist. */
  asksForUnlisted: true,
  /** A case with a moment ahead has a shorter term than the lease. */
  shortensTerms: true,
  /** A term is counted from before the question. */
  countsFromBefore: true,
  /** A reader uses the answer to a question sent before it started only if it started before that lease ended. */
  checksJoins: true,
  /** A term that has run out at a relay extends nothing. */
  passesNoRunOutTerms: true,
  /** Every lease ends when the holder's own clock goes back. */
  dropsAfterStepBack: true,
  /** An answer that isn't complete extends nothing. */
  waitsForAllPages: true,
  /** A read goes on with the index that it began with, though another one was filled while it waited. */
  keepsItsIndex: true,
  /** A question whose last answer is older than the index asks again: other questions may have filled the index in part. */
  asksAgainWhenOvertaken: true,
};
export type Rule = typeof rule;
export type Clause = keyof Rule;

type Callback<T> = (value: T) => void;

interface Event {
  at: number;
  serial: number;
  run(): void;
}

/** Runs callbacks in the order of their time. */
export class Simulation {
  now = 0;
  #serial = 0;
  readonly #queue: Event[] = [];

  after(milliseconds: number, run: () => void): void {
    this.#queue.push({ at: this.now + milliseconds, serial: this.#serial++, run });
  }

  /** Advances the time, and runs what is due on the way. */
  advance(milliseconds: number): void {
    const end = this.now + milliseconds;
    for (;;) {
      let next: Event | undefined;
      for (const event of this.#queue)
        if (event.at <= end && (!next || event.at < next.at || (event.at === next.at && event.serial < next.serial)))
          next = event;
      if (!next) break;
      this.#queue.splice(this.#queue.indexOf(next), 1);
      this.now = next.at;
      next.run();
    }
    this.now = end;
  }
}

interface Revision {
  number: number;
  liveAt: number;
  cancelled: boolean;
  shown: boolean;
}

interface Change {
  epoch: number;
  head: number;
}

interface Changes {
  epoch: number;
  more: boolean;
  changed: Map<string, Change>;
  validFor: number;
  /** Terms shorter than `validFor`. Null for a term that has run out at a relay: nothing is known of that case. */
  terms: Map<string, number | null>;
}

interface Value {
  /** The number of the head; 0 when the case isn't live. */
  head: number;
  epoch: number;
  validFor: number;
}

/** Whatever answers questions: the Ledger or a relay. */
interface Source {
  changesSince(epoch: number, reply: Callback<Changes>): void;
  value(id: string, reply: Callback<Value>): void;
}

export class Ledger implements Source {
  /** How far the machine's clock is off. */
  offset = 0;
  readonly #simulation: Simulation;
  readonly #revisions = new Map<string, Revision[]>();
  readonly #changes = new Map<string, Change>();
  #epoch = 0;
  #mark = 0;
  #lease = 5_000;
  /** Former leases, and when their last copies run out. */
  #former: { length: number; ends: number }[] = [];

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
  }

  get #now(): number {
    return Math.max(this.#simulation.now + this.offset, this.#mark);
  }

  settle(): number {
    const now = this.#now;
    const due = [...this.#revisions].flatMap(([id, list]) =>
      list.filter((one) => !one.cancelled && !one.shown && one.liveAt <= now).map((one) => ({ id, one })),
    );
    for (const { id, one } of due.sort((a, b) => a.one.liveAt - b.one.liveAt)) {
      one.shown = true;
      this.#mark = Math.max(this.#mark, one.liveAt);
      this.#changes.set(id, { epoch: ++this.#epoch, head: one.number });
    }
    return now;
  }

  #pending(id: string, now: number): Revision[] {
    return (this.#revisions.get(id) ?? []).filter((one) => !one.cancelled && one.liveAt > now);
  }

  head(id: string): number {
    return this.#changes.get(id)?.head ?? 0;
  }

  #term(id: string, now: number): number {
    const next = Math.min(...this.#pending(id, now).map((one) => one.liveAt));
    return Math.max(0, Math.min(this.#lease, next - MARGIN_MS - now));
  }

  #earliest(now: number): number {
    const former = this.#former.filter((lease) => lease.ends > now).map((lease) => lease.length);
    return now + Math.max(this.#lease, ...former) + MARGIN_MS;
  }

  /** @param replace true to cancel the newest pending revision in the same transaction */
  publish(id: string, later: number, replace: boolean): void {
    const now = this.settle();
    const pending = this.#pending(id, now);
    const last = replace ? pending.at(-2) : pending.at(-1);
    const liveAt = this.#earliest(now) + later;
    if (last && last.liveAt >= liveAt) return;
    if (replace) this.undo(id);
    const list = this.#revisions.get(id) ?? [];
    this.#revisions.set(id, list);
    list.push({ number: list.length + 1, liveAt, cancelled: false, shown: false });
  }

  undo(id: string): void {
    const newest = this.#pending(id, this.settle()).at(-1);
    if (newest) newest.cancelled = true;
  }

  /** Cancels everything pending and commits one more revision: the withdrawal. */
  withdraw(id: string): void {
    const now = this.settle();
    for (const one of this.#pending(id, now)) one.cancelled = true;
    if (this.head(id) > 0) this.publish(id, 0, false);
  }

  setLease(length: number): void {
    this.#former.push({ length: this.#lease, ends: this.settle() + this.#lease });
    this.#lease = length;
  }

  changesSince(since: number, reply: Callback<Changes>): void {
    const now = this.settle();
    const changed = [...this.#changes]
      .filter(([, { epoch }]) => epoch > since)
      .sort(([, a], [, b]) => a.epoch - b.epoch);
    const page = changed.slice(0, PAGE_CHANGES);
    const more = changed.length > page.length;
    const terms = [...this.#revisions.keys()]
      .map((id) => [id, this.#term(id, now)] as const)
      .filter(([, term]) => term < this.#lease);
    reply({
      epoch: more ? page.at(-1)![1].epoch : this.#epoch,
      more,
      changed: new Map(page),
      validFor: this.#lease,
      terms: new Map(terms),
    });
  }

  value(id: string, reply: Callback<Value>): void {
    const now = this.settle();
    reply({ head: this.head(id), epoch: this.#epoch, validFor: this.#term(id, now) });
  }
}

/** A network between a holder and its source. Each message takes the next of the given delays. */
export function connection(simulation: Simulation, source: Source, delay: () => number): Source {
  const there = (run: () => void) => simulation.after(delay(), run);
  return {
    changesSince: (epoch, reply) =>
      there(() => source.changesSince(epoch, (answer) => simulation.after(delay(), () => reply(answer)))),
    value: (id, reply) => there(() => source.value(id, (answer) => simulation.after(delay(), () => reply(answer)))),
  };
}

/** A question that readers share. */
class SharedQuestion<T> {
  readonly #simulation: Simulation;
  readonly #ask: (then: Callback<T>) => void;
  readonly #rule: Rule;
  #sent = 0;
  #current: { serial: number; waiting: Callback<T>[] } | null = null;

  constructor(simulation: Simulation, rule: Rule, ask: (then: Callback<T>) => void) {
    this.#simulation = simulation;
    this.#rule = rule;
    this.#ask = ask;
  }

  #send() {
    const question = { serial: ++this.#sent, waiting: [] as Callback<T>[] };
    this.#current = question;
    this.#ask((answer) => {
      if (this.#current === question) this.#current = null;
      for (const waiting of question.waiting) waiting(answer);
    });
    return question;
  }

  /** Asks without a reader that waits. */
  refresh(): void {
    if (!this.#current) this.#send();
  }

  /** @param isFresh true when this reader may use what is known, whenever it was asked for */
  join(isFresh: () => boolean, then: Callback<T>): void {
    const before = this.#sent;
    const attempt = () => {
      const question = this.#current ?? this.#send();
      let waits = true;
      question.waiting.push((answer) => {
        if (!waits) return;
        waits = false;
        if (question.serial > before || isFresh() || !this.#rule.checksJoins) then(answer);
        else attempt();
      });
      if (question.serial > before) return;
      this.#simulation.after(JOIN_TIMEOUT_MS, () => {
        if (!waits) return;
        waits = false;
        if (this.#current === question) this.#send();
        attempt();
      });
    };
    attempt();
  }
}

interface Copy {
  head: number;
  epoch: number;
  expires: number;
  era: number;
}

const NEVER = Number.NEGATIVE_INFINITY;

/** A clock that may be stepped. */
class OwnClock {
  /** Grows when the clock goes back. */
  era = 0;
  /** How far it is off. */
  #offset = 0;
  #latest = NEVER;
  readonly #simulation: Simulation;
  readonly #rule: Rule;

  constructor(simulation: Simulation, rule: Rule) {
    this.#simulation = simulation;
    this.#rule = rule;
  }

  /** Steps the clock of a holder that is busy: one that looks at its clock so seldom that time hides the step can't notice it. */
  step(milliseconds: number): void {
    this.now();
    this.#offset += milliseconds;
    this.now();
  }

  now(): number {
    const now = this.#simulation.now + this.#offset;
    if (now < this.#latest && this.#rule.dropsAfterStepBack) this.era++;
    this.#latest = now;
    return now;
  }
}

/** The newest known epoch, each case's last change, and until when the last answer may be used. */
class Index {
  epoch = 0;
  readonly changes = new Map<string, Change>();
  /** The epoch after which every change is listed; null before the first answer of an index that begins at the newest. */
  base: number | null;
  isFilling = false;
  /** False until the first fill is complete. */
  isComplete = false;
  lease = { asked: NEVER, until: NEVER, era: 0, terms: new Map<string, number | null>() };
  /** Its answer names the cases of which nothing is known. */
  readonly renewal: SharedQuestion<Set<string>>;
  readonly #source: Source;
  readonly #clock: OwnClock;
  readonly #rule: Rule;
  readonly #drop: (id: string) => void;

  /**
   * @param drop deletes the copy of a case
   * @param isWhole false for an index that begins at the newest epoch
   */
  constructor(
    simulation: Simulation,
    source: Source,
    clock: OwnClock,
    rule: Rule,
    drop: (id: string) => void,
    isWhole: boolean,
  ) {
    this.base = isWhole ? 0 : null;
    this.#source = source;
    this.#clock = clock;
    this.#rule = rule;
    this.#drop = drop;
    this.renewal = new SharedQuestion(simulation, rule, (then) => this.#ask(then));
  }

  #ask(then: Callback<Set<string>>): void {
    const asked = this.#clock.now();
    const { era } = this.#clock;
    this.#source.changesSince(this.base === null ? Number.POSITIVE_INFINITY : this.epoch, (answer) => {
      const now = this.#clock.now();
      this.#apply(answer, this.#rule.countsFromBefore ? asked : now, era);
      const isOvertaken = answer.epoch < this.epoch && this.#rule.asksAgainWhenOvertaken;
      if (answer.more || isOvertaken) this.#ask(then);
      else then(new Set([...answer.terms].filter(([, term]) => term === null).map(([id]) => id)));
    });
  }

  /** Asks for the next page of the first fill. */
  fill(): void {
    if (this.isComplete || this.isFilling) return;
    this.isFilling = true;
    const asked = this.#clock.now();
    const { era } = this.#clock;
    this.#source.changesSince(this.epoch, (answer) => {
      this.isFilling = false;
      const now = this.#clock.now();
      this.#apply(answer, this.#rule.countsFromBefore ? asked : now, era);
    });
  }

  #apply(answer: Changes, asked: number, era: number): void {
    if (answer.epoch < this.epoch) return;
    this.base ??= this.#rule.countsFromBase ? answer.epoch : 0;
    for (const [id, change] of answer.changed) {
      if (change.epoch <= (this.changes.get(id)?.epoch ?? 0)) continue;
      this.changes.set(id, change);
      if (!this.#rule.checksEpoch) this.#drop(id);
    }
    this.epoch = answer.epoch;
    if (!answer.more) this.isComplete = true;
    else if (this.#rule.waitsForAllPages) return;
    if (era !== this.#clock.era || (era === this.lease.era && asked < this.lease.asked)) return;
    const terms = [...answer.terms].map(([id, term]) => [id, term === null ? null : asked + term] as const);
    this.lease = { asked, until: asked + answer.validFor, era, terms: new Map(this.#rule.shortensTerms ? terms : []) };
  }

  /** The end of what the last answer says of a case. */
  until(id: string): number {
    const { era, until, terms } = this.lease;
    if (era !== this.#clock.era) return NEVER;
    const term = terms.get(id);
    return term === null ? NEVER : Math.min(until, term ?? until);
  }
}

/** Keeps copies. An isolate reads for itself; a relay also answers other holders. */
export class Holder implements Source {
  readonly #simulation: Simulation;
  readonly #source: Source;
  readonly #rule: Rule;
  readonly #clock: OwnClock;
  readonly #values = new Map<string, SharedQuestion<Value>>();
  readonly #copies = new Map<string, Copy>();
  /** The cases that changed since the first question. */
  readonly #changes: Index;
  /** Filled page by page. From then on it answers in place of `#changes`. */
  readonly #heads: Index;
  /** Filled by the first list. From then on it answers reads of single cases too. */
  readonly #lists: Index;

  constructor(simulation: Simulation, source: Source, rule: Rule) {
    this.#simulation = simulation;
    this.#source = source;
    this.#rule = rule;
    this.#clock = new OwnClock(simulation, rule);
    const index = (isWhole: boolean) =>
      new Index(simulation, source, this.#clock, rule, (id) => this.#copies.delete(id), isWhole);
    this.#changes = index(false);
    this.#heads = index(true);
    this.#lists = index(true);
  }

  stepClock(milliseconds: number): void {
    this.#clock.step(milliseconds);
  }

  get #index(): Index {
    return this.#lists.isComplete ? this.#lists : this.#heads.isComplete ? this.#heads : this.#changes;
  }

  /** The copy of a case, unless a later change of the case is known. */
  #current(id: string, index: Index): Copy | null {
    const { changes, isComplete, base } = index;
    const copy = this.#copies.get(id);
    const isListed = changes.has(id);
    const changed = changes.get(id)?.epoch ?? base ?? Number.POSITIVE_INFINITY;
    const isWhole = index !== this.#changes || !this.#rule.asksForUnlisted;
    if (!copy) return isComplete && isWhole && !isListed ? { head: 0, epoch: 0, expires: NEVER, era: 0 } : null;
    return this.#rule.checksEpoch && copy.epoch < changed ? null : copy;
  }

  #expiry(id: string, index: Index): number {
    const copy = this.#current(id, index);
    return copy ? Math.max(copy.era === this.#clock.era ? copy.expires : NEVER, index.until(id)) : NEVER;
  }

  #read(id: string, then: Callback<Copy>): void {
    const start = this.#clock.now();
    const { era } = this.#clock;
    const begun = this.#index;
    if (begun === this.#changes) {
      this.#heads.fill();
      if (!begun.isComplete) begun.renewal.refresh();
    }
    const index = () => (this.#rule.keepsItsIndex ? begun : this.#index);
    const isFresh = () => era === this.#clock.era && start < this.#expiry(id, index());
    if (isFresh()) {
      if (begun.lease.until - start < 3_000) begun.renewal.refresh();
      then(this.#current(id, begun)!);
    } else if (this.#current(id, begun))
      begun.renewal.join(isFresh, (unknown) => {
        const copy = this.#current(id, index());
        if (copy && (!unknown.has(id) || isFresh())) then(copy);
        else this.#readValue(id, isFresh, then);
      });
    else this.#readValue(id, isFresh, then);
  }

  #readValue(id: string, isFresh: () => boolean, then: Callback<Copy>): void {
    const question =
      this.#values.get(id) ?? new SharedQuestion(this.#simulation, this.#rule, (then) => this.#askValue(id, then));
    this.#values.set(id, question);
    question.join(isFresh, () => then(this.#copies.get(id)!));
  }

  #askValue(id: string, then: Callback<Value>): void {
    const asked = this.#clock.now();
    const { era } = this.#clock;
    this.#source.value(id, (answer) => {
      const { head, epoch, validFor } = answer;
      const expires = (this.#rule.countsFromBefore ? asked : this.#clock.now()) + validFor;
      const kept = this.#copies.get(id);
      const isNewer =
        !kept || epoch > kept.epoch || (epoch === kept.epoch && (era > kept.era || expires > kept.expires));
      if (isNewer) this.#copies.set(id, { head, epoch, expires, era });
      then(answer);
    });
  }

  read(id: string, then: Callback<number>): void {
    this.#read(id, ({ head }) => then(head));
  }

  /** Reads the heads of all cases, from the index where it can. */
  list(ids: string[], then: Callback<Map<string, number>>): void {
    const start = this.#clock.now();
    const { era } = this.#clock;
    const index = this.#lists;
    const isFresh = () => era === this.#clock.era && ids.every((id) => start < index.until(id));
    const answer = (unknown: Set<string>) => {
      const heads = new Map<string, number>();
      const add = (id: string, head: number) => {
        heads.set(id, head);
        if (heads.size === ids.length) then(heads);
      };
      for (const id of ids)
        if (unknown.has(id)) this.#read(id, ({ head }) => add(id, head));
        else add(id, index.changes.get(id)?.head ?? 0);
    };
    if (isFresh()) answer(new Set());
    else index.renewal.join(isFresh, (unknown) => answer(isFresh() ? new Set() : unknown));
  }

  changesSince(since: number, reply: Callback<Changes>): void {
    const start = this.#clock.now();
    const { era } = this.#clock;
    const index = this.#heads;
    const isFresh = () => era === this.#clock.era && index.lease.era === era && start < index.lease.until;
    const answer = (unknown: Set<string>) => {
      const now = this.#clock.now();
      const left = (until: number | null) =>
        until === null || index.lease.era !== this.#clock.era ? 0 : Math.max(0, until - now);
      const terms = new Map<string, number | null>([...unknown].map((id) => [id, null]));
      for (const [id, until] of index.lease.terms)
        if (left(until) > 0 || !this.#rule.passesNoRunOutTerms) terms.set(id, left(until));
        else terms.set(id, null);
      const { epoch, changes } = index;
      const changed = new Map([...changes].filter(([, change]) => change.epoch > since));
      reply({ epoch, more: false, changed, validFor: left(index.lease.until), terms });
    };
    if (isFresh()) answer(new Set());
    else index.renewal.join(isFresh, answer);
  }

  value(id: string, reply: Callback<Value>): void {
    this.#read(id, ({ head, epoch, expires, era }) => {
      const index = this.#index;
      const until = Math.max(
        era === this.#clock.era ? expires : NEVER,
        this.#current(id, index)?.epoch === epoch ? index.until(id) : NEVER,
      );
      reply({ head, epoch, validFor: Math.max(0, until - this.#clock.now()) });
    });
  }
}
