/**
 * Views as Telegram messages: text with entities, never markup, so that an
 * editor's text can't break a message or mention anyone.
 */

import { FormattedString } from "@grammyjs/parse-mode/dist/format.js";
import type { InlineKeyboardButton } from "grammy/types";
import { type LocaleTag, locales } from "../shared/locale.ts";
import {
  type MessageKey,
  type MessageValues,
  message as say,
} from "../shared/messages.ts";
import type { Profile } from "../shared/profile/schema.ts";
import type { PresentView, RefusalView, View } from "../shared/view/schema.ts";
import type { CaseSummary, Unshowable } from "../shared/view/summary.ts";
import { viewSummary } from "../shared/view/view.ts";
import { buttonData, scopeOfButton } from "./button-data.ts";
import {
  bodyParts,
  costOf,
  demoParts,
  factsPart,
  linksPart,
  notesParts,
  pageUrl,
  stampPart,
  titlePart,
} from "./case-parts.ts";
import type { BotLinks, CaseBook, FoundCases } from "./ports.ts";
import { scopeName } from "./scope.ts";
import {
  bold,
  button,
  code,
  inert,
  inRows,
  italic,
  join,
  MAX_TEXT_LENGTH,
  type Outgoing,
  outgoing,
  type Part,
  plain,
  shortRun,
  withLabel,
} from "./text.ts";

/** The neutral first line and the empty line after it. */
export const MAX_NEUTRAL_LENGTH = 120;
const CASES_PER_PAGE = 8;
/** The most cases to choose from under one message. */
export const MAX_OFFERED_CASES = 8;

/** Whether a chat follows a case, and whether it does so without sound. */
export type Following = boolean | "quietly";

/**
 * Empty in a local run: Telegram rejects a message with a button that links to
 * localhost.
 */
export const pageButton = (
  view: View,
  links: BotLinks,
): InlineKeyboardButton[] =>
  links.publicUrl.startsWith("https://")
    ? [
        {
          text: say(view.lang, "view.more"),
          url: pageUrl(links, view.id, view.lang),
        },
      ]
    : [];

/**
 * The case's current view, or the refusal of a withdrawn or unknown case.
 * Leaves room for the neutral first line.
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
  if (view.state !== "present")
    return refusalMessage(view, Boolean(following), links);
  const heading = [
    ...demoParts(view),
    plain(`${view.number} · ${inert(view.issuer)}`),
    titlePart(view),
  ];
  const before = [
    join(heading, "\n"),
    factsPart(view),
    bold(view.action.label),
  ];
  const stamp = join(
    [stampPart(view.revision, locale), ...notesParts(view)],
    "\n",
  );
  const after = [stamp, linksPart(view, links)];
  const room =
    MAX_TEXT_LENGTH -
    MAX_NEUTRAL_LENGTH -
    costOf([...before, ...after], locale);
  const body = brief ? [] : bodyParts(view, room);
  const isQuiet = following === "quietly";
  return outgoing([...before, ...body, ...after], locale, [
    [
      following
        ? button(
            say(
              locale,
              isQuiet ? "bot.following.state.quietly" : "bot.following.state",
            ),
            buttonData.unfollow(view.id),
          )
        : button(say(locale, "bot.follow"), buttonData.follow(view.id)),
      button(say(locale, "bot.refresh"), buttonData.refresh(view.id)),
    ],
    following
      ? [
          button(
            say(locale, `bot.case.sound.${isQuiet ? "on" : "off"}`),
            buttonData.sound(view.id, isQuiet),
          ),
        ]
      : [],
    takePartRow(view, shares),
    [
      ...pageButton(view, links),
      button(
        say(locale, "page.embed.lang"),
        buttonData.chooseLanguage(view.id),
      ),
    ],
  ]);
}

/**
 * The buttons to act and to share. The first is left out once the action is
 * over.
 */
