/**
 * Looks hourly where Telegram sends what people write to the bot. Whoever has the token can have it sent elsewhere, read it and answer in
 * the bot's name; the address is the one thing that then differs.
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

export class WebhookWatch {
  readonly #kv: DurableObjectStorage["kv"];
  readonly #address: string;
  readonly #api: TelegramApi;

  /** @param address where it should be sent */
  constructor({ kv }: DurableObjectStorage, address: string, api: TelegramApi) {
    this.#kv = kv;
    this.#address = address;
    this.#api = api;
  }

  /** False when another address was seen last. */
  get isOurs(): boolean {
    return this.#kv.get<Look>(KEY)?.isOurs ?? true;
  }

  /** @param now milliseconds since the epoch */
  async look(now: number): Promise<void> {
    const last = this.#kv.get<Look>(KEY);
    // Every minute while it is another one, so that the status is right soon after it was set again.
    if (last?.isOurs && now < last.at + HOUR_MS) return;
    const answer = await this.#api("getWebhookInfo");
    if (!answer.ok) return;
    const isOurs = answer.result.url === this.#address;
    this.#kv.put<Look>(KEY, { at: now, isOurs });
    if (!isOurs)
      log.error(
        "Dispatcher: Telegram sends what people write to the bot to another address. If nobody here set it, BOT_TOKEN has leaked: see docs/operations.md.",
      );
  }
}
