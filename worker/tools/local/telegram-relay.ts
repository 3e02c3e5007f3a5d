/** Relays a real bot's updates to the local webhook. Telegram can't call localhost, so the updates are fetched by long polling. */
import { Api, Bot, GrammyError } from "grammy";
import type { UserFromGetMe } from "grammy/types";
import { allowedUpdates } from "../../../bot/menu.ts";
import { deliver, type Webhook } from "./stand-in.ts";

interface RelayOptions extends Webhook {
  apiRoot: string;
  botToken: string;
}

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
  { apiRoot, botToken, ...webhook }: RelayOptions,
  botInfo: UserFromGetMe,
  say: (line: string) => void,
): () => void {
  const stopping = new AbortController();
  const { signal } = stopping;
  const bot = new Bot(botToken, { botInfo, client: { apiRoot } });

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
    bot.use(async ({ update }) => {
      const reason = await deliver(update, webhook, signal, (status) => status < 500);
      if (reason) say(`telegram: skipped update ${update.update_id}: ${reason}`);
    });
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
