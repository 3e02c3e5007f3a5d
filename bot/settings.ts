/** A chat's settings: how and when messages come, and in which language. */
import { Composer } from "grammy";
import { fold } from "../shared/case/names.ts";
import { languageNameIn } from "../shared/intl.ts";
import { type LocaleTag, locales } from "../shared/locale.ts";
import type { Profile } from "../shared/profile/schema.ts";
import { forAdmins, requireChatAdmin } from "./admins.ts";
import { buttonData, buttonPattern } from "./button-data.ts";
import type { CaseContext } from "./context.ts";
import { showFollowing } from "./follow.ts";
import { hoursLine } from "./hours-screen.ts";
import { languageMessage, languageRows } from "./message.ts";
import type { Manner, MannerName } from "./ports.ts";
import {
  bold,
  button,
  type Outgoing,
  outgoing,
  plain,
  withLabel,
} from "./text.ts";

const manners: Record<MannerName, Pick<Manner, "silent" | "neutral">> = {
  open: { silent: false, neutral: false },
  quiet: { silent: true, neutral: false },
  hidden: { silent: true, neutral: true },
};

async function settingsMessage(ctx: CaseContext): Promise<Outgoing> {
  const { followers } = ctx.ports;
  const [manner, follows] = await Promise.all([
    followers.manner(ctx.place),
    followers.following(ctx.place),
  ]);
  const { silent, neutral, reminders = true } = manner;
  const chosen: MannerName = neutral ? "hidden" : silent ? "quiet" : "open";
  const hours = hoursLine(ctx.locale, manner);
  const isAnyTime = hours === ctx.say("bot.hours.any");
  const lines = [
    ctx.say(`bot.manner.${chosen}.is`),
    isAnyTime ? withLabel(ctx.locale, ctx.say("bot.hours"), hours) : hours,
    ctx.say(reminders ? "bot.reminders.on" : "bot.reminders.off"),
    ctx.say("bot.settings.follows", { count: follows.length }),
  ];
  const list = plain(lines.map((line) => `• ${line}`).join("\n"));
  const choices = (["open", "quiet", "hidden"] as const).map((name) =>
    button(
      `${name === chosen ? "● " : ""}${ctx.say(`bot.manner.${name}`)}`,
      buttonData.manner(name),
    ),
  );
  return outgoing([bold(ctx.say("bot.settings")), list], ctx.locale, [
    choices,
    [ctx.button("bot.hours", buttonData.hours("show"))],
    [
      ctx.button(
        `bot.reminders.${reminders ? "turn-off" : "turn-on"}`,
        buttonData.reminders(!reminders),
      ),
    ],
    [ctx.button("page.embed.lang", buttonData.settings("language"))],
    [ctx.button("bot.settings.follows.show", buttonData.settings("following"))],
  ]);
}

/**
 * A language by its tag, its own name or its English name, in any case:
 * "uk-UA", "QIRIMTATARCA", "Turkish".
 */
export function languageIn(
  words: string,
  { languages }: Profile,
): LocaleTag | undefined {
  const asked = fold(words.trim().split(/[-_]/)[0] ?? "");
  return languages.find((tag) =>
    [tag, locales[tag].name, languageNameIn("en", tag)].some(
      (name) => fold(name) === asked,
    ),
  );
}

export const settings = new Composer<CaseContext>();

settings.command("settings", forAdmins, async function showSettings(ctx) {
  await ctx.answer(await settingsMessage(ctx));
});

settings.command("language", forAdmins, async function setLanguage(ctx) {
  const tag = languageIn(ctx.match, ctx.links.profile);
  if (!tag)
    return void (await ctx.answer(
      languageMessage(ctx.locale, ctx.links.profile),
    ));
  await ctx.ports.followers.setLanguage(ctx.place, tag);
  ctx.locale = tag;
  await ctx.answer(ctx.text("bot.language.chosen"));
});

async function change(
  ctx: CaseContext,
  manner: Partial<Manner>,
): Promise<void> {
  await ctx.ports.followers.setManner(ctx.place, manner);
  ctx.hidden = (await ctx.ports.followers.manner(ctx.place)).neutral;
  await ctx.show(await settingsMessage(ctx));
  await ctx.toast(ctx.say("bot.settings.saved"));
}

settings.callbackQuery(buttonPattern.manner, forAdmins, (ctx) =>
  change(ctx, manners[ctx.match[1] as MannerName]),
);
settings.callbackQuery(buttonPattern.reminders, forAdmins, (ctx) =>
  change(ctx, { reminders: ctx.match[1] === "1" }),
);

settings.callbackQuery(
  buttonPattern.sound,
  forAdmins,
  async function pressSound(ctx) {
    const [, id, on] = ctx.match as unknown as [string, string, "0" | "1"];
    await ctx.ports.followers.setManner(ctx.place, {
      rings: { [id]: on === "1" },
    });
    await ctx.showCase(id, ctx.pressed);
    await ctx.toast(ctx.say("bot.settings.saved"));
  },
);

settings.callbackQuery(
  buttonPattern.settings,
  forAdmins,
  async function pressSettings(ctx) {
    if (ctx.match[1] === "following") await showFollowing(ctx);
    else if (ctx.match[1] === "all") await ctx.show(await settingsMessage(ctx));
    else await ctx.answer(languageMessage(ctx.locale, ctx.links.profile));
  },
);

settings.callbackQuery(
  buttonPattern.chooseLanguage,
  forAdmins,
  async function pressChooseLanguage(ctx) {
    const id = ctx.match[1] as string;
    const keyboard = { inline_keyboard: languageRows(id, ctx.links.profile) };
    await ctx.showCase(id, { ...ctx.pressed, keyboard });
  },
);

settings.callbackQuery(
  buttonPattern.language,
  async function pressLanguage(ctx) {
    const [, tag, id] = ctx.match as unknown as [
      string,
      LocaleTag,
      string | undefined,
    ];
    if (!ctx.links.profile.languages.includes(tag)) return;
    if (!(await requireChatAdmin(ctx))) return;
    await ctx.ports.followers.setLanguage(ctx.place, tag);
    ctx.locale = tag;
    if (id) await ctx.showCase(id, ctx.pressed);
    else await ctx.show(ctx.text("bot.language.chosen", {}, "cases"));
    await ctx.toast(ctx.say("bot.language.chosen"));
  },
);
