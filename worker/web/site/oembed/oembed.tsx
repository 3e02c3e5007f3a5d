/** The oEmbed provider (oembed.com, version 1.0), in JSON. */

import { addresses, paths } from "../../../../shared/addresses.ts";
import { Refusal } from "../../../../shared/failure.ts";
import { negotiate } from "../../../../shared/locale.ts";
import { message } from "../../../../shared/messages.ts";
import { typedIdsIn } from "../../../../shared/profile/numbers.ts";
import type { Profile } from "../../../../shared/profile/schema.ts";
import type { PresentView } from "../../../../shared/view/schema.ts";
import type { Contract } from "../../../editing/contract/contract.ts";
import { pathValuesIn } from "../../../editing/contract/paths.ts";
import type { Result } from "../../../editing/contract/route.ts";
import { escapeMarkup } from "../../../editing/rules/xml.ts";
import { etagOf, revisionTag } from "../../../reads/freshness.ts";
import { leased } from "../../../reads/leased.ts";
import { sendBody } from "../../../reads/send-body.ts";
import { viewPresent } from "../../../reads/state.ts";
import { digest } from "../../../runtime/digest.ts";
import { profileOf } from "../../../runtime/profiles/profiles.ts";
import { addressesOf } from "../../../runtime/settings.ts";
import { requirePresent } from "../../api/cases.ts";
import type { Handlers } from "../../api/router.ts";
import { previewTitleOf } from "../caption.ts";
import type { Site } from "../document/document.tsx";
import {
  FRAME_WIDTH_PX,
  frameHeights,
  type Look,
  lookParameters,
  parseLook,
} from "../embed/look.ts";
import { siteFor } from "../pages.tsx";
import { PREVIEW_SIZE_PX } from "../preview/size.ts";

/**
 * The iframe has the requested width. Without one it has `width="100%"`: only
 * this attribute keeps it inside a phone's column, because consumers and
 * policies remove styles.
 *
 * The HTML is a quotation followed by an empty iframe, because WordPress keeps
 * only these. It hides the iframe until the iframe posts its height, and never
 * resizes one without a quotation.
 * @param look the look in the requested URL
 * @param limits the consumer's maximum size, in CSS pixels
 */
function oembedOf(
  view: PresentView,
  site: Site,
  look: Look,
  limits: { width?: number | undefined; height?: number | undefined },
): Result<Contract["oembed"]> {
  const title = previewTitleOf(view);
  const usual = frameHeights[look.variant];
  const width = Math.min(FRAME_WIDTH_PX, limits.width ?? FRAME_WIDTH_PX);
  const height = Math.min(usual, limits.height ?? usual);
  const page = escapeMarkup(site.origin + addresses.page(view.id, view.lang));
  const frame = escapeMarkup(
    site.origin + addresses.embed(view.id, view.lang, lookParameters(look)),
  );
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
      // Partners keep this in their databases, also after an erasure: it names
      // nobody and tells no news.
      `<blockquote><a href="${page}">${escapeMarkup(`${view.number} · ${message(view.lang, "view.more")}`)}</a></blockquote>` +
      `<iframe src="${frame}" title="${escapeMarkup(`${view.number}, ${site.profile.newsroom.name}`)}" width="${limits.width ? width : "100%"}" height="${height}" frameborder="0" loading="lazy"></iframe>`,
    width,
    height,
    thumbnail_url:
      site.origin +
      addresses.shareImage(view.id, view.lang, view.revision.number),
    thumbnail_width: PREVIEW_SIZE_PX.width,
    thumbnail_height: PREVIEW_SIZE_PX.height,
  };
}

/**
 * Parses the URL of a case's page or iframe. Returns null for any other,
 * including a revision's page, which stays a link.
 */
function parseCaseUrl(
  url: string,
  origin: string,
): { id: string; lang: string | null; look: Look } | null {
  const { host, pathname, searchParams } = new URL(url);
  const path = pathname.replace(/\/$/, "");
  const frame = pathValuesIn(paths.embed, path);
  const { id } = frame ?? pathValuesIn(paths.page, path) ?? {};
  if (host !== new URL(origin).host || !id) return null;
  const look = parseLook(frame ? Object.fromEntries(searchParams) : {});
  // Ids contain no characters that URLs escape.
  return { id: id.toLowerCase(), lang: searchParams.get("lang"), look };
}

/** The id of a case as the newsroom numbers them. */
const exampleId = (profile: Profile) =>
  typedIdsIn(profile.series[0]?.example ?? "", profile)?.[0] ?? "";

export const oembedHandlers = {
  async oembed(c, { query: { url, format, maxwidth, maxheight, lang } }) {
    if (format !== "json")
      throw new Refusal({ tag: "no-such-format", offered: "json" });
    const profile = profileOf(c.env);
    const [requested] = addressesOf(c.env).flatMap(
      (origin) => parseCaseUrl(url, origin) ?? [],
    );
    if (!requested)
      throw new Refusal({
        tag: "not-embeddable",
        url,
        example: c.env.PUBLIC_URL + addresses.page(exampleId(profile)),
      });
    const head = await leased(c, (reads) => reads.leasedCase(requested.id));
    const state = requirePresent(requested.id, head.value);
    const { case: fields, revision } = state.record;
    const locale = negotiate(
      requested.lang ?? lang ?? fields.language,
      profile,
    );
    // Consumers choose addresses and sizes freely, so there are too many
    // answers to keep.
    return sendBody(c, { key: null, copies: [head] }, (now) => {
      const view = viewPresent(state, locale, now, profile);
      const answer = oembedOf(view, siteFor(c), requested.look, {
        width: maxwidth,
        height: maxheight,
      });
      const etag = etagOf(
        c.env,
        revisionTag(revision),
        locale,
        digest(c.req.url).slice(0, 8),
        "oembed",
      );
      const headers = {
        "Content-Type": "application/json",
        "Content-Language": locale,
      };
      return { body: JSON.stringify(answer), etag, headers };
    });
  },
} satisfies Partial<Handlers>;
