/**
 * The screen of a chat's hours: when messages may come, on a clock that the
 * chat chooses.
 */
import { Composer } from "grammy";
import type { InlineKeyboardButton } from "grammy/types";
import type { LocaleTag } from "../shared/locale.ts";
import { message, sayIn } from "../shared/messages.ts";
import { forAdmins, requireChatAdmin } from "./admins.ts";
import {
  buttonData,
  buttonPattern,
  buttonUnder,
  type HoursChoice,
} from "./button-data.ts";
import { zonesCalled } from "./cities.ts";
import type { CaseContext } from "./context.ts";
import { clockIn, type Hours, hourText, zones, zoneText } from "./hours.ts";
import { linesMessage } from "./message.ts";
import type { Manner } from "./ports.ts";
import { button, inRows, type Outgoing } from "./text.ts";

const DEFAULT_QUIET = { from: 22, to: 7 };
const DEFAULT_DIGEST_HOUR = 9;
const ZONES_PER_ROW = 3;

const choiceOf = ({ paused, hours }: Manner): HoursChoice =>
  paused
    ? "pause"
    : !hours
      ? "any"
      : hours.digest === undefined
        ? "quiet"
        : "daily";

/** What the settings say about the hours. */
export function hoursLine(locale: LocaleTag, manner: Manner): string {
  const {
    quiet = DEFAULT_QUIET,
    zone = "+00:00",
    digest = DEFAULT_DIGEST_HOUR,
  } = manner.hours ?? {};
  const say = sayIn(locale);
  const where = { zone: zoneText(zone) };
  const lines = {
    pause: say("bot.paused"),
    any: say("bot.hours.any"),
    quiet: say("bot.hours.quiet.on", {
      ...where,
      from: hourText(quiet.from),
      to: hourText(quiet.to),
    }),
    daily: say("bot.digest.on", { ...where, time: hourText(digest) }),
  };
  return lines[choiceOf(manner)];
}

const back = (locale: LocaleTag): InlineKeyboardButton[] => [
  button(`‹ ${message(locale, "bot.settings")}`, buttonData.settings("all")),
];

/**
 * Asks which clock the chat goes by. Each button shows the time on one, so that
 * nobody has to know a zone's name.
 */
function zonesMessage(
  locale: LocaleTag,
  choice: "quiet" | "daily",
  now: number,
  asks: "bot.hours.zone" | "bot.hours.zone.unknown" = "bot.hours.zone",
  offered = zones,
): Outgoing {
  const keys = offered.map((zone) =>
    button(
      `${clockIn(zone, now)} · ${zoneText(zone)}`,
      buttonData.zone(choice, zone),
    ),
  );
  return linesMessage(locale, message(locale, asks), [
    ...inRows(keys, ZONES_PER_ROW),
    back(locale),
  ]);
}

/**
 * An hour between a button for the hour before it and one for the hour after
 * it.
 */
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

function hoursMessage(
  locale: LocaleTag,
  manner: Manner,
  now: number,
): Outgoing {
  const {
    zone = "+00:00",
    quiet = DEFAULT_QUIET,
    digest = DEFAULT_DIGEST_HOUR,
  } = manner.hours ?? {};
  const say = sayIn(locale);
  const chosen = choiceOf(manner);
  const choices = (["any", "quiet", "daily", "pause"] as const).map((choice) =>
    button(
      `${choice === chosen ? "● " : ""}${say(`bot.hours.${choice}`)}`,
      buttonData.hours(choice),
    ),
  );
  const clock = [
    button(
      say("bot.hours.zone.change", { time: clockIn(zone, now) }),
      buttonData.hours("zones"),
    ),
  ];
  const rows = {
    any: [],
    pause: [],
    quiet: [
      hourRow(locale, "bot.hours.from", "from", quiet.from),
      hourRow(locale, "bot.hours.to", "to", quiet.to),
      clock,
    ],
    daily: [hourRow(locale, "bot.digest.at", "digest", digest), clock],
  };
  return linesMessage(
    locale,
    `${say("bot.hours")}\n${hoursLine(locale, manner)}`,
    [...inRows(choices, 2), ...rows[chosen], back(locale)],
  );
}

/**
 * The settings after a press; null when the chat's clock must be asked for
 * first, undefined when a client has made the value up.
 */
function changed(
  manner: Manner,
  what: string,
  value: string | undefined,
): Partial<Manner> | null | undefined {
  const {
    zone,
    quiet = DEFAULT_QUIET,
    digest = DEFAULT_DIGEST_HOUR,
  } = manner.hours ?? {};
  if (what === "any") return { paused: false, hours: null };
  if (what === "pause") return { paused: true };
  if (what === "quiet" || what === "daily") {
    if (value !== undefined && !zones.includes(value)) return undefined;
    const clock = value ?? zone;
    if (clock === undefined) return null;
    const hours: Hours =
      what === "quiet" ? { zone: clock, quiet } : { zone: clock, digest };
    return { paused: false, hours };
  }
  const hour = Number(value);
  if (zone === undefined || !/^(?:\d|1\d|2[0-3])$/.test(value ?? ""))
    return undefined;
  return {
    hours:
      what === "digest"
        ? { zone, digest: hour }
        : { zone, quiet: { ...quiet, [what]: hour } },
  };
}

export const hoursScreen = new Composer<CaseContext>();

hoursScreen.callbackQuery(
  buttonPattern.hours,
  forAdmins,
  async function pressHours(ctx) {
    const [, what, value] = ctx.match as unknown as [
      string,
      string,
      string | undefined,
    ];
    const { followers, now } = ctx.ports;
    const { place, locale } = ctx;
    const before = await followers.manner(place);
    const next =
      what === "show" || what === "zones" ? {} : changed(before, what, value);
    if (next === undefined) return void (await ctx.toast(ctx.say("bot.old")));
    if (what === "show") await ctx.show(hoursMessage(locale, before, now()));
    else if (what === "zones" || next === null)
      await ctx.show(
        zonesMessage(
          locale,
          what === "daily" || before.hours?.digest !== undefined
            ? "daily"
            : "quiet",
          now(),
        ),
      );
    else {
      await followers.setManner(place, next);
      await ctx.show(
        hoursMessage(locale, await followers.manner(place), now()),
      );
      return void (await ctx.toast(ctx.say("bot.settings.saved")));
    }
  },
);

// A reply to the question for the clock names a city or a country.
hoursScreen.on("message:text").filter(
  (ctx) =>
    buttonUnder(ctx.message.reply_to_message, "zone") !== null &&
    !ctx.message.text.startsWith("/"),
  async function answerZones(ctx) {
    if (!(await requireChatAdmin(ctx))) return;
    const [, choice] = buttonUnder(
      ctx.message.reply_to_message,
      "zone",
    ) as unknown as [string, "quiet" | "daily"];
    const { followers, now } = ctx.ports;
    const { place, locale } = ctx;
    const found = zonesCalled(ctx.message.text, locale);
    if (found.length === 0)
      await ctx.answer(
        zonesMessage(locale, choice, now(), "bot.hours.zone.unknown"),
      );
    else if (found.length > 1)
      await ctx.answer(
        zonesMessage(locale, choice, now(), "bot.hours.zone", found),
      );
    else {
      await followers.setManner(
        place,
        changed(await followers.manner(place), choice, found[0]) ?? {},
      );
      await ctx.answer(
        hoursMessage(locale, await followers.manner(place), now()),
      );
    }
  },
);
