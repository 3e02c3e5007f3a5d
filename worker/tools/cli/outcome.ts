/**
 * The output and the exit code of a command: text for people, or one JSON
 * document with `--json`.
 */

import { problemOf, Refusal } from "../../../shared/failure.ts";

/** Documented in docs/shell.md. 0 means success. */
export const exitCodes = {
  /**
   * The file is invalid, or the deployment refused the request. Nothing was
   * changed.
   */
  refused: 1,
  /** The command line is invalid. */
  usage: 2,
  /** The deployment did not respond in time. */
  unreachable: 3,
  /**
   * The token is missing or not recognised, or there were too many failed
   * attempts.
   */
  signedOut: 4,
  /** The user took the revision back, or did not confirm the command. */
  takenBack: 5,
} as const;

export interface Trouble {
  title: string;
  detail: string;
  /** What the user can do now. */
  remedy: string;
  [more: string]: unknown;
}

/** Thrown to end the command with an exit code and a message. */
export class Stop extends Error {
  readonly code: number;
  readonly trouble: Trouble;
  constructor(code: keyof typeof exitCodes, trouble: Trouble) {
    super(trouble.title);
    this.code = exitCodes[code];
    this.trouble = trouble;
  }
}

/**
 * The streams and environment variables that a command uses. A test passes its
 * own instead of the process's.
 */
export interface Terminal {
  env: NodeJS.ProcessEnv;
  stdin: NodeJS.ReadableStream & { isTTY?: boolean };
  stdout: NodeJS.WritableStream;
  stderr: NodeJS.WritableStream & { isTTY?: boolean; columns?: number };
}

/** Prints a command's messages and its result. */
export class CommandOutcome {
  readonly json: boolean;
  readonly terminal: Terminal;
  constructor(json: boolean, terminal: Terminal = process) {
    this.json = json;
    this.terminal = terminal;
  }

  /** Prints lines to standard output. */
  say(...lines: string[]): void {
    if (!this.json)
      for (const line of lines) this.terminal.stdout.write(`${line}\n`);
  }

  /**
   * Prints lines to standard error, so that standard output can be redirected
   * to a file.
   */
  note(...lines: string[]): void {
    if (!this.json)
      for (const line of lines) this.terminal.stderr.write(`${line}\n`);
  }

  /** With `--json`, prints the result: the only document on standard output. */
  result(value: unknown): void {
    if (this.json)
      this.terminal.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
  }

  /**
   * Prints an error: on standard output as the one document with `--json`,
   * otherwise as lines on standard error.
   */
  fail({ trouble, code }: Stop): void {
    this.result({ error: { ...trouble, exitCode: code } });
    this.note(...linesOf(trouble));
  }
}

/** "1 person", "2 people" */
export const count = (number: number, one: string, many = `${one}s`) =>
  `${number} ${number === 1 ? one : many}`;

/** An export fails when an editor publishes during it. */
const EXPORT_ATTEMPTS = 5;

/**
 * Repeats an export that ended early.
 * @param run resolves to null when the export ended early
 * @param effect tells the user what a failure left behind
 */
export async function completeExport<T>(
  run: () => Promise<T | null>,
  effect: string,
): Promise<T> {
  for (let attempt = 1; attempt <= EXPORT_ATTEMPTS; attempt++) {
    const result = await run();
    if (result !== null) return result;
  }
  throw new Stop("unreachable", {
    title: "The export could not be completed",
    detail: `All ${EXPORT_ATTEMPTS} attempts ended early, because an editor published something or the connection failed. ${effect}`,
    remedy: "Try again in a minute.",
  });
}

const linesOf = (trouble: Trouble) => {
  const issues = Array.isArray(trouble.issues)
    ? (trouble.issues as { pointer: string; message: string }[])
    : [];
  return [
    `${trouble.title}: ${trouble.detail}`,
    ...issues.map(({ pointer, message }) => `  ${pointer || "/"} ${message}`),
    trouble.remedy,
  ];
};

/** Errors of reading or writing a file. */
const reasons: Record<string, string> = {
  ENOENT: "there is no such file or folder",
  ENOTDIR: "its folder is a file",
  EISDIR: "it is a folder",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the disk is read-only",
  ENOSPC: "the disk is full",
};

const unusable = ({ code = "", path, syscall }: NodeJS.ErrnoException) =>
  new Stop("usage", {
    title: "The file can't be used",
    detail: `${path === undefined ? "" : `${path}: `}${reasons[code] ?? `${code} (${syscall})`}.`,
    remedy:
      "Check its name, its folder, your permissions, and the free space on the disk.",
  });

/** The `Stop` for an expected error; null for a bug. */
function stopFrom(error: unknown): Stop | null {
  if (error instanceof Stop) return error;
  if (error instanceof Refusal)
    return new Stop("refused", problemOf(error.failure));
  const trouble = error as NodeJS.ErrnoException;
  return trouble.code !== undefined && trouble.syscall !== undefined
    ? unusable(trouble)
    : null;
}

/**
 * Errors of a closed pipe (`| head`) or a closed terminal. The command still
 * runs to its end.
 */
const CLOSED_OUTPUT = new Set(["EPIPE", "EIO"]);

/** Turns errors of writing to the process's output into an exit code. */
export function handleOutputErrors(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (CLOSED_OUTPUT.has(error.code ?? "")) return;
      const stop = unusable(error);
      if (stream === process.stdout)
        for (const line of linesOf(stop.trouble)) console.error(line);
      process.exitCode = stop.code;
    });
}

/** Runs a command. @returns its exit code */
export async function exitCodeOf(
  outcome: CommandOutcome,
  run: () => Promise<void>,
): Promise<number> {
  try {
    await run();
    return 0;
  } catch (error) {
    const stop = stopFrom(error);
    if (!stop) throw error;
    outcome.fail(stop);
    return stop.code;
  }
}
