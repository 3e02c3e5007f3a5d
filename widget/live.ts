/**
 * Live views: all widgets on a page with the same case, language and endpoint
 * share one view, one request and one socket.
 */

import { liveAddress } from "../shared/addresses.ts";
import { revisionCode } from "../shared/revision-code.ts";
import type { PresentView, View } from "../shared/view/schema.ts";
import {
  checkedView,
  type Freshness,
  type LiveView,
  loadView,
  type ViewSource,
} from "./load.ts";
import { loadMore, type More } from "./load-more.ts";
import { PING_INTERVAL_MS, PONG_TIMEOUT_MS } from "./silence.ts";

/** Limit for opening a socket. */
const SOCKET_TIMEOUT_MS = 8_000;
/**
 * Interval between pings on a hidden page, and the longest delay before
 * reconnecting.
 */
const MAX_INTERVAL_MS = 30_000;
const FIRST_RECONNECT_DELAY_MS = 1_000;
/**
 * Some pages remove and recreate elements, so a live view outlasts its last
 * listener by this long.
 */
const CLOSE_DELAY_MS = 1_000;
/** The longest delay for a case that doesn't exist, or can't be shown. */
const MAX_ABSENT_INTERVAL_MS = 3_600_000;
const EXPIRY_MS = 86_400_000;
/**
 * When the second script is loaded, which asks the mirrors if there is nothing
 * to show yet. They have the rest of three seconds.
 */
const MIRRORS_AFTER_MS = 2_000;
/**
 * Some networks freeze a connection after 16 KB, of which TLS takes five. A
 * socket that has received this much is replaced, because the next message, of
 * up to 8 KB, could reach that limit.
 */
const REPLACE_SOCKET_AFTER_BYTES = 3_000;
const FRAME_OVERHEAD_BYTES = 40;
const MAX_BYTES_PER_CHARACTER = 3;

/**
 * Returns 50% to 100% of the delay, so that pages don't all return to a
 * restarted server at once.
 */
const jittered = (delayMs: number) => delayMs * (1 - Math.random() / 2);

const momentOf = (view?: View) => view?.revision?.liveAt ?? "";

