/**
 * Watches a deployment from outside, as its readers do, through every cache on
 * the way. It publishes nothing and needs no token. It knows the deployment's
 * clock only from `Date` headers, so the strict rule needs no clock: once any
 * surface has shown a revision, no read that starts later may show an older
 * one.
 */
import { setTimeout as wait } from "node:timers/promises";
import { addresses, paths } from "../../../shared/addresses.ts";

/**
 * Polite to a site that people read: about ten requests a second for ten cases.
 */
const MAX_CASES = 10;
const POLL_INTERVAL_MS = 5_000;
/** Around a change, the surfaces of its case are read faster. */
const FAST_INTERVAL_MS = 250;
const FAST_MS = 15_000;
const REQUEST_TIMEOUT_MS = 10_000;

const surfaces = {
  record: addresses.case,
  view: (id: string) => addresses.view(id, "en"),
  page: (id: string) => addresses.page(id),
  frame: (id: string) => addresses.embed(id),
  badge: (id: string) => addresses.badge(id),
} satisfies Record<string, (id: string) => string>;
export type WatchedSurface = keyof typeof surfaces | "socket";

export interface Change {
  case: string;
  revision: number;
  liveAt: string;
  /**
   * Milliseconds after the moment when each surface was first seen to show it,
   * by the deployment's clock.
   */
  seen: Partial<Record<WatchedSurface, number>>;
}

interface Watched {
  id: string;
  /**
   * The newest revision that any surface has shown, and when the read that
   * first showed it ended.
   */
  revision: number;
  shownAt: number;
  fastUntil: number;
  change: Change | null;
}

export interface OutsideOptions {
  origin: string;
  signal: AbortSignal;
  /**
   * Called when every surface has shown a change, or the time for it is over.
   */
  changed(change: Change): void;
  /** Called for a read that broke the rule. */
  violated(line: string): void;
  say(line: string): void;
  /** For tests: milliseconds between two looks. */
  interval?: number;
}

/** Resolves at once when the signal comes. */
const delay = (milliseconds: number, signal: AbortSignal) =>
  wait(milliseconds, undefined, { signal }).catch(() => {});

/** @returns the number of reads */
export async function watchFromOutside({
  origin,
  signal,
  changed,
  violated,
  say,
  interval = POLL_INTERVAL_MS,
}: OutsideOptions): Promise<number> {
  let reads = 0;
  /**
   * How far the deployment's clock is ahead, from the newest `Date` header; its
   * whole seconds make it half a second uncertain.
   */
  let ahead = 0;

  async function read(
    address: string,
  ): Promise<{ answer: Response; text: string; startedAt: number } | null> {
    const startedAt = Date.now();
    try {
      const timeout = AbortSignal.any([
        signal,
        AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      ]);
      const answer = await fetch(origin + address, {
        signal: timeout,
        redirect: "follow",
      });
      const text = await answer.text();
      reads++;
      const date = Date.parse(answer.headers.get("Date") ?? "");
      const middle = (startedAt + Date.now()) / 2;
      if (!Number.isNaN(date) && Math.abs(date + 500 - middle - ahead) > 1_000)
        ahead = date + 500 - middle;
      return { answer, text, startedAt };
    } catch (error) {
      if (!signal.aborted)
        say(`${address}: ${error instanceof Error ? error.message : error}`);
      return null;
    }
  }

  /**
   * The ETag of each surface begins with the revision's number. A withdrawn
   * case has its number in the problem.
   */
  function numberIn(answer: Response, text: string): number | null {
    const tagged = /^(?:W\/)?"(\d+)\./.exec(
      answer.headers.get("ETag") ?? "",
    )?.[1];
    if (tagged !== undefined) return Number(tagged);
    const withdrawn =
      answer.status === 410 ? /"number":(\d+)/.exec(text)?.[1] : undefined;
    return withdrawn === undefined ? null : Number(withdrawn);
  }

  function saw(
    watched: Watched,
    surface: WatchedSurface,
    number: number,
    startedAt: number,
    liveAt?: string,
  ): void {
    const now = Date.now();
    if (number < watched.revision && startedAt > watched.shownAt)
      violated(
        `${watched.id}: ${surface} showed revision ${number} in a read that began ${startedAt - watched.shownAt} ms after revision ${watched.revision} was seen`,
      );
    if (number > watched.revision) {
      finish(watched);
      Object.assign(watched, {
        revision: number,
        shownAt: now,
        fastUntil: now + FAST_MS,
      });
      watched.change = {
        case: watched.id,
        revision: number,
        liveAt: liveAt ?? "",
        seen: {},
      };
    }
    const { change } = watched;
    if (!change || number !== change.revision) return;
    if (liveAt) change.liveAt = liveAt;
    // An instant until the moment is known; `finish` makes it a delay.
    change.seen[surface] ??= now + ahead;
  }

  function finish(watched: Watched): void {
    const { change } = watched;
    watched.change = null;
    if (!change) return;
    const moment = Date.parse(change.liveAt);
    for (const [surface, at] of Object.entries(change.seen))
      change.seen[surface as WatchedSurface] = at - moment;
    changed(change);
  }

  async function look(watched: Watched): Promise<void> {
    await Promise.all(
      Object.entries(surfaces).map(async ([surface, address]) => {
        const found = await read(address(watched.id));
        const number = found && numberIn(found.answer, found.text);
        if (!found || number === null) return;
        const isRecord = surface === "record" && found.answer.ok;
        const liveAt = isRecord
          ? (JSON.parse(found.text).revision.liveAt as string)
          : undefined;
        saw(
          watched,
          surface as WatchedSurface,
          number,
          found.startedAt,
          liveAt,
        );
      }),
    );
  }

  function listen(watched: Watched): void {
    if (signal.aborted) return;
    const socket = new WebSocket(
      origin.replace(/^http/, "ws") +
        addresses.live(watched.id, "en", watched.revision),
    );
    const close = () => socket.close();
    signal.addEventListener("abort", close);
    socket.onmessage = ({ data }) => {
      const { revision } = JSON.parse(String(data)) as {
        revision?: { number: number; liveAt: string };
      };
      if (!revision) return;
      saw(watched, "socket", revision.number, Date.now(), revision.liveAt);
      void look(watched);
    };
    socket.onclose = () => {
      signal.removeEventListener("abort", close);
      void delay(interval, signal).then(() => listen(watched));
    };
  }

  async function watch(id: string): Promise<void> {
    const watched: Watched = {
      id,
      revision: 0,
      shownAt: 0,
      fastUntil: 0,
      change: null,
    };
    await look(watched);
    // What was there before is no change.
    Object.assign(watched, { change: null, fastUntil: 0 });
    listen(watched);
    while (!signal.aborted) {
      const isFast = Date.now() < watched.fastUntil;
      if (!isFast) finish(watched);
      await delay(
        Math.min(interval, isFast ? FAST_INTERVAL_MS : interval),
        signal,
      );
      if (!signal.aborted) await look(watched);
    }
    finish(watched);
  }

  const list = await read(`${paths.cases}?limit=${MAX_CASES}`);
  if (!list?.answer.ok)
    throw new Error(
      `${origin}${paths.cases} answered ${list?.answer.status ?? "nothing"}`,
    );
  const { cases } = JSON.parse(list.text) as { cases: { id: string }[] };
  const ids = cases.map(({ id }) => id);
  say(`watching ${ids.length} cases: ${ids.join(", ")}`);
  await Promise.all(ids.map(watch));
  return reads;
}
