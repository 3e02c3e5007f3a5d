/** The frame of every server-rendered page. */
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import type { ComponentChildren } from "preact";
import { renderToString } from "preact-render-to-string";
import { type LocaleTag, locales } from "../../shared/locale.ts";
import { cardStyle } from "../../widget/style.ts";

const pageStyle = `
:root { color-scheme: light dark; --paper: #faf9f6; --ink: #1a1a18; --soft: #5c5b56; --link: #0b4f8a; }
@media (prefers-color-scheme: dark) { :root { --paper: #101113; --ink: #ebe9e3; --soft: #aaa79e; --link: #8dc1f2; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", "Noto Naskh Arabic", sans-serif; }
.page { max-width: 46rem; margin: 0 auto; padding: 1rem; }
.page > nav, .page > footer { display: flex; flex-wrap: wrap; gap: .25rem 1rem; padding: .5rem 0; color: var(--soft); font-size: .875rem; }
.page a { color: var(--link); }
`;

const style = pageStyle + cardStyle;
const styleHash = btoa(String.fromCharCode(...sha256(utf8ToBytes(style))));

/** Nothing but its own style may run or load. */
export const pagePolicy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

interface DocumentProps {
  locale: LocaleTag;
  title: string;
  children: ComponentChildren;
}

function Document({ locale, title, children }: DocumentProps) {
  return (
    <html lang={locale} dir={locales[locale].dir}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title}</title>
        <style dangerouslySetInnerHTML={{ __html: style }} />
      </head>
      <body>
        <div class="page">{children}</div>
      </body>
    </html>
  );
}

export const renderDocument = (props: DocumentProps): string =>
  `<!doctype html>${renderToString(<Document {...props} />)}`;
