import type { Handlers } from "../../api/router.ts";
import { showCase } from "../shown-case.ts";
import { badgeHeaders, badge as print } from "./badge.tsx";

const headers = { "Content-Type": "image/svg+xml; charset=utf-8", ...badgeHeaders };

export const badgeHandlers = {
  badge: (c, { params: { id } }) => showCase(c, id, { name: "badge", print, headers }),
} satisfies Partial<Handlers>;
