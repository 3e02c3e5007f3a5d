/**
 * Snippets for webmasters to paste. No snippet contains a status without its
 * date, not even in an alt text, because it would go stale.
 */
import { addresses, paths } from "../../../../shared/addresses.ts";
import { type LocaleTag, locales } from "../../../../shared/locale.ts";
import { message } from "../../../../shared/messages.ts";
import { escapeMarkup } from "../../../editing/rules/xml.ts";
import { sourceOf } from "../document/policy.ts";
import { frameHeights, type Look, lookParameters, styleText } from "./look.ts";

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

/**
 * The words make sense alone, because they stand in the card's place when the
 * newsroom can't be reached.
 */
const link = ({ id, number, lang }: Choice, origin: string) =>
  `<a href="${escapeMarkup(origin + addresses.page(id, lang))}">${escapeMarkup(`${number} · ${message(lang, "view.more")}`)}</a>`;

/**
 * The element, with a link for readers without JavaScript. It names its
 * newsroom: another one's script may have come first.
 */
function element(
  choice: Choice,
  origin: string,
  more: Record<string, string> = {},
): string {
  const { id, lang, variant, theme } = choice;
  const attributes = Object.entries({
    case: id,
    lang,
    endpoint: origin,
    ...lookParameters({ variant, theme }),
    ...more,
  })
    .map(([name, value]) => `${name}="${escapeMarkup(value)}"`)
    .join(" ");
  return `<case-status ${attributes}>${link(choice, origin)}</case-status>`;
}

const evergreen = (origin: string) =>
  `<script src="${origin}${paths.widget}" async crossorigin></script>`;
const styled = (style: string, inside: string) =>
  `<style>${style}</style>\n${inside}`;

/** Loads the evergreen script, which is always the deployment's newest. */
export const htmlSnippet = (choice: Choice, origin: string): string =>
  `${evergreen(origin)}\n${styled(styleText(choice.variant), element(choice, origin))}`;

const EXAMPLE_MIRROR = "https://mirror.example.net";

/**
 * The element of the snippet above, with a mirror.
 * @param key the public key of the deployment's log
 */
export const mirrorSnippet = (
  choice: Choice,
  origin: string,
  key: string,
): string =>
  element(choice, origin, { sources: `${EXAMPLE_MIRROR}/`, "log-key": key });

/**
 * The script of the snippet above, pinned.
 * @param release path of the script, and its Subresource Integrity hash
 */
export const pinnedScript = (
  origin: string,
  { path, integrity }: { path: string; integrity: string },
): string =>
  `<script src="${origin}${path}" integrity="${integrity}" async crossorigin></script>`;

/**
 * For React 19 or newer, which supports custom elements and loads a script
 * once.
 */
export const reactSnippet = (choice: Choice, origin: string): string =>
  `export const CaseStatus = () => (
  <>
    <script src="${origin}${paths.widget}" async crossOrigin="anonymous" />
    <style>{\`${styleText(choice.variant)}\`}</style>
    ${element(choice, origin)}
  </>
);`;

const FRAME_STYLE = ".case-frame { width: 100%; border: 0 }";

/**
 * Gives every frame of the page the height that it asks for. The same text for
 * every case.
 */
const sizingText = (origin: string) => `
  addEventListener("message", ({ origin, source, data }) => {
    if (origin !== "${origin}" || data?.type !== "casewire:height") return;
    for (const frame of document.querySelectorAll("iframe.case-frame"))
      if (frame.contentWindow === source) frame.style.height = data.height + "px";
  });
`;

/**
 * The link is for a reader whose browser can't load the frame. Sites that
 * remove style elements keep the attributes for the size.
 */
export function frameSnippet(choice: Choice, origin: string): string {
  const address =
    origin + addresses.embed(choice.id, choice.lang, lookParameters(choice));
  const frame = `<iframe class="case-frame" src="${escapeMarkup(address)}" title="${escapeMarkup(altOf(choice))}" width="100%" height="${frameHeights[choice.variant]}" loading="lazy"></iframe>`;
  return styled(
    FRAME_STYLE,
    `${frame}\n${link(choice, origin)}\n<script>${sizingText(origin)}</script>`,
  );
}

/**
 * The address of the HTML, and a page's lines for nginx and for ESI. nginx
 * shows the link while it can't get the HTML. With ESI, the page has the link
 * where no cache processes it.
 */
