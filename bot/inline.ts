/** Inline mode: a case is looked for in any chat and shared as a card, which is kept up to date where it stands. */
import { Composer, GrammyError } from "grammy";
import { fold } from "../shared/case/names.ts";
import { type LocaleTag, localeTags, negotiate } from "../shared/locale.ts";
import { message } from "../shared/messages.ts";
import type { CaseSummary } from "../shared/view/summary.ts";
import { cardChosen, cardLanguages, cardResult } from "./card.ts";
import { answer, type CaseContext, edit, mustPlace, toast, under } from "./context.ts";
import type { Place } from "./ports.ts";
import { pressed } from "./press.ts";
import { shareAllowedMessage, shareWarning } from "./share.ts";

export const inline = new Composer<CaseContext>();

/** How many results one answer holds, below the 50 that Telegram takes: each carries its whole card. */
const PAGE = 20;
/** What a link to the warning carries: t.me/<bot>?start=share. */
const SHARE = "share";

/** Whoever uses inline mode is known by the chat with the bot alone, which has the user's own number. */
const sharerOf = ({ from }: { from: { id: number } }): Place => ({ chat: from.id, kind: "private" });

const isNumber = (query: string, { number, id }: CaseSummary): boolean =>
  [id, number, number.replace(/^\S+ /, "")].some((name) => fold(name) === fold(query));

inline.on("inline_query", async (ctx) => {
  const { from, query, offset } = ctx.inlineQuery;
  const { cases, cards, followers } = ctx.ports;
  const place = sharerOf(ctx.inlineQuery);
  const [chosen, warned] = await Promise.all([followers.language(place), cards.mayShare(place)]);
  const locale = chosen ?? negotiate(from.language_code);
  const listed = !warned ? [] : await (query.trim() === "" ? cases.list() : cases.search(query));
  // "1/00" begins "1/001" too: the case that is meant comes first.
  const found = [...listed].sort((a, b) => Number(isNumber(query, b)) - Number(isNumber(query, a)));
  const start = /^\d{1,4}$/.test(offset) ? Number(offset) : 0;
  const views = await Promise.all(found.slice(start, start + PAGE).map(({ id }) => cases.view(id, locale)));
  const results = views.flatMap((view) =>
    view.state === "present" ? cardResult(view, ctx.links, ctx.me.username) : [],
  );
  await ctx
    .answerInlineQuery(results, {
      // Nothing old is offered again, and nobody is offered what another may see.
      cache_time: 0,
      is_personal: true,
      next_offset: start + PAGE < found.length ? String(start + PAGE) : "",
      button: { text: message(locale, warned ? "bot.share.button" : "bot.share.first"), start_parameter: SHARE },
    })
    .catch((error) => {
      // Whoever typed on has another query by now.
      if (!(error instanceof GrammyError && error.description.includes("query is too old"))) throw error;
    });
});

inline.on("chosen_inline_result", async (ctx) => {
  const { inline_message_id: id, result_id: result } = ctx.chosenInlineResult;
  const card = cardChosen(result);
  if (id && card) await ctx.ports.cards.shared({ inline: id }, card, sharerOf(ctx.chosenInlineResult));
});

inline
  .chatType("private")
  .command("start")
  .filter(
    (ctx) => ctx.match.trim() === SHARE,
    async (ctx) => {
      await answer(ctx, shareWarning(ctx.locale));
    },
  );

inline.chatType("private").callbackQuery(pressed.share, async (ctx) => {
  const id = ctx.match[1] as string;
  const warned = await ctx.ports.cards.mayShare(mustPlace(ctx));
  await answer(ctx, warned ? shareAllowedMessage(ctx.locale, ctx.me.username, id) : shareWarning(ctx.locale, id));
  await ctx.answerCallbackQuery();
});

inline.chatType("private").callbackQuery(pressed.shareKnowingly, async (ctx) => {
  await ctx.ports.cards.allowSharing(mustPlace(ctx));
  const { into } = under(ctx);
  const allowed = shareAllowedMessage(ctx.locale, ctx.me.username, ctx.match[1]);
  if (into === undefined) await answer(ctx, allowed);
  else await edit(ctx, into, allowed);
  await ctx.answerCallbackQuery();
});

/** A card's buttons, wherever it stands: there may be no chat in the update, and the language is the card's. */
const onCard = inline.on("callback_query:data").filter((ctx) => ctx.callbackQuery.inline_message_id !== undefined);

const addressOf = (ctx: CaseContext) => ({ inline: ctx.callbackQuery?.inline_message_id as string });

/** Which case it is and, but for a choice, in which language, is read from what is kept, never from the button. */
async function pressCard(ctx: CaseContext, choice: LocaleTag | null): Promise<void> {
  const card = await ctx.ports.cards.pressed(addressOf(ctx), choice);
  if (!card) return notKept(ctx);
  const view = await ctx.ports.cases.view(card.caseId, card.locale);
  await toast(ctx, view.state === "present" ? view.revision.label : view.title);
}

const notKept = async (ctx: CaseContext) =>
  void (await ctx.answerCallbackQuery({ text: message(ctx.locale, "bot.card.retired"), show_alert: true }));

onCard.callbackQuery(pressed.card, (ctx) => pressCard(ctx, null));
onCard.callbackQuery(pressed.cardLanguage, async (ctx) => {
  const choice = localeTags.find((tag) => tag === ctx.match[1]);
  if (choice) await pressCard(ctx, choice);
  else await toast(ctx, message(ctx.locale, "bot.old"));
});
onCard.callbackQuery(pressed.cardLanguages, async (ctx) => {
  const card = await ctx.ports.cards.kept(addressOf(ctx));
  if (!card) return notKept(ctx);
  // Only the buttons change, no word of the card.
  await ctx.editMessageReplyMarkup({ reply_markup: cardLanguages(card.caseId) });
  await ctx.answerCallbackQuery();
});
onCard.use((ctx) => toast(ctx, message(ctx.locale, "bot.old")));
