/** The part of a case's page that says what its view says. The shell bundles it, to compare a mirror's pages with signed views. */
import { h } from "preact";
import { renderToString } from "preact-render-to-string";
import type { Case } from "../../../../shared/case/schema.ts";
import type { View } from "../../../../shared/view/schema.ts";
import { picturesOf } from "../pictures.tsx";
import { CardInFull, Refused } from "./card-in-full.tsx";

/**
 * @param fields the case, for its whole quotations and its pictures
 * @param now milliseconds since the epoch
 */
export async function pagePart(view: View, fields: Case, now: number): Promise<string> {
  if (view.state !== "present")
    return renderToString(h(Refused, { ...view, title: view.title.text, locale: view.lang }));
  const pictures = await picturesOf(fields, view, true, now);
  return renderToString(h(CardInFull, { view, fields, pictures }));
}
