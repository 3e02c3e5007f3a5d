/**
 * A model of which Channels the Ledger wakes: one Ledger and one Channel of one case, on a simulated network. Each clause of the rule can be
 * switched off, so that the tests show that it is needed. What runs is in `worker/objects/ledger/known-channels.ts` and `worker/objects/channel/`.
 */
import fc from "fast-check";
import { Simulation } from "./lease-model.ts";

const RETRY_MS = 250;
/** A socket that the Channel closed is still listed so long. */
const CLOSING_MS = 100;
/** From the close of a socket until the Channel looks whether one is left. */
const GRACE_MS = 300;

/** The clauses of the rule. A mutant is the rule with one of them false. */
export const rule = {
  /** A socket is accepted before it is registered, so that a push meanwhile counts it. */
  acceptsFirst: true,
  /** The head is read once the Ledger has answered the registration. */
  registersBeforeReading: true,
  /** A Channel that registered since it was told is not empty, whatever it answered. */
  registrationWins: true,
  /** With an answer that it is empty, a Channel forgets its registration, also one that is under way. */
  endsWithEmptyAnswer: true,
  /** A socket whose registration failed is closed. */
  closesAfterFailure: true,
  /** A Channel that slept is registered only if one of its sockets was. */
  keepsOnlyRegistered: true,
  /** Only a Channel whose code registers sockets can be empty. */
  asksForRegistration: true,
  /** A Channel that says of itself that it is empty is asked, as at a moment. */
  asksBack: true,
  /** Each of several questions at the same time notes who registers meanwhile. */
  notesForEachQuestion: true,
  /** After another deployment the Ledger forgets which Channels were empty. */
  forgetsAfterDeployment: true,
};
export type Rule = typeof rule;
export type Clause = keyof Rule;

type Push = (head: number, answer: (sockets: number | null) => void, fail: () => void) => void;

class Ledger {
  head = 1;
  isEmpty = false;
  /** True while the Channel hasn't acknowledged the newest revision. */
  #waits = false;
  #isTelling = false;
  /** What is being asked, and whether the Channel has registered since. */
  readonly #questions = new Set<{ hasRegistered: boolean }>();
  /** Grows when the object starts again. */
  #life = 0;
  readonly #simulation: Simulation;
  readonly #rule: Rule;
  readonly #push: Push;

  constructor(simulation: Simulation, rule: Rule, push: Push) {
    this.#simulation = simulation;
    this.#rule = rule;
    this.#push = push;
  }

  publish(): void {
    this.head++;
    this.#waits = true;
    this.#tell();
  }

