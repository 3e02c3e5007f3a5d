/** Renders the card alone, for a partner's iframe. */

import { renderToString } from "preact-render-to-string";
import cardStyle from "../../../../dist/case-card-style.css";
import embedScript from "../../../../dist/embed.js";
import ownStyle from "../../../../dist/embed-style.css";
import { addresses } from "../../../../shared/addresses.ts";
import { isolate, locales } from "../../../../shared/locale.ts";
import { message } from "../../../../shared/messages.ts";
import { revisionCode } from "../../../../shared/revision-code.ts";
import type { AppealView, View } from "../../../../shared/view/schema.ts";
import { Appeal } from "../../../../widget/appeal.tsx";
import { CaseCard } from "../../../../widget/case-card.tsx";
import { Events } from "../../../../widget/timeline.tsx";
import { captionOfView } from "../caption.ts";
import { sourceOf } from "../document/policy.ts";
import type { Look } from "./look.ts";

const embedStyle = cardStyle + ownStyle;

/**
 * Any page may embed the iframe. `frame-ancestors` is left out because even `*`
 * excludes sandboxed pages, whose origin is opaque. The cross-origin headers
 * let cross-origin isolated pages embed it too.
 * @param origin of the request; the frame's script keeps the case current from
 * there
 */
export const embedHeaders = (origin: string) => ({
  "Content-Security-Policy": [
    "default-src 'none'",
    `style-src ${sourceOf(embedStyle)}`,
    `script-src ${sourceOf(embedScript)}`,
    `img-src ${origin}`,
    `connect-src ${origin} ${origin.replace(/^http/, "ws")}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; "),
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "cross-origin",
});

/** Stands where the widget's script puts it, folded until a reader opens it. */
export const placeToAct = (appeal: AppealView, as: "h2" | "h3") => (
  <div class="appeal" data-ends={appeal.ends}>
    <Appeal appeal={appeal} as={as} />
  </div>
);

export function embedPage(
  view: View,
  origin: string,
  { variant, theme }: Look,
  appeal: AppealView | null = null,
): string {
  const page = origin + addresses.page(view.id, view.lang);
  const named = view.number
    ? `${isolate(view.number, view.lang)}: ${view.title.text}`
    : view.title.text;
  const title = view.state === "present" ? captionOfView(view) : named;
  return `<!doctype html>${renderToString(
    <html lang={view.lang} dir={locales[view.lang].dir} data-theme={theme}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>{title}</title>
        <link rel="canonical" href={page} />
        <base target="_blank" />
        <style dangerouslySetInnerHTML={{ __html: embedStyle }} />
      </head>
      <body
        data-live={
          view.revision
            ? addresses.live(
                view.id,
                view.lang,
                revisionCode(view.revision.liveAt),
              )
            : ""
        }
      >
        <p class="offline" role="status" hidden>
          {message(view.lang, "view.offline")}
        </p>
        <div class="announced" role="status" />
        <main>
          {/* The compact variant has no heading, but a page needs one. */}
          {variant === "compact" && <h1>{title}</h1>}
          <CaseCard
            view={view}
            page={page}
            level={1}
            variant={variant}
            appeal={appeal && placeToAct(appeal, "h2")}
            face
            events={
              variant === "timeline" && view.state === "present" ? (
                <Events view={view} />
              ) : null
            }
          />
        </main>
        <script
          type="module"
          dangerouslySetInnerHTML={{ __html: embedScript }}
        />
      </body>
    </html>,
  )}`;
}
