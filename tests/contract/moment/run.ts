/**
 * One run: a Worker, readers with and without caches, connected clients and an
 * editor, followed by the judgement.
 */
import { type ChildProcess, fork, type Serializable } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { startWorker } from "../../support/harness.ts";
import { spawnStandIn } from "../../support/stand-in-process.ts";
import type { EdgeSettings } from "./edge-process.ts";
import type { NextMoment, ReaderSettings, Sighting } from "./reader-process.ts";
import {
  judgeReplies,
  judgeSessions,
  type Plan,
  type Session,
  type Verdict,
  type Violation,
} from "./rules.ts";
import { Editor, shortLife, wholeLife } from "./scenario.ts";
import { surfaces } from "./surfaces.ts";
import {
  type Followers,
  type Watching,
  watchBot,
  watchFollowers,
  watchRequests,
  watchSockets,
  watchWidget,
} from "./watchers.ts";

/**
 * Time after a moment in which a connected client must have changed, and the
 * first message been sent, on a machine that isn't busy.
 */
const MAX_PUSH_DELAY_MS = 1_000;
/**
 * The longest request of the control on such a machine. Where requests take
 * longer, pushes may too.
 */
const QUIET_REQUEST_MS = 100;
/**
 * Telegram accepts about one message a second per chat. Updates that follow
 * sooner are delayed or merged.
 */
const CHAT_PACE_MS = 1_500;

export interface RunOptions {
  leaseSeconds: number;
  life: "whole" | "short";
  /**
   * Adds a third set of readers, behind caches that break the lease rule.
   * Violations are then expected.
   */
  naive: boolean;
  browser: boolean;
  say(line: string): void;
}

export type Row = ReturnType<typeof rowOf>;
type Path = "direct" | "caches" | "naive caches";

const script = (name: string) => fileURLToPath(new URL(name, import.meta.url));

function start(name: string, settings: object): ChildProcess {
  return fork(script(name), {
    serialization: "advanced",
    env: { ...process.env, SETTINGS: JSON.stringify(settings) },
  });
}

async function firstMessage<T>(child: ChildProcess): Promise<T> {
  const [message] = await Promise.race([
    once(child, "message"),
    once(child, "exit").then(([code]) =>
      Promise.reject(new Error(`${child.spawnargs.at(-1)} ended with ${code}`)),
    ),
  ]);
  return message as T;
}

const end = async (child: ChildProcess) => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGKILL");
  await exit;
};

async function startReader(settings: ReaderSettings) {
  const child = start("reader-process.ts", settings);
  await firstMessage(child);
  return {
    child,
    async stop(): Promise<Sighting[]> {
      const answer = firstMessage<Sighting[]>(child);
      child.send("stop");
      return answer;
    },
  };
}

/** Turns faults that don't concern the moment into violations. */
const faultsOf = (sighting: Sighting): Violation[] =>
  Object.entries(sighting.faults).map(([text, count]) => ({
    rule: "an answer at fault",
    off: 0,
    text: `${text} (${count})`,
  }));

const rowOf = (
  surface: string,
  path: Path,
  replies: number,
  { violations, skew }: Verdict,
) => ({
  surface,
  path,
  replies,
  /** Replies from a cache, for the cached paths. */
  kept: 0,
  /** Replies with status 304. */
  unchanged: 0,
  ...skew,
  violations,
});

