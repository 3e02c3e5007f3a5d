import { message } from "../../shared/messages.ts";
import { routes } from "../../shared/protocol.ts";
import type { PresentView } from "../../shared/view.ts";
import type { Site } from "./document.tsx";
import { FRAME } from "./oembed.ts";

/** A text as it stands in an HTML attribute. */
const attribute = (text: string) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

/** A text as it stands in Markdown's square brackets. */
const bracketed = (text: string) => text.replace(/[\\[\]]/g, "\\$&");

/** What to paste where no script runs. None of it says anything that can go stale: no status stands in an alt text. */
export function Elsewhere({ view, site }: { view: PresentView; site: Site }) {
  const { id, lang, number } = view;
  const page = site.origin + routes.page(id, lang);
  const badge = site.origin + routes.badge(id, lang);
  const frame = site.origin + routes.embed(id, lang);
  const alt = `${number}, Casewire`;
  const snippets = [
    [
      message(lang, "page.elsewhere.badge"),
      `<a href="${attribute(page)}"><img src="${attribute(badge)}" alt="${attribute(alt)}" height="48"></a>`,
    ],
    [message(lang, "page.elsewhere.markdown"), `[![${bracketed(alt)}](${badge})](${page})`],
    [
      message(lang, "page.elsewhere.frame"),
      `<iframe src="${attribute(frame)}" title="${attribute(alt)}" width="${FRAME.width}" height="${FRAME.height}" style="border:0;max-width:100%"></iframe>`,
    ],
    [`${message(lang, "page.feed")}: Atom`, site.origin + routes.feed("atom", id, lang)],
    [`${message(lang, "page.feed")}: JSON`, site.origin + routes.feed("json", id, lang)],
  ] as const;
  return (
    <section class="after elsewhere">
      <details>
        <summary>
          <h2>{message(lang, "page.elsewhere")}</h2>
        </summary>
        <dl>
          {snippets.map(([label, snippet]) => (
            <>
              <dt>{label}</dt>
              <dd>
                <code lang="en" dir="ltr">
                  {snippet}
                </code>
              </dd>
            </>
          ))}
        </dl>
      </details>
    </section>
  );
}
