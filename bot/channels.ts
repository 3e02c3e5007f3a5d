/**
 * Channels where the bot is an administrator: it posts the updates of the
 * chosen cases and keeps one pinned card per case up to date. A channel is set
 * up from a private chat, so that nothing about it is posted in public, and the
 * bot is never sent what others post there. Telegram's own dialogue adds the
 * bot with the rights that it needs. Nothing is stored about the administrator:
 * each button names the channel, and each press is checked against the
 * channel's list of administrators.
 */
import { type Api, Composer, GrammyError } from "grammy";
import type { ChatAdministratorRights } from "grammy/types";
import { type LocaleTag, locales } from "../shared/locale.ts";
import { message } from "../shared/messages.ts";
import type { PresentView } from "../shared/view/schema.ts";
import { adminsOf } from "./admins.ts";
import {
  buttonData,
  buttonPattern,
  buttonUnder,
  isCase,
} from "./button-data.ts";
import { channelCard } from "./card.ts";
import { type CaseContext, ignoringTelegramErrors } from "./context.ts";
import { forgottenMessage } from "./forget.ts";
import { linesMessage } from "./message.ts";
import type { ChatPlace, FollowScope, Manner } from "./ports.ts";
import { safetyText } from "./safety.ts";
import { scopeName, scopeNamed } from "./scope.ts";
import {
  bold,
  button,
  join,
  type Outgoing,
  outgoing,
  plain,
  withLabel,
} from "./text.ts";
import { updateMessage } from "./update-message.ts";

/**
 * Posts and pins a card, follows its case and deletes the former card.
 * @returns false when the channel refuses it
 */
async function pinCard(
  ctx: CaseContext,
  place: ChatPlace,
  view: PresentView,
  locale: LocaleTag,
): Promise<boolean> {
  try {
    const card = await ctx.sendTo(
      place.chat,
      channelCard(view, ctx.links, ctx.me.username),
    );
    const shown = { caseId: view.id, locale, shown: view.revision.number };
    const former = await ctx.ports.cards.pin(place, card, shown);
    await ignoringTelegramErrors(
      ctx.api.pinChatMessage(place.chat, card, { disable_notification: true }),
    );
    await removeCards(ctx.api, place.chat, former);
    return true;
  } catch (error) {
    if (
      error instanceof GrammyError &&
      error.error_code < 500 &&
      error.error_code !== 429
    )
      return false;
    throw error;
  }
}

/** Deletes cards that are no longer updated: they would become outdated. */
async function removeCards(
  api: Api,
  chat: number,
  messages: number[],
): Promise<void> {
  for (const message of messages) {
    await ignoringTelegramErrors(api.unpinChatMessage(chat, message));
    await ignoringTelegramErrors(api.deleteMessage(chat, message));
  }
}

const MAX_OFFERED_CASES = 8;
/** Telegram gives it back with the channel; any number will do. */
const REQUEST_ID = 1;

/**
 * What the bot needs to post, to keep its posts true and to pin a card. The
 * user must have the same rights.
 */
const rights: ChatAdministratorRights = {
  is_anonymous: false,
  can_manage_chat: true,
  can_delete_messages: true,
  can_manage_video_chats: false,
  can_restrict_members: false,
  can_promote_members: false,
  can_change_info: false,
  can_invite_users: false,
  can_post_stories: false,
  can_edit_stories: false,
  can_delete_stories: false,
  can_post_messages: true,
  can_edit_messages: true,
  can_send_welcome_messages: false,
};

const placeOfChannel = (chat: number): ChatPlace => ({ chat, kind: "channel" });

/**
 * True when the user is an administrator of a channel in which the bot is one
 * too.
 */
async function isAdminOf(ctx: CaseContext, chat: number): Promise<boolean> {
  return (await adminsOf(ctx, chat)).some(
    ({ user, ...may }) =>
      user.id === ctx.from?.id &&
      (may.status === "creator" ||
        !("can_post_messages" in may) ||
        may.can_post_messages),
  );
}

/** Asks which channel, in Telegram's own dialogue. */
async function askChannel(ctx: CaseContext): Promise<void> {
  const request_chat = {
    request_id: REQUEST_ID,
    chat_is_channel: true,
    user_administrator_rights: rights,
    bot_administrator_rights: rights,
  };
  const { text, entities } = ctx.text("bot.channel.setup");
  const keyboard = [[{ text: ctx.say("bot.channel.choose"), request_chat }]];
  await ctx.reply(text, {
    entities,
    reply_markup: { keyboard, one_time_keyboard: true, resize_keyboard: true },
  });
}