function openLiveView(source: ViewSource): LiveView {
  const { endpoint, id, lang } = source;
  const listeners = new Set<() => void>();
  const closed = new AbortController();
  const { signal } = closed;
  let view: View | undefined;
  /** Time of the last answer of any kind, by this device's clock. */
  let answeredAt = 0;
  let failed = false;
  let refreshing = false;
  /**
   * True while the newsroom says something older than what is shown, as after a
   * restore.
   */
  let doubted: boolean | undefined;
  let socket: WebSocket | undefined;
  /** True once the socket has received a message. */
  let connected = false;
  let attempts = 0;
  /** Freshness at the last notification. */
  let notifiedFreshness: Freshness = "fresh";
  let receivedBytes = 0;
  /** What screen readers announced last. */
  let announced: View | undefined;
  /** The next ping, timeout or reconnection. */
  let timer: ReturnType<typeof setTimeout> | undefined;

  const isAbsent = () => view && /^un/.test(view.state);

  const schedule = (delayMs: number, action: () => void) => {
    clearTimeout(timer);
    timer = setTimeout(action, delayMs);
  };

  const notify = () => {
    notifiedFreshness = freshness();
    for (const listener of listeners) listener();
  };

  const freshness = (): Freshness =>
    Date.now() - answeredAt > EXPIRY_MS && view
      ? "expired"
      : doubted || (failed && !(connected && view))
        ? "stale"
        : "fresh";

  /**
   * Records an answer. Views can arrive out of order; the one with the newer
   * moment wins.
   * @param known what was shown when it was asked for; absent for a push
   */
  const accept = (next?: View, known?: View) => {
    answeredAt = Date.now();
    // The answer to a ping brings no view.
    if (next || view) failed = false;
    if (next) {
      if (momentOf(next) < momentOf(view)) {
        // A push may only be late.
        if (known) doubted ||= known === view;
        else refresh();
      } else {
        view = next;
        doubted = false;
      }
    }
    if (next || freshness() !== notifiedFreshness) notify();
  };

  const fail = () => {
    failed = true;
    notify();
  };

  const refresh = async () => {
    if (refreshing) return;
    refreshing = true;
    const known = view;
    try {
      accept(
        await loadView(source, () => {
          fail();
          // The browser may retry on the same frozen connection, but a socket
          // always gets its own.
          connect();
        }),
        known,
      );
    } catch {
      fail();
    } finally {
      refreshing = false;
    }
  };

  const ping = () => {
    if (receivedBytes > REPLACE_SOCKET_AFTER_BYTES) {
      disconnect();
      connect();
      return;
    }
    socket?.send("ping");
    // After a long task of the page, the timer may come before an answer that
    // has arrived.
    schedule(PONG_TIMEOUT_MS, () => schedule(0, giveUp));
    // A deadline that has passed changes the text of the same revision. Without
    // one, the time is NaN, and nothing is due.
    if (
      doubted ||
      Date.parse((view as PresentView | undefined)?.expires as string) <
        Date.now()
    )
      refresh();
  };

  const connect = () => {
    if (socket || signal.aborted) return;
    // An unknown case has no socket, and an unshowable one may be fixed without
    // a new revision: ask for the view again, less and less.
    if (isAbsent()) return reconnect();
    schedule(SOCKET_TIMEOUT_MS, reconnect);
    receivedBytes = 0;
    try {
      socket = new WebSocket(
        endpoint.replace("http", "ws") +
          liveAddress(id, lang, revisionCode(momentOf(view))),
      );
      socket.onopen = ping;
      socket.onclose = reconnect;
      socket.onmessage = ({ data }) => {
        let next: View | undefined;
        try {
          if (data !== "pong") next = checkedView(id, JSON.parse(data));
        } catch {
          return reconnect();
        }
        connected = true;
        attempts = 0;
        receivedBytes +=
          data.length * MAX_BYTES_PER_CHARACTER + FRAME_OVERHEAD_BYTES;
        schedule(
          jittered(document.hidden ? MAX_INTERVAL_MS : PING_INTERVAL_MS),
          ping,
        );
        accept(next);
      };
    } catch {
      reconnect();
    }
  };

  const disconnect = () => {
    clearTimeout(timer);
    if (!socket) return;
    connected = false;
    // A dead socket fires `close` only after about a minute.
    socket.onclose = null;
    socket.close();
    socket = undefined;
  };

  /** Replaces a silent socket. The view may be out of date from now on. */
  const giveUp = () => {
    connected = false;
    fail();
    reconnect();
  };

  /**
   * Schedules a new socket, which brings missed revisions. If the last one
   * never worked, fetches the view as well.
   */
  const reconnect = () => {
    if (!connected && !document.hidden) refresh();
    disconnect();
    const most = isAbsent() ? MAX_ABSENT_INTERVAL_MS : MAX_INTERVAL_MS;
    schedule(
      jittered(Math.min(FIRST_RECONNECT_DELAY_MS * 2 ** attempts++, most)),
      connect,
    );
  };

  /** Runs when the page becomes visible or the network returns. */
  const resume = () => {
    if (document.hidden) return;
    notify();
    refresh();
    // 1 is open.
    if (socket?.readyState === 1) ping();
    else connect();
  };

  addEventListener("online", resume, { signal });
  // The browser may be wrong about being offline; reconnecting finds out.
  addEventListener("offline", giveUp, { signal });
  // An open socket would keep the page out of the back-forward cache, from
  // where alone it can be shown again.
  addEventListener("pagehide", disconnect, { signal });
  addEventListener("pageshow", ({ persisted }) => persisted && resume(), {
    signal,
  });
  document.addEventListener("visibilitychange", resume, { signal });
  // Connect after the first view has loaded, or the socket would send the same
  // view again; and in a task of its own, after its first paint.
  refresh().then(() => setTimeout(connect));

  const live: LiveView = {
    listeners,
    view: () => view,
    freshness,
    discard(bad: View | undefined): void {
      if (bad !== view) return;
      view = undefined;
      connected = false;
      fail();
    },
    mayAnnounce(news: View | undefined): boolean {
      if (announced === news) return false;
      announced = news;
      return true;
    },
    stop() {
      if (!signal.aborted) shared.delete(JSON.stringify(source));
      closed.abort();
      disconnect();
    },
  };
  // Also when all is well: later the newsroom may be out of reach.
  if (source.sources)
    setTimeout(loadMore, MIRRORS_AFTER_MS, endpoint, (more: More) =>
      more.followMirrors(source, live),
    );
  return live;
}

const shared = new Map<string, LiveView>();

/**
 * Calls the listener whenever the view or its freshness changes, until
 * `unsubscribe`.
 */
export function subscribe(source: ViewSource, listener: () => void): LiveView {
  const key = JSON.stringify(source);
  const live = shared.get(key) ?? openLiveView(source);
  shared.set(key, live);
  live.listeners.add(listener);
  return live;
}

export function unsubscribe(live: LiveView, listener: () => void): void {
  live.listeners.delete(listener);
  setTimeout(() => {
    if (live.listeners.size === 0) live.stop();
  }, CLOSE_DELAY_MS);
}
