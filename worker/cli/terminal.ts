/** What only a person at a terminal gets: a bar while something takes time, a question, and Ctrl-C. */
import { createInterface } from "node:readline/promises";
import { type Outcome, Stop } from "./outcome.ts";

const WIDTH = 24;

/** Draws over one line of the terminal; says nothing elsewhere. */
export class Bar {
  readonly #shown: boolean;

  constructor(outcome: Outcome) {
    this.#shown = !outcome.json && process.stderr.isTTY === true;
  }

  /** @param share 0 to 1 */
  draw(share: number, words: string): void {
    if (!this.#shown) return;
    const filled = Math.round(Math.min(1, Math.max(0, share)) * WIDTH);
    process.stderr.write(`\r\u001b[2K${"█".repeat(filled)}${"░".repeat(WIDTH - filled)} ${words}`);
  }

  clear(): void {
    if (this.#shown) process.stderr.write("\r\u001b[2K");
  }
}

/**
 * Waits, with a bar, until a time or until Ctrl-C.
 * @param left how long it still is, in milliseconds
 * @returns true once the time has come, false after Ctrl-C
 */
export async function waited(
  outcome: Outcome,
  left: () => number,
  words: (seconds: number) => string,
): Promise<boolean> {
  const bar = new Bar(outcome);
  const whole = Math.max(1, left());
  let interrupted = false;
  let wake = () => {};
  const onInterrupt = () => {
    interrupted = true;
    wake();
  };
  process.once("SIGINT", onInterrupt);
  for (let rest = left(); rest > 0 && !interrupted; rest = left()) {
    bar.draw(1 - rest / whole, words(Math.ceil(rest / 1000)));
    await new Promise<void>((resolve) => {
      wake = resolve;
      setTimeout(resolve, Math.min(rest, 200));
    });
  }
  process.off("SIGINT", onInterrupt);
  bar.clear();
  return !interrupted;
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
    typed = await prompt.question(question);
    prompt.close();
  }
  if (typed.trim() !== id)
    throw new Stop("takenBack", {
      title: "Not confirmed",
      detail: `“${typed}” is not ${id}; nothing was changed.`,
      remedy: `Type ${id}, or add --yes ${id}.`,
    });
}
