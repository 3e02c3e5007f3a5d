/** Commands, messages and buttons about cases, and about the bot itself. */
import { Composer } from "grammy";
import type { Message } from "grammy/types";
import { isCaseId } from "../shared/case/id.ts";
import type { MessageKey } from "../shared/messages.ts";
import { forAdmins } from "./admins.ts";
import { isKindWord, wantsToStop } from "./asked-name.ts";
import { buttonPattern } from "./button-data.ts";
import type { CaseContext } from "./context.ts";
import { showFollowing } from "./follow.ts";
import { forgottenMessage } from "./forget.ts";
import {
  find,
  mayBeSearch,
  nothingMentioned,
  showMentioned,
  startMessage,
  wordsOf,
} from "./mentions.ts";
import { listMessage, readListPage } from "./message.ts";
import { privacyMessage } from "./safety.ts";
import type { Outgoing } from "./text.ts";

/**
 * A button to the private chat, for what is too long or too personal for a
 * group.
 */
const privateOnly = (ctx: CaseContext, payload: string): Outgoing =>
  ctx.text("bot.group.private", {}, [[ctx.openButton(payload)]]);

async function help(ctx: CaseContext): Promise<void> {
  const contact = ctx.links.profile.newsroom.contact.replace(/^mailto:/, "");
  const isGroup = ctx.place.kind === "group";
  await ctx.answer(
    ctx.text("bot.help", { contact }, "cases"),
    isGroup ? { asker: true, publicly: ctx.groupHelp() } : {},
  );
}

async function privacy(ctx: CaseContext): Promise<void> {
  await ctx.answer(privacyMessage(ctx.locale, ctx.safety), {
    asker: true,
    publicly: privateOnly(ctx, "privacy"),
  });
}

export const commands = new Composer<CaseContext>();

commands.command("start", async function start(ctx) {
  const payload = ctx.match.trim().toLowerCase();
  // Links for the private chat, opened in a group.
  if (/^(?:f|act)-/.test(payload) && ctx.place.kind === "group")
    await ctx.answer(privateOnly(ctx, ctx.match.trim()), { asker: true });
  else if (isCaseId(payload)) await ctx.showCase(payload);
  else if (payload === "help") await help(ctx);
  else if (ctx.place.kind === "group") await ctx.answer(ctx.groupHelp());
  else if (payload === "privacy") await privacy(ctx);
  else await ctx.answer(await startMessage(ctx));
});

commands.command("help", help);
commands.command("privacy", privacy);

commands.command("cases", async function listCases(ctx) {
  const page = await readListPage(ctx.ports.cases, 0);
  const title = ctx.say("bot.cases.title");
  await ctx.answer(listMessage(title, page, ctx.locale, ctx.ports.now()), {
    asker: true,
  });
});

commands.command("case", async function showOneCase(ctx) {
  const { reply_to_message: replied } = ctx.msg;
  const words = replied ? wordsOf(replied as Message) : "";
  if (ctx.match.trim() === "" && words !== "") {
    if (!(await showMentioned(ctx, words)))
      await ctx.answer(await nothingMentioned(ctx), { asker: true });
    return;
  }
  if (ctx.match.trim() === "")
    return void (await ctx.answer(
      ctx.text("bot.case.how", await ctx.examples(), "cases"),
      { asker: true },
    ));
  const id = await find(ctx, ctx.match);
  if (id) await ctx.showCase(id);
});

commands.command("forget", forAdmins, async function askToForget(ctx) {
  const { place } = ctx;
  await ctx.answer(
    forgottenMessage(
      await ctx.ports.followers.forget(place),
      place.kind,
      ctx.locale,
    ),
  );
});

// `/desk` links a private group to the newsroom's desk, and ends that. The
// group then hears what happens to proposals.
const tell = (ctx: CaseContext, key: MessageKey, asker = true) =>
  ctx.answer(ctx.text(key), asker ? { asker } : {});

