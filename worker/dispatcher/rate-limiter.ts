/** How much one sender may ask of the bot. In memory only: nothing about who writes how often is kept. */

export interface Charge {
  /** Who writes, and where. */
  sender: string;
  /** 1 for what a person writes or presses; less for what comes by itself with refillMs letter typed. */
  cost: number;
  /** A group, or a person in it, with what may be answered there; one person's otherwise. */
  limit?: keyof typeof limits | undefined;
}

/**
 * How many updates at once, and how long until one more is allowed, in milliseconds. Telegram takes about twenty messages a
 * minute to a group, and one person must not use them up.
 */
const limits = {
  person: { burst: 20, refillMs: 1_500 },
  member: { burst: 6, refillMs: 10_000 },
  group: { burst: 8, refillMs: 4_000 },
} as const;
/** How many senders are remembered; who wrote longest ago goes first, and begins anew. */
const MAX_SENDERS = 10_000;

export class RateLimiter {
  readonly #budgets = new Map<string, { left: number; at: number; told: boolean }>();

  /**
   * @returns `slow` for the first update beyond the budget, `dropped` for those after it
   */
  take({ sender, cost, limit = "person" }: Charge, now: number): "taken" | "slow" | "dropped" {
    const { burst, refillMs } = limits[limit];
    const known = this.#budgets.get(sender);
    const left = known ? Math.min(burst, known.left + Math.max(0, now - known.at) / refillMs) : burst;
    const enough = left >= cost;
    // Told once, until the sender has rested for half a budget.
    const told = !enough || (known?.told === true && left < burst / 2);
    this.#budgets.delete(sender);
    this.#budgets.set(sender, { left: enough ? left - cost : left, at: now, told });
    if (this.#budgets.size > MAX_SENDERS) this.#budgets.delete(this.#budgets.keys().next().value as string);
    return enough ? "taken" : known?.told ? "dropped" : "slow";
  }
}
