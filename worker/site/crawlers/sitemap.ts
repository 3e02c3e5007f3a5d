/** Sitemaps (sitemaps.org): an index, and parts of up to 1,000 cases each. Withdrawn cases are not in the list, so they leave at once. */
import { addresses } from "../../../shared/addresses.ts";
import type { LocaleTag } from "../../../shared/locale.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import type { CaseSummary } from "../../../shared/view/summary.ts";
import { escapeMarkup } from "../document/xml.ts";

/** A part stays below the format's limit of 50,000 addresses, and small enough to be made for each change. */
export const CASES_PER_PART = 1_000;

const NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"';
const HEADER = '<?xml version="1.0" encoding="utf-8"?>\n';

const entry = (element: "sitemap" | "url", address: string, changedAt?: string) =>
  `<${element}><loc>${escapeMarkup(address)}</loc>${changedAt ? `<lastmod>${changedAt}</lastmod>` : ""}</${element}>`;

export const partCount = (cases: CaseSummary[]): number => Math.max(1, Math.ceil(cases.length / CASES_PER_PART));

/** @param cases newest change first */
export function sitemapIndex(cases: CaseSummary[], origin: string): string {
  const parts = Array.from({ length: partCount(cases) }, (_, index) =>
    entry("sitemap", origin + addresses.sitemapPart(index + 1), cases[index * CASES_PER_PART]?.revision.liveAt),
  );
  return `${HEADER}<sitemapindex ${NAMESPACE}>${parts.join("")}</sitemapindex>`;
}

/** The languages in which a case has its own title. In another one, search engines are sent to the case's own language. */
const languagesOf = ({ title, language }: CaseSummary, offered: LocaleTag[]): string[] => {
  const languages = offered.filter((tag) => title[tag] !== undefined);
  return languages.length > 0 ? languages : [language];
};

/** @param part from 1 */
export function sitemapPart(cases: CaseSummary[], part: number, origin: string, { languages }: Profile): string {
  const shown = cases.slice((part - 1) * CASES_PER_PART, part * CASES_PER_PART);
  const front = part === 1 ? languages.map((tag) => entry("url", origin + addresses.front(tag))) : [];
  const pages = shown.flatMap((summary) =>
    languagesOf(summary, languages).map((tag) =>
      entry("url", origin + addresses.page(summary.id, tag), summary.revision.liveAt),
    ),
  );
  return `${HEADER}<urlset ${NAMESPACE}>${[...front, ...pages].join("")}</urlset>`;
}
