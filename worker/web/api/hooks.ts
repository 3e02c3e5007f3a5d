/** Endpoints for webhooks and for editors' chats. */
import { Refusal } from "../../../shared/failure.ts";
import { MAX_HOOKS } from "../../editing/rules/hooks.ts";
import {
  dispatcherFor,
  ledgerFor,
  requireDispatcher,
  webhooksFor,
} from "../../runtime/bindings.ts";
import { digest } from "../../runtime/digest.ts";
import { botSettings } from "../../runtime/settings.ts";
import { invalidField } from "./request.ts";
import type { Handlers } from "./router.ts";

export const hookHandlers = {
  listHooks: async (c) =>
    c.json({ hooks: await webhooksFor(c.env).hooks.list() }),
  async addHook(c, { body }) {
    const hooks = webhooksFor(c.env).hooks;
    const editor = c.get("editor");
    const added = await hooks.add(body, {
      editor,
      passkey: c.get("identity").passkey,
    });
    if (added === null)
      throw new Refusal({ tag: "too-many-hooks", most: MAX_HOOKS });
    if ("fault" in added) throw invalidField("/url", `must ${added.fault}`);
    try {
      await ledgerFor(c.env).editors.recordHook(
        "hook-add",
        editor,
        digest(added.id),
      );
    } catch (error) {
      // No webhook without a line in the log.
      await hooks.remove(added.id);
      throw error;
    }
    return c.json(added, 201);
  },
  async removeHook(c, { params: { id } }) {
    const hooks = webhooksFor(c.env).hooks;
    if (!(await hooks.list()).some((hook) => hook.id === id))
      throw new Refusal({ tag: "unknown-hook", id });
    await ledgerFor(c.env).editors.recordHook(
      "hook-remove",
      c.get("editor"),
      digest(id),
    );
    await hooks.remove(id);
    return c.body(null, 204);
  },
  async takeOverHook(c, { params: { id } }) {
    const { editor, passkey } = c.get("identity");
    const { hooks } = webhooksFor(c.env);
    if (!(await hooks.list()).some((hook) => hook.id === id))
      throw new Refusal({ tag: "unknown-hook", id });
    await ledgerFor(c.env).editors.recordHook("hook-add", editor, digest(id));
    return c.json(await hooks.takeOver(id, { editor, passkey }), 201);
  },
  async replayHook(c, { params: { id }, body }) {
    if (!(await webhooksFor(c.env).hooks.replay(id, body.from)))
      throw new Refusal({ tag: "unknown-hook", id });
    return c.body(null, 204);
  },

  listDeskChats: async (c) =>
    c.json({
      bot: botSettings(c.env)?.info.username ?? null,
      chats: (await dispatcherFor(c.env)?.deskChats.list()) ?? [],
    }),
  async newDeskCode(c) {
    const { editor, passkey } = c.get("identity");
    return c.json(
      await requireDispatcher(c.env).deskChats.newCode({ editor, passkey }),
      201,
    );
  },
  async removeDeskChat(c, { params: { id } }) {
    const dispatcher = requireDispatcher(c.env);
    if (!(await dispatcher.deskChats.list()).some((chat) => chat.id === id))
      throw new Refusal({ tag: "unknown-chat", id });
    await ledgerFor(c.env).editors.recordHook(
      "chat-remove",
      c.get("editor"),
      digest(id),
    );
    await dispatcher.deskChats.remove(id);
    return c.body(null, 204);
  },
} satisfies Partial<Handlers>;
