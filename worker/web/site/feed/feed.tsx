/**
 * Renders the newest revisions as Atom (RFC 4287) and JSON Feed 1.1, one entry
 * per revision.
 */

import type { Context } from "hono";
import { renderToString } from "preact-render-to-string";
import { addresses } from "../../../../shared/addresses.ts";
import type { Change } from "../../../../shared/change.ts";
import { Refusal } from "../../../../shared/failure.ts";
import { withPlainDates } from "../../../../shared/intl.ts";
import {
  isolate,
  type LocaleTag,
  locales,
  negotiate,
} from "../../../../shared/locale.ts";
import { message } from "../../../../shared/messages.ts";
import { numberOf } from "../../../../shared/profile/numbers.ts";
import type { Revision } from "../../../../shared/revision.ts";
import { correctionsIn } from "../../../../shared/view/corrected.ts";
import { instantIn } from "../../../../shared/view/date.ts";
import { newsworthy } from "../../../../shared/view/news.ts";
import { type PastView, viewPast } from "../../../../shared/view/revision.ts";
import { markedText } from "../../../../shared/view/run.ts";
import { viewSummary } from "../../../../shared/view/view.ts";
import { Words } from "../../../../widget/case-card.tsx";
import {
  escapeMarkup,
  xmlDocument,
  xmlElement,
} from "../../../editing/rules/xml.ts";
import { etagOf, type Public, revisionTag } from "../../../reads/freshness.ts";
import { leased } from "../../../reads/leased.ts";
import { sendBody } from "../../../reads/send-body.ts";
import type { Recent } from "../../../reads/state.ts";
import { shortDigest } from "../../../runtime/digest.ts";
import { profileOf } from "../../../runtime/profiles/profiles.ts";
import type { Handlers } from "../../api/router.ts";
import { captionOf, MAX_HEADLINE_CHARACTERS } from "../caption.ts";
import type { Site } from "../document/document.tsx";
import { siteFor } from "../pages.tsx";

interface FeedSource {
  /** Id of the case, for the feed of one case. */
  id?: string;
  recent: Recent[];
  locale: LocaleTag;
  site: Site;
}

interface Entry {
  id: string;
  title: string;
  published: string;
  updated: string;
  html: string;
}

/**
 * What a revision changed, in one line; undefined for a first revision, and
 * when the change has no short words.
 */
function headlineOf(
  { changes, number }: Revision,
  past: PastView,
): string | undefined {
  if (number === 1) return undefined;
  const note = past.note && markedText(past.note);
  const isShort = note !== undefined && note.length <= MAX_HEADLINE_CHARACTERS;
  // What a correction changes would look like news, unless its words deny what
  // was stated.
  const isTold = (change: Change) =>
    past.kind !== "correction" ||
    ("person" in change && "from" in change && change.from !== null);
  const [first] = newsworthy.flatMap(
    (what) =>
      past.changes[
        changes.findIndex((change) => change.what === what && isTold(change))
      ] ?? [],
  );
  return first ?? (isShort ? note : undefined);
}

/**
 * The entries of a feed. One that a correction among them denies says so, and
 * counts as updated, so that feed readers show it anew.
 */
function entriesOf(all: Recent[], locale: LocaleTag, site: Site): Entry[] {
  const shown = all.filter(({ summary }) => summary);
  const cases = new Map(
    [...Map.groupBy(shown, ({ id }) => id)].map(([id, some]) => [
      id,
      correctionsIn(some.map(({ revision }) => revision)),
    ]),
  );
  return all
    .map((recent) =>
      entryOf(
        recent,
        cases.get(recent.id)?.get(recent.revision.number),
        locale,
        site,
      ),
    )
    .map((entry) => ({
      ...entry,
      title: withPlainDates(entry.title),
      html: withPlainDates(entry.html),
    }));
}

function entryOf(
  { id, revision, summary, unshowable, erasedAt }: Recent,
  correction: Revision | undefined,
  locale: LocaleTag,
  site: Site,
): Entry {
  const { profile } = site;
  const past = viewPast(
    revision,
    summary?.language ?? "en",
    locale,
    profile,
    correction?.number,
  );
  const address =
    site.origin + addresses.revisionPage(id, revision.number, locale);
  const frame = {
    id: address,
    published: revision.liveAt,
    updated: erasedAt ?? correction?.liveAt ?? revision.liveAt,
  };
  if (!summary) {
    // An erased entry keeps its id, so that feed readers overwrite their stored
    // copy.
    const [titleKey, key] = unshowable
      ? (["view.unshowable.title", "view.unshowable.text"] as const)
      : revision.kind === "withdrawal"
        ? (["view.withdrawn.title", "view.withdrawn.text"] as const)
        : (["page.erased.title", "page.history.erased"] as const);
    const title = message(locale, titleKey);
    return {
      ...frame,
      title: `${isolate(numberOf(id, profile), locale)}: ${title} · ${past.label} · ${past.published}`,
      html: renderToString(
        <div lang={locale} dir={locales[locale].dir}>
          <p>
            {message(locale, key, { date: instantIn(locale, revision.liveAt) })}
          </p>
        </div>,
      ),
    };
  }
  const { asOf, title } = viewSummary(summary, locale, 0);
  const headline = headlineOf(revision, past);
  return {
    ...frame,
    title: captionOf(
      {
        ...summary,
        title: [past.corrected, headline ?? markedText(title)]
          .filter(Boolean)
          .join(" · "),
        revision: past.label,
        facts: asOf,
      },
      locale,
    ),
    html: renderToString(
      <div lang={locale} dir={locales[locale].dir}>
        {summary.demo && <p>{message(locale, "view.demo")}</p>}
        {past.corrected && <p>{past.corrected}</p>}
        {headline !== undefined && <p>{markedText(title)}</p>}
        {past.note && <Words as="p" run={past.note} />}
        {past.changes[0] && (
          <ul>
            {past.changes.map((text) => (
              <li>{text}</li>
            ))}
          </ul>
        )}
        <p>
          {asOf} · {message(locale, "view.stated", { by: summary.issuer })} ·{" "}
          {past.label} · {past.published}
        </p>
      </div>,
    ),
  };
}

