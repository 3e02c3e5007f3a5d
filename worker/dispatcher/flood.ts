/** How much one sender may ask of the bot. In memory only: nothing about who writes how often is kept. */

export interface Asking {
  /** Who writes, and where. */
  sender: string;
  /** 1 for what a person writes or presses; less for what comes by itself with every letter typed. */
  cost: number;
}

/** How many updates at once, and how long until one more is allowed, in milliseconds. */
const BURST = 20;
const EVERY = 1_500;
/** How many senders are remembered; who wrote longest ago goes first, and begins anew. */
const SENDERS = 10_000;

export class Flood {
  readonly #budgets = new Map<string, { left: number; at: number; told: boolean }>();

  /**
   * @returns `slow` for the first update beyond the budget, `dropped` for those after it
   */
  take({ sender, cost }: Asking, now: number): "taken" | "slow" | "dropped" {
    const known = this.#budgets.get(sender);
    const left = known ? Math.min(BURST, known.left + Math.max(0, now - known.at) / EVERY) : BURST;
    const enough = left >= cost;
    // Told once, until the sender has rested for half a budget.
    const told = !enough || (known?.told === true && left < BURST / 2);
    this.#budgets.delete(sender);
    this.#budgets.set(sender, { left: enough ? left - cost : left, at: now, told });
    if (this.#budgets.size > SENDERS) this.#budgets.delete(this.#budgets.keys().next().value as string);
    return enough ? "taken" : known?.told ? "dropped" : "slow";
  }
}
