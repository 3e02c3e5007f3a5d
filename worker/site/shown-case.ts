/** A case shown as something other than JSON, in any of its states. */
import type { Context } from "hono";
import { Refusal } from "../../shared/failure.ts";
import { locales } from "../../shared/locale.ts";
import { message } from "../../shared/messages.ts";
import type { View } from "../../shared/view/view.ts";
import { etagOfView, notModified, type Public } from "../reads/freshness.ts";
import { leased } from "../reads/leased.ts";
import { viewOf } from "../reads/state.ts";
import { localeOf } from "./pages.tsx";

const statuses = { present: 200, withdrawn: 410, unknown: 404 } as const;

/**
 * Answers with the view of a case, in the address's language.
 * @param surface tells this surface's ETags from others of the same view
 * @param print the whole of the answer's body
 */
export async function showCase(
  c: Context<Public>,
  id: string,
  surface: string,
  print: (view: View) => string,
  headers: Record<string, string>,
): Promise<Response> {
  const { value: state, now } = await leased(c, (reads) => reads.leasedCase(id));
  const view = viewOf(id, state, localeOf(c, state), now);
  const etag = etagOfView(c.env, view, surface);
  if (view.state === "present" && notModified(c, etag)) return c.body(null, 304, { ETag: etag });
  return c.body(print(view), statuses[view.state], { ETag: etag, "Content-Language": view.lang, ...headers });
}

/**
 * What stands in a case's place while the source cannot be reached: a frame or an image shows nobody a program's answer. Any other
 * error is thrown on.
 */
export function showOutage(
  error: Error,
  c: Context<Public>,
  id: string,
  print: (view: View) => string,
  headers: Record<string, string>,
): Response {
  if (!(error instanceof Refusal) || error.failure.tag !== "unavailable") throw error;
  const lang = localeOf(c);
  const [title, text] = [message(lang, "page.unavailable.title"), message(lang, "page.unavailable.text")];
  const view = { state: "unknown", id, lang, dir: locales[lang].dir, title, text } as const;
  return c.body(print(view), 503, { "Content-Language": lang, "Retry-After": "1", ...headers });
}
