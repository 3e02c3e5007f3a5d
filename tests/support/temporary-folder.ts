import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

/**
 * A new folder for the tests of a file, removed after all its other hooks.
 * Called where the file begins.
 */
export function temporaryFolder(): string {
  // With spaces, as in the name of a person's folder.
  const folder = mkdtempSync(join(tmpdir(), "casewire of a test "));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
