/** Random updates of the Telegram Bot API. */
import fc from "fast-check";
import { buttonPattern } from "../../bot/button-data.ts";
import { CASE_ID } from "../../shared/case/id.ts";
import { caseIds, mixed, text } from "./values.ts";

const CHATS = {
  private: 501,
  group: -502,
  supergroup: -1_000_000_000_503,
  channel: -1_000_000_000_504,
} as const;

const chat = fc
  .constantFrom(...Object.entries(CHATS))
  .map(([type, id]) => ({ id, type, title: "Invented chat" }));
const from = fc.record({
  id: fc.constantFrom(501, 505),
  is_bot: fc.constantFrom(false, false, false, true),
  first_name: fc.constant("Invented"),
  language_code: fc.constantFrom("en", "uk", "ar", "xx", "zh-hans", ""),
});
const commands =
  "start help follow unfollow cases stop forget settings language case privacy act channel desk".split(
    " ",
  );
const said = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(...commands),
      fc.oneof(fc.constantFrom("", ...caseIds, "UA 1/00", "ua", "all"), text),
    )
    .map(([command, rest]) => `/${command} ${rest}`.trim()),
  fc.constantFrom(
    ...caseIds,
    "UA 1/00",
    "Invented Person One",
    "https://casewire.test/cases/ua-1-00",
  ),
  text,
);
const message = fc
  .record({
    message_id: fc.nat({ max: 9_999 }),
    date: fc.constant(1_700_000_000),
    chat,
    from,
    text: said,
  })
  .map((sent) => {
    const command = /^\/\w+/.exec(sent.text)?.[0];
    return {
      ...sent,
      entities: command
        ? [{ type: "bot_command", offset: 0, length: command.length }]
        : [],
    };
  });
/** The data of any button, of cases that there are. */
const buttons = Object.values(buttonPattern).map(({ source }) =>
  fc.stringMatching(new RegExp(source.replaceAll(CASE_ID, caseIds.join("|")))),
);
const data = fc.oneof(...buttons, text);
const status = fc.constantFrom(
  "member",
  "kicked",
  "left",
  "administrator",
  "x",
);

const pressed = {
  id: fc.string({ maxLength: 10 }),
  from,
  chat_instance: fc.constant("1"),
  data,
};
const inline_message_id = fc.constant("x");
const asked = { id: fc.constant("1"), from, query: said, offset: text };
const chosen = {
  result_id: text,
  from,
  query: fc.constant(""),
  inline_message_id,
};
const changed = {
  ...{ chat, from, date: fc.constant(1) },
  old_chat_member: fc.constant({ status: "left" }),
  new_chat_member: fc.record({ status, user: from }),
};

const kind = mixed<object>(
  [6, fc.record({ message })],
  [2, fc.record({ callback_query: fc.record({ ...pressed, message }) })],
  [
    1,
    fc.record({ callback_query: fc.record({ ...pressed, inline_message_id }) }),
  ],
  [2, fc.record({ inline_query: fc.record(asked) })],
  [1, fc.record({ chosen_inline_result: fc.record(chosen) })],
  [1, fc.record({ my_chat_member: fc.record(changed) })],
);
export const update = fc
  .tuple(fc.nat({ max: 1e9 }), kind)
  .map(
    ([update_id, kind]) =>
      JSON.parse(JSON.stringify({ update_id, ...kind })) as fc.JsonValue,
  );
