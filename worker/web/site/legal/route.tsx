/**
 * Routes of the imprint, the privacy notice, the terms of use and security.txt.
 * The texts come from the newsroom's profile.
 */
import type { Context } from "hono";
import { addresses, paths } from "../../../../shared/addresses.ts";
import { Refusal } from "../../../../shared/failure.ts";
import type { LocaleTag } from "../../../../shared/locale.ts";
import { message } from "../../../../shared/messages.ts";
import type { Public } from "../../../reads/freshness.ts";
import { profileOf } from "../../../runtime/profiles/profiles.ts";
import { addressesOf } from "../../../runtime/settings.ts";
import type { Handlers } from "../../api/router.ts";
import { sendTextFile } from "../../api/send-file.ts";
import { renderDocument, type Site } from "../document/document.tsx";
import { Languages } from "../document/head.tsx";
import { inLanguage, localeOf, sendMadePage, siteFor } from "../pages.tsx";

const contactLink = (site: Site, locale: LocaleTag) => (
  <p>
    <a href={site.profile.newsroom.contact}>
      {message(locale, "view.contact")}
    </a>
  </p>
);

const contents = {
  imprint: (site: Site, locale: LocaleTag) => (
    <>
      <p>
        <a href={site.profile.newsroom.url}>{site.profile.newsroom.name}</a>
      </p>
      <p>{site.profile.newsroom.imprint[locale]}</p>
      {contactLink(site, locale)}
    </>
  ),
  privacy: (site: Site, locale: LocaleTag) => (
    <>
      <p>
        {message(locale, "page.privacy.reading", {
          host: new URL(site.origin).host,
        })}
      </p>
      <p>
        {message(locale, "page.privacy.following")}{" "}
        <a href={addresses.follow(undefined, locale)}>
          {message(locale, "follow.link")}
        </a>
      </p>
      <p>{message(locale, "page.privacy.telling")}</p>
      {site.profile.newsroom.privacy && (
        <p>{site.profile.newsroom.privacy[locale]}</p>
      )}
      <p>{message(locale, "page.privacy.people")}</p>
      {contactLink(site, locale)}
      <p>
        <a href={`${addresses.embedGuide(undefined, locale)}#privacy`}>
          {message(locale, "page.embed.privacy")}
        </a>
      </p>
    </>
  ),
  terms: (site: Site, locale: LocaleTag) => (
    <p>{site.profile.newsroom.terms?.[locale]}</p>
  ),
};

function sendLegal(c: Context<Public>, name: keyof typeof contents): Response {
  const [site, locale] = [siteFor(c), localeOf(c)];
  const { newsroom, languages, defaultLanguage } = site.profile;
  const title = message(locale, `page.${name}`);
  const html = renderDocument({
    locale,
    title: `${title} · ${newsroom.name}`,
    site,
    inLanguage: inLanguage(c),
    head: (
      <>
        <link
          rel="canonical"
          href={site.origin + addresses.legal(name, locale)}
        />
        <Languages
          of={languages}
          own={defaultLanguage}
          addressIn={(tag) => site.origin + addresses.legal(name, tag)}
        />
      </>
    ),
    children: (
      <main class="legal">
        <div class="intro">
          <h1>{title}</h1>
        </div>
        {contents[name](site, locale)}
      </main>
    ),
  });
  return sendMadePage(c, html, locale);
}

const DAY_MS = 86_400_000;
/** RFC 9116 asks for less than a year. */
const SECURITY_VALID_DAYS = 180;

/** @param now milliseconds since the epoch */
function securityTxt({ origin, profile }: Site, now: number): string {
  const { newsroom, languages } = profile;
  // A whole day, so that the text and its ETag change once a day.
  const expires = new Date(
    (Math.floor(now / DAY_MS) + SECURITY_VALID_DAYS) * DAY_MS,
  ).toISOString();
  return [
    `Contact: ${newsroom.security ?? newsroom.contact}`,
    `Expires: ${expires}`,
    `Preferred-Languages: ${languages.join(", ")}`,
    `Canonical: ${origin}${paths.securityTxt}`,
    "",
  ].join("\n");
}

export const legalHandlers = {
  imprint: (c) => sendLegal(c, "imprint"),
  privacy: (c) => sendLegal(c, "privacy"),
  terms(c) {
    if (!profileOf(c.env).newsroom.terms)
      throw new Refusal({ tag: "no-such-address", path: c.req.path });
    return sendLegal(c, "terms");
  },
  securityTxt: (c) => sendTextFile(c, securityTxt(siteFor(c), Date.now())),
  relatedOrigins: (c) => c.json({ origins: addressesOf(c.env) }),
} satisfies Partial<Handlers>;
