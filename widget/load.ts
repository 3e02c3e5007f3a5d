import { viewAddress } from "../shared/addresses.ts";
import type { View } from "../shared/view/schema.ts";

/** Some networks freeze a connection without closing it. */
const REQUEST_TIMEOUT_MS = 8_000;

/** Identifies a view: a case, a language and the deployment to load it from. */
export interface ViewSource {
  /** The deployment's origin. */
  endpoint: string;
  id: string;
  /**
   * The requested language, a BCP 47 tag. The view's own `lang` is the language
   * that was found.
   */
  lang: string;
  /** The addresses of mirrors, separated by spaces; empty without any. */
  sources: string;
  /** The public key of the deployment's log, which signs what mirrors have. */
  logKey: string;
}

/**
 * `stale`: the newsroom doesn't answer, or says something older. `expired`: for
 * a day.
 */
export type Freshness = "fresh" | "stale" | "expired";

/** What all widgets of a source show. */
export interface LiveView {
  /** Called when the view or its freshness changes. */
  listeners: Set<() => void>;
  view(): View | undefined;
  freshness(): Freshness;
  /**
   * Drops a view that can't be shown. The next answer replaces it, whatever its
   * moment.
   */
  discard(bad: View | undefined): void;
  /**
   * Returns true to the first caller for each view, so that only one of the
   * widgets announces it.
   */
  mayAnnounce(news: View | undefined): boolean;
  stop(): void;
}

/**
 * Checks that a body is a view of that case.
 * @throws TypeError for anything else, such as a Wi-Fi sign-in page
 */
export function checkedView(id: string, body: View | undefined): View {
  if (body?.id !== id) throw new TypeError();
  return body;
}

/**
 * The mode is that of `<link rel="preload" as="fetch" crossorigin>`, so that a
 * page can preload the view. Only a newsroom's own pages send their cookies,
 * and only to themselves.
 */
export const request = (url: string): Promise<Response> =>
  fetch(url, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });

async function fetchView({ endpoint, id, lang }: ViewSource): Promise<View> {
  const response = await request(endpoint + viewAddress(id, lang));
  const body = await response.json();
  return checkedView(id, response.ok ? body : body.view);
}

/**
 * Loads the current view, with one retry. Answers 404 and 410 also carry a
 * view. Rejects when both attempts fail.
 * @param onFailure called when the first attempt fails
 */
export const loadView = (
  source: ViewSource,
  onFailure: () => void,
): Promise<View> =>
  fetchView(source).catch(async () => {
    onFailure();
    await new Promise((resolve) =>
      setTimeout(resolve, 500 + Math.random() * 1_000),
    );
    return fetchView(source);
  });
