/** Renders a case as a card. A pure function of the view, used by the widget and by the server's pages. */

import type { ComponentChildren, VNode } from "preact";
import { PEOPLE_NAMED } from "../shared/view/limits.ts";
import type { LabelledList, Line, PersonView, PresentView, RefusalView, Run, View } from "../shared/view/schema.ts";

declare global {
  /** Builds of scripts for browsers replace `globalThis.IN_BROWSER` by true, and so leave out what only the server draws. */
  var IN_BROWSER: true | undefined;
}

/** What only the server draws, in its pages and frames. In the card below, a condition that left an empty child would take bytes. */
export interface Pictures {
  map?: VNode | null;
  /** By the name in the view. */
  portraits?: ReadonlyMap<Run, VNode>;
  /** The place to act, in a frame; on the case's own page, the link to it. */
  appeal?: VNode | null;
}

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
  pictures?: Pictures;
  /** Level of the title's heading, 1 to 6. Default: 1 when `full`, else 2. */
  level?: number;
}

/** How much of a case is shown: everything, one line of text (`compact`), or the status and the dated events (`timeline`). */
export type Variant = "card" | "compact" | "timeline";

/** Only the server shows a case in full, so scripts for browsers have no code for that. */
const isFull = ({ full = false }: CaseCardProps): boolean => !globalThis.IN_BROWSER && full;

