import { once } from "../../../runtime/once.ts";
import { profileOf } from "../../../runtime/profiles/profiles.ts";
import type { Handlers } from "../../api/router.ts";
import { sendCase } from "../send-case.ts";
import { badge, badgePolicy } from "./badge.tsx";

const headers = once(() => ({
  "Content-Type": "image/svg+xml; charset=utf-8",
  "Content-Security-Policy": badgePolicy(),
}));

export const badgeHandlers = {
  badge: (c, { params: { id } }) =>
    sendCase(c, id, { name: "badge", render: (view) => badge(view, profileOf(c.env)), headers: headers() }),
} satisfies Partial<Handlers>;
