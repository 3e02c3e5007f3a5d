/**
 * Mirrors stand in for a newsroom that doesn't answer. Only views that the
 * newsroom signed are shown.
 */

import type { SignedView } from "../shared/view/signed-view.ts";
import { type LiveView, request, type ViewSource } from "./load.ts";
import { isExpired, mayReplace, signedViewIn } from "./signed-view.ts";

const CHECK_INTERVAL_MS = 1_000;
/** How long the answers of mirrors are used before they are asked again. */
const ASK_INTERVAL_MS = 60_000;

/**
 * The languages to look for: "uk-UA" finds uk, and any that the mirror lacks
 * finds English.
 */
function languagesFor(lang: string): string[] {
  const subtags = lang.toLowerCase().split("-");
  return [
    ...new Set([
      ...subtags.map((_, index) =>
        subtags.slice(0, subtags.length - index).join("-"),
      ),
      "en",
    ]),
  ];
}

/**
 * @returns null when the mirror has no valid view of the case in one of the
 * languages
 */
async function copyFrom(
  mirror: string,
  source: ViewSource,
  [lang, ...others]: readonly string[],
): Promise<SignedView | null> {
  if (lang === undefined) return null;
  const { id, logKey } = source;
  const answer = await request(
    new URL(`cases/${id}/${lang}.signed.txt`, mirror.replace(/\/?$/, "/")).href,
  );
  if (answer.status === 404) return copyFrom(mirror, source, others);
  return answer.ok
    ? signedViewIn(await answer.text(), { key: logKey, id, lang })
    : null;
}

/**
 * Lets copies stand in for a live view from now on, as long as the newsroom
 * doesn't answer. All mirrors are asked at once: a dead one delays nothing, and
 * the newest copy wins.
 */
export function followMirrors(source: ViewSource, live: LiveView): void {
  const { view, freshness, stop } = live;
  let copy: SignedView | undefined;
  let askedAt = 0;
  const isOutage = () => !view() || freshness() !== "fresh";
  const shownCopy = () => {
    if (copy && (!isOutage() || isExpired(copy))) copy = undefined;
    return copy;
  };
  const mirrors = source.sources.split(/\s+/);
  const check = () => {
    const had = copy;
    if (had && !shownCopy()) notify();
    if (
      !isOutage() ||
      document.hidden ||
      Date.now() - askedAt < ASK_INTERVAL_MS
    )
      return;
    askedAt = Date.now();
    for (const mirror of mirrors)
      copyFrom(
        mirror,
        source,
        languagesFor(live.view()?.lang ?? source.lang),
      ).then(
        (next) => {
          const shown = {
            view: view(),
            isTooOld: freshness() === "expired",
            copy: shownCopy(),
          };
          if (!next || !isOutage() || !mayReplace(next, shown)) return;
          copy = next;
          notify();
        },
        // Nothing is shown from a mirror that doesn't answer, and nothing where
        // the browser can't verify.
        () => {},
      );
  };
  const notify = () => {
    for (const listener of live.listeners) listener();
  };
  const timer = setInterval(check, CHECK_INTERVAL_MS);
  Object.assign(live, {
    view: () => shownCopy()?.view ?? view(),
    freshness: () => (shownCopy() ? "stale" : freshness()),
    stop() {
      clearInterval(timer);
      stop();
    },
  } satisfies Partial<LiveView>);
  check();
}
