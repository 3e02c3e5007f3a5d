/** `npm run dev` serves a change within seconds, and keeps serving the last good build when a build fails. */
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { states } from "../../../worker/tools/local/states/states.ts";
import { step } from "../../step.ts";
import { freePorts, type LocalCopy, leftAfter } from "../local-copy.ts";

const BUILD_TIMEOUT_MS = 30_000;

/** @param copy returns the built copy of the project, whose storage, settings and sources this test changes */
export function dailyLoop(copy: () => LocalCopy): void {
  test("npm run dev serves changes within seconds, keeps storage, and leaves no process behind", async () => {
    const local = copy();
    await rm(join(local.folder, ".wrangler/casewire"), { recursive: true, force: true });
    await rm(join(local.folder, ".dev.vars"), { force: true });
    // A crashed run leaves its lock behind.
    await mkdir(join(local.folder, ".wrangler"), { recursive: true });
    const { pid } = spawnSync(process.execPath, ["--version"]);
    await writeFile(join(local.folder, ".wrangler/casewire.pid"), `${pid} ${local.port}`);
    const run = local.npm(["run", "dev"], { PORT: String(local.port) });
    const home = await run.value("home");

    const replaceIn = async (path: string, from: string, to: string) => {
      const file = join(local.folder, path);
      const text = await readFile(file, "utf8");
      expect(text).toContain(from);
      await writeFile(file, text.replace(from, to));
    };
    /** Saves as many editors do: writes another file, then renames it. */
    const renameOver = async (path: string, from: string, to: string) => {
      const file = join(local.folder, path);
      const text = await readFile(file, "utf8");
      expect(text).toContain(from);
      await writeFile(`${file}.new`, text.replace(from, to));
      await rename(`${file}.new`, file);
    };
    const read = async (path: string) => (await fetch(home + path)).text();
    /** Each build restarts the runtime, so a request may fail meanwhile. */
    const served = (path: string) => expect.poll(() => read(path).catch(() => ""), { timeout: BUILD_TIMEOUT_MS });
    const printed = () => expect.poll(() => run.output(), { timeout: BUILD_TIMEOUT_MS });

    // Stored before the first rebuild.
    await run.value("first cases");
    const front = "/?lang=en";
    const title = "Human rights cases, with source and date";
    expect(await read(front)).toContain(`<h1>${title}</h1>`);
    const reload = await read("/local/reload.js");
    await step(
      "A syntax error is printed, the last good build stays, and a replaced file is still watched",
      async () => {
        expect(await read("/")).toContain('src="/local/reload.js"');
        expect(reload).toContain("location.reload()");
        const broken = "shared/locale.ts";
        await renameOver(broken, "export ", "export export ");
        await printed().toContain(`${broken} changed; the build failed`);
        expect(run.output()).toContain(`${broken}:`);
        expect(await read(front)).toContain(`<h1>${title}</h1>`);
        expect(await read("/local/reload.js")).toBe(reload);
        await replaceIn(broken, "export export ", "export ");
        await printed().toContain(`${broken} changed; the sources are`);
        expect(run.output()).not.toContain(".new");
      },
    );
    await step("A change is built, served and printed; storage stays and open pages reload", async () => {
      await replaceIn("shared/locales/en.json", title, "A changed front page");
      // The API's documents follow the sources too.
      await replaceIn("worker/contract/openapi.ts", 'title: "Casewire"', 'title: "A changed title"');
      await served(front).toContain("<h1>A changed front page</h1>");
      await printed().toMatch(/shared\/locales\/en\.json.* rebuilt in .* s: .*Worker/);
      await expect.poll(() => read("/local/reload.js")).not.toBe(reload);
      const headers = { Authorization: `Bearer ${await run.value("editor token")}` };
      expect((await fetch(`${home}/v1/desk/cases/ua-0-00`, { headers })).status).toBe(200);
      await served("/v1/openapi.json").toContain("A changed title");
      // A change of the workshop alone.
      await replaceIn("worker/contract/openapi.ts", "A changed title", "Another title");
      await served("/v1/openapi.json").toContain("Another title");
    });
    await step("A second run is refused, and a wrong option prints the usage of the command that was run", async () => {
      const refused = async (...options: string[]) => {
        const { child, output } = local.npm(["run", "dev", "--", ...options]);
        await once(child, "close");
        expect(child.exitCode).toBe(1);
        return output();
      };
      const otherPort = await freePorts();
      const [second, wrong] = await Promise.all([refused("--port", String(otherPort)), refused("--nothing")]);
      expect(second).toContain("already running in this folder");
      expect(wrong).toContain("Usage: npm run dev -- [options]");
    });
    await step("The gallery shows every state on every surface", async () => {
      const page = await read("/local/states");
      const frames = [...page.matchAll(/<iframe src="([^"]+)"/g)].map(([, address]) =>
        address!.replaceAll("&amp;", "&"),
      );
      expect(frames).toHaveLength(states.length * 7);
      const answers = await Promise.all(frames.map((address) => fetch(home + address)));
      expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
      expect(await read("/local/states/expired/compact?lang=uk")).toContain("<template");
      // A badge in its own size.
      expect(await read("/local/states/demo/badge")).toMatch(/<img class="badge" src="[^"]+" alt\/?>/);
      expect((await fetch(`${home}/local/states/nothing/card`)).status).toBe(404);
    });
    await step("SIGTERM to npm ends every process", async () => {
      run.child.kill("SIGTERM");
      expect(await leftAfter(run.group, 5_000)).toEqual([]);
    });
  }, 180_000);
}
