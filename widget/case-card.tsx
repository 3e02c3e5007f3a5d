/** Renders a case as a card. A pure function of the view, used by the widget and by the server's pages. */

import type { ComponentChildren } from "preact";
import { PEOPLE_NAMED } from "../shared/view/limits.ts";
import type { Line, PresentView, RefusalView, RevisionView, Run, Section, View } from "../shared/view/schema.ts";

export interface CaseCardProps {
  view: View;
  /** URL of the case's page. */
  page: string;
  /** URL for reporting a mistake. Default: the contact link on the case's page. */
  contact?: string;
  /** `stale`: the view couldn't be refreshed. `expired`: not for a day, so only the link and the dates are shown. */
  freshness?: "fresh" | "stale" | "expired";
  /** Opens every section and lists everyone, as on the case's own page. */
  full?: boolean;
  variant?: Variant;
  /** Level of the title's heading, 1 to 6. Default: 1 when `full`, else 2. */
  level?: number;
}

/** How much of a case is shown: everything, one line of text (`compact`), or the status and the dated events (`timeline`). */
export type Variant = "card" | "compact" | "timeline";

export function CaseCard(props: CaseCardProps) {
  const { view, full, variant = "card" } = props;
  return (
    <article
      class={`case${full ? " full" : ""}${variant === "card" ? "" : ` ${variant}`}`}
      part="card"
      lang={view.lang}
      dir={view.dir}
    >
      {view.state !== "present"
        ? refusal(view, props)
        : variant === "compact"
          ? compact(view, props)
          : presentation(view, props)}
    </article>
  );
}

/** The heading element for the title, or for a heading `below` levels under it. */
const headingOf = ({ level, full }: CaseCardProps, below = 0) =>
  `h${Math.min((level ?? (full ? 1 : 2)) + below, 6)}` as "h2";

/** A withdrawn or unknown case. The number of a withdrawn case stays public, its text does not. */
function refusal({ title, text, number, revision }: RefusalView, props: CaseCardProps) {
  if (props.variant === "compact")
    return (
      <p>
        {number && (
          <b key="number" class="kicker" part="number">
            {number}{" "}
          </b>
        )}
        <b key="title" part="title">
          {title}
        </b>
        {"\u00a0· "}
        {text}{" "}
        {revision && (
          <b key="moment" class="soft" part="moment">
            {revision.label}
          </b>
        )}
      </p>
    );
  const Title = headingOf(props);
  return (
    <>
      {number && (
        <p class="kicker">
          <b key="number" part="number">
            {number}
          </b>
        </p>
      )}
      <Title key="title" class="title" part="title">
        {title}
      </Title>
      <p>{text}</p>
      {revision && moment(revision)}
    </>
  );
}

/** One line with the least that must appear wherever a case is quoted: number, action, as-of date, revision. */
const compact = (view: PresentView, { page, freshness = "fresh" }: CaseCardProps) => (
  <p>
    {view.demo && <b class="kicker">{view.demo} </b>}
    {freshness !== "fresh" && (
      <b class="kicker">
        {view.demo && "· "}
        {view.words.offline}{" "}
      </b>
    )}
    <b>
      <a key="number" href={page} part="number">
        {view.number}
      </a>
    </b>{" "}
    {freshness !== "expired" && (
      <span key="action" class={`action ${view.action.state}`} part="action">
        <b>{view.action.label}</b>{" "}
      </span>
    )}
    <span class="soft">
      <span key="as-of" part="as-of">
        {asOfLine(view.asOf)}
        {"\u00a0·"}
      </span>{" "}
      <span key="moment" part="moment">
        {momentLine(view.revision)}
      </span>
    </span>
  </p>
);

