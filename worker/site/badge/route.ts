import type { Handlers } from "../../api/router.ts";
import { profileOf } from "../../profiles/profiles.ts";
import { sendCase } from "../send-case.ts";
import { badge, badgeHeaders } from "./badge.tsx";

const headers = { "Content-Type": "image/svg+xml; charset=utf-8", ...badgeHeaders };

export const badgeHandlers = {
  badge: (c, { params: { id } }) =>
    sendCase(c, id, { name: "badge", render: (view) => badge(view, profileOf(c.env)), headers }),
} satisfies Partial<Handlers>;
