import { addresses, addressOf, paths } from "../../../../shared/addresses.ts";
import type { Case } from "../../../../shared/case/schema.ts";
import type { Change } from "../../../../shared/change.ts";
import type { LocaleTag } from "../../../../shared/locale.ts";
import { message } from "../../../../shared/messages.ts";
import type { Profile } from "../../../../shared/profile/schema.ts";
import { partialDateIn } from "../../../../shared/view/date.ts";
import { sameChanges, viewPast } from "../../../../shared/view/revision.ts";
import { runOf } from "../../../../shared/view/run.ts";
import type { Run } from "../../../../shared/view/schema.ts";
import { Words } from "../../../../widget/case-card.tsx";
import type { HistoryPage } from "../../../reads/state.ts";
import { typeset } from "../document/typeset.ts";

/**
 * The case before and after a revision, by revision number. Has no entry for an
 * erased revision, nor for most old ones.
 */
export type Comparisons = ReadonlyMap<number, { before: Case; after: Case }>;

/** A title, a summary, or an event with its date. */
type ComparedText = Run & { when?: string };

interface DifferenceProps {
  change: Change | undefined;
  pair: { before: Case; after: Case } | undefined;
  locale: LocaleTag;
}

/**
 * Texts that a revision removed and added, in the page's language. Renders
 * nothing when only other languages changed.
 */
function Difference({ change, pair, locale }: DifferenceProps) {
  if (change?.what !== "text" || !pair) return null;
  const { part } = change;
  // The history doesn't repeat what readers were once asked to do.
  if (part === "request" || part === "addressees" || part === "letter")
    return null;
  const textsOf = (fields: Case): ComparedText[] =>
    part === "timeline"
      ? fields.events.map(({ date, text }) => ({
          when: partialDateIn(locale, date),
          ...runOf(text, fields.language, locale),
        }))
      : [runOf(fields[part], fields.language, locale)];
  const [before, after] = [textsOf(pair.before), textsOf(pair.after)];
  const without = (texts: ComparedText[], others: ComparedText[]) =>
    texts.filter(
      ({ when, text }) =>
        !others.some((other) => other.when === when && other.text === text),
    );
  const [removed, added] = [without(before, after), without(after, before)];
  if (removed.length + added.length === 0) return null;
  return (
    <dl>
      {list("del", message(locale, "page.history.before"), removed)}
      {list("ins", message(locale, "page.history.after"), added)}
    </dl>
  );
}

const list = (Tag: "del" | "ins", label: string, lines: ComparedText[]) =>
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
  history: HistoryPage;
  language: string;
  locale: LocaleTag;
  comparisons?: Comparisons;
  /** Number of the revision shown, on a revision's own page. */
  current?: number;
  profile: Profile;
}

/**
 * A page of revisions, each with its note and its changes. Corrections and
 * erased revisions are marked.
 */
export function History({
  id,
  history,
  language,
  locale,
  comparisons,
  current,
  profile,
}: HistoryProps) {
  const { revisions, older, first } = history;
  const newest = history.newest.number;
  const corrections = new Map(history.corrections);
  return (
    <section class="after" aria-labelledby="history">
      <h2 id="history">{message(locale, "page.history")}</h2>
      <ol class="history" reversed>
        {revisions.map((revision) => {
          const past = typeset(
            viewPast(
              revision,
              language,
              locale,
              profile,
              corrections.get(revision.number),
            ),
          );
          const {
            number,
            kind,
            label,
            published,
            liveAt,
            note,
            changes,
            corrected,
          } = past;
          const each = sameChanges(revision.changes);
          const words = message(locale, "page.history.first");
          const isFirst = number === first.number && number !== newest;
          return (
            <li class={number === newest ? `${kind} newest` : kind}>
              <p>
                <a
                  href={addresses.revisionPage(id, number, locale)}
                  aria-current={number === current ? "page" : undefined}
                >
                  <b>{label}</b>
                </a>{" "}
                {number === newest && (
                  <span class="tag">
                    {message(locale, "page.history.newest")}
                  </span>
                )}
              </p>
              <p class="when">
                <time dateTime={liveAt}>{published}</time>
              </p>
              {corrected && <p class="corrected">{corrected}</p>}
              {note && <Words as="p" class="note" run={note} />}
              {!note && (
                <p class="gone">{message(locale, "page.history.erased")}</p>
              )}
              {changes[0] && (
                <ul class="changes">
                  {changes.map((text, index) => (
                    <li>
                      {text}
                      <Difference
                        change={each[index]?.[0]}
                        pair={comparisons?.get(number)}
                        locale={locale}
                      />
                    </li>
                  ))}
                </ul>
              )}
              {isFirst && note && note.text !== words && !changes[0] && (
                <p class="first">{words}</p>
              )}
            </li>
          );
        })}
      </ol>
      {older && (
        <p class="older">
          <a
            href={`${addressOf(paths.page, { id, lang: locale, cursor: older.number + 1 })}#history`}
            rel="next"
          >
            {message(locale, "page.older")}
          </a>
        </p>
      )}
    </section>
  );
}
