/** Following a case, a place or everything, and stopping. */
import { Composer } from "grammy";
import type { InlineKeyboardButton } from "grammy/types";
import { fold } from "../shared/case/names.ts";
import { joinList } from "../shared/intl.ts";
import { caseIdIn, typedIdsIn } from "../shared/profile/numbers.ts";
import { runOf } from "../shared/view/run.ts";
import { forAdmins, isChatAdmin, mayAsk, requireChatAdmin } from "./admins.ts";
import { possibleName } from "./asked-name.ts";
import { buttonData, buttonPattern, isCase } from "./button-data.ts";
import { type CaseContext, ignoringTelegramErrors } from "./context.ts";
import { askedFor, find, wordButton } from "./mentions.ts";
import {
  casesToChoose,
  linesMessage,
  listMessage,
  MAX_OFFERED_CASES,
  withCode,
} from "./message.ts";
import type { FollowScope, Manner } from "./ports.ts";
import { safetyBeforeFollow } from "./safety.ts";
import {
  followPayload,
  mentionsWord,
  placeCalled,
  readScope,
  rowOfScope,
  scopeName,
  scopeOfPayload,
  wordOf,
  wordScope,
  wordsOfSummary,
} from "./scope.ts";
import {
  bold,
  button,
  inert,
  join,
  link,
  type Outgoing,
  outgoing,
  type Part,
  plain,
  shortRun,
} from "./text.ts";

/** Each listed follow takes a row of buttons. */
const MAX_LISTED_FOLLOWS = 40;

/**
 * The confirmation of an unfollow. A case may still be followed through its
 * place or through `all`. The text then says so, and each of these scopes gets
 * a button to unfollow it.
 */
async function unfollowConfirmation(
  ctx: CaseContext,
  scope: FollowScope,
  outcome: "unfollowed" | "not-followed",
  stop: (scope: FollowScope) => string,
): Promise<{ text: string; rows: InlineKeyboardButton[][] }> {
  const { cases, followers } = ctx.ports;
  const nameOf = (one: FollowScope) =>
    scopeName(one, ctx.locale, ctx.links.profile);
  const first = ctx.say(`bot.unfollow.${outcome}`, { id: nameOf(scope) });
  if (!isCase(scope)) return { text: first, rows: [] };
  const [scopes, words, [summary]] = await Promise.all([
    followers.following(ctx.place),
    followers.words(ctx.place),
    cases.known([scope]),
  ]);
  const mentions = (word: string | undefined) =>
    word !== undefined &&
    summary &&
    mentionsWord(word, wordsOfSummary(summary));
  const through = scopes.filter(
    (other) =>
      other === "all" ||
      summary?.places.includes(other) ||
      mentions(words.get(other)),
  );
  if (through.length === 0) return { text: first, rows: [] };
  const scopesText = joinList(ctx.locale, through.map(nameOf));
  return {
    text: `${first}\n${ctx.say("bot.unfollow.through", { scopes: scopesText })}`,
    rows: through.map((other) => [
      ctx.button("bot.unfollow.scope", stop(other), { id: nameOf(other) }),
    ]),
  };
}

/**
 * The scope of a pressed button. A word is read from the message that the bot
 * answered, so that nothing which the bot sends names it.
 */
function askedScope(ctx: CaseContext): FollowScope {
  const scope = ctx.match?.[1] as string;
  const asked = ctx.callbackQuery?.message;
  if (
    scope !== "~" ||
    !asked ||
    !("reply_to_message" in asked) ||
    !asked.reply_to_message
  )
    return scope;
  const { text = "", caption = text } = asked.reply_to_message;
  return (
    wordScope(possibleName(caption.replace(/^\/\w+(?:@\w+)?/, "")) ?? "") ??
    scope
  );
}

/** The scope of a chat's follow: the row of a word. */
async function followedScope(
  ctx: CaseContext,
  scope: FollowScope,
): Promise<FollowScope> {
  const word = wordOf(scope);
  const words =
    word === null ? [] : [...(await ctx.ports.followers.words(ctx.place))];
  return words.find(([, one]) => one === word)?.[0] ?? scope;
}

interface Wanted {
  scope: FollowScope;
  /**
   * The words that a case was found by, when they are a name rather than a
   * number.
   */
  name?: string;
}

