/** Relays a real bot's updates to the local webhook. Telegram can't call localhost, so the updates are fetched by long polling. */
import { setTimeout as wait } from "node:timers/promises";
import { Api, Bot, GrammyError } from "grammy";
import type { Update, UserFromGetMe } from "grammy/types";
import { allowedUpdates } from "../../../bot/menu.ts";

export interface RelayOptions {
  apiRoot: string;
  botToken: string;
  /** Such as `http://localhost:8787/telegram`. */
  webhookUrl: string;
  webhookSecret: string;
}

const WEBHOOK_TIMEOUT_MS = 30_000;
/** Delays between attempts to deliver an update, and the total after which it is skipped. */
const FIRST_DELIVERY_DELAY_MS = 200;
const MAX_DELAY_MS = 5_000;
const MAX_DELIVERY_TOTAL_MS = 60_000;

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
 * Fetches updates until it is stopped. Telegram sends updates to one place only, so the bot's webhook is deleted first.
 * @param say prints a line
 * @returns a function that stops it
 */
export function relayUpdates(
  { apiRoot, botToken, webhookUrl, webhookSecret }: RelayOptions,
  botInfo: UserFromGetMe,
  say: (line: string) => void,
): () => void {
  const stopping = new AbortController();
  const { signal } = stopping;
  const bot = new Bot(botToken, { botInfo, client: { apiRoot } });

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

  const run = async () => {
    const { url } = await bot.api.getWebhookInfo();
    if (url) {
      say(`telegram: deleting the bot's webhook ${url}, so that its updates come here`);
      say("telegram: to restore the webhook, run npm run telegram:setup (see docs/deploy.md)");
    }
    bot.api.config.use((call, method, payload, aborted) =>
      call(method, payload, aborted).catch((error) => {
        if (!signal.aborted) say("telegram: Telegram could not be reached; retrying");
        throw error;
      }),
    );
    bot.use(({ update }) => deliver(update));
    await bot.start({
      allowed_updates: allowedUpdates,
      onStart: () => say("telegram: relaying updates from Telegram to the local webhook"),
    });
  };
  run().catch((error: Error) => signal.aborted || say(`telegram: updates don't come here any more: ${error.message}`));
  return () => {
    stopping.abort();
    void bot.stop().catch(() => {});
  };
}
