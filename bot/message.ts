/** Views as Telegram messages: text with entities, never markup, so that nothing an editor writes can break or mention. */

import type { InlineKeyboardButton } from "grammy/types";
import { addresses } from "../shared/addresses.ts";
import { type LocaleTag, locales, localeTags } from "../shared/locale.ts";
import { type MessageKey, type MessageValues, message } from "../shared/messages.ts";
import { PEOPLE_NAMED } from "../shared/view/limits.ts";
import type { PresentView, RefusalView, View } from "../shared/view/schema.ts";
import type { CaseSummary } from "../shared/view/summary.ts";
import { viewSummary } from "../shared/view/view.ts";
import type { Scope } from "./ports.ts";
import { press } from "./press.ts";
import { scopeName } from "./scope.ts";
import {
  beginning,
  bold,
  button,
  inert,
  italic,
  join,
  LIMIT,
  lineText,
  link,
  type Outgoing,
  outgoing,
  type Part,
  plain,
  runText,
  shorten,
  shortRun,
} from "./text.ts";

export interface BotLinks {
  /** Without a slash at the end. */
  publicUrl: string;
  /** A mailto: or https: address. */
  contact: string;
}

/** What an editor may fill of one message, so that the date and the link always fit. */
const NEWS_LIMIT = 2400;
const NOTE_LIMIT = 900;
const TITLE_LIMIT = 300;
/** The longest neutral first line, with what separates it, in UTF-16 units. */
const NEUTRAL_LIMIT = 120;
/** How many earlier revisions one message tells of; even then each has room for a sentence. */
const EARLIER = 16;
/** How many cases one list shows. */
export const LISTED = 8;

const say = (locale: LocaleTag, key: MessageKey, values?: MessageValues) => message(locale, key, values);

const pageUrl = (links: BotLinks, id: string, locale: LocaleTag) => links.publicUrl + addresses.page(id, locale);

/** Fills what is left of a message with whole paragraphs; the first that does not fit is cut at a sentence's end. */
function filled(before: Part[], middle: Part[], after: Part[], locale: LocaleTag, limit = LIMIT): Part[] {
  // A right-to-left message gains a mark per line.
  const cost = (part: Part) =>
    part.text.length + 2 + (locales[locale].dir === "rtl" ? part.text.split("\n").length : 0);
  const more = plain(say(locale, "bot.more"));
  let room = limit - [...before, ...after].reduce((sum, part) => sum + cost(part), 0);
  const whole = middle.reduce((sum, part) => sum + cost(part), 0);
  if (whole <= room) return [...before, ...middle, ...after];
  room -= cost(more);
  const kept: Part[] = [];
  for (const part of middle) {
    if (cost(part) <= room) {
      kept.push(part);
      room -= cost(part);
      continue;
    }
    if (room > 120) kept.push(part.slice(0, beginning(part.text, room - 20, locale).kept.length).plain(" …"));
    break;
  }
  return [...before, ...kept, more, ...after];
}

function personPart({ name, alsoText, lines }: PresentView["people"]["list"][number]): Part {
  const head = join([bold(runText(name)), ...(alsoText ? [plain(` (${inert(alsoText)})`)] : [])], "");
  return join([head, ...lines.map((line) => plain(`• ${lineText(line)}`))], "\n");
}

function cardParts(view: PresentView, links: BotLinks): { before: Part[]; middle: Part[]; after: Part[] } {
  const { asOf, action, revision, people, words } = view;
  const locale = view.lang;
  const heading = [
    ...(view.demo ? [italic(view.demo)] : []),
    plain(`${view.number} · ${inert(view.issuer)}`),
    bold(shortRun(view.title, TITLE_LIMIT, locale)),
  ];
  const facts = [
    join([bold(asOf.label), plain(` ${asOf.text}`)], ""),
    plain(inert(asOf.stated)),
    ...(asOf.note ? [plain(asOf.note)] : []),
  ];
  const contact = links.contact.startsWith("mailto:")
    ? plain(`${words.contact} · ${links.contact.slice("mailto:".length)}`)
    : link(words.contact, links.contact);
  return {
    before: [join(heading, "\n"), join(facts, "\n"), bold(action.label)],
    middle: [
      ...(action.text ? [plain(runText(action.text))] : []),
      plain(runText(view.summary)),
      ...(people.list.length > 0 ? [bold(people.label)] : []),
      ...(people.each
        ? [
            join(
              [plain(`${people.each.label}:`), ...people.each.list.map((line) => plain(`• ${lineText(line)}`))],
              "\n",
            ),
          ]
        : []),
      ...people.list.slice(0, PEOPLE_NAMED).map(personPart),
      ...(people.more ? [plain(people.more)] : []),
    ],
    after: [
      join(
        [plain(`${revision.label} · ${revision.published}`), ...view.notes.map((note) => italic(inert(note)))],
        "\n",
      ),
      join([link(words.more, pageUrl(links, view.id, locale)), contact], "\n"),
    ],
  };
}

