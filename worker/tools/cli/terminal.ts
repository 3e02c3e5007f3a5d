/** Interaction with a terminal: a progress bar, a confirmation, and Ctrl-C. */
import { createInterface } from "node:readline/promises";
import { exitCodes, type Outcome, Stop, type Terminal } from "./outcome.ts";

const BAR_COLUMNS = 16;

/** A progress bar on one line of standard error. Draws nothing when that is not a terminal. */
export class ProgressBar {
  readonly #stream: Terminal["stderr"];
  readonly #shown: boolean;

  constructor({ json, terminal }: Outcome) {
    this.#stream = terminal.stderr;
    this.#shown = !json && terminal.stderr.isTTY === true;
  }

  /** @param share 0 to 1; null when the total is unknown */
  draw(share: number | null, words: string): void {
    if (!this.#shown) return;
    const filled = Math.round(Math.min(1, Math.max(0, share ?? 0)) * BAR_COLUMNS);
    const bar = share === null ? "" : `${"█".repeat(filled)}${"░".repeat(BAR_COLUMNS - filled)} `;
    // A wrapped line would not be erased by the next one.
    this.#stream.write(`\r\u001b[2K${(bar + words).slice(0, (this.#stream.columns || 80) - 1)}`);
  }

  clear(): void {
    if (this.#shown) this.#stream.write("\r\u001b[2K");
  }
}

/** The signals of Ctrl-C, a closed terminal, and `kill`. */
const SIGNALS = ["SIGINT", "SIGHUP", "SIGTERM"] as const;

/** npm forwards each Ctrl-C a second time. A signal this soon after the first is that copy. */
const DUPLICATE_SIGNAL_MS = 500;
const REDRAW_INTERVAL_MS = 200;

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
      this.#terminal.stderr.write("\nIt may have been published. `undo` takes it back while it is pending.\n");
      process.exit(exitCodes.unreachable);
    }
    this.#wake();
  };

  constructor({ terminal }: Outcome) {
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

/**
 * Shows a countdown until the time is up, or until a signal.
 * @param left the remaining time in milliseconds
 */
export async function countDown(
  outcome: Outcome,
  interrupt: Interrupt,
  left: () => number,
  words: (seconds: number) => string,
): Promise<void> {
  const bar = new ProgressBar(outcome);
  const total = Math.max(1, left());
  for (let rest = left(); rest > 0 && !interrupt.requested; rest = left()) {
    bar.draw(1 - rest / total, words(Math.ceil(rest / 1000)));
    await interrupt.sleep(Math.min(rest, REDRAW_INTERVAL_MS));
  }
  bar.clear();
}

/**
 * Asks the user to type the case's id before an action that erases or publishes.
 * @param yes the id given on the command line, instead of asking
 * @throws Stop when the id differs, or standard input is not a terminal
 */
export async function confirm(
  { terminal: { stdin, stderr } }: Outcome,
  id: string,
  yes: string | undefined,
  question: string,
): Promise<void> {
  if (yes === undefined && !stdin.isTTY)
    throw new Stop("usage", {
      title: "Not confirmed",
      detail: "Standard input is not a terminal, so the case's id can't be typed.",
      remedy: `Add --yes ${id} to confirm.`,
    });
  let typed = yes;
  if (typed === undefined) {
    const prompt = createInterface({ input: stdin, output: stderr });
    // Ctrl-C and Ctrl-D don't confirm.
    typed = await prompt.question(question).catch(() => "");
    prompt.close();
  }
  if (typed.trim() !== id)
    throw new Stop("takenBack", {
      title: "Not confirmed",
      detail: typed === "" ? "Nothing was changed." : `“${typed}” is not ${id}. Nothing was changed.`,
      remedy: `Type ${id}, or add --yes ${id}.`,
    });
}