export async function run(options: RunOptions): Promise<Row[]> {
  const { leaseSeconds, life, naive, browser, say } = options;
  const closers: (() => Promise<unknown>)[] = [];
  try {
    const worker = await startWorker({ leaseSeconds });
    closers.push(() => worker.close());
    const base = `http://127.0.0.1:${new URL(worker.url).port}`;

    const startEdge = async (settings: EdgeSettings) => {
      const child = start("edge-process.ts", settings);
      closers.push(() => end(child));
      const { door } = await firstMessage<{ door: number }>(child);
      return { base: `http://127.0.0.1:${door}`, child };
    };
    const startStandIn = async () => {
      const standIn = await spawnStandIn(worker);
      closers.push(() => standIn.close());
      return standIn;
    };
    const [edge, broken, standIn] = await Promise.all([
      startEdge({ worker: base, isNaive: false }),
      naive ? startEdge({ worker: base, isNaive: true }) : null,
      startStandIn(),
    ]);

    const number = 9000 + leaseSeconds;
    const listeners: ChildProcess[] = [];
    const editor = new Editor(worker, number, (next) => {
      for (const child of listeners)
        child.send({ next } satisfies NextMoment as Serializable);
    });
    const { id } = editor;
    const reading = async (
      path: Path,
      settings: Omit<ReaderSettings, "id">,
    ) => {
      const reader = await startReader({ id, ...settings });
      closers.push(() => end(reader.child));
      listeners.push(reader.child);
      return { path, ...reader };
    };
    // The short form leaves the machine to other tests between its moments, and
    // some of it also near them.
    const [pause, idlePause] = life === "short" ? [10, 400] : [2, 2];
    const interval = (busy: number, idle: number) => () =>
      life === "whole" || editor.isMomentNear() ? busy : idle;
    const only = ["record", "view en", "list"];
    const readers = await Promise.all([
      reading("direct", { base, direct: true, pause, idlePause }),
      reading("caches", { base: edge.base, direct: false, pause, idlePause }),
      ...(broken
        ? [
            reading("naive caches", {
              base: broken.base,
              direct: false,
              pause,
              idlePause,
              only,
            }),
          ]
        : []),
    ]);
    const control = watchRequests(base);
    closers.push(() => control.stop());
    const sockets = watchSockets(base, id, interval(60, 150));
    closers.push(() => sockets.stop());
    const bot = watchBot(standIn, id, interval(50, 200));
    closers.push(() => bot.stop());
    let followers: Watching<Followers> | null = null;
    let widget: Watching<Session> | null = null;
    await (life === "whole" ? wholeLife : shortLife)(editor, say, async () => {
      [followers, widget] = await Promise.all([
        watchFollowers(standIn, id, `UA ${number}/00`),
        browser ? watchWidget(edge.base, id) : null,
      ]);
      closers.push(async () => widget?.stop());
    });
    const { plan } = editor;
    const withinMs =
      MAX_PUSH_DELAY_MS *
      Math.max(1, (await control.stop()) / QUIET_REQUEST_MS);

    const rows: Row[] = [];
    const sightings = await Promise.all(readers.map((reader) => reader.stop()));
    for (const [index, reader] of readers.entries())
      for (const sighting of sightings[index]!) {
        const kind = surfaces.find(
          (surface) => surface.name === sighting.surface,
        )!.kind;
        const verdict = judgeReplies(kind, sighting.replies, plan);
        verdict.violations.push(...faultsOf(sighting));
        const { kept, unchanged, replies } = sighting;
        rows.push({
          ...rowOf(sighting.surface, reader.path, replies.length, verdict),
          kept,
          unchanged,
        });
      }
    const { sessions, refused } = await sockets.stop();
    rows.push(
      rowOf(
        "socket, opened at any instant",
        "direct",
        sessions.length,
        judgeSockets(sessions, plan, withinMs),
      ),
    );
    rows.push(
      rowOf(
        "socket, refused before create",
        "direct",
        refused.length,
        judgeReplies("head", refused, plan),
      ),
    );
    const { replies, left, faults } = await bot.stop();
    const verdict = judgeReplies("head", replies, plan);
    for (const text of faults)
      verdict.violations.push({ rule: "an answer at fault", off: 0, text });
    verdict.violations.push(...judgeChat(left, plan));
    rows.push(rowOf("bot, /case", "direct", replies.length, verdict));
    const addSessions = (
      surface: string,
      path: Path,
      all: Session[],
      apart = 0,
    ) => {
      const verdict = judgeSessions(all, plan, { withinMs, apartMs: apart });
      const isJudged = plan.moments.some(({ liveAt }) =>
        all.some(
          ({ from, until }) => from <= liveAt && until >= liveAt + withinMs,
        ),
      );
      if (verdict.skew.first.length === 0 && isJudged)
        verdict.violations.push({
          rule: "nothing was seen",
          off: 0,
          text: surface,
        });
      rows.push(
        rowOf(
          surface,
          path,
          all.flatMap(({ arrivals }) => arrivals).length,
          verdict,
        ),
      );
    };
    if (widget)
      addSessions("widget in Chromium", "caches", [
        await (widget as Watching<Session>).stop(),
      ]);
    if (followers) {
      const { chats, posts } = await (followers as Watching<Followers>).stop();
      addSessions("message to followers", "direct", chats, CHAT_PACE_MS);
      rows.at(-1)!.violations.push(...judgeMessages(chats));
      // Only corrections and withdrawals edit what was posted, so no moment is
      // awaited.
      const edits = judgeSessions(posts, plan, {
        withinMs: Number.POSITIVE_INFINITY,
      });
      rows.push(
        rowOf(
          "edits of those messages",
          "direct",
          posts.flatMap(({ arrivals }) => arrivals).length,
          edits,
        ),
      );
    }
    return rows;
  } finally {
    for (const close of closers.reverse())
      await close().catch((error) => say(String(error)));
  }
}

/**
 * Judges sockets like other connected clients. In addition, the first message
 * must not be older than the opening of the socket.
 */
function judgeSockets(
  sessions: Session[],
  plan: Plan,
  withinMs: number,
): Verdict {
  const verdict = judgeSessions(sessions, plan, { withinMs });
  const firsts = sessions.flatMap(({ from, arrivals: [first] }) =>
    first ? [{ start: from, end: first.at, shown: first.shown, trace: 0 }] : [],
  );
  verdict.violations.push(...judgeReplies("head", firsts, plan).violations);
  return verdict;
}

/**
 * A reply in flight at a moment is edited afterwards. The text that stays in
 * the chat must not be older than its arrival.
 */
function judgeChat(
  left: { at: number; shown: number }[],
  plan: Plan,
): Violation[] {
  const replies = left.map(({ at, shown }) => ({
    start: at,
    end: Date.now(),
    shown,
    trace: 0,
  }));
  return judgeReplies("head", replies, plan).violations.map((violation) => ({
    ...violation,
    rule: `left in the chat: ${violation.rule}`,
  }));
}

/** Each follower must receive a revision once. */
function judgeMessages(all: Session[]): Violation[] {
  return all.flatMap(({ arrivals }) =>
    arrivals
      .filter(
        ({ shown }, index) =>
          arrivals.findIndex((other) => other.shown === shown) !== index,
      )
      .map(({ shown }) => ({
        rule: "told twice",
        off: 0,
        text: `revision ${shown}`,
      })),
  );
}
