/** What all widgets of one case, language and endpoint on a page share: one view, one fetch and one socket. */

import { liveAddress } from "../shared/addresses.ts";
import type { View } from "../shared/view/schema.ts";
import { loadView, type Place, viewOf } from "./load.ts";

/** How long a line may stay silent after a ping, or take to open; in milliseconds, like all of these. */
const PATIENCE = 8_000;
/** How often an open line is tried, and the longest wait before a lost one is. */
const BEAT = 30_000;
const RECONNECT = 1_000;
/** How long a case that nobody on the page shows is kept, for pages that take nodes out and make them anew. */
const LINGER = 1_000;
const DAY = 86_400_000;
/**
 * Some networks freeze a connection after 16 KB, of which TLS takes five. A line that has brought this many bytes is replaced before
 * the next message, of 8 KB at most, can reach that.
 */
const WORN = 3_000;
/** What a message weighs beside its text. */
const FRAMING = 64;

/** Half the time up to the whole of it: a server that comes back must not meet every page in the same instant. */
const jittered = (milliseconds: number) => milliseconds * (1 - Math.random() / 2);

const momentOf = (view: View) => view.revision?.liveAt ?? "";

function keepLive(place: Place) {
  const { endpoint, id, lang } = place;
  const listeners = new Set<() => void>();
  const stopped = new AbortController();
  const { signal } = stopped;
  let view: View | undefined;
  /** When the last answer of any kind came, by this device's clock. */
  let answered = 0;
  let failed = false;
  let asking = false;
  let socket: WebSocket | undefined;
  /** Whether the socket has proved that it carries something. */
  let open = false;
  let attempts = 0;
  /** What the listeners know. */
  let told: ReturnType<typeof freshness> = "fresh";
  /** Bytes that the socket has brought. */
  let received = 0;
  /** The newest revision that one of the listeners said aloud. */
  let said: number | undefined;
  /** Until an open line is pinged, a silent one is given up, or a lost one is tried again. */
  let timer: ReturnType<typeof setTimeout> | undefined;

  const after = (milliseconds: number, act: () => void) => {
    clearTimeout(timer);
    timer = setTimeout(act, milliseconds);
  };

  const tell = () => {
    told = freshness();
    for (const listener of listeners) listener();
  };

  /** `expired` after a day without an answer. */
  const freshness = (): "fresh" | "stale" | "expired" =>
    Date.now() - answered > DAY && view ? "expired" : failed && !open ? "stale" : "fresh";

  /** Of two views the one with the newer moment is true, whichever came last. */
  const take = (next?: View) => {
    answered = Date.now();
    failed = false;
    if (next && !(view && momentOf(next) < momentOf(view))) view = next;
    if (next || freshness() !== told) tell();
  };

  const ask = async () => {
    if (asking) return;
    asking = true;
    try {
      // A browser may put the second try on the same frozen connection; a socket always has one of its own.
      take(await loadView(place, connect));
    } catch {
      failed = true;
      tell();
    }
    asking = false;
  };

  const ping = () => {
    if (received > WORN) {
      hangUp();
      connect();
      return;
    }
    socket?.send("ping");
    after(PATIENCE, lost);
    // A deadline that has passed changes the words of the same revision.
    if (view?.state === "present" && view.until && view.until < new Date().toISOString()) ask();
  };

  const connect = () => {
    if (socket || signal.aborted) return;
    // An unknown case has no socket, and a case that can't be shown may be fixed without a new revision: ask for the view again.
    if (view?.state === "unknown" || view?.state === "unshowable") return lost();
    after(PATIENCE, lost);
    received = 0;
    try {
      socket = new WebSocket(endpoint.replace("http", "ws") + liveAddress(id, lang, view?.revision?.number ?? 0));
      socket.onopen = ping;
      socket.onclose = lost;
      socket.onmessage = ({ data }) => {
        open = true;
        attempts = 0;
        received += new Blob([data]).size + FRAMING;
        after(jittered(BEAT), ping);
        take(data === "pong" ? undefined : viewOf(id, JSON.parse(data)));
      };
    } catch {
      lost();
    }
  };

  const hangUp = () => {
    clearTimeout(timer);
    // A dead line would report its end only after a minute.
    if (socket) socket.onclose = null;
    socket?.close();
    socket = undefined;
  };

  /** A line that was open is tried again first, and brings what was missed; where none opens, the view is asked for each time. */
  const lost = () => {
    hangUp();
    if (!open && !document.hidden) ask();
    open = false;
    after(jittered(Math.min(RECONNECT * 2 ** attempts++, BEAT)), connect);
  };

  /** The page is looked at again, or the network is back. */
  const wake = () => {
    if (document.hidden) return;
    tell();
    ask();
    if (socket?.readyState === WebSocket.OPEN) ping();
    else connect();
  };

  addEventListener("online", wake, { signal });
  // The browser may be wrong: what is asked at once tells.
  addEventListener(
    "offline",
    () => {
      failed = true;
      open = false;
      tell();
      lost();
    },
    { signal },
  );
  // An open socket would keep the page out of the back-forward cache.
  addEventListener("pagehide", hangUp, { signal });
  addEventListener("pageshow", (event) => event.persisted && wake(), { signal });
  document.addEventListener("visibilitychange", wake, { signal });
  // The socket comes second: on its own it would bring the same view again.
  ask().then(connect);

  return {
    listeners,
    view: () => view,
    freshness,
    /** Whether it falls to the one who asks to say this revision aloud: one of all who show it does. */
    mayAnnounce(number: number | undefined): boolean {
      if (said === number) return false;
      said = number;
      return true;
    },
    stop() {
      stopped.abort();
      hangUp();
    },
  };
}

export type Live = ReturnType<typeof keepLive>;

const shared = new Map<string, Live>();

/** Calls the listener whenever the view or its freshness changes, until it is taken out with `leave`. */
export function follow(place: Place, listener: () => void): Live {
  const key = JSON.stringify(place);
  const live = shared.get(key) ?? keepLive(place);
  shared.set(key, live);
  live.listeners.add(listener);
  return live;
}

export function leave(live: Live, listener: () => void): void {
  live.listeners.delete(listener);
  setTimeout(() => {
    if (live.listeners.size > 0) return;
    for (const [key, kept] of shared) if (kept === live) shared.delete(key);
    live.stop();
  }, LINGER);
}
