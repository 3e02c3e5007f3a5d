/** `npm run dev`: rebuilds and serves each change. When a build fails or doesn't start, it prints the error and serves the last good build. */
import { setTimeout as delay } from "node:timers/promises";
import type { Files } from "./home-files.ts";
import { builtFiles, differences, type FirstBuild, incrementalBuild, sourceVersions } from "./local-build.ts";
import { NothingRuns, type RunningWorker } from "./runtime.ts";
import { settingsFile } from "./settings.ts";

/** The sources are polled, because a recursive `fs.watch` on Linux loses a file that an editor replaces by renaming another. */
const SOURCE_POLL_MS = 300;
/** Text editors save a file in several steps, and often several files at once. */
const DEBOUNCE_MS = 80;
const RELOAD_POLL_MS = 400;
/** How long to wait when nothing could be started, for example because another program took the port. */
const RESTART_INTERVAL_MS = 1_000;

/** A script for the local pages. It reloads the page when the server's copy of the script has changed. */
const reloadScript = (build: number) => `
const build = ${build};
setInterval(async () => {
  const text = await fetch("/local/reload.js").then((answer) => (answer.ok ? answer.text() : ""), () => "");
  if (text && !text.includes("const build = " + build + ";")) location.reload();
}, ${RELOAD_POLL_MS});
`;

/** The compiler's message without its stack trace. */
function compilerMessage(error: unknown): string {
  const { stderr, message } = error as Error & { stderr?: string };
  return (stderr || message).split(/\n\s+at /)[0]?.trim() ?? "";
}

/** Whether this process runs the file itself, and so needs a restart after a change. */
const isOwn = (path: string) =>
  path.startsWith("worker/tools/") && !/\/(worker\.ts$|states\/|home\/|courier\/|cases\/)/.test(path);

/** The paths whose versions differ. A deleted file is marked, because its name no longer exists. */
function changedPaths(before: Map<string, string>, after: Map<string, string>): string[] {
  return differences(before, after).map((path) => (after.has(path) ? path : `${path} (deleted)`));
}

/** Once an editor has saved everything. @returns the versions then; null when nothing has changed */
async function versionsAfterSave(before: Map<string, string>, signal?: AbortSignal) {
  let now = await sourceVersions();
  if (changedPaths(before, now).length === 0) return null;
  for (let last = new Map<string, string>(); changedPaths(last, now).length > 0; ) {
    last = now;
    await delay(DEBOUNCE_MS, undefined, { signal });
    now = await sourceVersions();
  }
  return now;
}

/** Waits for a save, for a run that can't start without one. @returns the paths that differ from `before` */
export async function nextSave(before: Map<string, string>): Promise<string[]> {
  for (;;) {
    const now = await versionsAfterSave(before);
    const paths = now ? changedPaths(before, now) : [];
    if (paths.length > 0) return paths;
    await delay(SOURCE_POLL_MS);
  }
}

/**
 * @param first the build that the Worker runs
 * @param versions those from before the start, so that no save during it is lost
 * @param filesNow reads the local pages of the last build
 * @param show serves those pages, and the script that reloads them
 * @param restart ends this process, and starts it again: much of a run follows from its settings
 * @returns functions that start watching, and end it
 */
export async function watchSources(
  worker: RunningWorker,
  first: FirstBuild,
  versions: Map<string, string>,
  filesNow: () => Promise<Files>,
  show: (files: Files, reload: string) => void,
  restart: () => void,
  say: (line: string) => void,
): Promise<{ start(): void; end(): void }> {
  const buildChanges = incrementalBuild(first);
  let build = Date.now();
  let before = await builtFiles(first.bundle);
  let failed = false;
  /** The newest build, when it couldn't be started. */
  let unserved: { bundle: string; paths: string[] } | null = null;
  let isDown = false;

  const serve = async (bundle: string, paths: string[], started = Date.now()) => {
    const changed = `dev: ${paths.join(", ")} changed;`;
    const after = await builtFiles(bundle);
    const names = [...after].filter(([name, digest]) => before.get(name) !== digest).map(([name]) => name);
    const isOther = paths.includes("wrangler.toml") || names.some((name) => /^(Worker$|workshop)/.test(name));
    try {
      if (isDown || isOther) await worker.replace(bundle);
    } catch (error) {
      const wasDown = isDown;
      isDown = error instanceof NothingRuns;
      unserved = { bundle, paths };
      const served = isDown ? "nothing is served; trying again" : "the last good build is served again";
      if (!wasDown || !isDown) say(`${changed} the new build doesn't start, and ${served}.\n${compilerMessage(error)}`);
      return;
    }
    before = after;
    [failed, isDown, unserved] = [false, false, null];
    build = Date.now();
    show(await filesNow(), reloadScript(build));
    const seconds = ((build - started) / 1000).toFixed(1);
    say(`${changed} rebuilt in ${seconds} s: ${names.join(", ") || (isOther ? "settings" : "local pages")}`);
    const own = paths.filter(isOwn);
    if (own.length > 0) say(`dev: restart to use the change in ${own.join(", ")}`);
  };

  const rebuild = async (saved: string[]) => {
    const started = Date.now();
    const paths = [...new Set([...(unserved?.paths ?? []), ...saved])];
    const changed = `dev: ${paths.join(", ")} changed;`;
    try {
      const made = await buildChanges();
      if (made.built || unserved) return await serve(made.bundle, paths, started);
      if (failed) say(`${changed} the sources are those of the served build again, and the build is good.`);
      failed = false;
    } catch (error) {
      failed = true;
      const served = isDown ? "nothing is served" : "the last good build is still served";
      say(`${changed} the build failed, and ${served}.\n${compilerMessage(error)}`);
    }
  };

  const watching = new AbortController();
  const watch = async () => {
    const { signal } = watching;
    for (let last = versions; ; ) {
      await delay(isDown ? RESTART_INTERVAL_MS : SOURCE_POLL_MS, undefined, { signal });
      const now = await versionsAfterSave(last, signal);
      if (!now) {
        if (isDown && unserved) await serve(unserved.bundle, unserved.paths);
        continue;
      }
      const paths = changedPaths(last, now);
      last = now;
      if (paths.some((path) => path.startsWith(settingsFile))) {
        say(`dev: ${paths.join(", ")} changed; restarting`);
        return restart();
      }
      if (paths.length > 0) await rebuild(paths);
    }
  };
  show(await filesNow(), reloadScript(build));
  return {
    start() {
      say("dev: watching for changes");
      watch().catch((error) => watching.signal.aborted || say(`dev: watching for changes failed: ${error}`));
    },
    end: () => watching.abort(),
  };
}
