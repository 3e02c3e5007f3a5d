/** The card of a case: a pure function of its view, the same in the widget and on the server's page. */
import type { ComponentChildren } from "preact";
import { PEOPLE_NAMED } from "../shared/protocol.ts";
import type { PresentView, RevisionView, Run, Section, View } from "../shared/view.ts";

export interface CaseCardProps {
  view: View;
  /** The address of the case's page. */
  page: string;
  /** Where to report a mistake; the contact on the case's page when absent. */
  contact?: string;
  /** `stale`: it could not be refreshed; `expired`: not for so long that only the link and the dates may stand. */
  freshness?: "fresh" | "stale" | "expired";
  /** Everything open, on the case's own page; elsewhere the long parts are folded. */
  full?: boolean;
}

export function CaseCard(props: CaseCardProps) {
  const { view, full } = props;
  return (
    <article class={full ? "case full" : "case"} lang={view.lang} dir={view.dir}>
      {view.state === "present" ? presentation(view, props) : refusal(view)}
    </article>
  );
}

const refusal = ({ title, text, revision }: Exclude<View, PresentView>) => (
  <>
    <h2>{title}</h2>
    <p>{text}</p>
    {revision && moment(revision)}
  </>
);

function presentation(
  view: PresentView,
  { page, contact = `${page}#contact`, freshness = "fresh", full = false }: CaseCardProps,
) {
  const { action, asOf, people, revision, words } = view;
  const expired = freshness === "expired";
  const shown = full ? people.list.length : PEOPLE_NAMED;
  const Title = full ? "h1" : "h2";
  const head = (
    <>
      {freshness !== "fresh" && (
        <div class="stale">
          <b>{words.offline}</b>
          {moment(revision)}
        </div>
      )}
      {view.demo && <p class="demo">{view.demo}</p>}
      <p class="kicker">
        <b>{expired ? <a href={page}>{view.number}</a> : view.number}</b> <bdi>{view.issuer}</bdi>
      </p>
      {!expired && <Title {...run(view.title)} />}
      <p class="as-of">
        <b>
          {asOf.label} {isHtmlDate(asOf.date) ? <time dateTime={asOf.date}>{asOf.text}</time> : asOf.text}
        </b>{" "}
        {asOf.stated}
        {asOf.note && ` · ${asOf.note}`}
      </p>
    </>
  );
  if (expired) return head;
  return (
    <>
      {head}
      <p {...run(view.summary)} />
      <div class="places">
        {view.places.list.map(({ name, status }) => (
          <p class="soft" lang={name.lang} dir={name.dir}>
            <bdi {...run(name)} />
            {status && ": "}
            {status && <span {...run(status)} />}
          </p>
        ))}
      </div>
      <div class={`action ${action.state}`}>
        <b>{action.label}</b>
        {action.text && <p {...run(action.text)} />}
      </div>
      {people.list[0] && <h3>{people.label}</h3>}
      <ul class="people">
        {people.list.slice(0, shown).map(({ name, alsoText, lines }) => (
          <li>
            <b>
              <bdi {...run(name)} />
            </b>
            {alsoText && <p class="soft">{alsoText}</p>}
            {lines.map(line)}
          </li>
        ))}
        {people.list[shown] && <li class="soft">{people.more}</li>}
      </ul>
      {people.each && (
        <div class="each">
          <h4>{people.each.label}</h4>
          {people.each.list.map(line)}
        </div>
      )}
      <div>
        {view.quotations.list.map(({ text, speaker, occasion }) => (
          <figure>
            <blockquote {...run(text)} />
            <figcaption>
              <b>
                <bdi>{speaker}</bdi>
              </b>
              <p class="soft" {...run(occasion)} />
            </figcaption>
          </figure>
        ))}
      </div>
      <div class="changed">
        <h3>{revision.changes.label}</h3>
        <p {...run(revision.note)} />
        {revision.changes.list.map((text) => line({ text }))}
        {moment(revision)}
      </div>
      {part(full, view.timeline, ({ when, text }) => (
        <>
          <b>{when}</b>
          <p {...run(text)} />
        </>
      ))}
      <div>{[...view.assessments, view.impact, view.next].map((section) => part(full, section, line))}</div>
      {part(full, view.sources, ({ text, href }) => (href ? <a href={href}>{text}</a> : text))}
      <footer>
        <p>
          {!full && <a href={page}>{words.more}</a>} <a href={contact}>{words.contact}</a>
        </p>
        <p class="soft">
          {view.notes.join(" ")} <a href={view.rights.href} {...run(view.rights.text)} />
        </p>
      </footer>
    </>
  );
}

/** HTML knows fewer dates than EDTF. */
const isHtmlDate = (date: string) => /^\d{4}(-\d\d){0,2}$/.test(date);

/** The attributes and the text of an element that holds a run. */
export const run = ({ text, lang, dir }: Run) => ({ lang, dir, children: text });

const line = (text: Run) => <p {...run(text)} />;

const moment = ({ label, published, liveAt }: RevisionView) => (
  <p class="moment">
    <b>{label}</b> <time dateTime={liveAt}>{published}</time>
  </p>
);

const part = <Item,>(open: boolean, { label, list }: Section<Item>, print: (item: Item) => ComponentChildren) =>
  list[0] && (
    <details open={open}>
      <summary>
        <h3>{label}</h3>
      </summary>
      <ul>
        {list.map((item) => (
          <li>{print(item)}</li>
        ))}
      </ul>
    </details>
  );