export const takePartRow = (
  view: PresentView,
  shares: boolean,
): InlineKeyboardButton[] => [
  ...(view.action.state === "active"
    ? [button(say(view.lang, "bot.act"), buttonData.act(view.id))]
    : []),
  ...(shares
    ? [button(say(view.lang, "bot.share.offer"), buttonData.share(view.id))]
    : []),
];

/**
 * The message for a case that is withdrawn or can't be shown, whose number
 * stays public, or for an unknown one.
 */
export function refusalMessage(
  view: RefusalView,
  following: boolean,
  links: BotLinks,
): Outgoing {
  const locale = view.lang;
  const stamp = view.revision ? stampPart(view.revision, locale) : null;
  const title = view.number
    ? withLabel(locale, view.title.text, view.number)
    : view.title.text;
  return outgoing([bold(title), plain(inert(view.text)), stamp], locale, [
    ...(following
      ? [[button(say(locale, "bot.unfollow"), buttonData.unfollow(view.id))]]
      : []),
    ...(view.state !== "unknown" ? [pageButton(view, links)] : []),
    [button(say(locale, "page.cases"), buttonData.list(0))],
  ]);
}

/** More numbers would not fit in a message. */
const MAX_LISTED_UNSHOWABLE = 8;

/**
 * Reads a page of the list, the last one when there is none with that number.
 * @param page from 0
 */
export async function readListPage(
  cases: CaseBook,
  page: number,
): Promise<ListPage> {
  const read = async (at: number) => ({
    ...(await cases.list(at * CASES_PER_PAGE, CASES_PER_PAGE)),
    at,
  });
  const wanted = await read(Math.max(page, 0));
  const last = Math.max(0, Math.ceil(wanted.found / CASES_PER_PAGE) - 1);
  return wanted.at > last ? read(last) : wanted;
}

/** A page of the list of cases. */
interface ListPage extends Omit<FoundCases, "near"> {
  /** From 0. */
  at: number;
}

/** A choice of a few cases. */
export const casesToChoose = (
  cases: CaseSummary[],
  unshowable: Unshowable[] = [],
): ListPage => ({
  cases: cases.slice(0, CASES_PER_PAGE),
  found: Math.min(cases.length, CASES_PER_PAGE),
  unshowable,
  at: 0,
});

/**
 * One page of a list of cases. The first page names those that can't be shown.
 */
