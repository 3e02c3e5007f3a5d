/**
 * Two shared HTTP caches in a chain before the Worker, in a process of their own.
 *
 *   reader -> door -> lower cache -> upper cache -> relay -> Worker
 *
 * The relay hands the caches what Cloudflare's own tiers obey: `Cloudflare-CDN-Cache-Control` in place of `Cache-Control`. The
 * door gives readers the `Cache-Control` that was meant for them, and lets sockets pass. Whether an answer may be stored, is
 * fresh or must be revalidated is decided by http-cache-semantics; around it the caches are as nasty as real ones were found:
 * they count whole seconds as nginx does (max-age=1 keeps an answer for up to 2 s), pass on no `Age`, keep the old headers
 * after a 304, collapse questions into one, ask by GET for a HEAD, have clocks that are hours apart, and one answer in fifty is
 * late on its way. A second client asks the upper cache too, as another city would, so that the two never run out in step.
 *
 * Settings come as JSON in SETTINGS; it sends {door} when it listens.
 */
import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
  type ServerResponse,
} from "node:http";
import { type AddressInfo, connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import CachePolicy from "http-cache-semantics";

export interface EdgeSettings {
  /** "http://127.0.0.1:8787" */
  worker: string;
  /**
   * Breaks the rule on purpose, so that the checker can be seen to notice: `seconds-left` has the caches keep an answer for the
   * whole seconds left until the next moment, as a plain design would; `keep` has them keep every answer 3 s longer than allowed.
   */
  naive?: "seconds-left" | "keep";
  /** The longest lease in milliseconds, for `seconds-left`. */
  lease: number;
  /** Ports of two caches that stand in for the ones here, and the relay's that they were told; only relay and door are ours then. */
  caches?: { relay: number; upper: number; lower: number };
}

/** Told to `seconds-left`: when the next revision goes live, in milliseconds since the epoch, or null. */
export interface NextMoment {
  next: number | null;
}

/** How late a late answer is, in milliseconds: twice this stays under the second that the design allows for the way. */
const LATE = 300;
const ONE_IN = 50;
const KEEP_LONGER = 3_000;
const HOUR = 3_600_000;
/** Where the relay puts the reader's own `Cache-Control` for the door to find. */
const FOR_READERS = "x-readers-cache-control";

const settings = JSON.parse(process.env.SETTINGS ?? "") as EdgeSettings;
const agent = new Agent({ keepAlive: true, maxSockets: 128 });
let next: number | null = null;
process.on("message", (message: NextMoment) => {
  next = message.next;
});
process.once("disconnect", () => process.exit(0));

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

function ask(port: number, method: string, path: string, headers: OutgoingHttpHeaders, body?: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asking = request({ agent, host: "127.0.0.1", port, method, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 502, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    asking.on("error", reject);
    asking.end(body);
  });
}

type Handler = (incoming: IncomingMessage) => Promise<Answer>;

const hopByHop = ["connection", "keep-alive", "transfer-encoding", "content-length", "upgrade"];

function withoutHops(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.includes(name)));
}

function serve(handler: Handler, port = 0) {
  const answerWith = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    try {
      const { status, headers, body } = await handler(incoming);
      const empty = incoming.method === "HEAD" || status === 304;
      outgoing.writeHead(status, { ...withoutHops(headers), ...(empty ? {} : { "content-length": body.length }) });
      outgoing.end(empty ? undefined : body);
    } catch (error) {
      outgoing.writeHead(502).end(String(error));
    }
  };
  const server = createServer((incoming, outgoing) => void answerWith(incoming, outgoing));
  return new Promise<typeof server>((resolve) => server.listen(port, "127.0.0.1", () => resolve(server)));
}

const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port;

const worker = Number(new URL(settings.worker).port);

const relay: Handler = async ({ method = "GET", url = "/", headers }) => {
  const answer = await ask(worker, method, url, { ...withoutHops(headers), host: `127.0.0.1:${worker}` });
  const { "cache-control": forReaders, "cloudflare-cdn-cache-control": forEdge, ...rest } = answer.headers;
  let cacheControl = String(forEdge ?? forReaders ?? "no-store");
  if (settings.naive === "seconds-left") {
    const left = next === null ? settings.lease : Math.min(settings.lease, Math.max(0, next - Date.now()));
    cacheControl = `max-age=${Math.floor(left / 1000)}`;
  }
  return { ...answer, headers: { ...rest, "cache-control": cacheControl, [FOR_READERS]: String(forReaders ?? "") } };
};

