/** Looks at pages elsewhere that quote a case. The second Worker reads them; the Ledger decides which are due, and keeps what was found. */
import type { ErasedWords } from "../../editing/rules/places.ts";
import { askWorkshop, ledgerFor } from "../../runtime/bindings.ts";
import { log } from "../../runtime/log.ts";
import { profileOf } from "../../runtime/profiles/profiles.ts";

/** Pages in one run, each with up to four requests: the free plan refuses the 51st of an invocation. */
const MAX_PAGES = 8;

/**
 * Looks at the pages that are due, or once at those of cases from which something was erased. What isn't reached stays as it was. Never
 * throws.
 */
export async function lookAtPlaces(env: Env, now: number, erased: ErasedWords | null = null): Promise<void> {
  const { places } = ledgerFor(env);
  const given = { publicUrl: env.PUBLIC_URL, profile: profileOf(env), erased };
  try {
    const pages = await places.due(now, MAX_PAGES, erased?.cases.map(({ id }) => id) ?? null);
    await Promise.all(
      pages.map(async (page) => places.saw(await askWorkshop(env, (workshop) => workshop.lookAtPage(page, given)))),
    );
  } catch (error) {
    log.error("Places: a look failed", error);
  }
}
