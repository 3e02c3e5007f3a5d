// Runs on whatever Node the machine has (20 or newer), before anything is installed: so no imports but Node's own.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = new URL("../../", import.meta.url);
const stamp = new URL("node_modules/.casewire-lock", root);
const wanted = createHash("sha256")
  .update(readFileSync(new URL("package-lock.json", root)))
  .digest("hex");
const installed = existsSync(stamp) ? readFileSync(stamp, "utf8") : "";
const [major] = process.versions.node.split(".");

if (Number(major) < 20) {
  console.error(`Casewire needs Node 20 or newer to install itself; this is Node ${process.versions.node}.`);
  process.exit(1);
}

// npm calls this after an install of its own (postinstall): then what is here is what the lockfile says.
if (process.argv.includes("--stamp")) {
  writeFileSync(stamp, wanted);
  process.exit(0);
}

if (installed !== wanted) {
  process.stdout.write("installing the pinned packages from package-lock.json (once, about 15 s) ... ");
  const started = Date.now();
  // npm hands its own settings to its children; those of the outer run must not steer the inner one.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(?!config_(registry|cache|userconfig|.*proxy)$)/i.test(name)),
  );
  const npm = process.env.npm_execpath;
  const args = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  const options = { cwd: fileURLToPath(root), env, encoding: "utf8" };
  // npm's own Node, since the pinned one is among what is about to be replaced.
  const run = npm?.endsWith(".js")
    ? spawnSync(process.env.npm_node_execpath ?? process.execPath, [npm, ...args], options)
    : spawnSync(process.platform === "win32" ? "npm.cmd" : "npm", args, {
        ...options,
        shell: process.platform === "win32",
      });
  if (run.status !== 0) {
    console.log("failed");
    console.error(`${run.stderr ?? run.error ?? ""}\nIs the npm registry reachable? Try again, or run: npm ci`);
    process.exit(1);
  }
  writeFileSync(stamp, wanted);
  console.log(`done in ${Math.round((Date.now() - started) / 1000)} s`);
}
