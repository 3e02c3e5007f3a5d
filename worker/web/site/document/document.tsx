/** The HTML document around every server-rendered page. */
import type { ComponentChildren } from "preact";
import { renderToString } from "preact-render-to-string";
import baseStyle from "../../../../dist/page.css";
import { addresses, paths } from "../../../../shared/addresses.ts";
import { languageNameIn } from "../../../../shared/intl.ts";
import { type LocaleTag, locales } from "../../../../shared/locale.ts";
import { message } from "../../../../shared/messages.ts";
import type { Profile } from "../../../../shared/profile/schema.ts";
import type { Run } from "../../../../shared/view/schema.ts";
import { sourceOf } from "./policy.ts";

/**
 * Builds a Content-Security-Policy that allows the page's own inline style and
 * forms to this site, and nothing else.
 * @param style the page's, as given to `renderDocument`
 * @param directives further directives, which override the ones above them
 */
export const pagePolicyWith = (
  style = baseStyle,
  directives: Record<string, string> = {},
): string =>
  Object.entries({
    "default-src": "'none'",
    "style-src": sourceOf(style),
    "img-src": "'self' data:",
    // Auditors such as Lighthouse fetch robots.txt from the page. Most pages
    // run no script that could use this.
    "connect-src": "'self'",
    "manifest-src": "'self'",
    ...directives,
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
  })
    .map((directive) => directive.join(" "))
    .join("; ");

/**
 * The style of a page, with what every page has.
 * @param first what those styles change
 */
export const styleWith = (own: string, first = ""): string =>
  first + baseStyle + own;

/** Inline, so that browsers don't request /favicon.ico. */
const icon = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill="#c0392b" d="M1 1h14v3H1z"/><path fill="#888" d="M1 6h14v3H1zM1 11h9v3H1z"/></svg>',
)}`;

/** Settings of the deployment and of the request that every page needs. */
export interface Site {
  /** The deployment's origin, without a trailing slash. */
  origin: string;
  profile: Profile;
  /** The language requested in the URL, when it isn't offered. */
  unsupportedLanguage?: string | undefined;
  /**
   * The bot's username, without the @; undefined in a deployment without a bot.
   */
  bot?: string | undefined;
}

const LONG_TITLE_CHARACTERS = 80;

/** The class of what contains a title too long for the usual size. */
export const titleClass = ({ text }: Run): string | undefined =>
  text.length > LONG_TITLE_CHARACTERS ? "long-title" : undefined;

interface DocumentProps {
  locale: LocaleTag;
  title: string;
  site: Site;
  /** Returns the URL of the same page in another language. */
  inLanguage: (locale: LocaleTag) => string;
  /** See `styleWith`. Without any, the page has what every page has. */
  style?: string;
  head?: ComponentChildren;
  /** Stands before the page's header. */
  before?: ComponentChildren;
  children: ComponentChildren;
  /** Links for the footer. Default: the front page. */
  tools?: ComponentChildren;
}

function Document(props: DocumentProps) {
  const {
    locale,
    title,
    site,
    inLanguage,
    style = baseStyle,
    head,
    before,
    children,
    tools,
  } = props;
  const { newsroom } = site.profile;
  const legal = [
    "imprint",
    "privacy",
    ...(newsroom.terms ? ["terms" as const] : []),
  ] as const;
  return (
    <html lang={locale} dir={locales[locale].dir}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title}</title>
        <link rel="icon" href={icon} />
        <link rel="manifest" href={paths.manifest} />
        {head}
        <style dangerouslySetInnerHTML={{ __html: style }} />
      </head>
      <body>
        {before}
        <div class="page">
          <header class="masthead">
            <a href={addresses.front(locale)}>{newsroom.name}</a>
            <nav aria-label={message(locale, "page.languages")}>
              <details>
                <summary>{locales[locale].name}</summary>
                {site.profile.languages.map((tag) => (
                  <a
                    href={inLanguage(tag)}
                    hreflang={tag}
                    lang={tag}
                    dir={locales[tag].dir}
                    aria-current={tag === locale ? "page" : undefined}
                  >
                    {locales[tag].name}
                  </a>
                ))}
              </details>
            </nav>
            <bdi class="here">{site.origin + inLanguage(locale)}</bdi>
          </header>
          {site.unsupportedLanguage && (
            <aside class="notice kept">
              <p>
                {message(locale, "page.unspoken", {
                  language: languageNameIn(locale, site.unsupportedLanguage),
                })}
              </p>
            </aside>
          )}
          {children}
          <footer>
            <p>{message(locale, "page.about")}</p>
            <p class="imprint">
              <a href={newsroom.url}>{newsroom.name}</a>{" "}
              {newsroom.imprint[locale]}{" "}
              {message(locale, "page.powered", { software: "Casewire" })}.
            </p>
            <p class="tools">
              {tools ?? (
                <a href={addresses.front(locale)}>
                  {message(locale, "page.cases")}
                </a>
              )}
            </p>
            <p class="tools">
              {legal.map((name) => (
                <a href={addresses.legal(name, locale)}>
                  {message(locale, `page.${name}`)}
                </a>
              ))}
              <a href={newsroom.contact} id="contact">
                {message(locale, "view.contact")}
              </a>
            </p>
          </footer>
        </div>
      </body>
    </html>
  );
}

export const renderDocument = (props: DocumentProps): string =>
  `<!doctype html>${renderToString(<Document {...props} />)}`;
