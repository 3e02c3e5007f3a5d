/**
 * Connected clients: sockets opened at any time, the widget in a real browser,
 * people in Telegram chats.
 */

import { setTimeout as wait } from "node:timers/promises";
import type { Browser } from "playwright-core";
import { WebSocket } from "ws";
import { addresses, paths } from "../../../shared/addresses.ts";
import { message } from "../../../shared/messages.ts";
import type { View } from "../../../shared/view/schema.ts";
import { launchBrowser } from "../../support/browser.ts";
import { partnerSite } from "../../support/partner-site.ts";
import type {
  ChatMessage,
  StandInProcess,
} from "../../support/stand-in-process.ts";
import { ABSENT, type Reply, type Session, WITHDRAWN } from "./rules.ts";
import { traceIn } from "./surfaces.ts";

export interface Watching<T> {
  /**
   * Ends the watch. Resolves once all results have arrived; later calls resolve
   * to the same results.
   */
  stop(): Promise<T>;
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= work();
    return result;
  };
}

function shownByView(view: View): number {
  if (view.state === "present") return view.revision.number;
  return view.state === "withdrawn" ? WITHDRAWN : ABSENT;
}

const shownIn = (text: string): number =>
  traceIn(text) ||
  (text.includes(message("en", "view.withdrawn.title")) ? WITHDRAWN : ABSENT);

/** Time between two questions of the control. */
const CONTROL_INTERVAL_MS = 50;

/**
 * The control: plain requests to the same Worker, which a busy machine delays
 * as much as a push. @returns the longest, in milliseconds
 */
export function watchRequests(base: string): Watching<number> {
  let stopped = false;
  const asking = (async () => {
    let longest = 0;
    for (let before = Date.now(); !stopped; before = Date.now()) {
      await wait(CONTROL_INTERVAL_MS);
      await (await fetch(base + paths.health)).arrayBuffer();
      longest = Math.max(longest, Date.now() - before - CONTROL_INTERVAL_MS);
    }
    return longest;
  })();
  return {
    stop: once(async () => {
      stopped = true;
      return asking;
    }),
  };
}

/** How often the end looks whether every socket has its first message. */
const SETTLE_MS = 50;
/** Number of sockets that stay open at the same time. */
const OPEN_SOCKETS = 150;

/**
 * Opens a socket every few milliseconds, some as a client that already has a
 * revision. Closes the oldest above the limit.
 * @param interval returns the mean time until the next socket, in milliseconds
 */
export function watchSockets(
  base: string,
  id: string,
  interval: () => number,
): Watching<{ sessions: Session[]; refused: Reply[] }> {
  const sessions: Session[] = [];
  const refused: Reply[] = [];
  const open: { socket: WebSocket; session: Session }[] = [];
  let newest = 0;
  let stopped = false;
  const address = base.replace(/^http/, "ws");

  const openOne = (turn: number) => {
    const known = turn % 3 === 0 ? newest : 0;
    const start = Date.now();
    const session: Session = {
      from: start,
      until: Number.POSITIVE_INFINITY,
      known,
      arrivals: [],
    };
    const socket = new WebSocket(
      address +
        addresses.live(id, (["en", "uk", "ar"] as const)[turn % 3]!, known),
    );
    socket.onopen = () => {
      // One that opens after the end is not judged: nobody waits for its first
      // message.
      if (stopped) return socket.close();
      sessions.push(session);
      open.push({ socket, session: session });
    };
    socket.onmessage = ({ data }) => {
      const shown = shownByView(JSON.parse(String(data)) as View);
      session.arrivals.push({ at: Date.now(), shown });
      if (Number.isFinite(shown)) newest = Math.max(newest, shown);
    };
    // Before the case is live, the socket is refused with 404.
    socket.on("unexpected-response", (request, { statusCode }) => {
      if (statusCode === 404)
        refused.push({ start, end: Date.now(), shown: ABSENT, trace: 0 });
      request.destroy();
    });
    // A connection that a busy machine drops says nothing about the case.
    socket.onerror = () => {};
    socket.onclose = () => {
      session.until = Math.min(session.until, Date.now());
    };
  };

  /**
   * On a slow machine, a socket may wait long for its first message. One that
   * said what it has may get none.
   */
  const isTold = ({ session, socket }: (typeof open)[number]) =>
    session.arrivals.length > 0 ||
    session.known > 0 ||
    socket.readyState !== WebSocket.OPEN;
  const closeOne = ({ socket, session }: (typeof open)[number]) => {
    session.until = Math.min(session.until, Date.now());
    socket.close();
  };

  const opening = (async () => {
    for (let turn = 0; !stopped; turn++) {
      openOne(turn);
      // The oldest tenth stay open to the end.
      while (open.length > OPEN_SOCKETS) {
        const oldest = open.findIndex(
          (each, index) => index >= OPEN_SOCKETS / 10 && isTold(each),
        );
        if (oldest < 0) break;
        closeOne(open.splice(oldest, 1)[0]!);
      }
      await wait(interval() * (0.5 + Math.random()));
    }
  })();

  return {
    stop: once(async () => {
      stopped = true;
      await opening;
      while (!open.every(isTold)) await wait(SETTLE_MS);
      for (const each of open) closeOne(each);
      await wait(200);
      return { sessions: sessions, refused };
    }),
  };
}

