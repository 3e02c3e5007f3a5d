/** The card in a partner's frame. */
import type { Handlers } from "../../api/router.ts";
import { showCase } from "../shown-case.ts";
import { embedHeaders, embedPage } from "./embed-page.tsx";
import { lookIn } from "./look.ts";

const headers = { "Content-Type": "text/html; charset=UTF-8", ...embedHeaders };

export const embedHandlers = {
  embed(c, { params: { id }, query }) {
    const look = lookIn(query);
    const name = `embed ${look.variant} ${look.theme}`;
    return showCase(c, id, { name, print: (view) => embedPage(view, c.env.PUBLIC_URL, look), headers });
  },
} satisfies Partial<Handlers>;
