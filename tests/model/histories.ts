/** Random histories of the lease model, and what must hold in each. */
import fc from "fast-check";
import { takeAll, weighed } from "../support/random-steps.ts";
import {
  connection,
  holderOf,
  Ledger,
  type Rule,
  Simulation,
} from "./lease-model.ts";

const ids = ["a", "b", "c", "d"];

const id = fc.constantFrom(...ids);
const holder = fc.nat(1);
const later = fc.oneof(fc.constant(0), fc.nat(10_000));
const step = fc.oneof(
  weighed(8, "wait", { ms: fc.integer({ min: 0, max: 3_000 }) }),
  weighed(8, "read", { id, holder }),
  weighed(4, "publish", { id, later, replace: fc.boolean() }),
  // Every case at one moment.
  weighed(1, "publish all", { later: fc.nat(10_000) }),
  weighed(1, "undo", { id }),
  weighed(1, "withdraw", { id }),
  weighed(1, "lease", { ms: fc.constantFrom(1_000, 5_000, 9_000) }),
  weighed(1, "step", { holder, ms: fc.integer({ min: -20_000, max: 20_000 }) }),
  // The margin allows the Ledger's clock to step by one second.
  weighed(1, "ledger step", { ms: fc.integer({ min: -450, max: 450 }) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const delays = fc.array(
  fc.oneof(fc.constant(5), fc.integer({ min: 0, max: 4_000 })),
  { minLength: 3, maxLength: 12 },
);

/**
 * Runs a history. Throws when a reader saw a revision before its moment, or an
 * older one after it.
 */
function check(steps: Step[], delays: number[], rule: Rule): void {
  const simulation = new Simulation();
  const ledger = new Ledger(simulation);
  let messages = 0;
  const delay = () => delays[messages++ % delays.length]!;
  const holders = [0, 1].map(() =>
    holderOf(simulation, connection(simulation, ledger, delay), rule),
  );
  let waiting = 0;
  /** @returns a check of what a reader that starts now is told later */
  const begin = (id: string) => {
    ledger.settle();
    waiting++;
    const due = ledger.head(id);
    const start = simulation.now;
    return (head: number) => {
      ledger.settle();
      waiting--;
      if (head < due)
        throw new Error(
          `a read of ${id} at ${start} showed ${head}, which ${due} had replaced`,
        );
      if (head > ledger.head(id))
        throw new Error(
          `a read of ${id} showed ${head} at ${simulation.now}, too early`,
        );
    };
  };
  takeAll(steps, {
    wait: ({ ms }) => simulation.advance(ms),
    read({ id, holder }) {
      const end = begin(id);
      holders[holder]!.read(id, ({ head }) => end(head));
    },
    publish: ({ id, later, replace }) => ledger.publish(id, later, replace),
    "publish all"({ later }) {
      for (const id of ids) ledger.publish(id, later, false);
    },
    undo: ({ id }) => ledger.undo(id),
    withdraw: ({ id }) => ledger.withdraw(id),
    lease: ({ ms }) => ledger.setLease(ms),
    step: ({ holder, ms }) => holders[holder]!.stepClock(ms),
    "ledger step"({ ms }) {
      ledger.settle();
      ledger.offset = ms;
    },
  });
  simulation.advance(200_000);
  if (waiting > 0) throw new Error(`${waiting} reads were never answered`);
}

/** Checks a rule in random histories. Throws when one breaks it. */
export function tryHistories(
  rule: Rule,
  { runs, seed }: { runs: number; seed: number },
): void {
  const property = fc.property(
    fc.array(step, { minLength: 10, maxLength: 60 }),
    delays,
    (steps, delays) => check(steps, delays, rule),
  );
  fc.assert(property, { numRuns: runs, seed, includeErrorInReport: true });
}
