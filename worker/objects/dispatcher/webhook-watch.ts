/**
 * Looks hourly where Telegram sends what people write to the bot. Whoever has
 * the token can have it sent elsewhere, read it and answer in the bot's name;
 * the address is the one thing that then differs.
 */
import { log } from "../../runtime/log.ts";
import type { TelegramApi } from "./telegram-api.ts";

const HOUR_MS = 3_600_000;
const KEY = "webhook";

interface Look {
  /** Milliseconds since the epoch. */
  at: number;
  isOurs: boolean;
}

/** @param address where it should be sent */
export const webhookWatch = (
  { kv }: DurableObjectStorage,
  address: string,
  api: TelegramApi,
) => ({
  /** False when another address was seen last. */
  get isOurs(): boolean {
    return kv.get<Look>(KEY)?.isOurs ?? true;
  },

  /** @param now milliseconds since the epoch */
  async look(now: number): Promise<void> {
    const last = kv.get<Look>(KEY);
    // Every minute while it is another one, so that the status is right soon
    // after it was set again.
    if (last?.isOurs && now < last.at + HOUR_MS) return;
    const answer = await api("getWebhookInfo");
    if (!answer.ok) return;
    const isOurs = answer.result.url === address;
    kv.put<Look>(KEY, { at: now, isOurs });
    if (!isOurs)
      log.error(
        "Dispatcher: Telegram sends what people write to the bot to another address. If nobody here set it, BOT_TOKEN has leaked: see docs/operations.md.",
      );
  },
});
