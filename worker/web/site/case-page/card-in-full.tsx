/**
 * The part of a case's page, or of a refusal's, that says what the view says.
 */
import type { ComponentChildren, VNode } from "preact";
import { addresses } from "../../../../shared/addresses.ts";
import type { Case } from "../../../../shared/case/schema.ts";
import type { LocaleTag } from "../../../../shared/locale.ts";
import { message } from "../../../../shared/messages.ts";
import { marked } from "../../../../shared/view/run.ts";
import type {
  LabelledList,
  Line,
  PersonView,
  PresentView,
  RevisionView,
} from "../../../../shared/view/schema.ts";
import {
  ActionPart,
  Face,
  lineNodes,
  Top,
  Words,
} from "../../../../widget/case-card.tsx";
import { Events } from "../../../../widget/timeline.tsx";

/** A paragraph. Where a person is comes as a chip: a shape beside the word. */
const line = ({ custody, ...text }: Line) => (
  <p class={custody && `chip ${custody}`}>{lineNodes(text)}</p>
);

/** A view's addresses come from editors: only a web address becomes a link. */
const linked = ({ text, href = "" }: { text: string; href?: string }) =>
  /^https?:\/\//i.test(href) ? <a href={href}>{text}</a> : text;

const Part = <Item,>({
  of,
  print,
}: {
  of: LabelledList<Item>;
  print: (item: Item) => ComponentChildren;
}) =>
  of.list[0] ? (
    <section>
      <h2>{of.label}</h2>
      <ul>
        {of.list.map((item) => (
          <li>{print(item)}</li>
        ))}
      </ul>
    </section>
  ) : null;

/**
 * Where a person is stands under the name, and what else is known beside both.
 */
function PersonRow({
  person,
  view,
}: {
  person: PersonView;
  view: PresentView;
}) {
  const { name, native, portrait, alsoText, lines, months } = person;
  // Bars of one length would compare nothing.
  const terms = view.people.list.flatMap((one) => one.months ?? []);
  return (
    <li>
      {portrait && <Face {...portrait} origin="" />}
      <div>
        <p>
          <b>
            <Words as="bdi" run={name} />
          </b>{" "}
          {native && <Words as="bdi" class="soft" run={native} />}
        </p>
        {lines.filter(({ custody }) => custody).map(line)}
      </div>
      <div>
        {lines.filter(({ custody }) => !custody).map(line)}
        {months && new Set(terms).size > 1 && (
          <svg
            aria-hidden="true"
            width={`${(100 * months) / Math.max(...terms)}%`}
          />
        )}
        {alsoText && (
          <details>
            <summary>{view.words.spellings}</summary>
            <p>{alsoText}</p>
          </details>
        )}
      </div>
    </li>
  );
}

/**
 * The one thing that readers are asked to do, as a link to where they do it.
 */
export const Ask = ({ view, page }: { view: PresentView; page: string }) =>
  view.action.act ? (
    <a class="button" href={`${page}#act`}>
      <b>{view.action.act}</b>
      {view.action.left && <span>{view.action.left}</span>}
    </a>
  ) : (
    <ActionPart view={view} page="" />
  );

interface CardInFullProps {
  view: PresentView;
  fields: Case;
  map: VNode | null;
}

export function CardInFull({ view, fields, map }: CardInFullProps) {
  const { people, quotations, rights, revision } = view;
  return (
    <article class="case full" lang={view.lang} dir={view.dir}>
      <header>
        <Top view={view} level={1} />
      </header>
      <Words as="p" class="summary" run={view.summary} />
      <Ask view={view} page="" />
      {people.list[0] && (
        <h2 class={people.plain && "plain"}>{people.label}</h2>
      )}
      {people.each && (
        <div class="each">
          <b>{people.each.label}</b>
          {people.each.list.map(line)}
        </div>
      )}
      <ul class="persons">
        {people.list.map((person) => (
          <PersonRow person={person} view={view} />
        ))}
      </ul>
      <div class="about">
        {map}
        {view.places.list.map(({ name, status }) => (
          <Words as="p" class="soft" run={name}>
            <Words as="bdi" run={name} />
            {status && ": "}
            {status && <Words as="span" run={status} />}
          </Words>
        ))}
        {quotations.list.map(({ text, speaker, occasion }, index) => {
          // Only this page has room for whole quotations. Their marks are those
          // of their own language.
          const { text: whole, lang } = fields.quotations[index] ?? {
            text: text.text,
            lang: view.lang,
          };
          const run = marked(whole, lang, view.lang);
          return (
            <figure>
              <Words as="blockquote" run={run}>
                <q>{run.text}</q>
              </Words>
              <figcaption>
                <b>
                  <bdi>{speaker}</bdi>
                </b>
                <Words as="p" class="soft" run={occasion} />
              </figcaption>
            </figure>
          );
        })}
      </div>
      <div class="rest">
        <div>
          {view.timeline.list[0] && (
            <section>
              <h2>{view.timeline.label}</h2>
              <Events view={view} isWhole />
            </section>
          )}
          <Part of={view.sources} print={linked} />
          {view.elsewhere && <Part of={view.elsewhere} print={linked} />}
        </div>
        <div>
          {view.assessments.map((about) => (
            <Part of={about} print={line} />
          ))}
          <Part of={view.impact} print={line} />
          <Part of={view.next} print={line} />
        </div>
      </div>
      <footer>
        <p>
          {revision.label} ·{" "}
          <time dateTime={revision.liveAt}>{revision.publishedOn}</time>
          {!view.news[0] && revision.note.text && (
            <>
              {": "}
              <Words as="bdi" run={revision.note} />
            </>
          )}
        </p>
        <p>
          {[...view.notes, view.independent].join(" ")}{" "}
          <Words as="a" href={rights.href} run={rights.text} />
        </p>
      </footer>
    </article>
  );
}

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

export const Refused = ({
  locale,
  title,
  text,
  number,
  revision,
  remains,
}: RefusedProps) => (
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
      <a
        href={
          remains ? addresses.page(remains.id, locale) : addresses.front(locale)
        }
      >
        {message(locale, remains ? "page.superseded.newest" : "page.cases")}
      </a>
    </p>
  </div>
);
