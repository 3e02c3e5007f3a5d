import type { Handlers } from "../../api/router.ts";
import { sendCase } from "../send-case.ts";
import { badgeHeaders, badge as render } from "./badge.tsx";

const headers = { "Content-Type": "image/svg+xml; charset=utf-8", ...badgeHeaders };

export const badgeHandlers = {
  badge: (c, { params: { id } }) => sendCase(c, id, { name: "badge", render, headers }),
} satisfies Partial<Handlers>;
