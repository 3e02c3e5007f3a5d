/** Snippets for webmasters to paste. No snippet contains a status without its date, not even in an alt text, because it would go stale. */
import { addresses, paths } from "../../../../shared/addresses.ts";
import { type LocaleTag, locales } from "../../../../shared/locale.ts";
import { message } from "../../../../shared/messages.ts";
import { escapeMarkup } from "../../../editing/rules/xml.ts";
import { sourceOf } from "../document/policy.ts";
import {
  COLUMN_CLASS,
  FRAME_CLASS,
  frameClassOf,
  frameRules,
  frameSizes,
  heightRules,
  type Look,
  lookParameters,
  printedFrameRule,
} from "./look.ts";

export interface Choice extends Look {
  id: string;
  /** As printed: "UA 126/19". */
  number: string;
  /** The newsroom's name. */
  newsroom: string;
  lang: LocaleTag;
}

/** Escapes a text for Markdown's square brackets. */
const escapeMarkdown = (text: string) => text.replace(/[\\[\]]/g, "\\$&");

export const altOf = ({ number, newsroom }: Choice) => `${number}, ${newsroom}`;

/** The words make sense alone, because they stand in the card's place when the newsroom can't be reached. */
const link = ({ id, number, lang }: Choice, origin: string) =>
  `<a href="${escapeMarkup(origin + addresses.page(id, lang))}">${escapeMarkup(`${number} · ${message(lang, "view.more")}`)}</a>`;

/** The element, with a link for readers without JavaScript. */
function element(choice: Choice, origin: string, more: Record<string, string> = {}): string {
  const { id, lang, variant, theme } = choice;
  const attributes = Object.entries({ case: id, lang, ...lookParameters({ variant, theme }), ...more })
    .map(([name, value]) => `${name}="${escapeMarkup(value)}"`)
    .join(" ");
  return [`<case-status ${attributes}>`, `  ${link(choice, origin)}`, "</case-status>"].join("\n");
}

/** In a template, because a text that writes addresses would need another hash for each case, and Trusted Types. */
const waiting = (inside: string, id?: string) =>
  `<template${id ? ` id="${id}"` : ""}>\n${indented(inside, 2)}\n</template>`;

const evergreen = (origin: string) => `<script src="${origin}${paths.widget}" async crossorigin></script>`;

const indented = (text: string, depth: number) => text.replace(/^/gm, " ".repeat(depth));

const inColumn = (inside: string, name: "class" | "className" = "class") =>
  `<div ${name}="${COLUMN_CLASS}">\n${indented(inside, 2)}\n</div>`;

/** Rules as they stand in a style element. A Content-Security-Policy can allow the element by the hash of exactly this text. */
const styleOf = (rules: string) => (rules.includes("\n") ? `\n${indented(rules, 2)}\n` : rules);

export const styleText = ({ variant }: Look) => styleOf(heightRules[variant]);

/** @param more further attributes of the element */
const pageSnippet = (script: string, choice: Choice, origin: string, more?: Record<string, string>) =>
  [script, `<style>${styleText(choice)}</style>`, inColumn(element(choice, origin, more))].join("\n");

/** Loads the evergreen script, which is always the deployment's newest. */
export const htmlSnippet = (choice: Choice, origin: string, more?: Record<string, string>): string =>
  pageSnippet(evergreen(origin), choice, origin, more);

const EXAMPLE_MIRROR = "https://mirror.example.net";

/** @param key the public key of the deployment's log */
export const mirrorSnippet = (choice: Choice, origin: string, key: string): string =>
  htmlSnippet(choice, origin, { sources: `${EXAMPLE_MIRROR}/`, "log-key": key });

/** @param release path of the pinned script, and its Subresource Integrity hash */
export const pinnedSnippet = (choice: Choice, origin: string, release: { path: string; integrity: string }): string =>
  pageSnippet(
    `<script src="${origin}${release.path}" integrity="${release.integrity}" async crossorigin></script>`,
    choice,
    origin,
  );

/** For React 19 or newer, which supports custom elements and loads a script once. The height rule goes into the site's style sheet. */
export const reactSnippet = (choice: Choice, origin: string): string =>
  `export const CaseStatus = () => (
  <>
    <script src="${origin}${paths.widget}" async crossOrigin="anonymous" />
${indented(inColumn(element(choice, origin), "className"), 4)}
  </>
);`;

