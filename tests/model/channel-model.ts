/**
 * A model of which Channels the Ledger tells: one Ledger and one Channel of one
 * case, on a simulated network. Each clause of the rule can be switched off, so
 * that the tests show that it is needed. What runs is in
 * `worker/objects/ledger/registrations.ts` and `worker/objects/channel/`.
 */
import fc from "fast-check";
import { takeAll, weighed } from "../support/random-steps.ts";
import { Simulation } from "./lease-model.ts";

// The proportions of the real ones. A message takes at most 100 ms.
const TERM_MS = 900;
const RENEWAL_INTERVAL_MS = 300;
const RENEWAL_RETRY_MS = 60;
const PUSH_RETRY_MS = 30;

/** The clauses of the rule. A mutant is the rule with one of them false. */
export const rule = {
  /**
   * A socket is accepted before it is registered, so that a push meanwhile
   * reaches it.
   */
  acceptsFirst: true,
  /** The head is read once the Ledger has answered the registration. */
  registersBeforeReading: true,
  /** A socket whose registration failed is closed. */
  closesAfterFailure: true,
  /**
   * The alarm, which says that the Channel is registered, is set once the
   * Ledger has answered.
   */
  setsAlarmLast: true,
  /** While there are sockets, the registration is renewed. */
  renews: true,
  /** A renewal that failed is tried again. */
  retriesRenewal: true,
  /** A term is longer than the time between two renewals. */
  outlivesInterval: true,
  /**
   * For one term after the Ledger's start, the Channel is told whether it has
   * registered or not.
   */
  tellsAllAfterStart: true,
};
export type Rule = typeof rule;
export type Clause = keyof Rule;

type Ask = (answer: (isDone: boolean) => void) => void;

function ledgerOf(
  simulation: Simulation,
  rule: Rule,
  push: (head: number) => Ask,
) {
  /** When the registration runs out. */
  let until = 0;
  let everyoneUntil = 0;
  /** True while the Channel hasn't acknowledged the newest revision. */
  let waits = false;
  let isTelling = false;
  /** Grows when the object starts again. */
  let life = 0;
  const tell = () => {
    if (!waits || isTelling) return;
    if (simulation.now >= Math.max(until, everyoneUntil)) {
      waits = false;
      return;
    }
    const [told, toldIn] = [ledger.head, life];
    isTelling = true;
    push(told)((isDone) => {
      if (toldIn !== life) return;
      isTelling = false;
      if (!isDone) return simulation.after(PUSH_RETRY_MS, tell);
      waits = ledger.head > told;
      tell();
    });
  };
  const ledger = {
    head: 1,

    publish(): void {
      ledger.head++;
      waits = true;
      tell();
    },

    register(): void {
      until =
        simulation.now +
        (rule.outlivesInterval ? TERM_MS : RENEWAL_INTERVAL_MS);
    },

    /**
     * @param isRestored true when its storage is another one, which knows of no
     * registration
     */
    restart(isRestored: boolean): void {
      life++;
      isTelling = false;
      if (isRestored) until = 0;
      if (rule.tellsAllAfterStart) everyoneUntil = simulation.now + TERM_MS;
      tell();
    },
  };
  return ledger;
}

/**
 * The newest revision that its client was sent. Whether an older one can come
 * late is no matter of this rule.
 */
interface Socket {
  number: number;
}

