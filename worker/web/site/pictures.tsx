/** What the server draws into a card, and the widget doesn't. */
import type { VNode } from "preact";
import { addressOf, paths } from "../../../shared/addresses.ts";
import type { Case } from "../../../shared/case/schema.ts";
import { portraitEnd } from "../../../shared/view/age.ts";
import { runOf } from "../../../shared/view/run.ts";
import type { PresentView, Run } from "../../../shared/view/schema.ts";
import { locatorOf } from "./map/locator.tsx";

/**
 * The pictures that may be shown, by the name in the view.
 * @param isHead false for a superseded revision, which shows no pictures: only those of the current one are stored for readers
 * @param now milliseconds since the epoch
 */
function portraitsOf(fields: Case, view: PresentView, isHead: boolean, now: number): Map<Run, VNode> {
  const slots = fields.people.flatMap(({ portrait }, index) => {
    const name = view.people.list[index]?.name;
    if (!name || !portrait || !isHead || fields.hidePortraits || now >= portraitEnd(portrait.until)) return [];
    const alt = runOf(portrait.alt, fields.language, view.lang);
    const slot = (
      <span class="portrait">
        <img
          src={addressOf(paths.portrait, { id: fields.id, image: portrait.image })}
          alt={alt.text}
          lang={alt.lang}
          width={200}
          height={250}
          loading="lazy"
        />
        <small dir="auto">
          {portrait.credit} · {portrait.licence}
        </small>
      </span>
    );
    return [[name, slot] as const];
  });
  return new Map(slots);
}

export interface Pictures {
  map: VNode | null;
  /** By the name in the view. */
  portraits: ReadonlyMap<Run, VNode>;
}

export const picturesOf = async (fields: Case, view: PresentView, isHead: boolean, now: number): Promise<Pictures> => ({
  map: await locatorOf(fields, view.lang),
  portraits: portraitsOf(fields, view, isHead, now),
});
