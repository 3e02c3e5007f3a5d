/**
 * A model of the lease rule: one Ledger and holders of copies (isolates) on a
 * simulated network. Each clause of the rule can be switched off, so that the
 * tests show that it is needed. Times are in milliseconds. The pages in which
 * long answers come are tested in the code itself
 * (`tests/worker/reads/reads.test.ts`).
 */

const MARGIN_MS = 2_000;
const JOIN_TIMEOUT_MS = 2_000;
/** The clauses of the rule. A mutant is the rule with one of them false. */
export const rule = {
  /**
   * A copy counts only if it was made at or after the epoch of its case's last
   * change.
   */
  checksEpoch: true,
  /** A case with a moment ahead has a shorter term than the lease. */
  shortensTerms: true,
  /** A term is counted from before the question. */
  countsFromBefore: true,
  /**
   * A reader uses the answer to a question sent before it started only if it
   * started before that lease ended.
   */
  checksJoins: true,
  /** Every lease ends when the holder's own clock goes back. */
  dropsAfterStepBack: true,
};
export type Rule = typeof rule;
export type Clause = keyof Rule;

type Callback<T> = (value: T) => void;

/** Runs callbacks in the order of their time. */
export class Simulation {
  now = 0;
  /** Sorted by time. */
  readonly #queue: { at: number; run(): void }[] = [];

