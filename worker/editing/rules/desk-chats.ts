/** Editors' chats as the desk sees them. */
import * as v from "valibot";
import { described } from "../../../shared/described.ts";

/** The most Telegram groups that hear of proposals. */
export const MAX_DESK_CHATS = 20;
export const DESK_CODE_MS = 10 * 60_000;

export const DeskChat = v.object({
  id: described(v.string(), "Our own; Telegram's id is never shown"),
  editor: described(v.string(), "Who made the code that linked it"),
  added: v.string(),
});
export type DeskChat = v.InferOutput<typeof DeskChat>;

export const DeskChats = v.object({
  bot: described(
    v.nullable(v.string()),
    "The bot's user name; null in a deployment without a bot",
  ),
  chats: v.array(DeskChat),
});
export type DeskChats = v.InferOutput<typeof DeskChats>;

export const DeskCode = v.object({
  code: described(
    v.string(),
    "An administrator of the group sends it there, as /desk and the code; it works once",
  ),
  expires: v.string(),
});
export type DeskCode = v.InferOutput<typeof DeskCode>;
