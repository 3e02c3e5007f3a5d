import script from "../../../../dist/front-page.js";
import ownStyle from "../../../../dist/front-page-style.css";
import { addresses, addressOf as addressOfPath, paths } from "../../../../shared/addresses.ts";
import type { LocaleTag } from "../../../../shared/locale.ts";
import { message, sayIn } from "../../../../shared/messages.ts";
import { placeName } from "../../../../shared/place-names.ts";
import type { Profile } from "../../../../shared/profile/schema.ts";
import { hasLapsed, staleSince } from "../../../../shared/view/age.ts";
import { custodyStatus, viewBrief } from "../../../../shared/view/person.ts";
import { viewRevision } from "../../../../shared/view/revision.ts";
import type { PresentView } from "../../../../shared/view/schema.ts";
import { type CaseSummary, placeCodesOf, standingCorrections } from "../../../../shared/view/summary.ts";
import { viewSummary } from "../../../../shared/view/view.ts";
import { kicker, lineNodes, said, Words } from "../../../../widget/case-card.tsx";
import type { ListPageQuery } from "../../../editing/contract/parameters.ts";
import type { Selection } from "../../../reads/list.ts";
import { Ask } from "../case-page/card-in-full.tsx";
import { renderDocument, type Site, styleWith, titleClass } from "../document/document.tsx";
import { FeedLinks, jsonIn, Languages, LinkPreview } from "../document/head.tsx";
import { Newer } from "../newer/newer.tsx";
import { TelegramLink } from "../telegram/telegram-page.tsx";
import { Search, searchStyle } from "./search.tsx";

export const frontStyle = styleWith(searchStyle + ownStyle);

/** Searches while the reader types, and keeps the list current. The page works without it. */
export const frontScript = script;

interface FrontPageProps {
  locale: LocaleTag;
  site: Site;
  query: ListPageQuery;
  selection: Selection;
  /** The case that changed last; null in a search and on older pages. */
  lead: PresentView | null;
  /** The countries and territories of all cases. */
  countries: string[];
  /** The countries of all cases' responsible authorities. */
  authorities: string[];
  /** Milliseconds since the epoch. */
  now: number;
}

/** True when the page shows some of the cases. */
export const isSearch = ({ q, action, place, authority, changedSince }: ListPageQuery): boolean =>
  Boolean(q || action || place || authority || changedSince);

const addressOf = (lang: LocaleTag, query: Partial<ListPageQuery>): string =>
  addressOfPath(paths.front, Object.assign({ lang }, query, { lang }));

/** The same order as on a card. */
function Lead({ view }: { view: PresentView }) {
  const { id, lang, asOf, revision, status } = view;
  const page = addresses.page(id, lang);
  return (
    <article class="story lead">
      {kicker(view)}
      {view.news.map(said)}
      <h2>
        <Words as="a" href={page} run={view.title} />
      </h2>
      <p class="where">
        {status.text && <b>{status.text}</b>}
        {status.text && " · "}
        {status.asOf}
        {asOf.note && <small> · {asOf.note}</small>}
      </p>
      <Words as="p" class="deck" run={view.summary} />
      <Ask view={view} page={page} />
      {!view.news[0] && (
        <p class="moment">
          {revision.label} · <time dateTime={revision.liveAt}>{revision.publishedOn}</time>
        </p>
      )}
    </article>
  );
}

interface StoryProps {
  summary: CaseSummary;
  locale: LocaleTag;
  profile: Profile;
  /** Milliseconds since the epoch. */
  now: number;
}

function Story({ summary, locale, profile, now }: StoryProps) {
  const corrections = standingCorrections(summary, now);
  const view = viewSummary(summary, locale, now);
  const { asOf, inferred, first } = summary;
  const facts = { asOf: { date: asOf, inferred }, issuer: summary.issuer };
  const counted = first?.counts && custodyStatus(first.counts, facts, locale, profile);
  const stale = now >= staleSince(facts) && ` · ${message(locale, "view.stale")}`;
  const demo = message(locale, "page.demo");
  const [code] = placeCodesOf(summary);
  const place = code ? [{ name: { text: placeName(locale, code) } }] : [];
  return (
    <li class={`story ${hasLapsed(summary.until, now) ? "lapsed" : summary.action}`}>
      {kicker({ ...summary, demo: summary.demo ? demo : undefined, words: { demo }, places: { list: place } })}
      <h3>
        <Words as="a" href={addresses.page(summary.id, locale)} run={view.title} />
      </h3>
      <p class="facts">
        {first ? lineNodes(viewBrief(summary, counted ? undefined : facts.asOf, locale, profile)) : view.asOf}
        {!counted && stale}
      </p>
      {counted && (
        <p class="where">
          {counted.text} · {counted.asOf}
          {stale}
        </p>
      )}
      <p class="act">{view.action}</p>
      {[...new Set([summary.revision, ...corrections])].map((one) => {
        const { label, liveAt, day } = viewRevision(one, locale);
        return (
          <p class="moment">
            {corrections.includes(one) ? <b>{label}</b> : label} · <time dateTime={liveAt}>{day}</time>
          </p>
        );
      })}
    </li>
  );
}

