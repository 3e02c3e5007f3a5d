/**
 * Passes WebSocket upgrades to a Channel of a case, and names the client of a
 * socket without its IP address.
 */
import { Refusal } from "../../../shared/failure.ts";
import { counts } from "../../reads/counts.ts";
import { leased } from "../../reads/leased.ts";
import { channelFor } from "../../runtime/bindings.ts";
import { digest } from "../../runtime/digest.ts";
import { networkOf } from "../../runtime/network.ts";
import {
  channelShardsOf,
  socketsPerAddressOf,
} from "../../runtime/settings.ts";
import type { Handlers } from "./router.ts";

/** 64 bits: too few to be sure of an address, enough to count its sockets. */
const HASH_LENGTH = 16;

/**
 * A hash of the client's IP address for one case. EDITORS is a secret, so the
 * hash can't be reversed by trying all addresses, and the hashes of a client
 * for two cases can't be linked.
 */
export const clientHash = (env: Env, id: string, address: string): string =>
  digest(JSON.stringify(["socket", env.EDITORS, id, networkOf(address)])).slice(
    0,
    HASH_LENGTH,
  );

/**
 * The shard of a client: always the same one, so that its sockets can be
 * counted there.
 */
export const shardOf = (client: string, shards: number): number =>
  Number.parseInt(client.slice(0, 8), 16) % shards;

export const liveHandlers = {
  async live(c, { query: { case: id, lang, revision } }) {
    if (c.req.header("Upgrade")?.toLowerCase() !== "websocket")
      throw new Refusal({ tag: "not-an-upgrade" });
    // Don't create a Durable Object for an unknown id.
    const { value } = await leased(c, (reads) => reads.leasedCase(id));
    if (value.state === "absent")
      throw new Refusal({ tag: "unknown-case", id });
    const client = clientHash(
      c.env,
      id,
      c.req.header("CF-Connecting-IP") ?? "local",
    );
    const address = new URL(c.req.url);
    address.search = new URLSearchParams({
      lang,
      revision: String(revision),
      client,
    }).toString();
    // The Channel needs none of the client's headers, and never sees its IP
    // address.
    const request = new Request(address, { headers: { Upgrade: "websocket" } });
    const answer = await channelFor(
      c.env,
      id,
      shardOf(client, channelShardsOf(c.env)),
    ).fetch(request);
    if (answer.status === 429)
      throw new Refusal({
        tag: "too-many-sockets",
        limit: socketsPerAddressOf(c.env),
      });
    counts.add("socketsOpened");
    return answer;
  },
} satisfies Partial<Handlers>;
