/** In CI, the tests include `npm run check`. Locally it is a command of its own. */
import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { root } from "./root.ts";

test.runIf(process.env.CI)(
  "Formatting, types, dead code, sizes and the dry run of a deployment have no findings",
  // Only a command that hangs takes longer: on a machine at a third of its usual speed, they took more than seven minutes.
  { timeout: 1_200_000 },
  () => {
    // What `npm run check` runs, without half a second of npm.
    const { status, stdout, stderr } = spawnSync(process.execPath, ["worker/tools/run.mjs", "check"], {
      cwd: root,
      encoding: "utf8",
    });
    expect(status, stdout + stderr).toBe(0);
  },
);
