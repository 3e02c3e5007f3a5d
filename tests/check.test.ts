/** What `npm run check` does, which is a command of its own outside CI. */
import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { root } from "./support/root.ts";

// Only a command that hangs takes longer: on a machine at a third of its usual
// speed, they took more than seven minutes.
test("Formatting, types, dead code, sizes and the dry run of a deployment have no findings", {
  timeout: 1_200_000,
}, () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["worker/tools/run.mjs", "check"],
    {
      cwd: root,
      encoding: "utf8",
      env: { ...process.env, CASEWIRE_SCRIPTS_BUILT: "by the global setup" },
    },
  );
  expect(status, stdout + stderr).toBe(0);
});