function presentation(view: PresentView, props: CaseCardProps) {
  const { page, contact = `${page}#contact`, freshness = "fresh", full = false, variant = "card" } = props;
  const { action, asOf, people, revision, words } = view;
  const expired = freshness === "expired";
  const isCard = variant === "card";
  const shown = full ? people.list.length : PEOPLE_NAMED;
  const Title = headingOf(props);
  const Part = headingOf(props, 1) as "h3";
  const Lower = headingOf(props, 2);
  const head = (
    <>
      {freshness !== "fresh" && (
        <div key="stale" class="stale" part="stale">
          <b>{words.offline}</b>
          {moment(revision)}
        </div>
      )}
      {view.demo && <p class="demo">{view.demo}</p>}
      <p class="kicker">
        <b key="number" part="number">
          {expired ? <a href={page}>{view.number}</a> : view.number}
        </b>{" "}
        <bdi>{view.issuer}</bdi>
      </p>
      {!expired && <Words key="title" as={Title} class="title" part="title" run={view.title} />}
      <p key="as-of" class="as-of" part="as-of">
        <b>{asOfLine(asOf)}</b> {asOf.stated}
        {asOf.note && ` · ${asOf.note}`}
      </p>
    </>
  );
  if (expired) return head;
  return (
    <>
      {head}
      {isCard && <Words as="p" run={view.summary} />}
      {isCard && (
        <div class="places">
          {view.places.list.map(({ name, status }) => (
            <Words as="p" class="soft" run={name}>
              <Words as="bdi" run={name} />
              {status && ": "}
              {status && <Words as="span" run={status} />}
            </Words>
          ))}
        </div>
      )}
      <div key="action" class={`action ${action.state}`} part="action">
        <b>{action.label}</b>
        {action.text && <Words as="p" run={action.text} />}
      </div>
      {isCard && (
        <>
          {people.list[0] && <Part>{people.label}</Part>}
          <ul key="people" class="people" part="people">
            {people.list.slice(0, shown).map(({ name, alsoText, lines }) => (
              <li>
                <b>
                  <Words as="bdi" run={name} />
                </b>
                {alsoText && <p class="soft">{alsoText}</p>}
                {lines.map(line)}
              </li>
            ))}
            {people.list[shown] && <li class="soft">{people.more}</li>}
          </ul>
          {people.each && (
            <div class="each">
              <Lower>{people.each.label}</Lower>
              {people.each.list.map(line)}
            </div>
          )}
          <div>
            {view.quotations.list.map(({ text, speaker, occasion }) => (
              <figure>
                <Words as="blockquote" run={text} />
                <figcaption>
                  <b>
                    <bdi>{speaker}</bdi>
                  </b>
                  <Words as="p" class="soft" run={occasion} />
                </figcaption>
              </figure>
            ))}
          </div>
        </>
      )}
      <div key="changed" class="changed" part="changed">
        <Part>{revision.changes.label}</Part>
        <Words as="p" run={revision.note} />
        {revision.changes.list.map((text) => line({ text }))}
        {moment(revision)}
      </div>
      {section(Part, full || !isCard, view.timeline, ({ when, text }) => (
        <>
          <b>{when}</b>
          <Words as="p" run={text} />
        </>
      ))}
      {isCard && (
        <div>
          {view.assessments.map((about) => section(Part, full, about, line))}
          {section(Part, full, view.impact, line)}
          {section(Part, full, view.next, line)}
        </div>
      )}
      {isCard && [view.sources, view.elsewhere].map((about) => about && section(Part, full, about, linked))}
      <footer part="footer">
        <p>
          {!full && <a href={page}>{words.more}</a>} <a href={contact}>{words.contact}</a>
        </p>
        <p class="soft">
          {view.notes.join(" ")} <Words as="a" {...linkTo(view.rights.href)} run={view.rights.text} />
        </p>
      </footer>
    </>
  );
}

/** A view comes from another origin: only a web address may become a link in the page that embeds it. */
const linkTo = (href = "") => (/^https?:\/\//i.test(href) ? { href } : undefined);

function linked({ text, href }: { text: string; href?: string }) {
  const link = linkTo(href);
  return link ? <a {...link}>{text}</a> : text;
}

/** HTML's `<time>` accepts only some EDTF dates. */
const isHtmlDate = (date: string) => /^\d{4}(-\d\d){0,2}$/.test(date);

interface WordsProps {
  as: "a" | "bdi" | "blockquote" | "h2" | "p" | "span";
  run: Run;
  class?: string;
  href?: string;
  part?: string;
  /** Shown instead of the run's text. */
  children?: ComponentChildren;
}

/**
 * Renders a run with its language and direction. The key replaces the element when the language changes: Preact empties an attribute
 * that it removes, and `lang=""` means that the language is unknown. Elements with a `part` use the part's name as key for the same reason.
 */
export const Words = ({ as: Element, run, children = marked(run), ...attributes }: WordsProps) => (
  <Element key={`${run.lang} ${run.dir}`} lang={run.lang} dir={run.dir} {...attributes}>
    {children}
  </Element>
);

const marked = ({ text, outdated }: Run) =>
  outdated ? (
    <>
      {text} <small>[{outdated}]</small>
    </>
  ) : (
    text
  );

/** A paragraph. `before` and `after` are in the card's language, the text between them may not be. */
const line = ({ before, after, ...text }: Line) =>
  before || after ? (
    <p>
      {before}
      <Words as="bdi" run={text} />
      {after}
    </p>
  ) : (
    <Words as="p" run={text} />
  );

const asOfLine = ({ label, date, text }: PresentView["asOf"]) => (
  <>
    {label} {isHtmlDate(date) ? <time dateTime={date}>{text}</time> : text}
  </>
);

const momentLine = ({ label, published, liveAt }: RevisionView) => (
  <>
    <b>{label}</b> <time dateTime={liveAt}>{published}</time>
  </>
);

const moment = (revision: RevisionView) => (
  <p key="moment" class="moment" part="moment">
    {momentLine(revision)}
  </p>
);

const section = <Item,>(
  Heading: "h3",
  open: boolean,
  { label, list }: Section<Item>,
  print: (item: Item) => ComponentChildren,
) =>
  list[0] && (
    <details open={open} part="section">
      <summary>
        <Heading>{label}</Heading>
      </summary>
      <ul>
        {list.map((item) => (
          <li>{print(item)}</li>
        ))}
      </ul>
    </details>
  );
