/** Passes WebSocket upgrades to a Channel of a case. */
import { Refusal } from "../../../shared/failure.ts";
import { counts } from "../../reads/counts.ts";
import { leased } from "../../reads/leased.ts";
import { channelFor } from "../../runtime/bindings.ts";
import { channelShardsOf, socketsPerAddressOf } from "../../runtime/settings.ts";
import type { Handlers } from "./router.ts";
import { clientHash, shardOf } from "./socket-client.ts";

export const liveHandlers = {
  async live(c, { query: { case: id, lang, revision } }) {
    if (c.req.header("Upgrade")?.toLowerCase() !== "websocket") throw new Refusal({ tag: "not-an-upgrade" });
    // Don't create a Durable Object for an unknown id.
    const { value } = await leased(c, (reads) => reads.leasedCase(id));
    if (value.state === "absent") throw new Refusal({ tag: "unknown-case", id });
    const client = clientHash(c.env, id, c.req.header("CF-Connecting-IP") ?? "local");
    const address = new URL(c.req.url);
    address.search = new URLSearchParams({ lang, revision: String(revision), client }).toString();
    // The Channel needs none of the client's headers, and never sees its IP address.
    const request = new Request(address, { headers: { Upgrade: "websocket" } });
    const answer = await channelFor(c.env, id, shardOf(client, channelShardsOf(c.env))).fetch(request);
    if (answer.status === 429) throw new Refusal({ tag: "too-many-sockets", limit: socketsPerAddressOf(c.env) });
    counts.add("socketsOpened");
    return answer;
  },
} satisfies Partial<Handlers>;
