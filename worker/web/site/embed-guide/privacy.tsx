/** The data that the widget sends about a partner's visitors, and a text for the partner's privacy notice. */
import type { LocaleTag } from "../../../../shared/locale.ts";
import { message } from "../../../../shared/messages.ts";
import type { Site } from "../document/document.tsx";

interface SnippetProps {
  text: string;
  label: string;
  copy: string;
  prose?: boolean;
}

/** Code or text to copy. The page's script reveals the button. */
export const Snippet = ({ text, label, copy, prose }: SnippetProps) => (
  <figure class="snippet">
    <figcaption>{label}</figcaption>
    <pre {...(prose ? {} : { lang: "en", dir: "ltr" })}>
      <code>{text}</code>
    </pre>
    <button type="button" class="copy" aria-label={`${copy}: ${label}`} hidden>
      {copy}
    </button>
  </figure>
);

export function Privacy({ locale, site }: { locale: LocaleTag; site: Site }) {
  const host = new URL(site.origin).host;
  return (
    <section class="after privacy" aria-labelledby="privacy">
      <h2 id="privacy">{message(locale, "page.embed.privacy")}</h2>
      <p>{message(locale, "page.embed.privacy.not.text")}</p>
      <Snippet
        text={message(locale, "page.embed.privacy.notice.text", { host })}
        label={message(locale, "page.embed.privacy.notice")}
        copy={message(locale, "page.embed.copy")}
        prose
      />
    </section>
  );
}
