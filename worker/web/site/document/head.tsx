/**
 * Metadata of a case's page for search engines, link previews, oEmbed consumers
 * and feed readers.
 */

import { addresses, paths } from "../../../../shared/addresses.ts";
import { type Case, preferredName } from "../../../../shared/case/schema.ts";
import { languagesIn } from "../../../../shared/case/text.ts";
import { type LocaleTag, locales } from "../../../../shared/locale.ts";
import { message } from "../../../../shared/messages.ts";
import type { PresentView } from "../../../../shared/view/schema.ts";
import type { HistoryPage } from "../../../reads/state.ts";
import {
  captionOfView,
  descriptionOf,
  previewDescriptionOf,
  previewTitleOf,
} from "../caption.ts";
import { PREVIEW_SIZE_PX } from "../preview/size.ts";
import type { Site } from "./document.tsx";

/** Open Graph writes a language with a territory, such as `en_GB`. */
const openGraphLocale = (locale: LocaleTag) =>
  `${locale}_${locales[locale].territory}`;

interface PreviewProps {
  locale: LocaleTag;
  /** Default: those of the site. */
  languages?: LocaleTag[];
  site: Site;
  title: string;
  description: string;
  /** For search engines. Default: the description of link previews. */
  searchDescription?: string;
  address: string;
  kind?: "article" | "website";
  /**
   * The image and its alternative text. By default an image that shows no case.
   */
  image?: { address: string; alt: string };
}

/** Link preview. Neither image says anything that can go stale. */
export function LinkPreview(props: PreviewProps) {
  const {
    locale,
    site,
    title,
    description,
    address,
    kind = "website",
    image,
  } = props;
  const { languages = site.profile.languages } = props;
  const { address: source, alt } = image ?? {
    address: site.origin + paths.preview,
    alt: `${site.profile.newsroom.name}. ${message(locale, "page.front")}`,
  };
  const meta = {
    site_name: site.profile.newsroom.name,
    type: kind,
    title,
    description,
    url: address,
    locale: openGraphLocale(locale),
    "locale:alternate": languages
      .filter((tag) => tag !== locale)
      .map(openGraphLocale),
    image: source,
    "image:type": "image/png",
    "image:width": PREVIEW_SIZE_PX.width,
    "image:height": PREVIEW_SIZE_PX.height,
    "image:alt": alt,
  };
  return (
    <>
      <meta
        name="description"
        content={props.searchDescription ?? description}
      />
      {Object.entries(meta).map(([name, values]) =>
        [values]
          .flat()
          .map((value) => (
            <meta property={`og:${name}`} content={String(value)} />
          )),
      )}
      <meta name="twitter:card" content="summary_large_image" />
    </>
  );
}

interface LanguagesProps {
  of: LocaleTag[];
  /** For readers of any other language. */
  own: LocaleTag;
  addressIn: (locale: LocaleTag) => string;
}

/** A page's addresses in its languages, for search engines. */
export const Languages = ({ of, own, addressIn }: LanguagesProps) => (
  <>
    {of.map((tag) => (
      <link rel="alternate" hreflang={tag} href={addressIn(tag)} />
    ))}
    <link rel="alternate" hreflang="x-default" href={addressIn(own)} />
  </>
);

/** Links by which feed readers discover a page's feeds. */
export const FeedLinks = ({
  locale,
  id,
  title,
}: {
  locale: LocaleTag;
  id?: string;
  title: string;
}) => (
  <>
    <link
      rel="alternate"
      type="application/atom+xml"
      title={title}
      href={addresses.feed("atom", id, locale)}
    />
    <link
      rel="alternate"
      type="application/feed+json"
      title={title}
      href={addresses.feed("json", id, locale)}
    />
  </>
);

/** Serializes to JSON that is safe inside a script element. */
export const jsonIn = (value: unknown) =>
  JSON.stringify(value).replaceAll("<", "\\u003c");

/**
 * The case itself, where it stands elsewhere too, and its people and places.
 */