/**
 * What the words ask to follow: a code, a number, the name of a place, or a
 * name that occurs in one case.
 * @returns null when that is unclear; the chat has then been answered with a
 * choice
 */
async function wantedIn(
  ctx: CaseContext,
  words: string,
): Promise<Wanted | null> {
  const { cases, now } = ctx.ports;
  const { profile } = ctx.links;
  const scope =
    (await readScope(cases, words)) ?? caseIdIn(words.trim(), profile);
  if (scope) return { scope };
  const { cases: searched, unshowable, near } = await askedFor(ctx, words);
  const found =
    searched.length > 0 ? searched : (await cases.mentioned(words)).cases;
  const [first, second] = [...found, ...unshowable];
  const [typed] = typedIdsIn(words, profile) ?? [];
  if (typed && !second) return { scope: first?.id ?? typed };
  if (first && !second) return { scope: first.id, name: words };
  const place = placeCalled(words);
  if (place) return { scope: place };
  if (!first && near.length === 0) {
    const rows = [
      ...wordButton(ctx, words),
      [ctx.button("page.cases", buttonData.list(0))],
    ];
    await ctx.answer(ctx.text("bot.follow.nothing", {}, rows));
    return null;
  }
  const offered = (first ? found : near).slice(0, MAX_OFFERED_CASES);
  const title = ctx.say(first ? "bot.follow.several" : "search.near");
  const list = listMessage(
    title,
    casesToChoose(offered, unshowable),
    ctx.locale,
    now(),
  );
  const rows = offered.map(({ id, number }) => [
    ctx.button("bot.follow.scope", buttonData.follow(id), { id: number }),
  ]);
  await ctx.answer({
    ...list,
    keyboard: { inline_keyboard: [...rows, ...wordButton(ctx, words)] },
  });
  return null;
}

/**
 * The followed scope that the words name.
 * @returns null when there is none or several; the chat has then been answered
 */
async function followedIn(
  ctx: CaseContext,
  words: string,
): Promise<FollowScope | null> {
  const { cases, followers } = ctx.ports;
  const [followed, named, scope] = await Promise.all([
    followers.following(ctx.place),
    followers.words(ctx.place),
    readScope(cases, words),
  ]);
  const wanted = fold(words);
  const [word] =
    [...named].find(([, one]) => fold(one) === wanted && wanted !== "") ?? [];
  const place = placeCalled(words);
  return (
    word ??
    scope ??
    (place && followed.includes(place) ? place : find(ctx, words))
  );
}

/**
 * False for a scope that can't be followed: a client can send any data. Nobody
 * follows a word by its row.
 */
async function exists(ctx: CaseContext, scope: FollowScope): Promise<boolean> {
  const word = wordOf(scope);
  if (word !== null) return wordScope(word) === scope;
  if (rowOfScope(scope) !== null) return false;
  return isCase(scope) || (await readScope(ctx.ports.cases, scope)) !== null;
}

/**
 * Follows a scope. The chat's first follow shows the safety screen instead,
 * unless `knowingly` is true.
 */
async function follow(
  ctx: CaseContext,
  scope: FollowScope,
  knowingly: boolean,
  manner?: Partial<Manner>,
): Promise<"asked" | "followed" | "already" | "refused"> {
  const { place } = ctx;
  const { cases, followers } = ctx.ports;
  let seen = 0;
  if (isCase(scope)) {
    const view = await cases.view(scope, ctx.locale);
    if (view.state !== "present") return "refused";
    seen = view.revision.number;
  }
  if (!knowingly && (await followers.following(place)).length === 0) {
    await ctx.answer(
      safetyBeforeFollow(
        scope,
        ctx.locale,
        place.kind === "group",
        ctx.safety,
        ctx.links.profile,
      ),
    );
    return "asked";
  }
  return followers.follow(place, scope, ctx.locale, seen, manner);
}

/**
 * The confirmation of a follow, with buttons to stop, and to follow the name in
 * other cases too. A hidden chat's names nothing.
 */
