/** Sitemaps (sitemaps.org): an index and its parts. Withdrawn cases are not in the list, so they leave at once. */
import { addresses } from "../../../../shared/addresses.ts";
import type { LocaleTag } from "../../../../shared/locale.ts";
import type { CaseSummary } from "../../../../shared/view/summary.ts";
import { escapeMarkup, xmlDocument, xmlElement } from "../../../editing/rules/xml.ts";

/** Few enough to be made for each request. The format allows 50,000 addresses. */
const CASES_PER_PART = 200;

/** The cases of each part, newest change first. A list without cases has one part, with the front page. */
export const sitemapPartsOf = (cases: readonly CaseSummary[]): CaseSummary[][] =>
  Array.from({ length: Math.max(1, Math.ceil(cases.length / CASES_PER_PART)) }, (_, index) =>
    cases.slice(index * CASES_PER_PART, (index + 1) * CASES_PER_PART),
  );

const entry = (name: "sitemap" | "url", address: string, changedAt?: string) =>
  xmlElement(
    name,
    {},
    xmlElement("loc", {}, escapeMarkup(address)) + (changedAt ? xmlElement("lastmod", {}, changedAt) : ""),
  );

const documentOf = (name: "sitemapindex" | "urlset", entries: string[]) =>
  xmlDocument(xmlElement(name, { xmlns: "http://www.sitemaps.org/schemas/sitemap/0.9" }, entries.join("")));

export function sitemapIndex(parts: CaseSummary[][], origin: string): string {
  const entries = parts.map(([newest], index) =>
    entry("sitemap", origin + addresses.sitemapPart(index + 1), newest?.revision.liveAt),
  );
  return documentOf("sitemapindex", entries);
}

/** The languages in which a case has its own title. In another one, search engines are sent to the case's own language. */
const languagesOf = ({ language, title }: CaseSummary, offered: LocaleTag[]): string[] => {
  const languages = offered.filter((tag) => Object.hasOwn(title, tag));
  return languages.length > 0 ? languages : [language];
};

/** @param isFirst true for the part with the front page */
export function sitemapPart(cases: CaseSummary[], isFirst: boolean, origin: string, languages: LocaleTag[]): string {
  const front = isFirst ? languages.map((tag) => entry("url", origin + addresses.front(tag))) : [];
  const pages = cases.flatMap((one) =>
    languagesOf(one, languages).map((tag) => entry("url", origin + addresses.page(one.id, tag), one.revision.liveAt)),
  );
  return documentOf("urlset", [...front, ...pages]);
}
