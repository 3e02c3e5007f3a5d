/** Route of the page for a partner's iframe. */
import type { Handlers } from "../../api/router.ts";
import { sendCase } from "../send-case.ts";
import { embedHeaders, embedPage } from "./embed-page.tsx";
import { parseLook } from "./look.ts";

export const embedHandlers = {
  embed(c, { params: { id }, query }) {
    const look = parseLook(query);
    const { origin } = new URL(c.req.url);
    return sendCase(c, id, {
      name: `embed ${look.variant} ${look.theme} ${origin}`,
      render: async (view, { act, pictures }) =>
        embedPage(view, c.env.PUBLIC_URL, look, {
          appeal: look.variant === "card" ? act() : null,
          pictures: await pictures(),
        }),
      headers: { "Content-Type": "text/html; charset=UTF-8", ...embedHeaders(origin) },
    });
  },
} satisfies Partial<Handlers>;
