/**
 * The /act command: the targets and the letter of an open action, or thanks and
 * the last known statuses of one that ended.
 */

import { FormattedString } from "@grammyjs/parse-mode/dist/format.js";
import { Composer } from "grammy";
import type { InlineKeyboardButton } from "grammy/types";
import { isCaseId } from "../shared/case/id.ts";
import { languageNameIn } from "../shared/intl.ts";
import { type LocaleTag, locales } from "../shared/locale.ts";
import { message } from "../shared/messages.ts";
import type { ActView, InactiveAct, OpenAct } from "../shared/view/act.ts";
import type { Line, RefusalView } from "../shared/view/schema.ts";
import { buttonData, buttonPattern } from "./button-data.ts";
import {
  type CaseContext,
  ignoringTelegramErrors,
  MAX_REREADS,
  type SentMessage,
} from "./context.ts";
import { find } from "./mentions.ts";
import { refusalMessage } from "./message.ts";
import { safetyBeforeAct } from "./safety.ts";
import {
  bold,
  button,
  inert,
  italic,
  join,
  lineText,
  MAX_TEXT_LENGTH,
  type Outgoing,
  outgoing,
  type Part,
  plain,
  runText,
  shorten,
  split,
  withLabel,
} from "./text.ts";

/** Telegram's limit for the text of a copy button. */
const MAX_COPY_LENGTH = 256;
/** The longest name of a target on a button. */
const MAX_NAME_LENGTH = 40;
const MAX_LETTER_LANGUAGES = 8;
/**
 * Room for the marks that a right-to-left message gains, one a line, and for
 * the lines around a letter.
 */
const SPARE_LENGTH = 400;
/** The payload of a deep link to a letter: t.me/<bot>?start=act-ua-126-19. */
const LETTER_LINK = /^act-(.+)$/;

const verbatim = (text: string): Part => FormattedString.pre(text);
const copies = (label: string, text: string): InlineKeyboardButton[] =>
  text.length <= MAX_COPY_LENGTH ? [{ text: label, copy_text: { text } }] : [];

function heading({
  demo,
  number,
  title,
  label,
  asOf,
  stated,
  revision,
}: ActView): Part {
  const lines = [
    ...(demo ? [italic(demo)] : []),
    join([bold(number), plain(` · ${runText(title)}`)], ""),
    bold(label),
    plain(`${asOf} · ${runText({ text: stated })}`),
    plain(`${revision.label} · ${revision.published}`),
  ];
  return join(lines, "\n");
}

/**
 * One or more messages that hold all of the parts. The last one has the
 * buttons.
 */
function messagesOf(
  parts: Part[],
  locale: LocaleTag,
  rows: InlineKeyboardButton[][],
): Outgoing[] {
  const spare = locales[locale].dir === "rtl" ? SPARE_LENGTH : 0;
  const all = split(join(parts, "\n\n"), MAX_TEXT_LENGTH - spare, locale);
  return all.map((piece, index) =>
    outgoing([piece], locale, index === all.length - 1 ? rows : []),
  );
}

/**
 * The request stays in the chat and is not edited when the action ends, so it
 * says when it was read.
 */
const readOn = ({ lang, readAt }: OpenAct): Part =>
  italic(message(lang, "bot.act.letter.as-of", { date: readAt }));
const againRow = ({ id, lang }: OpenAct) => [
  button(message(lang, "bot.act.again"), buttonData.actAgain(id)),
];

function openMessages(act: OpenAct): Outgoing[] {
  const { lang, targets } = act;
  const say = (key: Parameters<typeof message>[1], values = {}) =>
    message(lang, key, values);
  const several = targets.length > 1;
  const parts = [heading(act), plain(runText(act.request))];
  const rows: InlineKeyboardButton[][] = [];
  if (targets.length > 0) parts.push(bold(say("bot.act.targets")));
  for (const { name, address, email, hints } of targets) {
    const label = (key: "bot.act.copy.address" | "bot.act.copy.email") =>
      several
        ? withLabel(lang, say(key), shorten(name.text, MAX_NAME_LENGTH, lang))
        : say(key);
    const lines = [
      bold(runText(name)),
      ...hints.map((hint) => plain(inert(hint))),
    ];
    parts.push(
      join(lines, "\n"),
      ...[address, email].flatMap((text) => (text ? [verbatim(text)] : [])),
    );
    rows.push([
      ...(address ? copies(label("bot.act.copy.address"), address) : []),
      ...(email ? copies(label("bot.act.copy.email"), email) : []),
    ]);
  }
  if (targets.length > 0 || act.letter) parts.push(plain(say("bot.act.tap")));
  parts.push(readOn(act));
  return messagesOf(parts, lang, [
    ...rows.filter((row) => row.length > 0),
    againRow(act),
  ]);
}

/**
 * The letter, split into messages that can each be copied; empty when the case
 * has no letter.
 */
function letterMessages(act: OpenAct): Outgoing[] {
  const { id, lang, letter, letters } = act;
  if (!letter) return [];
  const others = letters
    .filter((tag) => tag !== letter.lang)
    .slice(0, MAX_LETTER_LANGUAGES);
  const rows = [
    copies(message(lang, "bot.act.copy.letter"), letter.text),
    ...others.map((tag) => [
      button(
        message(lang, "bot.act.letter", {
          language: languageNameIn(lang, tag),
        }),
        buttonData.letter(id, tag),
      ),
    ]),
    againRow(act),
  ].filter((row) => row.length > 0);
  const title = bold(letter.label);
  const all = split(
    verbatim(letter.text),
    MAX_TEXT_LENGTH - SPARE_LENGTH,
    letter.lang,
  );
  return all.map((piece, index) =>
    outgoing(
      [...(index === 0 ? [title, piece] : [piece]), readOn(act)],
      lang,
      index === all.length - 1 ? rows : [],
    ),
  );
}