/** On a laptop there is none: Telegram refuses a whole message for a button that leads to localhost. */
const pageButton = (view: View, links: BotLinks): InlineKeyboardButton[] =>
  links.publicUrl.startsWith("https://")
    ? [{ text: say(view.lang, "view.more"), url: pageUrl(links, view.id, view.lang) }]
    : [];

/**
 * The case as it stands, or the designed refusal when it was withdrawn or never was. There is room for a veil.
 * @param shares whether a button offers to share it
 */
export function caseMessage(view: View, following: boolean, links: BotLinks, shares = false): Outgoing {
  const locale = view.lang;
  if (view.state !== "present") return refusalMessage(view, following, links);
  const { before, middle, after } = cardParts(view, links);
  return outgoing(filled(before, middle, after, locale, LIMIT - NEUTRAL_LIMIT), locale, [
    [
      following
        ? button(say(locale, "bot.unfollow"), press.unfollow(view.id))
        : button(say(locale, "bot.follow"), press.follow(view.id)),
      button(say(locale, "bot.refresh"), press.refresh(view.id)),
    ],
    takePartRow(view, shares),
    [...pageButton(view, links), button(say(locale, "bot.language"), press.chooseLanguage(view.id))],
  ]);
}

/** What a reader can do for it; nobody is asked to write once the action is over. */
const takePartRow = (view: PresentView, shares: boolean): InlineKeyboardButton[] => [
  ...(view.action.state === "active" ? [button(say(view.lang, "bot.act"), press.act(view.id))] : []),
  ...(shares ? [button(say(view.lang, "bot.share.offer"), press.share(view.id))] : []),
];

/** What is said of a case that was withdrawn, of which the number stays public, or that never was. */
export function refusalMessage(view: RefusalView, following: boolean, links: BotLinks): Outgoing {
  const locale = view.lang;
  const stamp = view.revision ? plain(`${view.revision.label} · ${view.revision.published}`) : null;
  const title = view.number ? `${view.title}: ${view.number}` : view.title;
  return outgoing([bold(title), plain(inert(view.text)), stamp], locale, [
    ...(following ? [[button(say(locale, "bot.unfollow"), press.unfollow(view.id))]] : []),
    ...(view.state === "withdrawn" ? [pageButton(view, links)] : []),
    [button(say(locale, "bot.cases"), press.list(0))],
  ]);
}

/** The note, and as many of the changes as fit after it. */
function changesPart(revision: PresentView["revision"], limit: number, locale: LocaleTag): Part {
  const lines = [shortRun(revision.note, Math.min(limit, NOTE_LIMIT), locale)];
  let room = limit - lines[0]!.length;
  for (const change of revision.changes.list) {
    const line = `• ${shorten(inert(change), 300, locale)}`;
    room -= line.length + 1;
    if (room < 0) {
      lines.push("…");
      break;
    }
    lines.push(line);
  }
  return plain(lines.join("\n"));
}

/** How a place is told of an update. */
export interface Telling {
  /** What the place follows that asks for this update; each can be stopped. */
  scopes: Scope[];
  /** The first line names nobody; the rest, in the notification too, is hidden until it is touched. */
  neutral: boolean;
  /** Whether a button offers to share the case. */
  shares: boolean;
  /** In a channel nobody presses for all: whoever wants to follow goes to this bot. Its name, without the @. */
  channelOf?: string;
}

/** A first line that names nobody, and the message itself hidden until it is touched. */
export function veiled({ text, entities, keyboard }: Outgoing, locale: LocaleTag): Outgoing {
  const first = outgoing([plain(say(locale, "bot.neutral"))], locale, []).text;
  const offset = first.length + 2;
  return {
    text: `${first}\n\n${text}`,
    entities: [
      { type: "spoiler", offset, length: text.length },
      ...entities.map((entity) => ({ ...entity, offset: entity.offset + offset })),
    ],
    keyboard,
  };
}

function updateKeyboard(
  view: PresentView,
  { scopes, shares, channelOf }: Telling,
  links: BotLinks,
): InlineKeyboardButton[][] {
  const locale = view.lang;
  if (channelOf)
    return [
      pageButton(view, links),
      [{ text: say(locale, "bot.channel.follow"), url: `https://t.me/${channelOf}?start=${view.id}` }],
    ];
  return [
    ...scopes
      .slice(0, 3)
      .map((scope) => [
        button(
          scope === view.id
            ? say(locale, "bot.unfollow")
            : say(locale, "bot.unfollow.scope", { id: scopeName(scope, locale) }),
          press.unfollow(scope),
        ),
      ]),
    takePartRow(view, shares),
    [...pageButton(view, links), button(say(locale, "bot.language"), press.chooseLanguage(view.id))],
  ];
}

