/**
 * Renders a case as a card. A pure function of the view, used by the widget and
 * by the server's frames and pages.
 */

import type { ComponentChildren, VNode } from "preact";
import type {
  Line,
  NewsView,
  PresentView,
  RefusalView,
  Run,
  View,
} from "../shared/view/schema.ts";

export interface CaseCardProps {
  view: View;
  /** URL of the case's page. */
  page: string;
  /**
   * `stale`: the view couldn't be refreshed. `expired`: not for a day, so only
   * the number and the dates are shown.
   */
  freshness?: "fresh" | "stale" | "expired";
  variant?: Variant;
  /** Level of the title's heading, 1 to 6. */
  level: number;
  /** What a timeline lists instead of people. */
  events?: VNode | null | undefined;
  /** What only the server draws: the place to act. */
  appeal?: VNode | null;
  /** Shows the picture of the first person. */
  face?: boolean;
}

/**
 * How much of a case is shown: the card, a few lines of text (`compact`), or
 * the card with dated events in place of the people (`timeline`).
 */
export type Variant = "card" | "compact" | "timeline";

export function CaseCard(props: CaseCardProps) {
  const { view, variant = "card", freshness } = props;
  return (
    // Preact empties a `part` that it removes, so what has other parts is
    // another element.
    <article
      key={view.state + variant + (freshness === "expired")}
      class={`case ${variant}`}
      part="card"
      lang={view.lang}
      dir={view.dir}
    >
      {view.state === "present" ? present(view, props) : refusal(view, props)}
    </article>
  );
}

/**
 * A withdrawn, unknown or unshowable case. The number of a withdrawn case stays
 * public, its text does not.
 */
function refusal(
  { title, text, number, revision }: RefusalView,
  { level }: CaseCardProps,
) {
  return (
    <header>
      <p class="kicker" part="moment">
        <b part="number">{number}</b>
        {revision && DOT + revision.label + DOT + revision.day}
      </p>
      {titled(title, level)}
      <p class="status">{text}</p>
    </header>
  );
}

function present(view: PresentView, props: CaseCardProps) {
  const { page, freshness, variant, events, level, appeal } = props;
  const { revision, words, news } = view;
  const [first, , third] = view.people.list;
  const portrait = props.face && first?.portrait;
  // The news says its day above.
  const published =
    revision.label + DOT + (news[0] ? revision.day : revision.publishedOn);
  if (freshness === "expired")
    return (
      <header>
        {kicker(view)}
        {titled({ text: words.offline }, level)}
        <p class="status" part="stale">
          {published + DOT + view.status.asOf + DOT}
          <a href={page}>{words.more}</a>
        </p>
      </header>
    );
  // A lost connection is said where the revision stands.
  const isStale = freshness === "stale";
  const revised = isStale
    ? { part: "stale", class: "alert" }
    : { class: "soft", part: "moment" };
  const state = (isStale ? `${words.offline} ` : "") + published;
  if (variant === "compact")
    return (
      <header>
        {kicker(view)}
        <p class="status" part="as-of">
          <b>{lineNodes(view.brief)}</b>
          {alert(view.asOf.note)}
        </p>
        <p class="kicker">
          <span part="action">{view.action.short}</span>
          {DOT}
          <a href={page} {...revised}>
            {state}
          </a>
          {alert(news.find(({ tone }) => tone === "correction")?.text.text)}
        </p>
      </header>
    );
  return (
    <>
      <header>
        {portrait && <Face {...portrait} origin={new URL(page).origin} />}
        <Top view={view} level={level} />
      </header>
      {!events && !(news[0] && third) && (
        <Words
          as="p"
          class={first ? "lead" : "lead notes"}
          run={view.summary}
        />
      )}
      <ActionPart view={view} page={page} appeal={appeal} />
      {events || listed(view)}
      <a class="more" href={page}>
        {words.more}
      </a>
      <footer part="footer">
        <p class="notes">
          <span {...revised}>{state}</span>
          {!news[0] && revision.note.text && (
            <>
              {": "}
              <Words as="bdi" run={revision.note} />
            </>
          )}
          {DOT + view.newsroom + DOT}
          <a href={`${page}#contact`}>{words.contact}</a>
          {DOT}
          <a href={`${page}#follow`}>{words.follow}</a>
          {view.notes[0] && DOT + view.notes.join(" ")}
        </p>
      </footer>
    </>
  );
}

/**
 * A picture that a page's policy forbids, or that is gone, can't be seen, and
 * moves nothing.
 */
