/** Endpoints for editors' chats. */
import { Refusal } from "../../../shared/failure.ts";
import { dispatcherFor, ledgerFor, requireDispatcher } from "../../runtime/bindings.ts";
import { digest } from "../../runtime/digest.ts";
import { botSettings } from "../../runtime/settings.ts";
import type { Handlers } from "./router.ts";

export const deskChatHandlers = {
  listDeskChats: async (c) =>
    c.json({
      bot: botSettings(c.env)?.info.username ?? null,
      chats: (await dispatcherFor(c.env)?.deskChats.list()) ?? [],
    }),
  newDeskCode: async (c) => c.json(await requireDispatcher(c.env).deskChats.newCode(c.get("editor")), 201),
  async removeDeskChat(c, { params: { id } }) {
    const dispatcher = requireDispatcher(c.env);
    if (!(await dispatcher.deskChats.list()).some((chat) => chat.id === id))
      throw new Refusal({ tag: "unknown-chat", id });
    await ledgerFor(c.env).editors.recordHook("chat-remove", c.get("editor"), digest(id));
    await dispatcher.deskChats.remove(id);
    return c.body(null, 204);
  },
} satisfies Partial<Handlers>;
