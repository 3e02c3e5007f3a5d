/** Sitemaps (sitemaps.org): an index, and parts of up to 200 cases each. Withdrawn cases are not in the list, so they leave at once. */
import { addresses } from "../../../../shared/addresses.ts";
import type { LocaleTag } from "../../../../shared/locale.ts";
import { escapeMarkup, xmlDocument, xmlElement } from "../../../editing/rules/xml.ts";
import type { SitemapEntry } from "../../../reads/all-cases.ts";

const entry = (name: "sitemap" | "url", address: string, changedAt?: string) =>
  xmlElement(
    name,
    {},
    xmlElement("loc", {}, escapeMarkup(address)) + (changedAt ? xmlElement("lastmod", {}, changedAt) : ""),
  );

const documentOf = (name: "sitemapindex" | "urlset", entries: string[]) =>
  xmlDocument(xmlElement(name, { xmlns: "http://www.sitemaps.org/schemas/sitemap/0.9" }, entries.join("")));

/** @param changes when the newest case of each part changed; a list without cases has one part */
export function sitemapIndex(changes: string[], origin: string): string {
  const parts = changes.length > 0 ? changes : [undefined];
  const entries = parts.map((changedAt, index) =>
    entry("sitemap", origin + addresses.sitemapPart(index + 1), changedAt),
  );
  return documentOf("sitemapindex", entries);
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
  return documentOf("urlset", [...front, ...pages]);
}