/** What a channel follows and how, with the buttons to change it. */
async function panel(ctx: CaseContext, chat: number): Promise<Outgoing> {
  const { links, ports } = ctx;
  const place = placeOfChannel(chat);
  const [scopes, language, { silent, brief = false }] = await Promise.all([
    ports.followers.following(place),
    ports.followers.language(place),
    ports.followers.manner(place),
  ]);
  const act = (label: string, action: string) =>
    button(label, buttonData.channel(chat, action));
  const nameOf = (scope: FollowScope) =>
    scopeName(scope, ctx.locale, links.profile);
  const names = scopes.map((scope) => plain(`• ${nameOf(scope)}`));
  const shownLanguage = locales[language ?? links.profile.defaultLanguage].name;
  const parts = [
    bold(ctx.say("bot.channel.panel")),
    names.length > 0
      ? join(names, "\n")
      : plain(ctx.say("bot.channel.nothing")),
    plain(ctx.say("bot.channel.reply")),
  ];
  return outgoing(parts, ctx.locale, [
    ...scopes.map((scope) => [
      act(
        `✕ ${ctx.say("bot.unfollow.scope", { id: nameOf(scope) })}`,
        `u:${scope}`,
      ),
    ]),
    [act(ctx.say("bot.channel.add"), "f")],
    [
      act(
        withLabel(ctx.locale, ctx.say("page.embed.lang"), shownLanguage),
        "l",
      ),
    ],
    [
      act(
        ctx.say(`bot.settings.sound.${silent ? "turn-on" : "turn-off"}`),
        `s:${silent ? 0 : 1}`,
      ),
    ],
    [
      act(
        ctx.say(brief ? "bot.channel.full" : "bot.channel.brief"),
        `b:${brief ? 0 : 1}`,
      ),
    ],
    [act(ctx.say("bot.channel.preview"), "p")],
    [act(ctx.say("bot.channel.forget"), "x")],
  ]);
}

/** Follows a scope, a case with its pinned card, and shows the panel. */
async function followAndShow(
  ctx: CaseContext,
  chat: number,
  scope: FollowScope,
): Promise<Outgoing> {
  const { cases, followers } = ctx.ports;
  const place = placeOfChannel(chat);
  const locale = (await followers.language(place)) ?? ctx.locale;
  if (isCase(scope)) {
    const view = await cases.view(scope, locale);
    if (view.state !== "present") return ctx.text("bot.nothing");
    if (!(await pinCard(ctx, place, view, locale)))
      return ctx.text("bot.channel.refused");
  } else await followers.follow(place, scope, locale, 0);
  return panel(ctx, chat);
}

async function setManner(
  ctx: CaseContext,
  chat: number,
  manner: Partial<Manner>,
): Promise<Outgoing> {
  await ctx.ports.followers.setManner(placeOfChannel(chat), manner);
  return panel(ctx, chat);
}

/** A post as it would appear, in the private chat. */
async function preview(ctx: CaseContext, chat: number): Promise<null> {
  const place = placeOfChannel(chat);
  const { cases, followers } = ctx.ports;
  const [scopes, language, newest, { brief = false }] = await Promise.all([
    followers.following(place),
    followers.language(place),
    cases.list(0, 1),
    followers.manner(place),
  ]);
  const id = scopes.find(isCase) ?? newest.cases[0]?.id;
  if (id === undefined) return null;
  const view = await cases.view(id, language ?? ctx.locale);
  const options = {
    scopes: [],
    neutral: false,
    brief,
    shares: false,
    channelOf: ctx.me.username,
  };
  await ctx.answer(updateMessage(view, [], ctx.links, options));
  return null;
}

/**
 * Tells the administrator who added the bot to a channel what to do next; in
 * private, if the two have a chat.
 */
export async function greetChannelAdmin(ctx: CaseContext): Promise<void> {
  const admin = ctx.from;
  if (!admin || !ctx.chat) return;
  await ignoringTelegramErrors(
    ctx.sendTo(admin.id, channelSafety(ctx, ctx.chat.id, ctx.locale)),
  );
}

/**
 * The warning before a channel follows anything; its button opens the panel.
 */
const channelSafety = (
  { safety }: CaseContext,
  chat: number,
  locale: LocaleTag,
): Outgoing =>
  linesMessage(locale, safetyText(locale, "bot.channel.safety", safety), [
    [
      button(
        message(locale, "bot.channel.understood"),
        buttonData.channel(chat, "o"),
      ),
    ],
  ]);

export const channels = new Composer<CaseContext>();
const inPrivate = channels.chatType("private");

inPrivate.command("channel", askChannel);
inPrivate
  .command("start")
  .filter((ctx) => ctx.match.trim() === "channel", askChannel);

