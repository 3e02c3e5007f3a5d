/** A chat's settings: sound, neutral messages and language. */
import { Composer } from "grammy";
import { fold } from "../shared/case/names.ts";
import { languageNameIn } from "../shared/intl.ts";
import { type LocaleTag, locales } from "../shared/locale.ts";
import type { Profile } from "../shared/profile/schema.ts";
import { requireChatAdmin } from "./admins.ts";
import { buttonData, buttonPattern } from "./button-data.ts";
import type { CaseContext } from "./context.ts";
import { showFollowing } from "./follow.ts";
import { hoursLines } from "./hours-screen.ts";
import { languageMessage, languageRows } from "./message.ts";
import { bold, join, type Outgoing, outgoing, plain } from "./text.ts";

async function settingsMessage(ctx: CaseContext): Promise<Outgoing> {
  const { followers } = ctx.ports;
  const [manner, follows] = await Promise.all([followers.manner(ctx.place), followers.following(ctx.place)]);
  const { silent, neutral, paused, reminders = true } = manner;
  const lines = [
    ctx.say(silent ? "bot.settings.sound.off" : "bot.settings.sound.on"),
    ctx.say(neutral ? "bot.settings.names.off" : "bot.settings.names.on"),
    ...hoursLines(ctx.locale, manner),
    ctx.say(reminders ? "bot.reminders.on" : "bot.reminders.off"),
    ctx.say("bot.settings.follows", { count: follows.length }),
    ...(paused ? [ctx.say("bot.paused")] : []),
  ];
  const list = join(
    lines.map((line) => plain(`• ${line}`)),
    "\n",
  );
  return outgoing([bold(ctx.say("bot.settings")), list], ctx.locale, [
    [ctx.button(`bot.settings.sound.${silent ? "turn-on" : "turn-off"}`, buttonData.manner("silent", !silent))],
    [ctx.button(`bot.settings.names.${neutral ? "turn-on" : "turn-off"}`, buttonData.manner("neutral", !neutral))],
    [ctx.button(`bot.reminders.${reminders ? "turn-off" : "turn-on"}`, buttonData.manner("reminders", !reminders))],
    [ctx.button("bot.hours.turn", buttonData.hours("show"))],
    [ctx.button("bot.language", buttonData.settings("language"))],
    [ctx.button("bot.settings.follows.show", buttonData.settings("following"))],
  ]);
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
  await ctx.answer(await settingsMessage(ctx));
});

settings.command("language", async function setLanguage(ctx) {
  const tag = languageIn(ctx.match, ctx.links.profile);
  if (!(await requireChatAdmin(ctx))) return;
  if (!tag) return void (await ctx.answer(languageMessage(ctx.locale, ctx.links.profile)));
  await ctx.ports.followers.setLanguage(ctx.place, tag);
  ctx.locale = tag;
  await ctx.answer(ctx.text("bot.language.chosen"));
});

settings.callbackQuery(buttonPattern.manner, async function pressManner(ctx) {
  if (!(await requireChatAdmin(ctx))) return;
  const [, what, on] = ctx.match as unknown as [string, "silent" | "neutral" | "reminders", "0" | "1"];
  await ctx.ports.followers.setManner(ctx.place, { [what]: on === "1" });
  if (what === "neutral") ctx.hidden = on === "1";
  await ctx.show(await settingsMessage(ctx));
  await ctx.toast(ctx.say("bot.settings.saved"));
});

settings.callbackQuery(buttonPattern.sound, async function pressSound(ctx) {
  if (!(await requireChatAdmin(ctx))) return;
  const [, id, on] = ctx.match as unknown as [string, string, "0" | "1"];
  await ctx.ports.followers.setManner(ctx.place, { rings: { [id]: on === "1" } });
  await ctx.showCase(id, ctx.pressed);
  await ctx.toast(ctx.say("bot.settings.saved"));
});

settings.callbackQuery(buttonPattern.settings, async function pressSettings(ctx) {
  if (!(await requireChatAdmin(ctx))) return;
  if (ctx.match[1] === "following") await showFollowing(ctx);
  else if (ctx.match[1] === "all") await ctx.show(await settingsMessage(ctx));
  else await ctx.answer(languageMessage(ctx.locale, ctx.links.profile));
  await ctx.answerCallbackQuery();
});

settings.callbackQuery(buttonPattern.chooseLanguage, async function pressChooseLanguage(ctx) {
  if (!(await requireChatAdmin(ctx))) return;
  const id = ctx.match[1] as string;
  const keyboard = { inline_keyboard: languageRows(id, ctx.links.profile) };
  await ctx.showCase(id, { ...ctx.pressed, keyboard });
  await ctx.answerCallbackQuery();
});

settings.callbackQuery(buttonPattern.language, async function pressLanguage(ctx) {
  const [, tag, id] = ctx.match as unknown as [string, LocaleTag, string | undefined];
  if (!ctx.links.profile.languages.includes(tag)) return void (await ctx.answerCallbackQuery());
  if (!(await requireChatAdmin(ctx))) return;
  await ctx.ports.followers.setLanguage(ctx.place, tag);
  ctx.locale = tag;
  if (id) await ctx.showCase(id, ctx.pressed);
  else await ctx.show(ctx.text("bot.language.chosen", {}, "cases"));
  await ctx.toast(ctx.say("bot.language.chosen"));
});
