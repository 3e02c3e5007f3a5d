/** `npm run dev`: rebuilds and serves each change. When a build fails, it prints the error and keeps serving the last good build. */
import { watch } from "node:fs";
import { join, sep } from "node:path";
import type { Files } from "./home-files.ts";
import { builtFiles, incrementalBuild, sources } from "./local-build.ts";
import { type RunningWorker, root } from "./runtime.ts";

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

/** Whether this process runs the file itself, and so needs a restart after a change. */
const isOwn = (path: string) =>
  path.startsWith("worker/tools/") && !/\/(worker\.ts$|states\/|home\/|courier\/|cases\/)/.test(path);

/**
 * @param bundle the path of the bundle that the Worker runs
 * @param filesNow reads the local pages of the last build
 * @param show serves those pages, and the script that reloads them
 * @returns a function that stops watching
 */
export async function watchSources(
  worker: RunningWorker,
  bundle: string,
  filesNow: () => Promise<Files>,
  show: (files: Files, reload: string) => void,
  say: (line: string) => void,
): Promise<() => void> {
  const buildChanges = await incrementalBuild();
  let build = Date.now();
  let before = await builtFiles(bundle);
  let running = false;
  const changed = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const rebuild = async () => {
    if (running) return;
    running = true;
    while (changed.size > 0) {
      const paths = [...changed];
      changed.clear();
      const started = Date.now();
      try {
        const { bundle, built } = await buildChanges();
        if (!built) continue;
        const after = await builtFiles(bundle);
        const names = [...after].filter(([name, digest]) => before.get(name) !== digest).map(([name]) => name);
        if (names.includes("Worker")) await worker.replace(bundle);
        before = after;
        build = Date.now();
        show(await filesNow(), reloadScript(build));
        const seconds = ((build - started) / 1000).toFixed(1);
        say(`dev: ${paths.join(", ")} changed; rebuilt in ${seconds} s: ${names.join(", ") || "local pages"}`);
        const own = paths.filter(isOwn);
        if (own.length > 0) say(`dev: restart to use the change in ${own.join(", ")}`);
      } catch (error) {
        say(
          `dev: ${paths.join(", ")} changed; the build failed, and the last good build is still served.\n${compilerMessage(error)}`,
        );
      }
    }
    running = false;
  };

  const onChange = (path: string) => {
    changed.add(path.split(sep).join("/"));
    clearTimeout(timer);
    timer = setTimeout(() => void rebuild(), DEBOUNCE_MS);
  };
  const watchers = [
    ...sources.folders.map((folder) =>
      watch(join(root, folder), { recursive: true }, (_, file) => file && onChange(join(folder, file))),
    ),
    watch(root, (_, file) => file && sources.files.includes(file) && onChange(file)),
  ];
  show(await filesNow(), reloadScript(build));
  say("dev: watching for changes");
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
