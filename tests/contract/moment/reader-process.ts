/**
 * Reads every surface of one case as fast as possible, in a process of its own
 * so that nothing delays it. SETTINGS contains the settings as JSON; moments
 * arrive as messages. The message "stop" ends it, and it sends its results as
 * one message.
 */
import { Agent } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import {
  EDGE_SECOND,
  NO_STORE,
  REVALIDATE,
} from "../../../worker/reads/freshness.ts";
import { askOn } from "./asking.ts";
import { NEAR_MS, type Reply } from "./rules.ts";
import {
  type Answer,
  type Surface,
  shownBy,
  surfaces,
  traceIn,
} from "./surfaces.ts";

export interface ReaderSettings {
  /** "http://127.0.0.1:8787" */
  base: string;
  id: string;
  /** Names of surfaces. Default: all. */
  only?: string[];
  /** Milliseconds between a reply and the next request. */
  pause: number;
  /** The same while no moment is near. Default: `pause`. */
  idlePause?: number;
  /**
   * No cache between this reader and the Worker, so replies must have the
   * edge's own header.
   */
  direct: boolean;
}

/**
 * Sent whenever it changes: when the next revision goes live, in milliseconds
 * since the epoch, or null.
 */
export interface NextMoment {
  next: number | null;
}

export interface Sighting {
  surface: string;
  replies: Reply[];
  /** Replies from a cache. */
  kept: number;
  /** Replies with status 304. */
  unchanged: number;
  /** Faults of single replies, as text, with their counts. */
  faults: Record<string, number>;
}

const {
  base,
  id,
  only,
  pause,
  idlePause = pause,
  direct,
} = JSON.parse(process.env.SETTINGS ?? "") as ReaderSettings;
const { hostname, port } = new URL(base);
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

let stopped = false;
/**
 * All announced moments. Readers also watch the moments of revisions that were
 * undone.
 */
const moments = new Set<number>();
process.on("message", (message: "stop" | NextMoment) => {
  if (message === "stop") stopped = true;
  else if (message.next !== null) moments.add(message.next);
});
const isNear = (now: number) =>
  [...moments].some((moment) => Math.abs(now - moment) < NEAR_MS);
process.once("disconnect", () => process.exit(0));

async function ask(
  method: string,
  path: string,
  headers: Record<string, string>,
) {
  const start = Date.now();
  const answer = await askOn({ agent, hostname, port, method, path, headers });
  const end = Date.now();
  const named = answer.headers as Record<string, string | undefined>;
  return {
    status: answer.status,
    headers: named,
    body: answer.body.toString("utf8"),
    start,
    end,
  };
}

/** Describes what is wrong with a response's freshness headers. */
function* headerFaults({ status, headers }: Answer): Generator<string> {
  const cacheControl = headers["cache-control"];
  if (cacheControl !== REVALIDATE)
    yield `${status} with Cache-Control: ${cacheControl}`;
  if (!direct) return;
  const edge = headers["cloudflare-cdn-cache-control"];
  if (edge !== EDGE_SECOND && edge !== NO_STORE)
    yield `${status} with Cloudflare-CDN-Cache-Control: ${edge}`;
  if (status === 304 && edge !== EDGE_SECOND)
    yield "304 where nothing may be kept";
}

async function readOn(surface: Surface): Promise<Sighting> {
  const sighting: Sighting = {
    surface: surface.name,
    replies: [],
    kept: 0,
    unchanged: 0,
    faults: {},
  };
  const fault = (text: string) => {
    sighting.faults[text] = (sighting.faults[text] ?? 0) + 1;
  };
  const known = new Map<
    string,
    { etag: string; shown: number; trace: number }
  >();
  let newest = 0;
  for (let turn = 0; !stopped; turn++) {
    const paths = surface.paths(id, newest);
    const { path, of } = paths[turn % paths.length]!;
    const before = surface.conditional ? known.get(path) : undefined;
    try {
      const answer = await ask(
        surface.method,
        path,
        before ? { "If-None-Match": before.etag } : {},
      );
      const { status, headers, body, start, end } = answer;
      for (const text of headerFaults(answer)) fault(text);
      if (headers["x-cache"] === "HIT") sighting.kept++;
      if (status === 304 && !before)
        fault("304 to a question without If-None-Match");
      const seen =
        status === 304 && before
          ? before
          : { shown: shownBy(surface, answer, id), trace: traceIn(body) };
      if (status === 304) sighting.unchanged++;
      if (Number.isNaN(seen.shown)) fault(`answered ${status}`);
      else
        sighting.replies.push({
          start,
          end,
          shown: seen.shown,
          trace: seen.trace,
          ...(of === undefined ? {} : { of }),
        });
      if (status === 200 && headers.etag)
        known.set(path, {
          etag: headers.etag,
          shown: seen.shown,
          trace: seen.trace,
        });
      else if (status !== 304) known.delete(path);
      if (Number.isFinite(seen.shown)) newest = Math.max(newest, seen.shown);
    } catch (error) {
      fault(error instanceof Error ? error.message : String(error));
    }
    const rest = isNear(Date.now()) ? pause : idlePause;
    if (rest > 0) await wait(rest);
  }
  return sighting;
}

const chosen = surfaces.filter(({ name }) => !only || only.includes(name));
process.send!("reading");
const sightings = await Promise.all(chosen.map(readOn));
agent.destroy();
process.send!(sightings, () => process.exit(0));
