/** The route of the page about the bot. */
import { Refusal } from "../../../../shared/failure.ts";
import { negotiate } from "../../../../shared/locale.ts";
import { shortDigest } from "../../../runtime/digest.ts";
import { profileOf } from "../../../runtime/profiles/profiles.ts";
import type { Handlers } from "../../api/router.ts";
import { sendFile } from "../../api/send-file.ts";
import { pagePolicy } from "../document/document.tsx";
import { siteFor } from "../pages.tsx";
import { telegramPage } from "./telegram-page.tsx";

export const telegramPageHandlers = {
  telegramPage(c) {
    const site = siteFor(c);
    if (site.bot === undefined) throw new Refusal({ tag: "no-bot" });
    const locale = negotiate(c.req.query("lang"), profileOf(c.env));
    const body = telegramPage(locale, site, site.bot);
    return sendFile(c, body, {
      "Content-Type": "text/html; charset=UTF-8",
      ETag: `"${shortDigest(body)}"`,
      "Content-Language": locale,
      "Content-Security-Policy": pagePolicy(),
    });
  },
} satisfies Partial<Handlers>;
