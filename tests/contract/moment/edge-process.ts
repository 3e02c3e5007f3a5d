/**
 * Two shared HTTP caches in a chain in front of the Worker, in a process of
 * their own.
 *
 *   reader -> door -> lower cache -> upper cache -> relay -> Worker
 *
 * The relay passes the caches the header that Cloudflare's tiers obey,
 * `Cloudflare-CDN-Cache-Control`, as `Cache-Control`. The door restores the
 * original `Cache-Control` for readers and passes WebSockets through.
 * http-cache-semantics decides whether a response may be stored, is fresh or
 * must be revalidated. Around it, the caches behave as badly as real ones do:
 * they count whole seconds like nginx, so max-age=1 keeps a response for up to
 * 2 s; they send no `Age`; they keep the old headers after a 304; they collapse
 * concurrent requests; they send a GET for a HEAD; their clocks are hours
 * apart; and one response in fifty is delayed. A second client also reads from
 * the upper cache, as another city would, so that the two caches never expire
 * in step.
 *
 * SETTINGS contains the settings as JSON. The process sends {door}, the door's
 * port, when it is listening.
 */
import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from "node:http";
import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import CachePolicy from "http-cache-semantics";
import { listening } from "../../support/listening.ts";
import { askOn, type HttpAnswer } from "./asking.ts";

export interface EdgeSettings {
  /** "http://127.0.0.1:8787" */
  worker: string;
  /**
   * Breaks the lease rule on purpose, to check that the judge notices: the
   * caches keep every response longer than allowed.
   */
  isNaive: boolean;
}

/**
 * Delay of a late response. Twice this is less than the second that the lease's
 * margin allows for transit.
 */
const LATE_RESPONSE_DELAY_MS = 300;
const RESPONSES_PER_LATE_ONE = 50;
/**
 * The last copy that may be kept is made 3 s before a moment. Shorter, and a
 * busy machine saw few violations, or none.
 */
const KEEP_LONGER_MS = 8_000;
const HOUR_MS = 3_600_000;
/**
 * Header in which the relay passes the readers' `Cache-Control` to the door.
 */
const FOR_READERS = "x-readers-cache-control";

const settings = JSON.parse(process.env.SETTINGS ?? "") as EdgeSettings;
const agent = new Agent({ keepAlive: true, maxSockets: 128 });
const ask = (
  port: number,
  method: string,
  path: string,
  headers: OutgoingHttpHeaders,
): Promise<HttpAnswer> =>
  askOn({ agent, host: "127.0.0.1", port, method, path, headers });
process.once("disconnect", () => process.exit(0));

type Handler = (incoming: IncomingMessage) => Promise<HttpAnswer>;

const hopByHop = [
  "connection",
  "keep-alive",
  "transfer-encoding",
  "content-length",
  "upgrade",
];

function withoutHops(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !hopByHop.includes(name)),
  );
}

async function serve(handler: Handler) {
  const answerWith = async (
    incoming: IncomingMessage,
    outgoing: ServerResponse,
  ) => {
    try {
      const { status, headers, body } = await handler(incoming);
      const empty = incoming.method === "HEAD" || status === 304;
      outgoing.writeHead(status, {
        ...withoutHops(headers),
        ...(empty ? {} : { "content-length": body.length }),
      });
      outgoing.end(empty ? undefined : body);
    } catch (error) {
      outgoing.writeHead(502).end(String(error));
    }
  };
  const server = createServer(
    (incoming, outgoing) => void answerWith(incoming, outgoing),
  );
  return { server, port: await listening(server) };
}

const worker = Number(new URL(settings.worker).port);

const relay: Handler = async ({ method = "GET", url = "/", headers }) => {
  const answer = await ask(worker, method, url, {
    ...withoutHops(headers),
    host: `127.0.0.1:${worker}`,
  });
  const {
    "cache-control": forReaders,
    "cloudflare-cdn-cache-control": forEdge,
    ...rest
  } = answer.headers;
  const cacheControl = String(forEdge ?? forReaders ?? "no-store");
  return {
    ...answer,
    headers: {
      ...rest,
      "cache-control": cacheControl,
      [FOR_READERS]: String(forReaders ?? ""),
    },
  };
};

/**
 * Policy of a response received now, by a clock that is off by some
 * milliseconds and counts whole seconds.
 */
