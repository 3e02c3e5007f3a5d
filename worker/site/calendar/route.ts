/** Routes of the calendars. */
import type { Context } from "hono";
import { Refusal } from "../../../shared/failure.ts";
import { negotiate } from "../../../shared/locale.ts";
import type { Handlers } from "../../api/router.ts";
import { digest } from "../../digest.ts";
import { profileOf } from "../../profiles/profiles.ts";
import { etagOf, type Public } from "../../reads/freshness.ts";
import { leased } from "../../reads/leased.ts";
import { casesById, halfDay, headsOf } from "../../reads/list.ts";
import { sendBody } from "../../reads/send-body.ts";
import { siteFor } from "../pages.tsx";
import { calendarOf } from "./calendar.ts";

async function sendCalendar(c: Context<Public>, id?: string): Promise<Response> {
  const one = id === undefined ? null : await leased(c, (reads) => reads.leasedCase(id));
  const state = one?.value.state;
  if (id !== undefined && state === "absent") throw new Refusal({ tag: "unknown-case", id });
  const list = await leased(c, (reads) => reads.leasedSummaries());
  const { cases: all } = list.value;
  const cases = id === undefined ? all : [casesById(all).get(id) ?? []].flat();
  const locale = negotiate(
    c.req.query("lang") ?? (id === undefined ? undefined : cases[0]?.language),
    profileOf(c.env),
  );
  return sendBody(c, { key: `calendar ${id ?? ""} ${locale}`, copies: one ? [list, one] : [list] }, (now) => ({
    body: calendarOf(cases, locale, siteFor(c), now),
    // The calendar of a withdrawn case is empty, so that programs delete its entries.
    status: state === "withdrawn" ? 410 : 200,
    etag: etagOf(c.env, digest(headsOf(cases)).slice(0, 16), locale, halfDay(now)),
    headers: { "Content-Type": "text/calendar; charset=utf-8", "Content-Language": locale },
  }));
}

export const calendarHandlers = {
  calendar: (c) => sendCalendar(c),
  caseCalendar: (c, { params: { id } }) => sendCalendar(c, id),
} satisfies Partial<Handlers>;
