import { addresses, addressOf, paths } from "../../../../shared/addresses.ts";
import { message } from "../../../../shared/messages.ts";
import type { PresentView } from "../../../../shared/view/schema.ts";
import type { Site } from "../document/document.tsx";

/** Feeds, and a link to the embed guide. */
export function OtherFormats({ view, site }: { view: PresentView; site: Site }) {
  const { id, lang } = view;
  const feeds = [
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
          {feeds.map(([label, address]) => (
            <>
              <dt>{label}</dt>
              <dd>
                <code lang="en" dir="ltr">
                  {address}
                </code>
              </dd>
            </>
          ))}
        </dl>
      </details>
    </section>
  );
}
