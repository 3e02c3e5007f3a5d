/**
 * The chats of the stand-in: private ones, groups and channels. Responses are JSON.
 *
 *   GET  /chat?chat=1&after=VERSION   -> {version, bot, messages, notices}
 *        With `after`, waits up to 25 s for a newer version; without it, responds at once.
 *        messages, oldest first, with edits applied and without deleted ones: see `Message`
 *        notices: the short answers to button presses: {date (ms), text, alert: boolean}
 *   POST /chat/send   {chat?, user?, text, language?, topic?}   sends a message, such as "/case ua-0-00" -> {id}
 *   POST /chat/press  {chat?, user?, message, data, language?}  presses an inline button by its callback_data -> {}
 *   POST /chat/update {update}                                  sends any other update -> {}
 *   POST /chat/member {chat, user, status}   sets a member's status; getChatAdministrators lists "administrator" and "creator" -> {}
 *   POST /chat/post   {chat, text}           an administrator posts in a channel -> {id}
 *   GET  /chat/pinned?chat=CHAT              -> ids of the pinned messages, newest first
 *
 * `chat` defaults to 1, the local user's private chat; `user`, the member of a group who writes or presses, to the chat; `language`, the
 * user's Telegram language, to "en". A chat becomes a channel with its first /chat/post; any other negative id is a supergroup.
 */
import { setTimeout as wait } from "node:timers/promises";
import { contentOf, type Json, lookOf, MAX_MESSAGE_LENGTH, Refused, type StandInTools } from "./stand-in-api.ts";

const LOCAL_USER = 1;
const LONG_POLL_MS = 25_000;

export interface ChatMessage {
  id: number;
  from: "user" | "bot";
  /** In milliseconds. */
  date: number;
  text: string;
  /** Offsets in UTF-16. */
  entities: { type: string; offset: number; length: number }[];
  keyboard: { text: string; callback_data?: string; url?: string }[][];
  silent: boolean;
  edited: boolean;
  /** The texts before each edit, and the instants of the edits. */
  earlier: { until: number; text: string }[];
  topic?: number;
}

/** The messages of all chats, by chat and id. */
export type Messages = Map<string, ChatMessage & { chat: number }>;

/** The entities of a text that begins with a command. */
function commandIn(text: string): ChatMessage["entities"] {
  const command = /^\/\w+(@\w+)?/.exec(text)?.[0];
  return command ? [{ type: "bot_command", offset: 0, length: command.length }] : [];
}