async function confirmation(
  ctx: CaseContext,
  scope: FollowScope,
  outcome: "followed" | "already",
  name = "",
) {
  const { paused } = await ctx.ports.followers.manner(ctx.place);
  const text = ctx.hidden
    ? ctx.say("bot.follow.quietly")
    : ctx.say(`bot.follow.${outcome}`, { id: ctx.nameOf(scope) });
  return linesMessage(
    ctx.locale,
    paused ? `${text}\n${ctx.say("bot.paused")}` : text,
    [
      [
        ctx.button(
          "bot.unfollow",
          buttonData.unfollow(await followedScope(ctx, scope)),
        ),
        ...(isCase(scope)
          ? [ctx.button("bot.case.show", buttonData.open(scope))]
          : []),
      ],
      ...wordButton(ctx, name),
    ],
  );
}

/**
 * Follows a scope, and answers with the confirmation, the safety screen or the
 * refusal.
 */
async function followAndConfirm(
  ctx: CaseContext,
  scope: FollowScope,
  name?: string,
): Promise<void> {
  const outcome = await follow(ctx, scope, false);
  if (outcome === "refused") await ctx.showCase(scope);
  else if (outcome !== "asked")
    await ctx.answer(await confirmation(ctx, scope, outcome, name));
}

/**
 * The address of a topic, for members of its group; null for a group that is no
 * supergroup.
 */
const topicUrl = (chat: number, topic: number): string | null =>
  /^-100\d+$/.test(String(chat))
    ? `https://t.me/c/${String(chat).slice(4)}/${topic || 1}`
    : null;

/** What a group follows in its other topics, each with a link to the topic. */
async function followedElsewhere(ctx: CaseContext): Promise<Part[]> {
  const { place } = ctx;
  if (place.kind !== "group") return [];
  const [all, words] = await Promise.all([
    ctx.ports.followers.followingEverywhere(place),
    ctx.ports.followers.words(place),
  ]);
  const others = all
    .filter(({ topic }) => topic !== (place.topic ?? 0))
    .slice(0, MAX_LISTED_FOLLOWS);
  if (others.length === 0) return [];
  const where = ctx.say("bot.following.topic");
  const lines = others.map(({ scope, topic }) => {
    const url = topicUrl(place.chat, topic);
    const name = plain(
      `${inert(words.get(scope) ?? scopeName(scope, ctx.locale, ctx.links.profile))} · `,
    );
    return join([name, url ? link(where, url) : plain(where)], "");
  });
  return [bold(ctx.say("bot.following.elsewhere")), ...lines];
}

/**
 * The list of follows, each with a button to unfollow it. Follows beyond the
 * limit are only counted.
 */
async function followedHere(ctx: CaseContext): Promise<Outgoing> {
  const { cases, followers } = ctx.ports;
  const { place, locale } = ctx;
  const { profile } = ctx.links;
  const [all, everyWord] = await Promise.all([
    followers.following(place),
    followers.words(place),
  ]);
  const words = new Map(
    [...everyWord].filter(([scope]) => all.includes(scope)),
  );
  const scopes = all.slice(0, MAX_LISTED_FOLLOWS);
  const [known, { paused = false }, elsewhere] = await Promise.all([
    cases.known(scopes.filter(isCase)),
    followers.manner(place),
    followedElsewhere(ctx),
  ]);
  if (scopes.length === 0)
    return outgoing(
      [plain(ctx.say("bot.following.none")), ...elsewhere],
      locale,
      [[ctx.button("page.cases", buttonData.list(0))]],
    );
  const summaries = new Map(known.map((summary) => [summary.id, summary]));
  // Buttons have numbers for words, which may have to be erased, and in a
  // hidden chat for everything.
  const numbered = ctx.hidden ? scopes : [...words.keys()];
  const numberOf = (scope: FollowScope) =>
    numbered.includes(scope) ? `${numbered.indexOf(scope) + 1}.` : "";
  const entries = scopes.map((scope) => {
    const summary = summaries.get(scope);
    const name = inert(words.get(scope) ?? scopeName(scope, locale, profile));
    const title = summary
      ? ` · ${shortRun(runOf(summary.title, summary.language, locale), 80, locale)}`
      : "";
    return plain(`${numberOf(scope)} ${name}${title}`.trim());
  });
  const rows = scopes.map((scope): InlineKeyboardButton[] => {
    const id = numberOf(scope) || scopeName(scope, locale, profile);
    const stop = button(
      `✕ ${ctx.say("bot.unfollow.scope", { id })}`,
      buttonData.unlist(scope),
    );
    return isCase(scope) ? [button(id, buttonData.open(scope)), stop] : [stop];
  });
  const beyond = all.length - scopes.length;
  const more =
    beyond > 0
      ? withCode(ctx.say("bot.following.more", { count: beyond }), [
          "/unfollow",
        ])
      : null;
  // Where a pause is found, too.
  const hours = ctx.button("bot.hours", buttonData.hours("show"));
  const stop = ctx.button("bot.following.stop", buttonData.allFollows("ask"));
  const state = paused ? plain(ctx.say("bot.paused")) : null;
  const title = bold(
    ctx.say(place.kind === "group" ? "bot.following.group" : "bot.following"),
  );
  return outgoing([title, ...entries, more, state, ...elsewhere], locale, [
    ...rows,
    [hours, stop],
  ]);
}