const titleOf = ({ id, site: { profile } }: FeedSource) =>
  id
    ? `${numberOf(id, profile)} · ${profile.newsroom.name}`
    : profile.newsroom.name;
const homeOf = ({ id, locale, site }: FeedSource) =>
  site.origin + (id ? addresses.page(id, locale) : addresses.front(locale));

/** An element with nothing but text. */
const tag = (name: string, text: string) =>
  xmlElement(name, {}, escapeMarkup(text));
const link = (rel: string, type: string, href: string) =>
  xmlElement("link", { rel, type, href }, "");

/**
 * The newsroom writes and publishes the entries. Their content names whose
 * facts they are.
 */
function atomFeed(source: FeedSource): string {
  const { id, recent, locale, site } = source;
  const address = site.origin + addresses.feed("atom", id, locale);
  const entries = entriesOf(recent, locale, site);
  // Atom requires `updated`, even in a feed without entries.
  const updated = entries.map((entry) => entry.updated).toSorted();
  const inside = [
    tag("id", address),
    tag("title", titleOf(source)),
    tag("subtitle", message(locale, "page.about")),
    tag("updated", updated.at(-1) ?? new Date(0).toISOString()),
    xmlElement("author", {}, tag("name", site.profile.newsroom.name)),
    link("self", "application/atom+xml", address),
    link("alternate", "text/html", homeOf(source)),
    ...entries.map((entry) => {
      const { html, id: href, ...texts } = entry;
      const inside = Object.entries({ id: href, ...texts }).map(
        ([name, text]) => tag(name, text),
      );
      const content = xmlElement(
        "content",
        { type: "html" },
        escapeMarkup(html),
      );
      return xmlElement(
        "entry",
        {},
        [...inside, link("alternate", "text/html", href), content].join(""),
      );
    }),
  ];
  return xmlDocument(
    xmlElement(
      "feed",
      { xmlns: "http://www.w3.org/2005/Atom", "xml:lang": locale },
      inside.join(""),
    ),
  );
}

function jsonFeed(source: FeedSource): string {
  const { id, recent, locale, site } = source;
  const authors = [
    { name: site.profile.newsroom.name, url: `${site.origin}/` },
  ];
  return JSON.stringify({
    version: "https://jsonfeed.org/version/1.1",
    title: titleOf(source),
    description: message(locale, "page.about"),
    home_page_url: homeOf(source),
    feed_url: site.origin + addresses.feed("json", id, locale),
    language: locale,
    authors,
    items: entriesOf(recent, locale, site).map(
      ({ id, title, html, published, updated }) => ({
        ...{
          id,
          url: id,
          title,
          content_html: html,
          date_published: published,
          date_modified: updated,
        },
        ...{ authors, language: locale },
      }),
    ),
  });
}

const formats = {
  atom: { type: "application/atom+xml; charset=utf-8", render: atomFeed },
  json: { type: "application/feed+json; charset=utf-8", render: jsonFeed },
} as const;

async function sendFeed(
  c: Context<Public>,
  format: keyof typeof formats,
  id?: string,
): Promise<Response> {
  const copy = await leased(c, (reads) => reads.leasedRecent(id));
  // In the feed of all cases, nothing that leads points at what had to vanish.
  const recent = copy.value.filter(
    ({ revision }) => id !== undefined || revision.kind !== "redaction",
  );
  if (id === undefined)
    recent.sort((one, other) => Number(!one.summary) - Number(!other.summary));
  if (id !== undefined && recent.length === 0)
    throw new Refusal({ tag: "unknown-case", id });
  const locale = negotiate(
    c.req.query("lang") ??
      (id === undefined ? undefined : recent[0]?.summary?.language),
    profileOf(c.env),
  );
  return sendBody(
    c,
    { key: `feed ${format} ${id ?? ""} ${locale}`, copies: [copy] },
    () => {
      const heads = recent
        .map(
          (entry) =>
            `${entry.id} ${revisionTag(entry.revision)} ${entry.erasedAt ?? ""}${entry.unshowable ? " unshowable" : ""}`,
        )
        .join(",");
      const { type, render } = formats[format];
      return {
        body: render({
          recent,
          locale,
          site: siteFor(c),
          ...(id === undefined ? {} : { id }),
        }),
        // The feed of a withdrawn case answers 410, with a body that tells its
        // readers of the withdrawal.
        status:
          id !== undefined && recent[0]?.revision.kind === "withdrawal"
            ? 410
            : 200,
        etag: etagOf(c.env, shortDigest(heads), locale, format),
        headers: { "Content-Type": type, "Content-Language": locale },
      };
    },
  );
}

export const feedHandlers = {
  atomFeed: (c) => sendFeed(c, "atom"),
  jsonFeed: (c) => sendFeed(c, "json"),
  caseAtomFeed: (c, { params: { id } }) => sendFeed(c, "atom", id),
  caseJsonFeed: (c, { params: { id } }) => sendFeed(c, "json", id),
} satisfies Partial<Handlers>;