/** The freshness of an answer that came just now, by a clock which is off by some milliseconds and counts whole seconds. */
function policyFor(path: string, status: number, headers: IncomingHttpHeaders, off: number): CachePolicy {
  const seconds = () => Math.floor((Date.now() + off) / 1000) * 1000;
  // The library asks its own `now` for the time.
  class WholeSeconds extends CachePolicy {
    now(): number {
      return seconds();
    }
  }
  const asked = { url: path, method: "GET", headers: {} };
  const policy = new WholeSeconds(asked, { status, headers: headers as Record<string, string> }, { shared: true });
  // From here on it is asked whether the answer is still fresh: the second in which it runs out counts too.
  const longer = settings.naive === "keep" ? KEEP_LONGER : 0;
  policy.now = () => seconds() - 1 - longer;
  return policy;
}

function cache(upstream: number, off: number): Handler {
  const stored = new Map<string, Answer & { policy: CachePolicy }>();
  const asking = new Map<string, Promise<unknown>>();
  let asked = 0;

  const fetchInto = async (path: string): Promise<Answer> => {
    const old = stored.get(path);
    const headers = old?.headers.etag ? { "if-none-match": old.headers.etag } : {};
    const fresh = await ask(upstream, "GET", path, headers);
    if (++asked % ONE_IN === 0) await wait(LATE);
    const answer = fresh.status === 304 && old ? { status: old.status, headers: old.headers, body: old.body } : fresh;
    const kept = { ...answer.headers };
    delete kept.age;
    const policy = policyFor(path, answer.status, kept, off);
    if (policy.storable() && policy.maxAge() > 0) stored.set(path, { ...answer, headers: kept, policy });
    else stored.delete(path);
    return { ...answer, headers: { ...kept, "x-cache": fresh.status === 304 ? "REVALIDATED" : "MISS" } };
  };

  return async ({ url = "/", headers }) => {
    const fromStore = (): Answer | null => {
      const found = stored.get(url);
      // Not the library's satisfiesWithoutRevalidation, which takes must-revalidate for "at each use"; it says so of stale answers
      // only (RFC 9111, 5.2.2.2), and caches that read it so would keep nothing here and prove nothing.
      return found && !found.policy.stale()
        ? { status: found.status, headers: { ...found.headers, "x-cache": "HIT" }, body: found.body }
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
    return wanted !== undefined && wanted === answer.headers.etag && stored.has(url)
      ? { ...answer, status: 304 }
      : answer;
  };
}

const relayServer = await serve(relay, settings.caches?.relay);
const upperPort = settings.caches?.upper ?? portOf(await serve(cache(portOf(relayServer), 2 * HOUR)));
const lowerPort = settings.caches?.lower ?? portOf(await serve(cache(upperPort, -3 * HOUR + 470)));

const paths = new Set<string>();
const door = await serve(async ({ method = "GET", url = "/", headers }) => {
  paths.add(url);
  const answer = await ask(lowerPort, method, url, withoutHops(headers));
  const { [FOR_READERS]: forReaders, ...rest } = answer.headers;
  return { ...answer, headers: { ...rest, "cache-control": String(forReaders ?? answer.headers["cache-control"]) } };
});
door.on("upgrade", (incoming: IncomingMessage, socket, head) => {
  const through = connect(worker, "127.0.0.1", () => {
    const lines = [`${incoming.method} ${incoming.url} HTTP/1.1`];
    for (let index = 0; index < incoming.rawHeaders.length; index += 2)
      lines.push(`${incoming.rawHeaders[index]}: ${incoming.rawHeaders[index + 1]}`);
    through.write(`${lines.join("\r\n")}\r\n\r\n`);
    through.write(head);
    through.pipe(socket).pipe(through);
  });
  through.on("error", () => socket.destroy());
  socket.on("error", () => through.destroy());
});

/** The other city. */
async function askElsewhere(port: number): Promise<never> {
  for (let turn = 0; ; turn++) {
    const path = [...paths][turn % Math.max(1, paths.size)];
    if (path) await ask(port, "GET", path, {}).catch(() => {});
    await wait(10 + Math.random() * 60);
  }
}
void askElsewhere(upperPort);

process.send!({ door: portOf(door) });
