/** A real bot on one machine: Telegram cannot call localhost, so its updates are fetched and handed to the webhook's address. */
import { setTimeout as wait } from "node:timers/promises";
import { Api, GrammyError } from "grammy";
import type { UserFromGetMe } from "grammy/types";
import { allowedUpdates } from "../../bot/menu.ts";

export interface RelayOptions {
  apiRoot: string;
  botToken: string;
  /** Where the Worker takes updates: `http://localhost:8787/telegram`. */
  webhookUrl: string;
  webhookSecret: string;
}

/** How long Telegram holds a question without news, in seconds. */
const LONG_POLL = 25;

/** @throws GrammyError when Telegram does not know the token, HttpError when it cannot be reached */
export function whoAmI(apiRoot: string, botToken: string): Promise<UserFromGetMe> {
  return new Api(botToken, { apiRoot, timeoutSeconds: 10 }).getMe();
}

/** @returns what stops it */
export function relayUpdates({ apiRoot, botToken, webhookUrl, webhookSecret }: RelayOptions): () => void {
  const api = new Api(botToken, { apiRoot, timeoutSeconds: LONG_POLL + 10 });
  const stopping = new AbortController();
  const { signal } = stopping;

  const deliver = async (update: object) => {
    for (let pause = 200; !signal.aborted; pause = Math.min(pause * 2, 5_000)) {
      const answer = await fetch(webhookUrl, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": webhookSecret },
        body: JSON.stringify(update),
        signal,
      }).catch(() => null);
      if (answer?.ok) return;
      await wait(pause, undefined, { signal }).catch(() => {});
    }
  };

  void (async () => {
    let offset = 0;
    while (!signal.aborted) {
      try {
        const updates = await api.getUpdates({ offset, timeout: LONG_POLL, allowed_updates: allowedUpdates });
        // Telegram holds the question; other servers may not.
        if (updates.length === 0) await wait(200, undefined, { signal });
        for (const update of updates) {
          await deliver(update);
          offset = update.update_id + 1;
        }
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof GrammyError && error.error_code === 409)
          console.error("telegram: this bot has a webhook or runs elsewhere; use a bot of its own for local runs.");
        await wait(5_000, undefined, { signal }).catch(() => {});
      }
    }
  })();
  return () => stopping.abort();
}