function channelOf(
  simulation: Simulation,
  rule: Rule,
  register: Ask,
  read: (answer: (head: number) => void) => void,
) {
  const sockets = new Set<Socket>();
  /** Those who wait for a registration under way. */
  const waiting: ((isMade: boolean) => void)[] = [];
  let isRegistering = false;
  /**
   * The number of the alarm that is set. An object has one, and keeps it while
   * it sleeps.
   */
  let alarm: number | null = null;
  let alarms = 0;

  const ensureRegistered = (then: (isMade: boolean) => void): void => {
    if (alarm !== null) {
      then(true);
      return;
    }
    waiting.push(then);
    if (isRegistering) return;
    isRegistering = true;
    if (!rule.setsAlarmLast) setAlarm(RENEWAL_INTERVAL_MS);
    register((isMade) => {
      isRegistering = false;
      if (isMade) setAlarm(RENEWAL_INTERVAL_MS);
      for (const answer of waiting.splice(0)) answer(isMade);
    });
  };

  const setAlarm = (milliseconds: number): void => {
    const set = ++alarms;
    alarm = set;
    simulation.after(milliseconds, () => {
      if (set !== alarm) return;
      alarm = null;
      if (sockets.size === 0 || !rule.renews) return;
      ensureRegistered((isMade) => {
        if (!isMade && rule.retriesRenewal) setAlarm(RENEWAL_RETRY_MS);
      });
    });
  };

  return {
    sockets,

    open(): void {
      const socket = { number: 0 };
      let shown: number | null = null;
      let isRegistered = false;
      const sendBoth = () => {
        if (!isRegistered || shown === null) return;
        if (!rule.acceptsFirst) sockets.add(socket);
        socket.number = Math.max(socket.number, shown);
      };
      const readHead = () =>
        read((head) => {
          shown = head;
          sendBoth();
        });
      if (rule.acceptsFirst) sockets.add(socket);
      if (!rule.registersBeforeReading) readHead();
      ensureRegistered((isMade) => {
        if (!isMade && rule.closesAfterFailure) {
          sockets.delete(socket);
          return;
        }
        isRegistered = true;
        if (rule.registersBeforeReading) readHead();
        else sendBoth();
      });
    },

    /** A client goes. */
    leave(): void {
      for (const oldest of [...sockets].slice(0, 1)) sockets.delete(oldest);
    },

    push(head: number): void {
      for (const socket of sockets)
        socket.number = Math.max(socket.number, head);
    },
  };
}

const step = fc.oneof(
  weighed(18, "wait", { ms: fc.integer({ min: 0, max: 400 }) }),
  weighed(8, "open"),
  weighed(8, "publish"),
  weighed(8, "leave"),
  weighed(3, "fail"),
  weighed(1, "restart"),
  weighed(2, "restore"),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const delays = fc.array(
  fc.oneof(fc.constant(5), fc.integer({ min: 0, max: 100 })),
  { minLength: 3, maxLength: 12 },
);

/** Runs a history. Throws when an open socket ends on an older revision. */
function check(steps: Step[], delays: number[], rule: Rule): void {
  const simulation = new Simulation();
  let messages = 0;
  let failures = 0;
  const later = (run: () => void) =>
    simulation.after(delays[messages++ % delays.length]!, run);
  /** A call that may get lost on its way there or back. */
  const call = (run: () => void): Ask => {
    const isLost = failures > 0 && failures-- > 0;
    const isLostThere = isLost && messages % 2 === 0;
    return (answer) =>
      later(() => {
        if (!isLostThere) run();
        later(() => answer(!isLost));
      });
  };
  const ledger: ReturnType<typeof ledgerOf> = ledgerOf(
    simulation,
    rule,
    (head) => call(() => channel.push(head)),
  );
  const channel = channelOf(
    simulation,
    rule,
    (answer) => call(() => ledger.register())(answer),
    // By the lease rule, a read may show what was live when it started.
    (answer) => {
      const { head } = ledger;
      later(() => answer(head));
    },
  );
  takeAll(steps, {
    wait: ({ ms }) => simulation.advance(ms),
    open: () => channel.open(),
    publish: () => ledger.publish(),
    leave: () => channel.leave(),
    fail: () => {
      failures = 1;
    },
    restart: () => ledger.restart(false),
    restore: () => ledger.restart(true),
  });
  simulation.advance(5_000);
  for (const socket of channel.sockets)
    if (socket.number !== ledger.head)
      throw new Error(
        `an open socket ended on ${socket.number}, which ${ledger.head} had replaced`,
      );
}

/** Checks a rule in random histories. Throws when one breaks it. */
export function tryHistories(
  rule: Rule,
  { runs, seed }: { runs: number; seed: number },
): void {
  const property = fc.property(
    fc.array(step, { minLength: 5, maxLength: 40 }),
    delays,
    (steps, delays) => check(steps, delays, rule),
  );
  fc.assert(property, { numRuns: runs, seed, includeErrorInReport: true });
}
