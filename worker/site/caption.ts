/**
 * What others keep of a case (link previews, oEmbed, feeds): a quotation, which nobody takes back. So each says which revision it
 * is of and from when its facts are, and no status stands without them.
 */

import { isolate, type LocaleTag } from "../../shared/locale.ts";
import { message } from "../../shared/messages.ts";
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
  return [
    ...(demo ? [message(locale, "page.demo")] : []),
    named,
    isolate(revision, locale),
    isolate(facts, locale),
  ].join(" · ");
}

export const captionOfView = (view: PresentView): string =>
  captionOf(
    {
      demo: view.demo !== undefined,
      number: view.number,
      title: view.title.text,
      revision: view.revision.label,
      facts: `${view.asOf.label} ${view.asOf.text}`,
    },
    view.lang,
  );

/** The longest headline that search engines take, in UTF-16 units. */
const HEADLINE = 110;

/** The caption with as much of the title as a headline has room for: what dates it is never cut. */
export function headlineOf(view: PresentView): string {
  const caption = captionOfView(view);
  if (caption.length <= HEADLINE) return caption;
  const { text } = view.title;
  const room = text.length - (caption.length - HEADLINE) - " …".length;
  const words = text.slice(0, Math.max(room, 0) + 1).replace(/\s*\S*$/u, "");
  return captionOfView({ ...view, title: { text: `${words} …`.trim() } });
}

/** The summary, after what dates it. */
export function descriptionOf(view: PresentView): string {
  const { asOf, revision, lang } = view;
  const dated = [
    ...(view.demo ? [view.demo] : []),
    `${asOf.label} ${asOf.text}`,
    asOf.stated,
    ...(asOf.note ? [asOf.note.replace(/[.。]$/, "")] : []),
    revision.label,
    revision.published,
  ];
  return `${dated.map((part) => isolate(part, lang)).join(" · ")}. ${isolate(view.summary.text, lang)}`;
}
