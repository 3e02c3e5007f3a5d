/**
 * The safety texts, and the screens before a chat's first follow and before an
 * action. The screens' buttons record the consent.
 */
import type { InlineKeyboardButton } from "grammy/types";
import { isolate, type LocaleTag, sourceLocale } from "../shared/locale.ts";
import { type MessageKey, message } from "../shared/messages.ts";
import type { Profile } from "../shared/profile/schema.ts";
import { buttonData } from "./button-data.ts";
import type { FollowScope } from "./ports.ts";
import { scopeName } from "./scope.ts";
import { bold, button, join, type Outgoing, outgoing, plain } from "./text.ts";

/** How the law of some countries treats people who follow, share or write. */
export interface SafetyText {
  /** ISO 3166-1 codes. */
  countries: string[];
  /** By language tag. */
  text: Record<string, string>;
}

/**
 * A text of the catalogue that holds the texts of all countries, in order.
 * Without any, their paragraph is left out.
 */
export function safetyText(
  locale: LocaleTag,
  key:
    | "bot.safety"
    | "bot.safety.group"
    | "bot.privacy"
    | "bot.share"
    | "bot.channel.safety",
  safety: readonly SafetyText[],
): string {
  const inLanguage = ({ text }: SafetyText) =>
    text[locale] ?? text[sourceLocale] ?? Object.values(text)[0] ?? "";
  const law = safety
    .map((entry) => isolate(inLanguage(entry), locale))
    .join("\n\n");
  const text = message(locale, key, { law }).replace(/\n{3,}/g, "\n\n");
  if (key === "bot.channel.safety")
    return `${text}\n\n${message(locale, "bot.channel.posts")}`;
  if (key !== "bot.privacy") return text;
  // After the paragraph about what a follower leaves.
  const end = text.indexOf("\n\n");
  const stored = `${message(locale, "bot.privacy.posts")}\n\n${message(locale, "bot.privacy.hours")}`;
  return `${text.slice(0, end)}\n\n${stored}${text.slice(end)}\n\n${message(locale, "bot.privacy.forgotten")}`;
}

/** What a chat should know in four lines, and the rest folded. */
export function privacyMessage(
  locale: LocaleTag,
  safety: readonly SafetyText[],
): Outgoing {
  const [title = "", ...rest] = safetyText(locale, "bot.privacy", safety).split(
    "\n",
  );
  const short = message(locale, "bot.privacy.short").replace(/^/gm, "• ");
  return outgoing(
    [
      join([bold(title), plain(short)], "\n"),
      { fold: plain(rest.join("\n").trim()) },
    ],
    locale,
    [],
  );
}

function screen(
  locale: LocaleTag,
  title: MessageKey,
  text: string,
  rows: InlineKeyboardButton[][],
): Outgoing {
  return outgoing([bold(message(locale, title)), plain(text)], locale, rows);
}

/** @param group the whole group will see the follow */
export function safetyBeforeFollow(
  scope: FollowScope,
  locale: LocaleTag,
  group: boolean,
  safety: readonly SafetyText[],
  profile: Profile,
): Outgoing {
  const name = scopeName(scope, locale, profile);
  const text = safetyText(
    locale,
    group ? "bot.safety.group" : "bot.safety",
    safety,
  );
  return screen(locale, "bot.safety.title", text, [
    [
      button(
        message(locale, "bot.safety.follow", { number: name }),
        buttonData.followKnowingly(scope),
      ),
    ],
    [
      button(
        message(locale, "bot.safety.quietly"),
        buttonData.followQuietly(scope),
      ),
    ],
    [button(message(locale, "bot.safety.cancel"), buttonData.decline(scope))],
  ]);
}

export function safetyBeforeAct(
  id: string,
  locale: LocaleTag,
  safety: readonly SafetyText[],
): Outgoing {
  return screen(
    locale,
    "bot.safety.title.act",
    safetyText(locale, "bot.safety", safety),
    [
      [button(message(locale, "bot.safety.act"), buttonData.actKnowingly(id))],
      [button(message(locale, "page.cases"), buttonData.list(0))],
    ],
  );
}
