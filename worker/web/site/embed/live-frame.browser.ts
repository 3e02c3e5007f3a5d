/**
 * Keeps a frame at the newest revision: a socket says that there is one, and
 * the frame then loads its own address again.
 */

import {
  PING_INTERVAL_MS,
  PONG_TIMEOUT_MS,
} from "../../../../widget/silence.ts";
import { showTools } from "../../../../widget/writing.ts";

/** Limit for opening a socket, and for a request. */
const TIMEOUT_MS = 8_000;
const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 60_000;
/** For a case that doesn't exist, or can't be shown. */
const MAX_ABSENT_DELAY_MS = 3_600_000;

/** @param onChange called when another revision is shown
 * @returns a function that loads the frame's content again
 */
export function keepCurrent(onChange: () => void): () => void {
  let socket: WebSocket | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let attempts = 0;
  let shown = document.body.dataset.live;

  const later = (delayMs: number, action: () => void) => {
    clearTimeout(timer);
    timer = setTimeout(action, delayMs);
  };

  const markOffline = (isOffline: boolean) => {
    const notice = document.querySelector<HTMLElement>(".offline");
    if (!notice || notice.hidden === !isOffline) return;
    notice.hidden = !isOffline;
    onChange();
  };

  function show(text: string): void {
    const next = new DOMParser().parseFromString(text, "text/html");
    const main = next.querySelector("main:has(article)");
    if (!main) throw new TypeError();
    markOffline(false);
    if (next.body.dataset.live === shown && main.innerHTML === kept) return;
    const isOpen = document.querySelector(".act[open]");
    const isNew = next.body.dataset.live !== shown;
    document.querySelector("main")?.replaceWith(document.adoptNode(main));
    document.title = next.title;
    shown = next.body.dataset.live;
    kept = contentOf();
    if (isOpen) document.querySelector(".act")?.setAttribute("open", "");
    showTools(document);
    if (isNew) announce();
    onChange();
  }

  /** Announces the card's news, or its title, to screen readers. */
  function announce(): void {
    const [number, news] = [
      "[part=number]",
      ".news p, .title, [part=as-of]",
    ].map((part) => document.querySelector(part)?.textContent);
    const said = document.querySelector(".announced");
    if (said) said.textContent = number ? `${number}: ${news}` : document.title;
  }

  /**
   * The content as the server sent it: the page's script shows buttons in it.
   */
  const contentOf = () => document.querySelector("main")?.innerHTML;
  let kept = contentOf();

  /**
   * Loads this address again. Answers 404 and 410 are content too; an outage
   * leaves what is shown, and says so.
   */
  async function refresh(): Promise<void> {
    try {
      const answer = await fetch(location.href.split("#")[0] as string, {
        cache: "no-cache",
        credentials: "omit",
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (answer.status >= 500) throw new TypeError();
      show(await answer.text());
      connect();
    } catch {
      markOffline(true);
      retry();
    }
  }

  function retry(): void {
    if (document.hidden) return;
    const delayMs = Math.min(FIRST_DELAY_MS * 2 ** attempts++, MAX_DELAY_MS);
    later(delayMs * (1 - Math.random() / 2), refresh);
  }

  function ping(opened: WebSocket): void {
    opened.send("ping");
    // After a long task of the page, the timer may come before an answer that
    // has arrived.
    later(PONG_TIMEOUT_MS, () => later(0, attempts++ === 0 ? giveUp : replace));
  }

  /**
   * Doesn't wait for the event `close`, which a dead socket fires only after
   * about a minute.
   */
  function disconnect(): void {
    const old = socket;
    socket = undefined;
    old?.close();
  }

  /** Drops a silent socket. The card may be out of date from now on. */
  function giveUp(): void {
    disconnect();
    markOffline(true);
    refresh();
  }

  /**
   * Where no socket works, the frame asks less and less often, and is as
   * current as its last answer.
   */
  function replace(): void {
    disconnect();
    retry();
  }

  function connect(): void {
    disconnect();
    if (document.hidden) return;
    // No revision: the case is unknown, or could not be read.
    if (!shown) {
      later(
        Math.min(FIRST_DELAY_MS * 2 ** attempts++, MAX_ABSENT_DELAY_MS),
        refresh,
      );
      return;
    }
    const opened = new WebSocket(
      new URL(shown, location.href.replace(/^http/, "ws")),
    );
    socket = opened;
    later(TIMEOUT_MS, replace);
    opened.onopen = () => ping(opened);
    opened.onmessage = ({ data }) => {
      attempts = 0;
      // A pong, or the view of another revision.
      if (data === "pong") later(PING_INTERVAL_MS, () => ping(opened));
      else refresh();
    };
    opened.onclose = () => {
      if (socket === opened) retry();
    };
  }

  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    attempts = 0;
    if (!document.hidden) refresh();
    else disconnect();
  });
  // The browser may be wrong about being offline; asking finds out.
  addEventListener("offline", giveUp);
  addEventListener("online", refresh);
  addEventListener("pageshow", ({ persisted }) => persisted && refresh());
  connect();
  return refresh;
}
