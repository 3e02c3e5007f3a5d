import { reset } from "cloudflare:test";
import { expect, vi } from "vitest";
import { needsUntouched } from "../untouched.ts";

/** Survives the modules of a test file. */
const runtime = globalThis as { touched?: boolean };
const needed = needsUntouched(expect.getState().testPath ?? "");

// Deletes what is stored, and what modules remember, such as leased copies. A runtime for each of these files would take two seconds of
// the processor, and deleting it before every file a quarter of one.
if (needed || runtime.touched) {
  await reset();
  vi.resetModules();
  // Calls between objects that were under way during the first reset can leave an object with its old rows.
  await reset();
}
runtime.touched = needed;
