import { Bot, type BotError, Context } from "grammy";
import type { Update, UserFromGetMe } from "grammy/types";
import { negotiate } from "../shared/locale.ts";
import { message } from "../shared/messages.ts";
import { act } from "./act.ts";
import { callbacks } from "./callbacks.ts";
import { channels } from "./channels.ts";
import { chats } from "./chats.ts";
import { commands } from "./commands.ts";
import { type BotPorts, type CaseContext, localeOf, placeOf, TOAST_LIMIT } from "./context.ts";
import { following } from "./follow.ts";
import { inline } from "./inline.ts";
import { type BotLinks, plainMessage } from "./message.ts";
import { offered } from "./offered.ts";
import { patience } from "./patience.ts";
import { Unreachable } from "./ports.ts";
import { settings } from "./settings.ts";
import { shorten, withoutIds } from "./text.ts";

export interface BotConfig {
  token: string;
  /** What getMe answers, so that no update waits for it. */
  botInfo: UserFromGetMe;
  apiRoot: string;
  links: BotLinks;
  /** Takes a line about what went wrong; it holds no ids. */
  report(line: string): void;
}

/** The longest wait for Telegram, in seconds; grammY's own is 500. */
const TIMEOUT = 10;

/**
 * The bot, ready for `handleUpdate`, which rejects only with `Unreachable`: then the update must come again. Whatever else
 * fails is reported without ids and counts as handled, because Telegram blocks a chat whose update keeps failing.
 */
export function createBot({ token, botInfo, apiRoot, links, report }: BotConfig, ports: BotPorts) {
  const bot = new Bot<CaseContext>(token, { botInfo, client: { apiRoot, timeoutSeconds: TIMEOUT } });
  bot.use(async (ctx, next) => {
    ctx.api.config.use(patience(ports));
    ctx.ports = ports;
    ctx.links = links;
    ctx.locale = await localeOf(ctx);
    await next().catch(async (error) => {
      // Who pressed a button must not wait for nothing; that an apology fails too is nothing new.
      if (ctx.callbackQuery && !(error instanceof Unreachable))
        await ctx.answerCallbackQuery({ text: message(ctx.locale, "bot.failed") }).catch(() => {});
      throw error;
    });
  });
  // Telegram marks /CASES as a command too.
  bot.on(["message:text", "channel_post:text"], async (ctx, next) => {
    ctx.msg.text = ctx.msg.text.replace(/^\/\w+/, (command) => command.toLowerCase());
    await next();
  });
  bot.use(chats, offered, inline, channels, following, act, settings, commands, callbacks);
  // A GrammyError carries the whole request, with the chat's id and the text: only its words are kept.
  const failed = (cause: unknown) =>
    report(
      `an update failed: ${cause instanceof Error ? withoutIds(`${cause.name}: ${cause.message}`) : "unknown error"}`,
    );
  return {
    async handleUpdate(update: Update): Promise<void> {
      try {
        await bot.handleUpdate(update);
      } catch (error) {
        const cause = (error as BotError<CaseContext>).error ?? error;
        if (cause instanceof Unreachable) throw cause;
        failed(cause);
      }
    },
    /** Asks a sender to go slower; nothing is looked up for it. */
    async slowDown(update: Update): Promise<void> {
      const ctx = new Context(update, bot.api, botInfo);
      const locale = negotiate(ctx.from?.language_code);
      const { text, entities } = plainMessage(locale, "bot.slow");
      try {
        if (ctx.callbackQuery) await ctx.answerCallbackQuery({ text: shorten(text, TOAST_LIMIT, locale) });
        else if (ctx.message) {
          const topic = placeOf(ctx)?.topic;
          await ctx.reply(text, { entities, ...(topic === undefined ? {} : { message_thread_id: topic }) });
        }
      } catch (error) {
        failed(error);
      }
    },
  };
}
