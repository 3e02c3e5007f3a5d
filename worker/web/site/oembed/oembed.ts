/** Builds the oEmbed response for a case (oembed.com, version 1.0). */

import { addresses } from "../../../../shared/addresses.ts";
import type { PresentView } from "../../../../shared/view/schema.ts";
import type { Contract } from "../../../editing/contract/contract.ts";
import type { Result } from "../../../editing/contract/route.ts";
import { escapeMarkup } from "../../../editing/rules/xml.ts";
import { previewTitleOf } from "../caption.ts";
import type { Site } from "../document/document.tsx";
import { frameSizes, type Look, lookParameters } from "../embed/look.ts";
import { PREVIEW_SIZE_PX } from "../preview/size.ts";

/**
 * The iframe has the requested width. Without one it has `width="100%"`: only this attribute keeps it inside a phone's column, because
 * consumers and policies remove styles.
 *
 * The HTML is a quotation followed by an empty iframe, because WordPress keeps only these. It hides the iframe until the iframe posts
 * its height, and never resizes one without a quotation.
 * @param look the look in the requested URL
 * @param limits the consumer's maximum size, in CSS pixels
 */
export function oembedOf(
  view: PresentView,
  site: Site,
  look: Look,
  limits: { width?: number | undefined; height?: number | undefined },
): Result<Contract["oembed"]> {
  const title = previewTitleOf(view);
  const usual = frameSizes[look.variant];
  const width = Math.min(usual.width, limits.width ?? usual.width);
  const height = Math.min(usual.height, limits.height ?? usual.height);
  const page = escapeMarkup(site.origin + addresses.page(view.id, view.lang));
  const frame = escapeMarkup(site.origin + addresses.embed(view.id, view.lang, lookParameters(look)));
  return {
    version: "1.0",
    type: "rich",
    title,
    author_name: site.profile.newsroom.name,
    author_url: site.profile.newsroom.url,
    provider_name: site.profile.newsroom.name,
    provider_url: `${site.origin}/`,
    // Tells consumers not to cache the response.
    cache_age: 0,
    html:
      `<blockquote><a href="${page}">${escapeMarkup(title)}</a></blockquote>` +
      `<iframe src="${frame}" title="${escapeMarkup(`${view.number}, ${site.profile.newsroom.name}`)}" width="${limits.width ? width : "100%"}" height="${height}" frameborder="0" loading="lazy"></iframe>`,
    width,
    height,
    thumbnail_url: site.origin + addresses.shareImage(view.id, view.lang, view.revision.number),
    thumbnail_width: PREVIEW_SIZE_PX.width,
    thumbnail_height: PREVIEW_SIZE_PX.height,
  };
}
