import { expect, it } from "vitest";
import type { CaseSummary } from "../../../../shared/view/summary.ts";
import { summaryOf } from "../../../../worker/reads/summary.ts";
import { frontPage } from "../../../../worker/web/site/front-page/front-page.tsx";
import { inventedCase, inventedRevision } from "../../../invented.ts";
import { profile } from "../../../profile.ts";

const action = { state: "active", request: { en: "Write." }, until: "2026-01-02" };
const summaryFor = (number: number): CaseSummary => ({
  ...summaryOf(inventedCase(number, { action, asOf: { date: "2025-12-01" } })),
  number: `UA ${number}/00`,
  revision: inventedRevision(),
});

function page(list: CaseSummary[], locale: "en" | "uk", day: string): string {
  const selection = { page: list, found: list.length, near: [], unshowable: [], next: null, newer: null };
  const query = { q: undefined, action: undefined, limit: 50 };
  const others = { lead: null, countries: [], authorities: [], now: Date.parse(`${day}T13:00:00Z`) };
  const site = { origin: "https://casewire.test", profile };
  return frontPage({ locale, site, query, selection, ...others } as never);
}

it("The front page keeps its stories as long as they say the same", () => {
  const summary = summaryFor(1);
  let read = 0;
  const counted = Object.defineProperty(summaryFor(1), "title", {
    get() {
      read++;
      return summary.title;
    },
  });
  // Before and after the deadline, and when the facts have become old.
  for (const day of ["2026-01-01", "2026-01-03", "2026-01-01", "2026-08-01"])
    for (const locale of ["en", "uk"] as const) {
      const shown = page([counted], locale, day);
      read = 0;
      expect([locale, day, page([counted], locale, day)]).toEqual([locale, day, shown]);
      expect(read).toBe(0);
      expect(shown).toBe(page([summaryFor(1)], locale, day));
    }
});
