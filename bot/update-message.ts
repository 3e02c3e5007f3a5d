/**
 * The message about an update: the news, its date and source, the title, the
 * note, then the case, folded.
 */
import type { InlineKeyboardButton } from "grammy/types";
import { botAddress, followCase } from "../shared/bot-address.ts";
import type { LocaleTag } from "../shared/locale.ts";
import { message } from "../shared/messages.ts";
import type { PresentView, View } from "../shared/view/schema.ts";
import { buttonData } from "./button-data.ts";
import {
  bodyParts,
  costOf,
  demoParts,
  factsPart,
  leastPeopleCost,
  linksPart,
  MAX_TITLE_LENGTH,
  notesParts,
  stampPart,
  titlePart,
} from "./case-parts.ts";
import {
  concealed,
  MAX_NEUTRAL_LENGTH,
  pageButton,
  refusalMessage,
  takePartRow,
} from "./message.ts";
import type { News } from "./news.ts";
import type { BotLinks, FollowScope } from "./ports.ts";
import {
  bold,
  button,
  type Fold,
  inert,
  italic,
  join,
  MAX_TEXT_LENGTH,
  type Outgoing,
  outgoing,
  type Part,
  plain,
  shorten,
  shortNote,
  shortRun,
} from "./text.ts";

/** Limits for an editor's texts, so that the case fits below them. */
const MAX_NEWS_LENGTH = 2400;
const MIN_NEWS_LENGTH = 200;
/** Added for each earlier revision, so that its note is not lost. */
const MIN_EARLIER_LENGTH = 110;
const MAX_NOTE_LENGTH = 900;
const MAX_LINE_LENGTH = 500;
/** A longer note stands below the first lines. */
const MAX_NOTE_AS_NEWS = 160;
/** With this many, each revision still has room for a sentence. */
const MAX_EARLIER_REVISIONS = 16;

/** How an update is shown to one place. */
export interface UpdateOptions {
  /** The follows of the place that this update matches. */
  scopes: FollowScope[];
  /**
   * The first line names no one, and the rest is a spoiler, in the notification
   * too.
   */
  neutral: boolean;
  /** Leaves out the case, and keeps its date and link. */
  brief?: boolean;
  /** Adds a share button. */
  shares: boolean;
  /**
   * In a channel, the bot's name without the @: the follow button opens a
   * private chat with it.
   */
  channelOf?: string;
  /** Present unless the case is withdrawn. */
  news?: News;
  /** The message replaces an earlier one, which a correction made wrong. */
  corrected?: boolean;
}

/**
 * A revision's note, and as many of its changes as fit. Null when there is
 * neither.
 * @param limit what the part may cost
 */
function changesPart(
  { note }: PresentView["revision"],
  changes: string[],
  limit: number,
  locale: LocaleTag,
): Part | null {
  const said = shortNote(note, Math.min(limit, MAX_NOTE_LENGTH), locale);
  const lines = said === "" ? [] : [said];
  for (const change of changes) {
    const line = `• ${shorten(inert(change), 300, locale)}`;
    if (costOf([plain([...lines, line, "…"].join("\n"))], locale) > limit) {
      lines.push("…");
      break;
    }
    lines.push(line);
  }
  return lines.length > 0 ? plain(lines.join("\n")) : null;
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
      [
        {
          text: message(locale, "bot.channel.follow"),
          url: botAddress(channelOf, followCase(view.id)),
        },
      ],
    ];
  const [scope] = scopes;
  // One that also follows by other ways chooses what to stop. No button names a
  // scope: what it names may have to be erased.
  const stop =
    scope === undefined
      ? []
      : scopes.length === 1 && scope === view.id
        ? [button(message(locale, "bot.unfollow"), buttonData.unfollow(scope))]
        : [
            button(
              message(locale, "bot.settings.follows.show"),
              buttonData.settings("following"),
            ),
          ];
  const page = pageButton(view, links);
  const open =
    page.length > 0
      ? page
      : [button(message(locale, "bot.case.show"), buttonData.open(view.id))];
  return [takePartRow(view, shares), [...open, ...stop]];
}

/**
 * The news and the number, after "New case" or "Correction" where it is one.
 */
function headline(view: PresentView, text: string, corrected: boolean): Part {
  const { revision, lang } = view;
  const word = corrected
    ? [message(lang, "bot.post.corrected")]
    : revision.kind !== "update"
      ? [
          message(
            lang,
            revision.kind === "correction"
              ? "view.correction"
              : "bot.news.redaction",
          ),
        ]
      : revision.number === 1
        ? [message(lang, "bot.news.new")]
        : [];
  return bold(
    [...word, shorten(inert(text), MAX_LINE_LENGTH, lang), view.number]
      .filter((part) => part !== "")
      .join(" · "),
  );
}

/**
 * A title in sight; one that is outdated may contradict the news, so it stands
 * in the fold.
 */
const titleInSight = (view: PresentView): Part[] =>
  view.title.outdated
    ? []
    : [plain(shortRun(view.title, MAX_TITLE_LENGTH, view.lang))];

/**
 * The case, folded until a reader opens it, and the parts below it that stay in
 * sight.
 */
function foldedCase(
  view: PresentView,
  room: number,
  links: BotLinks,
): { fold: Fold; after: Part[] } {
  const { action, lang } = view;
  const after = [stampPart(view.revision, lang), linksPart(view, links)];
  const title = view.title.outdated ? [titlePart(view)] : [];
  const head = [...title, factsPart(view), bold(action.label)];
  const notes = notesParts(view);
  // A fold may be long: it names everyone.
  const body = bodyParts(
    view,
    room - costOf([...head, ...notes, ...after], lang),
    view.people.list.length,
  );
  return { fold: { fold: join([...head, ...body, ...notes], "\n\n") }, after };
}

