import { once } from "../../../runtime/once.ts";
import type { Handlers } from "../../api/router.ts";
import { readStatus } from "../../operations/status.ts";
import { pagePolicyWith } from "../document/document.tsx";
import { localeOf, siteFor } from "../pages.tsx";
import { statusPage, statusStyle } from "./status.tsx";

const policy = once(() => pagePolicyWith(statusStyle, {}));

export const statusHandlers = {
  async statusPage(c) {
    const locale = localeOf(c);
    const html = statusPage({ locale, site: siteFor(c), status: await readStatus(c.env) });
    return c.html(html, 200, { "Content-Language": locale, "Content-Security-Policy": policy() });
  },
} satisfies Partial<Handlers>;
