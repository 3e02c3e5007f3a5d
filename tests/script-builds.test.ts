/** `npm run dev` runs only the builds that a change affects. Each must therefore list every source that it reads. */
import { join } from "node:path";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { homeReads } from "../worker/tools/local/local-build.ts";
import { isAffected, scriptBuilds } from "../worker/tools/local/runtime.ts";
import { root } from "./root.ts";

/** By a computed path, because the configuration belongs to no project of the compiler. */
const { default: deskAndPages } = (await import(join(root, "worker/tools/local/vite.config.ts"))) as {
  default: { build: { rolldownOptions: { input: Record<string, string> } } };
};
const home = "worker/tools/local/home";
const builds: [name: string, reads: string[], entryPoints: string[]][] = [
  ["widget", scriptBuilds.widget.reads, ["widget/index.ts", "widget/more.tsx"]],
  [
    "desk and pages",
    scriptBuilds.deskAndPages.reads,
    ["worker/tools/local/vite.config.ts", ...Object.values(deskAndPages.build.rolldownOptions.input)],
  ],
  ["contract files", scriptBuilds.contractFiles.reads, ["worker/tools/local/contract-files.ts"]],
  ["local pages", homeReads, [`${home}/home.tsx`, `${home}/gallery.ts`]],
];

it.each(builds)("The build of %s reads nothing but the sources that it lists", async (_, reads, entryPoints) => {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints,
    bundle: true,
    write: false,
    outdir: "out",
    metafile: true,
    packages: "external",
    platform: "node",
    format: "esm",
    logLevel: "silent",
  });
  const inputs = Object.keys(metafile.inputs);
  expect(inputs.length).toBeGreaterThan(5);
  expect(inputs.filter((path) => !isAffected(reads, [path]))).toEqual([]);
});

it("A change of the Worker's own code or settings affects no build of scripts, and one of the lockfile affects all", () => {
  const all = [...Object.values(scriptBuilds).map(({ reads }) => reads), homeReads];
  expect(
    all.filter((reads) => isAffected(reads, ["worker/objects/ledger/ledger.ts", "bot/bot.ts", "wrangler.toml"])),
  ).toEqual([]);
  expect(all.filter((reads) => isAffected(reads, ["package-lock.json"]))).toEqual(all);
});
