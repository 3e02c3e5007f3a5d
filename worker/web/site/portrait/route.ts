/** The route of a person's picture. */
import { Refusal } from "../../../../shared/failure.ts";
import { portraitEnd } from "../../../../shared/view/age.ts";
import { etagOf } from "../../../reads/freshness.ts";
import { leased } from "../../../reads/leased.ts";
import { sendBody } from "../../../reads/send-body.ts";
import { ledgerFor } from "../../../runtime/bindings.ts";
import { requirePresent } from "../../api/cases.ts";
import type { Handlers } from "../../api/router.ts";

/**
 * The address has the picture's hash, and still every copy is a lease: it goes
 * at the moment that takes it out.
 */
export const portraitRouteHandlers = {
  async portrait(c, { params: { id, image } }) {
    const copy = await leased(c, (reads) => reads.leasedCase(id));
    const found = requirePresent(id, copy.value).record.case.people.find(
      ({ portrait }) => portrait?.image === image,
    )?.portrait;
    const absent = () =>
      new Refusal({ tag: "no-such-address", path: c.req.path });
    if (!found || copy.now >= portraitEnd(found.until)) throw absent();
    return sendBody(
      c,
      { key: `portrait ${id} ${image}`, copies: [copy] },
      async () => {
        const picture = await ledgerFor(c.env).portraits.shown(id, image);
        if (!picture) throw absent();
        return {
          body: picture.bytes,
          etag: etagOf(c.env, image.slice(0, 16), "portrait"),
          headers: {
            "Content-Type": picture.type,
            "Content-Security-Policy": "default-src 'none'; sandbox",
          },
          until: portraitEnd(found.until),
        };
      },
    );
  },
} satisfies Partial<Handlers>;