export const showFollowing = async (ctx: CaseContext): Promise<void> =>
  void (await ctx.answer(await followedHere(ctx), { asker: true }));

export const following = new Composer<CaseContext>();

following.command("follow", async function followNamed(ctx) {
  if (ctx.match.trim() === "") {
    if (!(await mayAsk(ctx))) return;
    const rows = [
      [ctx.button("page.cases", buttonData.list(0))],
      [ctx.button("bot.follow.all", buttonData.follow("all"))],
    ];
    return void (await ctx.answer(
      ctx.text("bot.follow.how", await ctx.examples(), rows),
      { asker: true },
    ));
  }
  if (!(await requireChatAdmin(ctx))) return;
  const wanted = await wantedIn(ctx, ctx.match);
  if (wanted) await followAndConfirm(ctx, wanted.scope, wanted.name);
});

// t.me/<bot>?start=f-ua-126-19: the safety screen comes first, and one tap on
// it follows.
following
  .chatType("private")
  .command("start")
  .filter(
    (ctx) => scopeOfPayload(ctx.match) !== null,
    async function followFromLink(ctx) {
      const scope = scopeOfPayload(ctx.match) as FollowScope;
      if (await exists(ctx, scope)) await followAndConfirm(ctx, scope);
      else
        await ctx.answer(
          ctx.text("bot.follow.how", await ctx.examples(), "cases"),
        );
    },
  );

following.command(["unfollow", "stop"], async function unfollowNamed(ctx) {
  if (ctx.match.trim() === "")
    return void ((await mayAsk(ctx)) && (await showFollowing(ctx)));
  if (!(await requireChatAdmin(ctx))) return;
  const scope = await followedIn(ctx, ctx.match);
  if (!scope) return;
  const { outcome } = await ctx.ports.followers.unfollow(ctx.place, [scope]);
  const { text, rows } = await unfollowConfirmation(
    ctx,
    scope,
    outcome,
    buttonData.unlist,
  );
  await ctx.answer(linesMessage(ctx.locale, text, rows));
});

following.command("following", showFollowing);

following.callbackQuery(buttonPattern.follow, async function pressFollow(ctx) {
  // A member who may not decide for the group follows in private.
  if (ctx.place.kind === "group" && !(await isChatAdmin(ctx))) {
    const payload = followPayload(askedScope(ctx));
    return void (await ctx.answerCallbackQuery({ url: ctx.link(payload) }));
  }
  if (!(await requireChatAdmin(ctx))) return;
  const scope = askedScope(ctx);
  if (!(await exists(ctx, scope)))
    return void (await ctx.toast(ctx.say("bot.old")));
  const outcome = await follow(ctx, scope, false);
  if (outcome === "asked") return;
  const confirmed =
    outcome === "refused" ? null : await confirmation(ctx, scope, outcome);
  if (isCase(scope) || !confirmed) await ctx.showCase(scope, ctx.pressed);
  else await ctx.answer(confirmed);
  if (confirmed) await ctx.toast(confirmed.text.split("\n")[0]!);
});

/**
 * Deletes the safety screen and the message that it answers: both name what is
 * followed.
 */
