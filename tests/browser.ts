/** A real Chromium for tests: the one named by CHROME_PATH, else one that is installed, else the one npm brought. */
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type LaunchOptions } from "playwright-core";
import { root } from "../worker/local/runtime.ts";

const installed = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome-stable",
  "/usr/bin/google-chrome",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** Unpacks npm's Chromium once, into a folder of its own; the package reads these settings when it is imported. */
async function packaged(): Promise<string> {
  const folder = join(root, "node_modules/.cache/chromium");
  mkdirSync(folder, { recursive: true });
  // Brings the system libraries it was built against.
  process.env.AWS_LAMBDA_JS_RUNTIME = "nodejs22.x";
  const { TMPDIR } = process.env;
  process.env.TMPDIR = folder;
  try {
    const { default: sparticuz } = await import("@sparticuz/chromium");
    return await sparticuz.executablePath();
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
  }
}

/** The caller closes it. Web security stays on: what is tested is what partners' pages meet. */
export async function launchBrowser(options: LaunchOptions = {}): Promise<Browser> {
  const named = process.env.CHROME_PATH;
  const executablePath = named || installed.find((path) => existsSync(path)) || (await packaged());
  return chromium.launch({ executablePath, args: ["--no-sandbox"], ...options });
}
