/** A case shown as something other than JSON, in any of its states. */

import type { Context } from "hono";
import { Refusal, retryAfterSeconds, statusOf } from "../../shared/failure.ts";
import { locales } from "../../shared/locale.ts";
import { message } from "../../shared/messages.ts";
import type { View } from "../../shared/view/schema.ts";
import { etagOfView, notModified, type Public } from "../reads/freshness.ts";
import { leased } from "../reads/leased.ts";
import { viewOf } from "../reads/state.ts";
import { localeOf } from "./pages.tsx";

const statuses = { present: 200, withdrawn: 410, unknown: 404, unshowable: 503 } as const;

/** How a surface prints a case, of any state. */
interface Surface {
  /** Tells this surface's ETags from others of the same view. */
  name: string;
  /** The whole of the answer's body. */
  print(view: View): string;
  headers: Record<string, string>;
}

/** What stands in a case's place while the source can't be reached: a frame or an image shows nobody a program's answer. */
function sendOutage(c: Context<Public>, id: string, { print, headers }: Surface): Response {
  const lang = localeOf(c);
  const [title, text] = [message(lang, "page.unavailable.title"), message(lang, "page.unavailable.text")];
  const view = { state: "unknown", id, lang, dir: locales[lang].dir, title, text } as const;
  return c.body(print(view), 503, { "Content-Language": lang, "Retry-After": "1", ...headers });
}

/** Answers with the view of a case, in the address's language. */
export async function showCase(c: Context<Public>, id: string, surface: Surface): Promise<Response> {
  const reading = await leased(c, (reads) => reads.leasedCase(id)).catch((error) => {
    if (error instanceof Refusal && statusOf(error.failure.tag) === 503) return null;
    throw error;
  });
  if (!reading) return sendOutage(c, id, surface);
  const { value: state, now } = reading;
  const view = viewOf(id, state, localeOf(c, state), now);
  const etag = etagOfView(c.env, view, surface.name);
  if (view.state === "present" && notModified(c, etag)) return c.body(null, 304, { ETag: etag });
  const headers: Record<string, string> = { ETag: etag, "Content-Language": view.lang, ...surface.headers };
  if (view.state === "unshowable") headers["Retry-After"] = String(retryAfterSeconds("unshowable"));
  return c.body(surface.print(view), statuses[view.state], headers);
}
