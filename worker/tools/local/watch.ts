/** `npm run dev`: rebuilds and serves each change. When a build fails, it prints the error and goes on serving the last good build. */
import { setTimeout as delay } from "node:timers/promises";
import type { Files } from "./home-files.ts";
import { buildLocal, differences, sourceVersions, type Versions } from "./local-build.ts";
import type { RunningWorker } from "./runtime.ts";
import { settingsFile } from "./settings.ts";

/** The sources are polled, because a recursive `fs.watch` on Linux loses a file that an editor replaces by renaming another. */
const SOURCE_POLL_MS = 300;
/** Text editors save a file in several steps, and often several files at once. */
const DEBOUNCE_MS = 80;
const RELOAD_POLL_MS = 400;

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

/** Whether this process runs the file itself, or follows from it, and so starts anew after a change. */
const isOwn = (path: string) =>
  path === settingsFile || /^worker\/tools\/local\/(?!worker\.ts$|vite\.config|home\/|courier\/|cases\/)/.test(path);

/** Waits until an editor has saved everything. @returns the versions then, and the paths that differ */
export async function nextSave(before: Versions, signal?: AbortSignal): Promise<{ now: Versions; paths: string[] }> {
  for (;;) {
    let now = await sourceVersions();
    if (differences(before, now).length > 0)
      for (let last = before; differences(last, now).length > 0; now = await sourceVersions()) {
        last = now;
        await delay(DEBOUNCE_MS, undefined, { signal });
      }
    const paths = differences(before, now);
    if (paths.length > 0) return { now, paths };
    await delay(SOURCE_POLL_MS, undefined, { signal });
  }
}

/**
 * @param versions those from before the start, so that no save during it is lost
 * @param filesNow reads the local pages of the last build
 * @param show serves those pages, and the script that reloads them
 * @param restart ends this process, and starts it again: much of a run follows from its settings
 * @returns functions that start watching, and end it
 */
export async function watchSources(
  worker: RunningWorker,
  versions: Versions,
  filesNow: () => Promise<Files>,
  show: (files: Files, reload: string) => void,
  restart: () => void,
  say: (line: string) => void,
): Promise<{ start(): void; end(): void }> {
  const watching = new AbortController();
  const watch = async () => {
    let before = versions;
    for (;;) {
      const { now, paths } = await nextSave(before, watching.signal);
      before = now;
      const named = `dev: ${paths.map((path) => (now.has(path) ? path : `${path} (deleted)`)).join(", ")} changed;`;
      if (paths.some(isOwn)) {
        say(`${named} restarting`);
        return restart();
      }
      const started = Date.now();
      let trouble = "the build failed, and what was served stays";
      try {
        await buildLocal();
        trouble = "the new build doesn't start, and nothing is served until the next save";
        await worker.restart();
        show(await filesNow(), reloadScript(Date.now()));
        say(`${named} rebuilt in ${((Date.now() - started) / 1000).toFixed(1)} s`);
      } catch (error) {
        say(`${named} ${trouble}.\n${compilerMessage(error)}`);
      }
    }
  };
  show(await filesNow(), reloadScript(Date.now()));
  return {
    start() {
      say("dev: watching for changes");
      watch().catch((error) => watching.signal.aborted || say(`dev: watching for changes failed: ${error}`));
    },
    end: () => watching.abort(),
  };
}
