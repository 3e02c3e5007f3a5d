/**
 * `npm run keep-version`: keeps this version of the Worker and its Durable Objects as one small file, in place of the last one. A release
 * runs it, so that tests/contract/versions.test.ts can run the next version
 * beside this one, and on its storage, without its sources. The file lacks what
 * that test doesn't need: the served scripts and styles, images, maps, and all
 * languages but English. Its option `--checkout DIR` keeps the version in
 * another checkout.
 */
import { execFileSync } from "node:child_process";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";
import { commandOptions } from "../support/command-options.ts";
import { root } from "../support/root.ts";

const checkout = resolve(commandOptions({ checkout: root }).checkout);
const folder = join(root, "tests/versions");

const { outputFiles } = await build({
  absWorkingDir: checkout,
  entryPoints: ["worker/web/index.ts"],
  write: false,
  bundle: true,
  minify: true,
  charset: "utf8",
  format: "esm",
  target: "es2024",
  // Without "workerd": catalogues and profiles are bundled, because dist/ is
  // left out.
  conditions: ["worker", "browser"],
  external: ["cloudflare:*", "node:*"],
  // A newsroom's own profiles are left out: the address leads to no file.
  define: {
    "process.env.NODE_ENV": '"production"',
    "import.meta.url": '"file:///"',
  },
  plugins: [
    {
      name: "leave-out",
      setup({ onLoad, onResolve }) {
        onResolve(
          {
            filter:
              /^[./]+\/dist\/[\w-]+\.\w+$|\.(png|ico|ttf|wasm)$|outlines\.txt$/,
          },
          ({ path }) => ({
            path,
            namespace: "left-out",
          }),
        );
        onLoad({ filter: /.*/, namespace: "left-out" }, () => ({
          contents: "",
          loader: "text",
        }));
        onLoad(
          { filter: /shared[\\/]locales[\\/]\w+\.json$/ },
          async ({ path }) => ({
            contents: path.endsWith("en.json") ? await readFile(path) : "{}",
            loader: "json",
          }),
        );
      },
    },
  ],
});

const { version } = JSON.parse(
  await readFile(join(checkout, "package.json"), "utf8"),
) as { version: string };
const commit = execFileSync("git", ["rev-parse", "--short=7", "HEAD"], {
  cwd: checkout,
  encoding: "utf8",
}).trim();
const kept = brotliCompressSync(outputFiles[0]!.contents);
const name = `${version}-${commit}.js.br`;
const former = (await readdir(folder)).filter((file) =>
  file.endsWith(".js.br"),
);
for (const file of former) await rm(join(folder, file));
await writeFile(join(folder, name), kept);
console.log(`${join(folder, name)}: ${(kept.length / 1000).toFixed(0)} KB`);
