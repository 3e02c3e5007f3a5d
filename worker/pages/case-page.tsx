import { type LocaleTag, locales, localeTags } from "../../shared/locale.ts";
import { message } from "../../shared/messages.ts";
import { routes } from "../../shared/protocol.ts";
import type { View } from "../../shared/view.ts";
import { CaseCard } from "../../widget/case-card.tsx";
import { renderDocument } from "./document.tsx";

/** The page of a case, or of what stands in its place, from the view that every surface renders. */
export function casePage(view: View, locale: LocaleTag, contact: string): string {
  const title = view.state === "present" ? `${view.number}: ${view.title.text}` : view.title;
  return renderDocument({
    locale,
    title: `${title} · Casewire`,
    children: (
      <>
        <nav aria-label={message(locale, "page.languages")}>
          {localeTags.map((tag) => (
            <a
              href={routes.page(view.id, tag)}
              hreflang={tag}
              lang={tag}
              dir={locales[tag].dir}
              aria-current={tag === locale ? "page" : undefined}
            >
              {locales[tag].name}
            </a>
          ))}
        </nav>
        <main>
          <CaseCard view={view} page={routes.page(view.id, locale)} contact={contact} full />
        </main>
        <footer>
          <a href={routes.case(view.id)}>JSON</a>
          <a href={contact} id="contact">
            {message(locale, "view.contact")}
          </a>
        </footer>
      </>
    ),
  });
}
