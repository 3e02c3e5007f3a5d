import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { root } from "../support/root.ts";

/** Runs a script to its end, as npm does. Its standard input is empty. */
export async function runNode(
  args: string[],
  env: NodeJS.ProcessEnv,
  cwd = root,
) {
  const running = promisify(execFile)(process.execPath, args, {
    cwd,
    env: { ...process.env, ...env },
  });
  running.child.stdin?.end();
  const { code, stdout, stderr } = await running.then(
    (done) => ({ ...done, code: 0 }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
  return { code, output: stdout + stderr };
}
