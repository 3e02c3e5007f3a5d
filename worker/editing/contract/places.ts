/** Routes for pages elsewhere that quote a case. */
import * as v from "valibot";
import { paths } from "../../../shared/addresses.ts";
import { NewPlace, Place } from "../rules/places.ts";
import { route } from "./route.ts";

const PLACE_LIMIT_BYTES = 16 * 1024;
const edited = { access: "editor", keep: "never" } as const;
const publishes = { ...edited, role: "publisher", scope: "publish" } as const;

export const placeRoutes = {
  tellPlace: route({
    method: "POST",
    path: paths.places,
    keep: "never",
    summary: "Tell the newsroom of a page that quotes a case. An editor looks at it first",
    body: {
      types: ["application/x-www-form-urlencoded"],
      description: "The form of the embed guide: `case`, `url`, `contact`, `note`",
      limitBytes: PLACE_LIMIT_BYTES,
    },
    answers: {
      303: { description: "Told; also when the page is known already" },
      422: { description: "The guide again, with the fault beside its field", type: "text/html" },
    },
    refuses: ["unknown-case", "too-many-attempts", "unavailable"],
  }),
  listPlaces: route({
    ...edited,
    role: "author",
    scope: "read",
    method: "GET",
    path: paths.deskPlaces,
    summary: "Pages elsewhere that quote a case, what the last look found, and a letter to the owner of each old one",
    query: { case: v.pipe(v.exactOptional(v.string()), v.description("Only those of this case")) },
    answers: {
      200: {
        description: "At most 500 pages: those that wait for an editor, then old ones; `more` when there are others",
        schema: v.object({ places: v.array(Place), more: v.boolean() }),
      },
    },
    refuses: ["workshop-unavailable"],
  }),
  addPlace: route({
    ...publishes,
    method: "POST",
    path: paths.deskPlaces,
    summary: "Add a page, change what is said of it, or accept one that a partner told of",
    body: { schema: NewPlace, limitBytes: PLACE_LIMIT_BYTES },
    answers: { 201: { description: "The page is looked at within minutes", schema: v.object({ id: v.string() }) } },
    refuses: ["unknown-case", "too-many-places"],
  }),
  removePlace: route({
    ...publishes,
    method: "DELETE",
    path: paths.deskPlace,
    summary: "Remove a page: it isn't looked at any more",
    answers: { 204: { description: "Removed" } },
    refuses: ["unknown-place"],
  }),
} as const;
