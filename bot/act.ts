/** Taking part: whom to write to and with what, or, once that is over, thanks and the last known status. */

import { FormattedString } from "@grammyjs/parse-mode";
import { Composer } from "grammy";
import type { InlineKeyboardButton } from "grammy/types";
import { languageName } from "../shared/intl.ts";
import { type LocaleTag, locales } from "../shared/locale.ts";
import { message } from "../shared/messages.ts";
import type { ActView, OpenAct, ShutAct } from "../shared/view/act.ts";
import type { RefusalView, Run } from "../shared/view/schema.ts";
import { answer, type CaseContext, edit, mustPlace, tried, under } from "./context.ts";
import { find } from "./find.ts";
import { plainMessage, refusalMessage } from "./message.ts";
import { caseId, press, pressed } from "./press.ts";
import { safetyBeforeAct } from "./safety.ts";
import {
  bold,
  button,
  italic,
  join,
  LIMIT,
  type Outgoing,
  outgoing,
  type Part,
  plain,
  runText,
  shorten,
  split,
} from "./text.ts";

/** What a copy button carries at most, in UTF-16 units. */
const COPY_LIMIT = 256;
/** What a button says of whom it is about, in UTF-16 units. */
const NAME_LIMIT = 40;
/** How many languages of a letter are offered. */
const LETTERS = 8;
/** How often what was sent is read again. */
const REREAD = 3;
/** The payload of a deep link to a letter: t.me/<bot>?start=act-ua-126-19. */
const LINK = /^act-(.+)$/;

const verbatim = (text: string): Part => FormattedString.pre(text);
const copies = (label: string, text: string): InlineKeyboardButton[] =>
  text.length <= COPY_LIMIT ? [{ text: label, copy_text: { text } }] : [];

function heading({ demo, number, issuer, title, label, asOf, revision }: ActView): Part {
  const lines = [
    ...(demo ? [italic(demo)] : []),
    join([bold(number), plain(` · ${runText(title)}`)], ""),
    plain(runText({ text: issuer })),
    bold(label),
    plain(asOf),
    plain(`${revision.label} · ${revision.published}`),
  ];
  return join(lines, "\n");
}

/** One or more messages that hold all of the parts; the buttons stand under the last. */
function pieces(parts: Part[], locale: LocaleTag, rows: InlineKeyboardButton[][]): Outgoing[] {
  // Each line of a right-to-left message gains a mark.
  const spare = locales[locale].dir === "rtl" ? 400 : 0;
  const all = split(join(parts, "\n\n"), LIMIT - spare, locale);
  return all.map((piece, index) => outgoing([piece], locale, index === all.length - 1 ? rows : []));
}

/** What is asked for stays in the chat, where nobody edits it when the action ends. */
const readOn = ({ lang, number, readAt }: OpenAct): Part =>
  italic(message(lang, "bot.act.letter.as-of", { date: readAt, number }));

function openMessages(act: OpenAct): Outgoing[] {
  const { lang, targets } = act;
  const say = (key: Parameters<typeof message>[1], values = {}) => message(lang, key, values);
  const several = targets.length > 1;
  const parts = [heading(act), plain(runText(act.request))];
  const rows: InlineKeyboardButton[][] = [];
  if (targets.length > 0) parts.push(bold(say("bot.act.targets")));
  for (const { name, address, email, salutation, languages } of targets) {
    const label = (key: "bot.act.copy.address" | "bot.act.copy.email") =>
      several ? `${say(key)}: ${shorten(name.text, NAME_LIMIT, lang)}` : say(key);
    const lines = [
      bold(runText(name)),
      ...(salutation ? [plain(say("bot.act.salutation", { text: runText(salutation) }))] : []),
      ...(languages ? [plain(say("bot.act.languages", { languages }))] : []),
    ];
    parts.push(join(lines, "\n"), ...[address, email].flatMap((text) => (text ? [verbatim(text)] : [])));
    rows.push([
      ...(address ? copies(label("bot.act.copy.address"), address) : []),
      ...(email ? copies(label("bot.act.copy.email"), email) : []),
    ]);
  }
  parts.push(plain(say("bot.act.tap")), readOn(act));
  return pieces(
    parts,
    lang,
    rows.filter((row) => row.length > 0),
  );
}

/** The letter in pieces that each copy whole; empty when there is none. */
function letterMessages(act: OpenAct): Outgoing[] {
  const { id, lang, letter, letters } = act;
  if (!letter) return [];
  const others = letters.filter((tag) => tag !== letter.lang).slice(0, LETTERS);
  const rows = [
    copies(message(lang, "bot.act.copy.letter"), letter.text),
    ...others.map((tag) => [
      button(message(lang, "bot.act.letter", { language: languageName(lang, tag) }), press.letter(id, tag)),
    ]),
  ].filter((row) => row.length > 0);
  const title = bold(message(lang, "bot.act.letter", { language: letter.language }));
  const all = split(verbatim(letter.text), LIMIT - 400, letter.lang);
  return all.map((piece, index) =>
    outgoing([...(index === 0 ? [title, piece] : [piece]), readOn(act)], lang, index === all.length - 1 ? rows : []),
  );
}

