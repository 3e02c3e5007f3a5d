/** `npm run dev` serves each change, and keeps serving the last good build when a build fails. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { states } from "../../../worker/tools/local/states/states.ts";
import { freePort } from "../../stand-in-process.ts";
import { step } from "../../step.ts";
import { type LocalCopy, leftAfter, RUN_TIMEOUT_MS } from "../local-copy.ts";

/** @param copy returns the built copy of the project, whose storage, settings and sources this test changes */
export function dailyLoop(copy: () => LocalCopy): void {
  test("npm run dev serves changes, keeps storage, and leaves no process behind", async () => {
    const local = copy();
    await rm(join(local.folder, ".wrangler/casewire"), { recursive: true, force: true });
    await rm(join(local.folder, ".dev.vars"), { force: true });
    // A crashed run leaves its lock behind.
    await mkdir(join(local.folder, ".wrangler"), { recursive: true });
    const { pid } = spawnSync(process.execPath, ["--version"]);
    await writeFile(join(local.folder, ".wrangler/casewire.pid"), `${pid} ${local.port}`);
    // A runtime that can be kept waiting.
    const runtime = join(local.folder, ".wrangler/runtime");
    const real = `exec "$(node -p 'require("workerd").default')" "$@"`;
    await writeFile(runtime, `#!/bin/sh\ntouch "$0.started"\nwhile [ -e "$0.slow" ]; do sleep 0.1; done\n${real}\n`, {
      mode: 0o755,
    });
    const dev = () => local.npm(["run", "dev"], { PORT: String(local.port), MINIFLARE_WORKERD_PATH: runtime });
    const replaceIn = async (path: string, from: string, to: string) => {
      const file = join(local.folder, path);
      const text = await readFile(file, "utf8");
      expect(text).toContain(from);
      await writeFile(file, text.replace(from, to));
    };
    const devAfterFaults = async () => {
      await writeFile(join(local.folder, ".dev.vars"), "EDITORS='{'\n");
      await writeFile(`${runtime}.slow`, "");
      const run = dev();
      await run.prints("waiting for the next save");
      expect(run.output()).toContain("EDITORS in .dev.vars is not valid JSON");
      await replaceIn(".dev.vars", "EDITORS='{'\n", "");
      await run.prints("dev: .dev.vars changed; starting again");
      await run.prints("waiting for the Worker to start");
      // Saved after the build, while the Worker starts.
      const heading = "Casos de derechos humanos, con fuente y fecha";
      await replaceIn("shared/locales/es.json", heading, "Saved during the start");
      await rm(`${runtime}.slow`);
      const home = await run.value("home");
      await run.prints("shared/locales/es.json changed; rebuilt");
      expect(await (await fetch(`${home}/?lang=es`)).text()).toContain("<h1>Saved during the start</h1>");
      return run;
    };
    const run = await devAfterFaults();
    const home = await run.value("home");

    /** Saves as many editors do: writes another file, then renames it. */
    const renameOver = async (path: string, from: string, to: string) => {
      const file = join(local.folder, path);
      const text = await readFile(file, "utf8");
      expect(text).toContain(from);
      await writeFile(`${file}.new`, text.replace(from, to));
      await rename(`${file}.new`, file);
    };
    const read = async (path: string) =>
      (await fetch(home + path, { signal: AbortSignal.timeout(RUN_TIMEOUT_MS / 4) })).text();
    await run.value("first cases");
    const front = "/?lang=en";
    const title = "Human rights cases, with source and date";
    expect(await read(front)).toContain(`<h1>${title}</h1>`);
    const isHealthy = () => fetch(`${home}/healthz`).then(({ ok }) => ok);
    const [goodLease, badLease] = ['LEASE_SECONDS = "5"', 'LEASE_SECONDS = "none"'];
    const faultsAndSettings = async () => {
      await step("When a build doesn't start, that is printed, and the next save is served", async () => {
        const entry = "worker/tools/local/worker.ts";
        const fault = 'export const fault = JSON.parse("{");';
        await replaceIn(entry, "export ", `${fault}\nexport `);
        await run.prints(`${entry} changed; the new build doesn't start, and nothing is served until the next save`);
        expect(run.output()).toContain("SyntaxError");
        await expect(read(front)).rejects.toThrow();

        await replaceIn(entry, `${fault}\n`, "");
        // The workshop follows too. Until then a setting in wrangler.toml is wrong.
        await replaceIn("worker/editing/contract/openapi.ts", 'title: "Casewire"', 'title: "Another title"');
        await replaceIn("wrangler.toml", goodLease, badLease);
        await run.prints(/wrangler\.toml.* changed; rebuilt in/);
        expect(await isHealthy()).toBe(false);
      });
      await step("A setting in wrangler.toml is used at once", async () => {
        await replaceIn("wrangler.toml", badLease, goodLease);
        // Each restart refuses connections for a while.
        await expect.poll(() => isHealthy().catch(() => false)).toBe(true);
        expect(await read("/v1/openapi.json")).toContain("Another title");
        expect(await read(front)).toContain("<h1>A changed front page</h1>");
      });
      await step("A setting in .dev.vars is used at once, by a new process with the same storage", async () => {
        const asEditor = (token: string) =>
          fetch(`${home}/v1/desk/cases/ua-0-00`, { headers: { Authorization: `Bearer ${token}` } }).then(
            ({ status }) => status,
          );
        const token = await run.value("editor token");
        const builtAt = async () => (await stat(join(local.folder, ".wrangler/local/worker/worker.js"))).mtimeMs;
        const before = await builtAt();
        await rm(`${runtime}.started`);
        await writeFile(`${runtime}.slow`, "");
        await renameOver(".dev.vars", "EDITOR_TOKEN", "PROFILE='bogus'\nEDITOR_TOKEN");
        await run.prints("dev: .dev.vars changed; restarting");
        await run.prints('not "bogus"');
        await renameOver(".dev.vars", "PROFILE='bogus'", "PROFILE='urgent-actions'");
        // Saved while the next process starts.
        await expect.poll(() => existsSync(`${runtime}.started`), { timeout: RUN_TIMEOUT_MS }).toBe(true);
        await renameOver(".dev.vars", token, "another-token");
        await rm(`${runtime}.slow`);
        await run.prints("editor token: another-token");
        await expect.poll(() => asEditor("another-token").catch(() => 0), { timeout: RUN_TIMEOUT_MS }).toBe(200);
        expect(await asEditor(token)).toBe(401);
        // The last save was built already.
        expect(await builtAt()).toBe(before);
      });
    };
    const reload = await read("/local/reload.js");
    await step(
      "A syntax error is printed, the last good build stays, and a replaced file is still watched",
      async () => {
        expect(await read("/")).toContain('src="/local/reload.js"');
        expect(reload).toContain("location.reload()");
        const broken = "shared/locale.ts";
        await renameOver(broken, "export ", "export export ");
        await run.prints(`${broken} changed; the build failed`);
        expect(run.output()).toContain(`${broken}:`);
        expect(await read(front)).toContain(`<h1>${title}</h1>`);
        expect(await read("/local/reload.js")).toBe(reload);
        await replaceIn(broken, "export export ", "export ");
        await replaceIn("shared/locales/en.json", title, "A changed front page");
        await run.prints(/shared\/locale\.ts.* changed; rebuilt in/);
        expect(run.output()).not.toContain(".new");
      },
    );
    // A save that changes nothing restarts nothing.
    await utimes(join(local.folder, ".dev.vars"), new Date(), new Date());
    await step("A change is built, served and printed; storage stays and open pages reload", async () => {
      await expect.poll(() => read(front)).toContain("<h1>A changed front page</h1>");
      await expect.poll(() => read("/local/reload.js")).not.toBe(reload);
      expect(run.output()).not.toContain("restarting");
      const headers = { Authorization: `Bearer ${await run.value("editor token")}` };
      expect((await fetch(`${home}/v1/desk/cases/ua-0-00`, { headers })).status).toBe(200);
    });
    await faultsAndSettings();
    await step("A second run is refused, and a wrong option prints the usage of the command that was run", async () => {
      const refused = async (...options: string[]) => {
        const second = local.script("dev", options);
        expect(await second.exit()).toBe(1);
        return second.output();
      };
      const otherPort = await freePort(2);
      const [second, wrong] = await Promise.all([refused("--port", String(otherPort)), refused("--nothing")]);
      expect(second).toContain("already running in this folder");
      expect(wrong).toContain("Usage: npm run dev -- [options]");
    });
    await step("The gallery shows every state on every surface", async () => {
      const page = await read("/local/states");
      const frames = [...page.matchAll(/<iframe src="([^"]+)"/g)].map(([, address]) =>
        address!.replaceAll("&amp;", "&"),
      );
      expect(frames).toHaveLength(states.length * 8);
      const answers = await Promise.all(frames.map((address) => fetch(home + address)));
      expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
      expect(await read("/local/states/expired/compact?lang=uk")).toContain("<template");
      expect(await read("/local/states/stale/frame")).toContain('role="status">');
      expect(await read("/local/states/map/page")).toMatch(/class="locator".*<circle/s);
      expect(await read("/local/states/portrait/frame")).toContain('src="data:image/svg');
      expect(await read("/local/states/lapsed/card")).toContain("The deadline for appeals was");
      // A badge in its own size.
      expect(await read("/local/states/demo/badge")).toMatch(/<img class="badge" src="[^"]+" alt\/?>/);
      expect((await fetch(`${home}/local/states/nothing/card`)).status).toBe(404);
    });
    await step("SIGTERM to npm ends every process", async () => {
      run.child.kill("SIGTERM");
      expect(await leftAfter(run.group)).toEqual([]);
    });
  });
}
