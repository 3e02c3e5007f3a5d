/** Random histories of the lease model, and what must hold in each. */
import fc from "fast-check";
import { connection, Holder, Ledger, type Rule, Simulation } from "./lease-model.ts";

const ids = ["a", "b", "c", "d"];

const id = fc.constantFrom(...ids);
const holder = fc.nat(1);
const later = fc.oneof(fc.constant(0), fc.nat(10_000));
const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ what: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 3_000 }) }) },
  { weight: 8, arbitrary: fc.record({ what: fc.constant("read" as const), id, holder }) },
  { weight: 3, arbitrary: fc.record({ what: fc.constant("list" as const), holder }) },
  { weight: 4, arbitrary: fc.record({ what: fc.constant("publish" as const), id, later, replace: fc.boolean() }) },
  // Every case at one moment.
  { weight: 1, arbitrary: fc.record({ what: fc.constant("publish all" as const), later: fc.nat(10_000) }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constantFrom("undo" as const, "withdraw" as const), id }) },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constant("lease" as const), ms: fc.constantFrom(1_000, 5_000, 9_000) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constant("step" as const), holder, ms: fc.integer({ min: -20_000, max: 20_000 }) }),
  },
  // The margin allows the Ledger's clock to step by one second.
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constant("ledger step" as const), ms: fc.integer({ min: -450, max: 450 }) }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const delays = fc.array(fc.oneof(fc.constant(5), fc.integer({ min: 0, max: 4_000 })), { minLength: 3, maxLength: 12 });

/** Runs a history. Throws when a reader saw a revision before its moment, or an older one after it. */
function check(steps: Step[], delays: number[], rule: Rule): void {
  const simulation = new Simulation();
  const ledger = new Ledger(simulation);
  let messages = 0;
  const delay = () => delays[messages++ % delays.length]!;
  const holders = [0, 1].map(() => new Holder(simulation, connection(simulation, ledger, delay), rule));
  let waiting = 0;
  /** @returns a check of what a reader that starts now is told later */
  const begin = () => {
    ledger.settle();
    waiting++;
    const due = new Map(ids.map((id) => [id, ledger.head(id)]));
    const start = simulation.now;
    return (heads: Map<string, number>) => {
      ledger.settle();
      waiting--;
      for (const [id, head] of heads) {
        if (head < due.get(id)!)
          throw new Error(`a read of ${id} at ${start} showed ${head}, which ${due.get(id)} had replaced`);
        if (head > ledger.head(id)) throw new Error(`a read of ${id} showed ${head} at ${simulation.now}, too early`);
      }
    };
  };
  for (const step of steps)
    switch (step.what) {
      case "wait":
        simulation.advance(step.ms);
        break;
      case "read": {
        const end = begin();
        holders[step.holder]!.read(step.id, ({ head }) => end(new Map([[step.id, head]])));
        break;
      }
      case "list":
        holders[step.holder]!.list(ids, begin());
        break;
      case "publish":
        ledger.publish(step.id, step.later, step.replace);
        break;
      case "publish all":
        for (const id of ids) ledger.publish(id, step.later, false);
        break;
      case "undo":
        ledger.undo(step.id);
        break;
      case "withdraw":
        ledger.withdraw(step.id);
        break;
      case "lease":
        ledger.setLease(step.ms);
        break;
      case "step":
        holders[step.holder]!.stepClock(step.ms);
        break;
      case "ledger step":
        ledger.settle();
        ledger.offset = step.ms;
    }
  simulation.advance(200_000);
  if (waiting > 0) throw new Error(`${waiting} reads were never answered`);
}

/** Checks a rule in random histories. Throws when one breaks it. */
export function tryHistories(rule: Rule, { runs, seed }: { runs: number; seed: number }): void {
  const property = fc.property(fc.array(step, { minLength: 10, maxLength: 60 }), delays, (steps, delays) =>
    check(steps, delays, rule),
  );
  fc.assert(property, { numRuns: runs, seed, includeErrorInReport: true });
}
