/**
 * Validates updates from Telegram's webhook and decides which rate limits they
 * count against.
 */
import type { ChatMemberUpdated, Message, Update } from "grammy/types";
import * as v from "valibot";
import { allowedUpdates } from "../../../bot/menu.ts";
import type { Charge } from "../../objects/dispatcher/rate-limiter.ts";

const id = v.pipe(v.number(), v.safeInteger());
const tag = v.optional(v.pipe(v.string(), v.maxLength(35)));
const chat = v.looseObject({
  id,
  type: v.picklist(["private", "group", "supergroup", "channel"]),
});
const user = v.looseObject({ id, is_bot: v.boolean(), language_code: tag });
const text = v.optional(v.pipe(v.string(), v.maxLength(16_384)));
const entities = v.optional(
  v.pipe(
    v.array(v.looseObject({ type: v.string(), offset: id, length: id })),
    v.maxLength(500),
  ),
);
const message = v.looseObject({
  message_id: id,
  chat,
  from: v.optional(user),
  text,
  entities,
});

const Shape = v.looseObject({
  update_id: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  message: v.optional(message),
  edited_message: v.optional(message),
  guest_message: v.optional(
    v.looseObject({
      ...message.entries,
      from: user,
      guest_query_id: v.string(),
    }),
  ),
  callback_query: v.optional(
    v.looseObject({
      id: v.string(),
      from: user,
      message: v.optional(v.looseObject({ message_id: id, chat })),
      inline_message_id: v.optional(v.string()),
      data: v.optional(v.pipe(v.string(), v.maxLength(64))),
    }),
  ),
  inline_query: v.optional(
    v.looseObject({
      id: v.string(),
      from: user,
      query: v.string(),
      offset: v.string(),
    }),
  ),
  chosen_inline_result: v.optional(
    v.looseObject({ result_id: v.string(), from: user }),
  ),
  my_chat_member: v.optional(
    v.looseObject({
      chat,
      from: user,
      new_chat_member: v.looseObject({ status: v.string() }),
    }),
  ),
});

/**
 * @returns null when the body is not an update, or not of a kind that the bot
 * handles
 */
export function parseUpdate(body: unknown): Update | null {
  if (
    !v.is(Shape, body) ||
    !allowedUpdates.some((kind) => body[kind] !== undefined)
  )
    return null;
  // Words that were mended are answered like new ones. A live location is
  // edited at every step, and has none.
  const { edited_message: edited, ...update } = body as unknown as Update;
  if (!edited) return update;
  return edited.text || edited.caption
    ? { ...update, message: edited as Message & Update.NonChannel }
    : null;
}

/**
 * Commands by which administrators change what a chat follows. Members'
 * questions don't use up their budget.
 */
const CHANGES = /^\/(?:follow|unfollow|stop|settings|language|desk)\b/i;

/**
 * True when the bot was added to a group, where it says hello. A removal must
 * never be dropped: it deletes the group's data.
 */
const isHello = (
  member: Update["my_chat_member"],
): member is ChatMemberUpdated =>
  (member?.chat.type === "group" || member?.chat.type === "supergroup") &&
  ["member", "administrator"].includes(member.new_chat_member.status) &&
  ["left", "kicked"].includes(member.old_chat_member?.status);

/**
 * The budgets that an update counts against: the sender's in this chat. A
 * command in a group also counts against the group's, which limits the number
 * of answers there, the sender's in all groups, and that of all groups. /forget
 * and the commands of administrators have budgets of their own, so that other
 * commands can't block them. Empty for updates that no person asked for.
 */
export function chargesOf(update: Update): Charge[] {
  const {
    message,
    callback_query: press,
    inline_query: query,
    guest_message: guest,
  } = update;
  const everyone = { sender: "everyone", cost: 1, limit: "everyone" as const };
  const of = (from: number | string) => ({
    sender: `${from} everywhere`,
    cost: 1,
    limit: "everywhere" as const,
  });
  const asked = message ?? press ?? query ?? guest;
  if (!asked)
    return isHello(update.my_chat_member)
      ? [of(update.my_chat_member.from.id), everyone]
      : [];
  const { id: chat = "inline", type = "private" } =
    (message ?? press?.message)?.chat ?? {};
  // All anonymous administrators, and all channels that write in groups, have
  // the same user.
  const from =
    message?.sender_chat?.id ??
    (message ?? press ?? query ?? guest)?.from?.id ??
    "channel";
  const said = message?.text ?? "";
  const sender = `${chat} ${from}`;
  const isGroup = type === "group" || type === "supergroup";
  const commands = said.startsWith("/") && isGroup;
  const limit = commands ? ("member" as const) : undefined;
  if (/^\/forget\b/i.test(said))
    return [{ sender: `${sender} forget`, cost: 1, limit }];
  const everywhere = of(from);
  if (!commands)
    return [
      { sender, cost: query ? 0.1 : 1 },
      ...(press && isGroup ? [everywhere] : []),
    ];
  if (CHANGES.test(said))
    return [
      { sender: `${sender} changes`, cost: 1, limit },
      everywhere,
      everyone,
    ];
  return [
    { sender: `${sender} commands`, cost: 1, limit },
    { sender: `${chat} commands`, cost: 1, limit: "group" },
    everywhere,
    everyone,
  ];
}
