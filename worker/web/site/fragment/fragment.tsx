/**
 * Renders a case as HTML for a server-side include: the widget's element with a
 * declarative shadow root. Without a script it shows the case as of the day on
 * which it was made, and says which day that is. The widget's script takes it
 * over.
 */
import type { VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import widgetStyle from "../../../../dist/widget-style.css";
import { addresses } from "../../../../shared/addresses.ts";
import { message } from "../../../../shared/messages.ts";
import { dateIn } from "../../../../shared/view/date.ts";
import type { View } from "../../../../shared/view/schema.ts";
import { CaseCard } from "../../../../widget/case-card.tsx";
import { Events } from "../../../../widget/timeline.tsx";
import { once } from "../../../runtime/once.ts";
import type { Site } from "../document/document.tsx";
import { sourceOf } from "../document/policy.ts";
import { element } from "../document/xml.ts";
import { type Look, lookParameters } from "../embed/look.ts";

const CaseStatus = element("case-status");
const ShadowRoot = element("template");

/**
 * The day stands in the partner's page, in its own type and colours. When the
 * script has a newer view, the line is hidden and keeps its place, so that
 * nothing moves. A browser without these states goes on showing it.
 */
const madeStyle =
  ".casewire-made{margin:.4em 0 0;font-size:.8125em}case-status:is(:state(ready),:state(withdrawn))+.casewire-made{visibility:hidden}";

/**
 * What a page that includes a fragment must allow. They change with releases.
 */
export const fragmentStyles = once(
  () => `${sourceOf(widgetStyle)} ${sourceOf(madeStyle)}`,
);

/**
 * For a fragment that is opened as a page. A page that includes it has its own
 * policy.
 */
export const fragmentPolicy = () =>
  `default-src 'none'; style-src ${fragmentStyles()}`;

/** @param now milliseconds since the epoch */
export function fragment(
  view: View,
  { origin, profile }: Site,
  look: Look,
  now: number,
): string {
  const { id, lang } = view;
  const page = origin + addresses.page(id, lang);
  const day = dateIn(lang, new Date(now).toISOString().slice(0, 10));
  const content: VNode = (
    <>
      <CaseStatus case={id} lang={lang} {...lookParameters(look)}>
        <ShadowRoot shadowrootmode="open">
          <style dangerouslySetInnerHTML={{ __html: widgetStyle }} />
          <CaseCard
            view={view}
            page={page}
            variant={look.variant}
            level={2}
            events={
              look.variant === "timeline" && view.state === "present" ? (
                <Events view={view} />
              ) : null
            }
          />
          <p role="status" lang={lang} dir={view.dir} />
        </ShadowRoot>
        <a href={page}>{view.number ?? page}</a>
      </CaseStatus>
      <p class="casewire-made" lang={lang} dir={view.dir}>
        {message(lang, "page.fragment.made", {
          newsroom: profile.newsroom.name,
          date: day,
        })}
      </p>
      <style dangerouslySetInnerHTML={{ __html: madeStyle }} />
    </>
  );
  return renderToString(content);
}