  register(): void {
    this.isEmpty = false;
    for (const question of this.#questions) question.hasRegistered = true;
  }

  /** The Channel says that it has no sockets. */
  check(): void {
    if (this.isEmpty) return;
    if (this.#rule.asksBack) this.#ask(() => {});
    else this.isEmpty = true;
  }

  restart(isAnotherVersion: boolean): void {
    this.#life++;
    this.#isTelling = false;
    this.#questions.clear();
    if (isAnotherVersion && this.#rule.forgetsAfterDeployment) this.isEmpty = false;
    this.#tell();
  }

  #tell(): void {
    if (!this.#waits || this.#isTelling) return;
    if (this.isEmpty) {
      this.#waits = false;
      return;
    }
    const { head } = this;
    this.#isTelling = true;
    this.#ask((isAnswered) => {
      this.#isTelling = false;
      if (!isAnswered) return this.#simulation.after(RETRY_MS, () => this.#tell());
      this.#waits = this.head > head;
      this.#tell();
    });
  }

  /** Pushes the head, and notes when the answer is that there are no sockets. */
  #ask(then: (isAnswered: boolean) => void): void {
    const life = this.#life;
    if (!this.#rule.notesForEachQuestion) this.#questions.clear();
    const question = { hasRegistered: false };
    this.#questions.add(question);
    const end = (sockets: number | null | undefined) => {
      if (life !== this.#life) return;
      this.#questions.delete(question);
      if (sockets === null && !(question.hasRegistered && this.#rule.registrationWins)) this.isEmpty = true;
      then(sockets !== undefined);
    };
    this.#push(this.head, end, () => end(undefined));
  }
}

interface Socket {
  /** The newest revision that its client was sent. Whether an older one can come late is no matter of this rule. */
  number: number;
  isRegistered: boolean;
  /** False for one that the Channel has closed. */
  isOpen: boolean;
}

type Registration = { state: "asked" | "known"; waiting: ((isKnown: boolean) => void)[] };

class Channel {
  readonly sockets = new Set<Socket>();
  /** False for code of the version before. */
  registers = true;
  #registration: Registration | null = null;
  /** Sockets that are being opened: an object doesn't sleep meanwhile. */
  #opening = 0;
  #isAlarmSet = false;
  readonly #rule: Rule;
  readonly #simulation: Simulation;
  readonly #register: (answer: (isKnown: boolean) => void) => void;
  readonly #read: (answer: (head: number) => void) => void;
  readonly #sayEmpty: () => void;

  constructor(
    simulation: Simulation,
    rule: Rule,
    register: (answer: (isKnown: boolean) => void) => void,
    read: (answer: (head: number) => void) => void,
    sayEmpty: () => void,
  ) {
    this.#simulation = simulation;
    this.#rule = rule;
    this.#register = register;
    this.#read = read;
    this.#sayEmpty = sayEmpty;
  }

  open(): void {
    const socket: Socket = { number: 0, isRegistered: false, isOpen: true };
    this.#opening++;
    const send = (head: number) => {
      this.#opening--;
      if (!this.#rule.acceptsFirst && socket.isOpen) this.sockets.add(socket);
      socket.number = Math.max(socket.number, head);
    };
    if (!this.registers) {
      this.sockets.add(socket);
      this.#read(send);
      return;
    }
    if (this.#rule.acceptsFirst) this.sockets.add(socket);
    let read: number | null = null;
    let isKnown = false;
    const sendBoth = () => {
      if (isKnown && read !== null) send(read);
    };
    const readHead = () =>
      this.#read((head) => {
        read = head;
        sendBoth();
      });
    if (!this.#rule.registersBeforeReading) readHead();
    this.#ensure((isDone) => {
      if (!isDone && this.#rule.closesAfterFailure) {
        this.#opening--;
        this.#close(socket);
        return;
      }
      socket.isRegistered = true;
      isKnown = true;
      if (this.#rule.registersBeforeReading) readHead();
      else sendBoth();
    });
  }

  #ensure(then: (isKnown: boolean) => void): void {
    const isKept = [...this.sockets].some((one) => one.isRegistered || !this.#rule.keepsOnlyRegistered);
    if (!this.#registration && isKept) this.#registration = { state: "known", waiting: [] };
    if (this.#registration?.state === "known") {
      then(true);
      return;
    }
    if (this.#registration) {
      this.#registration.waiting.push(then);
      return;
    }
    const registration: Registration = { state: "asked", waiting: [then] };
    this.#registration = registration;
    this.#register((isKnown) => {
      registration.state = "known";
      if (!isKnown && this.#registration === registration) this.#registration = null;
      for (const answer of registration.waiting) answer(isKnown);
    });
  }

  #close(socket: Socket): void {
    socket.isOpen = false;
    this.#simulation.after(CLOSING_MS, () => this.#remove(socket));
  }

  #remove(socket: Socket): void {
    this.sockets.delete(socket);
    if (!this.registers || this.#isAlarmSet) return;
    this.#isAlarmSet = true;
    this.#simulation.after(GRACE_MS, () => {
      this.#isAlarmSet = false;
      if (this.registers && this.sockets.size === 0) this.#sayEmpty();
    });
  }

  /** A client goes. */
  leave(): void {
    const [oldest] = this.sockets;
    if (!oldest) return;
    oldest.isOpen = false;
    this.#remove(oldest);
  }

  push(head: number): number | null {
    for (const socket of this.sockets) socket.number = Math.max(socket.number, head);
    if (this.sockets.size > 0) return this.sockets.size;
    if (!this.registers) return this.#rule.asksForRegistration ? 0 : null;
    if (this.#rule.endsWithEmptyAnswer) this.#registration = null;
    return null;
  }

  /** Hibernates, or starts with the code of another version; its sockets stay. */
  sleep(registers: boolean): void {
    if (this.#opening > 0) return;
    this.registers = registers;
    this.#registration = null;
  }
}

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ what: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 400 }) }) },
  { weight: 8, arbitrary: fc.record({ what: fc.constantFrom("open" as const, "publish" as const, "leave" as const) }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constantFrom("sleep" as const, "fail" as const) }) },
  // Objects start with newer code one by one. A rollback starts all of them with older code, of which the Ledger's refuses to serve.
  { weight: 1, arbitrary: fc.record({ what: fc.constantFrom("restart" as const, "roll back" as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const delays = fc.array(fc.oneof(fc.constant(5), fc.integer({ min: 0, max: 400 })), { minLength: 3, maxLength: 12 });

/** Runs a history. Throws when an open socket ends on an older revision. */
function check(steps: Step[], delays: number[], rule: Rule, wasOld: boolean): void {
  const simulation = new Simulation();
  let messages = 0;
  let failures = 0;
  const later = (run: () => void) => simulation.after(delays[messages++ % delays.length]!, run);
  const fails = () => failures > 0 && failures-- > 0;
  const ledger: Ledger = new Ledger(simulation, rule, (head, answer, fail) =>
    later(() => {
      const sockets = channel.push(head);
      later(fails() ? fail : () => answer(sockets));
    }),
  );
  const channel = new Channel(
    simulation,
    rule,
    (answer) =>
      later(() => {
        const isKnown = !fails();
        if (isKnown) ledger.register();
        later(() => answer(isKnown));
      }),
    // By the lease rule, a read may show what was live when it started.
    (answer) => {
      const { head } = ledger;
      later(() => answer(head));
    },
    () => later(() => fails() || ledger.check()),
  );
  channel.registers = !wasOld;
  for (const step of steps)
    switch (step.what) {
      case "wait":
        simulation.advance(step.ms);
        break;
      case "open":
        channel.open();
        break;
      case "publish":
        ledger.publish();
        break;
      case "leave":
        channel.leave();
        break;
      case "sleep":
        channel.sleep(true);
        break;
      case "fail":
        failures = 1;
        break;
      case "restart":
        ledger.restart(false);
        break;
      case "roll back":
        // What is under way ends first.
        simulation.advance(20_000);
        channel.sleep(false);
        ledger.restart(true);
    }
  simulation.advance(20_000);
  for (const socket of channel.sockets)
    if (socket.isOpen && socket.number !== ledger.head)
      throw new Error(`an open socket ended on ${socket.number}, which ${ledger.head} had replaced`);
}

/** Checks a rule in random histories. @returns the failure that was found, or null */
export function findFailure(rule: Rule, { runs, seed }: { runs: number; seed: number }): string | null {
  const property = fc.property(
    fc.array(step, { minLength: 5, maxLength: 40 }),
    delays,
    fc.boolean(),
    (steps, delays, wasOld) => check(steps, delays, rule, wasOld),
  );
  const { failed, counterexample, errorInstance, numRuns } = fc.check(property, { numRuns: runs, seed });
  if (!failed) return null;
  return `after ${numRuns} histories (seed ${seed}): ${(errorInstance as Error).message}\n${JSON.stringify(counterexample)}`;
}
