import type { ComponentChildren } from "preact";
import script from "../../../../dist/front-page.js";
import ownStyle from "../../../../dist/front-page-style.css";
import {
  addresses,
  addressOf as addressOfPath,
  paths,
} from "../../../../shared/addresses.ts";
import type { LocaleTag } from "../../../../shared/locale.ts";
import { message, sayIn } from "../../../../shared/messages.ts";
import { placeName } from "../../../../shared/place-names.ts";
import { statusLabel } from "../../../../shared/profile/labels.ts";
import type { Profile } from "../../../../shared/profile/schema.ts";
import { hasLapsed, staleSince } from "../../../../shared/view/age.ts";
import { DOT } from "../../../../shared/view/dot.ts";
import { custodyStatus, viewBrief } from "../../../../shared/view/person.ts";
import { viewRevision } from "../../../../shared/view/revision.ts";
import type {
  Line,
  PresentView,
  RevisionView,
} from "../../../../shared/view/schema.ts";
import {
  type CaseSummary,
  placeCodesOf,
} from "../../../../shared/view/summary.ts";
import { viewSummary } from "../../../../shared/view/view.ts";
import {
  Face,
  kicker,
  lineNodes,
  said,
  Words,
} from "../../../../widget/case-card.tsx";
import {
  DEFAULT_LIMIT,
  type ListPageQuery,
} from "../../../editing/contract/parameters.ts";
import type { Selection } from "../../../reads/list.ts";
import { Ask } from "../case-page/card-in-full.tsx";
import {
  renderDocument,
  type Site,
  styleWith,
  titleClass,
} from "../document/document.tsx";
import {
  FeedLinks,
  jsonIn,
  Languages,
  LinkPreview,
} from "../document/head.tsx";
import { typeset } from "../document/typeset.ts";
import { Newer } from "../newer/newer.tsx";
import { TelegramLink } from "../telegram/telegram-page.tsx";
import { Search, searchStyle } from "./search.tsx";

export const frontStyle = styleWith(searchStyle + ownStyle);

/**
 * Searches while the reader types, and keeps the list current. The page works
 * without it.
 */
export const frontScript = script;

interface FrontPageProps {
  locale: LocaleTag;
  site: Site;
  query: ListPageQuery;
  selection: Selection;
  /** Whole, on the first page of all cases. */
  lead: PresentView | null;
  /** Of the cases with fresh news, by id. */
  views: ReadonlyMap<string, PresentView>;
  /** The countries and territories of all cases. */
  countries: string[];
  /** The countries of all cases' responsible authorities. */
  authorities: string[];
  /** Milliseconds since the epoch. */
  now: number;
}

/** True when the page shows some of the cases. */
export const isSearch = ({
  q,
  action,
  place,
  authority,
  changedSince,
}: ListPageQuery): boolean =>
  Boolean(q || action || place || authority || changedSince);

const addressOf = (
  lang: LocaleTag,
  { limit, ...query }: Partial<ListPageQuery>,
): string =>
  addressOfPath(
    paths.front,
    Object.assign({ lang }, query, {
      lang,
      limit: limit === DEFAULT_LIMIT ? "" : limit,
    }),
  );

/** What an entry says. */
type Told = Parameters<typeof kicker>[0] &
  Pick<PresentView, "id" | "lang" | "title" | "news" | "status"> & {
    revision: RevisionView;
    asOf: { note?: string };
    action: Pick<PresentView["action"], "state" | "label">;
  };

/**
 * The parts of a case's view that its summary knows: all but the news.
 * @param now milliseconds since the epoch
 */
function viewEntry(
  summary: CaseSummary,
  locale: LocaleTag,
  profile: Profile,
  now: number,
): Told {
  const {
    id,
    asOf: date,
    inferred,
    first,
    people,
    issuer,
    until,
    action,
  } = summary;
  const { title, action: label } = viewSummary(summary, locale, now);
  const facts = { asOf: { date, inferred }, issuer };
  const common = first?.custody && {
    state: first.custody,
    count: people.length,
    asOf: facts.asOf,
    statedBy: issuer,
  };
  const status = custodyStatus(
    first?.counts ?? (common ? [common] : []),
    facts,
    locale,
    profile,
  );
  const demo = message(locale, "page.demo");
  const [code] = placeCodesOf(summary);
  return {
    ...{
      id,
      lang: locale,
      number: summary.number,
      issuer,
      demo: summary.demo ? demo : undefined,
      words: { demo },
    },
    ...{ title, news: [], revision: viewRevision(summary.revision, locale) },
    places: { list: code ? [{ name: { text: placeName(locale, code) } }] : [] },
    status:
      people[1] || !first?.custody
        ? status
        : {
            ...status,
            text: statusLabel(
              "custody",
              first.custody,
              first.gender,
              locale,
              profile,
            ),
          },
    asOf:
      now >= staleSince(facts) ? { note: message(locale, "view.stale") } : {},
    action: { state: hasLapsed(until, now) ? "lapsed" : action, label },
  };
}

interface EntryProps {
  view: Told;
  origin: string;
  /** In a list. */
  who?: Line | false;
  children: ComponentChildren;
}