/** The room that the case needs below the news at least. */
function leastCaseCost(view: PresentView, links: BotLinks): number {
  const fixed = [
    titlePart(view),
    factsPart(view),
    bold(view.action.label),
    ...notesParts(view),
    stampPart(view.revision, view.lang),
  ];
  return (
    costOf([...fixed, linksPart(view, links)], view.lang) +
    leastPeopleCost(view)
  );
}

/**
 * What is left of a message whose words were erased: the case's number, and
 * where the current case is.
 */
export function erasedPost(
  view: View,
  links: BotLinks,
  options: UpdateOptions,
): Outgoing {
  if (view.state !== "present") {
    const channelOf = options.channelOf ?? "";
    return updateMessage(view, [], links, { ...options, channelOf });
  }
  const { lang } = view;
  const blocks = [
    bold(view.number),
    plain(message(lang, "bot.post.erased")),
    stampPart(view.revision, lang),
  ];
  const shown = outgoing(blocks, lang, [pageButton(view, links)]);
  return options.neutral
    ? concealed(shown, "bot.neutral", lang, links.profile)
    : shown;
}

/**
 * A reminder that a day is near.
 * @param what an action's deadline, or a hearing with its day
 */
export function reminderMessage(
  view: PresentView,
  what: string,
  links: BotLinks,
  { neutral, shares }: Pick<UpdateOptions, "neutral" | "shares">,
): Outgoing {
  const { lang, id } = view;
  const news = bold(
    [
      message(lang, "bot.reminder"),
      shorten(inert(what), MAX_LINE_LENGTH, lang),
      view.number,
    ].join(" · "),
  );
  const head = join([...demoParts(view), news, ...titleInSight(view)], "\n");
  const shown = outgoing([head, stampPart(view.revision, lang)], lang, [
    takePartRow(view, shares),
    [
      button(message(lang, "bot.case.show"), buttonData.open(id)),
      button(message(lang, "bot.unfollow"), buttonData.unfollow(id)),
    ],
  ]);
  return neutral ? concealed(shown, "bot.neutral", lang, links.profile) : shown;
}

/**
 * An update for a follower: what changed, then the case.
 * @param earlier older revisions that the follower has not been sent either,
 * oldest first
 */
export function updateMessage(
  view: View,
  earlier: PresentView["revision"][],
  links: BotLinks,
  options: UpdateOptions = { scopes: [view.id], neutral: false, shares: false },
): Outgoing {
  const locale = view.lang;
  const seen = (shown: Outgoing) =>
    options.neutral
      ? concealed(shown, "bot.neutral", locale, links.profile)
      : shown;
  if (view.state !== "present") {
    const refusal = refusalMessage(view, false, links);
    const page = {
      inline_keyboard: [pageButton(view, links)].filter(
        (row) => row.length > 0,
      ),
    };
    return seen(
      options.channelOf === undefined
        ? refusal
        : { ...refusal, keyboard: page },
    );
  }
  const { text, dated, others } = options.news ?? {
    text: null,
    dated: `${view.asOf.label} ${view.asOf.text} · ${view.asOf.stated}`,
    others: view.revision.changes.list,
  };
  const room = MAX_TEXT_LENGTH - MAX_NEUTRAL_LENGTH;
  // Without other news, a short note or else the title is the news.
  const { note } = view.revision;
  const isNews =
    text === null &&
    note.lang === undefined &&
    note.text !== "" &&
    note.text.length <= MAX_NOTE_AS_NEWS;
  const title = titleInSight(view);
  const news = text ?? (isNews ? note.text : null);
  const first = headline(
    view,
    news ?? title[0]?.text ?? view.revision.label,
    options.corrected === true,
  );
  const second = plain(shorten(inert(dated), MAX_LINE_LENGTH, locale));
  const head = join(
    [...demoParts(view), first, second, ...(news === null ? [] : title)],
    "\n",
  );
  const marks = options.corrected
    ? [italic(message(locale, "bot.post.corrected.why"))]
    : [];
  const more =
    earlier.length > MAX_EARLIER_REVISIONS
      ? [plain(message(locale, "bot.more"))]
      : [];
  // The people of the case never give way to its news.
  const left =
    room -
    costOf([head, ...marks, ...more], locale) -
    leastCaseCost(view, links);
  const shownEarlier = earlier.slice(-MAX_EARLIER_REVISIONS);
  const leastNews = MIN_NEWS_LENGTH + shownEarlier.length * MIN_EARLIER_LENGTH;
  const newsRoom = Math.max(leastNews, Math.min(MAX_NEWS_LENGTH, left));
  const noteRoom =
    shownEarlier.length > 0
      ? Math.min(MAX_NOTE_LENGTH, Math.floor(newsRoom / 2))
      : newsRoom;
  const share = Math.floor((newsRoom - noteRoom) / shownEarlier.length);
  const parts = [
    head,
    changesPart(
      isNews ? { ...view.revision, note: { text: "" } } : view.revision,
      others,
      noteRoom,
      locale,
    ),
    ...marks,
    ...shownEarlier.map((revision) => {
      const label = plain(revision.label);
      const said = changesPart(
        revision,
        revision.changes.list,
        share - revision.label.length - 1,
        locale,
      );
      return said ? join([label, said], "\n") : label;
    }),
    ...more,
  ].filter((part) => part !== null);
  const { fold, after } = foldedCase(view, room - costOf(parts, locale), links);
  const shown = options.brief
    ? [...parts, factsPart(view), ...after]
    : [...parts, fold, ...after];
  return seen(outgoing(shown, locale, updateKeyboard(view, options, links)));
}
