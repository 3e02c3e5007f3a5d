/** The screen of a chat's hours: quiet hours and a daily digest on a clock that it chooses. */
import { Composer } from "grammy";
import type { InlineKeyboardButton } from "grammy/types";
import type { LocaleTag } from "../shared/locale.ts";
import { message, sayIn } from "../shared/messages.ts";
import { requireChatAdmin } from "./admins.ts";
import { buttonData, buttonPattern } from "./button-data.ts";
import type { CaseContext } from "./context.ts";
import { clockIn, type Hours, hourText, zones, zoneText } from "./hours.ts";
import { linesMessage } from "./message.ts";
import type { Manner } from "./ports.ts";
import { button, inRows, type Outgoing } from "./text.ts";

const DEFAULT_QUIET = { from: 22, to: 7 };
const DEFAULT_DIGEST_HOUR = 9;
const ZONES_PER_ROW = 3;

/** What the settings say about the hours. */
export function hoursLines(locale: LocaleTag, { hours }: Manner): string[] {
  const { quiet, zone = "+00:00", urgent, digest } = hours ?? {};
  const say = sayIn(locale);
  const where = { zone: zoneText(zone) };
  return [
    quiet
      ? say("bot.hours.quiet.on", { ...where, from: hourText(quiet.from), to: hourText(quiet.to) })
      : say("bot.hours.quiet.off"),
    ...(digest === undefined ? [] : [say("bot.digest.on", { ...where, time: hourText(digest) })]),
    ...(hours ? [say(urgent ? "bot.hours.urgent.on" : "bot.hours.urgent.off")] : []),
  ];
}

const back = (locale: LocaleTag): InlineKeyboardButton[] => [
  button(`‹ ${message(locale, "bot.settings")}`, buttonData.settings("all")),
];

/** Asks which clock the chat goes by. Each button shows the time on one, so that nobody has to know a zone's name. */
function zonesMessage(locale: LocaleTag, now: number): Outgoing {
  const keys = zones.map((zone) => button(`${clockIn(zone, now)} · ${zoneText(zone)}`, buttonData.hours("zone", zone)));
  return linesMessage(locale, message(locale, "bot.hours.zone"), [...inRows(keys, ZONES_PER_ROW), back(locale)]);
}

/** An hour between a button for the hour before it and one for the hour after it. */
function hourRow(
  locale: LocaleTag,
  key: "bot.hours.from" | "bot.hours.to" | "bot.digest.at",
  what: "from" | "to" | "digest",
  hour: number,
): InlineKeyboardButton[] {
  const at = (value: number) => buttonData.hours(what, (value + 24) % 24);
  return [
    button("−", at(hour - 1)),
    button(message(locale, key, { time: hourText(hour) }), at(hour)),
    button("+", at(hour + 1)),
  ];
}

function hoursMessage(locale: LocaleTag, manner: Manner, now: number): Outgoing {
  const { hours } = manner;
  if (!hours) return zonesMessage(locale, now);
  const { quiet, urgent, zone, digest } = hours;
  const say = sayIn(locale);
  const lines = [say("bot.hours"), ...hoursLines(locale, manner).map((line) => `• ${line}`)];
  return linesMessage(locale, lines.join("\n"), [
    ...(quiet
      ? [hourRow(locale, "bot.hours.from", "from", quiet.from), hourRow(locale, "bot.hours.to", "to", quiet.to)]
      : []),
    [button(say(`bot.hours.quiet.${quiet ? "turn-off" : "turn-on"}`), buttonData.hours("quiet", quiet ? 0 : 1))],
    ...(digest === undefined ? [] : [hourRow(locale, "bot.digest.at", "digest", digest)]),
    [
      digest === undefined
        ? button(say("bot.digest.turn-on"), buttonData.hours("digest", DEFAULT_DIGEST_HOUR))
        : button(say("bot.digest.turn-off"), buttonData.hours("digest", "off")),
    ],
    [button(say(`bot.hours.urgent.${urgent ? "turn-off" : "turn-on"}`), buttonData.hours("urgent", urgent ? 0 : 1))],
    [button(say("bot.hours.zone.change", { time: clockIn(zone, now) }), buttonData.hours("zones"))],
    back(locale),
  ]);
}

/** The hours after a press; null when nothing is left to store. */
function changed(hours: Hours, what: string, value: string): Hours | null {
  const hour = Number(value);
  let { quiet, digest, urgent = false } = hours;
  if (what === "from" || what === "to") quiet = { ...DEFAULT_QUIET, ...quiet, [what]: hour };
  if (what === "quiet") quiet = hour === 1 ? (quiet ?? DEFAULT_QUIET) : undefined;
  if (what === "digest") digest = value === "off" ? undefined : hour;
  if (what === "urgent") urgent = hour === 1;
  if (!quiet && digest === undefined) return null;
  const kept = digest === undefined ? {} : { digest };
  return { zone: hours.zone, ...(quiet ? { quiet } : {}), ...kept, ...(urgent ? { urgent } : {}) };
}

export const hoursScreen = new Composer<CaseContext>();

hoursScreen.callbackQuery(buttonPattern.hours, async function pressHours(ctx) {
  if (!(await requireChatAdmin(ctx))) return;
  const [, what, value = ""] = ctx.match as unknown as [string, string, string | undefined];
  const { followers, now } = ctx.ports;
  const { place } = ctx;
  const before = await followers.manner(place);
  const { hours } = before;
  if (what === "show" || what === "zones" || (!hours && what !== "zone")) {
    const { hours: _, ...withoutHours } = before;
    await ctx.show(hoursMessage(ctx.locale, what === "show" ? before : withoutHours, now()));
    return void (await ctx.answerCallbackQuery());
  }
  if (what === "zone" && !zones.includes(value)) return void (await ctx.toast(ctx.say("bot.old")));
  // A client can send any number.
  if (what !== "zone" && !(what === "digest" && value === "off") && !/^(?:\d|1\d|2[0-3])$/.test(value))
    return void (await ctx.answerCallbackQuery());
  const next =
    what === "zone" ? { ...(hours ?? { quiet: DEFAULT_QUIET }), zone: value } : changed(hours as Hours, what, value);
  await followers.setManner(place, { hours: next });
  const manner = await followers.manner(place);
  if (manner.hours || next === null) await ctx.show(hoursMessage(ctx.locale, manner, now()));
  await ctx.toast(ctx.say("bot.settings.saved"));
});