export function listMessage(
  title: string,
  { cases: shown, found, unshowable, at }: ListPage,
  locale: LocaleTag,
  now: number,
): Outgoing {
  const pages = Math.max(1, Math.ceil(found / CASES_PER_PAGE));
  const entries = shown.map((summary) => {
    const view = viewSummary(summary, locale, now);
    const demo = summary.demo ? [italic(say(locale, "view.demo"))] : [];
    return join(
      [
        join(
          [
            bold(summary.number),
            plain(` · ${shortRun(view.title, 160, locale)}`),
          ],
          "",
        ),
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
  const numbers = named.map(({ number }) => number).join(" · ") + more;
  const unshown = withLabel(
    locale,
    say(locale, "view.unshowable.title"),
    numbers,
  );
  if (named.length > 0) entries.push(plain(unshown));
  const open = [...shown, ...named].map(({ id, number }) =>
    button(number, buttonData.open(id)),
  );
  const body =
    entries.length > 0 ? entries : [plain(say(locale, "bot.cases.none"))];
  return outgoing([bold(title), ...body], locale, [
    ...inRows(open, 2),
    ...(turn.length > 0 ? [turn] : []),
  ]);
}

/** The language menu. */
export function languageMessage(locale: LocaleTag, profile: Profile): Outgoing {
  return outgoing(
    [plain(say(locale, "bot.language.choose"))],
    locale,
    languageRows(undefined, profile),
  );
}

/** @param id a case to return to */
export const languageRows = (
  id: string | undefined,
  profile: Profile,
): InlineKeyboardButton[][] =>
  profile.languages.map((tag) => [
    button(locales[tag].name, buttonData.language(tag, id)),
  ]);

/**
 * A text of the catalogue, its first line bold when there are more.
 * @param more `cases` adds a button to the list of cases
 */
export function plainMessage(
  locale: LocaleTag,
  key: MessageKey,
  values: MessageValues = {},
  more: "cases" | "none" | InlineKeyboardButton[][] = "none",
): Outgoing {
  const cases =
    more === "cases"
      ? [[button(say(locale, "page.cases"), buttonData.list(0))]]
      : [];
  const examples = (["example", "place", "scope", "number"] as const)
    .flatMap((name) => values[name] ?? [])
    .map(String);
  return linesMessage(
    locale,
    say(locale, key, values),
    typeof more === "string" ? cases : more,
    [...examples, "all"],
  );
}

/**
 * Marks commands that need an argument as code, which a tap copies. Otherwise
 * Telegram would make only the command itself tappable, and a tap would send it
 * without its argument.
 * @param examples arguments of the commands, or commands that must not be sent
 * from this chat by a tap
 */
export function withCode(given: string, examples: string[]): Part {
  // A pasted command must not contain the marks that isolate its argument.
  const text = given.replace(
    /(\/[a-z]+ )\u2068([^\u2068\u2069]+)\u2069/g,
    "$1$2",
  );
  const found = [...text.matchAll(/\/[a-z]+/g)].map(
    ({ 0: command, index: at }) => {
      const example = examples.find((words) =>
        text.startsWith(` ${words}`, at + command.length),
      );
      return {
        command,
        at,
        to:
          at +
          command.length +
          (example === undefined ? 0 : example.length + 1),
      };
    },
  );
  const marked = new Set([
    ...examples,
    ...found
      .filter(({ command, at, to }) => to > at + command.length)
      .map(({ command }) => command),
  ]);
  const parts: Part[] = [];
  let done = 0;
  for (const { command, at, to } of found) {
    if (!marked.has(command)) continue;
    parts.push(plain(text.slice(done, at)), code(text.slice(at, to)));
    done = to;
  }
  return join([...parts, plain(text.slice(done))], "");
}

/**
 * Finished text, its first line bold when there are more.
 * @param examples see `withCode`
 */
export function linesMessage(
  locale: LocaleTag,
  text: string,
  rows: InlineKeyboardButton[][] = [],
  examples: string[] = [],
): Outgoing {
  const [title = "", ...rest] = text.split("\n");
  const body =
    rest.length === 0
      ? withCode(title, examples)
      : join([bold(title), withCode(rest.join("\n"), examples)], "\n");
  return outgoing([body], locale, rows);
}

/**
 * What a chat sees that asked to name no one: every message is a spoiler under
 * a line that names nobody, and no button has a name.
 * @param first the line in sight: of an update, or of an answer
 */
export function concealed(
  { text, entities, keyboard }: Outgoing,
  first: "bot.neutral" | "bot.hidden",
  locale: LocaleTag,
  profile: Profile,
): Outgoing {
  const inSight = `${say(locale, first)}\n\n`;
  const rest = new FormattedString(text, entities).slice(
    0,
    MAX_TEXT_LENGTH - inSight.length,
  );
  const shown = join([plain(inSight), FormattedString.spoiler(rest)], "");
  const numbers = new Map<string, number>();
  /** Numbers stand for names, in the order of the buttons. */
  const nameless = (key: InlineKeyboardButton): InlineKeyboardButton => {
    const scope =
      "callback_data" in key ? scopeOfButton(key.callback_data) : null;
    // "This name" names nobody.
    const name =
      scope && scope !== "all" && !/^[~#]/.test(scope)
        ? scopeName(scope, locale, profile)
        : "";
    if (!scope || name === "" || !key.text.includes(name)) return key;
    const number = numbers.get(scope) ?? numbers.size + 1;
    numbers.set(scope, number);
    return { ...key, text: key.text.replace(name, String(number)) };
  };
  return {
    text: shown.text,
    entities: shown.entities,
    keyboard: {
      inline_keyboard: keyboard.inline_keyboard.map((row) => row.map(nameless)),
    },
  };
}
