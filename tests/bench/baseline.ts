/** Builds and starts the baselines. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build } from "vite";
import { root, wranglerEnv } from "../../worker/tools/local/runtime.ts";

let bundling: Promise<string> | null = null;

async function bundle(): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), "casewire-baselines-"));
  await build({
    configFile: false,
    logLevel: "warn",
    build: {
      lib: { entry: join(root, "tests/bench/baselines.ts"), formats: ["es"], fileName: () => "baselines.js" },
      outDir,
      emptyOutDir: true,
      rolldownOptions: { external: [/^cloudflare:/] },
    },
  });
  return join(outDir, "baselines.js");
}

/** Starts the baselines in a fresh process. @param answer the Worker's answer, which they give too */
export async function startBaselines(answer: unknown) {
  bundling ??= bundle();
  const child = spawn(process.execPath, [join(root, "tests/bench/baseline-process.ts")], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...wranglerEnv, SETTINGS: JSON.stringify({ bundle: await bundling, answer }) },
  });
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  const url = line.slice("url: ".length);
  await fetch(`${url}/fill`);
  return {
    url,
    pid: child.pid as number,
    close: async () => {
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}
