/** Endpoints for pages elsewhere that quote a case. */
import type { NewPlace } from "../../editing/rules/places.ts";
import { webAddressFault } from "../../objects/webhooks/address.ts";
import { askWorkshop, ledgerFor } from "../../runtime/bindings.ts";
import { profileOf } from "../../runtime/profiles/profiles.ts";
import { invalidField, unwrap } from "./request.ts";
import type { Handlers } from "./router.ts";

/** @param editor null for a visitor @throws Refusal for an address that must not be read */
export async function addPlace(env: Env, place: NewPlace, editor: string | null): Promise<{ id: string }> {
  const fault = webAddressFault(place.url, new URL(env.PUBLIC_URL).hostname);
  if (fault !== null) throw invalidField("/url", `must ${fault}`);
  return unwrap(await ledgerFor(env).places.add(place, editor));
}

export const placeHandlers = {
  async listPlaces(c, { query }) {
    const { places: known, readings } = ledgerFor(c.env);
    const { places, more } = await known.list(query.case ?? null);
    const old = places.filter(({ state }) => state === "old");
    if (old.length === 0) return c.json({ places, more });
    const ids = [...new Set(old.map((place) => place.case))];
    const states = await Promise.all(ids.map(async (id) => (await readings.case(id)).value));
    const present = states.filter((one) => one.state === "present");
    const [url, profile] = [c.env.PUBLIC_URL, profileOf(c.env)];
    const letters = await askWorkshop(c.env, (one) => one.placeLetters(old, present, url, profile, Date.now()));
    return c.json({ places: places.map((place) => ({ ...place, letter: letters[old.indexOf(place)] ?? null })), more });
  },
  addPlace: async (c, { body }) => c.json(await addPlace(c.env, body, c.get("editor")), 201),
  async removePlace(c, { params: { id } }) {
    unwrap(await ledgerFor(c.env).places.remove(id, c.get("editor")));
    return c.body(null, 204);
  },
} satisfies Partial<Handlers>;
