/** Icons and the web application manifest. Pages carry their icon inside, so only search engines and home screens ask for these. */
import { addresses, paths } from "../../../shared/addresses.ts";
import { locales } from "../../../shared/locale.ts";
import type { Handler, Handlers } from "../../api/router.ts";
import { profileOf } from "../../profiles/profiles.ts";
import { etagOf, notModified } from "../../reads/freshness.ts";
import favicon from "./favicon.ico";
import icon from "./icon.png";

const image =
  (bytes: ArrayBuffer, type: string): Handler<"icon" | "favicon"> =>
  (c) => {
    const etag = etagOf(c.env, "icon");
    if (notModified(c, etag)) return c.body(null, 304, { ETag: etag });
    return c.body(bytes, 200, { "Content-Type": type, ETag: etag });
  };

export const iconHandlers = {
  favicon: image(favicon, "image/x-icon"),
  icon: image(icon, "image/png"),
  manifest(c) {
    const etag = etagOf(c.env, "manifest");
    if (notModified(c, etag)) return c.body(null, 304, { ETag: etag });
    const { newsroom, defaultLanguage: lang } = profileOf(c.env);
    const manifest = {
      name: newsroom.name,
      lang,
      dir: locales[lang].dir,
      start_url: addresses.front(lang),
      display: "browser",
      icons: [{ src: paths.icon, sizes: "512x512", type: "image/png" }],
    };
    return c.body(JSON.stringify(manifest), 200, { "Content-Type": "application/manifest+json", ETag: etag });
  },
} satisfies Partial<Handlers>;