export const Face = ({ src, alt, credit, origin, ...language }: FaceProps) => (
  <small class="portrait" key={src}>
    <img
      src={origin + src}
      alt={alt}
      {...language}
      crossOrigin="anonymous"
      loading="lazy"
      onError={({ currentTarget }) => {
        (currentTarget.parentNode as HTMLElement).style.opacity = "0";
      }}
    />
    {credit}
  </small>
);

/** Between two parts of a line. None begins with it. */
const DOT = "\u00a0· ";

const alert = (text: string | undefined) =>
  text && (
    <span class="alert">
      {DOT}
      {text}
    </span>
  );

type FaceProps = NonNullable<PresentView["people"]["list"][0]["portrait"]> & {
  origin: string;
};

interface KickerProps extends Pick<PresentView, "number" | "issuer"> {
  demo?: string | undefined;
  words: { demo: string };
  places: { list: { name: Run }[] };
}

/** Where, which number, and who states the facts. */
export const kicker = (view: KickerProps) => (
  <p class="kicker">
    {view.demo && (
      <>
        <b class="stamp" title={view.demo}>
          {view.words.demo}
        </b>{" "}
      </>
    )}
    {view.places.list[0] && (
      <>
        <Words as="strong" run={view.places.list[0].name} />
        {DOT}
      </>
    )}
    <b part="number">{view.number}</b>
    {DOT}
    <bdi>{view.issuer}</bdi>
  </p>
);

/**
 * What a reader must know first: the same on a card, in a frame and on the
 * case's page.
 */
export const Top = ({ view, level }: { view: PresentView; level: number }) => (
  <>
    {kicker(view)}
    {view.news.map(said)}
    {titled(view.title, level)}
    <p class="status" part="as-of">
      <b>{view.status.text}</b>
      {view.status.text && DOT}
      <span class="soft">{view.status.asOf}</span>
      {alert(view.asOf.note)}
    </p>
  </>
);

const titled = (run: Run, level: number) => (
  <Words as={`h${level}` as "h2"} class="title" part="title" run={run} />
);

export const said = (news: NewsView) => (
  <div class={`news ${news.tone}`} part="changed">
    <Words as="p" run={news.text} />
    <small>
      {news.day}
      {news.note && (
        <>
          {DOT}
          <Words as="bdi" run={news.note} />
        </>
      )}
    </small>
  </div>
);

interface ActionProps {
  view: PresentView;
  page: string;
  appeal?: VNode | null | undefined;
}

/**
 * The one thing that readers are asked to do, or that nothing is asked any
 * more.
 */
export function ActionPart({
  view: { action, words },
  page,
  appeal,
}: ActionProps) {
  if (!action.act)
    return (
      <div class="done" part="action">
        {action.label}.{/* It may be in another language. */}
        {action.text && <Words as="p" run={action.text} />}
      </div>
    );
  return (
    <details class="act" part="action">
      <summary class="button">
        <b>{action.act}</b>
        {action.left && <span>{action.left}</span>}
      </summary>
      {/* The widget's second script replaces the link. */}
      <div>{appeal || <a href={`${page}#act`}>{words.more}</a>}</div>
    </details>
  );
}

/** A line each. Those that have no room wrap out of sight. */
const listed = ({ people: { list, alone } }: PresentView) =>
  list[0] && (
    <ul class="people" part="people">
      {list.map(({ name, short }) => (
        <li class={short?.custody}>
          <Words as="b" run={name} />
          {short && <span>{lineNodes(short)}</span>}
        </li>
      ))}
      {alone?.map((line) => (
        <li>{lineNodes(line)}</li>
      ))}
    </ul>
  );

interface WordsProps {
  as: "a" | "b" | "bdi" | "blockquote" | "h2" | "i" | "p" | "span" | "strong";
  run: Run;
  class?: string;
  href?: string;
  part?: string;
  /** Shown instead of the run's text. */
  children?: ComponentChildren;
}

/**
 * Renders a run with its language and direction. The key replaces the element
 * when the language changes: `lang=""` means an unknown one.
 */
export const Words = ({
  as: Element,
  run,
  children = marked(run),
  ...attributes
}: WordsProps) => (
  <Element
    key={`${run.lang}${run.dir}`}
    dir={run.dir}
    lang={run.lang}
    {...attributes}
  >
    {children}
  </Element>
);

const marked = ({ text, outdated }: Run) =>
  outdated ? (
    <>
      <small>{`[${outdated}] `}</small>
      {text}
    </>
  ) : (
    text
  );

/**
 * `before` and `after` are in the card's language, the text between them may
 * not be.
 */
export const lineNodes = ({ before, after, ...text }: Line) => (
  <>
    {before}
    <Words as="bdi" run={text} />
    {after}
  </>
);
