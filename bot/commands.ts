/** Commands and messages about cases, and about the bot itself. */
import { Composer } from "grammy";
import { isCaseId } from "../shared/case/id.ts";
import { message } from "../shared/messages.ts";
import { requireChatAdmin } from "./admins.ts";
import { answer, type CaseContext, requirePlace, showCase } from "./context.ts";
import { exampleNumber } from "./examples.ts";
import { find } from "./find.ts";
import { forgottenMessage } from "./forget.ts";
import { linesMessage, listMessage, plainMessage } from "./message.ts";
import { safetyText } from "./safety.ts";

export const commands = new Composer<CaseContext>();

commands.command("start", async (ctx) => {
  const payload = ctx.match.trim().toLowerCase();
  if (isCaseId(payload)) await showCase(ctx, payload);
  else
    await answer(
      ctx,
      plainMessage(
        ctx.locale,
        "bot.start",
        { newsroom: ctx.links.profile.newsroom.name, example: await exampleNumber(ctx) },
        "cases",
      ),
    );
});

commands.command("help", async (ctx) => {
  const contact = ctx.links.profile.newsroom.contact.replace(/^mailto:/, "");
  await answer(ctx, plainMessage(ctx.locale, "bot.help", { example: await exampleNumber(ctx), contact }, "cases"));
});

commands.command("privacy", (ctx) =>
  answer(ctx, linesMessage(ctx.locale, safetyText(ctx.locale, "bot.privacy", ctx.safety))),
);

commands.command("cases", async (ctx) => {
  const [summaries, unshowable] = await Promise.all([ctx.ports.cases.list(), ctx.ports.cases.unshowable()]);
  const title = message(ctx.locale, "bot.cases.title");
  await answer(ctx, listMessage(title, summaries, 0, ctx.locale, ctx.ports.now(), unshowable));
});

commands.command("case", async (ctx) => {
  if (ctx.match.trim() === "")
    return void (await answer(
      ctx,
      plainMessage(ctx.locale, "bot.case.how", { example: await exampleNumber(ctx) }, "cases"),
    ));
  const id = await find(ctx, ctx.match);
  if (id) await showCase(ctx, id);
});

commands.command("forget", async (ctx) => {
  if (!(await requireChatAdmin(ctx))) return;
  const place = requirePlace(ctx);
  await answer(ctx, forgottenMessage(await ctx.ports.followers.forget(place), place.kind, ctx.locale));
});

// In a private chat a number or a name is a search; no command is needed.
commands
  .chatType("private")
  .on("message:text")
  .filter(
    (ctx) => !ctx.msg.text.startsWith("/"),
    async (ctx) => {
      const id = await find(ctx, ctx.msg.text);
      if (id) await showCase(ctx, id);
    },
  );

// Only what a user sends. Service messages (a pinned message, an auto-delete timer) are not answered.
commands
  .chatType("private")
  .on(
    ["message:text", "message:media", "message:sticker", "message:voice", "message:contact", "message:location"],
    (ctx) => answer(ctx, plainMessage(ctx.locale, "bot.unclear", {}, "cases")),
  );