/**
 * Asks the bot for the case again and again, in its own chats.
 * @param pause returns the time from an answer to the next question, in
 * milliseconds
 */
export function watchBot(
  telegram: StandInProcess,
  id: string,
  pause: () => number,
): Watching<{
  replies: Reply[];
  left: { at: number; shown: number }[];
  faults: string[];
}> {
  let stopped = false;
  const replies: Reply[] = [];
  const faults: string[] = [];
  const used: number[] = [];
  const talk = async (first: number) => {
    for (let turn = 0; !stopped; turn++) {
      // Start a new chat now and then, because the stand-in returns a chat's
      // whole history each time.
      const number = first + Math.floor(turn / 5);
      const chat = telegram.chat(number);
      if (used.at(-1) !== number && !used.includes(number)) used.push(number);
      const before = (await chat.messages()).filter(
        ({ from }) => from === "bot",
      ).length;
      const start = Date.now();
      try {
        await chat.say(`/case ${id}`);
        const all = await chat.until((messages) => messages.length > before);
        const { text } = all.at(-1)!;
        replies.push({
          start,
          end: Date.now(),
          shown: shownIn(text),
          trace: traceIn(text),
        });
      } catch (error) {
        faults.push(error instanceof Error ? error.message : String(error));
      }
      await wait(pause());
    }
  };
  const talking = Promise.all([talk(8_400_000_000), talk(8_500_000_000)]);
  return {
    stop: once(async () => {
      stopped = true;
      await talking;
      const left = [];
      for (const number of used)
        for (const { from, date, text } of await telegram
          .chat(number)
          .messages())
          if (from === "bot") left.push({ at: date, shown: shownIn(text) });
      return { replies, left, faults };
    }),
  };
}

/**
 * What followers saw: the messages as they arrived, and what edits made of each
 * afterwards.
 */
export interface Followers {
  chats: Session[];
  posts: Session[];
}

/** Makes chats follow the case; resolves once they do. */
export async function watchFollowers(
  telegram: StandInProcess,
  id: string,
  title: string,
): Promise<Watching<Followers>> {
  const chats = [0, 1, 2].map((index) => telegram.chat(8_300_000_000 + index));
  await Promise.all(
    chats.map(async (chat) => {
      await chat.ask(`/follow ${id}`);
      await chat.press(`I understand: follow ${title}`);
      await chat.until((all) =>
        all.some(({ text }) => text.startsWith("You follow")),
      );
    }),
  );
  const from = Date.now();
  return {
    stop: once(async () => {
      const until = Date.now();
      const seen = await Promise.all(
        chats.map(async (chat) => updatesOf(await chat.messages(), from)),
      );
      return {
        chats: seen.map((updates) => ({
          from,
          until,
          known: ABSENT,
          arrivals: updates.map(([first]) => first as Session["arrivals"][0]),
        })),
        posts: seen.flat().map(([first, ...edits]) => ({
          from: first!.at,
          until,
          known: first!.shown,
          arrivals: edits,
        })),
      };
    }),
  };
}

/** What each message about the case showed, in order, and since when. */
function updatesOf(
  messages: ChatMessage[],
  from: number,
): Session["arrivals"][] {
  const versions = messages
    .filter(({ from: by, date }) => by === "bot" && date >= from)
    .map(({ date, text, earlier }) =>
      [...earlier.map((one) => one.text), text].map((version, index) => ({
        at: index === 0 ? date : earlier[index - 1]!.until,
        shown: shownIn(version),
      })),
    );
  return versions.filter(([first]) => first!.shown !== ABSENT);
}

declare global {
  interface Window {
    seen: { at: number; text: string }[];
  }
}

/**
 * Opens the widget on a page of another origin; resolves once it shows the
 * case.
 */
export async function watchWidget(
  base: string,
  id: string,
): Promise<Watching<Session>> {
  const partner = await partnerSite();
  partner.show(
    `<script src="${base}${paths.widget}" async></script><case-status case="${id}" lang="en"></case-status>`,
  );
  let browser: Browser | null = null;
  try {
    browser = await launchBrowser();
    const page = await browser.newPage();
    await page.goto(partner.url);
    await page.waitForFunction(() =>
      document
        .querySelector("case-status")
        ?.shadowRoot?.textContent?.includes("moment-"),
    );
    const from = Date.now();
    // Records what is on screen, frame by frame.
    await page.evaluate(() => {
      window.seen = [];
      const look = () => {
        // Line by line: a day follows a mark.
        const lines =
          document
            .querySelector("case-status")
            ?.shadowRoot?.querySelectorAll("p, h2, small") ?? [];
        const text = Array.from(lines, (line) => line.textContent).join("\n");
        if (window.seen.at(-1)?.text !== text)
          window.seen.push({ at: Date.now(), text });
        requestAnimationFrame(look);
      };
      look();
    });
    return {
      stop: once(async () => {
        const seen = await page.evaluate(() => window.seen);
        const until = Date.now();
        await browser?.close();
        partner.close();
        return {
          from,
          until,
          known: ABSENT,
          arrivals: seen
            .map(({ at, text }) => ({ at, shown: shownIn(text) }))
            .filter(({ shown }, index, all) => shown !== all[index - 1]?.shown),
        };
      }),
    };
  } catch (error) {
    await browser?.close();
    partner.close();
    throw error;
  }
}
