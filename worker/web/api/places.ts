/** Endpoints for pages elsewhere that quote a case. */
import * as v from "valibot";
import { paths } from "../../../shared/addresses.ts";
import { Refusal } from "../../../shared/failure.ts";
import { NewPlace } from "../../editing/rules/places.ts";
import { fieldIssues } from "../../editing/rules/publication.ts";
import { webAddressFault } from "../../objects/webhooks/address.ts";
import { askWorkshop, ledgerFor } from "../../runtime/bindings.ts";
import { profileOf } from "../../runtime/profiles/profiles.ts";
import { limitQuestion } from "./auth.ts";
import { invalidField, unwrap } from "./request.ts";
import type { Handlers } from "./router.ts";

/** @throws Refusal for an address that must not be read */
async function add(env: Env, place: NewPlace, editor: string | null): Promise<{ id: string }> {
  const fault = webAddressFault(place.url, new URL(env.PUBLIC_URL).hostname);
  if (fault !== null) throw invalidField("/url", `must ${fault}`);
  return unwrap(await ledgerFor(env).places.add(place, editor));
}

export const placeHandlers = {
  async tellPlace(c) {
    await limitQuestion(c);
    const form = Object.entries(await c.req.parseBody()).filter(([, value]) => value !== "");
    const told = v.safeParse(NewPlace, Object.fromEntries(form));
    if (!told.success) throw new Refusal({ tag: "invalid-case", issues: fieldIssues(told.issues) });
    await add(c.env, told.output, null);
    return c.redirect(`${paths.embedGuide}?case=${encodeURIComponent(told.output.case)}#told`, 303);
  },
  async listPlaces(c, { query }) {
    const { places: ledgerPlaces, readings } = ledgerFor(c.env);
    const { places, more } = await ledgerPlaces.list(query.case ?? null, query.only ?? null);
    const old = places.filter(({ state }) => state === "old");
    const ids = [...new Set(old.map((place) => place.case))];
    const states = await Promise.all(ids.map(async (id) => (await readings.case(id)).value));
    const records = states.flatMap((one) => (one.state === "present" ? one.record : []));
    const { PUBLIC_URL: publicUrl } = c.env;
    const letters =
      old.length === 0
        ? []
        : await askWorkshop(c.env, (one) => one.placeLetters(old, records, publicUrl, profileOf(c.env), Date.now()));
    return c.json({ places: places.map((place) => ({ ...place, letter: letters[old.indexOf(place)] ?? null })), more });
  },
  addPlace: async (c, { body }) => c.json(await add(c.env, body, c.get("editor")), 201),
  async removePlace(c, { params: { id } }) {
    unwrap(await ledgerFor(c.env).places.remove(id, c.get("editor")));
    return c.body(null, 204);
  },
} satisfies Partial<Handlers>;