async function dropScreen(ctx: CaseContext): Promise<void> {
  const screen = ctx.callbackQuery?.message;
  if (!screen) return;
  const asked =
    "reply_to_message" in screen ? screen.reply_to_message : undefined;
  for (const message of [screen, ...(asked ? [asked] : [])])
    await ignoringTelegramErrors(
      ctx.api.deleteMessage(ctx.place.chat, message.message_id),
    );
}

async function followKnowingly(
  ctx: CaseContext,
  manner?: Partial<Manner>,
): Promise<void> {
  const scope = askedScope(ctx);
  if (!(await exists(ctx, scope)))
    return void (await ctx.toast(ctx.say("bot.old")));
  const outcome = await follow(ctx, scope, true, manner);
  if (outcome === "refused" || outcome === "asked")
    return void (await ctx.showCase(scope, ctx.pressed));
  if (manner?.neutral) ctx.hidden = true;
  const confirmed = await confirmation(ctx, scope, outcome);
  if (manner?.neutral) {
    await dropScreen(ctx);
    await ctx.answer(confirmed);
  } else await ctx.show(confirmed);
  await ctx.toast(confirmed.text.split("\n")[0]!);
}

following.callbackQuery(buttonPattern.followKnowingly, forAdmins, (ctx) =>
  followKnowingly(ctx),
);
following.callbackQuery(buttonPattern.followQuietly, forAdmins, (ctx) =>
  followKnowingly(ctx, { silent: true, neutral: true }),
);

following.callbackQuery(
  buttonPattern.decline,
  forAdmins,
  async function pressDecline(ctx) {
    const scope = ctx.match[1] as string;
    const rows = isCase(scope)
      ? [[ctx.button("bot.case.show", buttonData.open(scope))]]
      : [];
    await ctx.show(ctx.text("bot.declined", {}, rows));
  },
);

/** Removes the pressed button from its message. */
async function dropButton(ctx: CaseContext): Promise<void> {
  const { message, data } = ctx.callbackQuery ?? {};
  const rows =
    (message &&
      "reply_markup" in message &&
      message.reply_markup?.inline_keyboard) ||
    [];
  const left = rows.map((row) =>
    row.filter(
      (key) => !("callback_data" in key && key.callback_data === data),
    ),
  );
  if (left.flat().length === rows.flat().length) return;
  const inline_keyboard = left.filter((row) => row.length > 0);
  await ignoringTelegramErrors(
    ctx.editMessageReplyMarkup({ reply_markup: { inline_keyboard } }),
  );
}

following.callbackQuery(
  buttonPattern.unfollow,
  forAdmins,
  async function pressUnfollow(ctx) {
    const scope = ctx.match[1] as string;
    const { outcome } = await ctx.ports.followers.unfollow(ctx.place, [scope]);
    const { text, rows } = await unfollowConfirmation(
      ctx,
      scope,
      outcome,
      buttonData.unfollow,
    );
    if (isCase(scope))
      await ctx.showCase(scope, { ...ctx.pressed, above: rows });
    else await dropButton(ctx);
    const toast = ctx.hidden
      ? ctx.say(`bot.unfollow.${outcome}`, { id: ctx.nameOf(scope) })
      : text.replace("\n", ". ");
    await ctx.toast(toast);
  },
);

following.callbackQuery(
  buttonPattern.unlist,
  forAdmins,
  async function pressUnlist(ctx) {
    const scope = ctx.match[1] as string;
    const { outcome } = await ctx.ports.followers.unfollow(ctx.place, [scope]);
    await ctx.show(await followedHere(ctx));
    await ctx.toast(
      ctx.say(`bot.unfollow.${outcome}`, { id: ctx.nameOf(scope) }),
    );
  },
);

following.callbackQuery(
  buttonPattern.allFollows,
  forAdmins,
  async function endAllFollows(ctx) {
    const { followers } = ctx.ports;
    if (ctx.match[1] === "ask") {
      const rows = [
        [ctx.button("bot.following.stop.yes", buttonData.allFollows("stop"))],
        [ctx.button("bot.following.stop.no", buttonData.settings("following"))],
      ];
      return ctx.show(ctx.text("bot.following.stop.ask", {}, rows));
    }
    await followers.unfollow(ctx.place, await followers.following(ctx.place));
    await ctx.show(await followedHere(ctx));
    await ctx.toast(ctx.say("bot.settings.saved"));
  },
);
