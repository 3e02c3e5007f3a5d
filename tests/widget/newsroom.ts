/**
 * A small imitation of a newsroom, the origin of the widget's cases, and a
 * partner's page on another origin.
 */

import { readFile } from "node:fs/promises";
import {
  createServer,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { createSecureServer } from "node:http2";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { brotliCompressSync } from "node:zlib";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { generate } from "selfsigned";
import { type WebSocket, WebSocketServer } from "ws";
import type { Case } from "../../shared/case/schema.ts";
import { negotiate } from "../../shared/locale.ts";
import type { Revision } from "../../shared/revision.ts";
import { revisionCode } from "../../shared/revision-code.ts";
import type { View } from "../../shared/view/schema.ts";
import {
  viewCase,
  viewUnknown,
  viewWithdrawn,
} from "../../shared/view/view.ts";
import { demo } from "../shared/cases.ts";
import { testNow } from "../support/clock.ts";
import { inventedRevision } from "../support/invented.ts";
import { listening } from "../support/listening.ts";
import { lendPage } from "../support/page-pool.ts";
import { profile } from "../support/profile.ts";
import { root } from "../support/root.ts";
import { pause } from "../support/waiting.ts";

export const demoCase = demo;

export const revisionOf = (number: number, note = `Note ${number}`): Revision =>
  inventedRevision({
    number,
    note: { en: note, uk: `${note} українською`, ar: `${note} بالعربية` },
    liveAt: `2026-11-25T10:0${number}:07.000Z`,
  });

type Speak = (lang: string | null) => View;

/** Returns the view of a case with that revision. */
export const present =
  (
    number: number,
    changes: Partial<Case> = {},
    note?: string,
    revision: Partial<Revision> = {},
  ): Speak =>
  (lang) =>
    viewCase(
      { ...demoCase, ...changes },
      { ...revisionOf(number, note), ...revision },
      negotiate(lang, profile),
      testNow(),
      profile,
    );

export const withdrawn =
  (id: string, number: number): Speak =>
  (lang) =>
    viewWithdrawn(
      id,
      { ...revisionOf(number), kind: "withdrawal" },
      negotiate(lang, profile),
      profile,
    );

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * A server like an edge's: HTTP/2, and HTTP/1.1 for WebSockets, with a
 * self-signed certificate.
 */
async function secureServer(handler: Handler) {
  const { private: key, cert } = await generate(
    [{ name: "commonName", value: "localhost" }],
    { keyType: "ec" },
  );
  const server = createSecureServer({ key, cert, allowHTTP1: true });
  server.on("request", handler as never);
  return server as unknown as ReturnType<typeof createServer>;
}

export const serving = async (
  handler: Handler,
  server = createServer(handler),
) => ({
  server,
  origin: `http://localhost:${await listening(server)}`,
});

/** Each test has its own, with its own counters, cases and faults. */
export class Newsroom {
  origin = "";
  readonly cases = new Map<string, Speak>();
  /** URLs of the requested views and sockets, in order. */
  readonly fetched: string[] = [];
  readonly connected: string[] = [];
  /** `frozen` never answers, like a connection that is cut without a reset. */
  fetching: "works" | "fails" | "frozen" = "works";
  /** The answer about the place to act. */
  act: unknown = null;
  /** Paths of the requested scripts. */
  readonly scripts: string[] = [];
  /** What a script's answer waits for. */
  beforeScript: (() => Promise<unknown>) | undefined;
  /** Answers another second script than the release's. */
  tampered = false;
  /** `mute` opens and never says anything, `frozen` doesn't even open. */
  sockets: "work" | "refused" | "mute" | "frozen" = "work";
  #server: Awaited<ReturnType<typeof serving>>["server"] | undefined;
  readonly #live = new WebSocketServer({ noServer: true });
  readonly #heard = new WeakSet<WebSocket>();
  readonly #frozen: Duplex[] = [];

  /** @param secure uses TLS, HTTP/2 and brotli */
  async open({ secure = false } = {}): Promise<this> {
    const script = await readFile(join(root, "dist/widget.js"));
    const more = await readFile(join(root, "dist/widget-more.js"));
    const coding = secure ? { "Content-Encoding": "br" } : {};
    const encoded = (body: string | Buffer) =>
      secure ? brotliCompressSync(body) : body;
    const answer: Handler = (request, response) => {
      const url = new URL(request.url ?? "", this.origin);
      const isolation = {
        "Cross-Origin-Resource-Policy": "cross-origin",
        ...coding,
      };
      if (url.pathname.startsWith("/widget")) {
        this.scripts.push(url.pathname);
        void Promise.resolve(this.beforeScript?.()).then(() =>
          response
            .writeHead(200, {
              "Content-Type": "text/javascript",
              "Access-Control-Allow-Origin": "*",
              ...isolation,
            })
            .end(
              encoded(
                url.pathname === "/widget.js"
                  ? script
                  : this.tampered
                    ? `${more};`
                    : more,
              ),
            ),
        );
        return;
      }
      this.fetched.push(url.pathname + url.search);
      if (this.fetching === "frozen") return;
      const cors = {
        "Access-Control-Allow-Origin": "*",
        "Cache-Control": "no-store",
        ...isolation,
      };
      const send = (status: number, body: unknown, type = "application/json") =>
        response
          .writeHead(status, { ...cors, "Content-Type": type })
          .end(encoded(JSON.stringify(body)));
      if (this.fetching === "fails")
        return void send(503, {}, "application/problem+json");
      const id = url.pathname.split("/")[3] ?? "";
      if (url.pathname.endsWith("/act")) return void send(200, this.act);
      const view = this.#view(id, url.searchParams.get("lang"));
      const status = {
        present: 200,
        withdrawn: 410,
        unknown: 404,
        unshowable: 503,
      }[view.state];
      send(status, status === 200 ? view : { status, view });
    };
    const { server, origin } = await serving(
      answer,
      secure ? await secureServer(answer) : undefined,
    );
    server.on("upgrade", (request, socket, head) => {
      const url = new URL(request.url ?? "", this.origin);
      this.connected.push(url.search);
      // A page that leaves while its socket is refused resets the connection.
      socket.on("error", () => {});
      if (this.sockets === "frozen") return void this.#frozen.push(socket);
      if (this.sockets === "refused")
        return void socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
      this.#live.handleUpgrade(request, socket, head, (line) => {
        const query = url.searchParams;
        Object.assign(line, { lang: query.get("lang"), id: query.get("case") });
        line.on("message", (data) => {
          if (String(data) === "ping" && this.sockets === "work")
            line.send("pong");
          // The browser itself answers this, after what came before it has
          // arrived.
          line.once("pong", () => this.#heard.add(line)).ping();
        });
        const view = this.#view(query.get("case") ?? "", query.get("lang"));
        const known = String(revisionCode(view.revision?.liveAt ?? ""));
        if (known !== query.get("revision") && this.sockets !== "mute")
          line.send(JSON.stringify(view));
      });
    });
    this.#server = server;
    this.origin = secure ? origin.replace("http", "https") : origin;
    return this;
  }

  #view(id: string, lang: string | null): View {
    return (
      this.cases.get(id)?.(lang) ??
      viewUnknown(id, negotiate(lang, profile), profile)
    );
  }

  /** Changes the head and pushes it to every socket of the case. */
  publish(id: string, speak: Speak): void {
    this.cases.set(id, speak);
    this.push(id, speak);
  }

  /** Sends a message to every socket of a case without changing the head. */
  push(id: string, speak: Speak): void {
    for (const line of this.#live.clients) {
      const known = line as WebSocket & { id: string; lang: string };
      if (known.id === id) line.send(JSON.stringify(speak(known.lang)));
    }
  }

  /**
   * The sockets whose first ping was answered. Before, a page takes a dropped
   * socket for one that never worked.
   */
  get openSockets(): number {
    return [...this.#live.clients].filter((line) => this.#heard.has(line))
      .length;
  }

  /** Closes every socket, as a deployment does. */
  dropSockets(): void {
    for (const line of this.#live.clients) line.terminate();
    for (const socket of this.#frozen) socket.destroy();
  }

  async close(): Promise<void> {
    this.dropSockets();
    this.#server?.closeAllConnections?.();
    const closed = new Promise((resolve) => this.#server?.close(resolve));
    // An HTTP/2 server would wait for the browser to close the connection.
    if (this.origin.startsWith("http:")) await closed;
  }
}

export type Visit = Awaited<ReturnType<typeof visit>>;

export type VisitOptions = BrowserContextOptions & {
  /**
   * Gives the page a clock that the test can advance, from the tests' now or
   * from that time on.
   */
  clock?: boolean | Date;
  directives?: string[];
  headers?: Record<string, string>;
  /**
   * Has a line like that of a phone in the country: "Slow 3G" in browsers'
   * tools.
   */
  slow?: boolean;
  /**
   * Is painted before a script arrives: from a server on the same machine it
   * would come sooner, and nothing would move.
   */
  isPaintedFirst?: boolean;
  /** Further origins that the page's policy lets the widget read. */
  mirrors?: string[];
};

/** Opens a partner's page with the strictest policy. */
export async function visit(
  browser: Browser,
  newsroom: Pick<Newsroom, "origin"> & Partial<Pick<Newsroom, "beforeScript">>,
  html: string,
  {
    clock = false,
    slow = false,
    isPaintedFirst = false,
    directives = [],
    headers = {},
    mirrors = [],
    ...options
  }: VisitOptions = {},
) {
  const { origin } = newsroom;
  const policy = [
    "default-src 'none'",
    `script-src ${origin}`,
    ["connect-src", origin, origin.replace("http", "ws"), ...mirrors].join(" "),
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
    ...directives,
  ].join("; ");
  const partner = await serving((_, response) => {
    response
      .writeHead(200, {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": policy,
        ...headers,
      })
      .end(
        `<!doctype html><html lang="en"><head><title>A partner's page</title></head><body>${html}</body></html>`,
      );
  });
  const { page, complaints, giveBack } = await lendPage(browser, {
    ...options,
    isOnTestDay: !clock,
  });
  if (clock) {
    await page.clock.install({ time: clock === true ? testNow() : clock });
    // The clock has no power over the browser's own time limits.
    await page.addInitScript(() => {
      AbortSignal.timeout = (milliseconds) => {
        const limit = new AbortController();
        setTimeout(
          () => limit.abort(new DOMException("", "TimeoutError")),
          milliseconds,
        );
        return limit.signal;
      };
    });
  }
  const twoFrames = () =>
    new Promise((done) =>
      requestAnimationFrame(() =>
        requestAnimationFrame(() => done(location.origin)),
      ),
    );
  /**
   * The script may be asked for while the page before this one is still there.
   */
  const painted = async (): Promise<void> => {
    const where = await page.evaluate(twoFrames).catch(() => null);
    if (where !== partner.origin && !page.isClosed()) await painted();
  };
  if (isPaintedFirst) newsroom.beforeScript = painted;
  const line = slow ? await page.context().newCDPSession(page) : null;
  const [latency, throughput] = [400, 50_000];
  const conditions = {
    offline: false,
    latency,
    downloadThroughput: throughput,
    uploadThroughput: throughput,
  };
  await line?.send("Network.emulateNetworkConditions", conditions);
  await page.goto(partner.origin);
  return {
    page,
    complaints,
    close: async () => {
      // A second call comes after the test.
      await line?.detach().catch(() => {});
      await giveBack();
      partner.server.closeAllConnections();
      await new Promise((resolve) => partner.server.close(resolve));
    },
  };
}

export const scriptOf = ({ origin }: Pick<Newsroom, "origin">): string =>
  `<script src="${origin}/widget.js" async crossorigin></script>`;

/** The element, with the link for readers without JavaScript. */
export const widgetOf = (
  attributes = `case="${demoCase.id}" lang="en"`,
): string =>
  `<case-status ${attributes}><a href="/">Fallback</a></case-status>`;

export const inState = (page: Page, state: string): Promise<void> =>
  page
    .locator(`case-status:state(${state})`)
    .first()
    .waitFor({ state: "attached" });

/** Advances the clock of a page that was opened with one. */
export async function advance(page: Page, milliseconds: number): Promise<void> {
  await page.clock.runFor(milliseconds);
  await pause(
    20,
    "Answers and sockets need real time to come; otherwise minutes of the page's time pass before the first.",
  );
}

/**
 * Advances the clock of a page, second by second, until a widget on it is in
 * that state.
 * @returns how many seconds that took
 */
export async function secondsUntil(
  page: Page,
  state: string,
  most = 60,
): Promise<number> {
  for (let seconds = 0; ; seconds++) {
    if ((await page.locator(`case-status:state(${state})`).count()) > 0)
      return seconds;
    if (seconds === most)
      throw new Error(`no widget is ${state} after ${most} seconds`);
    await advance(page, 1_000);
  }
}

/**
 * HTML as browsers write it: an attribute without a value as an empty one, and
 * no-break spaces by name.
 */
export const asSerialized = (html: string): string =>
  html
    .replaceAll("<details open ", '<details open="" ')
    .replaceAll("\u00a0", "&nbsp;");
