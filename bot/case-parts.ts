/**
 * The parts of a message about a case, and how they share its limited length.
 */
import { addresses } from "../shared/addresses.ts";
import { type LocaleTag, locales } from "../shared/locale.ts";
import { message } from "../shared/messages.ts";
import { instantIn } from "../shared/view/date.ts";
import { PEOPLE_NAMED } from "../shared/view/limits.ts";
import { numberedLabel } from "../shared/view/revision.ts";
import type { PresentView, RevisionView } from "../shared/view/schema.ts";
import type { BotLinks } from "./ports.ts";
import {
  beginning,
  bold,
  inert,
  italic,
  join,
  lineText,
  link,
  type Part,
  plain,
  runText,
  shortRun,
  time,
} from "./text.ts";

/** The longest title, so that the date and the link always fit. */
export const MAX_TITLE_LENGTH = 300;
/**
 * The least room for the texts of a case beside its people, so that a long list
 * of people doesn't replace them.
 */
const MIN_TEXTS_LENGTH = 240;
/** Below this room a paragraph is left out instead of cut. */
const MIN_PARAGRAPH_LENGTH = 120;

/** A right-to-left message gains one mark per line. */
const cost = (part: Part, locale: LocaleTag): number =>
  part.text.length +
  2 +
  (locales[locale].dir === "rtl" ? part.text.split("\n").length : 0);

export const costOf = (parts: Part[], locale: LocaleTag): number =>
  parts.reduce((sum, part) => sum + cost(part, locale), 0);

/**
 * The whole paragraphs that fit. The first one that does not fit is cut after a
 * sentence.
 */
function fitting(parts: Part[], room: number, locale: LocaleTag): Part[] {
  if (costOf(parts, locale) <= room) return parts;
  const more = plain(message(locale, "bot.more"));
  let left = room - cost(more, locale);
  const kept: Part[] = [];
  for (const part of parts) {
    if (cost(part, locale) <= left) {
      kept.push(part);
      left -= cost(part, locale);
      continue;
    }
    if (left > MIN_PARAGRAPH_LENGTH)
      kept.push(
        part
          .slice(0, beginning(part.text, left - 20, locale).kept.length)
          .plain(" …"),
      );
    break;
  }
  return [...kept, more];
}

type PersonShown = PresentView["people"]["list"][number];

/**
 * How much is said about each person: everything, how the person stands, or the
 * name.
 */
const details = ["all", "status", "name"] as const;
type Detail = (typeof details)[number];

function personPart(
  { name, alsoText, lines }: PersonShown,
  detail: Detail,
): Part {
  const also =
    alsoText && detail === "all" ? [plain(` (${inert(alsoText)})`)] : [];
  const head = join([bold(runText(name)), ...also], "");
  // The last line is the newest status.
  const shown =
    detail === "all" ? lines : detail === "status" ? lines.slice(-1) : [];
  return join(
    [head, ...shown.map((line) => plain(`• ${lineText(line)}`))],
    "\n",
  );
}

/**
 * @param named how many people are named; the rest are counted. Those beyond
 * `PEOPLE_NAMED` get no details.
 */
function peopleParts(
  { people, lang }: PresentView,
  detail: Detail,
  named: number,
): Part[] {
  const list = people.list.slice(0, named);
  const persons = list
    .slice(0, PEOPLE_NAMED)
    .map((person) => personPart(person, detail));
  const others = list.slice(PEOPLE_NAMED).map(({ name }) => runText(name));
  const count = people.list.length - list.length;
  const each = people.each && [
    plain(message(lang, "bot.each", { label: people.each.label })),
    ...people.each.list.map((line) => plain(`• ${lineText(line)}`)),
  ];
  return [
    ...(people.list.length > 0 ? [bold(people.label)] : []),
    ...(each ? [join(each, "\n")] : []),
    ...(detail === "name" && persons.length > 0
      ? [join(persons, "\n")]
      : persons),
    ...(others.length > 0 ? [plain(others.join(" · "))] : []),
    ...(count > 0 ? [plain(message(lang, "view.people.more", { count }))] : []),
  ];
}