inPrivate.on("message:chat_shared", async function receiveChannel(ctx) {
  const { chat_id: chat } = ctx.message.chat_shared;
  const gone = { remove_keyboard: true } as const;
  if (!(await isAdminOf(ctx, chat))) {
    const { text, entities } = ctx.text("bot.channel.refused");
    return void (await ctx.reply(text, { entities, reply_markup: gone }));
  }
  await ctx.answer(channelSafety(ctx, chat, ctx.locale));
});

const press: Record<
  string,
  (ctx: CaseContext, chat: number, argument: string) => Promise<Outgoing | null>
> = {
  o: panel,
  async f(ctx, chat) {
    const { cases: list } = await ctx.ports.cases.list(0, MAX_OFFERED_CASES);
    const rows = [
      ...list.map(({ id, number }) => [
        ctx.button("bot.follow.scope", buttonData.channel(chat, `F:${id}`), {
          id: number,
        }),
      ]),
      [ctx.button("bot.follow.all", buttonData.channel(chat, "F:all"))],
    ];
    // In a hidden chat the buttons have only the numbers.
    const names = list
      .map(({ number }, index) => `${index + 1}. ${number}`)
      .join("\n");
    return outgoing(
      [plain(names), plain(ctx.say("bot.channel.reply"))],
      ctx.locale,
      rows,
    );
  },
  F: followAndShow,
  async u(ctx, chat, scope) {
    const place = placeOfChannel(chat);
    const { cards } = await ctx.ports.followers.unfollow(place, [scope]);
    await removeCards(ctx.api, chat, cards);
    return panel(ctx, chat);
  },
  l: async (ctx, chat) => {
    const rows = ctx.links.profile.languages.map((tag) => [
      button(locales[tag].name, buttonData.channel(chat, `L:${tag}`)),
    ]);
    return ctx.text("bot.channel.language", {}, rows);
  },
  async L(ctx, chat, tag) {
    const chosen = ctx.links.profile.languages.find(
      (offered): offered is LocaleTag => offered === tag,
    );
    if (!chosen) return null;
    await ctx.ports.followers.setLanguage(placeOfChannel(chat), chosen);
    return panel(ctx, chat);
  },
  s: (ctx, chat, on) => setManner(ctx, chat, { silent: on === "1" }),
  b: (ctx, chat, on) => setManner(ctx, chat, { brief: on === "1" }),
  p: preview,
  async x(ctx, chat) {
    return ctx.text("bot.channel.forget.sure", {}, [
      [ctx.button("bot.channel.forget", buttonData.channel(chat, "X"))],
    ]);
  },
  async X(ctx, chat) {
    const { pinned = [], ...forgotten } = await ctx.ports.followers.forget(
      placeOfChannel(chat),
    );
    await removeCards(ctx.api, chat, pinned);
    // The deleted cards are visible, and channels have no sharing warning to
    // forget.
    return forgottenMessage(
      { ...forgotten, warned: false },
      "channel",
      ctx.locale,
    );
  },
};

inPrivate.callbackQuery(buttonPattern.channel, async function pressPanel(ctx) {
  const [, id, action, argument = ""] = ctx.match as unknown as [
    string,
    string,
    string,
    string | undefined,
  ];
  const chat = Number(id);
  if (!(await isAdminOf(ctx, chat)))
    return void (await ctx.toast(ctx.say("bot.channel.refused")));
  const shown = await press[action]?.(ctx, chat, argument);
  if (shown) await ctx.show(shown);
});

// A reply to the panel names what the channel follows from now on.
inPrivate.on("message:text").filter(
  (ctx) => buttonUnder(ctx.message.reply_to_message, "channel") !== null,
  async function answerPanel(ctx) {
    const chat = Number(
      buttonUnder(ctx.message.reply_to_message, "channel")?.[1],
    );
    if (!(await isAdminOf(ctx, chat)))
      return void (await ctx.answer(ctx.text("bot.channel.refused")));
    const found = await scopeNamed(
      ctx.ports.cases,
      ctx.message.text,
      ctx.links.profile,
    );
    await ctx.answer(
      found
        ? await followAndShow(ctx, chat, found)
        : ctx.text("bot.follow.nothing"),
    );
  },
);

const inChannel = channels.chatType("channel");

// Any reader can press, and can send data that no button here carries. So a
// press only refreshes a registered card, and the edit queue does that at most
// once a second.
inChannel.callbackQuery(buttonPattern.card, async function pressPostCard(ctx) {
  const { into } = ctx.pressed;
  const card =
    typeof into !== "number"
      ? null
      : await ctx.ports.cards.pressed(
          { chat: ctx.chat.id, message: into },
          null,
        );
  if (!card) await ctx.toast(ctx.say("bot.old"));
});
inChannel.on("callback_query:data", (ctx) => ctx.toast(ctx.say("bot.old")));
