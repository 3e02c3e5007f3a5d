import { addresses, addressOf, paths } from "../../../../shared/addresses.ts";
import { message } from "../../../../shared/messages.ts";
import type { PresentView } from "../../../../shared/view/schema.ts";
import { badgeSizeOf } from "../badge/badge.tsx";
import type { Site } from "../document/document.tsx";
import { rowsOf } from "../embed/look.ts";
import { badgeSnippet, frameSnippet, markdownSnippet } from "../embed/snippets.ts";

/** Snippets for sites without JavaScript, feed URLs, and a link to the embed guide. */
export function OtherFormats({ view, site }: { view: PresentView; site: Site }) {
  const { id, lang, number } = view;
  const newsroom = site.profile.newsroom.name;
  const choice = { id, number, newsroom, lang, variant: "card", theme: "auto" } as const;
  const snippets = [
    [message(lang, "page.elsewhere.badge"), badgeSnippet(choice, site.origin, badgeSizeOf(view, site.profile))],
    [message(lang, "page.elsewhere.markdown"), markdownSnippet(choice, site.origin)],
    [message(lang, "page.elsewhere.frame"), frameSnippet(choice, site.origin, rowsOf(view, choice.variant))],
    [`${message(lang, "page.feed")}: Atom`, site.origin + addresses.feed("atom", id, lang)],
    [`${message(lang, "page.feed")}: JSON`, site.origin + addresses.feed("json", id, lang)],
    ["iCalendar", site.origin + addressOf(paths.caseCalendar, { id, lang })],
  ] as const;
  return (
    <section class="after elsewhere">
      <details>
        <summary>
          <h2>{message(lang, "page.elsewhere")}</h2>
        </summary>
        <p>
          <a href={addresses.embedGuide(id, lang)}>{message(lang, "page.embed")}</a>
        </p>
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