function inactiveMessages(act: InactiveAct): Outgoing[] {
  const { lang, people, each, thanks, more, note } = act;
  const listed = (title: Part, lines: Line[]) =>
    join([title, ...lines.map((line) => plain(`• ${lineText(line)}`))], "\n");
  const named = people.map(({ name, lines }) =>
    listed(bold(runText(name)), lines),
  );
  const bare = people.every(({ lines }) => lines.length === 0);
  const parts = [
    heading(act),
    ...(thanks ? [plain(runText(thanks))] : []),
    ...(named.length > 0 ? [bold(message(lang, "bot.act.people"))] : []),
    ...(each
      ? [
          listed(
            plain(message(lang, "bot.each", { label: each.label })),
            each.list,
          ),
        ]
      : []),
    ...(bare && named.length > 0 ? [join(named, "\n")] : named),
    ...(more ? [plain(more)] : []),
    ...(note ? [italic(note)] : []),
  ];
  return messagesOf(parts, lang, [
    [button(message(lang, "view.more"), buttonData.open(act.id))],
  ]);
}

export function actMessages(act: ActView): Outgoing[] {
  return act.act === "open"
    ? [...openMessages(act), ...letterMessages(act)]
    : inactiveMessages(act);
}

const isAct = (act: ActView | RefusalView): act is ActView => "act" in act;
const identityOf = (act: ActView | RefusalView) =>
  isAct(act)
    ? `${act.act} ${act.revision.number}`
    : `${act.state} ${act.revision?.number ?? 0}`;

/**
 * Sends the action, then reads it again and replaces it if it changed
 * meanwhile, so that no outdated request stays in the chat.
 */
async function showAct(
  ctx: CaseContext,
  id: string,
  into?: SentMessage,
): Promise<void> {
  const { chat } = ctx.place;
  const render = (act: ActView | RefusalView) =>
    isAct(act) ? actMessages(act) : [refusalMessage(act, false, ctx.links)];
  let act = await ctx.ports.cases.act(id, ctx.locale);
  let sent: SentMessage[] = into === undefined ? [] : [into];
  for (let again = 0; again <= MAX_REREADS; again++) {
    const messages = render(act);
    for (const [index, outgoing] of messages.entries())
      if (sent[index] === undefined) sent.push(await ctx.answer(outgoing));
      else await ctx.edit(sent[index], outgoing);
    for (const extra of sent.slice(messages.length))
      if (typeof extra === "number")
        await ignoringTelegramErrors(ctx.api.deleteMessage(chat, extra));
    sent = sent.slice(0, messages.length);
    const newest = await ctx.ports.cases.act(id, ctx.locale);
    if (identityOf(newest) === identityOf(act)) return;
    act = newest;
  }
}

/**
 * Shows the action in a private chat. The safety screen comes first, unless the
 * chat follows something and so has seen one.
 */
async function ask(ctx: CaseContext, id: string): Promise<void> {
  const act = await ctx.ports.cases.act(id, ctx.locale);
  // Only an open action asks for anything that could put its reader at risk.
  const warned =
    !isAct(act) ||
    act.act !== "open" ||
    (await ctx.ports.followers.following(ctx.place)).length > 0;
  if (warned) await showAct(ctx, id);
  else await ctx.answer(safetyBeforeAct(id, ctx.locale, ctx.safety));
}

export const act = new Composer<CaseContext>();

act.command("act", async function askForAct(ctx) {
  if (ctx.match.trim() === "")
    return void (await ctx.answer(
      ctx.text("bot.act.how", await ctx.examples(), "cases"),
      { asker: true },
    ));
  const id = await find(ctx, ctx.match);
  if (!id) return;
  if (ctx.place.kind === "private") return ask(ctx, id);
  await ctx.answer(
    ctx.text("bot.act.private", {}, [[ctx.openButton(`act-${id}`)]]),
    { asker: true },
  );
});

const inPrivate = act.chatType("private");

inPrivate.command("start").filter(
  (ctx) => isCaseId(LETTER_LINK.exec(ctx.match.trim())?.[1] ?? ""),
  (ctx) => ask(ctx, LETTER_LINK.exec(ctx.match.trim())?.[1] as string),
);

act.callbackQuery(buttonPattern.act, async function pressAct(ctx) {
  const id = ctx.match[1] as string;
  if (ctx.place.kind !== "private")
    return void (await ctx.answerCallbackQuery({ url: ctx.link(`act-${id}`) }));
  await ask(ctx, id);
});

inPrivate.callbackQuery(buttonPattern.actKnowingly, (ctx) =>
  showAct(ctx, ctx.match[1] as string, ctx.pressed.into),
);
inPrivate.callbackQuery(buttonPattern.actAgain, (ctx) =>
  showAct(ctx, ctx.match[1] as string),
);

inPrivate.callbackQuery(buttonPattern.letter, async function pressLetter(ctx) {
  const [, id, tag] = ctx.match as unknown as [string, string, string];
  const shown = await ctx.ports.cases.act(id, ctx.locale, tag);
  // The action may have closed since the button was sent.
  if (!isAct(shown) || shown.act !== "open")
    await showAct(ctx, id, ctx.pressed.into);
  else {
    const letters = letterMessages(shown);
    const { into } = ctx.pressed;
    if (letters.length === 1 && into !== undefined)
      await ctx.edit(into, letters[0] as Outgoing);
    else for (const letter of letters) await ctx.answer(letter);
  }
});
