/** Views as Telegram messages: text with entities, never markup, so that an editor's text can't break a message or mention anyone. */

import type { InlineKeyboardButton } from "grammy/types";
import { addresses } from "../shared/addresses.ts";
import { botAddress, followCase } from "../shared/bot-address.ts";
import { type LocaleTag, locales } from "../shared/locale.ts";
import { type MessageKey, type MessageValues, message } from "../shared/messages.ts";
import type { Profile } from "../shared/profile/schema.ts";
import { PEOPLE_NAMED } from "../shared/view/limits.ts";
import type { PresentView, RefusalView, View } from "../shared/view/schema.ts";
import type { CaseSummary, Unshowable } from "../shared/view/summary.ts";
import { viewSummary } from "../shared/view/view.ts";
import { buttonData } from "./button-data.ts";
import type { Scope } from "./ports.ts";
import { scopeName } from "./scope.ts";
import {
  beginning,
  bold,
  button,
  code,
  inert,
  italic,
  join,
  lineText,
  link,
  MAX_TEXT_LENGTH,
  type Outgoing,
  outgoing,
  type Part,
  plain,
  runText,
  shorten,
  shortNote,
  shortRun,
} from "./text.ts";

export interface BotLinks {
  /** Without a trailing slash. */
  publicUrl: string;
  profile: Profile;
}

/** Limits for an editor's texts, so that the date and the link always fit. */
const MAX_NEWS_LENGTH = 2400;
const MAX_NOTE_LENGTH = 900;
const MAX_TITLE_LENGTH = 300;
/** The neutral first line and the empty line after it. */
const MAX_NEUTRAL_LENGTH = 120;
/** With this many, each revision still has room for a sentence. */
const MAX_EARLIER_REVISIONS = 16;
const CASES_PER_PAGE = 8;

const say = (locale: LocaleTag, key: MessageKey, values?: MessageValues) => message(locale, key, values);

const pageUrl = (links: BotLinks, id: string, locale: LocaleTag) => links.publicUrl + addresses.page(id, locale);

/** Fills a message with the whole paragraphs that fit. The first one that does not fit is cut after a sentence. */
function filled(before: Part[], middle: Part[], after: Part[], locale: LocaleTag, limit = MAX_TEXT_LENGTH): Part[] {
  // A right-to-left message gains one mark per line.
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
    bold(shortRun(view.title, MAX_TITLE_LENGTH, locale)),
  ];
  const facts = [
    join([bold(asOf.label), plain(` ${asOf.text}`)], ""),
    plain(inert(asOf.stated)),
    ...(asOf.note ? [plain(asOf.note)] : []),
  ];
  const { contact: address } = links.profile.newsroom;
  const contact = address.startsWith("mailto:")
    ? plain(`${words.contact} · ${address.slice("mailto:".length)}`)
    : link(words.contact, address);
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

/** Whether a chat follows a case, and whether it does so without sound. */
export type Following = boolean | "quietly";

/** Empty in a local run: Telegram rejects a message with a button that links to localhost. */
const pageButton = (view: View, links: BotLinks): InlineKeyboardButton[] =>
  links.publicUrl.startsWith("https://")
    ? [{ text: say(view.lang, "view.more"), url: pageUrl(links, view.id, view.lang) }]
    : [];

/**
 * The case's current view, or the refusal of a withdrawn or unknown case. Leaves room for the neutral first line.
 * @param shares adds a share button
 * @param brief leaves out the people and the texts, for a group
 */
export function caseMessage(
  view: View,
  following: Following,
  links: BotLinks,
  { shares = false, brief = false } = {},
): Outgoing {
  const locale = view.lang;
  if (view.state !== "present") return refusalMessage(view, Boolean(following), links);
  const { before, middle, after } = cardParts(view, links);
  return outgoing(filled(before, brief ? [] : middle, after, locale, MAX_TEXT_LENGTH - MAX_NEUTRAL_LENGTH), locale, [
    [
      following
        ? button(
            say(locale, following === "quietly" ? "bot.following.state.quietly" : "bot.following.state"),
            buttonData.unfollow(view.id),
          )
        : button(say(locale, "bot.follow"), buttonData.follow(view.id)),
      button(say(locale, "bot.refresh"), buttonData.refresh(view.id)),
    ],
    takePartRow(view, shares),
    [...pageButton(view, links), button(say(locale, "bot.language"), buttonData.chooseLanguage(view.id))],
  ]);
}

/** The buttons to act and to share. The first is left out once the action is over. */
const takePartRow = (view: PresentView, shares: boolean): InlineKeyboardButton[] => [
  ...(view.action.state === "active" ? [button(say(view.lang, "bot.act"), buttonData.act(view.id))] : []),
  ...(shares ? [button(say(view.lang, "bot.share.offer"), buttonData.share(view.id))] : []),
];

