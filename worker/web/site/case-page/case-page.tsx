import type { ComponentChildren, VNode } from "preact";
import cardStyle from "../../../../dist/case-card-style.css";
import ownStyle from "../../../../dist/case-page-style.css";
import script from "../../../../dist/embed.js";
import { addresses, addressOf, paths } from "../../../../shared/addresses.ts";
import type { Case } from "../../../../shared/case/schema.ts";
import { withPlainDates } from "../../../../shared/intl.ts";
import type { LocaleTag } from "../../../../shared/locale.ts";
import { message } from "../../../../shared/messages.ts";
import { instantIn } from "../../../../shared/view/date.ts";
import { correctedIn } from "../../../../shared/view/revision.ts";
import type {
  AppealView,
  PresentView,
} from "../../../../shared/view/schema.ts";
import type { HistoryPage, Published } from "../../../reads/state.ts";
import { captionOfView } from "../caption.ts";
import {
  renderDocument,
  type Site,
  styleWith,
  titleClass,
} from "../document/document.tsx";
import { CaseHead } from "../document/head.tsx";
import { typeset } from "../document/typeset.ts";
import { placeToAct } from "../embed/embed-page.tsx";
import { Search, searchStyle } from "../front-page/search.tsx";
import { TelegramLink } from "../telegram/telegram-page.tsx";
import { CardInFull, Refused, type RefusedProps } from "./card-in-full.tsx";
import { Follow } from "./follow.tsx";
import { type Comparisons, History } from "./history.tsx";

interface CasePageProps {
  fields: Case;
  view: PresentView;
  history: HistoryPage;
  comparisons: Comparisons;
  site: Site;
  map: VNode | null;
}

export const caseStyle = styleWith(ownStyle, cardStyle);
/** A refusal may show what remains of the history, and a search. */
export const refusalStyle = styleWith(ownStyle + searchStyle);

/**
 * Script of the place to act, the same as in a frame: the bundler would put a
 * part that two scripts share into a third file.
 */
export const actScript = script;

function Cite({ view, site }: { view: PresentView; site: Site }) {
  const { lang, revision } = view;
  // English needs no language parameter.
  const address =
    site.origin +
    addresses.revisionPage(
      view.id,
      revision.number,
      lang === "en" ? undefined : lang,
    );
  return (
    <section class="after cite" aria-labelledby="cite">
      <h2 id="cite">{message(lang, "page.cite")}</h2>
      <p>
        {site.profile.newsroom.name}. {captionOfView(view).replace(/\.$/, "")}.{" "}
        {withPlainDates(revision.published)}.{" "}
        <bdi>
          <a href={address}>{address}</a>
        </bdi>
      </p>
    </section>
  );
}

/** What the page of a case and that of one revision have of their own. */
interface Own {
  /** A revision's permanent address; absent on the case's page. */
  permanent?: (locale: LocaleTag) => string;
  newest: Published;
  before?: ComponentChildren;
  /** Between the card and the history. */
  between?: ComponentChildren;
}

function renderCase(
  { fields, view, history, comparisons, site, map }: CasePageProps,
  own: Own,
): string {
  const { id, lang } = view;
  const { permanent, newest } = own;
  return renderDocument({
    locale: lang,
    title: captionOfView(view),
    site,
    inLanguage: permanent ?? ((tag) => addresses.page(id, tag)),
    style: caseStyle,
    head: (
      <CaseHead
        fields={fields}
        view={view}
        history={history}
        site={site}
        permanent={permanent && site.origin + permanent(lang)}
      />
    ),
    tools: (
      <>
        <a href={addresses.front(lang)}>{message(lang, "page.cases")}</a>
        <a href={addresses.embedGuide(id, lang)}>
          {message(lang, "page.embed")}
        </a>
        <a href={addresses.feed("atom", id, lang)}>
          {message(lang, "page.feed")}
        </a>
        <a href={addressOf(paths.caseCalendar, { id, lang })}>iCalendar</a>
        <TelegramLink site={site} locale={lang} />
        <a href={addresses.case(id)}>JSON</a>
      </>
    ),
    before: <Follow view={view} newest={newest} />,
    children: (
      <main class={titleClass(view.title)}>
        {own.before}
        <CardInFull view={typeset(view)} fields={fields} map={map} />
        {own.between}
        <History
          profile={site.profile}
          id={id}
          history={history}
          comparisons={comparisons}
          language={fields.language}
          locale={lang}
          {...(permanent ? { current: view.revision.number } : {})}
        />
        <Cite view={view} site={site} />
      </main>
    ),
  });
}