/** The same order as on a card. */
function Story({ view, origin, who, children }: EntryProps) {
  const { id, lang, asOf, revision } = view;
  const { title, news, status } = typeset({
    title: view.title,
    news: view.news,
    status: view.status,
  });
  const page = addresses.page(id, lang);
  const Title = who === undefined ? "h2" : "h3";
  return (
    <>
      {kicker(view)}
      {news.map(said)}
      <Title>
        <Words as="a" href={page} run={title} />
      </Title>
      {who && <p class="who">{lineNodes(who)}</p>}
      <p class="where">
        {status.text && <b>{status.text}</b>}
        {status.text && DOT}
        {status.asOf}
        {asOf.note && <span class="alert">{DOT + asOf.note}</span>}
      </p>
      {children}
      <p class="moment" data-address={origin + page}>
        {revision.label} ·{" "}
        <time dateTime={revision.liveAt}>{revision.publishedOn}</time>
      </p>
    </>
  );
}

/** The people whom a headline doesn't name. */
function whoOf(
  { title }: Told,
  { first, ...summary }: CaseSummary,
  locale: LocaleTag,
  profile: Profile,
): Line | false {
  const [name] = summary.people;
  if (!first || !name || title.text.includes(name)) return false;
  const { lang, gender } = first;
  return viewBrief(
    { ...summary, first: { lang, gender } },
    undefined,
    locale,
    profile,
  );
}

/** schema.org metadata for search engines of data. */
const datasetOf = (
  { origin, profile: { newsroom } }: Site,
  name: string,
  locale: LocaleTag,
) => ({
  "@context": "https://schema.org",
  "@type": "Dataset",
  name,
  description: message(locale, "page.about"),
  url: origin + addresses.front(locale),
  creator: { "@type": "Organization", name: newsroom.name, url: newsroom.url },
  isAccessibleForFree: true,
  distribution: Object.entries({
    [paths.cases]: "application/json",
    [paths.casesCsv]: "text/csv",
  }).map(([path, encodingFormat]) => ({
    "@type": "DataDownload",
    encodingFormat,
    contentUrl: origin + path,
  })),
});

/**
 * Renders the list of cases, in its order, with a search form that works
 * without JavaScript.
 */
export function frontPage(props: FrontPageProps): string {
  const {
    locale,
    site,
    query,
    selection,
    lead,
    views,
    countries,
    authorities,
    now,
  } = props;
  const say = sayIn(locale);
  const searching = isSearch(query);
  const rest = lead
    ? selection.page.filter(({ id }) => id !== lead.id)
    : selection.page;
  const { name, portrait } = lead?.people.list[0] ?? {};
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
        {searching || query.cursor ? (
          <meta name="robots" content="noindex" />
        ) : null}
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
            dangerouslySetInnerHTML={{
              __html: jsonIn(datasetOf(site, title, locale)),
            }}
          />
        )}
      </>
    ),
    tools: (
      <>
        <a href={addresses.follow(undefined, locale)}>{say("follow.link")}</a>
        <a href={addresses.embedGuide(undefined, locale)}>
          {say("page.embed")}
        </a>
        <a href={addresses.feed("atom", undefined, locale)}>
          {say("page.feed")}
        </a>
        <TelegramLink site={site} locale={locale} />
        <a href={paths.cases}>JSON</a>
        <a href={paths.docs}>API</a>
        <a href={addressOfPath(paths.status, { lang: locale })}>
          {say("page.status")}
        </a>
      </>
    ),
    before: <Newer locale={locale} />,
    children: (
      <main class="front">
        <div class="intro">
          <h1>{say("page.front")}</h1>
        </div>
        <Search
          locale={locale}
          query={query}
          choices={{ countries, authorities, now }}
        />
        <p
          class="status"
          role="status"
          data-changed={say("page.list.changed")}
        />
        <div id="found" class={lead ? titleClass(lead.title) : undefined}>
          {lead && (
            <article class="story lead">
              {name && portrait && (
                <Face
                  {...portrait}
                  credit={`${name.text} · ${portrait.credit}`}
                  origin=""
                />
              )}
              <Story view={lead} origin={site.origin}>
                <Words as="p" class="deck" run={lead.summary} />
                <Ask view={lead} page={addresses.page(lead.id, locale)} />
              </Story>
            </article>
          )}
          {(rest.length > 0 ||
            (!lead && selection.unshowable.length === 0)) && (
            <section aria-labelledby="list">
              <h2 id="list">
                {searching
                  ? say("page.found", { count: selection.found })
                  : say(query.cursor ? "page.older" : "page.newest")}
              </h2>
              {rest.length > 0 ? (
                <ul class="stories">
                  {rest.map((summary) => {
                    const { profile } = site;
                    const view =
                      views.get(summary.id) ??
                      viewEntry(summary, locale, profile, now);
                    return (
                      <li class={`story ${view.action.state}`}>
                        <Story
                          view={view}
                          origin={site.origin}
                          who={whoOf(view, summary, locale, profile)}
                        >
                          <p class="act">{view.action.label}</p>
                        </Story>
                      </li>
                    );
                  })}
                </ul>
              ) : (
                (query.q || !searching) && (
                  <p>{say(searching ? "page.nothing" : "page.none")}</p>
                )
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
            {searching || query.cursor ? (
              <a href={addresses.front(locale)}>{say("page.cases")}</a>
            ) : null}{" "}
            {selection.next && (
              <a
                href={addressOf(locale, { ...query, cursor: selection.next })}
                rel="next"
              >
                {say("page.older")}
              </a>
            )}
          </p>
        </div>
        <script
          type="module"
          dangerouslySetInnerHTML={{ __html: frontScript }}
        />
      </main>
    ),
  });
}
