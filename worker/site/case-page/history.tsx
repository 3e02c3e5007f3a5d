import { addresses } from "../../../shared/addresses.ts";
import type { Case } from "../../../shared/case/schema.ts";
import type { Change } from "../../../shared/change.ts";
import type { LocaleTag } from "../../../shared/locale.ts";
import { message } from "../../../shared/messages.ts";
import type { Revision } from "../../../shared/revision.ts";
import { partialDateIn } from "../../../shared/view/date.ts";
import { viewPast } from "../../../shared/view/revision.ts";
import { runOf } from "../../../shared/view/run.ts";
import type { Run } from "../../../shared/view/schema.ts";
import { Words } from "../../../widget/case-card.tsx";

/** What the case said before and with a revision, by its number; not of all, and not of what was erased. */
export type Compared = ReadonlyMap<number, { before: Case; after: Case }>;

/** A title, a summary, or an event with its date. */
type Said = Run & { when?: string };

/** What is no longer said and what is now, in the page's language; nothing when it changed in others only. */
function Difference({
  change,
  pair,
  locale,
}: {
  change: Change | undefined;
  pair: { before: Case; after: Case } | undefined;
  locale: LocaleTag;
}) {
  if (change?.what !== "text" || !pair) return null;
  const { part } = change;
  const said = (fields: Case): Said[] =>
    part === "timeline"
      ? fields.events.map(({ date, text }) => ({
          when: partialDateIn(locale, date),
          ...runOf(text, fields.language, locale),
        }))
      : [runOf(fields[part], fields.language, locale)];
  const [before, after] = [said(pair.before), said(pair.after)];
  const missing = (ones: Said[], others: Said[]) =>
    ones.filter(({ when, text }) => !others.some((other) => other.when === when && other.text === text));
  const [gone, come] = [missing(before, after), missing(after, before)];
  if (gone.length + come.length === 0) return null;
  return (
    <dl>
      {list("del", message(locale, "page.history.before"), gone)}
      {list("ins", message(locale, "page.history.after"), come)}
    </dl>
  );
}

const list = (Tag: "del" | "ins", label: string, lines: Said[]) =>
  lines.length > 0 && (
    <>
      <dt>{label}</dt>
      {lines.map(({ when, ...text }) => (
        <dd>
          <Tag>
            {when && `${when} · `}
            <Words as="bdi" run={text} />
          </Tag>
        </dd>
      ))}
    </>
  );

interface HistoryProps {
  id: string;
  /** Newest first. */
  history: Revision[];
  language: string;
  locale: LocaleTag;
  compared?: Compared;
  /** The revision that this page shows, when it is one revision's page. */
  current?: number;
}

/** Every revision with its note and what it changed; corrections stand out, and what was erased says so. */
export function History({ id, history, language, locale, compared, current }: HistoryProps) {
  const newest = history[0]?.number;
  return (
    <section class="after" aria-labelledby="history">
      <h2 id="history">{message(locale, "page.history")}</h2>
      <ol class="history" reversed>
        {history.map((revision) => {
          const { number, kind, label, published, liveAt, note, changes } = viewPast(revision, language, locale);
          const words = message(locale, "page.history.first");
          const isFirst = number === history.at(-1)?.number && number !== newest;
          return (
            <li class={number === newest ? `${kind} newest` : kind}>
              <p>
                <a
                  href={addresses.revisionPage(id, number, locale)}
                  aria-current={number === current ? "page" : undefined}
                >
                  <b>{label}</b>
                </a>{" "}
                {number === newest && <span class="tag">{message(locale, "page.history.newest")}</span>}
              </p>
              <p class="when">
                <time dateTime={liveAt}>{published}</time>
              </p>
              {note && <Words as="p" class="note" run={note} />}
              {!note && <p class="gone">{message(locale, "page.history.erased")}</p>}
              {changes[0] && (
                <ul class="changes">
                  {changes.map((text, index) => (
                    <li>
                      {text}
                      <Difference change={revision.changes[index]} pair={compared?.get(number)} locale={locale} />
                    </li>
                  ))}
                </ul>
              )}
              {isFirst && note && note.text !== words && !changes[0] && <p class="first">{words}</p>}
            </li>
          );
        })}
      </ol>
    </section>
  );
}
