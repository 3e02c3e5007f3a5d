/**
 * Tests that only a change of some code can break: they run in CI, when that
 * code differs from the upstream branch, and when they are named.
 */
import { execFileSync } from "node:child_process";
import { root } from "./root.ts";

/**
 * Files and folders, by the test. Each test also runs after a change of its own
 * files.
 */
const code: Record<string, string[]> = {
  // Formatting, types, dead code, sizes. Locally it is a command of its own:
  // npm run check.
  check: [],
  linear: [
    "bot/",
    "shared/",
    "worker/editing/",
    "worker/reads/",
    "worker/web/site/canonical.ts",
  ],
  "contract/channel-shards": [
    "worker/objects/channel/",
    "worker/web/api/live.ts",
  ],
  "contract/chaos": ["worker/objects/dispatcher/", "worker/objects/storage/"],
  "contract/no-bot": [
    "worker/runtime/settings.ts",
    "worker/web/app.ts",
    "worker/web/telegram/",
  ],
  "contract/openapi": ["worker/editing/contract/", "package-lock.json"],
  "contract/press-watch": ["shared/profile/", "worker/runtime/profiles/"],
  "contract/run": ["package.json", "worker/tools/run.mjs"],
  "contract/setup": [
    "worker/runtime/settings.ts",
    "worker/tools/cli/",
    "worker/web/workshop/wrangler.toml",
    "wrangler.toml",
  ],
  "contract/start": [
    "package-lock.json",
    "worker/tools/local/",
    "worker/tools/run.mjs",
    "wrangler.toml",
  ],
  "contract/versions": [
    "shared/case/versions/",
    "worker/objects/",
    "worker/reads/",
    "worker/runtime/",
  ],
  "fuzz/fuzz": [
    "bot/",
    "shared/",
    "worker/editing/",
    "worker/objects/",
    "worker/web/",
  ],
  "soak/soak": ["worker/objects/", "worker/reads/", "worker/web/"],
};

export const testsOfCode = Object.keys(code).map(
  (test) => `tests/${test}.test.ts`,
);

const git = (...args: string[]) =>
  execFileSync("git", args, {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  }).trim();

/**
 * The paths that differ from the upstream branch, new files included; null
 * without a repository.
 */
function changedPaths(): string[] | null {
  try {
    let base = "HEAD";
    try {
      base = git("merge-base", "HEAD", "@{upstream}");
    } catch {
      // A branch of its own: what is committed there was tested there.
    }
    const listed =
      git("diff", "--name-only", "-z", base) +
      git("ls-files", "--others", "--exclude-standard", "-z");
    return listed.split("\0").filter(Boolean);
  } catch {
    return null;
  }
}

/**
 * @returns the tests to leave out, as paths; none in CI and without a
 * repository
 */
export function unchangedTests(): string[] {
  const changed = process.env.CI ? null : changedPaths();
  if (!changed) return [];
  // After "node vitest run".
  const named = process.argv.slice(3).filter((word) => !word.startsWith("-"));
  return Object.entries(code).flatMap(([test, paths]) => {
    const path = `tests/${test}.test.ts`;
    const own = [path, `tests/${test}/`, ...paths];
    const isDue = changed.some((one) =>
      own.some((start) => one.startsWith(start)),
    );
    return isDue ||
      named.some((word) => path.includes(word) || word.includes(path))
      ? []
      : [path];
  });
}