const moreCost = (locale: LocaleTag): number =>
  cost(plain(message(locale, "bot.more")), locale);

/**
 * The least room that the people of a case need: all their names, and the words
 * that the rest is elsewhere.
 */
export const leastPeopleCost = (view: PresentView): number =>
  costOf(peopleParts(view, "name", view.people.list.length), view.lang) +
  moreCost(view.lang);

/**
 * The people of a case, with as many details as fit. Names that don't fit are
 * counted.
 */
function fittingPeople(view: PresentView, room: number, named: number): Part[] {
  const fits = (parts: Part[]) => costOf(parts, view.lang) <= room;
  const whole = details
    .map((detail) => peopleParts(view, detail, named))
    .find(fits);
  if (whole) return whole;
  let some = named - 1;
  while (some > 0 && !fits(peopleParts(view, "name", some))) some -= 1;
  return peopleParts(view, "name", some);
}

/**
 * The action, the summary and the people of a case. When they don't fit, its
 * texts are cut first, then details; names stay.
 * @param named the most people to name
 */
export function bodyParts(
  view: PresentView,
  room: number,
  named: number = PEOPLE_NAMED,
): Part[] {
  const { action, lang } = view;
  const request = action.text ? [plain(runText(action.text))] : [];
  const texts = [...request, plain(runText(view.summary))];
  const least = Math.min(MIN_TEXTS_LENGTH, costOf(texts, lang));
  const hasRoom =
    costOf(peopleParts(view, "name", named), lang) + least <= room;
  const people = fittingPeople(
    view,
    room - (hasRoom ? least : moreCost(lang)),
    named,
  );
  const left = room - costOf(people, lang);
  return hasRoom
    ? [...fitting(texts, left, lang), ...people]
    : fitting([...people, ...texts], room, lang);
}

/** The date of the facts and who stated them. */
export function factsPart({ asOf }: PresentView): Part {
  const facts = [
    join([bold(asOf.label), plain(` ${asOf.text}`)], ""),
    plain(inert(asOf.stated)),
    ...(asOf.note ? [plain(asOf.note)] : []),
  ];
  return join(facts, "\n");
}

export const demoParts = ({ demo }: PresentView): Part[] =>
  demo ? [italic(demo)] : [];

export const titlePart = (view: PresentView): Part =>
  bold(shortRun(view.title, MAX_TITLE_LENGTH, view.lang));

/**
 * A revision's number and moment. Telegram shows the moment in the reader's
 * time zone.
 */
export function stampPart(revision: RevisionView, locale: LocaleTag): Part {
  const { published, liveAt } = revision;
  const label = numberedLabel(revision, locale);
  const instant = instantIn(locale, liveAt);
  const at = published.indexOf(instant);
  if (at < 0) return plain(`${label} · ${published}`);
  const moment = time(instant, Math.floor(Date.parse(liveAt) / 1000), "Dt");
  const after = published.slice(at + instant.length);
  return join(
    [plain(`${label} · ${published.slice(0, at)}`), moment, plain(after)],
    "",
  );
}

export const notesParts = ({ notes, independent }: PresentView): Part[] =>
  [...notes, ...(independent ? [independent] : [])].map((note) =>
    italic(inert(note)),
  );

export const pageUrl = (
  links: BotLinks,
  id: string,
  locale: LocaleTag,
): string => links.publicUrl + addresses.page(id, locale);

/** The links to the case's page and to the newsroom. */
export function linksPart(view: PresentView, links: BotLinks): Part {
  const { words } = view;
  const { contact: address } = links.profile.newsroom;
  const contact = address.startsWith("mailto:")
    ? plain(`${words.contact} · ${address.slice("mailto:".length)}`)
    : link(words.contact, address);
  return join(
    [
      link(message(view.lang, "view.more"), pageUrl(links, view.id, view.lang)),
      contact,
    ],
    "\n",
  );
}
