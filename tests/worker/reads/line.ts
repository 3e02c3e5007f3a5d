/**
 * A real journal behind a connection that takes its time, for tests of leased
 * copies.
 */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, vi } from "vitest";
import { Reads } from "../../../worker/reads/reads.ts";
import type {
  CasePage,
  Changed,
  Renewal,
} from "../../../worker/reads/state.ts";
import { inventedCase, publishOf } from "../../support/invented.ts";
import { askAt, objectThat } from "../../support/object-that.ts";
import { profile } from "../../support/profile.ts";
import { Journal } from "../objects/ledger/confirming-journal.ts";

export const ID = "ua-1-00";
export const numberIn = (state: Awaited<ReturnType<Reads["case"]>>) =>
  state.state === "present" ? state.record.revision.number : 0;
const wait = (ms: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, ms));

/**
 * Puts a delay in both directions in front of the journal, and counts the
 * requests.
 */
export class Line {
  /** The method of each question so far. */
  readonly questions: string[] = [];
  /**
   * True for a Ledger whose answers hold one change each, as if every case were
   * large.
   */
  isPaged = false;
  there = 0;
  back = 0;
  readonly journal: Journal;

  constructor(storage: DurableObjectStorage) {
    this.journal = new Journal(storage, 5_000, () => Date.now(), profile);
  }

  publish(
    basedOn: number,
    id = ID,
    changes: Record<string, unknown> = {},
  ): number {
    const fields = inventedCase(Number(id.split("-")[1]), changes);
    const outcome = this.journal.publish(publishOf(fields, { basedOn }));
    if ("failure" in outcome) throw new Error(outcome.failure.tag);
    return Date.parse(outcome.done.liveAt);
  }

  /** How often a method was asked. */
  asked(method: string): number {
    return this.questions.filter((one) => one === method).length;
  }

  /** An answer with one change, if it has several. */
  #paged<T extends CasePage | Renewal>(answer: T): T {
    const [first, ...others] = JSON.parse(answer.text) as Changed[];
    if (!first || others.length === 0) return answer;
    const page =
      "terms" in answer
        ? { more: true, epoch: { ...answer.epoch, number: first.epoch } }
        : { to: first.epoch };
    return { ...answer, ...page, text: JSON.stringify([first]) };
  }

  ledger = () =>
    objectThat(async (method, given) => {
      const { there, back } = this;
      const { readings, list, feed } = this.journal;
      this.questions.push(method);
      await wait(there);
      const answer = askAt({ cases: list, readings, feed }, method, given);
      await wait(back);
      const isPaged =
        this.isPaged && /^cases\.(changesSince|casesBetween)$/.test(method);
      return isPaged ? this.#paged(answer as CasePage | Renewal) : answer;
    }) as ReturnType<ConstructorParameters<typeof Reads>[0]>;
}

export const withSlowConnection = (run: (line: Line) => Promise<void>) =>
  runInDurableObject(
    env.LEDGER.getByName("reads under test"),
    async (_, state) => {
      await state.storage.deleteAll();
      await run(new Line(state.storage));
    },
  );

interface Live {
  /** How many cases have so many live revisions each. */
  cases?: number;
  revisions?: number;
  memoryBytes?: number;
  now?(): number;
}

/** An isolate's reads of cases that are live. */
export const withLive = (
  { cases = 1, revisions = 1, memoryBytes, now = Date.now }: Live,
  run: (line: Line, reads: Reads, ids: string[]) => Promise<void>,
) =>
  withSlowConnection(async (line) => {
    const ids = Array.from(
      { length: cases },
      (_, index) => `ua-${index + 1}-00`,
    );
    for (let number = 0; number < revisions; number++) {
      for (const id of ids) line.publish(number, id);
      await vi.advanceTimersByTimeAsync(20_000);
    }
    await run(
      line,
      new Reads(line.ledger, now, () => {}, profile, memoryBytes),
      ids,
    );
  });

/** Lets time pass until the moment that has been published. */
export const untilLive = (liveAt: number) =>
  vi.advanceTimersByTimeAsync(liveAt - Date.now());

/** Time passes when a test says so. */
export function letTimePassByHand(): void {
  beforeEach(() => {
    vi.useFakeTimers({ now: Date.parse("2026-01-01T00:00:00Z") });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
}

/** Lets time pass until it is answered. */
export async function answered<T>(reading: Promise<T>): Promise<T> {
  let isSettled = false;
  const settle = () => {
    isSettled = true;
  };
  reading.then(settle, settle);
  for (let step = 5; !isSettled; step *= 1.2)
    await vi.advanceTimersByTimeAsync(step);
  return reading;
}

export const casesOf = async (reads: Reads) =>
  (await reads.allCases()).value.cases;
