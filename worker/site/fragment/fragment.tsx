/**
 * Renders a case as HTML for a server-side include: the widget's element with a declarative shadow root. Without a script it shows the
 * case as of the day on which it was made, and says which day that is. The widget's script takes it over.
 */
import type { VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import widgetStyle from "../../../dist/widget-style.css";
import { addresses } from "../../../shared/addresses.ts";
import { message } from "../../../shared/messages.ts";
import { dateIn } from "../../../shared/view/date.ts";
import type { View } from "../../../shared/view/schema.ts";
import { CaseCard } from "../../../widget/case-card.tsx";
import { once } from "../../once.ts";
import type { Site } from "../document/document.tsx";
import { sourceOf } from "../document/policy.ts";
import { element } from "../document/xml.ts";
import { type Look, lookParameters } from "../embed/look.ts";

const CaseStatus = element("case-status");
const ShadowRoot = element("template");

/** The first characters of a day in ISO 8601. */
const DAY_LENGTH = 10;

const madeStyle = `.made{all:initial;display:block;margin:.4em 0 0;color:light-dark(#5b5a55,#aaa79e);color-scheme:light dark;font:.8125em/1.5 system-ui,"Segoe UI",Roboto,"Noto Sans",sans-serif}`;

const fragmentStyle = widgetStyle + madeStyle;

/** For a fragment that is opened as a page. A page that includes it has its own policy. */
export const fragmentPolicy = once(() => `default-src 'none'; style-src ${sourceOf(fragmentStyle)}`);

/** @param now milliseconds since the epoch */
export function fragment(view: View, { origin, profile }: Site, look: Look, now: number): string {
  const { id, lang } = view;
  const page = origin + addresses.page(id, lang);
  const day = dateIn(lang, new Date(now).toISOString().slice(0, DAY_LENGTH));
  const content: VNode = (
    <CaseStatus case={id} lang={lang} {...lookParameters(look)}>
      <ShadowRoot shadowrootmode="open">
        <style dangerouslySetInnerHTML={{ __html: fragmentStyle }} />
        <CaseCard view={view} page={page} variant={look.variant} />
        <p role="status" lang={lang} dir={view.dir} />
        <p class="made" lang={lang} dir={view.dir}>
          {message(lang, "page.fragment.made", { newsroom: profile.newsroom.name, date: day })}
        </p>
      </ShadowRoot>
      <a href={page}>{view.number ?? page}</a>
    </CaseStatus>
  );
  return renderToString(content);
}
