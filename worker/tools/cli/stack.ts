/**
 * `stack`: names the source lines of a logged stack trace. Cloudflare does that
 * only for exceptions that nobody caught.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { SourceMap, type SourceMapPayload } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { root } from "../local/root.ts";
import { buildScripts, bundleWorker } from "../local/runtime.ts";
import type { CommandOutcome } from "./outcome.ts";

/**
 * A place in the bundle, as a trace has it: "index.js:12:345". The local run's
 * is worker.js.
 */
const place = /[^\s(]*\b(?:index|worker)\.js:(\d+):(\d+)/g;

/** @param mapFile the source map beside the bundle */
async function namedIn(trace: string, mapFile: string): Promise<string> {
  const json = await readFile(mapFile, "utf8");
  const map = new SourceMap(JSON.parse(json) as SourceMapPayload);
  return trace.replace(place, (whole, line, column) => {
    const found = map.findEntry(Number(line) - 1, Number(column) - 1);
    if (!("originalSource" in found)) return whole;
    // In a source map, letters beyond ASCII are encoded.
    const source = relative(
      root,
      resolve(dirname(mapFile), decodeURIComponent(found.originalSource)),
    );
    return `${source}:${found.originalLine + 1}:${found.originalColumn + 1}`;
  });
}

export async function stack(
  outcome: CommandOutcome,
  file: string | undefined,
  { map }: { map?: string },
): Promise<void> {
  const read =
    file === undefined ? text(outcome.terminal.stdin) : readFile(file, "utf8");
  // The JSON of a log has its line breaks as "\n".
  const trace = (await read).trimEnd().replaceAll("\\n", "\n");
  const folder = await mkdtemp(join(tmpdir(), "casewire-stack-"));
  try {
    if (map === undefined) await buildScripts();
    const stack = await namedIn(
      trace,
      map ?? `${await bundleWorker("worker/web/index.ts", folder)}.map`,
    );
    outcome.say(stack);
    outcome.result({ stack });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
