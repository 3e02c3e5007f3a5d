/**
 * Groups and channels for the stand-in, which knows private chats only: all of this is ours. Everything answers JSON.
 *
 *   POST /chat/member {chat, user, status}   who getChatAdministrators names: users whose status is "administrator" or "creator" -> {}
 *   POST /chat/post   {chat, text}           an administrator posts in a channel; its members read on -> {id}
 *   GET  /chat/pinned?chat=CHAT              -> ids of the pinned messages, newest first
 *
 * /chat/send and /chat/press take `user` too: who of a group writes or presses. A chat is a channel once something was posted
 * in it by /chat/post, else a negative id is a supergroup. The bot may pin, unpin and delete; a post it deletes is gone.
 */

// biome-ignore lint/suspicious/noExplicitAny: the foreign server's requests and messages are untyped JSON
type Json = any;

export interface ChatsTools {
  /** Hands an update to the webhook. */
  enqueue(update: Json): void;
  /** Puts what was posted into the chat's history. */
  show(chat: number, id: number, text: string, entities: Json[]): void;
  /** Takes a user's message out of the history. @returns whether it was there */
  remove(chat: number, id: number): boolean;
}

/** What Telegram marks in a text that begins with a command. */
export function commandIn(text: string): Json[] {
  const command = /^\/\w+(@\w+)?/.exec(text)?.[0];
  return command ? [{ type: "bot_command", offset: 0, length: command.length }] : [];
}

export function chatsWithMany({ enqueue, show, remove }: ChatsTools) {
  const members = new Map<string, string>();
  const channels = new Set<number>();
  const pinned = new Map<number, number[]>();
  // Far from the stand-in's own numbers, which start at one.
  let nextPost = 1_000_000_000;

  const place = (chat: number, topic?: number): Json =>
    chat > 0
      ? { id: chat, type: "private", first_name: "Local reader" }
      : channels.has(chat)
        ? { id: chat, type: "channel", title: "Local channel" }
        : { id: chat, type: "supergroup", title: "Local group", ...(topic === undefined ? {} : { is_forum: true }) };

  return {
    place,
    /** @returns whether the call was answered here */
    take(method: string, body: Json, response: Json): boolean {
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
        enqueue({ channel_post: { ...post, chat: place(chat), sender_chat: place(chat) } });
        response.json({ id });
      });
      app.get("/chat/pinned", (request: Json, response: Json) =>
        response.json(pinned.get(Number(request.query.chat)) ?? []),
      );
    },
  };
}
