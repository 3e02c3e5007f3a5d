/**
 * Routes of a case outside its page, in any of its states: the frame, HTML for
 * a server-side include, and the badge.
 */

import type { Context } from "hono";
import {
  Refusal,
  retryAfterSeconds,
  statusOf,
} from "../../../shared/failure.ts";
import { type LocaleTag, locales } from "../../../shared/locale.ts";
import { message } from "../../../shared/messages.ts";
import type { View } from "../../../shared/view/schema.ts";
import { etagOfView, type Public } from "../../reads/freshness.ts";
import { leased } from "../../reads/leased.ts";
import { halfDay } from "../../reads/list.ts";
import { sendBody, untilOf } from "../../reads/send-body.ts";
import { type CaseState, viewOf } from "../../reads/state.ts";
import { profileOf } from "../../runtime/profiles/profiles.ts";
import type { Handlers } from "../api/router.ts";
import { openActOf } from "./act/open-act.ts";
import { badge, badgePolicy } from "./badge/badge.tsx";
import { embedHeaders, embedPage } from "./embed/embed-page.tsx";
import { parseLook } from "./embed/look.ts";
import { fragment, fragmentPolicy } from "./fragment/fragment.tsx";
import { localeOf, siteFor } from "./pages.tsx";

const statuses = {
  present: 200,
  withdrawn: 410,
  unknown: 404,
  unshowable: 503,
} as const;

interface Surface {
  /** Part of the ETag, because several surfaces render the same view. */
  name: string;
  /**
   * Returns the response body for a view in any state.
   * @param state null when it can't be read
   */
  render(
    view: View,
    state: CaseState | null,
    now: number,
  ): string | Promise<string>;
  /** True if the body names the day on which it was made. */
  isDated?: boolean;
  headers: Record<string, string>;
}

/**
 * Sends a readable outage message when the Ledger can't be reached, because
 * readers of an iframe or image can't read problem+json.
 */
async function sendOutage(
  c: Context<Public>,
  id: string,
  { render, headers }: Surface,
): Promise<Response> {
  const lang = localeOf(c);
  const [title, text] = [
    message(lang, "page.unavailable.title"),
    message(lang, "page.unavailable.text"),
  ];
  const view = {
    state: "unknown",
    id,
    lang,
    dir: locales[lang].dir,
    title: { text: title },
    text,
  } as const;
  return c.body(await render(view, null, Date.now()), 503, {
    "Content-Language": lang,
    "Retry-After": "1",
    ...headers,
  });
}

/** Sends the view of a case in the language of the URL. */
async function sendCase(
  c: Context<Public>,
  id: string,
  surface: Surface,
): Promise<Response> {
  const reading = await leased(c, (reads) => reads.leasedCase(id)).catch(
    (error) => {
      if (error instanceof Refusal && statusOf(error.failure.tag) === 503)
        return null;
      throw error;
    },
  );
  if (!reading) return sendOutage(c, id, surface);
  const { value: state } = reading;
  const locale = localeOf(c, state);
  return sendBody(
    c,
    { key: `${surface.name} ${id} ${locale}`, copies: [reading] },
    async (now) => {
      const view = viewOf(id, state, locale, now, profileOf(c.env));
      const headers: Record<string, string> = {
        "Content-Language": view.lang,
        ...surface.headers,
      };
      if (view.state === "unshowable")
        headers["Retry-After"] = String(retryAfterSeconds("unshowable"));
      const etag = etagOfView(
        c.env,
        view,
        surface.name,
        ...(surface.isDated ? [halfDay(now)] : []),
      );
      return {
        body: await surface.render(view, state, now),
        status: statuses[view.state],
        etag,
        headers,
        until: untilOf(view),
      };
    },
  );
}

export const caseSurfaceHandlers = {
  badge(c, { params: { id }, query }) {
    const { theme } = parseLook(query, "light");
    return sendCase(c, id, {
      name: `badge ${theme}`,
      render: (view) => badge(view, profileOf(c.env), theme),
      headers: {
        "Content-Type": "image/svg+xml; charset=utf-8",
        "Content-Security-Policy": badgePolicy(),
      },
    });
  },
  embed(c, { params: { id }, query }) {
    const look = parseLook(query, "light");
    const { origin } = new URL(c.req.url);
    return sendCase(c, id, {
      name: `embed ${look.variant} ${look.theme} ${origin}`,
      render: async (view, state, now) =>
        embedPage(
          view,
          c.env.PUBLIC_URL,
          look,
          state && look.variant === "card"
            ? openActOf(state, view.lang as LocaleTag, now, profileOf(c.env))
            : null,
        ),
      headers: {
        "Content-Type": "text/html; charset=UTF-8",
        ...embedHeaders(origin),
      },
    });
  },
  fragment(c, { params: { id }, query }) {
    const look = parseLook(query);
    return sendCase(c, id, {
      name: `fragment ${look.variant} ${look.theme}`,
      isDated: true,
      render: (view, _, now) => fragment(view, siteFor(c), look, now),
      headers: {
        "Content-Type": "text/html; charset=UTF-8",
        "Content-Security-Policy": fragmentPolicy(),
      },
    });
  },
} satisfies Partial<Handlers>;
