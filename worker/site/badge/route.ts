import { type Context, Hono } from "hono";
import { anyOrigin, type Public } from "../../reads/freshness.ts";
import { showCase, showOutage } from "../shown-case.ts";
import { badgeHeaders, badge as badgeOf } from "./badge.tsx";

export const badge = new Hono<Public>();

const headers = { "Content-Type": "image/svg+xml; charset=utf-8", ...badgeHeaders, ...anyOrigin };

const idIn = (c: Context<Public>) => (c.req.param("file") ?? "").slice(0, -".svg".length);

badge.get("/badge/:file{.+\\.svg}", (c) => showCase(c, idIn(c), "badge", badgeOf, headers));

badge.onError((error, c) => showOutage(error, c, idIn(c), badgeOf, headers));