const badgeStyle = ".case-badge { max-width: 100%; height: auto }";

/** A policy can allow a style element by its hash, but not an attribute. */
const withStyle = (style: string, inside: string) => `<style>${style}</style>\n${inside}`;

/**
 * The reserved height is a minimum: a frame grows to the height that it asks for, and never shrinks while it loads. In browsers with
 * responsive iframes the last rule alone does that, for the variants that a reader can open; it outweighs the first rule of the page's
 * other frames.
 */
const frameStyle = ({ variant }: Look, rows: number) =>
  styleOf(
    [
      `.${FRAME_CLASS} { width: 100%; height: 0; border: 0; font-size: medium }`,
      frameRules(rows)[variant],
      ...(variant === "compact"
        ? []
        : [
            `@supports (frame-sizing: content-height) { iframe.${frameClassOf(variant, rows)} { height: auto; frame-sizing: content-height } }`,
          ]),
      printedFrameRule(variant, rows),
    ].join("\n"),
  );

/** Gives every frame of the page the height that it asks for. The same text for every case. */
const sizingText = (origin: string) => `
  addEventListener("message", ({ origin, source, data }) => {
    if (origin !== "${origin}" || data?.type !== "casewire:height") return;
    for (const frame of document.querySelectorAll("iframe.${FRAME_CLASS}"))
      if (frame.contentWindow === source) frame.style.height = data.height + "px";
  });
`;

/**
 * The link is for a reader whose browser can't load the frame. Sites that remove style elements keep the attributes for the size.
 * @param rows that the case has at present
 */
export function frameSnippet(choice: Choice, origin: string, rows: number): string {
  const { variant } = choice;
  const { width, height } = frameSizes[variant];
  const address = origin + addresses.embed(choice.id, choice.lang, lookParameters(choice));
  const frame = `<iframe class="${FRAME_CLASS} ${frameClassOf(variant, rows)}" src="${escapeMarkup(address)}" title="${escapeMarkup(altOf(choice))}" width="${width}" height="${height}" loading="lazy"></iframe>`;
  return withStyle(
    frameStyle(choice, rows),
    `${inColumn(`${frame}\n${link(choice, origin)}`)}\n<script>${sizingText(origin)}</script>`,
  );
}

/**
 * The address of the HTML, and a page's lines for nginx and for ESI. nginx shows the link while it can't get the HTML. With ESI, the page has
 * the link where no cache processes it.
 */
export function serverSnippets(choice: Choice, origin: string): { address: string; nginx: string; esi: string } {
  const path = addresses.fragment(choice.id, choice.lang, lookParameters(choice));
  return {
    address: origin + path,
    nginx: `<!--# block name="${choice.id}" -->${link(choice, origin)}<!--# endblock -->
<!--# include virtual="/casewire${path}" stub="${choice.id}" -->`,
    esi: `<esi:include src="/casewire${escapeMarkup(path)}" onerror="continue"/>
<esi:remove>${link(choice, origin)}</esi:remove>`,
  };
}

const consentStyle = (choice: Choice) =>
  styleOf(`.case-consent { padding: 1em; border: 1px solid }\n${heightRules[choice.variant]}`);

/**
 * An element that stands in the placeholder, from a server-side include, stays; otherwise one comes with the placeholder's dated words in
 * it, for as long as it has nothing newer. If the script can't be loaded, the placeholder is as it was.
 */
const consentText = `
  for (const box of document.querySelectorAll(".case-consent"))
    box.querySelector("button").addEventListener("click", ({ target }) => {
      const before = [...box.children];
      const content = document.importNode(box.lastElementChild.content, true);
      const script = content.querySelector("script");
      if (box.querySelector("case-status")) target.replaceWith(script);
      else {
        content.querySelector("case-status").replaceChildren(box.querySelector("p"));
        box.replaceChildren(content);
        box.classList.remove("case-consent");
      }
      const element = box.querySelector("case-status");
      element.tabIndex = -1;
      element.focus();
      script.addEventListener("error", () => {
        const isFocused = element.matches(":focus");
        box.replaceChildren(...before);
        box.classList.add("case-consent");
        if (isFocused) target.focus();
      });
    });
`;

