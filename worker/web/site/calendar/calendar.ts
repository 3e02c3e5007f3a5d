/**
 * Deadlines and announced hearings as iCalendar (RFC 5545), each an event of a
 * whole day.
 */

import type { Context } from "hono";
import { addresses } from "../../../../shared/addresses.ts";
import { Refusal } from "../../../../shared/failure.ts";
import { withPlainDates } from "../../../../shared/intl.ts";
import { type LocaleTag, negotiate } from "../../../../shared/locale.ts";
import { message } from "../../../../shared/messages.ts";
import { actionLabel } from "../../../../shared/view/action.ts";
import { markedText, runOf } from "../../../../shared/view/run.ts";
import type { CaseSummary } from "../../../../shared/view/summary.ts";
import type { AllCases } from "../../../reads/all-cases.ts";
import { etagOf, type Public } from "../../../reads/freshness.ts";
import { leased } from "../../../reads/leased.ts";
import { halfDay, headsOf } from "../../../reads/list.ts";
import { sendBody } from "../../../reads/send-body.ts";
import type { CaseState } from "../../../reads/state.ts";
import { summariesIn } from "../../../reads/summary.ts";
import { shortDigest } from "../../../runtime/digest.ts";
import { profileOf } from "../../../runtime/profiles/profiles.ts";
import type { Handlers } from "../../api/router.ts";
import type { Site } from "../document/document.tsx";
import { siteFor } from "../pages.tsx";

const DAY_MS = 86_400_000;
/** How often calendar programs should ask again. */
const REFRESH_INTERVAL = "PT1H";

const escaped = (text: string) =>
  text.replace(/[\\;,]/g, "\\$&").replace(/\r?\n/g, "\\n");

const END_OF_LINE = "\r\n";

/**
 * Breaks a line so that none is longer than 75 bytes, never within a character:
 * one takes up to four.
 */
const folded = (line: string) =>
  (line.match(/.{1,18}/gsu) ?? []).join(`${END_OF_LINE} `);

const compact = (iso: string) => iso.replace(/[-:]|\.\d+/g, "");
const nextDay = (day: string) =>
  new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, 10);

/** Cases in the calendar of all cases. */
const MAX_CASES = 100;

/**
 * The last day of an active case's deadline and of its hearings; undefined for
 * a case without one.
 */
const lastDayOf = ({
  action,
  until,
  hearings,
}: CaseSummary): string | undefined =>
  [
    ...(action === "active" && until ? [until] : []),
    ...hearings.map(({ date }) => date),
  ]
    .sort()
    .at(-1);

/**
 * Cases with deadlines and hearings, in the order of the list. When there are
 * too many, those with a day from today on come first, the nearest one leading,
 * and then the last ones before it.
 * @param now milliseconds since the epoch
 */
export function datedCases(
  cases: readonly CaseSummary[],
  now: number,
): CaseSummary[] {
  const today = new Date(now).toISOString().slice(0, 10);
  const dated = cases
    .map((summary) => ({ summary, day: lastDayOf(summary) ?? "" }))
    .filter(({ day }) => day !== "")
    .sort((a, b) => (a.day < b.day ? -1 : Number(a.day > b.day)));
  const ahead = dated.filter(({ day }) => day >= today);
  const past = dated.slice(0, dated.length - ahead.length).reverse();
  const chosen = new Set(
    [...ahead, ...past].slice(0, MAX_CASES).map(({ summary }) => summary),
  );
  return cases.filter((summary) => chosen.has(summary));
}

interface Entry {
  /** Unique within the case. */
  key: string;
  day: string;
  words: string;
}

