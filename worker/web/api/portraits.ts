/** Endpoints for the pictures of people. */

import type { Context } from "hono";
import { base64Of, bytesIn } from "../../../shared/base64.ts";
import { isCaseId } from "../../../shared/case/id.ts";
import { Refusal } from "../../../shared/failure.ts";
import {
  cleanPicture,
  MAX_PICTURE_BYTES,
  type Picture,
} from "../../editing/rules/picture.ts";
import { hasRole, mayPublish } from "../../editing/rules/roles.ts";
import type { Public } from "../../reads/freshness.ts";
import { ledgerFor } from "../../runtime/bindings.ts";
import { invalidField, unwrap } from "./request.ts";
import type { Handlers } from "./router.ts";

/** @param image base64 @throws Refusal */
function pictureIn(image: string): Picture {
  const picture = cleanPicture(bytesIn(image));
  if (!picture)
    throw invalidField(
      "/image",
      "must be a JPEG, a PNG or a still WebP picture",
    );
  if (picture.bytes.length > MAX_PICTURE_BYTES)
    throw invalidField(
      "/image",
      `must be a picture of at most ${MAX_PICTURE_BYTES / 1024} KB: make it smaller`,
    );
  return picture;
}

/** The pictures of a case that the editor may see. */
const portraitsFor = (c: Context<Public>, id: string) =>
  ledgerFor(c.env).portraits.listFor(
    id,
    c.get("editor"),
    hasRole(c.get("identity"), "publisher"),
  );

export const portraitHandlers = {
  listPortraits: async (c, { params: { id } }) =>
    c.json({ portraits: await portraitsFor(c, id) }),
  async readStoredPortrait(c, { params: { id, image } }) {
    const [stored, picture] = await Promise.all([
      portraitsFor(c, id),
      ledgerFor(c.env).portraits.read(id, image),
    ]);
    const found = stored.find((one) => one.image === image);
    if (!found || !picture)
      throw new Refusal({ tag: "no-such-address", path: c.req.path });
    return c.json({ ...found, base64: base64Of(picture.bytes) });
  },
  async removePortrait(c, { params: { id, image } }) {
    const outcome = await ledgerFor(c.env).portraits.eraseDrafted(
      id,
      image,
      c.get("editor"),
    );
    if (outcome === "unknown")
      throw new Refusal({ tag: "no-such-address", path: c.req.path });
    if (outcome === "named") throw new Refusal({ tag: "portrait-named" });
    return c.body(null, 204);
  },
  async addPortrait(c, { params: { id }, body: { person, image, consent } }) {
    if (!isCaseId(id)) throw new Refusal({ tag: "unknown-case", id });
    const picture = pictureIn(image);
    if (Date.parse(consent.givenOn) > Date.now())
      throw invalidField("/consent/givenOn", "must not be in the future");
    const [editor, publishes] = [
      c.get("editor"),
      mayPublish(c.get("identity")),
    ];
    const portrait = { id, person, picture, consent, editor, publishes };
    return c.json(unwrap(await ledgerFor(c.env).portraits.add(portrait)), 201);
  },
} satisfies Partial<Handlers>;