function shutMessages(act: ShutAct): Outgoing[] {
  const { lang, people, each, thanks, more, note } = act;
  const listed = (title: Part, lines: Run[]) =>
    join([title, ...lines.map((line) => plain(`• ${runText(line)}`))], "\n");
  const named = people.map(({ name, lines }) => listed(bold(runText(name)), lines));
  const bare = people.every(({ lines }) => lines.length === 0);
  const parts = [
    heading(act),
    ...(thanks ? [plain(runText(thanks))] : []),
    ...(named.length > 0 ? [bold(message(lang, "bot.act.people"))] : []),
    ...(each ? [listed(plain(`${each.label}:`), each.list)] : []),
    ...(bare && named.length > 0 ? [join(named, "\n")] : named),
    ...(more ? [plain(more)] : []),
    ...(note ? [italic(note)] : []),
  ];
  return pieces(parts, lang, [[button(message(lang, "view.more"), press.open(act.id))]]);
}

export function actMessages(act: ActView): Outgoing[] {
  return act.act === "open" ? [...openMessages(act), ...letterMessages(act)] : shutMessages(act);
}

const isAct = (act: ActView | RefusalView): act is ActView => "act" in act;
const identity = (act: ActView | RefusalView) =>
  isAct(act) ? `${act.act} ${act.revision.number}` : `${act.state} ${act.revision?.number ?? 0}`;

/** Sends what there is to do, and reads it again afterwards: nobody is left with a letter that is no longer asked for. */
async function showAct(ctx: CaseContext, id: string, into?: number): Promise<void> {
  const chat = mustPlace(ctx).chat;
  const render = (act: ActView | RefusalView) =>
    isAct(act) ? actMessages(act) : [refusalMessage(act, false, ctx.links)];
  let act = await ctx.ports.cases.act(id, ctx.locale);
  let sent: number[] = into === undefined ? [] : [into];
  for (let again = 0; again <= REREAD; again++) {
    const messages = render(act);
    for (const [index, outgoing] of messages.entries())
      if (sent[index] === undefined) sent.push(await answer(ctx, outgoing));
      else await edit(ctx, sent[index], outgoing);
    for (const extra of sent.slice(messages.length)) await tried(ctx.api.deleteMessage(chat, extra));
    sent = sent.slice(0, messages.length);
    const newest = await ctx.ports.cases.act(id, ctx.locale);
    if (identity(newest) === identity(act)) return;
    act = newest;
  }
}

/** Shows it in private only, after the safety screen unless this chat has agreed to one before. */
async function ask(ctx: CaseContext, id: string): Promise<void> {
  const act = await ctx.ports.cases.act(id, ctx.locale);
  // What is over endangers nobody who looks.
  const warned = !isAct(act) || act.act !== "open" || (await ctx.ports.followers.following(mustPlace(ctx))).length > 0;
  if (warned) await showAct(ctx, id);
  else await answer(ctx, safetyBeforeAct(id, ctx.locale));
}

const privateLink = (ctx: CaseContext, id: string) => `https://t.me/${ctx.me.username}?start=act-${id}`;

export const act = new Composer<CaseContext>();

act.command("act", async (ctx) => {
  if (ctx.match.trim() === "") return void (await answer(ctx, plainMessage(ctx.locale, "bot.act.how", {}, "cases")));
  const id = await find(ctx, ctx.match);
  if (!id) return;
  if (mustPlace(ctx).kind === "private") return ask(ctx, id);
  const text = plainMessage(ctx.locale, "bot.act.private");
  const open = { text: message(ctx.locale, "bot.act.open"), url: privateLink(ctx, id) };
  await answer(ctx, { ...text, keyboard: { inline_keyboard: [[open]] } });
});

act
  .chatType("private")
  .command("start")
  .filter(
    (ctx) => caseId.test(LINK.exec(ctx.match.trim())?.[1] ?? ""),
    (ctx) => ask(ctx, LINK.exec(ctx.match.trim())?.[1] as string),
  );

act.callbackQuery(pressed.act, async (ctx) => {
  const id = ctx.match[1] as string;
  if (mustPlace(ctx).kind !== "private") return void (await ctx.answerCallbackQuery({ url: privateLink(ctx, id) }));
  await ask(ctx, id);
  await ctx.answerCallbackQuery();
});

act.callbackQuery(pressed.actKnowingly, async (ctx) => {
  if (mustPlace(ctx).kind === "private") await showAct(ctx, ctx.match[1] as string, under(ctx).into);
  await ctx.answerCallbackQuery();
});

act.callbackQuery(pressed.letter, async (ctx) => {
  const [, id, tag] = ctx.match as unknown as [string, string, string];
  const shown = await ctx.ports.cases.act(id, ctx.locale, tag);
  if (mustPlace(ctx).kind !== "private") return void (await ctx.answerCallbackQuery());
  // What closed meanwhile takes the letter's place.
  if (!isAct(shown) || shown.act !== "open") await showAct(ctx, id, under(ctx).into);
  else {
    const letters = letterMessages(shown);
    const { into } = under(ctx);
    if (letters.length === 1 && into !== undefined) await edit(ctx, into, letters[0] as Outgoing);
    else for (const letter of letters) await answer(ctx, letter);
  }
  await ctx.answerCallbackQuery();
});