/**
 * What changed, then the case.
 * @param earlier revisions the follower has not been told of either, oldest first
 */
export function updateMessage(
  view: View,
  earlier: PresentView["revision"][],
  links: BotLinks,
  telling: Telling = { scopes: [view.id], neutral: false, shares: false },
): Outgoing {
  const locale = view.lang;
  const seen = (message: Outgoing) => (telling.neutral ? veiled(message, locale) : message);
  if (view.state !== "present") {
    const refusal = refusalMessage(view, false, links);
    const page = { inline_keyboard: [pageButton(view, links)].filter((row) => row.length > 0) };
    return seen(telling.channelOf ? { ...refusal, keyboard: page } : refusal);
  }
  const { before, middle, after } = cardParts(view, links);
  const told = earlier.slice(-EARLIER);
  const share = Math.floor((NEWS_LIMIT - NOTE_LIMIT) / told.length);
  const newsOf = (title: Part, revision: PresentView["revision"], limit: number) =>
    join([title, changesPart(revision, limit - title.text.length, locale)], "\n");
  const news = [
    bold(`${view.words.changed}: ${view.number} · ${view.revision.label}`),
    ...told.map((revision) => newsOf(plain(revision.label), revision, share)),
    newsOf(bold(view.revision.changes.label), view.revision, told.length > 0 ? NOTE_LIMIT : NEWS_LIMIT),
    ...(earlier.length > EARLIER ? [plain(say(locale, "bot.more"))] : []),
    plain("———"),
  ];
  const parts = filled([...news, ...before], middle, after, locale, LIMIT - NEUTRAL_LIMIT);
  return seen(outgoing(parts, locale, updateKeyboard(view, telling, links)));
}

/** @param page from 0 */
export function listMessage(
  title: string,
  summaries: CaseSummary[],
  page: number,
  locale: LocaleTag,
  now: number,
): Outgoing {
  const pages = Math.max(1, Math.ceil(summaries.length / LISTED));
  const at = Math.min(Math.max(page, 0), pages - 1);
  const shown = summaries.slice(at * LISTED, (at + 1) * LISTED);
  const entries = shown.map((summary) => {
    const view = viewSummary(summary, locale, now);
    const demo = summary.demo ? [italic(say(locale, "view.demo"))] : [];
    return join(
      [
        join([bold(summary.number), plain(` · ${shortRun(view.title, 160, locale)}`)], ""),
        ...demo,
        plain(`${view.asOf} · ${view.action}`),
      ],
      "\n",
    );
  });
  const turn = [
    ...(at > 0 ? [button("‹", press.list(at - 1))] : []),
    ...(at < pages - 1 ? [button("›", press.list(at + 1))] : []),
  ];
  const open = shown.map((summary) => button(summary.number, press.open(summary.id)));
  const rows = Array.from({ length: Math.ceil(open.length / 2) }, (_, row) => open.slice(row * 2, row * 2 + 2));
  const body = entries.length > 0 ? entries : [plain(say(locale, "bot.cases.none"))];
  return outgoing([bold(title), ...body], locale, [...rows, ...(turn.length > 0 ? [turn] : [])]);
}

/** @param id a case to come back to, if any */
export function languageMessage(locale: LocaleTag, id?: string): Outgoing {
  return outgoing([plain(say(locale, "bot.language.choose"))], locale, languageRows(id));
}

export const languageRows = (id?: string): InlineKeyboardButton[][] =>
  localeTags.map((tag) => [button(locales[tag].name, press.language(tag, id))]);

/** A text of the catalogue, its first line bold, and the way on. */
export function plainMessage(
  locale: LocaleTag,
  key: MessageKey,
  values: MessageValues = {},
  more: "cases" | "none" = "none",
): Outgoing {
  const rows = more === "cases" ? [[button(say(locale, "bot.cases"), press.list(0))]] : [];
  return linesMessage(locale, say(locale, key, values), rows);
}

/** Finished text, its first line bold when there are more. */
export function linesMessage(locale: LocaleTag, text: string, rows: InlineKeyboardButton[][] = []): Outgoing {
  const [title = "", ...rest] = text.split("\n");
  const body = rest.length === 0 ? plain(title) : join([bold(title), plain(rest.join("\n"))], "\n");
  return outgoing([body], locale, rows);
}