function entriesOf(
  summary: CaseSummary,
  deadline: string,
  locale: LocaleTag,
): Entry[] {
  const { action, until, hearings, language } = summary;
  return [
    ...(action === "active" && until
      ? [{ key: "deadline", day: until, words: deadline }]
      : []),
    ...hearings.map(({ date, text }, index) => {
      const earlier = hearings
        .slice(0, index)
        .filter((other) => other.date === date).length;
      return {
        key: `hearing-${date}-${earlier}`,
        day: date,
        words: markedText(runOf(text, language, locale)),
      };
    }),
  ];
}

function eventsOf(
  summary: CaseSummary,
  locale: LocaleTag,
  origin: URL,
  now: number,
): string[] {
  const { id, number, revision, title, language, action, until, demo } =
    summary;
  const deadline = withPlainDates(
    actionLabel(action, until, locale, now).label,
  );
  const moment = compact(revision.liveAt);
  const mark = demo ? `${message(locale, "page.demo")} · ` : "";
  return entriesOf(summary, deadline, locale).flatMap(({ key, day, words }) => [
    "BEGIN:VEVENT",
    folded(`UID:${id}-${key}@${origin.hostname}`),
    `DTSTAMP:${moment}`,
    `LAST-MODIFIED:${moment}`,
    `SEQUENCE:${revision.number}`,
    `DTSTART;VALUE=DATE:${compact(day)}`,
    `DTEND;VALUE=DATE:${compact(nextDay(day))}`,
    "TRANSP:TRANSPARENT",
    folded(`SUMMARY:${escaped(`${mark}${number}: ${words}`)}`),
    folded(
      `DESCRIPTION:${escaped(markedText(runOf(title, language, locale)))}`,
    ),
    folded(`URL:${origin.origin}${addresses.page(id, locale)}`),
    "END:VEVENT",
  ]);
}

/** @param now milliseconds since the epoch */
export function calendarOf(
  cases: readonly CaseSummary[],
  locale: LocaleTag,
  site: Site,
  now: number,
): string {
  const { name } = site.profile.newsroom;
  const origin = new URL(site.origin);
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Casewire//Casewire//EN",
    "METHOD:PUBLISH",
    folded(`NAME:${escaped(name)}`),
    folded(`X-WR-CALNAME:${escaped(name)}`),
    `REFRESH-INTERVAL;VALUE=DURATION:${REFRESH_INTERVAL}`,
    `X-PUBLISHED-TTL:${REFRESH_INTERVAL}`,
    ...cases.flatMap((summary) => eventsOf(summary, locale, origin, now)),
    "END:VCALENDAR",
    "",
  ];
  return lines.join(END_OF_LINE);
}

/**
 * Sends deadlines and hearings. The calendar of a withdrawn case is empty, so
 * that programs delete its entries.
 */
async function sendCalendar(c: Context<Public>, id = ""): Promise<Response> {
  const profile = profileOf(c.env);
  const copy = await leased<CaseState | AllCases>(c, (reads, start) =>
    id ? reads.leasedCase(id) : reads.allCases(start),
  );
  const { value } = copy;
  if ("state" in value && value.state === "absent")
    throw new Refusal({ tag: "unknown-case", id });
  const own = "state" in value ? summariesIn([value], profile) : [];
  const locale = negotiate(c.req.query("lang") ?? own[0]?.language, profile);
  return sendBody(
    c,
    { key: `calendar ${id} ${locale}`, copies: [copy] },
    (now) => {
      const cases = "state" in value ? own : datedCases(value.cases, now);
      return {
        body: calendarOf(cases, locale, siteFor(c), now),
        status: "state" in value && value.state === "withdrawn" ? 410 : 200,
        etag: etagOf(
          c.env,
          shortDigest(headsOf(cases, now)),
          locale,
          halfDay(now),
        ),
        headers: {
          "Content-Type": "text/calendar; charset=utf-8",
          "Content-Language": locale,
        },
      };
    },
  );
}

export const calendarHandlers = {
  calendar: (c) => sendCalendar(c),
  caseCalendar: (c, { params: { id } }) => sendCalendar(c, id),
} satisfies Partial<Handlers>;
