/** The route of the API reference. */

import docsStyle from "../../../dist/docs-style.css";
import type { Handlers } from "../../api/router.ts";
import { askWorkshop } from "../../bindings.ts";
import { PUBLIC_URL_PLACEHOLDER } from "../../contract/placeholder.ts";
import { once } from "../../once.ts";
import { etagOf, notModified } from "../../reads/freshness.ts";
import { pagePolicyWith } from "../document/document.tsx";
import { siteFor } from "../pages.tsx";
import { docsPage, type OpenApi } from "./docs-page.tsx";

const policy = once(() => pagePolicyWith([docsStyle], {}));

/** The page of this isolate's deployment. */
let page: { for: string; html: string } | null = null;

export const docsHandlers = {
  async docs(c) {
    const { text, hash } = await askWorkshop(c.env, (workshop) => workshop.apiDocument("openapi"));
    const etag = etagOf(c.env, "docs", hash);
    if (notModified(c, etag)) return c.body(null, 304, { ETag: etag });
    const key = `${c.env.PUBLIC_URL} ${c.env.PROFILE} ${hash}`;
    if (page?.for !== key) {
      const document = JSON.parse(text.replaceAll(PUBLIC_URL_PLACEHOLDER, c.env.PUBLIC_URL)) as OpenApi;
      page = { for: key, html: docsPage(document, siteFor(c, "en")) };
    }
    return c.html(page.html, 200, { ETag: etag, "Content-Language": "en", "Content-Security-Policy": policy() });
  },
} satisfies Partial<Handlers>;
