/** What the server draws into a card, and the widget doesn't. */
import type { Case } from "../../../shared/case/schema.ts";
import type { PresentView } from "../../../shared/view/schema.ts";
import type { Pictures } from "../../../widget/case-card.tsx";
import { locatorOf } from "./map/locator.tsx";
import { portraitsOf } from "./portrait/portraits.tsx";

/**
 * @param isHead false for a superseded revision
 * @param now milliseconds since the epoch
 */
export const picturesOf = async (fields: Case, view: PresentView, isHead: boolean, now: number): Promise<Pictures> => ({
  map: await locatorOf(fields, view.lang),
  portraits: portraitsOf(fields, view, isHead, now),
});
