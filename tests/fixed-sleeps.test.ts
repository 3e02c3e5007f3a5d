/**
 * A fixed sleep is too long on a fast machine and too short on a slow one, so
 * tests wait for the thing itself.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./support/root.ts";

/** Files that may use timers, and why. A folder's path ends with a slash. */
const allowed: Record<string, string> = {
  "support/waiting.ts":
    "It holds the timers that tests use; each pause there states its reason.",
  "worker/reads/line.ts":
    "Its timers are fake: time passes when the test says so.",
  "worker/objects/dispatcher/drain.test.ts":
    "Its timers are fake: time passes when the test says so.",
  "contract/moment/":
    "The pace of its readers, caches and editor is what the measurement is made of.",
  "contract/chaos/":
    "Crashes at random instants, and a Telegram that takes its time, are what it is about.",
  "widget/newsroom.ts":
    "Its time limits are the browser's clock's, which a test sets forward.",
  "linear.test.ts":
    "It waits for nothing: the kernel has a thread's exact time only when the thread has just slept.",
  "contract/run.test.ts": "Its pretended npm waits until it is told to go on.",
  "fuzz/storage.ts": "It waits until nothing has changed for a while.",
  "soak/": "The pace of its readers and chats is what it is about.",
  "bench/": "Run by hand; its pauses separate measurements.",
  "wordpress/": "Run by hand; it waits for another program's start.",
};

const timers =
  /\bsetTimeout\(|\bwaitForTimeout\(|\bscheduler\.wait\b|timers\/promises|\bAtomics\.wait\b/;

const sources = readdirSync(join(root, "tests"), {
  recursive: true,
  encoding: "utf8",
})
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => /\.tsx?$/.test(path) && !path.includes("node_modules"));
const uses = (path: string) =>
  timers.test(readFileSync(join(root, "tests", path), "utf8"));
const covers = (entry: string, path: string) =>
  entry.endsWith("/") ? path.startsWith(entry) : path === entry;

test("No test sleeps for a fixed time: it waits for the thing itself, or takes a pause that states its reason", () => {
  const entries = Object.keys(allowed);
  expect(
    sources.filter(
      (path) => uses(path) && !entries.some((entry) => covers(entry, path)),
    ),
  ).toEqual([]);
  // An exception that is no longer needed must be removed.
  expect(
    entries.filter(
      (entry) => !sources.some((path) => covers(entry, path) && uses(path)),
    ),
  ).toEqual([]);
});
