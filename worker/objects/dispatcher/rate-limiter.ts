/**
 * Limits how many updates a sender may cause the bot to handle. In memory only:
 * nothing is stored about how often a person writes.
 */

export interface Charge {
  /** The key of the budget: the chat and the sender. */
  sender: string;
  /**
   * 1 for a message or a press; less for inline queries, which Telegram sends
   * as a person types.
   */
  cost: number;
  /** Which limit applies; `person` when absent. */
  limit?: keyof typeof limits | undefined;
}

/**
 * Updates allowed at once, and the time until one more is allowed. Telegram
 * accepts about twenty messages a minute to a group, and one member must not
 * use them up.
 */
const limits = {
  person: { burst: 20, refillMs: 1_500 },
  member: { burst: 6, refillMs: 10_000 },
  group: { burst: 8, refillMs: 4_000 },
  /**
   * One person in all groups and channels, so that nobody can spend the bot's
   * answers by asking in many groups at once.
   */
  everywhere: { burst: 30, refillMs: 1_000 },
  /**
   * All commands in all groups: below the 30 messages a second that Telegram
   * allows.
   */
  everyone: { burst: 20, refillMs: 50 },
} as const;
/**
 * The most budgets in memory. The least recently used one is dropped first and
 * starts full again.
 */
const MAX_SENDERS = 10_000;

/**
 * Uses an update's budgets, or none of them: a refused update must not use up
 * the answers of others.
 * @returns `busy` when the sender is not the one who was too fast. Telegram
 * then keeps the update and sends it again.
 */
export function takeAll(
  limiter: RateLimiter,
  charges: Charge[],
  now: number,
): "taken" | "slow" | "dropped" | "busy" {
  const isShared = ({ limit }: Charge) => limit === "everyone";
  for (const charge of charges.toSorted(
    (a, b) => Number(isShared(a)) - Number(isShared(b)),
  ))
    if (!limiter.allows(charge, now))
      return isShared(charge) ? "busy" : limiter.take(charge, now);
  for (const charge of charges) limiter.take(charge, now);
  return "taken";
}

export class RateLimiter {
  readonly #budgets = new Map<
    string,
    { left: number; at: number; told: boolean }
  >();

  /** What is left of a budget, up to its burst. */
  #left({ sender, limit = "person" }: Charge, now: number): number {
    const { burst, refillMs } = limits[limit];
    const known = this.#budgets.get(sender);
    return known
      ? Math.min(burst, known.left + Math.max(0, now - known.at) / refillMs)
      : burst;
  }

  /** True when `take` would succeed. */
  allows(charge: Charge, now: number): boolean {
    return this.#left(charge, now) >= charge.cost;
  }

  /**
   * @returns `slow` for the first update beyond the budget, `dropped` for those
   * after it
   */
  take(charge: Charge, now: number): "taken" | "slow" | "dropped" {
    const { sender, cost, limit = "person" } = charge;
    const { burst } = limits[limit];
    const known = this.#budgets.get(sender);
    const left = this.#left(charge, now);
    const enough = left >= cost;
    // Warn once, until half of the budget has refilled.
    const told = !enough || (known?.told === true && left < burst / 2);
    this.#budgets.delete(sender);
    this.#budgets.set(sender, {
      left: enough ? left - cost : left,
      at: now,
      told,
    });
    if (this.#budgets.size > MAX_SENDERS)
      this.#budgets.delete(this.#budgets.keys().next().value as string);
    if (enough) return "taken";
    return known?.told ? "dropped" : "slow";
  }
}