  after(milliseconds: number, run: () => void): void {
    const at = this.now + milliseconds;
    this.#queue.splice(
      1 + this.#queue.findLastIndex((other) => other.at <= at),
      0,
      { at, run },
    );
  }

  /** Advances the time, and runs what is due on the way. */
  advance(milliseconds: number): void {
    const end = this.now + milliseconds;
    while (this.#queue[0] && this.#queue[0].at <= end) {
      const { at, run } = this.#queue.shift()!;
      this.now = at;
      run();
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
  changed: Map<string, Change>;
  validFor: number;
  /** Terms shorter than `validFor`. */
  terms: Map<string, number>;
}

interface Value {
  /** The number of the head; 0 when the case isn't live. */
  head: number;
  epoch: number;
  validFor: number;
}

/** The questions that holders ask. */
type Source = Pick<Ledger, "changesSince" | "value">;

export class Ledger {
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
      list
        .filter((one) => !one.cancelled && !one.shown && one.liveAt <= now)
        .map((one) => ({ id, one })),
    );
    for (const { id, one } of due.sort((a, b) => a.one.liveAt - b.one.liveAt)) {
      one.shown = true;
      this.#mark = Math.max(this.#mark, one.liveAt);
      this.#changes.set(id, { epoch: ++this.#epoch, head: one.number });
    }
    return now;
  }

  #pending(id: string, now: number): Revision[] {
    return (this.#revisions.get(id) ?? []).filter(
      (one) => !one.cancelled && one.liveAt > now,
    );
  }

  head(id: string): number {
    return this.#changes.get(id)?.head ?? 0;
  }

  #term(id: string, now: number): number {
    const next = Math.min(...this.#pending(id, now).map((one) => one.liveAt));
    return Math.max(0, Math.min(this.#lease, next - MARGIN_MS - now));
  }

  #earliest(now: number): number {
    const former = this.#former
      .filter((lease) => lease.ends > now)
      .map((lease) => lease.length);
    return now + Math.max(this.#lease, ...former) + MARGIN_MS;
  }

  /**
   * @param replace true to cancel the newest pending revision in the same
   * transaction
   */
  publish(id: string, later: number, replace: boolean): void {
    const now = this.settle();
    const pending = this.#pending(id, now);
    const last = replace ? pending.at(-2) : pending.at(-1);
    const liveAt = this.#earliest(now) + later;
    if (last && last.liveAt >= liveAt) return;
    if (replace) this.undo(id);
    const list = this.#revisions.get(id) ?? [];
    this.#revisions.set(id, list);
    list.push({
      number: list.length + 1,
      liveAt,
      cancelled: false,
      shown: false,
    });
  }

  undo(id: string): void {
    const newest = this.#pending(id, this.settle()).at(-1);
    if (newest) newest.cancelled = true;
  }

  /**
   * Cancels everything pending and commits one more revision: the withdrawal.
   */
  withdraw(id: string): void {
    const now = this.settle();
    for (const one of this.#pending(id, now)) one.cancelled = true;
    if (this.head(id) > 0) this.publish(id, 0, false);
  }

  setLease(length: number): void {
    this.#former.push({
      length: this.#lease,
      ends: this.settle() + this.#lease,
    });
    this.#lease = length;
  }

  changesSince(since: number, reply: Callback<Changes>): void {
    const now = this.settle();
    const changed = [...this.#changes].filter(([, { epoch }]) => epoch > since);
    const terms = [...this.#revisions.keys()]
      .map((id) => [id, this.#term(id, now)] as const)
      .filter(([, term]) => term < this.#lease);
    reply({
      epoch: this.#epoch,
      changed: new Map(changed),
      validFor: this.#lease,
      terms: new Map(terms),
    });
  }

  value(id: string, reply: Callback<Value>): void {
    const now = this.settle();
    reply({
      head: this.head(id),
      epoch: this.#epoch,
      validFor: this.#term(id, now),
    });
  }
}

/**
 * A network between a holder and the Ledger. Each message takes the next of the
 * given delays.
 */
export function connection(
  simulation: Simulation,
  source: Ledger,
  delay: () => number,
): Source {
  const there = (run: () => void) => simulation.after(delay(), run);
  return {
    changesSince: (epoch, reply) =>
      there(() =>
        source.changesSince(epoch, (answer) =>
          simulation.after(delay(), () => reply(answer)),
        ),
      ),
    value: (id, reply) =>
      there(() =>
        source.value(id, (answer) =>
          simulation.after(delay(), () => reply(answer)),
        ),
      ),
  };
}

type SharedQuestion<T> = ReturnType<typeof sharedQuestion<T>>;

/** A question that readers share. */
function sharedQuestion<T>(
  simulation: Simulation,
  rule: Rule,
  ask: (then: Callback<T>) => void,
) {
  let sent = 0;
  let current: { serial: number; waiting: Callback<T>[] } | null = null;
  const send = () => {
    const question = { serial: ++sent, waiting: [] as Callback<T>[] };
    current = question;
    ask((answer) => {
      if (current === question) current = null;
      for (const waiting of question.waiting) waiting(answer);
    });
    return question;
  };
  return {
    /** Asks without a reader that waits. */
    refresh(): void {
      if (!current) send();
    },

    /**
     * @param isFresh true when this reader may use what is known, whenever it
     * was asked for
     */
    join(isFresh: () => boolean, then: Callback<T>): void {
      const before = sent;
      const attempt = () => {
        const question = current ?? send();
        let waits = true;
        question.waiting.push((answer) => {
          if (!waits) return;
          waits = false;
          if (question.serial > before || isFresh() || !rule.checksJoins)
            then(answer);
          else attempt();
        });
        if (question.serial > before) return;
        simulation.after(JOIN_TIMEOUT_MS, () => {
          if (!waits) return;
          waits = false;
          if (current === question) send();
          attempt();
        });
      };
      attempt();
    },
  };
}

interface Copy {
  head: number;
  epoch: number;
  expires: number;
  era: number;
}

const NEVER = Number.NEGATIVE_INFINITY;

type OwnClock = ReturnType<typeof ownClock>;

/** A clock that may be stepped. */
function ownClock(simulation: Simulation, rule: Rule) {
  let offset = 0;
  let latest = NEVER;
  const clock = {
    /** Grows when the clock goes back. */
    era: 0,

    /**
     * Steps the clock of a holder that is busy: one that looks at its clock so
     * seldom that time hides the step can't notice it.
     */
    step(milliseconds: number): void {
      clock.now();
      offset += milliseconds;
      clock.now();
    },

    now(): number {
      const now = simulation.now + offset;
      if (now < latest && rule.dropsAfterStepBack) clock.era++;
      latest = now;
      return now;
    },
  };
  return clock;
}

/**
 * The newest known epoch, each case's last change, and until when the last
 * answer may be used.
 */
class Index {
  /** Null before the first answer. */
  epoch: number | null = null;
  readonly changes = new Map<string, Change>();
  lease = {
    asked: NEVER,
    until: NEVER,
    era: 0,
    terms: new Map<string, number>(),
  };
  readonly renewal: SharedQuestion<void>;
  readonly #source: Source;
  readonly #clock: OwnClock;
  readonly #rule: Rule;

  constructor(
    simulation: Simulation,
    source: Source,
    clock: OwnClock,
    rule: Rule,
  ) {
    this.#source = source;
    this.#clock = clock;
    this.#rule = rule;
    this.renewal = sharedQuestion(simulation, rule, (then) => this.#ask(then));
  }

  #ask(then: Callback<void>): void {
    const asked = this.#clock.now();
    const { era } = this.#clock;
    this.#source.changesSince(this.epoch ?? 0, (answer) => {
      const now = this.#clock.now();
      this.#apply(answer, this.#rule.countsFromBefore ? asked : now, era);
      then();
    });
  }

  #apply(answer: Changes, asked: number, era: number): void {
    if (answer.epoch < (this.epoch ?? 0)) return;
    for (const [id, change] of answer.changed)
      if (change.epoch > (this.changes.get(id)?.epoch ?? 0))
        this.changes.set(id, change);
    this.epoch = answer.epoch;
    if (
      era !== this.#clock.era ||
      (era === this.lease.era && asked < this.lease.asked)
    )
      return;
    const terms = [...answer.terms].map(
      ([id, term]) => [id, asked + term] as const,
    );
    this.lease = {
      asked,
      until: asked + answer.validFor,
      era,
      terms: new Map(this.#rule.shortensTerms ? terms : []),
    };
  }

  /** The end of what the last answer says of a case. */
  until(id: string): number {
    const { era, until, terms } = this.lease;
    if (era !== this.#clock.era) return NEVER;
    return Math.min(until, terms.get(id) ?? until);
  }
}

/** An isolate that keeps copies. */
export function holderOf(simulation: Simulation, source: Source, rule: Rule) {
  const clock = ownClock(simulation, rule);
  const values = new Map<string, SharedQuestion<Value>>();
  const copies = new Map<string, Copy>();
  const index = new Index(simulation, source, clock, rule);

  /** The copy of a case, unless a later change of the case is known. */
  const current = (id: string): Copy | null => {
    const copy = copies.get(id);
    const changed =
      index.epoch === null
        ? Number.POSITIVE_INFINITY
        : (index.changes.get(id)?.epoch ?? 0);
    return copy && (copy.epoch >= changed || !rule.checksEpoch) ? copy : null;
  };

  const expiry = (id: string): number => {
    const copy = current(id);
    return copy
      ? Math.max(copy.era === clock.era ? copy.expires : NEVER, index.until(id))
      : NEVER;
  };

  const askValue = (id: string, then: Callback<Value>): void => {
    const asked = clock.now();
    const { era } = clock;
    source.value(id, (answer) => {
      const { head, epoch, validFor } = answer;
      const expires = (rule.countsFromBefore ? asked : clock.now()) + validFor;
      const kept = copies.get(id);
      const isNewer =
        !kept ||
        epoch > kept.epoch ||
        (epoch === kept.epoch && (era > kept.era || expires > kept.expires));
      if (isNewer) copies.set(id, { head, epoch, expires, era });
      then(answer);
    });
  };

  const readValue = (
    id: string,
    isFresh: () => boolean,
    then: Callback<Copy>,
  ): void => {
    const question =
      values.get(id) ??
      sharedQuestion(simulation, rule, (then) => askValue(id, then));
    values.set(id, question);
    question.join(isFresh, () => then(copies.get(id)!));
  };

  return {
    stepClock: clock.step,

    read(id: string, then: Callback<Pick<Copy, "head">>): void {
      const start = clock.now();
      const { era } = clock;
      const { renewal, lease, epoch } = index;
      if (epoch === null) renewal.refresh();
      const isFresh = () => era === clock.era && start < expiry(id);
      if (isFresh()) {
        if (lease.until - start < 3_000) renewal.refresh();
        then(current(id)!);
      } else if (current(id))
        renewal.join(isFresh, () => {
          const copy = current(id);
          if (copy) then(copy);
          else readValue(id, isFresh, then);
        });
      else readValue(id, isFresh, then);
    },
  };
}
