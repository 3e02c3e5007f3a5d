/**
 * Groups and channels for the stand-in, whose package supports private chats only. Responses are JSON.
 *
 *   POST /chat/member {chat, user, status}   sets a member's status; getChatAdministrators lists "administrator" and "creator" -> {}
 *   POST /chat/post   {chat, text}           an administrator posts in a channel -> {id}
 *   GET  /chat/pinned?chat=CHAT              -> ids of the pinned messages, newest first
 *
 * /chat/send and /chat/press also accept `user`, the member of a group who writes or presses. A chat becomes a channel with its first
 * /chat/post; any other negative id is a supergroup. The bot may pin, unpin and delete messages.
 */
import type { Json } from "./stand-in-limits.ts";

export interface ChatsTools {
  /** Sends an update to the webhook. */
  enqueue(update: Json): void;
  /** Adds a post to the chat's history. */
  show(chat: number, id: number, text: string, entities: Json[]): void;
  /** Removes a message from the history. @returns false when there is no such message */
  remove(chat: number, id: number): boolean;
}

/** The entities of a text that begins with a command. */
export function commandIn(text: string): Json[] {
  const command = /^\/\w+(@\w+)?/.exec(text)?.[0];
  return command ? [{ type: "bot_command", offset: 0, length: command.length }] : [];
}

export function groupsAndChannels({ enqueue, show, remove }: ChatsTools) {
  const members = new Map<string, string>();
  const channels = new Set<number>();
  const pinned = new Map<number, number[]>();
  // Far from the ids of the stand-in's package, which start at 1.
  let nextPost = 1_000_000_000;

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
        const { chat, user, status } = request.body;
        members.set(`${chat} ${user}`, status);
        response.json({});
      });
      app.post("/chat/post", (request: Json, response: Json) => {
        const { chat, text } = request.body;
        channels.add(chat);
        const id = nextPost++;
        const entities = commandIn(text);
        show(chat, id, text, entities);
        const post = { message_id: id, date: Math.floor(Date.now() / 1000), text, entities };
        enqueue({ channel_post: { ...post, chat: chatOf(chat), sender_chat: chatOf(chat) } });
        response.json({ id });
      });
      app.get("/chat/pinned", (request: Json, response: Json) =>
        response.json(pinned.get(Number(request.query.chat)) ?? []),
      );
    },
  };
}
