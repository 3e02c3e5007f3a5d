/** A confirmation in a terminal. */
import { createInterface } from "node:readline/promises";
import { type CommandOutcome, Stop } from "./outcome.ts";

/**
 * Asks the user to type a word before an action that can't be taken back.
 * @param expected what must be typed
 * @param option says the same
 * @throws Stop when another word is typed, or standard input is not a terminal
 */
export async function confirm(
  { terminal: { stdin, stderr } }: CommandOutcome,
  {
    expected,
    option,
    question,
  }: { expected: string; option: string; question: string },
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
      detail:
        typed === ""
          ? "Nothing was changed."
          : `“${typed}” is not ${expected}. Nothing was changed.`,
      remedy: `Type ${expected}, or add ${option}.`,
    });
}
