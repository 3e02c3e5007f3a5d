/** Routes of the calendars. */
import type { Context } from "hono";
import { Refusal } from "../../../../shared/failure.ts";
import { type LocaleTag, negotiate } from "../../../../shared/locale.ts";
import type { CaseSummary } from "../../../../shared/view/summary.ts";
import type { Copy } from "../../../reads/copies.ts";
import { etagOf, type Public } from "../../../reads/freshness.ts";
import { leased } from "../../../reads/leased.ts";
import { halfDay, headsOf } from "../../../reads/list.ts";
import { sendBody } from "../../../reads/send-body.ts";
import { summariesIn } from "../../../reads/summary.ts";
import { shortDigest } from "../../../runtime/digest.ts";
import { profileOf } from "../../../runtime/profiles/profiles.ts";
import type { Handlers } from "../../api/router.ts";
import { siteFor } from "../pages.tsx";
import { calendarOf, datedCases } from "./calendar.ts";

interface Calendar {
  /** A case's id; empty for the calendar of all cases. */
  name: string;
  copy: Copy<object>;
  locale: LocaleTag;
  casesAt(now: number): CaseSummary[];
  status?: number;
}

/** Sends deadlines and hearings. The calendar of a withdrawn case is empty, so that programs delete its entries. */
function send(c: Context<Public>, { name, copy, locale, casesAt, status = 200 }: Calendar): Promise<Response> {
  return sendBody(c, { key: `calendar ${name} ${locale}`, copies: [copy] }, (now) => {
    const cases = casesAt(now);
    return {
      body: calendarOf(cases, locale, siteFor(c), now),
      status,
      etag: etagOf(c.env, shortDigest(headsOf(cases, now)), locale, halfDay(now)),
      headers: { "Content-Type": "text/calendar; charset=utf-8", "Content-Language": locale },
    };
  });
}

async function sendCalendar(c: Context<Public>): Promise<Response> {
  const copy = await leased(c, (reads, start) => reads.allCases(start));
  const locale = negotiate(c.req.query("lang"), profileOf(c.env));
  return send(c, { name: "", copy, locale, casesAt: (now) => datedCases(copy.value.cases, now) });
}

async function sendCaseCalendar(c: Context<Public>, id: string): Promise<Response> {
  const profile = profileOf(c.env);
  const copy = await leased(c, (reads) => reads.leasedCase(id));
  const { value } = copy;
  if (value.state === "absent") throw new Refusal({ tag: "unknown-case", id });
  const cases = summariesIn([value], profile);
  const locale = negotiate(c.req.query("lang") ?? cases[0]?.language, profile);
  return send(c, { name: id, copy, locale, casesAt: () => cases, status: value.state === "withdrawn" ? 410 : 200 });
}

export const calendarHandlers = {
  calendar: (c) => sendCalendar(c),
  caseCalendar: (c, { params: { id } }) => sendCaseCalendar(c, id),
} satisfies Partial<Handlers>;
