/**
 * The part of a case's page that says what its view says. The shell bundles it,
 * to compare a mirror's pages with signed views.
 */
import { h } from "preact";
import { renderToString } from "preact-render-to-string";
import type { Case } from "../../../../shared/case/schema.ts";
import type { View } from "../../../../shared/view/schema.ts";
import { typeset } from "../document/typeset.ts";
import { locatorOf } from "../map/locator.tsx";
import { CardInFull, Refused } from "./card-in-full.tsx";

/**
 * @param fields the case, for its whole quotations and its map
 */
export async function pagePart(view: View, fields: Case): Promise<string> {
  if (view.state !== "present")
    return renderToString(
      h(Refused, { ...view, title: view.title.text, locale: view.lang }),
    );
  return renderToString(
    h(CardInFull, {
      view: typeset(view),
      fields,
      map: await locatorOf(fields, view.lang),
    }),
  );
}
