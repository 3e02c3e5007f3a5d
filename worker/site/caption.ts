/**
 * Captions of a case for link previews, oEmbed and feeds. Other sites keep these texts and we can't update them, so each names its
 * revision and the as-of date of its facts, and none gives a status without them.
 */

import { withPlainDates } from "../../shared/intl.ts";
import { isolate, type LocaleTag } from "../../shared/locale.ts";
import { message } from "../../shared/messages.ts";
import { numberedLabel } from "../../shared/view/revision.ts";
import { markedText } from "../../shared/view/run.ts";
import type { PresentView } from "../../shared/view/schema.ts";

interface Captioned {
  demo: boolean;
  number: string;
  title: string;
  /** "Update 3" */
  revision: string;
  /** "Facts as of 25 June 2020" */
  facts: string;
}

/** "UA 126/19: title · Update 3 · Facts as of 25 June 2020" */
export function captionOf({ demo, number, title, revision, facts }: Captioned, locale: LocaleTag): string {
  const named = `${isolate(number, locale)}: ${isolate(title, locale)}`;
  const parts = [named, isolate(revision, locale), isolate(facts, locale)];
  return withPlainDates([...(demo ? [message(locale, "page.demo")] : []), ...parts].join(" · "));
}

export const captionOfView = (view: PresentView): string =>
  captionOf(
    {
      demo: view.demo !== undefined,
      number: view.number,
      title: markedText(view.title),
      revision: numberedLabel(view.revision, view.lang as LocaleTag),
      facts: `${view.asOf.label} ${view.asOf.text}`,
    },
    view.lang,
  );

/** Returns the summary, preceded by the as-of date and the revision. */
export function descriptionOf(view: PresentView): string {
  const { asOf, revision, lang } = view;
  const dated = [
    ...(view.demo ? [view.demo] : []),
    `${asOf.label} ${asOf.text}`,
    asOf.stated,
    ...(asOf.note ? [asOf.note.replace(/[.。]$/, "")] : []),
    numberedLabel(revision, lang as LocaleTag),
    revision.day,
  ];
  return withPlainDates(
    `${dated.map((part) => isolate(part, lang)).join(" · ")}. ${isolate(markedText(view.summary), lang)}`,
  );
}
