/** Relays a real bot's updates to the local webhook. Telegram can't call localhost, so the updates are fetched by long polling. */
import { setTimeout as wait } from "node:timers/promises";
import { Api, GrammyError } from "grammy";
import type { Update, UserFromGetMe } from "grammy/types";
import { allowedUpdates } from "../../../bot/menu.ts";

export interface RelayOptions {
  apiRoot: string;
  botToken: string;
  /** Such as `http://localhost:8787/telegram`. */
  webhookUrl: string;
  webhookSecret: string;
}

const LONG_POLL_S = 25;
const WEBHOOK_TIMEOUT_MS = 30_000;
/** Delays between attempts to deliver an update, and the total after which it is skipped. */
const FIRST_DELIVERY_DELAY_MS = 200;
const MAX_DELAY_MS = 5_000;
const MAX_DELIVERY_TOTAL_MS = 60_000;
const FIRST_POLL_DELAY_MS = 500;
/** The pause after an empty response, for servers that don't support long polling. */
const EMPTY_POLL_DELAY_MS = 200;

/** @throws Error with a message to print, when Telegram rejects the token or can't be reached */
export async function readBotInfo(apiRoot: string, botToken: string): Promise<UserFromGetMe> {
  try {
    return await new Api(botToken, { apiRoot, timeoutSeconds: 10 }).getMe();
  } catch (error) {
    throw new Error(
      error instanceof GrammyError
        ? `Telegram rejects the BOT_TOKEN in .dev.vars: ${error.error_code} ${error.description}.`
        : `The BOT_TOKEN in .dev.vars could not be checked: ${apiRoot} could not be reached.`,
    );
  }
}

/**
 * Fetches updates until it is stopped. It first deletes the bot's webhook and logs that, because Telegram sends updates to one place only.
 * @param say prints a line
 * @returns a function that stops it
 */
export function relayUpdates(options: RelayOptions, say: (line: string) => void): () => void {
  const { apiRoot, botToken, webhookUrl, webhookSecret } = options;
  const api = new Api(botToken, { apiRoot, timeoutSeconds: LONG_POLL_S + 10 });
  const stopping = new AbortController();
  const { signal } = stopping;

  const post = (update: Update) =>
    fetch(webhookUrl, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": webhookSecret },
      body: JSON.stringify(update),
      signal: AbortSignal.any([signal, AbortSignal.timeout(WEBHOOK_TIMEOUT_MS)]),
    });

  const deliver = async (update: Update) => {
    for (let delay = FIRST_DELIVERY_DELAY_MS, waited = 0; !signal.aborted; delay = Math.min(delay * 2, MAX_DELAY_MS)) {
      const answer = await post(update).catch(() => null);
      if (answer?.ok) return;
      const reason = answer ? `the Worker responded with ${answer.status}` : "the Worker did not respond";
      // A retry can't fix a client error.
      if ((answer && answer.status < 500) || waited >= MAX_DELIVERY_TOTAL_MS)
        return say(`telegram: skipped update ${update.update_id}: ${reason}`);
      await wait(delay, undefined, { signal }).catch(() => {});
      waited += delay;
    }
  };

  const deleteWebhook = async () => {
    const { url } = await api.getWebhookInfo();
    if (!url) return;
    say(`telegram: deleting the bot's webhook ${url}, so that its updates come here`);
    say("telegram: to restore the webhook, run npm run telegram:setup (see docs/deploy.md)");
    await api.deleteWebhook();
  };

  void (async () => {
    let offset = 0;
    let listening = false;
    for (let delay = FIRST_POLL_DELAY_MS; !signal.aborted; ) {
      try {
        if (!listening) await deleteWebhook();
        const updates = await api.getUpdates(
          { offset, timeout: LONG_POLL_S, allowed_updates: allowedUpdates },
          signal as Parameters<typeof api.getUpdates>[1],
        );
        if (!listening) say("telegram: relaying updates from Telegram to the local webhook");
        listening = true;
        delay = FIRST_POLL_DELAY_MS;
        if (updates.length === 0) await wait(EMPTY_POLL_DELAY_MS, undefined, { signal });
        for (const update of updates) {
          await deliver(update);
          offset = update.update_id + 1;
        }
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof GrammyError)) say("telegram: Telegram could not be reached; retrying");
        else if (error.error_code === 409)
          say("telegram: this bot also runs elsewhere, and only one place gets its updates. Use another bot here.");
        else say(`telegram: ${error.method} failed: ${error.error_code} ${error.description}`);
        listening = false;
        await wait(delay, undefined, { signal }).catch(() => {});
        delay = Math.min(delay * 2, MAX_DELAY_MS);
      }
    }
  })();
  return () => stopping.abort();
}
