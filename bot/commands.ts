/** What people write. */
import { Composer } from "grammy";
import { message } from "../shared/messages.ts";
import { answer, type CaseContext, mustPlace, showCase } from "./context.ts";
import { followingMessage, languageMessage, listMessage, plainMessage, safetyMessage } from "./message.ts";
import { caseId } from "./press.ts";

export const commands = new Composer<CaseContext>();

/** The one case that words mean, or null after the chat was told what else there is. */
async function find(ctx: CaseContext, query: string): Promise<string | null> {
  const wanted = query.trim().slice(0, 200);
  if (caseId.test(wanted.toLowerCase())) return wanted.toLowerCase();
  const found = wanted === "" ? [] : await ctx.ports.cases.search(wanted);
  if (found.length === 1) return found[0]!.id;
  if (found.length === 0) {
    const id = numberToId(wanted);
    if (id) return id;
    await answer(ctx, plainMessage(ctx.locale, "bot.nothing", {}, "cases"));
    return null;
  }
  await answer(ctx, listMessage(message(ctx.locale, "bot.several"), found.slice(0, 8), 0, ctx.locale, ctx.ports.now()));
  return null;
}

/** "126/19", "UA 126/19", "ua126.19" */
function numberToId(text: string): string | null {
  const match = /^(ua|extra|ma|nsa)?[\s:]*(\d{1,4})[/.-](\d{2}|\d{4})$/i.exec(text);
  return match ? `${(match[1] ?? "ua").toLowerCase()}-${Number(match[2])}-${match[3]!.slice(-2)}` : null;
}

/** Follows, after the safety screen when it is the chat's first. */
export async function follow(
  ctx: CaseContext,
  id: string,
  knowingly: boolean,
): Promise<"asked" | "followed" | "already" | "refused"> {
  const place = mustPlace(ctx);
  const view = await ctx.ports.cases.view(id, ctx.locale);
  if (view.state !== "present") return "refused";
  if (!knowingly && (await ctx.ports.followers.following(place)).length === 0) {
    await answer(ctx, safetyMessage(id, view.number, ctx.locale));
    return "asked";
  }
  return ctx.ports.followers.follow(place, id, ctx.locale, view.revision.number);
}

async function showFollowing(ctx: CaseContext): Promise<void> {
  const ids = await ctx.ports.followers.following(mustPlace(ctx));
  const views = await Promise.all(ids.slice(0, 40).map((id) => ctx.ports.cases.view(id, ctx.locale)));
  await answer(ctx, followingMessage(views, ctx.locale));
}

commands.command("start", async (ctx) => {
  const payload = ctx.match.trim().toLowerCase();
  if (caseId.test(payload)) await showCase(ctx, payload);
  else await answer(ctx, plainMessage(ctx.locale, "bot.start", {}, "cases"));
});

commands.command("help", (ctx) =>
  answer(ctx, plainMessage(ctx.locale, "bot.help", { contact: ctx.links.contact.replace(/^mailto:/, "") }, "cases")),
);

commands.command("privacy", (ctx) => answer(ctx, plainMessage(ctx.locale, "bot.privacy")));

commands.command("cases", async (ctx) => {
  const summaries = await ctx.ports.cases.list();
  await answer(ctx, listMessage(message(ctx.locale, "bot.cases.title"), summaries, 0, ctx.locale, ctx.ports.now()));
});

commands.command("case", async (ctx) => {
  if (ctx.match.trim() === "") return void (await answer(ctx, plainMessage(ctx.locale, "bot.case.how", {}, "cases")));
  const id = await find(ctx, ctx.match);
  if (id) await showCase(ctx, id);
});

commands.command("follow", async (ctx) => {
  if (ctx.match.trim() === "") return void (await answer(ctx, plainMessage(ctx.locale, "bot.follow.how", {}, "cases")));
  const id = await find(ctx, ctx.match);
  if (!id) return;
  const outcome = await follow(ctx, id, false);
  if (outcome === "refused") await showCase(ctx, id);
  else if (outcome !== "asked")
    await answer(ctx, plainMessage(ctx.locale, `bot.follow.${outcome}`, { id: numberOf(id) }));
});

commands.command("unfollow", async (ctx) => {
  if (ctx.match.trim() === "") return showFollowing(ctx);
  const id = await find(ctx, ctx.match);
  if (!id) return;
  const outcome = await ctx.ports.followers.unfollow(mustPlace(ctx), id);
  await answer(ctx, plainMessage(ctx.locale, `bot.unfollow.${outcome}`, { id: numberOf(id) }));
});

commands.command("following", showFollowing);

commands.command("language", async (ctx) => {
  await answer(ctx, languageMessage(ctx.locale));
});

commands.command("forget", async (ctx) => {
  const { follows, deliveries, cards } = await ctx.ports.followers.forget(mustPlace(ctx));
  const counted = (key: "bot.forget.follows" | "bot.forget.deliveries" | "bot.forget.cards", count: number) =>
    message(ctx.locale, key, { count });
  await answer(
    ctx,
    plainMessage(ctx.locale, "bot.forget", {
      follows: counted("bot.forget.follows", follows),
      deliveries: counted("bot.forget.deliveries", deliveries),
      cards: counted("bot.forget.cards", cards),
    }),
  );
});

// A number or a name is enough where nobody else is spoken to.
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

commands.chatType("private").on("message", (ctx) => answer(ctx, plainMessage(ctx.locale, "bot.unclear", {}, "cases")));

/** "UA 126/19", of an id */
export function numberOf(id: string): string {
  const [series = "", number, year] = id.split("-");
  return `${series.toUpperCase()} ${number}/${year}`;
}
