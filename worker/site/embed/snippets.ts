/** Snippets for webmasters to paste. No snippet contains a status, not even in an alt text, because it would go stale. */
import { addresses, paths } from "../../../shared/addresses.ts";
import type { LocaleTag } from "../../../shared/locale.ts";
import { message } from "../../../shared/messages.ts";
import { sourceOf } from "../document/policy.ts";
import { escapeMarkup } from "../document/xml.ts";
import { frameSizes, heightRules, LINE_CLASS, type Look, lookParameters } from "./look.ts";

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

const indented = (text: string, depth: number) => text.replace(/^/gm, " ".repeat(depth));

const wrapped = (variant: Look["variant"], name: "class" | "className", inside: string) =>
  variant === "compact" ? `<div ${name}="${LINE_CLASS}">\n${indented(inside, 2)}\n</div>` : inside;

/** Exact text of the snippet's style element; a Content-Security-Policy can allow it by its hash. */
export const styleText = ({ variant }: Look) =>
  heightRules[variant].includes("\n") ? `\n${indented(heightRules[variant], 2)}\n` : heightRules[variant];

/** @param more further attributes of the element */
const pageSnippet = (script: string, choice: Choice, origin: string, more?: Record<string, string>) =>
  [script, `<style>${styleText(choice)}</style>`, wrapped(choice.variant, "class", element(choice, origin, more))].join(
    "\n",
  );

/** Loads the evergreen script, which is always the deployment's newest. */
export const htmlSnippet = (choice: Choice, origin: string, more?: Record<string, string>): string =>
  pageSnippet(`<script src="${origin}${paths.widget}" async crossorigin></script>`, choice, origin, more);

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
${indented(wrapped(choice.variant, "className", element(choice, origin)), 4)}
  </>
);`;

/** Texts of style elements that limit the width to the column's. A policy can allow an element by its hash, but not an attribute. */
const frameStyle = ".case-frame { max-width: 100%; border: 0; frame-sizing: content-height }";
const badgeStyle = ".case-badge { max-width: 100% }";

const withStyle = (style: string, inside: string) => `<style>${style}</style>\n${inside}`;

export function frameSnippet(choice: Choice, origin: string): string {
  const { width, height } = frameSizes[choice.variant];
  const address = origin + addresses.embed(choice.id, choice.lang, lookParameters(choice));
  return withStyle(
    frameStyle,
    `<iframe class="case-frame" src="${escapeMarkup(address)}" title="${escapeMarkup(altOf(choice))}" width="${width}" height="${height}" loading="lazy"></iframe>`,
  );
}

/** For browsers without responsive iframes: gives every frame of the page the height that it reports. */
export const sizingSnippet = (origin: string): string => `<script>
  addEventListener("message", ({ origin, source, data }) => {
    if (origin !== "${origin}" || data?.type !== "casewire:height") return;
    for (const frame of document.querySelectorAll("iframe.case-frame"))
      if (frame.contentWindow === source) frame.height = data.height;
  });
</script>`;

/** The address of the HTML, and a page's lines for nginx and for ESI. nginx shows the link while it can't get the HTML. */
export function serverSnippets(choice: Choice, origin: string): { address: string; nginx: string; esi: string } {
  const path = addresses.fragment(choice.id, choice.lang, lookParameters(choice));
  return {
    address: origin + path,
    nginx: `<!--# block name="${choice.id}" -->${link(choice, origin)}<!--# endblock -->
<!--# include virtual="/casewire${path}" stub="${choice.id}" -->`,
    esi: `<esi:include src="/casewire${escapeMarkup(path)}" onerror="continue"/>`,
  };
}

/**
 * A placeholder that loads the script after a click. In a page with a server-side include, put the HTML in the place of the link.
 * @param label of the button
 */
export function consentSnippet(choice: Choice, origin: string, label: string): string {
  const attributes = { case: choice.id, lang: choice.lang, ...lookParameters(choice) };
  const page = escapeMarkup(origin + addresses.page(choice.id, choice.lang));
  return `<style>${styleText(choice)}</style>
<div class="case-consent">
  <p><a href="${page}">${escapeMarkup(altOf(choice))}</a></p>
  <button type="button">${escapeMarkup(label)}</button>
</div>
<script>
  for (const box of document.querySelectorAll(".case-consent"))
    box.querySelector("button").onclick = () => {
      const element = document.createElement("case-status");
      const attributes = ${JSON.stringify(attributes).replaceAll("<", "\\u003c")};
      for (const name in attributes) element.setAttribute(name, attributes[name]);
      const script = document.createElement("script");
      Object.assign(script, { src: "${origin}${paths.widget}", crossOrigin: "anonymous" });
      element.append(box.querySelector("a"));
      box.replaceWith(element, script);
    };
</script>`;
}

/**
 * Waits until an element of the page is less than a screen away. The snippet's template has the script's element, so that this text sets
 * no address (pages may require Trusted Types), and its hash is the same for every case and newsroom.
 */
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
  pageSnippet(
    `<template id="casewire-script"><script src="${origin}${paths.widget}" async crossorigin></script></template>`,
    choice,
    origin,
  ).concat(`\n<script>${lazyText}</script>`);

const badgeAddresses = ({ id, lang }: Choice, origin: string) => ({
  page: origin + addresses.page(id, lang),
  image: origin + addresses.badge(id, lang),
});

/** Sets no width, because the badge's text and so its width can change. In a narrow column it shrinks in proportion. */
export function badgeSnippet(choice: Choice, origin: string): string {
  const { page, image } = badgeAddresses(choice, origin);
  return withStyle(
    badgeStyle,
    `<a href="${escapeMarkup(page)}"><img class="case-badge" src="${escapeMarkup(image)}" alt="${escapeMarkup(altOf(choice))}" height="48"></a>`,
  );
}

export function markdownSnippet(choice: Choice, origin: string): string {
  const { page, image } = badgeAddresses(choice, origin);
  return `[![${escapeMarkdown(altOf(choice))}](${image})](${page})`;
}

/** The least that a page's Content-Security-Policy must allow for each kind of snippet. */
export const policies = {
  /** @param script source of the scripts: the deployment's origin, or the URLs of the pinned ones */
  element: (origin: string, script = origin) =>
    `script-src ${script}; connect-src ${origin} ${origin.replace(/^http/, "ws")}`,
  mirror: (origin: string) => `${policies.element(origin)} ${EXAMPLE_MIRROR}`,
  lazy: (origin: string) => policies.element(origin, `${origin} ${sourceOf(lazyText)}`),
  frame: (origin: string) => `frame-src ${origin}; style-src ${sourceOf(frameStyle)}`,
  badge: (origin: string) => `img-src ${origin}; style-src ${sourceOf(badgeStyle)}`,
};
