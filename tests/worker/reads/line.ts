/** A real journal behind a connection that takes its time, for tests of leased copies. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, vi } from "vitest";
import { Journal } from "../../../worker/objects/ledger/journal.ts";
import type { LedgerReads } from "../../../worker/reads/ledger-reads.ts";
import { Reads } from "../../../worker/reads/reads.ts";
import type { CasePage, Changed, Renewal } from "../../../worker/reads/state.ts";
import type { Remote } from "../../../worker/runtime/bindings.ts";
import { inventedCase } from "../../invented.ts";
import { profile } from "../../profile.ts";

export const ID = "ua-1-00";
export const numberIn = (state: Awaited<ReturnType<Reads["case"]>>) =>
  state.state === "present" ? state.record.revision.number : 0;
const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Puts a delay in both directions in front of the journal, and counts the requests. */
export class Line {
  asked = { changesSince: 0, casesBetween: 0, readCase: 0, readHistoryPage: 0, readChanges: 0 };
  /** Questions about the list that are under way, and the most so far. */
  lists = { underWay: 0, most: 0 };
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

  ledger = (): Remote<LedgerReads> => {
    const over = async <T>(read: () => T): Promise<T> => {
      const { there, back } = this;
      await wait(there);
      const answer = read();
      await wait(back);
      return answer;
    };
    /** An answer about the list. */
    const listed = <T>(read: () => T): Promise<T> => {
      this.lists.most = Math.max(this.lists.most, ++this.lists.underWay);
      return over(read).finally(() => this.lists.underWay--);
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
        newest: () => listed(() => list.newest()),
        sitemap: (part) => listed(() => list.sitemap(part)),
        calendar: (day) => listed(() => list.calendar(day)),
        deadlines: (day) => listed(() => list.deadlines(day)),
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
    const ids = Array.from({ length: cases }, (_, index) => `ua-${index + 1}-00`);
    for (let number = 0; number < revisions; number++) {
      for (const id of ids) line.publish(number, id);
      await vi.advanceTimersByTimeAsync(20_000);
    }
    await run(line, new Reads(line.ledger, now, () => {}, profile, memoryBytes), ids);
  });

/** Lets time pass until the moment that has been published. */
export const untilLive = (liveAt: number) => vi.advanceTimersByTimeAsync(liveAt - Date.now());

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
