/**
 * Captions of a case for link previews, oEmbed and feeds. Other sites keep
 * these texts and we can't update them, so each names its revision and the
 * as-of date of its facts, and none gives a status without them.
 */

import { withPlainDates } from "../../../shared/intl.ts";
import { isolate, type LocaleTag } from "../../../shared/locale.ts";
import { message } from "../../../shared/messages.ts";
import { numberedLabel } from "../../../shared/view/revision.ts";
import { markedText } from "../../../shared/view/run.ts";
import type { PresentView } from "../../../shared/view/schema.ts";

interface Captioned {
  demo: boolean;
  /** The news that leads a preview: a sentence and its day. */
  news?: string[];
  number: string;
  title: string;
  /** "Update 3" */
  revision: string;
  /** "Facts as of 25 June 2020" */
  facts: string;
}

/** "UA 126/19: title · Update 3 · Facts as of 25 June 2020" */
export function captionOf(
  { demo, news = [], number, title, revision, facts }: Captioned,
  locale: LocaleTag,
): string {
  const named = `${isolate(number, locale)}: ${isolate(title, locale)}`;
  const parts = [...news, revision, facts].map((part) => isolate(part, locale));
  parts.splice(news.length, 0, named);
  return withPlainDates(
    [...(demo ? [message(locale, "page.demo")] : []), ...parts].join(" · "),
  );
}

const captioned = (view: PresentView): Captioned => ({
  demo: view.demo !== undefined,
  number: view.number,
  title: markedText(view.title),
  revision: numberedLabel(view.revision, view.lang),
  facts: `${view.asOf.label} ${view.asOf.text}`,
});

export const captionOfView = (view: PresentView): string =>
  captionOf(captioned(view), view.lang);

/** A longer text makes no headline. */
export const MAX_HEADLINE_CHARACTERS = 140;

/**
 * Without its full stop, which isn't that of an abbreviation such as "2026 р."
 */
const withoutStop = (sentence: string): string =>
  sentence.replace(/(?<![\s\u00a0]\S{1,2})[.。]$/u, "");

/**
 * The last change that readers should hear of first, as a sentence, and its
 * day. Empty when there is no news.
 */
const newsOf = ({ news: [first] }: PresentView): string[] =>
  first ? [withoutStop(markedText(first.text)), first.day] : [];

const isHeadline = ([sentence]: string[]): boolean =>
  sentence !== undefined && sentence.length <= MAX_HEADLINE_CHARACTERS;

/**
 * The title of link previews. It begins with the news: "A. Person was released
 * · 25 November 2026 · UA 126/19: title · ..."
 */
export function previewTitleOf(view: PresentView): string {
  const news = newsOf(view);
  return captionOf(
    { ...captioned(view), news: isHeadline(news) ? news : [] },
    view.lang,
  );
}

/**
 * The description of link previews. It begins with the news where the title has
 * no room for it.
 */
export function previewDescriptionOf(view: PresentView): string {
  const news = newsOf(view);
  return describe(view, isHeadline(news) ? [] : news);
}

/**
 * Begins with the fact: the news, else the summary. Where people are, dates,
 * source and revision follow.
 */
export const descriptionOf = (view: PresentView): string =>
  describe(view, newsOf(view));

function describe(view: PresentView, news: string[]): string {
  const { asOf, revision, lang, status } = view;
  const joined = (parts: string[]) =>
    parts.map((part) => isolate(part, lang)).join(" · ");
  const dated = [
    // The people's own days, which may differ from that of the facts.
    ...(status.text
      ? [status.text, status.asOf]
      : [`${asOf.label} ${asOf.text}`]),
    asOf.stated,
    ...(asOf.note ? [asOf.note.replace(/[.。]$/, "")] : []),
    numberedLabel(revision, lang),
    revision.day,
  ];
  // An invented case says so first.
  const leading = [...(view.demo ? [view.demo] : []), ...news];
  const sentence = (text: string) =>
    /\.\u2069?$/.test(text) ? text : `${text}.`;
  const first = leading.length > 0 ? `${sentence(joined(leading))} ` : "";
  return withPlainDates(
    `${first}${isolate(markedText(view.summary), lang)} ${sentence(joined(dated))}`,
  );
}
