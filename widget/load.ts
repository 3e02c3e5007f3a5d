import { viewAddress } from "../shared/addresses.ts";
import type { View } from "../shared/view/schema.ts";

/** How long an answer may take, in milliseconds; some networks freeze a connection without ending it. */
const TIMEOUT = 8_000;

/** Which case is shown, in which language, and where it comes from. */
export interface Place {
  /** The origin of a deployment. */
  endpoint: string;
  id: string;
  /** A BCP 47 tag; the view says in its own `lang` what came of it. */
  lang: string;
}

/** What came over the line when it is a view of that case; a hotel's sign-in page is not. */
export function viewOf(id: string, body: View | undefined): View {
  if (body?.id !== id) throw new TypeError();
  return body;
}

async function ask({ endpoint, id, lang }: Place): Promise<View> {
  const response = await fetch(endpoint + viewAddress(id, lang), {
    credentials: "omit",
    signal: AbortSignal.timeout(TIMEOUT),
  });
  const body = await response.json();
  return viewOf(id, response.ok ? body : body.view);
}

/**
 * The view as it is now, at the second try if need be; 404 and 410 bring a view too. Rejects when there is no answer.
 * @param onFailure called when the first try failed
 */
export const loadView = (place: Place, onFailure: () => void): Promise<View> =>
  ask(place).catch(async () => {
    onFailure();
    await new Promise((resolve) => setTimeout(resolve, 500 + Math.random() * 1_000));
    return ask(place);
  });
