/** In CI, the tests include `npm run check`. Locally it is a command of its own. */
import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { root } from "./root.ts";

test.runIf(process.env.CI)(
  "Formatting, types, dead code, sizes and the dry run of a deployment have no findings",
  { timeout: 400_000 },
  () => {
    const { status, stdout, stderr } = spawnSync("npm", ["run", "check", "--silent"], {
      cwd: root,
      encoding: "utf8",
      shell: process.platform === "win32",
    });
    expect(status, stdout + stderr).toBe(0);
  },
);
