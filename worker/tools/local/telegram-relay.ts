/** A real bot on one machine: Telegram cannot call localhost, so its updates are fetched and handed to the webhook's address. */
import { setTimeout as wait } from "node:timers/promises";
import { Api, GrammyError } from "grammy";
import type { Update, UserFromGetMe } from "grammy/types";
import { allowedUpdates } from "../../../bot/menu.ts";

export interface RelayOptions {
  apiRoot: string;
  botToken: string;
  /** Where the Worker takes updates: `http://localhost:8787/telegram`. */
  webhookUrl: string;
  webhookSecret: string;
}

/** How long Telegram holds a question without news, in seconds. */
const LONG_POLL = 25;
/** How long an update is handed over again and again before the next ones get their turn, in milliseconds. */
const PATIENCE = 60_000;
/** The longest pause between two tries, in milliseconds. */
const LONGEST_PAUSE = 5_000;

/** @throws Error with words for a person, when Telegram does not know the token or cannot be reached */
export async function whoAmI(apiRoot: string, botToken: string): Promise<UserFromGetMe> {
  try {
    return await new Api(botToken, { apiRoot, timeoutSeconds: 10 }).getMe();
  } catch (error) {
    throw new Error(
      error instanceof GrammyError
        ? `The BOT_TOKEN in .dev.vars does not work: Telegram answers ${error.error_code} ${error.description}.`
        : `The BOT_TOKEN in .dev.vars does not work now: ${apiRoot} could not be reached.`,
    );
  }
}

/**
 * Fetches updates until it is stopped. A webhook that the bot has elsewhere is taken away, since Telegram gives updates to
 * one place only; that is said first.
 * @param say takes a line for a person
 * @returns what stops it
 */
export function relayUpdates(options: RelayOptions, say: (line: string) => void): () => void {
  const { apiRoot, botToken, webhookUrl, webhookSecret } = options;
  const api = new Api(botToken, { apiRoot, timeoutSeconds: LONG_POLL + 10 });
  const stopping = new AbortController();
  const { signal } = stopping;

  const hand = (update: Update) =>
    fetch(webhookUrl, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": webhookSecret },
      body: JSON.stringify(update),
      signal: AbortSignal.any([signal, AbortSignal.timeout(30_000)]),
    });

  const deliver = async (update: Update) => {
    for (let pause = 200, spent = 0; !signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      const answer = await hand(update).catch(() => null);
      if (answer?.ok) return;
      const reason = answer ? `the Worker answers ${answer.status}` : "the Worker does not answer";
      // A client's error stays one however often it is tried; Telegram's own patience is for the others.
      if ((answer && answer.status < 500) || spent >= PATIENCE)
        return say(`telegram: update ${update.update_id} is left out: ${reason}`);
      await wait(pause, undefined, { signal }).catch(() => {});
      spent += pause;
    }
  };

  const takeWebhookAway = async () => {
    const { url } = await api.getWebhookInfo();
    if (!url) return;
    say(`telegram: this bot's webhook at ${url} is taken away, so that its updates come here.`);
    say("telegram: to give it back, run npm run telegram:setup as docs/deploy.md says.");
    await api.deleteWebhook();
  };

  void (async () => {
    let offset = 0;
    let listening = false;
    for (let pause = 500; !signal.aborted; ) {
      try {
        if (!listening) await takeWebhookAway();
        const updates = await api.getUpdates(
          { offset, timeout: LONG_POLL, allowed_updates: allowedUpdates },
          signal as Parameters<typeof api.getUpdates>[1],
        );
        if (!listening) say("telegram: updates are fetched from Telegram and handed to the local webhook.");
        listening = true;
        pause = 500;
        // Telegram holds the question; other servers may not.
        if (updates.length === 0) await wait(200, undefined, { signal });
        for (const update of updates) {
          await deliver(update);
          offset = update.update_id + 1;
        }
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof GrammyError)) say("telegram: Telegram could not be reached; trying again.");
        else if (error.error_code === 409)
          say("telegram: this bot also runs elsewhere, and updates go to one place only; use a bot of its own here.");
        else say(`telegram: ${error.method} was refused: ${error.error_code} ${error.description}`);
        listening = false;
        await wait(pause, undefined, { signal }).catch(() => {});
        pause = Math.min(pause * 2, LONGEST_PAUSE);
      }
    }
  })();
  return () => stopping.abort();
}
