/** What only a person at a terminal gets: a bar while something takes time, a question, and Ctrl-C. */
import { createInterface } from "node:readline/promises";
import { exitCodes, type Outcome, Stop } from "./outcome.ts";

/** Beside the words, within 80 columns. */
const WIDTH = 16;

/** Draws over one line of the terminal; says nothing elsewhere. */
export class Bar {
  readonly #shown: boolean;

  constructor(outcome: Outcome) {
    this.#shown = !outcome.json && process.stderr.isTTY === true;
  }

  /** @param share 0 to 1; null when it is not known how much there is */
  draw(share: number | null, words: string): void {
    if (!this.#shown) return;
    const filled = Math.round(Math.min(1, Math.max(0, share ?? 0)) * WIDTH);
    const bar = share === null ? "" : `${"█".repeat(filled)}${"░".repeat(WIDTH - filled)} `;
    // A line that wraps would stay when the next one is drawn.
    process.stderr.write(`\r\u001b[2K${(bar + words).slice(0, (process.stderr.columns || 80) - 1)}`);
  }

  clear(): void {
    if (this.#shown) process.stderr.write("\r\u001b[2K");
  }
}

/** What ends a process from outside: Ctrl-C, a terminal that is closed, `kill`. */
const SIGNALS = ["SIGINT", "SIGHUP", "SIGTERM"] as const;

/** How long after Ctrl-C another one is meant, in milliseconds: npm hands each on a second time. */
const MEANT = 500;

/** From here on Ctrl-C, and what is like it, does not end the process, but is noticed. */
export class Interrupt {
  #heardAt: number | null = null;
  #wake = () => {};
  readonly #listener = (signal: NodeJS.Signals) => {
    if (this.#heardAt === null) {
      this.#heardAt = Date.now();
      console.error("\nTaking it back. Another Ctrl-C does not wait until that is certain.");
    } else if (signal === "SIGINT" && Date.now() - this.#heardAt > MEANT) {
      console.error("\nIt is not known whether it was published: `undo` takes back what is not live yet.");
      process.exit(exitCodes.unreachable);
    }
    this.#wake();
  };

  constructor() {
    for (const signal of SIGNALS) process.on(signal, this.#listener);
  }

  get heard(): boolean {
    return this.#heardAt !== null;
  }

  /** Ctrl-C ends the process again. */
  end(): void {
    for (const signal of SIGNALS) process.off(signal, this.#listener);
  }

  /** Sleeps until then, or until Ctrl-C. */
  async sleep(milliseconds: number): Promise<void> {
    if (this.heard) return;
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
 * Waits, with a bar, until a time or until Ctrl-C.
 * @param left how long it still is, in milliseconds
 */
export async function countDown(
  outcome: Outcome,
  interrupt: Interrupt,
  left: () => number,
  words: (seconds: number) => string,
): Promise<void> {
  const bar = new Bar(outcome);
  const whole = Math.max(1, left());
  for (let rest = left(); rest > 0 && !interrupt.heard; rest = left()) {
    bar.draw(1 - rest / whole, words(Math.ceil(rest / 1000)));
    await interrupt.sleep(Math.min(rest, 200));
  }
  bar.clear();
}

/**
 * Has a case's id typed before something that can't be taken back.
 * @param yes what stands on the command line instead
 * @throws Stop when it is another, or nobody is there to type it
 */
export async function confirm(id: string, yes: string | undefined, question: string): Promise<void> {
  if (yes === undefined && !process.stdin.isTTY)
    throw new Stop("usage", {
      title: "Not confirmed",
      detail: "Nobody is at the keyboard to type the case's id.",
      remedy: `Add --yes ${id} if it is meant.`,
    });
  let typed = yes;
  if (typed === undefined) {
    const prompt = createInterface({ input: process.stdin, output: process.stderr });
    // Ctrl-C and Ctrl-D confirm nothing.
    typed = await prompt.question(question).catch(() => "");
    prompt.close();
  }
  if (typed.trim() !== id)
    throw new Stop("takenBack", {
      title: "Not confirmed",
      detail: typed === "" ? "Nothing was changed." : `“${typed}” is not ${id}; nothing was changed.`,
      remedy: `Type ${id}, or add --yes ${id}.`,
    });
}
