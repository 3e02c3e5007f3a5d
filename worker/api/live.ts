/** The door to a case's Channel. */
import { Hono } from "hono";
import * as v from "valibot";
import { Refusal } from "../../shared/failure.ts";
import { channelFor } from "../bindings.ts";
import { madeOf, type Public } from "../reads/freshness.ts";
import { readsFor } from "../reads/reads.ts";
import { invalidQuery } from "./invalid.ts";

const Query = v.object({
  case: v.pipe(v.string(), v.nonEmpty("must be the id of a case"), v.maxLength(40, "must be the id of a case")),
  lang: v.optional(v.pipe(v.string(), v.maxLength(40, "must be a BCP 47 tag")), "en"),
  revision: v.optional(v.pipe(v.string(), v.regex(/^\d{1,9}$/, "must be the number of a revision, or 0")), "0"),
});

export const live = new Hono<Public>();

live.get("/v1/live", async (c) => {
  const query = v.safeParse(Query, c.req.query());
  if (!query.success) throw invalidQuery(query.issues);
  if (c.req.header("Upgrade")?.toLowerCase() !== "websocket") throw new Refusal({ tag: "not-an-upgrade" });
  const { case: id, lang, revision } = query.output;
  const reads = readsFor(c.env);
  // Made-up ids must not make objects.
  const copy = await reads.leasedCase(id);
  if (copy.value.state === "absent") {
    madeOf(c, copy, reads);
    throw new Refusal({ tag: "unknown-case", id });
  }
  const address = new URL(c.req.url);
  address.search = new URLSearchParams({ case: id, lang, revision }).toString();
  return channelFor(c.env, id).fetch(new Request(address, c.req.raw));
});