commands
  .chatType(["group", "supergroup"])
  .command("desk", forAdmins, async function linkGroup(ctx) {
    const { place } = ctx;
    const given = ctx.match.trim();
    if (given === "") await tell(ctx, "bot.desk.how");
    else if (given.toLowerCase() === "stop")
      await tell(
        ctx,
        (await ctx.ports.desk.unlink(place))
          ? "bot.desk.stopped"
          : "bot.desk.none",
        false,
      );
    else if ("username" in ctx.chat && ctx.chat.username !== undefined)
      await tell(ctx, "bot.desk.public");
    else {
      const outcome = await ctx.ports.desk.link(place, given, ctx.locale);
      await tell(ctx, `bot.desk.${outcome}`, outcome !== "linked");
    }
  });
commands
  .chatType("private")
  .command("desk", (ctx) => tell(ctx, "bot.desk.how"));

/**
 * What a user sends. Service messages (a pinned message, an auto-delete timer)
 * are not answered.
 */
const sent = commands
  .chatType("private")
  .on([
    "message:text",
    "message:caption",
    "message:media",
    "message:file",
    "message:contact",
    "message:location",
    "message:poll",
    "message:dice",
    "message:story",
    "message:checklist",
    "message:paid_media",
    "message:game",
  ]);

// In a private chat a number or a name is a search, and any other text is read
// for the cases that it mentions; no command is needed.
sent.filter(
  (ctx) =>
    !ctx.msg.text?.startsWith("/") || ctx.msg.forward_origin !== undefined,
  async function searchOrRead(ctx) {
    const words = wordsOf(ctx.msg);
    if (words === "")
      return void (await ctx.answer(ctx.text("bot.wordless", {}, "cases")));
    const { text } = ctx.msg;
    if (text !== undefined && wantsToStop(text)) return showFollowing(ctx);
    if (text !== undefined && isKindWord(text))
      return void (await ctx.answer(ctx.text("bot.thanks")));
    if (text !== undefined && mayBeSearch(ctx.msg, text)) {
      const id = await find(ctx, text, words);
      if (id) await ctx.showCase(id);
      return;
    }
    if (await showMentioned(ctx, words)) return;
    // The caption of one's own picture may be a search, like a typed word.
    const found =
      mayBeSearch(ctx.msg, words) &&
      (await ctx.ports.cases.search(words, 0)).found > 0;
    const id = found ? await find(ctx, words) : null;
    if (id) await ctx.showCase(id);
    else if (!found) await ctx.answer(await nothingMentioned(ctx));
  },
);

sent.use((ctx) => ctx.answer(ctx.text("bot.unclear", {}, "cases")));

// Buttons about cases.

commands.callbackQuery(buttonPattern.open, async function openCase(ctx) {
  // In a group the card replaces the list, so that presses don't fill the chat
  // with cards.
  await ctx.showCase(
    ctx.match[1] as string,
    ctx.place.kind === "private" ? {} : ctx.pressed,
  );
});

commands.callbackQuery(buttonPattern.refresh, async function refreshCase(ctx) {
  const view = await ctx.showCase(ctx.match[1] as string, ctx.pressed);
  await ctx.toast(
    view.state === "present" ? view.revision.label : view.title.text,
  );
});

commands.callbackQuery(buttonPattern.list, async function turnPage(ctx) {
  const page = await readListPage(ctx.ports.cases, Number(ctx.match[1]));
  const title = ctx.say("bot.cases.title");
  const list = listMessage(title, page, ctx.locale, ctx.ports.now());
  // Turning a page edits the list. From any other message the list is sent as a
  // new one.
  const { into } = ctx.pressed;
  const isList = ctx.callbackQuery.message?.text?.includes(title);
  if (into !== undefined && (isList || ctx.place.kind !== "private"))
    await ctx.edit(into, list);
  else await ctx.answer(list);
});

// Data that no button of this bot carries.
commands.on("callback_query:data", (ctx) => ctx.toast(ctx.say("bot.old")));