/** The message for a case that is withdrawn or can't be shown, whose number stays public, or for an unknown one. */
export function refusalMessage(view: RefusalView, following: boolean, links: BotLinks): Outgoing {
  const locale = view.lang;
  const stamp = view.revision ? plain(`${view.revision.label} · ${view.revision.published}`) : null;
  const title = view.number ? `${view.title}: ${view.number}` : view.title;
  return outgoing([bold(title), plain(inert(view.text)), stamp], locale, [
    ...(following ? [[button(say(locale, "bot.unfollow"), buttonData.unfollow(view.id))]] : []),
    ...(view.state !== "unknown" ? [pageButton(view, links)] : []),
    [button(say(locale, "bot.cases"), buttonData.list(0))],
  ]);
}

/** A revision's note, and as many of its changes as fit. */
function changesPart(revision: PresentView["revision"], limit: number, locale: LocaleTag): Part {
  const lines = [shortNote(revision.note, Math.min(limit, MAX_NOTE_LENGTH), locale)];
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

/** How an update is shown to one place. */
export interface UpdateOptions {
  /** The follows of the place that this update matches. Each gets an unfollow button. */
  scopes: Scope[];
  /** The first line names no one, and the rest is a spoiler, in the notification too. */
  neutral: boolean;
  /** Leaves out the case, and keeps its date and link. */
  brief?: boolean;
  /** Adds a share button. */
  shares: boolean;
  /** In a channel, the bot's name without the @: the follow button opens a private chat with it. */
  channelOf?: string;
}

/** Turns a message into a neutral first line and a spoiler with the message's text. */
export function asSpoiler({ text, entities, keyboard }: Outgoing, locale: LocaleTag): Outgoing {
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
  { scopes, shares, channelOf }: UpdateOptions,
  links: BotLinks,
): InlineKeyboardButton[][] {
  const locale = view.lang;
  if (channelOf)
    return [
      pageButton(view, links),
      [{ text: say(locale, "bot.channel.follow"), url: botAddress(channelOf, followCase(view.id)) }],
    ];
  return [
    ...scopes
      .slice(0, 3)
      .map((scope) => [
        button(
          scope === view.id
            ? say(locale, "bot.unfollow")
            : say(locale, "bot.unfollow.scope", { id: scopeName(scope, locale, links.profile) }),
          buttonData.unfollow(scope),
        ),
      ]),
    takePartRow(view, shares),
    [...pageButton(view, links), button(say(locale, "bot.language"), buttonData.chooseLanguage(view.id))],
  ];
}

/**
 * An update for a follower: what changed, then the case.
 * @param earlier older revisions that the follower has not been sent either, oldest first
 */
export function updateMessage(
  view: View,
  earlier: PresentView["revision"][],
  links: BotLinks,
  options: UpdateOptions = { scopes: [view.id], neutral: false, shares: false },
): Outgoing {
  const locale = view.lang;
  const seen = (message: Outgoing) => (options.neutral ? asSpoiler(message, locale) : message);
  if (view.state !== "present") {
    const refusal = refusalMessage(view, false, links);
    const page = { inline_keyboard: [pageButton(view, links)].filter((row) => row.length > 0) };
    return seen(options.channelOf ? { ...refusal, keyboard: page } : refusal);
  }
  const { before, middle, after } = cardParts(view, links);
  const shownEarlier = earlier.slice(-MAX_EARLIER_REVISIONS);
  const share = Math.floor((MAX_NEWS_LENGTH - MAX_NOTE_LENGTH) / shownEarlier.length);
  const newsOf = (title: Part, revision: PresentView["revision"], limit: number) =>
    join([title, changesPart(revision, limit - title.text.length, locale)], "\n");
  const news = [
    bold(`${view.words.changed}: ${view.number} · ${view.revision.label}`),
    ...shownEarlier.map((revision) => newsOf(plain(revision.label), revision, share)),
    newsOf(
      bold(view.revision.changes.label),
      view.revision,
      shownEarlier.length > 0 ? MAX_NOTE_LENGTH : MAX_NEWS_LENGTH,
    ),
    ...(earlier.length > MAX_EARLIER_REVISIONS ? [plain(say(locale, "bot.more"))] : []),
    plain("———"),
  ];
  const parts = filled(
    [...news, ...before],
    options.brief ? [] : middle,
    after,
    locale,
    MAX_TEXT_LENGTH - MAX_NEUTRAL_LENGTH,
  );
  return seen(outgoing(parts, locale, updateKeyboard(view, options, links)));
}

/** More numbers would not fit in a message. */
const MAX_LISTED_UNSHOWABLE = 8;

/**
 * One page of a list of cases.
 * @param page from 0
 * @param unshowable cases that can't be shown; the first page names them
 */
export function listMessage(
  title: string,
  summaries: CaseSummary[],
  page: number,
  locale: LocaleTag,
  now: number,
  unshowable: Unshowable[] = [],
): Outgoing {
  const pages = Math.max(1, Math.ceil(summaries.length / CASES_PER_PAGE));
  const at = Math.min(Math.max(page, 0), pages - 1);
  const shown = summaries.slice(at * CASES_PER_PAGE, (at + 1) * CASES_PER_PAGE);
  const entries = shown.map((summary) => {
    const view = viewSummary(summary, locale, now);
    const demo = summary.demo ? [italic(say(locale, "view.demo"))] : [];
    return join(
      [
        join([bold(summary.number), plain(` · ${shortRun(view.title, 160, locale)}`)], ""),
        ...demo,
        plain(`${view.asOf} · ${inert(summary.issuer)}`),
        plain(view.action),
      ],
      "\n",
    );
  });
  const turn = [
    ...(at > 0 ? [button("‹", buttonData.list(at - 1))] : []),
    ...(at < pages - 1 ? [button("›", buttonData.list(at + 1))] : []),
  ];
  const named = at === 0 ? unshowable.slice(0, MAX_LISTED_UNSHOWABLE) : [];
  const more = unshowable.length > MAX_LISTED_UNSHOWABLE ? " · …" : "";
  const unshown = `${say(locale, "view.unshowable.title")}: ${named.map(({ number }) => number).join(" · ")}${more}`;
  if (named.length > 0) entries.push(plain(unshown));
  const open = [...shown, ...named].map(({ id, number }) => button(number, buttonData.open(id)));
  const rows = Array.from({ length: Math.ceil(open.length / 2) }, (_, row) => open.slice(row * 2, row * 2 + 2));
  const body = entries.length > 0 ? entries : [plain(say(locale, "bot.cases.none"))];
  return outgoing([bold(title), ...body], locale, [...rows, ...(turn.length > 0 ? [turn] : [])]);
}

/** The language menu. */
export function languageMessage(locale: LocaleTag, profile: Profile): Outgoing {
  return outgoing([plain(say(locale, "bot.language.choose"))], locale, languageRows(undefined, profile));
}

/** @param id a case to return to */
export const languageRows = (id: string | undefined, profile: Profile): InlineKeyboardButton[][] =>
  profile.languages.map((tag) => [button(locales[tag].name, buttonData.language(tag, id))]);

/** A text of the catalogue, its first line bold when there are more. @param more `cases` adds a button to the list of cases */
export function plainMessage(
  locale: LocaleTag,
  key: MessageKey,
  values: MessageValues = {},
  more: "cases" | "none" | InlineKeyboardButton[][] = "none",
): Outgoing {
  const cases = more === "cases" ? [[button(say(locale, "bot.cases"), buttonData.list(0))]] : [];
  const examples = (["example", "place", "scope", "number"] as const).flatMap((name) => values[name] ?? []).map(String);
  return linesMessage(locale, say(locale, key, values), typeof more === "string" ? cases : more, [...examples, "all"]);
}

/**
 * Marks commands with their argument as code, which a tap copies. Otherwise Telegram would make only the command itself tappable, and a
 * tap would send it without its argument.
 */
function withCode(given: string, examples: string[]): Part {
  // A pasted command must not contain the marks that isolate its argument.
  const text = given.replace(/(\/[a-z]+ )\u2068([^\u2068\u2069]+)\u2069/g, "$1$2");
  const starts = examples.flatMap((example) =>
    [...text.matchAll(/\/[a-z]+ /g)].flatMap(({ 0: command, index }) =>
      text.startsWith(example, index + command.length)
        ? [{ at: index, to: index + command.length + example.length }]
        : [],
    ),
  );
  const parts: Part[] = [];
  let done = 0;
  for (const { at, to } of starts.toSorted((a, b) => a.at - b.at)) {
    if (at < done) continue;
    parts.push(plain(text.slice(done, at)), code(text.slice(at, to)));
    done = to;
  }
  return join([...parts, plain(text.slice(done))], "");
}

/** Finished text, its first line bold when there are more. @param examples arguments of the commands in it */
export function linesMessage(
  locale: LocaleTag,
  text: string,
  rows: InlineKeyboardButton[][] = [],
  examples: string[] = [],
): Outgoing {
  const [title = "", ...rest] = text.split("\n");
  const body =
    rest.length === 0 ? withCode(title, examples) : join([bold(title), withCode(rest.join("\n"), examples)], "\n");
  return outgoing([body], locale, rows);
}
