/** The npm package: packed, installed, type-checked, bundled and run as in a partner's project. */
import { execFile } from "node:child_process";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { build as esbuild } from "esbuild";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { build, type Rolldown } from "vite";
import { beforeAll, expect, it } from "vitest";
import { closePages, sharedBrowser } from "../browser.ts";
import { root } from "../root.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { demoCase, inState, Newsroom, present, visit, widgetOf } from "./newsroom.ts";

const run = promisify(execFile);
const project = temporaryFolder();
let tarball: string;

beforeAll(async () => {
  const built = join(project, "built");
  await build({
    root,
    configFile: join(root, "widget/vite.config.ts"),
    mode: "package",
    logLevel: "error",
    build: { outDir: built, emptyOutDir: true },
  });
  const { stdout } = await run("npm", ["pack", built, "--pack-destination", project, "--json"]);
  tarball = join(project, JSON.parse(stdout)[0].filename);
  await writeFile(join(project, "package.json"), JSON.stringify({ type: "module", private: true }));
  await run("npm", ["install", tarball, "--offline", "--no-audit", "--no-fund"], { cwd: project });
});

it("The npm package has the files that it declares, and publint finds nothing wrong", async () => {
  const installed = join(project, "node_modules/casewire-widget");
  const manifest = JSON.parse(await readFile(join(installed, "package.json"), "utf8"));
  const { messages } = await publint({ pkgDir: installed, pack: false, strict: true });
  expect(messages.map((message) => formatMessage(message, manifest))).toEqual([]);
  for (const name of ["LICENSE", "README.md", manifest.customElements]) await readFile(join(installed, name));
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  expect(manifest.version).toBe(version);
});

it("The npm package types the element for HTML, React and Preact, with every module resolution", async () => {
  await mkdir(join(project, "node_modules/@types"));
  for (const name of ["@types/react", "preact"])
    await symlink(join(root, "node_modules", name), join(project, "node_modules", name));
  const html = `
    import "casewire-widget";
    import type { CaseStatusAttributes } from "casewire-widget";
    document.createElement("case-status").addEventListener("casestatus:ready", ({ detail }) => detail.liveAt);
    export const right: CaseStatusAttributes = { case: "ua-0-00", variant: "compact" };
    // @ts-expect-error: no such variant
    export const wrong: CaseStatusAttributes = { case: "ua-0-00", variant: "wide" };
  `;
  const files = [["html.ts", html]];
  for (const name of ["react", "preact"]) {
    const own = await readFile(join(root, `tests/widget/types/${name}.tsx`), "utf8");
    const foreign = own.replace(/import type .*;/, `import "casewire-widget/${name}";`);
    expect(foreign).not.toBe(own);
    files.push([`${name}.tsx`, foreign]);
  }
  for (const [name, source] of files) await writeFile(join(project, name!), source!);
  const tsc = join(root, "node_modules/typescript/lib/tsc.js");
  const check = (...options: string[]) =>
    run(
      process.execPath,
      [tsc, "--noEmit", "--strict", "--jsx", "react-jsx", "--types", "", ...options, ...files.map(([name]) => name!)],
      { cwd: project },
    ).then(
      () => "",
      (error: { stdout: string }) => error.stdout,
    );
  expect(
    await Promise.all([
      check("--module", "esnext", "--moduleResolution", "bundler"),
      check("--module", "nodenext", "--moduleResolution", "nodenext"),
    ]),
  ).toEqual(["", ""]);
});

it("The npm package can be imported on a server, where it does nothing", async () => {
  const entry = join(project, "server.js");
  await writeFile(entry, `import "casewire-widget";\nconsole.log("imported", typeof HTMLElement);\n`);
  expect((await run(process.execPath, [entry])).stdout).toBe("imported undefined\n");
});

it("The npm package runs when bundled by Vite and by esbuild", async () => {
  const entry = join(project, "entry.js");
  await writeFile(entry, `import "casewire-widget";\n`);
  const [rolled, bundled] = await Promise.all([
    build({
      root: project,
      configFile: false,
      logLevel: "error",
      build: { write: false, rolldownOptions: { input: entry } },
    }) as Promise<Rolldown.RolldownOutput>,
    esbuild({ entryPoints: [entry], bundle: true, format: "esm", minify: true, write: false }),
  ]);
  const newsroom = await new Newsroom().open();
  newsroom.cases.set(demoCase.id, present(1));
  const browser = await sharedBrowser();
  for (const [name, script] of [
    ["vite", rolled.output[0].code],
    ["esbuild", bundled.outputFiles[0]!.text],
  ] as const) {
    const { page, complaints, close } = await visit(
      browser,
      newsroom,
      widgetOf(`case="${demoCase.id}" lang="en" endpoint="${newsroom.origin}"`),
      { bypassCSP: true },
    );
    await page.addScriptTag({ type: "module", content: script });
    await inState(page, "ready");
    expect(await page.locator("case-status article").textContent(), name).toContain("Update 1");
    expect(complaints).toEqual([]);
    await close();
  }
  await closePages(browser);
  await newsroom.close();
});
