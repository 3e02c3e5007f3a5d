/** The route of the page about the bot. */
import { Refusal } from "../../../../shared/failure.ts";
import type { Handlers } from "../../api/router.ts";
import { localeOf, sendMadePage, siteFor } from "../pages.tsx";
import { telegramPage } from "./telegram-page.tsx";

export const telegramPageHandlers = {
  telegramPage(c) {
    const [site, locale] = [siteFor(c), localeOf(c)];
    if (site.bot === undefined) throw new Refusal({ tag: "no-bot" });
    return sendMadePage(c, telegramPage(locale, site, site.bot), locale);
  },
} satisfies Partial<Handlers>;
