/**
 * Tells search engines that the pages of a case changed or were withdrawn
 * (indexnow.org). Sends addresses, and nothing else.
 */

import { addresses, paths } from "../../../shared/addresses.ts";
import type { Announcement } from "../../reads/state.ts";
import { log } from "../../runtime/log.ts";
import { profileOf } from "../../runtime/profiles/profiles.ts";

/** One submission reaches every search engine that takes part. */
const DEFAULT_ENDPOINT = "https://api.indexnow.org/indexnow";
const TIMEOUT_MS = 10_000;
/** Afterwards crawlers find the change by the sitemap. */
const GIVE_UP_AFTER_MS = 3_600_000;

function submissionOf(env: Env, id: string) {
  const { PUBLIC_URL, INDEXNOW_KEY } = env;
  const { languages } = profileOf(env);
  return {
    host: new URL(PUBLIC_URL).host,
    key: INDEXNOW_KEY,
    keyLocation: PUBLIC_URL + paths.indexNowKey,
    urlList: [
      ...languages.map((tag) => PUBLIC_URL + addresses.page(id, tag)),
      ...languages.map((tag) => PUBLIC_URL + addresses.front(tag)),
    ],
  };
}

/**
 * Returns true when nothing is left to send: it was accepted, refused for good,
 * or is too old. Never throws.
 */
export async function submitToIndexNow(
  env: Env,
  { id, liveAt }: Announcement,
): Promise<boolean> {
  if (!env.INDEXNOW_KEY || Date.now() - Date.parse(liveAt) > GIVE_UP_AFTER_MS)
    return true;
  try {
    const { status } = await fetch(env.INDEXNOW_ENDPOINT ?? DEFAULT_ENDPOINT, {
      method: "POST",
      headers: { "Content-Type": "application/json; charset=utf-8" },
      body: JSON.stringify(submissionOf(env, id)),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (status < 400) return true;
    log.error(
      `Ledger: IndexNow answered ${status} to the submission of ${id}`,
      undefined,
      { case: id },
    );
    return status !== 429 && status < 500;
  } catch (error) {
    log.error(`Ledger: IndexNow could not be reached for ${id}`, error, {
      case: id,
    });
    return false;
  }
}