/**
 * A placeholder that loads the script after a click.
 * @param caption names and dates the case, because the page keeps it as it is
 * @param label of the button
 */
export function consentSnippet(choice: Choice, origin: string, caption: string, label: string): string {
  const { lang } = choice;
  const page = escapeMarkup(origin + addresses.page(choice.id, lang));
  const inside = [inColumn(element(choice, origin)), evergreen(origin)].join("\n");
  return withStyle(
    consentStyle(choice),
    `<div class="case-consent" lang="${lang}" dir="${locales[lang].dir}">
  <p><a href="${page}">${escapeMarkup(caption)}</a></p>
  <button type="button">${escapeMarkup(label)}</button>
${indented(waiting(inside), 2)}
</div>
<script>${consentText}</script>`,
  );
}

/** Waits until an element of the page is less than a screen away. */
const lazyText = `
  {
    const near = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      near.disconnect();
      document.head.append(document.getElementById("casewire-script").content);
    }, { rootMargin: "100%" });
    for (const element of document.querySelectorAll("case-status")) near.observe(element);
  }
`;

/** Loads the script when a reader scrolls near. In a page with a server-side include, put the HTML in the place of the element. */
export const lazySnippet = (choice: Choice, origin: string): string =>
  pageSnippet(waiting(evergreen(origin), "casewire-script"), choice, origin).concat(`\n<script>${lazyText}</script>`);

const badgeAddresses = ({ id, lang }: Choice, origin: string) => ({
  page: origin + addresses.page(id, lang),
  image: origin + addresses.badge(id, lang),
});

/** What the badge shows changes, so its text says only where the link leads. */
const badgeAltOf = ({ number, newsroom, lang }: Choice) => message(lang, "page.embed.badge.alt", { number, newsroom });

/**
 * The badge grows with its text. Until it has loaded, the page keeps the place that it takes now.
 * @param size of the badge at present, in CSS pixels
 */
export function badgeSnippet(choice: Choice, origin: string, size: { width: number; height: number }): string {
  const { page, image } = badgeAddresses(choice, origin);
  const { width, height } = size;
  return withStyle(
    badgeStyle,
    `<a href="${escapeMarkup(page)}"><img class="case-badge" src="${escapeMarkup(image)}" alt="${escapeMarkup(badgeAltOf(choice))}" width="${width}" height="${height}"></a>`,
  );
}

export function markdownSnippet(choice: Choice, origin: string): string {
  const { page, image } = badgeAddresses(choice, origin);
  return `[![${escapeMarkdown(badgeAltOf(choice))}](${image})](${page})`;
}

const hashes = (...texts: string[]) => texts.map(sourceOf).join(" ");

/** What the element needs. @param connect further sources of the case */
const withScript = (origin: string, scripts: string, styles: string, connect = "") =>
  `script-src ${scripts}; connect-src ${origin} ${origin.replace(/^http/, "ws")}${connect}; style-src ${styles}`;

/** All that a page's Content-Security-Policy must allow for each kind of snippet. */
export const policies = {
  /** @param script source of the scripts: the deployment's origin, or the URLs of the pinned ones */
  element: (choice: Choice, origin: string, script = origin) => withScript(origin, script, hashes(styleText(choice))),
  mirror: (choice: Choice, origin: string) =>
    withScript(origin, origin, hashes(styleText(choice)), ` ${EXAMPLE_MIRROR}`),
  lazy: (choice: Choice, origin: string) =>
    withScript(origin, `${origin} ${hashes(lazyText)}`, hashes(styleText(choice))),
  consent: (choice: Choice, origin: string) =>
    withScript(origin, `${origin} ${hashes(consentText)}`, hashes(consentStyle(choice))),
  /** @param styles of the fragment */
  server: (origin: string, styles: string) => withScript(origin, origin, styles),
  frame: (choice: Choice, origin: string, rows: number) =>
    `frame-src ${origin}; script-src ${hashes(sizingText(origin))}; style-src ${hashes(frameStyle(choice, rows))}`,
  badge: (origin: string) => `img-src ${origin}; style-src ${hashes(badgeStyle)}`,
};
