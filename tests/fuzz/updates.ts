/** Random updates of the Telegram Bot API. */
import fc from "fast-check";
import { buttonPattern } from "../../bot/button-data.ts";
import { CASE_ID } from "../../shared/case/id.ts";
import { caseIds, text } from "./values.ts";

const CHATS = { private: 501, group: -502, supergroup: -1_000_000_000_503, channel: -1_000_000_000_504 } as const;

const chat = fc.constantFrom(...Object.entries(CHATS)).map(([type, id]) => ({ id, type, title: "Invented chat" }));
const from = fc.record({
  id: fc.constantFrom(501, 505),
  is_bot: fc.constantFrom(false, false, false, true),
  first_name: fc.constant("Invented"),
  language_code: fc.constantFrom("en", "uk", "ar", "xx", "zh-hans", ""),
});
const commands = "start help follow unfollow cases stop forget settings language case privacy act channel desk".split(
  " ",
);
const said = fc.oneof(
  fc
    .tuple(fc.constantFrom(...commands), fc.oneof(fc.constantFrom("", ...caseIds, "UA 1/00", "ua", "all"), text))
    .map(([command, rest]) => `/${command} ${rest}`.trim()),
  fc.constantFrom(...caseIds, "UA 1/00", "Invented Person One", "https://casewire.test/cases/ua-1-00"),
  text,
);
const message = fc
  .record({ message_id: fc.nat({ max: 9_999 }), date: fc.constant(1_700_000_000), chat, from, text: said })
  .map((sent) => {
    const command = /^\/\w+/.exec(sent.text)?.[0];
    return { ...sent, entities: command ? [{ type: "bot_command", offset: 0, length: command.length }] : [] };
  });
/** The data of any button, of cases that there are. */
const buttons = Object.values(buttonPattern).map(({ source }) =>
  fc.stringMatching(new RegExp(source.replaceAll(CASE_ID, caseIds.join("|")))),
);
const data = fc.oneof(...buttons, text);
const status = fc.constantFrom("member", "kicked", "left", "administrator", "x");

const update_id = fc.nat({ max: 1e9 });
const pressed = { id: fc.string({ maxLength: 10 }), from, chat_instance: fc.constant("1"), data };
const inline_message_id = fc.constant("x");

export const update = fc
  .oneof(
    { weight: 6, arbitrary: fc.record({ update_id, message }) },
    { weight: 1, arbitrary: fc.record({ update_id, channel_post: message }) },
    { weight: 2, arbitrary: fc.record({ update_id, callback_query: fc.record({ ...pressed, message }) }) },
    { weight: 1, arbitrary: fc.record({ update_id, callback_query: fc.record({ ...pressed, inline_message_id }) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        update_id,
        inline_query: fc.record({ id: fc.constant("1"), from, query: said, offset: text }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        update_id,
        chosen_inline_result: fc.record({ result_id: text, from, query: fc.constant(""), inline_message_id }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ update_id, chat, from, status }).map(({ update_id, chat, from, status }) => ({
        update_id,
        my_chat_member: {
          ...{ chat, from, date: 1, old_chat_member: { status: "left" } },
          new_chat_member: { status, user: from },
        },
      })),
    },
  )
  .map((one) => JSON.parse(JSON.stringify(one)) as fc.JsonValue);
