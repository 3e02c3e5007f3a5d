import type { LocaleTag } from "../../shared/locale.ts";
import { message } from "../../shared/messages.ts";
import { routes } from "../../shared/protocol.ts";
import type { Revision } from "../../shared/revision.ts";
import { viewPast } from "../../shared/view.ts";
import { run } from "../../widget/case-card.tsx";

interface HistoryProps {
  id: string;
  /** Newest first. */
  history: Revision[];
  language: string;
  locale: LocaleTag;
  /** The revision that this page shows, when it is one revision's page. */
  current?: number;
}

/** Every revision with its note and what it changed; corrections stand out, and what was erased says so. */
export function History({ id, history, language, locale, current }: HistoryProps) {
  const newest = history[0]?.number;
  return (
    <section class="after" aria-labelledby="history">
      <h2 id="history">{message(locale, "page.history")}</h2>
      <ol class="history" reversed>
        {history.map((revision) => {
          const { number, kind, label, published, liveAt, note, changes } = viewPast(revision, language, locale);
          const first = number === history.at(-1)?.number && number !== newest;
          return (
            <li class={number === newest ? `${kind} newest` : kind}>
              <p>
                <a
                  href={routes.revisionPage(id, number, locale)}
                  aria-current={number === current ? "page" : undefined}
                >
                  <b>{label}</b>
                </a>{" "}
                {number === newest && <span class="tag">{message(locale, "page.history.newest")}</span>}
              </p>
              <p class="when">
                <time dateTime={liveAt}>{published}</time>
              </p>
              {note && <p class="note" {...run(note)} />}
              {!note && <p class="gone">{message(locale, "page.history.erased")}</p>}
              {changes[0] && (
                <ul class="changes">
                  {changes.map((text) => (
                    <li>{text}</li>
                  ))}
                </ul>
              )}
              {first && note && !changes[0] && <p class="first">{message(locale, "page.history.first")}</p>}
            </li>
          );
        })}
      </ol>
    </section>
  );
}
