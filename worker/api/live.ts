/** Passes WebSocket upgrades to the Channel of a case. */
import { Refusal } from "../../shared/failure.ts";
import { channelFor } from "../bindings.ts";
import { leased } from "../reads/leased.ts";
import type { Handlers } from "./router.ts";

export const liveHandlers = {
  async live(c, { query: { case: id, lang, revision } }) {
    if (c.req.header("Upgrade")?.toLowerCase() !== "websocket") throw new Refusal({ tag: "not-an-upgrade" });
    // Don't create a Durable Object for an unknown id.
    const { value } = await leased(c, (reads) => reads.leasedCase(id));
    if (value.state === "absent") throw new Refusal({ tag: "unknown-case", id });
    const address = new URL(c.req.url);
    address.search = new URLSearchParams({ case: id, lang, revision: String(revision) }).toString();
    return channelFor(c.env, id).fetch(new Request(address, c.req.raw));
  },
} satisfies Partial<Handlers>;
