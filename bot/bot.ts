import { Bot, type BotError, Context } from "grammy";
import type { Update, UserFromGetMe } from "grammy/types";
import { negotiate } from "../shared/locale.ts";
import { act } from "./act.ts";
import { buttonCheck } from "./admins.ts";
import { channels } from "./channels.ts";
import { chats } from "./chats.ts";
import { commands } from "./commands.ts";
import {
  type BotPorts,
  CaseContext,
  localeOfChat,
  MAX_TOAST_LENGTH,
  placeOf,
} from "./context.ts";
import { following } from "./follow.ts";
import { forgetting } from "./forget.ts";
import { hoursScreen } from "./hours-screen.ts";
import { inline } from "./inline.ts";
import { guests } from "./mentions.ts";
import { plainMessage } from "./message.ts";
import { type BotLinks, isUnreachable } from "./ports.ts";
import { retryFailedCalls } from "./retry.ts";
import type { SafetyText } from "./safety.ts";
import { settings } from "./settings.ts";
import { shorten, withoutIds } from "./text.ts";

export interface BotConfig {
  token: string;
  /**
   * The answer of getMe. Passing it in saves a request before the first update.
   */
  botInfo: UserFromGetMe;
  apiRoot: string;
  links: BotLinks;
  safety: readonly SafetyText[];
  /** Logs one line about a failure. The line holds no ids. */
  report(line: string): void;
}

/** grammY's default is 500. */
const REQUEST_TIMEOUT_SECONDS = 10;

/**
 * Creates the bot. `handleUpdate` rejects only with `Unreachable`; Telegram
 * must then send the update again. Any other failure is reported without ids
 * and the update counts as handled, because an update that keeps failing blocks
 * its chat.
 */
export function createBot(
  { token, botInfo, apiRoot, links, safety, report }: BotConfig,
  ports: BotPorts,
) {
  const bot = new Bot(token, {
    botInfo,
    client: { apiRoot, timeoutSeconds: REQUEST_TIMEOUT_SECONDS },
    ContextConstructor: CaseContext,
  });
  bot.use(async function prepare(ctx, next) {
    ctx.api.config.use(retryFailedCalls(ports));
    ctx.ports = ports;
    ctx.links = links;
    ctx.safety = safety;
    ctx.locale = await localeOfChat(ctx);
    const place = placeOf(ctx);
    ctx.hidden =
      place !== null &&
      !ctx.guestMessage &&
      (await ports.followers.manner(place)).neutral;
    await next().catch(async (error) => {
      // Without an answer the button would show a spinner. This answer may fail
      // too, for the same reason; that is ignored.
      if (ctx.callbackQuery && !isUnreachable(error))
        await ctx
          .answerCallbackQuery({ text: ctx.say("bot.failed") })
          .catch(() => {});
      throw error;
    });
    if (ctx.callbackQuery && !ctx.answered) await ctx.answerCallbackQuery();
  });
  // A command that somebody else wrote is only text: forwarding "/forget" must
  // not erase anything.
  bot.on(
    "message:forward_origin",
    async function ignoreForwardedCommands(ctx, next) {
      const { entities } = ctx.msg;
      if (entities)
        ctx.msg.entities = entities.filter(
          ({ type }) => type !== "bot_command",
        );
      await next();
    },
  );
  // Telegram marks /CASES as a command too; the handlers below are in lower
  // case.
  bot.on("message:text", async function lowerCommands(ctx, next) {
    ctx.msg.text = ctx.msg.text.replace(/^\/\w+/, (command) =>
      command.toLowerCase(),
    );
    await next();
  });
  bot.use(
    guests,
    chats,
    buttonCheck,
    inline,
    channels,
    following,
    act,
    settings,
    forgetting,
  );
  bot.use(hoursScreen, commands);
  // A GrammyError carries the whole request, with the chat's id and the text.
  // Only its message may be logged.
  const reportFailure = (cause: unknown) =>
    report(`Bot: an update failed: ${withoutIds(String(cause))}`);
  return {
    api: bot.api,
    handleUpdate: (update: Update): Promise<void> =>
      bot.handleUpdate(update).catch((error) => {
        const cause = (error as BotError<CaseContext>).error ?? error;
        if (isUnreachable(cause)) throw cause;
        reportFailure(cause);
      }),
    /** Asks a sender to slow down, without reading anything from the ports. */
    async slowDown(update: Update): Promise<void> {
      const ctx = new Context(update, bot.api, botInfo);
      const locale = negotiate(ctx.from?.language_code, links.profile);
      const { text, entities } = plainMessage(locale, "bot.slow");
      try {
        if (ctx.callbackQuery)
          await ctx.answerCallbackQuery({
            text: shorten(text, MAX_TOAST_LENGTH, locale),
          });
        else if (ctx.message) {
          const topic = placeOf(ctx)?.topic;
          await ctx.reply(text, {
            entities,
            ...(topic === undefined ? {} : { message_thread_id: topic }),
          });
        }
      } catch (error) {
        reportFailure(error);
      }
    },
  };
}
