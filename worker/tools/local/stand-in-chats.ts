/**
 * Groups and channels for the stand-in, whose package supports private chats only. Responses are JSON.
 *
 *   POST /chat/member {chat, user, status, channel?}   sets a member's status; getChatAdministrators lists "administrator" and
 *        "creator"; with `channel`, the chat is a channel -> {}
 *   GET  /chat/pinned?chat=CHAT   -> ids of the pinned messages, newest first
 *
 * /chat/send and /chat/press also accept `user`, the member of a group who writes or presses. Any other
 * negative id is a supergroup. The bot may pin, unpin and delete messages.
 */
import type { Json } from "./stand-in-limits.ts";

/** The entities of a text that begins with a command. */
export function commandIn(text: string): Json[] {
  const command = /^\/\w+(@\w+)?/.exec(text)?.[0];
  return command ? [{ type: "bot_command", offset: 0, length: command.length }] : [];
}

/** @param remove takes a message from the history; false when there is no such message */
export function groupsAndChannels(remove: (chat: number, id: number) => boolean) {
  const members = new Map<string, string>();
  const channels = new Set<number>();
  const pinned = new Map<number, number[]>();

  const chatOf = (chat: number, topic?: number): Json =>
    chat > 0
      ? { id: chat, type: "private", first_name: "Local reader" }
      : channels.has(chat)
        ? { id: chat, type: "channel", title: "Local channel" }
        : { id: chat, type: "supergroup", title: "Local group", ...(topic === undefined ? {} : { is_forum: true }) };

  return {
    chatOf,
    /** Handles a call of the Bot API. @returns false when the call is not about groups or channels */
    handle(method: string, body: Json, response: Json): boolean {
      const chat = Number(body.chat_id);
      const message = Number(body.message_id);
      const done = (result: Json) => {
        response.json({ ok: true, result });
        return true;
      };
      switch (method) {
        case "getChatAdministrators":
          return done(
            [...members].flatMap(([member, status]) => {
              const [where, id] = member.split(" ").map(Number);
              const user = { id, is_bot: false, first_name: "Local reader" };
              return where === chat && /^(administrator|creator)$/.test(status) ? [{ user, status }] : [];
            }),
          );
        case "pinChatMessage":
          pinned.set(chat, [message, ...(pinned.get(chat) ?? []).filter((id) => id !== message)]);
          return done(true);
        case "unpinChatMessage":
          pinned.set(
            chat,
            (pinned.get(chat) ?? []).filter((id) => id !== message),
          );
          return done(true);
        case "deleteMessage":
          return remove(chat, message) && done(true);
        // Like Telegram, it skips messages that don't exist.
        case "deleteMessages":
          for (const id of body.message_ids) remove(chat, Number(id));
          return done(true);
        case "sendChatAction":
          return done(true);
        default:
          return false;
      }
    },
    routes(app: Json): void {
      app.post("/chat/member", (request: Json, response: Json) => {
        const { chat, user, status, channel } = request.body;
        if (channel) channels.add(chat);
        members.set(`${chat} ${user}`, status);
        response.json({});
      });
      app.get("/chat/pinned", (request: Json, response: Json) =>
        response.json(pinned.get(Number(request.query.chat)) ?? []),
      );
    },
  };
}
