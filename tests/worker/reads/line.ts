/** A real journal behind a connection that takes its time, for tests of leased copies. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, vi } from "vitest";
import type { Reads } from "../../../worker/reads/reads.ts";
import type { CasePage, Changed, Renewal } from "../../../worker/reads/state.ts";
import { inventedCase } from "../../invented.ts";
import { profile } from "../../profile.ts";
import { Journal } from "../objects/ledger/confirming-journal.ts";

export const ID = "ua-1-00";
export const numberIn = (state: Awaited<ReturnType<Reads["case"]>>) =>
  state.state === "present" ? state.record.revision.number : 0;
const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Puts a delay in both directions in front of the journal, and counts the requests. */
export class Line {
  asked = { changesSince: 0, casesBetween: 0, readCase: 0, readHistoryPage: 0, readChanges: 0 };
  /** True for a Ledger whose answers hold one change each, as if every case were large. */
  isPaged = false;
  there = 0;
  back = 0;
  readonly journal: Journal;

  constructor(storage: DurableObjectStorage) {
    this.journal = new Journal(storage, 5_000, () => Date.now(), profile);
  }

  publish(basedOn: number, id = ID, changes: Record<string, unknown> = {}): number {
    const outcome = this.journal.publish({
      id,
      case: inventedCase(Number(id.split("-")[1]), changes),
      note: { en: "note" },
      kind: "update",
      notify: "none",
      editor: "tester",
      basedOn,
    });
    if ("failure" in outcome) throw new Error(outcome.failure.tag);
    return Date.parse(outcome.done.liveAt);
  }

  #paged(answer: Renewal): Renewal {
    const { text, to } = this.#short({ ...answer, to: answer.epoch.number });
    return { ...answer, text, more: to < answer.epoch.number, epoch: { ...answer.epoch, number: to } };
  }

  #short(page: CasePage): CasePage {
    const [first, ...others] = JSON.parse(page.text) as Changed[];
    return this.isPaged && first && others.length > 0
      ? { ...page, text: JSON.stringify([first]), to: first.epoch }
      : page;
  }

  ledger = (): ReturnType<ConstructorParameters<typeof Reads>[0]> => {
    const over = async <T>(read: () => T): Promise<T> => {
      const { there, back } = this;
      await wait(there);
      const answer = read();
      await wait(back);
      return answer;
    };
    const { readings, list, feed } = this.journal;
    return {
      cases: {
        changesSince: (since) => {
          this.asked.changesSince++;
          return over(() => this.#paged(list.changesSince(since)));
        },
        casesBetween: (after, upTo) => {
          this.asked.casesBetween++;
          return over(() => this.#short(list.casesBetween(after, upTo)));
        },
        newest: () => over(() => list.newest()),
        deadlines: (day) => over(() => list.deadlines(day)),
      },
      readings: {
        case: (id) => {
          this.asked.readCase++;
          return over(() => readings.case(id));
        },
        historyPage: (id, before, limit) => {
          this.asked.readHistoryPage++;
          return over(() => readings.historyPage(id, before, limit));
        },
        revision: (id, number) => over(() => readings.revision(id, number)),
        recent: (id) => over(() => readings.recent(id)),
        logHead: () => over(() => readings.logHead()),
        logTile: (tile) => over(() => readings.logTile(tile)),
      },
      feed: {
        page: (since, limit) => {
          this.asked.readChanges++;
          return over(() => feed.page(since, limit));
        },
      },
    };
  };
}

export const withSlowConnection = (run: (line: Line) => Promise<void>) =>
  runInDurableObject(env.LEDGER.getByName("reads under test"), async (_, state) => {
    await state.storage.deleteAll();
    await run(new Line(state.storage));
  });

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
  for (let step = 5; !isSettled; step *= 1.2) await vi.advanceTimersByTimeAsync(step);
  return reading;
}

export const casesOf = async (reads: Reads) => (await reads.allCases()).value.cases;
