/** The route of the API reference. */

import { once } from "../../../runtime/once.ts";
import type { Handlers } from "../../api/router.ts";
import { sendDocument } from "../../api/schemas.ts";
import { pagePolicyWith } from "../document/document.tsx";
import { siteFor } from "../pages.tsx";
import { docsPage, docsStyle, type OpenApi } from "./docs-page.tsx";

const policy = once(() => pagePolicyWith(docsStyle, {}));

/** The page of this isolate's deployment. */
let page: { for: string; html: string } | null = null;

export const docsHandlers = {
  docs: (c) =>
    sendDocument(c, "openapi", {
      surface: ["docs"],
      headers: {
        "Content-Type": "text/html; charset=UTF-8",
        "Content-Language": "en",
        "Content-Security-Policy": policy(),
      },
      body(etag, text) {
        const key = `${c.env.PUBLIC_URL} ${c.env.PROFILE} ${etag}`;
        if (page?.for === key) return page.html;
        if (text === null) return null;
        page = { for: key, html: docsPage(JSON.parse(text) as OpenApi, siteFor(c, "en")) };
        return page.html;
      },
    }),
} satisfies Partial<Handlers>;
