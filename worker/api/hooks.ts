/** Endpoints for webhooks. */
import { Refusal } from "../../shared/failure.ts";
import { webhooksFor } from "../bindings.ts";
import { MAX_HOOKS } from "../editorial/hooks.ts";
import type { Handlers } from "./router.ts";

export const hookHandlers = {
  listHooks: async (c) => c.json({ hooks: await webhooksFor(c.env).list() }),
  async addHook(c, { body }) {
    const added = await webhooksFor(c.env).add(body, c.get("editor"));
    if (added === null) throw new Refusal({ tag: "too-many-hooks", most: MAX_HOOKS });
    if ("fault" in added)
      throw new Refusal({ tag: "invalid-case", issues: [{ pointer: "/url", message: `must ${added.fault}` }] });
    return c.json(added, 201);
  },
  async removeHook(c, { params: { id } }) {
    if (!(await webhooksFor(c.env).remove(id))) throw new Refusal({ tag: "unknown-hook", id });
    return c.body(null, 204);
  },
  async replayHook(c, { params: { id }, body }) {
    if (!(await webhooksFor(c.env).replay(id, body.from))) throw new Refusal({ tag: "unknown-hook", id });
    return c.body(null, 204);
  },
} satisfies Partial<Handlers>;
