/** The route of the page about the bot. */
import { Refusal } from "../../../shared/failure.ts";
import { negotiate } from "../../../shared/locale.ts";
import type { Handlers } from "../../api/router.ts";
import { digest } from "../../digest.ts";
import { profileOf } from "../../profiles/profiles.ts";
import { notModified } from "../../reads/freshness.ts";
import { pagePolicy } from "../document/document.tsx";
import { siteFor } from "../pages.tsx";
import { telegramPage } from "./telegram-page.tsx";

export const telegramPageHandlers = {
  telegramPage(c) {
    const site = siteFor(c);
    if (site.bot === undefined) throw new Refusal({ tag: "no-bot" });
    const locale = negotiate(c.req.query("lang"), profileOf(c.env));
    const body = telegramPage(locale, site, site.bot);
    const etag = `"${digest(body).slice(0, 16)}"`;
    if (notModified(c, etag)) return c.body(null, 304, { ETag: etag });
    return c.html(body, 200, {
      ETag: etag,
      "Content-Language": locale,
      "Content-Security-Policy": pagePolicy(),
    });
  },
} satisfies Partial<Handlers>;
