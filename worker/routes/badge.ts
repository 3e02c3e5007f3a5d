import { Hono } from "hono";
import { anyOrigin, type Public } from "../freshness.ts";
import { badgeHeaders, badge as badgeOf } from "../pages/badge.tsx";
import { showCase } from "./shown-case.ts";

export const badge = new Hono<Public>();

badge.get("/badge/:file{.+\\.svg}", (c) =>
  showCase(c, c.req.param("file").slice(0, -".svg".length), "badge", badgeOf, {
    "Content-Type": "image/svg+xml; charset=utf-8",
    ...badgeHeaders,
    ...anyOrigin,
  }),
);
