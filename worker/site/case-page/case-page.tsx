import { addresses } from "../../../shared/addresses.ts";
import type { Case } from "../../../shared/case/schema.ts";
import type { LocaleTag } from "../../../shared/locale.ts";
import { message } from "../../../shared/messages.ts";
import type { Revision } from "../../../shared/revision.ts";
import { instantIn } from "../../../shared/view/date.ts";
import { marked } from "../../../shared/view/run.ts";
import type { PresentView } from "../../../shared/view/schema.ts";
import { CaseCard } from "../../../widget/case-card.tsx";
import { captionOfView } from "../caption.ts";
import { renderDocument, type Site } from "../document/document.tsx";
import { CaseHead } from "../document/head.tsx";
import { Search } from "../front-page/search.tsx";
import { Elsewhere } from "./elsewhere.tsx";
import { type Compared, History } from "./history.tsx";

interface CasePageProps {
  fields: Case;
  view: PresentView;
  /** What readers see of it, newest first. */
  history: Revision[];
  compared: Compared;
  site: Site;
}

/** Here there is room for every word of a quotation; elsewhere the view shows an excerpt. */
const withWholeQuotations = (view: PresentView, { quotations }: Case): PresentView => ({
  ...view,
  quotations: {
    list: view.quotations.list.map((quotation, index) => {
      const whole = quotations[index];
      return whole ? { ...quotation, text: marked(whole.text, whole.lang, view.lang) } : quotation;
    }),
  },
});

function Cite({ view, site }: { view: PresentView; site: Site }) {
  const { lang, revision } = view;
  // In English the address alone suffices.
  const address = site.origin + addresses.revisionPage(view.id, revision.number, lang === "en" ? undefined : lang);
  return (
    <section class="after cite" aria-labelledby="cite">
      <h2 id="cite">{message(lang, "page.cite")}</h2>
      <p>
        Casewire. {captionOfView(view).replace(/\.$/, "")}. {revision.published}.{" "}
        <bdi>
          <a href={address}>{address}</a>
        </bdi>
      </p>
    </section>
  );
}

const tools = ({ id, lang }: PresentView) => (
  <>
    <a href={addresses.front(lang)}>{message(lang, "page.cases")}</a>
    <a href={addresses.feed("atom", id, lang)}>{message(lang, "page.feed")}</a>
    <a href={addresses.case(id)}>JSON</a>
  </>
);

/** The case as it reads now. */
export function casePage({ fields, view, history, compared, site }: CasePageProps): string {
  return renderDocument({
    locale: view.lang,
    title: captionOfView(view),
    site,
    inLanguage: (tag) => addresses.page(view.id, tag),
    head: <CaseHead fields={fields} view={view} history={history} site={site} superseded={false} />,
    tools: tools(view),
    children: (
      <main>
        <CaseCard
          view={withWholeQuotations(view, fields)}
          page={addresses.page(view.id, view.lang)}
          contact={site.contact}
          full
        />
        <History id={view.id} history={history} compared={compared} language={fields.language} locale={view.lang} />
        <Cite view={view} site={site} />
        <Elsewhere view={view} site={site} />
      </main>
    ),
  });
}

/** An old revision asks nobody for anything any more. */
const inThePast = (view: PresentView): PresentView => ({
  ...view,
  action: { state: "lapsed", label: message(view.lang, "page.superseded.action", { label: view.action.label }) },
});

/** One revision at its permanent address, with the history up to now. */
export function revisionPage({ fields, view, history, compared, site }: CasePageProps): string {
  const { id, lang, revision } = view;
  const after = history.findLast(({ number }) => number > revision.number);
  const shown = withWholeQuotations(after ? inThePast(view) : view, fields);
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
    tools: tools(view),
    children: (
      <main>
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
        <CaseCard view={shown} page={addresses.page(id, lang)} contact={site.contact} full />
        <History
          id={id}
          history={history}
          compared={compared}
          language={fields.language}
          locale={lang}
          current={revision.number}
        />
        <Cite view={view} site={site} />
      </main>
    ),
  });
}

interface RefusalPageProps {
  locale: LocaleTag;
  title: string;
  text: string;
  /** The case's number, when there was such a case. */
  number?: string;
  /** When it happened, in words. */
  moment?: string;
  site: Site;
  inLanguage: (locale: LocaleTag) => string;
  /** Whether a search may find what was meant. */
  search?: boolean;
  /** What stays of a case whose words are gone. */
  remains?: { id: string; history: Revision[]; language: string };
}

/** What stands where a case or a revision does not. */
export function refusalPage({
  locale,
  title,
  text,
  number,
  moment,
  site,
  inLanguage,
  search,
  remains,
}: RefusalPageProps): string {
  return renderDocument({
    locale,
    title: `${title} · Casewire`,
    site,
    inLanguage,
    head: <meta name="robots" content="noindex" />,
    tools: <a href={addresses.front(locale)}>{message(locale, "page.cases")}</a>,
    children: (
      <main>
        <div class="refused">
          {number && (
            <p class="kicker">
              <bdi>{number}</bdi>
            </p>
          )}
          <h1>{title}</h1>
          <p>{text}</p>
          {moment && <p class="when">{moment}</p>}
          <p>
            <a href={remains ? addresses.page(remains.id, locale) : addresses.front(locale)}>
              {message(locale, remains ? "page.superseded.newest" : "page.cases")}
            </a>
          </p>
        </div>
        {search && <Search locale={locale} />}
        {remains && <History {...remains} locale={locale} />}
      </main>
    ),
  });
}
