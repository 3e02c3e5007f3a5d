/** A chat's settings: sound, neutral messages and language. */
import { Composer } from "grammy";
import { fold } from "../shared/case/names.ts";
import { languageNameIn } from "../shared/intl.ts";
import { type LocaleTag, locales } from "../shared/locale.ts";
import { message } from "../shared/messages.ts";
import type { Profile } from "../shared/profile/schema.ts";
import { requireChatAdmin } from "./admins.ts";
import { buttonData, buttonPattern } from "./button-data.ts";
import { answer, type CaseContext, edit, pressedMessage, requirePlace, showCase, toast } from "./context.ts";
import { showFollowing } from "./follow.ts";
import { hoursLines } from "./hours-screen.ts";
import { languageMessage, languageRows, plainMessage } from "./message.ts";
import { bold, button, join, type Outgoing, outgoing, plain } from "./text.ts";

async function settingsMessage(ctx: CaseContext): Promise<Outgoing> {
  const { locale } = ctx;
  const { followers } = ctx.ports;
  const place = requirePlace(ctx);
  const [manner, follows] = await Promise.all([followers.manner(place), followers.following(place)]);
  const { silent, neutral, paused, reminders = true } = manner;
  const lines = [
    message(locale, silent ? "bot.settings.sound.off" : "bot.settings.sound.on"),
    message(locale, neutral ? "bot.settings.names.off" : "bot.settings.names.on"),
    ...hoursLines(locale, manner),
    message(locale, reminders ? "bot.reminders.on" : "bot.reminders.off"),
    message(locale, "bot.settings.follows", { count: follows.length }),
    ...(paused ? [message(locale, "bot.paused")] : []),
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
      [button(turn("sound", silent), buttonData.manner("silent", !silent))],
      [button(turn("names", neutral), buttonData.manner("neutral", !neutral))],
      [
        button(
          message(locale, reminders ? "bot.reminders.turn-off" : "bot.reminders.turn-on"),
          buttonData.manner("reminders", !reminders),
        ),
      ],
      [button(message(locale, "bot.hours.turn"), buttonData.hours("show"))],
      [button(message(locale, "bot.language"), buttonData.settings("language"))],
      [button(message(locale, "bot.settings.follows.show"), buttonData.settings("following"))],
    ],
  );
}

/** A language by its tag, its own name or its English name, in any case: "uk-UA", "QIRIMTATARCA", "Turkish". */
export function languageIn(words: string, { languages }: Profile): LocaleTag | undefined {
  const asked = fold(words.trim().split(/[-_]/)[0] ?? "");
  return languages.find((tag) =>
    [tag, locales[tag].name, languageNameIn("en", tag)].some((name) => fold(name) === asked),
  );
}

export const settings = new Composer<CaseContext>();

settings.command("settings", async function showSettings(ctx) {
  if (!(await requireChatAdmin(ctx))) return;
  await answer(ctx, await settingsMessage(ctx));
});

settings.command("language", async function setLanguage(ctx) {
  const tag = languageIn(ctx.match, ctx.links.profile);
  if (!(await requireChatAdmin(ctx))) return;
  if (!tag) return void (await answer(ctx, languageMessage(ctx.locale, ctx.links.profile)));
  await ctx.ports.followers.setLanguage(requirePlace(ctx), tag);
  await answer(ctx, plainMessage(tag, "bot.language.chosen"));
});

settings.callbackQuery(buttonPattern.manner, async function pressManner(ctx) {
  if (!(await requireChatAdmin(ctx))) return;
  const [, what, on] = ctx.match as unknown as [string, "silent" | "neutral" | "reminders", "0" | "1"];
  await ctx.ports.followers.setManner(requirePlace(ctx), { [what]: on === "1" });
  const { into } = pressedMessage(ctx);
  if (into !== undefined) await edit(ctx, into, await settingsMessage(ctx));
  await toast(ctx, message(ctx.locale, "bot.settings.saved"));
});

settings.callbackQuery(buttonPattern.sound, async function pressSound(ctx) {
  if (!(await requireChatAdmin(ctx))) return;
  const [, id, on] = ctx.match as unknown as [string, string, "0" | "1"];
  await ctx.ports.followers.setManner(requirePlace(ctx), { rings: { [id]: on === "1" } });
  await showCase(ctx, id, pressedMessage(ctx));
  await toast(ctx, message(ctx.locale, "bot.settings.saved"));
});

settings.callbackQuery(buttonPattern.settings, async function pressSettings(ctx) {
  if (!(await requireChatAdmin(ctx))) return;
  const { into } = pressedMessage(ctx);
  if (ctx.match[1] === "following") await showFollowing(ctx);
  else if (ctx.match[1] === "all" && into !== undefined) await edit(ctx, into, await settingsMessage(ctx));
  else await answer(ctx, languageMessage(ctx.locale, ctx.links.profile));
  await ctx.answerCallbackQuery();
});

settings.callbackQuery(buttonPattern.chooseLanguage, async function pressChooseLanguage(ctx) {
  if (!(await requireChatAdmin(ctx))) return;
  const id = ctx.match[1] as string;
  await showCase(ctx, id, {
    ...pressedMessage(ctx),
    keyboard: { inline_keyboard: languageRows(id, ctx.links.profile) },
  });
  await ctx.answerCallbackQuery();
});

settings.callbackQuery(buttonPattern.language, async function pressLanguage(ctx) {
  const [, tag, id] = ctx.match as unknown as [string, LocaleTag, string | undefined];
  if (!ctx.links.profile.languages.includes(tag)) return void (await ctx.answerCallbackQuery());
  if (!(await requireChatAdmin(ctx))) return;
  await ctx.ports.followers.setLanguage(requirePlace(ctx), tag);
  ctx.locale = tag;
  const { into } = pressedMessage(ctx);
  if (id) await showCase(ctx, id, pressedMessage(ctx));
  else if (into !== undefined) await edit(ctx, into, plainMessage(tag, "bot.language.chosen", {}, "cases"));
  await toast(ctx, message(ctx.locale, "bot.language.chosen"));
});
