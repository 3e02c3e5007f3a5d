/** A journal on its own storage, with an injected clock and lease rule. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect } from "vitest";
import type { Outcome, PublishCommand } from "../../../../worker/objects/ledger/command.ts";
import { Journal } from "../../../../worker/objects/ledger/journal.ts";
import type { CaseState } from "../../../../worker/reads/state.ts";
import { type Leased, type LeaseRule, leaseRule } from "../../../../worker/runtime/lease.ts";
import { inventedCase } from "../../../invented.ts";
import { profile } from "../../../profile.ts";

export const LEASE_MS = 5_000;
const START = Date.parse("2026-01-01T00:00:00Z");
export const A = "ua-1-00";

/** A journal on new storage, with a clock that the test moves. */
export async function withJournal<T>(run: (world: World) => T, rule: LeaseRule = leaseRule): Promise<T> {
  expect(env.LEASE_SECONDS).toBe("5");
  return runInDurableObject(env.LEDGER.getByName("journal under test"), async (_, state) => {
    await state.storage.deleteAll();
    return run(new World(state.storage, rule));
  });
}

export class World {
  clock = START;
  journal: Journal;
  readonly storage: DurableObjectStorage;
  readonly rule: LeaseRule;

  constructor(storage: DurableObjectStorage, rule: LeaseRule) {
    this.storage = storage;
    this.rule = rule;
    this.journal = this.open(LEASE_MS);
  }

  open(lease: number): Journal {
    return new Journal(this.storage, lease, () => this.clock, profile, this.rule);
  }

  restart(lease = LEASE_MS): void {
    this.journal = this.open(lease);
  }

  publish(basedOn: number, more: Partial<PublishCommand> = {}) {
    const id = more.id ?? A;
    return this.journal.publish({
      id,
      case: inventedCase(Number(id.split("-")[1])),
      note: { en: `Based on ${basedOn}` },
      kind: "update",
      notify: "none",
      editor: "tester",
      basedOn,
      ...more,
    });
  }

  /** What readers see now: a number, "absent" or "withdrawn". */
  shown(id = A): number | string {
    return shownBy(this.journal.readings.case(id));
  }
}

export const shownBy = ({ value }: Leased<CaseState>) =>
  value.state === "present" ? value.record.revision.number : value.state;
export const done = <T>(outcome: Outcome<T>): T => {
  if ("failure" in outcome) throw new Error(JSON.stringify(outcome.failure));
  return outcome.done;
};
export const refused = (outcome: Outcome<unknown>) => ("failure" in outcome ? outcome.failure : outcome);
