import cardStyle from "../../../../dist/case-card-style.css";
import ownStyle from "../../../../dist/case-page-style.css";
import script from "../../../../dist/embed.js";
import { addresses } from "../../../../shared/addresses.ts";
import type { Case } from "../../../../shared/case/schema.ts";
import { withPlainDates } from "../../../../shared/intl.ts";
import type { LocaleTag } from "../../../../shared/locale.ts";
import { message } from "../../../../shared/messages.ts";
import { instantIn } from "../../../../shared/view/date.ts";
import type { AppealView, PresentView } from "../../../../shared/view/schema.ts";
import type { Pictures } from "../../../../widget/case-card.tsx";
import type { HistoryPage } from "../../../reads/state.ts";
import { ActPanel } from "../act/act-panel.tsx";
import { captionOfView } from "../caption.ts";
import { renderDocument, type Site, styleWith, titleClass } from "../document/document.tsx";
import { CaseHead } from "../document/head.tsx";
import { Search, searchStyle } from "../front-page/search.tsx";
import { FollowOnTelegram, TelegramLink } from "../telegram/telegram-page.tsx";
import { CardInFull, Refused, type RefusedProps } from "./card-in-full.tsx";
import { Follow } from "./follow.tsx";
import { type Comparisons, History } from "./history.tsx";
import { OtherFormats } from "./other-formats.tsx";

interface CasePageProps {
  fields: Case;
  view: PresentView;
  history: HistoryPage;
  comparisons: Comparisons;
  site: Site;
  pictures: Pictures;
}

export const caseStyle = styleWith(ownStyle, cardStyle);
/** A refusal may show what remains of the history, and a search. */
export const refusalStyle = styleWith(ownStyle + searchStyle);

/** Script of the place to act, the same as in a frame: the bundler would put a part that two scripts share into a third file. */
export const actScript = script;

function Cite({ view, site }: { view: PresentView; site: Site }) {
  const { lang, revision } = view;
  // English needs no language parameter.
  const address = site.origin + addresses.revisionPage(view.id, revision.number, lang === "en" ? undefined : lang);
  return (
    <section class="after cite" aria-labelledby="cite">
      <h2 id="cite">{message(lang, "page.cite")}</h2>
      <p>
        {site.profile.newsroom.name}. {captionOfView(view).replace(/\.$/, "")}. {withPlainDates(revision.published)}.{" "}
        <bdi>
          <a href={address}>{address}</a>
        </bdi>
      </p>
    </section>
  );
}

const tools = ({ id, lang }: PresentView, site: Site) => (
  <>
    <a href={addresses.front(lang)}>{message(lang, "page.cases")}</a>
    <a href={addresses.feed("atom", id, lang)}>{message(lang, "page.feed")}</a>
    <TelegramLink site={site} locale={lang} />
    <a href={addresses.case(id)}>JSON</a>
  </>
);

/** Renders the page of a case's head revision. */
export function casePage({
  fields,
  view,
  history,
  comparisons,
  site,
  act,
  pictures,
}: CasePageProps & { act: AppealView | null }): string {
  return renderDocument({
    locale: view.lang,
    title: captionOfView(view),
    site,
    inLanguage: (tag) => addresses.page(view.id, tag),
    style: caseStyle,
    head: <CaseHead fields={fields} view={view} history={history} site={site} superseded={false} />,
    tools: tools(view, site),
    before: <Follow view={view} newest={view.revision} />,
    children: (
      <main class={titleClass(view.title)}>
        <CardInFull
          view={view}
          fields={fields}
          contact={site.profile.newsroom.contact}
          pictures={pictures}
          asks={act !== null}
        />
        {act && (
          <>
            <ActPanel appeal={act} locale={view.lang} until={view.until} />
            <script type="module" dangerouslySetInnerHTML={{ __html: actScript }} />
          </>
        )}
        <FollowOnTelegram site={site} locale={view.lang} id={view.id} />
        <History
          profile={site.profile}
          id={view.id}
          history={history}
          comparisons={comparisons}
          language={fields.language}
          locale={view.lang}
        />
        <Cite view={view} site={site} />
        <OtherFormats view={view} site={site} />
      </main>
    ),
  });
}

/** A superseded revision no longer asks readers to act, and is no news. */
function withoutNews(view: PresentView): PresentView {
  const { news: _, ...revision } = view.revision;
  const label = message(view.lang, "page.superseded.action", { label: view.action.label });
  return { ...view, revision, action: { state: "lapsed", label, short: view.action.short } };
}

/** Renders one revision at its permanent URL, with the history around it. */
export function revisionPage({ fields, view: whole, history, comparisons, site, pictures }: CasePageProps): string {
  const { id, lang, revision } = whole;
  const after = history.revisions.findLast(({ number }) => number > revision.number) ?? history.newer;
  const view = after ? withoutNews(whole) : whole;
  const newest = (
    <p>
      <a href={addresses.page(id, lang)}>{message(lang, "page.superseded.newest")}</a>
    </p>
  );
  return renderDocument({
    locale: lang,
    title: captionOfView(view),
    site,
    inLanguage: (tag) => addresses.revisionPage(id, revision.number, tag),
    style: caseStyle,
    head: (
      <CaseHead
        fields={fields}
        view={view}
        history={history}
        site={site}
        superseded={after !== undefined}
        permanent={site.origin + addresses.revisionPage(id, revision.number, lang)}
      />
    ),
    tools: tools(view, site),
    before: <Follow view={view} newest={history.newest} />,
    children: (
      <main class={titleClass(view.title)}>
        {after ? (
          <div class="notice" role="note">
            <h2>{message(lang, "page.superseded")}</h2>
            <p>
              {message(lang, "page.superseded.text", {
                from: instantIn(lang, revision.liveAt),
                until: instantIn(lang, after.liveAt),
              })}
            </p>
            {newest}
          </div>
        ) : (
          <div class="notice kept" role="note">
            <p>{message(lang, "page.permanent")}</p>
            {newest}
          </div>
        )}
        <CardInFull view={view} fields={fields} contact={site.profile.newsroom.contact} pictures={pictures} />
        <History
          profile={site.profile}
          id={id}
          history={history}
          comparisons={comparisons}
          language={fields.language}
          locale={lang}
          current={revision.number}
        />
        <Cite view={view} site={site} />
      </main>
    ),
  });
}

interface RefusalPageProps extends RefusedProps {
  site: Site;
  inLanguage: (locale: LocaleTag) => string;
  /** Shows the search form. */
  search?: boolean;
  /** The case's history, when only the revision is missing. */
  remains?: { id: string; history: HistoryPage; language: string };
}

/** Renders an error page, or the page of a missing or withdrawn case or revision. */
export function refusalPage({ site, inLanguage, search, ...refused }: RefusalPageProps): string {
  const { locale, title, remains } = refused;
  return renderDocument({
    locale,
    title: `${title} · ${site.profile.newsroom.name}`,
    site,
    inLanguage,
    style: refusalStyle,
    head: <meta name="robots" content="noindex" />,
    tools: <a href={addresses.front(locale)}>{message(locale, "page.cases")}</a>,
    children: (
      <main>
        <Refused {...refused} />
        {search && <Search locale={locale} />}
        {remains && <History {...remains} locale={locale} profile={site.profile} />}
      </main>
    ),
  });
}
