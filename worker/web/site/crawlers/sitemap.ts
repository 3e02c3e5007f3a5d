/** Sitemaps (sitemaps.org): an index, and parts of up to 200 cases each. Withdrawn cases are not in the list, so they leave at once. */
import { addresses } from "../../../../shared/addresses.ts";
import type { LocaleTag } from "../../../../shared/locale.ts";
import type { SitemapEntry } from "../../../reads/questions.ts";
import { escapeMarkup } from "../document/xml.ts";

const NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"';
const HEADER = '<?xml version="1.0" encoding="utf-8"?>\n';

const entry = (element: "sitemap" | "url", address: string, changedAt?: string) =>
  `<${element}><loc>${escapeMarkup(address)}</loc>${changedAt ? `<lastmod>${changedAt}</lastmod>` : ""}</${element}>`;

/** @param changes when the newest case of each part changed; a list without cases has one part */
export function sitemapIndex(changes: string[], origin: string): string {
  const parts = changes.length > 0 ? changes : [undefined];
  const entries = parts.map((changedAt, index) =>
    entry("sitemap", origin + addresses.sitemapPart(index + 1), changedAt),
  );
  return `${HEADER}<sitemapindex ${NAMESPACE}>${entries.join("")}</sitemapindex>`;
}

/** The languages in which a case has its own title. In another one, search engines are sent to the case's own language. */
const languagesOf = ({ languages: [own, ...others] }: SitemapEntry, offered: LocaleTag[]): string[] => {
  const languages = offered.filter((tag) => others.includes(tag));
  return languages.length > 0 ? languages : [own as string];
};

/** @param isFirst true for the part with the front page */
export function sitemapPart(cases: SitemapEntry[], isFirst: boolean, origin: string, languages: LocaleTag[]): string {
  const front = isFirst ? languages.map((tag) => entry("url", origin + addresses.front(tag))) : [];
  const pages = cases.flatMap((one) =>
    languagesOf(one, languages).map((tag) => entry("url", origin + addresses.page(one.id, tag), one.liveAt)),
  );
  return `${HEADER}<urlset ${NAMESPACE}>${[...front, ...pages].join("")}</urlset>`;
}