/** Renders the page of a case's head revision. */
export function casePage({
  act,
  ...props
}: CasePageProps & { act: AppealView | null }): string {
  const { view } = props;
  return renderCase(props, {
    newest: view.revision,
    between: (
      <>
        {act && (
          <>
            <section class="after act" id="act" aria-labelledby="act-title">
              <h2 id="act-title">{message(view.lang, "bot.act")}</h2>
              {placeToAct(act, "h3")}
            </section>
            <script
              type="module"
              dangerouslySetInnerHTML={{ __html: actScript }}
            />
          </>
        )}
        <p class="after follow" id="follow">
          <a
            href={addresses.follow(view.id, view.lang)}
          >{`${message(view.lang, "follow.link")}: ${view.number}`}</a>
        </p>
      </>
    ),
  });
}

/** A superseded revision no longer asks readers to act, and is no news. */
function withoutNews(view: PresentView): PresentView {
  const label = message(view.lang, "page.superseded.action", {
    label: view.action.label,
  });
  return {
    ...view,
    news: [],
    action: { state: "lapsed", label, short: view.action.short },
  };
}

/** Renders one revision at its permanent URL, with the history around it. */
export function revisionPage(props: CasePageProps): string {
  const { view, history } = props;
  const { id, lang, revision } = view;
  const after =
    history.revisions.findLast(({ number }) => number > revision.number) ??
    history.newer;
  const correction = new Map(history.corrections).get(revision.number);
  const until = after && {
    from: instantIn(lang, revision.liveAt),
    until: instantIn(lang, after.liveAt),
  };
  return renderCase(
    { ...props, view: after ? withoutNews(view) : view },
    {
      permanent: (tag) => addresses.revisionPage(id, revision.number, tag),
      newest: history.newest,
      before: (
        <div class={until ? "notice" : "notice kept"} role="note">
          {until && <h2>{message(lang, "page.superseded")}</h2>}
          {correction !== undefined && (
            <p class="corrected">{correctedIn(lang, correction)}</p>
          )}
          <p>
            {until
              ? message(lang, "page.superseded.text", until)
              : message(lang, "page.permanent")}
          </p>
          <p>
            <a href={addresses.page(id, lang)}>
              {message(lang, "page.superseded.newest")}
            </a>
          </p>
        </div>
      ),
    },
  );
}

interface RefusalPageProps extends RefusedProps {
  site: Site;
  inLanguage: (locale: LocaleTag) => string;
  /** Shows the search form. */
  search?: boolean;
  /** The case's history, when only the revision is missing. */
  remains?: { id: string; history: HistoryPage; language: string };
}

/**
 * Renders an error page, or the page of a missing or withdrawn case or
 * revision.
 */
export function refusalPage({
  site,
  inLanguage,
  search,
  ...refused
}: RefusalPageProps): string {
  const { locale, title, remains } = refused;
  return renderDocument({
    locale,
    title: `${title} · ${site.profile.newsroom.name}`,
    site,
    inLanguage,
    style: refusalStyle,
    head: <meta name="robots" content="noindex" />,
    children: (
      <main>
        <Refused {...refused} />
        {search && <Search locale={locale} />}
        {remains && (
          <History {...remains} locale={locale} profile={site.profile} />
        )}
      </main>
    ),
  });
}