export function standInChats({ app, bot, person, enqueue, closing }: StandInTools, messages: Messages) {
  const members = new Map<string, string>();
  const channels = new Set<number>();
  const pinned = new Map<number, number[]>();
  const notices: { chat: number; date: number; text: string; alert: boolean }[] = [];
  const presses = new Map<string, number>();
  let nextMessage = 1;
  let nextPress = 1;

  let version = 0;
  let change = Promise.withResolvers<void>();
  const changed = () => {
    version++;
    change.resolve();
    change = Promise.withResolvers<void>();
  };
  closing.addEventListener("abort", changed);

  const keyOf = (chat: number, id: number) => `${chat} ${id}`;
  const add = (message: Pick<ChatMessage, "from" | "text"> & Partial<ChatMessage> & { chat: number }) => {
    const id = nextMessage++;
    const standard = { entities: [], keyboard: [], silent: false, edited: false, earlier: [] };
    const added = { ...standard, ...message, id, date: Date.now() };
    messages.set(keyOf(message.chat, id), added);
    changed();
    return added;
  };
  const remove = (chat: number, id: number) => {
    const isFound = messages.delete(keyOf(chat, id));
    if (isFound) changed();
    return isFound;
  };

  const chatOf = (chat: number, topic?: number): Json =>
    chat > 0
      ? { id: chat, type: "private", first_name: "Local reader" }
      : channels.has(chat)
        ? { id: chat, type: "channel", title: "Local channel" }
        : { id: chat, type: "supergroup", title: "Local group", ...(topic === undefined ? {} : { is_forum: true }) };

  /** A message as in updates and answers. */
  const asTelegrams = ({ id, date, chat, text, entities, keyboard, topic }: ChatMessage & { chat: number }): Json => ({
    message_id: id,
    date: Math.floor(date / 1000),
    chat: chatOf(chat, topic),
    text,
    ...(entities.length > 0 ? { entities } : {}),
    ...(keyboard.length > 0 ? { reply_markup: { inline_keyboard: keyboard } } : {}),
    ...(topic === undefined ? {} : { message_thread_id: topic, is_topic_message: true }),
  });

  app.get("/chat", async function showChat(c) {
    const { chat: asked = LOCAL_USER, after } = c.req.query();
    if (after !== undefined && Number(after) >= version)
      await Promise.race([change.promise, wait(LONG_POLL_MS, undefined, { ref: false })]);
    const own = <T extends { chat: number }>(list: Iterable<T>) =>
      [...list].filter(({ chat }) => chat === Number(asked)).map(({ chat: _, ...rest }) => rest);
    return c.json({ version, bot, messages: own(messages.values()), notices: own(notices) });
  });

  app.post("/chat/send", async function sendText(c) {
    const { chat = LOCAL_USER, user = chat, text, language = "en", topic } = await c.req.json();
    if (typeof text !== "string" || text.trim() === "" || text.length > MAX_MESSAGE_LENGTH)
      return c.json({ message: `text must have 1 to ${MAX_MESSAGE_LENGTH} characters` }, 400);
    const sent = add({ from: "user", chat, text, entities: commandIn(text), topic });
    enqueue({ message: { ...asTelegrams(sent), from: person(user, language) } });
    return c.json({ id: sent.id });
  });

  app.post("/chat/press", async function pressButton(c) {
    const { chat = LOCAL_USER, user = chat, message, data, language = "en" } = await c.req.json();
    const shown = messages.get(keyOf(chat, message));
    if (shown?.from !== "bot") return c.json({ message: "there is no such message" }, 404);
    const id = `chat ${nextPress++}`;
    presses.set(id, chat);
    const pressed = { id, from: person(user, language), chat_instance: "1", data };
    enqueue({ callback_query: { ...pressed, message: { ...asTelegrams(shown), from: bot } } });
    return c.json({});
  });

  app.post("/chat/update", async function sendUpdate(c) {
    enqueue((await c.req.json()).update);
    return c.json({});
  });

  app.post("/chat/member", async function setMember(c) {
    const { chat, user, status } = await c.req.json();
    members.set(`${chat} ${user}`, status);
    return c.json({});
  });

  app.post("/chat/post", async function postInChannel(c) {
    const { chat, text } = await c.req.json();
    channels.add(chat);
    const sent = add({ from: "user", chat, text, entities: commandIn(text) });
    enqueue({ channel_post: { ...asTelegrams(sent), sender_chat: chatOf(chat) } });
    return c.json({ id: sent.id });
  });

  app.get("/chat/pinned", (c) => c.json(pinned.get(Number(c.req.query("chat"))) ?? []));

  /** Edits a message, or only its buttons. */
  function edit(body: Json): Json {
    const message = messages.get(keyOf(body.chat_id, body.message_id));
    if (message?.from !== "bot") throw new Refused("message to edit not found");
    const { text, entities } = message;
    const isText = body.text !== undefined;
    const content = contentOf(isText ? body : { ...body, text, entities });
    if (lookOf(content) === lookOf(message))
      throw new Refused(
        "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
      );
    if (isText) message.earlier.push({ until: Date.now(), text });
    Object.assign(message, content, { edited: message.earlier.length > 0 });
    changed();
    return asTelegrams(message);
  }

  /** Methods of the Bot API. */
  return {
    sendMessage: (body: Json) =>
      asTelegrams(
        add({
          from: "bot",
          chat: Number(body.chat_id),
          ...contentOf(body),
          silent: Boolean(body.disable_notification),
          topic: body.message_thread_id,
        }),
      ),
    editMessageText: edit,
    editMessageReplyMarkup: edit,
    deleteMessage({ chat_id: chat, message_id: id }: Json) {
      if (remove(chat, id)) return true;
      throw new Refused("message to delete not found");
    },
    // Like Telegram, it skips messages that don't exist.
    deleteMessages({ chat_id: chat, message_ids: ids }: Json) {
      for (const id of ids) remove(chat, id);
      return true;
    },
    pinChatMessage({ chat_id: chat, message_id: id }: Json) {
      pinned.set(chat, [id, ...(pinned.get(chat) ?? []).filter((other) => other !== id)]);
      return true;
    },
    unpinChatMessage({ chat_id: chat, message_id: id }: Json) {
      const left = (pinned.get(chat) ?? []).filter((other) => other !== id);
      pinned.set(chat, left);
      return true;
    },
    sendChatAction: () => true,
    getChatAdministrators: ({ chat_id: chat }: Json) =>
      [...members].flatMap(([member, status]) => {
        const [where, id] = member.split(" ").map(Number);
        const user = { id, is_bot: false, first_name: "Local reader" };
        return where === Number(chat) && /^(administrator|creator)$/.test(status) ? [{ user, status }] : [];
      }),
    answerCallbackQuery({ callback_query_id: id, text, show_alert: alert = false }: Json) {
      const chat = presses.get(id);
      // Only the first answer to a press is shown. The bot may repeat it when the response was lost.
      presses.delete(id);
      if (chat !== undefined && text) {
        notices.push({ chat, date: Date.now(), text, alert });
        changed();
      }
      return true;
    },
  };
}
