/** A case as an oEmbed provider answers for it (oembed.com, version 1.0). */

import { addresses, paths } from "../../../shared/addresses.ts";
import type { PresentView } from "../../../shared/view/schema.ts";
import { captionOfView } from "../caption.ts";
import type { Site } from "../document/document.tsx";
import { frames, type Look, lookOf } from "../embed/look.ts";
import { PREVIEW } from "../preview/size.ts";

export interface OEmbed {
  version: "1.0";
  type: "rich";
  title: string;
  author_name: string;
  provider_name: string;
  provider_url: string;
  /** Nobody keeps it on our advice. */
  cache_age: 0;
  html: string;
  width: number;
  height: number;
  thumbnail_url: string;
  thumbnail_width: number;
  thumbnail_height: number;
}

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/**
 * A frame of the width that was asked for; as wide as its column where none was, because no attribute but this keeps it from
 * overflowing a telephone's, and styles are taken out by consumers and policies.
 *
 * The quotation stands first and the frame after it, alone and empty: WordPress keeps these two only, hides the frame until it tells
 * its height, and without the quotation never resizes it.
 * @param look of the address that was asked about
 * @param limits the largest size the consumer wants, in CSS pixels
 */
export function oembedOf(
  view: PresentView,
  site: Site,
  look: Look,
  limits: { width?: number | undefined; height?: number | undefined },
): OEmbed {
  const title = captionOfView(view);
  const usual = frames[look.variant];
  const width = Math.min(usual.width, limits.width ?? usual.width);
  const height = Math.min(usual.height, limits.height ?? usual.height);
  const page = escaped(site.origin + addresses.page(view.id, view.lang));
  const frame = escaped(site.origin + addresses.embed(view.id, view.lang, lookOf(look)));
  return {
    version: "1.0",
    type: "rich",
    title,
    author_name: view.issuer,
    provider_name: "Casewire",
    provider_url: `${site.origin}/`,
    cache_age: 0,
    html:
      `<blockquote><a href="${page}">${escaped(title)}</a></blockquote>` +
      `<iframe src="${frame}" title="${escaped(`${view.number}, Casewire`)}" width="${limits.width ? width : "100%"}" height="${height}" frameborder="0"></iframe>`,
    width,
    height,
    thumbnail_url: site.origin + paths.preview,
    thumbnail_width: PREVIEW.width,
    thumbnail_height: PREVIEW.height,
  };
}
