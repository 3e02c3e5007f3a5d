/** Route of the page for a partner's iframe. */
import type { Handlers } from "../../api/router.ts";
import { once } from "../../once.ts";
import { sendCase } from "../send-case.ts";
import { embedHeaders, embedPage } from "./embed-page.tsx";
import { parseLook } from "./look.ts";

const headers = once(() => ({ "Content-Type": "text/html; charset=UTF-8", ...embedHeaders() }));

export const embedHandlers = {
  embed(c, { params: { id }, query }) {
    const look = parseLook(query);
    const name = `embed ${look.variant} ${look.theme}`;
    return sendCase(c, id, { name, render: (view) => embedPage(view, c.env.PUBLIC_URL, look), headers: headers() });
  },
} satisfies Partial<Handlers>;