function policyFor(
  path: string,
  status: number,
  headers: IncomingHttpHeaders,
  off: number,
): CachePolicy {
  const seconds = () => Math.floor((Date.now() + off) / 1000) * 1000;
  // The library calls its own `now`.
  class WholeSeconds extends CachePolicy {
    now(): number {
      return seconds();
    }
  }
  const asked = { url: path, method: "GET", headers: {} };
  const policy = new WholeSeconds(
    asked,
    { status, headers: headers as Record<string, string> },
    { shared: true },
  );
  // From now on the policy is asked whether the response is still fresh. It is
  // during the whole second in which it expires.
  const longer = settings.isNaive ? KEEP_LONGER_MS : 0;
  policy.now = () => seconds() - 1 - longer;
  return policy;
}

function cache(upstream: number, off: number): Handler {
  const stored = new Map<string, HttpAnswer & { policy: CachePolicy }>();
  const asking = new Map<string, Promise<unknown>>();
  let asked = 0;

  const fetchInto = async (path: string): Promise<HttpAnswer> => {
    const old = stored.get(path);
    const headers = old?.headers.etag
      ? { "if-none-match": old.headers.etag }
      : {};
    const fresh = await ask(upstream, "GET", path, headers);
    if (++asked % RESPONSES_PER_LATE_ONE === 0)
      await wait(LATE_RESPONSE_DELAY_MS);
    const answer =
      fresh.status === 304 && old
        ? { status: old.status, headers: old.headers, body: old.body }
        : fresh;
    const kept = { ...answer.headers };
    delete kept.age;
    const policy = policyFor(path, answer.status, kept, off);
    if (policy.storable() && policy.maxAge() > 0)
      stored.set(path, { ...answer, headers: kept, policy });
    else stored.delete(path);
    return {
      ...answer,
      headers: {
        ...kept,
        "x-cache": fresh.status === 304 ? "REVALIDATED" : "MISS",
      },
    };
  };

  return async ({ url = "/", headers }) => {
    const fromStore = (): HttpAnswer | null => {
      const found = stored.get(url);
      // Don't use the library's satisfiesWithoutRevalidation. It applies
      // must-revalidate to every use, but the directive is only about stale
      // responses (RFC 9111, 5.2.2.2). Caches that read it that way would store
      // nothing here and prove nothing.
      return found && !found.policy.stale()
        ? {
            status: found.status,
            headers: { ...found.headers, "x-cache": "HIT" },
            body: found.body,
          }
        : null;
    };
    let answer = fromStore();
    const underWay = asking.get(url);
    if (!answer && underWay) {
      await underWay.catch(() => {});
      answer = fromStore();
    }
    if (!answer) {
      const mine = fetchInto(url);
      asking.set(url, mine);
      try {
        answer = await mine;
      } finally {
        if (asking.get(url) === mine) asking.delete(url);
      }
    }
    const wanted = headers["if-none-match"];
    return wanted !== undefined &&
      wanted === answer.headers.etag &&
      stored.has(url)
      ? { ...answer, status: 304 }
      : answer;
  };
}

const upperPort = (await serve(cache((await serve(relay)).port, 2 * HOUR_MS)))
  .port;
const lowerPort = (await serve(cache(upperPort, -3 * HOUR_MS + 470))).port;

const paths = new Set<string>();
const door = await serve(async ({ method = "GET", url = "/", headers }) => {
  paths.add(url);
  const answer = await ask(lowerPort, method, url, withoutHops(headers));
  const { [FOR_READERS]: forReaders, ...rest } = answer.headers;
  return {
    ...answer,
    headers: {
      ...rest,
      "cache-control": String(forReaders ?? answer.headers["cache-control"]),
    },
  };
});
door.server.on("upgrade", (incoming: IncomingMessage, socket, head) => {
  const through = connect(worker, "127.0.0.1", () => {
    const lines = [`${incoming.method} ${incoming.url} HTTP/1.1`];
    for (let index = 0; index < incoming.rawHeaders.length; index += 2)
      lines.push(
        `${incoming.rawHeaders[index]}: ${incoming.rawHeaders[index + 1]}`,
      );
    through.write(`${lines.join("\r\n")}\r\n\r\n`);
    through.write(head);
    through.pipe(socket).pipe(through);
  });
  through.on("error", () => socket.destroy());
  socket.on("error", () => through.destroy());
});

/** Reads from another city. */
async function readFromAnotherCity(port: number): Promise<never> {
  for (let turn = 0; ; turn++) {
    const path = [...paths][turn % Math.max(1, paths.size)];
    if (path) await ask(port, "GET", path, {}).catch(() => {});
    await wait(10 + Math.random() * 60);
  }
}
void readFromAnotherCity(upperPort);

process.send!({ door: door.port });
