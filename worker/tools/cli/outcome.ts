/** How a command ends, and how it says so: in words for people, or as one JSON document with `--json`. */
import { problemOf, Refusal } from "../../../shared/failure.ts";

/** Documented in docs/shell.md; 0 is done. */
export const exitCodes = {
  /** The file, or the deployment, said no; nothing was changed. */
  refused: 1,
  /** The command line was not understood. */
  usage: 2,
  /** Nobody answered, or not in time. */
  unreachable: 3,
  /** The token is missing, not known, or was guessed too often. */
  signedOut: 4,
  /** Somebody at the keyboard took it back, or did not confirm it. */
  takenBack: 5,
} as const;

export interface Trouble {
  title: string;
  detail: string;
  /** What to do now. */
  remedy: string;
  [more: string]: unknown;
}

/** Ends the command. */
export class Stop extends Error {
  readonly code: number;
  readonly trouble: Trouble;
  constructor(code: keyof typeof exitCodes, trouble: Trouble) {
    super(trouble.title);
    this.code = exitCodes[code];
    this.trouble = trouble;
  }
}

/** A command's voice. */
export class Outcome {
  readonly json: boolean;
  constructor(json: boolean) {
    this.json = json;
  }

  /** What the command found or did. */
  say(...lines: string[]): void {
    if (!this.json) for (const line of lines) console.log(line);
  }

  /** What is said beside the result, so that the result can go into a file. */
  note(...lines: string[]): void {
    if (!this.json) for (const line of lines) console.error(line);
  }

  /** The result for programs; the one document on standard output. */
  result(value: unknown): void {
    if (this.json) console.log(JSON.stringify(value, null, 2));
  }
}

/** "1 person", "2 people" */
export const count = (number: number, one: string, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;

const lines = (trouble: Trouble) => {
  const issues = Array.isArray(trouble.issues) ? (trouble.issues as { pointer: string; message: string }[]) : [];
  return [
    `${trouble.title}: ${trouble.detail}`,
    ...issues.map(({ pointer, message }) => `  ${pointer || "/"} ${message}`),
    trouble.remedy,
  ];
};

const unusable = ({ code, path, syscall }: NodeJS.ErrnoException) =>
  new Stop("usage", {
    title: "The file can't be used",
    detail: `${path === undefined ? "" : `${path}: `}${code} (${syscall}).`,
    remedy: "Check its name, its folder, whether you may write there, and whether the disk has room.",
  });

/** What stands in the way of a file. */
function troubleOf(error: unknown): Stop | null {
  if (error instanceof Stop) return error;
  if (error instanceof Refusal) return new Stop("refused", problemOf(error.failure));
  const trouble = error as NodeJS.ErrnoException;
  return trouble.code !== undefined && trouble.syscall !== undefined ? unusable(trouble) : null;
}

/** A reader that went away (`| head`), or a terminal that was closed, ends nothing: what was begun is still brought to its end. */
const GONE = new Set(["EPIPE", "EIO"]);

for (const stream of [process.stdout, process.stderr])
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (GONE.has(error.code ?? "")) return;
    const stop = unusable(error);
    if (stream === process.stdout) for (const line of lines(stop.trouble)) console.error(line);
    process.exitCode = stop.code;
  });

/** Runs a command, and ends the process with its exit code. */
export async function ending(json: boolean, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    const stop = troubleOf(error);
    if (!stop) throw error;
    if (json) console.log(JSON.stringify({ error: { ...stop.trouble, exitCode: stop.code } }, null, 2));
    else for (const line of lines(stop.trouble)) console.error(line);
    process.exitCode = stop.code;
  }
}