const aboutOf = (fields: Case, view: PresentView) => [
  // Not of the page or the report, which are not the same thing as an entry
  // elsewhere.
  ...(fields.links?.length
    ? [
        {
          "@type": "Thing",
          name: view.number,
          sameAs: fields.links.map(({ href }) => href),
        },
      ]
    : []),
  ...fields.people.map((person) => {
    const { value } = preferredName(person);
    const others = person.names
      .map((name) => name.value)
      .filter((name) => name !== value);
    return {
      "@type": "Person",
      name: value,
      ...(others.length > 0 ? { alternateName: others } : {}),
    };
  }),
  ...fields.places.map(({ iso3166 }, index) => ({
    "@type": "Place",
    name: view.places.list[index]?.name.text,
    ...(iso3166
      ? {
          identifier: {
            "@type": "PropertyValue",
            propertyID: "ISO 3166",
            value: iso3166,
          },
        }
      : {}),
  })),
];

/**
 * schema.org metadata of the page and, unless the case is invented, of the
 * report.
 */
function structured(
  fields: Case,
  view: PresentView,
  history: HistoryPage,
  site: Site,
  address: string,
) {
  const { revision, lang } = view;
  const publisher = {
    "@type": "Organization",
    name: site.profile.newsroom.name,
    url: `${site.origin}/`,
  };
  const first = history.first.liveAt;
  const dated = {
    name: captionOfView(view),
    description: descriptionOf(view),
    inLanguage: lang,
    datePublished: first,
    dateModified: revision.liveAt,
    version: revision.number,
    publisher,
    image: {
      "@type": "ImageObject",
      url: site.origin + addresses.shareImage(fields.id, lang, revision.number),
      ...PREVIEW_SIZE_PX,
    },
    about: aboutOf(fields, view),
  };
  const page = { "@type": "WebPage", "@id": address, url: address, ...dated };
  const report = {
    "@type": "ReportageNewsArticle",
    headline: captionOfView(view),
    mainEntityOfPage: { "@id": address },
    author: publisher,
    license: fields.rights.href,
    ...dated,
  };
  // An invented case is not a report.
  return {
    "@context": "https://schema.org",
    "@graph": fields.demo ? [page] : [page, report],
  };
}

interface CaseHeadProps {
  fields: Case;
  view: PresentView;
  history: HistoryPage;
  site: Site;
  /**
   * URL of the revision's own page, when this is that page. Search engines
   * should not index it: it may become old.
   */
  permanent?: string | undefined;
}

export function CaseHead({
  fields,
  view,
  history,
  site,
  permanent,
}: CaseHeadProps) {
  const { id } = fields;
  const locale = view.lang;
  const address = site.origin + addresses.page(id, locale);
  const languages = languagesIn(fields).filter((tag): tag is LocaleTag =>
    (site.profile.languages as string[]).includes(tag),
  );
  const [own = site.profile.defaultLanguage] = languages;
  // A language without a translation only changes the labels, so search engines
  // are sent to the case's own language.
  const canonical =
    site.origin + addresses.page(id, languages.includes(locale) ? locale : own);
  return (
    <>
      <link rel="canonical" href={canonical} />
      {permanent ? (
        <meta name="robots" content="noindex" />
      ) : (
        <>
          <Languages
            of={languages}
            own={own}
            addressIn={(tag) => site.origin + addresses.page(id, tag)}
          />
          <link
            rel="alternate"
            type="application/json+oembed"
            href={`${site.origin}${paths.oembed}?format=json&url=${encodeURIComponent(address)}`}
            title={captionOfView(view)}
          />
        </>
      )}
      <FeedLinks
        locale={locale}
        id={id}
        title={`${view.number} · ${site.profile.newsroom.name}`}
      />
      <LinkPreview
        locale={locale}
        languages={languages}
        site={site}
        title={previewTitleOf(view)}
        description={previewDescriptionOf(view)}
        searchDescription={descriptionOf(view)}
        address={permanent ?? address}
        kind="article"
        {...(permanent
          ? {}
          : {
              image: {
                address:
                  site.origin +
                  addresses.shareImage(id, locale, view.revision.number),
                alt: captionOfView(view),
              },
            })}
      />
      <meta property="article:published_time" content={history.first.liveAt} />
      <meta property="article:modified_time" content={view.revision.liveAt} />
      {!permanent && (
        <script
          type="application/ld+json"
          dangerouslySetInnerHTML={{
            __html: jsonIn(structured(fields, view, history, site, address)),
          }}
        />
      )}
    </>
  );
}
