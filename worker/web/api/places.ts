/**
 * Endpoints for pages elsewhere that quote a case, and looks at them. The
 * second Worker reads the pages; the Ledger decides which are due, and keeps
 * what was found.
 */
import * as v from "valibot";
import { addresses } from "../../../shared/addresses.ts";
import { Refusal } from "../../../shared/failure.ts";
import { type ErasedWords, NewPlace } from "../../editing/rules/places.ts";
import { fieldIssues } from "../../editing/rules/publication.ts";
import { webAddressFault } from "../../objects/webhooks/address.ts";
import { askWorkshop, ledgerFor } from "../../runtime/bindings.ts";
import { log } from "../../runtime/log.ts";
import { profileOf } from "../../runtime/profiles/profiles.ts";
import { limitQuestion } from "./auth.ts";
import { invalidField, unwrap } from "./request.ts";
import type { Handlers } from "./router.ts";

/**
 * Pages in one run, each with up to four requests: the free plan refuses the
 * 51st of an invocation.
 */
const MAX_PAGES = 8;

/**
 * Looks at the pages that are due, or once at those of cases from which
 * something was erased. What isn't reached stays as it was. Never throws.
 */
export async function lookAtPlaces(
  env: Env,
  erased: ErasedWords | null = null,
): Promise<void> {
  const { places } = ledgerFor(env);
  const given = { publicUrl: env.PUBLIC_URL, profile: profileOf(env), erased };
  try {
    const pages = await places.due(
      Date.now(),
      MAX_PAGES,
      erased?.cases.map(({ id }) => id) ?? null,
    );
    await Promise.all(
      pages.map(async (page) =>
        places.saw(
          await askWorkshop(env, (workshop) =>
            workshop.lookAtPage(page, given),
          ),
        ),
      ),
    );
  } catch (error) {
    log.error("Places: a look failed", error);
  }
}

/**
 * @param editor null for a visitor
 * @throws Refusal for an address that must not be read
 */
async function addPlace(
  env: Env,
  place: NewPlace,
  editor: string | null,
): Promise<{ id: string }> {
  const fault = webAddressFault(place.url, new URL(env.PUBLIC_URL).hostname);
  if (fault !== null) throw invalidField("/url", `must ${fault}`);
  return unwrap(
    await ledgerFor(env).places.add(
      { ...place, url: new URL(place.url).href.replace(/#.*/, "") },
      editor,
    ),
  );
}

export const placeHandlers = {
  async tellPlace(c, { query: { lang } }) {
    await limitQuestion(c);
    const place = v.safeParse(NewPlace, await c.req.parseBody());
    if (!place.success)
      throw new Refusal({
        tag: "invalid-case",
        issues: fieldIssues(place.issues),
      });
    await addPlace(c.env, place.output, null);
    return c.redirect(
      `${addresses.embedGuide(place.output.case, lang)}#told`,
      303,
    );
  },
  async listPlaces(c, { query }) {
    const ledger = ledgerFor(c.env);
    const places = await ledger.places.list(query.case ?? null);
    const ids = new Set(
      places.flatMap((place) => (place.state === "old" ? place.case : [])),
    );
    if (ids.size === 0) return c.json({ places });
    const cases = await Promise.all(
      [...ids].map(async (id) => (await ledger.readings.case(id)).value),
    );
    const [url, profile] = [c.env.PUBLIC_URL, profileOf(c.env)];
    return c.json({
      places: await askWorkshop(c.env, (one) =>
        one.placesWithLetters(places, cases, url, profile),
      ),
    });
  },
  addPlace: async (c, { body }) =>
    c.json(await addPlace(c.env, body, c.get("editor")), 201),
  async removePlace(c, { params: { id } }) {
    unwrap(await ledgerFor(c.env).places.remove(id, c.get("editor")));
    return c.body(null, 204);
  },
} satisfies Partial<Handlers>;
