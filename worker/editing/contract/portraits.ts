/** Routes of portraits: for readers, and for the editors who add them. */
import * as v from "valibot";
import { paths } from "../../../shared/addresses.ts";
import { line } from "../../../shared/case/schema.ts";
import { Count as count, described } from "../../../shared/described.ts";
import { MAX_PICTURE_BYTES, pictureTypes } from "../rules/picture.ts";
import { drafts, object, reads, route } from "./route.ts";

const person = v.pipe(
  v.string(),
  v.maxLength(80, "must be the id of a person"),
);
const day = v.pipe(v.string(), v.isoDate("must be a day such as 2020-06-25"));

/** Editors see it; it is never public. */
const Consent = v.strictObject({
  givenBy: described(
    line(200),
    "Who agreed: the person, or who speaks for them",
  ),
  givenOn: day,
  note: described(v.optional(line(1000)), "How they agreed, and to what"),
});
export type Consent = v.InferOutput<typeof Consent>;

/**
 * Base64 takes four characters for three bytes. A picture is measured without
 * its metadata, so more is accepted.
 */
const BODY_LIMIT_BYTES = 4 * MAX_PICTURE_BYTES;

const NewPortrait = v.strictObject({
  person,
  image: described(
    v.pipe(v.string(), v.base64("must be base64")),
    "A JPEG, PNG or WebP picture",
  ),
  consent: Consent,
});

const StoredPortrait = v.object({
  image: described(
    v.string(),
    "SHA-256 of the picture, for `portrait.image` of the person",
  ),
  person: v.string(),
  type: v.picklist(pictureTypes),
  bytes: count,
  consent: Consent,
  editor: v.string(),
  at: v.pipe(v.string(), v.isoTimestamp()),
  shown: described(v.boolean(), "True once readers have seen it"),
});
export type StoredPortrait = v.InferOutput<typeof StoredPortrait>;

/** A picture is seen only when a revision names it, which takes a publisher. */

export const portraitRoutes = {
  portrait: route("GET", paths.portrait, {
    keep: "lease",
    anyOrigin: true,
    ignoresUnknownParameters: true,
    summary: "The picture of a person in the case's current revision",
    answers: {
      200: {
        description: "The picture: image/jpeg, image/png or image/webp",
        type: "image/*",
      },
    },
    refuses: ["unknown-case", "withdrawn", "unshowable", "no-such-address"],
  }),
  listPortraits: reads("GET", paths.deskPortraits, {
    summary:
      "The pictures of a case that you stored or a revision names, with the record of each consent",
    answers: {
      200: object("The pictures", { portraits: v.array(StoredPortrait) }),
    },
  }),
  readStoredPortrait: reads("GET", paths.deskPortrait, {
    summary:
      "A stored picture, published or not, with the record of its consent",
    answers: {
      200: object("The picture", {
        ...StoredPortrait.entries,
        base64: v.string(),
      }),
    },
    refuses: ["no-such-address"],
  }),
  removePortrait: drafts("DELETE", paths.deskPortrait, {
    summary: "Erase a picture that you stored and that only drafts name",
    answers: { 204: { description: "Erased, with the record of its consent" } },
    refuses: ["no-such-address", "portrait-named"],
  }),
  addPortrait: drafts("POST", paths.deskPortraits, {
    summary:
      "Store a picture of a person without its metadata. Readers see it once a revision names it",
    body: { schema: NewPortrait, limitBytes: BODY_LIMIT_BYTES },
    answers: { 201: { description: "Stored", schema: StoredPortrait } },
    refuses: ["unknown-case", "withdrawn", "too-many-portraits"],
  }),
} as const;
