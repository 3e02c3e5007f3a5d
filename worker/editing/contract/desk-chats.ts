/** Routes for editors' chats: Telegram groups that hear what happens to proposals. */
import { paths } from "../../../shared/addresses.ts";
import { DeskChats, DeskCode } from "../rules/desk-chats.ts";
import { route } from "./route.ts";

const edited = { access: "editor", keep: "never", role: "administrator", scope: "operate" } as const;

export const deskChatRoutes = {
  listDeskChats: route({
    ...edited,
    method: "GET",
    path: paths.deskChats,
    summary: "Telegram groups of editors, which hear what happens to proposals",
    answers: { 200: { description: "The groups, without their names and ids", schema: DeskChats } },
  }),
  newDeskCode: route({
    ...edited,
    method: "POST",
    path: paths.deskChats,
    summary: "Make a code that links a Telegram group, once and within ten minutes",
    answers: { 201: { description: "The code, shown only once", schema: DeskCode } },
    refuses: ["no-bot"],
  }),
  removeDeskChat: route({
    ...edited,
    method: "DELETE",
    path: paths.deskChat,
    summary: "Unlink a group, and delete what waits for it",
    answers: { 204: { description: "Unlinked" } },
    refuses: ["unknown-chat", "no-bot"],
  }),
} as const;
