/** The part of a case's page, or of a refusal's, that says what the view says. */
import { addresses } from "../../../../shared/addresses.ts";
import type { Case } from "../../../../shared/case/schema.ts";
import type { LocaleTag } from "../../../../shared/locale.ts";
import { message } from "../../../../shared/messages.ts";
import { marked } from "../../../../shared/view/run.ts";
import type { PresentView, RevisionView } from "../../../../shared/view/schema.ts";
import { CaseCard, type Pictures } from "../../../../widget/case-card.tsx";

/** Replaces the view's excerpts by the whole quotations: only this page has room for them. */
function inFull(view: PresentView, fields: Case): PresentView {
  return {
    ...view,
    quotations: {
      list: view.quotations.list.map((quotation, index) => {
        const whole = fields.quotations[index];
        return whole ? { ...quotation, text: marked(whole.text, whole.lang, view.lang) } : quotation;
      }),
    },
  };
}

const jumpTo = (locale: LocaleTag) => (
  <p class="jump">
    <a href="#act">{message(locale, "bot.act")}</a>
  </p>
);

interface CardInFullProps {
  view: PresentView;
  fields: Case;
  contact: string;
  pictures: Pictures;
  /** True when the page asks readers to act. */
  asks?: boolean;
}

export const CardInFull = ({ view, fields, contact, pictures, asks = false }: CardInFullProps) => (
  <CaseCard
    view={inFull(view, fields)}
    page={addresses.page(view.id, view.lang)}
    contact={contact}
    pictures={asks ? { ...pictures, appeal: jumpTo(view.lang) } : pictures}
    full
  />
);

export interface RefusedProps {
  locale: LocaleTag;
  title: string;
  text: string;
  /** The case's number, when there was such a case. */
  number?: string | undefined;
  /** The revision that removed it. */
  revision?: RevisionView | undefined;
  /** The case of which only a revision is missing. */
  remains?: { id: string };
}

export const Refused = ({ locale, title, text, number, revision, remains }: RefusedProps) => (
  <div class="refused">
    {number && (
      <p class="kicker">
        <bdi>{number}</bdi>
      </p>
    )}
    <h1>{title}</h1>
    <p>{text}</p>
    {revision && (
      <p class="when">
        {revision.label} ·{" "}
        <time dateTime={revision.liveAt} title={revision.published}>
          {revision.day}
        </time>
      </p>
    )}
    <p>
      <a href={remains ? addresses.page(remains.id, locale) : addresses.front(locale)}>
        {message(locale, remains ? "page.superseded.newest" : "page.cases")}
      </a>
    </p>
  </div>
);
