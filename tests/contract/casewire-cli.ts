/** Runs commands of the shell, in the test's process or in one of their own. */
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough, Writable } from "node:stream";
import { afterAll, beforeAll } from "vitest";
import { confirmAll } from "../../worker/editing/rules/answers.ts";
import { runCommand } from "../../worker/tools/cli/command-line.ts";
import { root } from "../support/root.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

interface Ended {
  code: number;
  out: string;
  err: string;
}

export interface ShellRun {
  on: { url: string; editorToken: string };
  env?: Record<string, string>;
  /** What standard input holds. */
  input?: string;
  /** True if it is a terminal. */
  isTerminal?: boolean;
  /** Types an answer to each question of a terminal. */
  reply?: (asked: string) => string;
}

export interface ProcessRun extends ShellRun {
  /** Closes the reading end of the pipe. */
  unread?: boolean;
  cwd?: string;
}

/** The time zone of commands. */
const TZ = "Europe/Berlin";

/**
 * A folder for the files of a test file's commands, which also have their time
 * zone in this process.
 */
export function useShell() {
  const folder = temporaryFolder();
  const before = process.env.TZ;
  beforeAll(() => {
    process.env.TZ = TZ;
  });
  afterAll(() => {
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  });
  const path = (name: string) => join(folder, name);
  return {
    folder,
    path,
    /** Writes a text, or a value as JSON. @returns the file's path */
    async file(name: string, content: unknown): Promise<string> {
      await writeFile(
        path(name),
        typeof content === "string" ? content : JSON.stringify(content),
      );
      return path(name);
    },
  };
}

const environment = ({ on, env }: ShellRun): NodeJS.ProcessEnv => ({
  ...process.env,
  PUBLIC_URL: on.url,
  EDITOR_TOKEN: on.editorToken,
  TZ,
  ...env,
});

/**
 * Runs a command in this process, which takes a tenth of the processor time.
 */
export async function runShell(words: string[], run: ShellRun): Promise<Ended> {
  const ended: Ended = { code: -1, out: "", err: "" };
  const stdin = Object.assign(new PassThrough(), {
    isTTY: run.isTerminal ?? run.reply !== undefined,
  });
  const into = (name: "out" | "err") =>
    new Writable({
      decodeStrings: false,
      write(text, _, done) {
        ended[name] += text;
        if (/\] $/.test(text) && run.reply) stdin.write(run.reply(text));
        done();
      },
    });
  if (run.input !== undefined) stdin.end(run.input);
  const terminal = {
    env: environment(run),
    stdin,
    stdout: into("out"),
    stderr: into("err"),
  };
  ended.code = await runCommand(words, terminal);
  return ended;
}

/**
 * The words of a `publish` with the answers of an editor who has read the
 * questions that it is refused for.
 * @param folder for the file of answers
 */
export async function confirmed(
  words: string[],
  folder: string,
  run: ShellRun,
): Promise<string[]> {
  const { out } = await runShell([...words, "--json"], run);
  const file = join(folder, `answers-${randomUUID()}.json`);
  await writeFile(
    file,
    JSON.stringify(confirmAll(JSON.parse(out).error.questions)),
  );
  return [...words, "--answers", file];
}

/** Runs a command as a process of its own, as npm does. */
export function runShellProcess(
  words: string[],
  { unread = false, cwd = root, ...run }: ProcessRun,
): Promise<Ended> {
  const child = spawn(
    process.execPath,
    [join(root, "worker/tools/cli/casewire.ts"), ...words],
    {
      cwd,
      stdio: ["ignore", "pipe", "pipe"],
      env: environment(run),
    },
  );
  const ended: Ended = { code: -1, out: "", err: "" };
  child.stdout.on("data", (chunk) => (ended.out += chunk));
  if (unread) child.stdout.destroy();
  child.stderr.on("data", (chunk) => {
    ended.err += chunk;
  });
  return new Promise((resolve) =>
    child.on("close", (code) => resolve({ ...ended, code: code ?? -1 })),
  );
}
