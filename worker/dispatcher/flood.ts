/** How much one sender may ask of the bot. In memory only: nothing about who writes how often is kept. */

/** How many updates at once, and how long until one more is allowed, in milliseconds. */
const BURST = 20;
const EVERY = 1_500;
/** How many senders are remembered; who wrote longest ago goes first, and begins anew. */
const SENDERS = 10_000;

export class Flood {
  readonly #budgets = new Map<string, { left: number; at: number; told: boolean }>();

  /**
   * @param sender who writes, and where
   * @returns `slow` for the first update beyond the budget, `dropped` for those after it
   */
  take(sender: string, now: number): "taken" | "slow" | "dropped" {
    const known = this.#budgets.get(sender);
    const left = known ? Math.min(BURST, known.left + Math.max(0, now - known.at) / EVERY) : BURST;
    const enough = left >= 1;
    // Told once, until the sender has rested for half a budget.
    const told = !enough || (known?.told === true && left < BURST / 2);
    this.#budgets.delete(sender);
    this.#budgets.set(sender, { left: enough ? left - 1 : left, at: now, told });
    if (this.#budgets.size > SENDERS) this.#budgets.delete(this.#budgets.keys().next().value as string);
    return enough ? "taken" : known?.told ? "dropped" : "slow";
  }
}
