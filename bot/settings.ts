/** How a chat is told, and in which language. */
import { Composer } from "grammy";
import { fold } from "../shared/case/names.ts";
import { languageName } from "../shared/intl.ts";
import { type LocaleTag, locales, localeTags } from "../shared/locale.ts";
import { message } from "../shared/messages.ts";
import { answer, type CaseContext, edit, mustPlace, showCase, toast, under } from "./context.ts";
import { decides } from "./decide.ts";
import { showFollowing } from "./follow.ts";
import { languageMessage, languageRows, plainMessage } from "./message.ts";
import { press, pressed } from "./press.ts";
import { bold, button, join, type Outgoing, outgoing, plain } from "./text.ts";

async function settingsMessage(ctx: CaseContext): Promise<Outgoing> {
  const { locale } = ctx;
  const { followers } = ctx.ports;
  const place = mustPlace(ctx);
  const [{ silent, neutral }, follows] = await Promise.all([followers.manner(place), followers.following(place)]);
  const lines = [
    message(locale, silent ? "bot.settings.sound.off" : "bot.settings.sound.on"),
    message(locale, neutral ? "bot.settings.names.off" : "bot.settings.names.on"),
    message(locale, "bot.settings.follows", { count: follows.length }),
  ];
  const turn = (key: "sound" | "names", off: boolean) =>
    message(locale, `bot.settings.${key}.${off ? "turn-on" : "turn-off"}`);
  return outgoing(
    [
      bold(message(locale, "bot.settings")),
      join(
        lines.map((line) => plain(`• ${line}`)),
        "\n",
      ),
    ],
    locale,
    [
      [button(turn("sound", silent), press.manner("silent", !silent))],
      [button(turn("names", neutral), press.manner("neutral", !neutral))],
      [button(message(locale, "bot.language"), press.settings("language"))],
      [button(message(locale, "bot.settings.follows.show"), press.settings("following"))],
    ],
  );
}

/** A language by its tag, its own name or its English one, however written: "uk-UA", "QIRIMTATARCA", "Turkish". */
export function languageIn(words: string): LocaleTag | undefined {
  const asked = fold(words.trim().split(/[-_]/)[0] ?? "");
  return localeTags.find((tag) =>
    [tag, locales[tag].name, languageName("en", tag)].some((name) => fold(name) === asked),
  );
}

export const settings = new Composer<CaseContext>();

settings.command("settings", async (ctx) => {
  await answer(ctx, await settingsMessage(ctx));
});

settings.command("language", async (ctx) => {
  const tag = languageIn(ctx.match);
  if (!(await decides(ctx))) return;
  if (!tag) return void (await answer(ctx, languageMessage(ctx.locale)));
  await ctx.ports.followers.setLanguage(mustPlace(ctx), tag);
  await answer(ctx, plainMessage(tag, "bot.language.chosen"));
});

settings.callbackQuery(pressed.manner, async (ctx) => {
  if (!(await decides(ctx))) return;
  const [, what, on] = ctx.match as unknown as [string, "silent" | "neutral", "0" | "1"];
  await ctx.ports.followers.setManner(mustPlace(ctx), { [what]: on === "1" });
  const { into } = under(ctx);
  if (into !== undefined) await edit(ctx, into, await settingsMessage(ctx));
  await toast(ctx, message(ctx.locale, "bot.settings.saved"));
});

settings.callbackQuery(pressed.settings, async (ctx) => {
  if (!(await decides(ctx))) return;
  if (ctx.match[1] === "following") await showFollowing(ctx);
  else await answer(ctx, languageMessage(ctx.locale));
  await ctx.answerCallbackQuery();
});

settings.callbackQuery(pressed.chooseLanguage, async (ctx) => {
  if (!(await decides(ctx))) return;
  const id = ctx.match[1] as string;
  await showCase(ctx, id, { ...under(ctx), keyboard: { inline_keyboard: languageRows(id) } });
  await ctx.answerCallbackQuery();
});

settings.callbackQuery(pressed.language, async (ctx) => {
  const [, tag, id] = ctx.match as unknown as [string, LocaleTag, string | undefined];
  if (!localeTags.includes(tag)) return void (await ctx.answerCallbackQuery());
  if (!(await decides(ctx))) return;
  await ctx.ports.followers.setLanguage(mustPlace(ctx), tag);
  ctx.locale = tag;
  const { into } = under(ctx);
  if (id) await showCase(ctx, id, under(ctx));
  else if (into !== undefined) await edit(ctx, into, plainMessage(tag, "bot.language.chosen", {}, "cases"));
  await toast(ctx, message(ctx.locale, "bot.language.chosen"));
});