export function serverSnippets(
  choice: Choice,
  origin: string,
): { address: string; nginx: string; esi: string } {
  const path = addresses.fragment(
    choice.id,
    choice.lang,
    lookParameters(choice),
  );
  return {
    address: origin + path,
    nginx: `<!--# block name="${choice.id}" -->${link(choice, origin)}<!--# endblock -->
<!--# include virtual="/casewire${path}" stub="${choice.id}" -->`,
    esi: `<esi:include src="/casewire${escapeMarkup(path)}" onerror="continue"/>
<esi:remove>${link(choice, origin)}</esi:remove>`,
  };
}

const consentStyle = ({ variant }: Choice) =>
  `.case-consent { padding: 1em; border: 1px solid } ${styleText(variant)}`;

/**
 * An element that stands in the placeholder, from a server-side include, stays;
 * otherwise one comes with the placeholder's dated words in it, for as long as
 * it has nothing newer. If the script can't be loaded, the placeholder is as it
 * was.
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
 * A placeholder that loads the script after a click. The script waits in a
 * template, because a text that writes addresses would need another hash for
 * each case, and Trusted Types.
 * @param caption names and dates the case, because the page keeps it as it is
 * @param label of the button
 */
export function consentSnippet(
  choice: Choice,
  origin: string,
  caption: string,
  label: string,
): string {
  const { lang } = choice;
  const page = escapeMarkup(origin + addresses.page(choice.id, lang));
  return styled(
    consentStyle(choice),
    `<div class="case-consent" lang="${lang}" dir="${locales[lang].dir}">
  <p><a href="${page}">${escapeMarkup(caption)}</a></p>
  <button type="button">${escapeMarkup(label)}</button>
  <template>
    ${element(choice, origin)}
    ${evergreen(origin)}
  </template>
</div>
<script>${consentText}</script>`,
  );
}

export const badgeTheme = ({ theme }: Choice) =>
  theme === "auto" ? {} : { theme };

const badgeAddresses = (choice: Choice, origin: string) => ({
  page: origin + addresses.page(choice.id, choice.lang),
  image: origin + addresses.badge(choice.id, choice.lang, badgeTheme(choice)),
});

/** What the badge shows changes, so its text says only where the link leads. */
const badgeAltOf = ({ number, newsroom, lang }: Choice) =>
  message(lang, "page.embed.badge.alt", { number, newsroom });

const BADGE_STYLE = ".case-badge { max-width: 100%; height: auto }";

/**
 * The badge grows with its text. Until it has loaded, the page keeps the place
 * that it takes now.
 * @param size of the badge at present, in CSS pixels
 */
export function badgeSnippet(
  choice: Choice,
  origin: string,
  size: { width: number; height: number },
): string {
  const { page, image } = badgeAddresses(choice, origin);
  const { width, height } = size;
  return styled(
    BADGE_STYLE,
    `<a href="${escapeMarkup(page)}"><img class="case-badge" src="${escapeMarkup(image)}" alt="${escapeMarkup(badgeAltOf(choice))}" width="${width}" height="${height}"></a>`,
  );
}

export function markdownSnippet(choice: Choice, origin: string): string {
  const { page, image } = badgeAddresses(choice, origin);
  return `[![${escapeMarkdown(badgeAltOf(choice))}](${image})](${page})`;
}

/** What the element needs. @param connect further sources of the case */
const withScript = (
  origin: string,
  scripts: string,
  styles: string,
  connect = "",
) =>
  `script-src ${scripts}; connect-src ${origin} ${origin.replace(/^http/, "ws")}${connect}; img-src ${origin}; style-src ${styles}`;

const hashOf = ({ variant }: Choice) => sourceOf(styleText(variant));

/**
 * All that a page's Content-Security-Policy must allow for each kind of
 * snippet.
 */
export const policies = {
  /**
   * @param script source of the scripts: the deployment's origin, or the URLs
   * of the pinned ones
   */
  element: (choice: Choice, origin: string, script = origin) =>
    withScript(origin, script, hashOf(choice)),
  mirror: (choice: Choice, origin: string) =>
    withScript(origin, origin, hashOf(choice), ` ${EXAMPLE_MIRROR}`),
  consent: (choice: Choice, origin: string) =>
    withScript(
      origin,
      `${origin} ${sourceOf(consentText)}`,
      sourceOf(consentStyle(choice)),
    ),
  /** @param styles of the fragment */
  server: (origin: string, styles: string) =>
    withScript(origin, origin, styles),
  frame: (origin: string) =>
    `frame-src ${origin}; script-src ${sourceOf(sizingText(origin))}; style-src ${sourceOf(FRAME_STYLE)}`,
  badge: (origin: string) =>
    `img-src ${origin}; style-src ${sourceOf(BADGE_STYLE)}`,
};