export function CaseCard(props: CaseCardProps) {
  const { view, variant = "card" } = props;
  return (
    <article
      class={`case${isFull(props) ? " full" : ""}${variant === "card" ? "" : ` ${variant}`}`}
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
const headingOf = (props: CaseCardProps, below = 0) =>
  `h${Math.min((props.level ?? (isFull(props) ? 1 : 2)) + below, 6)}` as "h2";

/** A withdrawn or unknown case. The number of a withdrawn case stays public, its text does not. */
function refusal({ title, text, number, revision }: RefusalView, props: CaseCardProps) {
  if (props.variant === "compact")
    return (
      <div class="line">
        <span>
          {number && numbered(number)}
          <b key="title" part="title">
            {title}
          </b>
        </span>
        <p>{text}</p>
        {revision && (
          <span key="moment" class="soft" part="moment">
            {revision.label}
          </span>
        )}
      </div>
    );
  const Title = headingOf(props);
  return (
    <div class="top">
      {number && <div class="strip">{numbered(number)}</div>}
      <Title key="title" class="title" part="title">
        {title}
      </Title>
      <p>{text}</p>
      {revision && moment(revision, revision.label)}
    </div>
  );
}

const numbered = (number: ComponentChildren) => (
  <>
    <b key="number" class="number" part="number">
      {number}
    </b>{" "}
  </>
);

const demoStamp = ({ demo, words }: PresentView) =>
  demo && (
    <>
      <small class="stamp">{demo}</small>
      <small class="stamp short">{words.demo}</small>{" "}
    </>
  );

/** One line with the least that must appear wherever a case is quoted: number, people, action, as-of date, revision, standing correction. */
const compact = (view: PresentView, { page, freshness = "fresh" }: CaseCardProps) => (
  <>
    <div class="line">
      <span>
        {demoStamp(view)}
        {numbered(<a href={page}>{view.number}</a>)}
        <span key="as-of" part="as-of">
          {freshness === "expired" ? asOfLine(view.asOf) : lineNodes(view.brief)}
        </span>
      </span>
      {view.asOf.note && <small>{view.asOf.note}</small>}
      {freshness !== "expired" && (
        <span key="action" class={`action ${view.action.state}`} part="action">
          <b>{view.action.short}</b>
        </span>
      )}
      <span key="moment" class={`soft ${view.revision.news ? view.revision.kind : ""}`} part="moment">
        {dayLine(view.revision)}
      </span>
      {view.correction && <small>{dayLine(view.correction)}</small>}
      {/* At the end, where it moves nothing. */}
      {freshness !== "fresh" && <small>{view.words.offline}</small>}
    </div>
    {freshness === "fresh" && counts(view)}
  </>
);

/** How many people are in each state of custody, where states differ. */
const counts = ({ people }: PresentView) => people.counts && <div class="each">{people.counts.map(line)}</div>;

function presentation(view: PresentView, props: CaseCardProps) {
  const { page, contact = `${page}#contact`, freshness = "fresh", variant = "card" } = props;
  const full = isFull(props);
  const { action, asOf, correction, earlier, people, revision, words } = view;
  const isCard = variant === "card";
  const Title = headingOf(props);
  const Part = headingOf(props, 1) as "h3";
  // A lost connection is said in the place of the moment, so that it moves nothing.
  const fresh = freshness === "fresh";
  const dateline = fresh ? (
    !full && moment(revision)
  ) : (
    <p key="stale" class="as-of alert" part="stale">
      {words.offline} {freshness === "expired" && dayLine(revision)}
    </p>
  );
  // A phone's summary says with the day where people are, unless a correction needs the room.
  const where = !correction && view.brief.custody;
  const facts = (
    <p key="as-of" class="as-of" part="as-of">
      <b>{asOfLine(asOf)}</b>
      {where && <b class="short">{lineNodes(view.brief)}</b>} <span class="soft">{asOf.stated}</span>{" "}
      {asOf.note && <small class="stamp">{asOf.note}</small>}
    </p>
  );
  const request = (
    <div class="request" part="action">
      {isCard && action.text && <Words as="p" run={action.text} />}
      {/* The widget's second script replaces the link. */}
      {!full && action.act && (
        <details class="act">
          <summary>{action.act}</summary>
          <div>{(!globalThis.IN_BROWSER && props.pictures?.appeal) || <a href={`${page}#act`}>{words.more}</a>}</div>
        </details>
      )}
    </div>
  );
  if (freshness === "expired")
    return (
      <div class="top">
        {dateline}
        <div class="strip">
          {demoStamp(view)}
          {numbered(<a href={page}>{view.number}</a>)}
        </div>
        {facts}
      </div>
    );
  // Bars of one length would compare nothing.
  const terms = people.list.flatMap(({ months }) => months ?? []);
  // Where a person is stands under the name, and what else is known beside both, where the server has the room.
  const isBeside = !globalThis.IN_BROWSER && props.pictures !== undefined;
  const person = ({ name, native, alsoText, lines, months }: PersonView) => {
    const named = (
      <p>
        {globalThis.IN_BROWSER ? (
          <b>
            <Words as="bdi" run={name} />
          </b>
        ) : (
          <>
            {props.pictures?.portraits?.get(name)}
            <b>
              <Words as="bdi" run={name} />
            </b>
          </>
        )}{" "}
        {native && <Words as="bdi" class="soft" run={native} />}
      </p>
    );
    return (
      <li>
        {isBeside ? (
          <div>
            {named}
            {lines.filter(({ custody }) => custody).map(line)}
          </div>
        ) : (
          named
        )}
        <div>
          {(isBeside ? lines.filter(({ custody }) => !custody) : lines).map(line)}
          {months && new Set(terms).size > 1 && (
            <svg aria-hidden="true" width={`${(100 * months) / Math.max(...terms)}%`} />
          )}
          {alsoText && (
            <details>
              <summary>{words.spellings}</summary>
              <p>{alsoText}</p>
            </details>
          )}
        </div>
      </li>
    );
  };
  const timeline = section(
    Part,
    true,
    view.timeline,
    ({ when, text }) => (
      <>
        <b>{when}</b>
        <Words as="p" run={text} />
      </>
    ),
    // The length of an EDTF date tells a day, a month and a year apart from what is less certain.
    ({ date, kind }) => `d${date.length}${MILESTONE.test(kind) ? " milestone" : ""}`,
  );
  const sources = [view.sources, view.elsewhere].map((about) => about && section(Part, full, about, linked));
  const shown = full ? people.list.length : PEOPLE_NAMED;
  const rest = (
    <div class="rest">
      <div>
        {isCard && timeline}
        {sources}
      </div>
      {isCard && (
        <div>
          {view.assessments.map((about) => section(Part, full, about, line))}
          {section(Part, full, view.impact, line)}
          {section(Part, full, view.next, line)}
        </div>
      )}
    </div>
  );
  return (
    <>
      <div class="top">
        <div class="strip">
          <div>
            {demoStamp(view)}
            {numbered(view.number)}
            <div key="action" class={`action ${action.state}`} part="action">
              <b>{action.label}</b>
              <b class="short">{action.short}</b>
            </div>
          </div>
          {earlier && <div class="changed news">{said(earlier, earlier.changes)}</div>}
          <div key="changed" class={`changed ${revision.news ? `news ${revision.kind}` : ""}`} part="changed">
            {said(revision, revision.changes.list)}
          </div>
          {correction && <div class="changed news correction">{said(correction)}</div>}
        </div>
        <Words key="title" as={Title} class="title" part="title" run={view.title} />
        {facts}
        {dateline}
        {globalThis.IN_BROWSER ? (
          request
        ) : (
          <>
            {request}
            {full && props.pictures?.appeal}
            {full && <Words as="p" class="summary" run={view.summary} />}
          </>
        )}
        {isCard && counts(view)}
        <div class="who">
          {!isCard && timeline}
          {isCard && (
            <>
              {people.list[0] && <Part class={people.plain && "plain"}>{people.label}</Part>}
              {people.each && (
                <div class="each">
                  <b>{people.each.label}</b>
                  {people.each.list.map(line)}
                </div>
              )}
              <ul class="people" part="people">
                {people.list.slice(0, shown).map(person)}
              </ul>
              {people.list[shown] && <p class="soft">{people.more}</p>}
            </>
          )}
        </div>
        {isCard && (
          <div class="about">
            {globalThis.IN_BROWSER ? (
              <Words as="p" class="summary" run={view.summary} />
            ) : (
              <>
                {props.pictures?.map}
                {!full && <Words as="p" class="summary" run={view.summary} />}
              </>
            )}
            {view.places.list.map(({ name, status }) => (
              <Words as="p" class="place soft" run={name}>
                <Words as="bdi" run={name} />
                {status && ": "}
                {status && <Words as="span" run={status} />}
              </Words>
            ))}
            {view.quotations.list.map(({ text, speaker, occasion }) => (
              <figure>
                {/* The marks of a quotation are those of the language around it: its own. */}
                <Words as="blockquote" run={text}>
                  <q>{text.text}</q>
                </Words>
                <figcaption>
                  <b>
                    <bdi>{speaker}</bdi>
                  </b>
                  <Words as="p" class="soft" run={occasion} />
                </figcaption>
              </figure>
            ))}
          </div>
        )}
      </div>
      {full ? (
        rest
      ) : (
        <details class="all">
          <summary>
            <b>{(!isCard && words.events) || words.all}</b>
            <b>{words.less}</b>
          </summary>
          {people.list[shown] && isCard && <ul class="people">{people.list.slice(shown).map(person)}</ul>}
          {rest}
        </details>
      )}
      <footer part="footer">
        <p>
          {!full && <a href={page}>{words.more}</a>} <a href={contact}>{words.contact}</a>
        </p>
        {full && moment(revision)}
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
  <Element key={`${run.lang}${run.dir}`} lang={run.lang} dir={run.dir} {...attributes}>
    {children}
  </Element>
);

const marked = ({ text, outdated }: Run) =>
  outdated ? (
    <>
      <small>[{outdated}]</small> {text}
    </>
  ) : (
    text
  );

/** `before` and `after` are in the card's language, the text between them may not be. */
export const lineNodes = ({ before, after, ...text }: Line) => (
  <>
    {before}
    <Words as="bdi" run={text} />
    {after}
  </>
);

/** A paragraph. Where a person is comes as a chip. */
const line = ({ custody, ...text }: Line) =>
  custody || text.before || text.after ? (
    <p class={custody && `chip ${custody}`}>{lineNodes(text)}</p>
  ) : (
    <Words as="p" run={text} />
  );

/** The kinds of events that the timeline marks: arrest, conviction, sentence, appeal, release, death. */
const MILESTONE = /^(ar|co|se|ap|rel|de)/;

const asOfLine = ({ label, text }: PresentView["asOf"]) => `${label} ${text}`;

type News = NonNullable<PresentView["correction"]>;

const dayLine = ({ label, day, short = day }: Pick<News, "label" | "day" | "short">) => `${label} · ${short}`;

/** News as it is shown and announced. @param changes in words of the reader's language, when the note isn't; so they stand first */
export const said = (news: News, changes: string[] = []) => (
  <>
    <b>{dayLine(news)}</b>{" "}
    {changes.map((text) => (
      <div>{text}</div>
    ))}
    <Words as="span" run={news.note} />
  </>
);

/** @param label where nothing else names the revision */
const moment = ({ publishedOn, liveAt }: NonNullable<View["revision"]>, label?: string) => (
  <p key="moment" class="soft" part="moment">
    {label && <b>{label} </b>}
    <time dateTime={liveAt}>{publishedOn}</time>
  </p>
);

/** @param classOf an entry's class, in a timeline */
const section = <Item,>(
  Heading: "h3",
  open: boolean,
  { label, list }: LabelledList<Item>,
  print: (item: Item) => ComponentChildren,
  classOf?: (item: Item) => string,
) =>
  list[0] && (
    <details open={open} part="section" class={classOf && "events"}>
      <summary>
        <Heading>{label}</Heading>
      </summary>
      <ul>
        {list.map((item) => (
          <li class={classOf?.(item)}>{print(item)}</li>
        ))}
      </ul>
    </details>
  );
