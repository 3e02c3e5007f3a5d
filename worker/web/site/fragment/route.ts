import type { Handlers } from "../../api/router.ts";
import { parseLook } from "../embed/look.ts";
import { siteFor } from "../pages.tsx";
import { sendCase } from "../send-case.ts";
import { fragment, fragmentPolicy } from "./fragment.tsx";

export const fragmentHandlers = {
  fragment(c, { params: { id }, query }) {
    const look = parseLook(query);
    return sendCase(c, id, {
      name: `fragment ${look.variant} ${look.theme}`,
      isDated: true,
      render: (view, { now }) => fragment(view, siteFor(c), look, now),
      headers: { "Content-Type": "text/html; charset=UTF-8", "Content-Security-Policy": fragmentPolicy() },
    });
  },
} satisfies Partial<Handlers>;
