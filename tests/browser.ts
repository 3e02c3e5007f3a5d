/** A real Chromium for tests: the one named by CHROME_PATH, else one that is installed, else the one npm brought. */
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Browser, chromium, type LaunchOptions } from "playwright-core";
import { root } from "../worker/tools/local/runtime.ts";

const installed = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome-stable",
  "/usr/bin/google-chrome",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/**
 * Unpacks npm's Chromium once, into a folder of its own. The package reads and writes this process's environment; what it sets is
 * for the browser alone, because its libraries would break other programs.
 */
async function packaged(): Promise<Pick<LaunchOptions, "executablePath" | "env">> {
  const folder = join(root, "node_modules/.cache/chromium");
  await mkdir(folder, { recursive: true });
  // The package brings one font; the machine's own have more scripts.
  const fonts = [join(folder, "fonts"), "/usr/share/fonts", "/usr/local/share/fonts"];
  const configuration = fonts.map((path) => `<dir>${path}</dir>`).join("");
  await writeFile(
    join(folder, "fonts.conf"),
    `<?xml version="1.0"?><fontconfig>${configuration}<cachedir>${join(folder, "fonts-cache")}</cachedir></fontconfig>\n`,
  );
  const before = { ...process.env };
  // The runtime's name makes it bring the system libraries it was built against.
  Object.assign(process.env, { AWS_LAMBDA_JS_RUNTIME: "nodejs22.x", TMPDIR: folder, FONTCONFIG_PATH: folder });
  try {
    const { default: sparticuz } = await import("@sparticuz/chromium");
    const executablePath = await sparticuz.executablePath();
    const { TMPDIR: _, ...env } = process.env;
    return { executablePath, env: env as Record<string, string> };
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  }
}

/** Imported once, in an environment that is gone afterwards. */
let unpacking: ReturnType<typeof packaged> | undefined;

const own = process.env.CHROME_PATH || installed.find((path) => existsSync(path));

/** npm's Chromium is the headless shell, which has no back-forward cache. */
export const isWholeBrowser = own !== undefined;

/** Before the first test: two files that unpacked at once would start a browser that is still being written. */
export async function unpackBrowser(): Promise<void> {
  if (!own) await packaged();
}

/** The caller closes it. Web security stays on: what is tested is what partners' pages meet. */
export async function launchBrowser(options: LaunchOptions = {}): Promise<Browser> {
  unpacking ??= own ? undefined : packaged();
  return chromium.launch({ args: ["--no-sandbox"], ...(own ? { executablePath: own } : await unpacking), ...options });
}
