/**
 * Starts a real Chromium for tests: the one at CHROME_PATH, else an installed
 * one, else the one from npm.
 */
import { existsSync, statfsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type Browser,
  type BrowserContext,
  chromium,
  type LaunchOptions,
} from "playwright-core";
import { root } from "./root.ts";

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
 * Unpacks npm's Chromium once into a folder of its own. The package reads and
 * writes this process's environment variables. They are passed to the browser
 * only, because its libraries would break other programs.
 */
async function unpackChromium(): Promise<
  Pick<LaunchOptions, "executablePath" | "env">
> {
  const folder = join(root, "node_modules/.cache/chromium");
  await mkdir(folder, { recursive: true });
  // The package has one font; the machine's fonts cover more scripts.
  const fonts = [
    join(folder, "fonts"),
    "/usr/share/fonts",
    "/usr/local/share/fonts",
  ];
  const configuration = fonts.map((path) => `<dir>${path}</dir>`).join("");
  const path = join(folder, "fonts.conf");
  const text = `<?xml version="1.0"?><fontconfig>${configuration}<cachedir>${join(folder, "fonts-cache")}</cachedir></fontconfig>\n`;
  // Never half written: a browser that another process starts meanwhile would
  // draw with other fonts.
  if ((await readFile(path, "utf8").catch(() => "")) !== text) {
    await writeFile(`${path}.${process.pid}`, text);
    await rename(`${path}.${process.pid}`, path);
  }
  const before = { ...process.env };
  // This variable makes the package unpack the system libraries that its
  // Chromium was built against.
  Object.assign(process.env, {
    AWS_LAMBDA_JS_RUNTIME: "nodejs22.x",
    TMPDIR: folder,
    FONTCONFIG_PATH: folder,
  });
  try {
    const { default: sparticuz } = await import("@sparticuz/chromium");
    const executablePath = await sparticuz.executablePath();
    const { TMPDIR: _, ...env } = process.env;
    return { executablePath, env: env as Record<string, string> };
  } finally {
    for (const name of Object.keys(process.env))
      if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  }
}

/**
 * The package is imported once. The environment variables that it needs are
 * restored afterwards.
 */
let unpacking: ReturnType<typeof unpackChromium> | undefined;

const own =
  process.env.CHROME_PATH || installed.find((path) => existsSync(path));

/** True for npm's Chromium, a headless shell without a back-forward cache. */
export const isWholeBrowser = own !== undefined;

const SHARED_MEMORY = "/dev/shm";
/** For as many browsers side by side as there are test processes. */
const ENOUGH_SHARED_MEMORY_BYTES = 2 ** 31;

function hasSharedMemory(): boolean {
  if (!existsSync(SHARED_MEMORY)) return false;
  const { bavail, bsize } = statfsSync(SHARED_MEMORY);
  return bavail * bsize >= ENOUGH_SHARED_MEMORY_BYTES;
}

/** Web security stays on, because tests cover what partners' pages run into. */
async function launchOptions(): Promise<LaunchOptions> {
  unpacking ??= own ? undefined : unpackChromium();
  return {
    args: ["--no-sandbox"],
    // Playwright has it kept in files on the disk, because a container may have
    // little of it. That takes a tenth more of the processor.
    ...(hasSharedMemory()
      ? { ignoreDefaultArgs: ["--disable-dev-shm-usage"] }
      : {}),
    ...(own ? { executablePath: own } : await unpacking),
  };
}

/**
 * Unpacks npm's Chromium before several processes need it, which would
 * overwrite each other's files.
 */
export const unpackBrowser = async (): Promise<void> =>
  void (await launchOptions());

/**
 * Only a page that hangs, or a test that waits for the wrong thing, takes as
 * long.
 */
const PAGE_TIMEOUT_MS = 120_000;

/** Starts a browser of the caller's own, who closes it. */
export async function launchBrowser(options?: LaunchOptions): Promise<Browser> {
  const browser = await chromium.launch({
    ...(await launchOptions()),
    ...options,
  });
  const newContext = browser.newContext.bind(browser);
  browser.newContext = async (settings) => {
    const context = await newContext(settings);
    context.setDefaultTimeout(PAGE_TIMEOUT_MS);
    return context;
  };
  return browser;
}

/**
 * A browser with its own profile on the disk, for what it stores. The caller
 * closes it.
 */
export const launchProfile = async (folder: string): Promise<BrowserContext> =>
  chromium.launchPersistentContext(folder, await launchOptions());

let shared: Promise<Browser> | undefined;

/**
 * Returns the browser of this test process, which runs one test file after
 * another. It starts with the first file that needs it and ends with the
 * process; a file closes only its pages. One browser for all processes would
 * cost more: each message would pass through Playwright's server in another
 * process.
 */
export function sharedBrowser(): Promise<Browser> {
  shared ??= launchBrowser({ handleSIGTERM: false }).then((browser) => {
    // Vitest ends its workers with this signal, and half a second later kills
    // them. Playwright's handler of the signal closes the browser, which can
    // take longer; its handler of the exit kills the browser and removes its
    // files at once.
    process.once("SIGTERM", () => {
      process.emit("exit", 0);
      process.kill(process.pid, "SIGTERM");
    });
    return browser;
  });
  return shared;
}

/** Closes what a test file has opened in the shared browser. */
export async function closePages(browser: Browser | undefined): Promise<void> {
  await Promise.all(
    (browser?.contexts() ?? []).map((context) => context.close()),
  );
}
