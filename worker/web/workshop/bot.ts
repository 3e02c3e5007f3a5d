/**
 * The bot. Its webhook is in the main Worker, which keeps the secrets and reads
 * for it.
 */
import type { Update } from "grammy/types";
import { type BotConfig, createBot } from "../../../bot/bot.ts";
import type { BotPorts } from "../../../bot/context.ts";
import botWords from "../../../dist/bot-words.txt";
import { addTexts } from "../../runtime/catalogues.ts";
import { log } from "../../runtime/log.ts";

addTexts(botWords);

export type WorkshopBotSettings = Omit<BotConfig, "report">;
/** Calls of functions in the main Worker. */
export type HostPorts = Omit<BotPorts, "now" | "sleep">;

/**
 * Handles an update, or asks its sender to slow down.
 * @throws Unreachable when Telegram must send the update again
 */
export function tellBot(
  what: "handleUpdate" | "slowDown",
  update: Update,
  settings: WorkshopBotSettings,
  ports: HostPorts,
): Promise<void> {
  const sleep = (milliseconds: number) => scheduler.wait(milliseconds);
  return createBot(
    { ...settings, report: log.error },
    { ...ports, now: Date.now, sleep },
  )[what](update);
}
