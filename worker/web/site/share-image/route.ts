/** Route of the image of a case's link previews. */
import { etagOf, revisionTag } from "../../../reads/freshness.ts";
import { leased } from "../../../reads/leased.ts";
import { sendBody } from "../../../reads/send-body.ts";
import { askWorkshop } from "../../../runtime/bindings.ts";
import { profileOf } from "../../../runtime/profiles/profiles.ts";
import { requirePresent } from "../../api/cases.ts";
import type { Handlers } from "../../api/router.ts";
import { localeOf } from "../pages.tsx";
import { shareImage } from "./share-image.tsx";

export const shareImageHandlers = {
  async shareImage(c, { params: { id } }) {
    const copy = await leased(c, (reads) => reads.leasedCase(id));
    const state = requirePresent(id, copy.value);
    const { case: fields, revision } = state.record;
    const locale = localeOf(c, state);
    return sendBody(c, { key: `share ${id} ${locale}`, copies: [copy] }, async () => {
      const svg = shareImage(fields, locale, profileOf(c.env));
      return {
        body: await askWorkshop(c.env, (workshop) => workshop.drawPng(svg)),
        etag: etagOf(c.env, revisionTag(revision), locale, "share"),
        headers: { "Content-Type": "image/png", "Content-Language": locale },
      };
    });
  },
} satisfies Partial<Handlers>;
