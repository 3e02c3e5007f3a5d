/**
 * Icons, the web application manifest, and the image of link previews, which
 * shows no case and so can't go stale. Pages carry their icon inside, so only
 * search engines and home screens ask for the first two.
 */
import { addresses, paths } from "../../../../shared/addresses.ts";
import { locales } from "../../../../shared/locale.ts";
import { etagOf } from "../../../reads/freshness.ts";
import { profileOf } from "../../../runtime/profiles/profiles.ts";
import type { Handler, Handlers } from "../../api/router.ts";
import { sendFile } from "../../api/send-file.ts";
import preview from "../preview/preview.png";
import favicon from "./favicon.ico";
import icon from "./icon.png";

const image =
  (
    bytes: ArrayBuffer,
    type: string,
  ): Handler<"icon" | "favicon" | "linkPreview"> =>
  (c) =>
    sendFile(c, bytes, { "Content-Type": type, ETag: etagOf(c.env, "icon") });

export const iconHandlers = {
  favicon: image(favicon, "image/x-icon"),
  icon: image(icon, "image/png"),
  linkPreview: image(preview, "image/png"),
  manifest(c) {
    const { newsroom, defaultLanguage: lang } = profileOf(c.env);
    const manifest = {
      name: newsroom.name,
      lang,
      dir: locales[lang].dir,
      start_url: addresses.front(lang),
      // On iOS only an app on the home screen gets notifications.
      display: "standalone",
      icons: [{ src: paths.icon, sizes: "512x512", type: "image/png" }],
    };
    return sendFile(c, JSON.stringify(manifest), {
      "Content-Type": "application/manifest+json",
      ETag: etagOf(c.env, "manifest"),
    });
  },
} satisfies Partial<Handlers>;
