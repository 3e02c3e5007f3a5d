/** A case shown as something other than JSON, in any of its states. */
import type { Context } from "hono";
import type { View } from "../../shared/view.ts";
import { leased, notModified, type Public } from "../freshness.ts";
import { etagOfView, viewOf } from "./cases.ts";
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
