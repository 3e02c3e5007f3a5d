/** Random updates of the Telegram Bot API. */
import fc from "fast-check";
import { caseIds, text } from "./values.ts";

const CHATS = { private: 501, group: -502, supergroup: -1_000_000_000_503, channel: -1_000_000_000_504 } as const;

const chat = fc.constantFrom(...Object.entries(CHATS)).map(([type, id]) => ({ id, type, title: "Invented chat" }));
const from = fc.record({
  id: fc.constantFrom(501, 505),
  is_bot: fc.constantFrom(false, false, false, true),
  first_name: fc.constant("Invented"),
  language_code: fc.constantFrom("en", "uk", "ar", "xx", "zh-hans", ""),
});
const commands = [
  "start",
  "help",
  "follow",
  "unfollow",
  "list",
  "stop",
  "forget",
  "settings",
  "language",
  "case",
  "search",
  "privacy",
  "share",
  "act",
  "desk",
];
const said = fc.oneof(
  fc
    .tuple(fc.constantFrom(...commands), fc.oneof(fc.constantFrom("", ...caseIds, "UA 1/00", "ua", "all"), text))
    .map(([command, rest]) => `/${command} ${rest}`.trim()),
  fc.constantFrom(...caseIds, "UA 1/00", "Invented Person One", "https://casewire.test/cases/ua-1-00"),
  text,
);
const message = fc.tuple(chat, from, said, fc.nat({ max: 9_999 })).map(([chat, from, text, message_id]) => {
  const command = /^\/\w+/.exec(text)?.[0];
  const entities = command ? [{ type: "bot_command", offset: 0, length: command.length }] : [];
  return { message_id, date: 1_700_000_000, chat, from, text, entities };
});
const data = fc.oneof(
  fc
    .tuple(
      fc.constantFrom("follow", "unfollow", "lang", "view", "f", "u", "l", "c", "s", "p"),
      fc.constantFrom(":", "|", " "),
      fc.constantFrom(...caseIds, "en", "1", ""),
    )
    .map((parts) => parts.join("")),
  text,
);

export const update = fc
  .tuple(
    fc.nat({ max: 1e9 }),
    fc.oneof(
      { weight: 6, arbitrary: message.map((message) => ({ message })) },
      { weight: 1, arbitrary: message.map((channel_post) => ({ channel_post })) },
      {
        weight: 3,
        arbitrary: fc
          .tuple(fc.string({ maxLength: 10 }), from, fc.option(message, { nil: undefined }), data)
          .map(([id, from, message, data]) => ({
            callback_query: {
              id,
              from,
              chat_instance: "1",
              data,
              ...(message ? { message } : { inline_message_id: "x" }),
            },
          })),
      },
      {
        weight: 2,
        arbitrary: fc
          .tuple(from, said, text)
          .map(([from, query, offset]) => ({ inline_query: { id: "1", from, query, offset } })),
      },
      {
        weight: 1,
        arbitrary: fc.tuple(from, text).map(([from, result_id]) => ({
          chosen_inline_result: { result_id, from, query: "", inline_message_id: "x" },
        })),
      },
      {
        weight: 1,
        arbitrary: fc
          .tuple(chat, from, fc.constantFrom("member", "kicked", "left", "administrator", "x"))
          .map(([chat, from, status]) => ({
            my_chat_member: {
              chat,
              from,
              date: 1,
              old_chat_member: { status: "left" },
              new_chat_member: { status, user: from },
            },
          })),
      },
    ),
  )
  .map(([update_id, rest]) => JSON.parse(JSON.stringify({ update_id, ...rest })) as fc.JsonValue);