/** schema.org metadata for search engines of data. */
const datasetOf = ({ origin, profile: { newsroom } }: Site, name: string, locale: LocaleTag) => ({
  "@context": "https://schema.org",
  "@type": "Dataset",
  name,
  description: message(locale, "page.about"),
  url: origin + addresses.front(locale),
  creator: { "@type": "Organization", name: newsroom.name, url: newsroom.url },
  isAccessibleForFree: true,
  distribution: Object.entries({ [paths.cases]: "application/json", [paths.casesCsv]: "text/csv" }).map(
    ([path, encodingFormat]) => ({ "@type": "DataDownload", encodingFormat, contentUrl: origin + path }),
  ),
});

/** Renders the list of cases, newest change first, with a search form that works without JavaScript. */
export function frontPage(props: FrontPageProps): string {
  const { locale, site, query, selection, lead, countries, authorities, now } = props;
  const say = sayIn(locale);
  const searching = isSearch(query);
  const rest = lead ? selection.page.filter(({ id }) => id !== lead.id) : selection.page;
  const title = `${site.profile.newsroom.name}. ${say("page.front")}`;
  return renderDocument({
    locale,
    title,
    site,
    inLanguage: (tag) => addressOf(tag, query),
    style: frontStyle,
    head: (
      <>
        <link rel="canonical" href={site.origin + addresses.front(locale)} />
        <Languages
          of={site.profile.languages}
          own={site.profile.defaultLanguage}
          addressIn={(tag) => site.origin + addresses.front(tag)}
        />
        <FeedLinks locale={locale} title={site.profile.newsroom.name} />
        {searching || query.cursor ? <meta name="robots" content="noindex" /> : null}
        <LinkPreview
          locale={locale}
          site={site}
          title={title}
          description={say("page.about")}
          address={site.origin + addresses.front(locale)}
        />
        {!searching && !query.cursor && (
          <script
            type="application/ld+json"
            dangerouslySetInnerHTML={{ __html: jsonIn(datasetOf(site, title, locale)) }}
          />
        )}
      </>
    ),
    tools: (
      <>
        <a href={addresses.follow(undefined, locale)}>{say("follow.link")}</a>
        <a href={addresses.embedGuide(undefined, locale)}>{say("page.embed")}</a>
        <a href={addresses.feed("atom", undefined, locale)}>{say("page.feed")}</a>
        <TelegramLink site={site} locale={locale} />
        <a href={paths.cases}>JSON</a>
        <a href={paths.docs}>API</a>
        <a href={addressOfPath(paths.status, { lang: locale })}>{say("page.status")}</a>
      </>
    ),
    before: <Newer locale={locale} />,
    children: (
      <main class="front">
        <div class="intro">
          <h1>{say("page.front")}</h1>
        </div>
        <Search locale={locale} query={query} choices={{ countries, authorities, now }} />
        <p class="status" role="status" data-changed={say("page.list.changed")} />
        <div id="found" class={lead ? titleClass(lead.title) : undefined}>
          {lead && <Lead view={lead} />}
          {(rest.length > 0 || (!lead && selection.unshowable.length === 0)) && (
            <section aria-labelledby="list">
              <h2 id="list">
                {searching
                  ? say("page.found", { count: selection.found })
                  : say(query.cursor ? "page.older" : "page.newest")}
              </h2>
              {rest.length > 0 ? (
                <ul class="stories">
                  {rest.map((summary) => (
                    <Story summary={summary} locale={locale} profile={site.profile} now={now} />
                  ))}
                </ul>
              ) : (
                (query.q || !searching) && <p>{say(searching ? "page.nothing" : "page.none")}</p>
              )}
              {selection.near.length > 0 && (
                <>
                  <p>{say("search.near")}</p>
                  <ul class="near">
                    {selection.near.map(({ name, summary: { id, number } }) => (
                      <li>
                        <a href={addresses.page(id, locale)}>
                          <bdi>{name}</bdi>
                        </a>{" "}
                        <span class="number">{number}</span>
                      </li>
                    ))}
                  </ul>
                </>
              )}
            </section>
          )}
          {selection.unshowable.length > 0 && (
            <p>
              {say("view.unshowable.title")}:{" "}
              {selection.unshowable.map(({ id, number }, index) => (
                <>
                  {index > 0 && " · "}
                  <a href={addresses.page(id, locale)}>{number}</a>
                </>
              ))}
            </p>
          )}
          <p class="older">
            {searching || query.cursor ? <a href={addresses.front(locale)}>{say("page.cases")}</a> : null}{" "}
            {selection.next && (
              <a href={addressOf(locale, { ...query, cursor: selection.next })} rel="next">
                {say("page.older")}
              </a>
            )}
          </p>
        </div>
        <script type="module" dangerouslySetInnerHTML={{ __html: frontScript }} />
      </main>
    ),
  });
}
