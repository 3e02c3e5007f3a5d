/** Interaction with a terminal: a confirmation and Ctrl-C. */
import { createInterface } from "node:readline/promises";
import { type CommandOutcome, exitCodes, Stop, type Terminal } from "./outcome.ts";

/** The signals of Ctrl-C, a closed terminal, and `kill`. */
const SIGNALS = ["SIGINT", "SIGHUP", "SIGTERM"] as const;

/** npm forwards each Ctrl-C a second time. A signal this soon after the first is that copy. */
const DUPLICATE_SIGNAL_MS = 500;

/** While it exists, a signal doesn't end the process, but sets `requested`. */
export class Interrupt {
  readonly #terminal: Terminal;
  #requestedAt: number | null = null;
  #wake = () => {};
  readonly #listener = (signal: NodeJS.Signals) => {
    if (this.#requestedAt === null) {
      this.#requestedAt = Date.now();
      this.#terminal.stderr.write("\nTaking it back. Press Ctrl-C again to exit without waiting for the result.\n");
    } else if (signal === "SIGINT" && Date.now() - this.#requestedAt > DUPLICATE_SIGNAL_MS) {
      this.#terminal.stderr.write(
        "\nIt may have been published. While it is pending, you can take it back in the desk.\n",
      );
      process.exit(exitCodes.unreachable);
    }
    this.#wake();
  };

  constructor({ terminal }: CommandOutcome) {
    this.#terminal = terminal;
    for (const signal of SIGNALS) process.on(signal, this.#listener);
  }

  get requested(): boolean {
    return this.#requestedAt !== null;
  }

  /** From now on, signals end the process again. */
  dispose(): void {
    for (const signal of SIGNALS) process.off(signal, this.#listener);
  }

  /** Sleeps until the time is up, or until a signal. */
  async sleep(milliseconds: number): Promise<void> {
    if (this.requested) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

interface Confirmation {
  /** What must be typed. */
  expected: string;
  /** The option that says the same. */
  option: string;
  question: string;
}

/**
 * Asks the user to type a word before an action that can't be taken back.
 * @throws Stop when another word is typed, or standard input is not a terminal
 */
export async function confirm(
  { terminal: { stdin, stderr } }: CommandOutcome,
  { expected, option, question }: Confirmation,
): Promise<void> {
  if (!stdin.isTTY)
    throw new Stop("usage", {
      title: "Not confirmed",
      detail: `Standard input is not a terminal, so ${expected} can't be typed.`,
      remedy: `Add ${option} to confirm.`,
    });
  const prompt = createInterface({ input: stdin, output: stderr });
  // Ctrl-C and Ctrl-D don't confirm.
  const typed = await prompt.question(question).catch(() => "");
  prompt.close();
  if (typed.trim() !== expected)
    throw new Stop("takenBack", {
      title: "Not confirmed",
      detail: typed === "" ? "Nothing was changed." : `“${typed}” is not ${expected}. Nothing was changed.`,
      remedy: `Type ${expected}, or add ${option}.`,
    });
}
