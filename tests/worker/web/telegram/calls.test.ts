/** How often the handling of an update asks the Dispatcher, which handles one call after the other: to claim it, and once more. */
import { env } from "cloudflare:workers";
import type { Update } from "grammy/types";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { buttonData } from "../../../../bot/button-data.ts";
import { handleUpdate, slowDown } from "../../../../worker/web/workshop/bot.ts";
import { backdate } from "../../backdate.ts";
import { askAt, objectThat } from "../../object-that.ts";
import { publish } from "../../publish.ts";
import { deliver } from "./deliver.ts";

const id = "ua-1-00";
const READER = 7301928;
const GROUP = -1_009_000_001;
const CHANNEL = -1_009_000_002;
const from = { id: READER, is_bot: false, first_name: "Invented Reader", language_code: "en" };
const chats = {
  private: { id: READER, type: "private", first_name: "Invented Reader" },
  group: { id: GROUP, type: "supergroup", title: "Invented group" },
  channel: { id: CHANNEL, type: "channel", title: "Invented channel" },
};

/** A Bot API whose every call succeeds, and for which the reader is an administrator everywhere. */
function answerAsTelegram(url: string): Response {
  const method = String(url).split("/").at(-1);
  const message = { message_id: 9, date: 1, chat: chats.private };
  const results: Record<string, unknown> = {
    sendMessage: message,
    getChatAdministrators: [{ user: { ...from, id: reader() }, status: "creator" }],
    answerGuestQuery: { inline_message_id: "guest card" },
  };
  return Response.json({ ok: true, result: results[method ?? ""] ?? true });
}

beforeAll(async () => {
  vi.stubGlobal("fetch", async (url: string) => answerAsTelegram(url));
  await publish(1);
  await backdate();
});
afterAll(() => void vi.unstubAllGlobals());

let number = 100;
/** So many updates come from one reader, whose budget is larger. */
const reader = () => READER + Math.floor((number - 100) / 15);

/** @returns the methods that an update called of the Dispatcher */
async function askedBy(update: object): Promise<string[]> {
  const asked: string[] = [];
  const dispatcher = objectThat((path, given) => {
    asked.push(path);
    return askAt(env.DISPATCHER.getByName("dispatcher"), path, given);
  });
  const bindings = { DISPATCHER: { getByName: () => dispatcher }, WORKSHOP: { handleUpdate, slowDown } };
  const own = JSON.stringify({ update_id: number, ...update }).replaceAll(String(READER), String(reader()));
  const { status } = await deliver(JSON.parse(own), bindings);
  number++;
  expect(status).toBe(200);
  return asked;
}

const entities = (text: string) =>
  text.startsWith("/") ? [{ type: "bot_command", offset: 0, length: text.split(" ")[0]!.length }] : [];
const said = (text: string, chat: object = chats.private, more: object = {}): Partial<Update> => ({
  message: { message_id: 5, date: 1, chat, from, text, entities: entities(text), ...more } as never,
});
const posted = (text: string): Partial<Update> => ({
  channel_post: { message_id: 5, date: 1, chat: chats.channel, text, entities: entities(text) } as never,
});
const panel = { message_id: 9, date: 1, chat: chats.private, text: "Panel" };
const keyboard = (data: string) => ({ inline_keyboard: [[{ text: "Key", callback_data: data }]] });
const press = (data: string, on: object): Partial<Update> => ({
  callback_query: { id: "1", from, chat_instance: "1", data, ...on } as never,
});
const pressed = (data: string, chat: object = chats.private) =>
  press(data, { message: { ...panel, chat, reply_markup: keyboard(data) } });
const onCard = (data: string) => press(data, { inline_message_id: "card" });
const member = (status: string, before: string, chat: object): Partial<Update> => ({
  my_chat_member: { chat, from, date: 1, old_chat_member: { status: before }, new_chat_member: { status } } as never,
});
const toChannel = (action: string) => pressed(buttonData.channel(CHANNEL, action));
const channelPanel = { ...panel, reply_markup: keyboard(buttonData.channel(CHANNEL, "o")) };
const chosen = { from, query: "", inline_message_id: "card" };

it("A repeated update asks it once", async () => {
  await askedBy({ ...said("/help"), update_id: 1 });
  expect(await askedBy({ ...said("/help"), update_id: 1 })).toEqual(["chats.claim"]);
});

it.each<[string, Partial<Update>, string[]]>([
  ["a greeting", said("/start"), ["end"]],
  ["a name", said("Invented Person"), ["end"]],
  ["the list", said("/cases"), ["end"]],
  ["a first follow, which shows the warning", said(`/follow ${id}`), ["end"]],
  ["a follow after the warning", pressed(buttonData.followKnowingly(id)), ["follow"]],
  ["what is followed", said("/following"), ["end"]],
  ["an unfollow in the list", pressed(buttonData.unlist("RU")), ["unfollow"]],
  ["an unfollow by name", said("/unfollow all"), ["unfollow"]],
  ["a setting", pressed(buttonData.manner("quiet")), ["setManner"]],
  ["a language", said("/language uk"), ["setLanguage"]],
  ["an end of all follows", pressed(buttonData.allFollows("stop")), ["unfollow"]],
  ["the consent to share", pressed(buttonData.shareKnowingly(id)), ["allowSharing"]],
  ["a guest", { guest_message: { ...said(id, chats.group).message!, guest_query_id: "1" } as never }, ["shared"]],
  ["a shared card", { chosen_inline_result: { ...chosen, result_id: `${id}:en:1` } as never }, ["shared"]],
  ["a press on it", onCard(buttonData.card("en", id)), ["pressed"]],
  ["its languages", onCard(buttonData.cardLanguages("en", id)), ["kept"]],
  ["an administrator's follow in a group", said(`/follow@casewire_test_bot ${id}`, chats.group), ["end"]],
  ["a group that the bot has joined", member("member", "left", chats.group), ["retry"]],
  ["a group that it has left", member("kicked", "member", chats.group), ["forget"]],
  ["a wrong code for the desk", said("/desk 1234", chats.group), ["linkDesk"]],
  ["a channel's panel", toChannel("o"), ["end"]],
  ["a follow there", toChannel(`F:${id}`), ["pin"]],
  ["another by a reply", said("all", chats.private, { reply_to_message: channelPanel }), ["follow"]],
  ["a command in a channel", posted(`/follow ${id}`), ["pin"]],
  ["an unfollow in a channel", posted(`/unfollow ${id}`), ["unfollow"]],
  ["the end of a chat", said("/forget"), ["forget"]],
])("%s asks it twice", async (_, update, then) => {
  expect(await askedBy(update)).toEqual(["chats.claim", ...then.map((name) => `chats.${name}`)]);
});
