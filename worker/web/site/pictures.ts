/** What the server draws into a card, and the widget doesn't. */
import type { VNode } from "preact";
import type { Case } from "../../../shared/case/schema.ts";
import type { PresentView, Run } from "../../../shared/view/schema.ts";
import { locatorOf } from "./map/locator.tsx";
import { portraitsOf } from "./portrait/portraits.tsx";

export interface Pictures {
  map: VNode | null;
  /** By the name in the view. */
  portraits: ReadonlyMap<Run, VNode>;
}

/**
 * @param isHead false for a superseded revision
 * @param now milliseconds since the epoch
 */
export const picturesOf = async (fields: Case, view: PresentView, isHead: boolean, now: number): Promise<Pictures> => ({
  map: await locatorOf(fields, view.lang),
  portraits: portraitsOf(fields, view, isHead, now),
});
