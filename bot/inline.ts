/**
 * Inline mode: a user searches for a case in any chat and shares it as a card,
 * which the bot then keeps up to date.
 */
import { Composer, GrammyError } from "grammy";
import { fold } from "../shared/case/names.ts";
import { type LocaleTag, negotiate } from "../shared/locale.ts";
import { message } from "../shared/messages.ts";
import { typedIdsIn } from "../shared/profile/numbers.ts";
import type { Profile } from "../shared/profile/schema.ts";
import type { CaseSummary } from "../shared/view/summary.ts";
import { buttonPattern } from "./button-data.ts";
import {
  cardChosen,
  cardLanguages,
  cardResult,
  shareAllowedMessage,
  shareWarning,
} from "./card.ts";
import { type CaseContext, privateChatOf } from "./context.ts";

export const inline = new Composer<CaseContext>();

/**
 * Telegram allows 50. Each result carries its whole card, so fewer are sent.
 */
const RESULTS_PER_ANSWER = 20;
/** The payload of the link to the warning: t.me/<bot>?start=share. */
const SHARE_PAYLOAD = "share";

const isNumber = (
  query: string,
  { number, id }: CaseSummary,
  profile: Profile,
): boolean =>
  typedIdsIn(query, profile)?.includes(id) ||
  [id, number].some((name) => fold(name) === fold(query));

inline.on("inline_query", async function offerCards(ctx) {
  const { from, query, offset } = ctx.inlineQuery;
  const { profile } = ctx.links;
  const { cases, cards, followers } = ctx.ports;
  const place = privateChatOf(ctx.inlineQuery);
  const [chosen, warned] = await Promise.all([
    followers.language(place),
    cards.mayShare(place),
  ]);
  const locale = chosen ?? negotiate(from.language_code, profile);
  const start = /^\d{1,4}$/.test(offset) ? Number(offset) : 0;
  const nothing = { cases: [], found: 0, near: [] };
  const ask = () =>
    query.trim() === ""
      ? cases.list(start, RESULTS_PER_ANSWER)
      : cases.search(query, RESULTS_PER_ANSWER, start);
  const { cases: matching, found: all, near } = warned ? await ask() : nothing;
  // "1/00" is also the beginning of "1/001": an exact match comes first.
  const listed = all === 0 ? near : matching;
  const found = [...listed].sort(
    (a, b) =>
      Number(isNumber(query, b, profile)) - Number(isNumber(query, a, profile)),
  );
  const views = await Promise.all(
    found.map(({ id }) => cases.view(id, locale)),
  );
  const results = views.flatMap((view) =>
    view.state === "present"
      ? cardResult(view, ctx.links, ctx.me.username)
      : [],
  );
  await ctx
    .answerInlineQuery(results, {
      // No result is cached or shared between users: cards must not be old, and
      // languages differ.
      cache_time: 0,
      is_personal: true,
      next_offset:
        start + RESULTS_PER_ANSWER < all
          ? String(start + RESULTS_PER_ANSWER)
          : "",
      button: {
        text: message(locale, warned ? "bot.share.button" : "bot.share.first"),
        start_parameter: SHARE_PAYLOAD,
      },
    })
    .catch((error) => {
      // The user has typed on: Telegram has dropped this query.
      if (
        !(
          error instanceof GrammyError &&
          error.description.includes("query is too old")
        )
      )
        throw error;
    });
});

inline.on("chosen_inline_result", async function noteShared(ctx) {
  const { inline_message_id: id, result_id: result } = ctx.chosenInlineResult;
  const card = cardChosen(result);
  if (id && card)
    await ctx.ports.cards.shared(
      { inline: id },
      card,
      privateChatOf(ctx.chosenInlineResult),
    );
});

inline
  .chatType("private")
  .command("start")
  .filter(
    (ctx) => ctx.match.trim() === SHARE_PAYLOAD,
    async function startSharing(ctx) {
      await ctx.answer(shareWarning(ctx.locale, undefined, ctx.safety));
    },
  );

inline
  .chatType("private")
  .callbackQuery(buttonPattern.share, async function pressShare(ctx) {
    const id = ctx.match[1] as string;
    const warned = await ctx.ports.cards.mayShare(ctx.place);
    await ctx.answer(
      warned
        ? shareAllowedMessage(
            ctx.locale,
            ctx.me.username,
            id,
            ctx.links.profile,
          )
        : shareWarning(ctx.locale, id, ctx.safety),
    );
  });

inline
  .chatType("private")
  .callbackQuery(
    buttonPattern.shareKnowingly,
    async function pressShareKnowingly(ctx) {
      await ctx.ports.cards.allowSharing(ctx.place);
      await ctx.show(
        shareAllowedMessage(
          ctx.locale,
          ctx.me.username,
          ctx.match[1],
          ctx.links.profile,
        ),
      );
    },
  );

/**
 * Presses of a shared card's buttons. The update has no chat, and the language
 * is the card's.
 */
const onCard = inline
  .on("callback_query:data")
  .filter((ctx) => ctx.callbackQuery.inline_message_id !== undefined);

const addressOf = (ctx: CaseContext) => ({
  inline: ctx.callbackQuery?.inline_message_id as string,
});

/**
 * Refreshes a card. Its case and language are read from storage, never from the
 * button.
 * @param choice a new language
 */
async function pressCard(
  ctx: CaseContext,
  choice: LocaleTag | null,
): Promise<void> {
  const card = await ctx.ports.cards.pressed(addressOf(ctx), choice);
  if (!card) return answerRetired(ctx);
  const view = await ctx.ports.cases.view(card.caseId, card.locale);
  await ctx.toast(
    view.state === "present" ? view.revision.label : view.title.text,
  );
}

const answerRetired = async (ctx: CaseContext) =>
  void (await ctx.answerCallbackQuery({
    text: ctx.say("bot.card.retired"),
    show_alert: true,
  }));

onCard.callbackQuery(buttonPattern.card, (ctx) => pressCard(ctx, null));
onCard.callbackQuery(
  buttonPattern.cardLanguage,
  async function pressCardLanguage(ctx) {
    const choice = ctx.links.profile.languages.find(
      (tag) => tag === ctx.match[1],
    );
    if (choice) await pressCard(ctx, choice);
    else await ctx.toast(ctx.say("bot.old"));
  },
);
onCard.callbackQuery(
  buttonPattern.cardLanguages,
  async function pressCardLanguages(ctx) {
    const card = await ctx.ports.cards.kept(addressOf(ctx));
    if (!card) return answerRetired(ctx);
    // Only the keyboard changes, not the text.
    await ctx.editMessageReplyMarkup({
      reply_markup: cardLanguages(card.caseId, ctx.links.profile),
    });
  },
);
onCard.use((ctx) => ctx.toast(ctx.say("bot.old")));
