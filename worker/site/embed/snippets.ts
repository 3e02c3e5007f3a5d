/** What a webmaster pastes. None of it says anything that can go stale: no status stands in an alt text. */
import { addresses, paths } from "../../../shared/addresses.ts";
import { sourceOf } from "../document/policy.ts";
import { frames, LINE, type Look, lookOf, reserve } from "./look.ts";

export interface Choice extends Look {
  id: string;
  /** As printed: "UA 126/19". */
  number: string;
  lang: string;
}

/** A text as it stands in an HTML attribute. */
const attribute = (text: string) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

/** A text as it stands in Markdown's square brackets. */
const bracketed = (text: string) => text.replace(/[\\[\]]/g, "\\$&");

const altOf = ({ number }: Choice) => `${number}, Casewire`;

/** The element itself, with the link that readers without script get. */
function element(choice: Choice, origin: string): string {
  const { id, number, lang, variant, theme } = choice;
  const attributes = Object.entries({ case: id, lang, ...lookOf({ variant, theme }) })
    .map(([name, value]) => `${name}="${attribute(value)}"`)
    .join(" ");
  return [
    `<case-status ${attributes}>`,
    `  <a href="${attribute(origin + addresses.page(id, lang))}">${attribute(number)}</a>`,
    "</case-status>",
  ].join("\n");
}

const indented = (text: string, depth: number) => text.replace(/^/gm, " ".repeat(depth));

const boxed = (variant: Look["variant"], name: "class" | "className", inside: string) =>
  variant === "compact" ? `<div ${name}="${LINE}">\n${indented(inside, 2)}\n</div>` : inside;

/** The text of the one style element, as its hash in a policy is made of it. */
export const styleText = ({ variant }: Look) =>
  reserve[variant].includes("\n") ? `\n${indented(reserve[variant], 2)}\n` : reserve[variant];

const page = (script: string, choice: Choice, origin: string) =>
  [script, `<style>${styleText(choice)}</style>`, boxed(choice.variant, "class", element(choice, origin))].join("\n");

/** Evergreen: the script is always this deployment's newest. */
export const htmlSnippet = (choice: Choice, origin: string): string =>
  page(`<script src="${origin}${paths.widget}" async crossorigin></script>`, choice, origin);

/** @param release the script's own address, and what a browser demands of its bytes */
export const pinnedSnippet = (choice: Choice, origin: string, release: { path: string; integrity: string }): string =>
  page(
    `<script src="${origin}${release.path}" integrity="${release.integrity}" async crossorigin></script>`,
    choice,
    origin,
  );

/** For React 19 or newer, which knows custom elements and loads a script once. The rule for the height is its style sheet's. */
export const reactSnippet = (choice: Choice, origin: string): string =>
  `export const CaseStatus = () => (
  <>
    <script src="${origin}${paths.widget}" async crossOrigin="anonymous" />
${indented(boxed(choice.variant, "className", element(choice, origin)), 4)}
  </>
);`;

/** The text of their style elements: no wider than the column. Policies allow an element by its hash, but no attribute. */
const frameStyle = ".case-frame { max-width: 100%; border: 0 }";
const badgeStyle = ".case-badge { max-width: 100% }";

const styled = (style: string, inside: string) => `<style>${style}</style>\n${inside}`;

export function frameSnippet(choice: Choice, origin: string): string {
  const { width, height } = frames[choice.variant];
  const address = origin + addresses.embed(choice.id, choice.lang, lookOf(choice));
  return styled(
    frameStyle,
    `<iframe class="case-frame" src="${attribute(address)}" title="${attribute(altOf(choice))}" width="${width}" height="${height}"></iframe>`,
  );
}

/** Its width is left to the image, which has room for words that change; a narrower one is drawn smaller, in proportion. */
export function badgeSnippet(choice: Choice, origin: string): string {
  const [page, image] = [
    origin + addresses.page(choice.id, choice.lang),
    origin + addresses.badge(choice.id, choice.lang),
  ];
  return styled(
    badgeStyle,
    `<a href="${attribute(page)}"><img class="case-badge" src="${attribute(image)}" alt="${attribute(altOf(choice))}" height="48"></a>`,
  );
}

export function markdownSnippet(choice: Choice, origin: string): string {
  const [page, image] = [
    origin + addresses.page(choice.id, choice.lang),
    origin + addresses.badge(choice.id, choice.lang),
  ];
  return `[![${bracketed(altOf(choice))}](${image})](${page})`;
}

/** The sources that a page's Content-Security-Policy must allow for each of them, and nothing more. */
export const policies = {
  /** @param script the address that the script is allowed from: the deployment's, or the pinned one alone */
  element: (origin: string, script = origin) =>
    `script-src ${script}; connect-src ${origin} ${origin.replace(/^http/, "ws")}`,
  frame: (origin: string) => `frame-src ${origin}; style-src ${sourceOf(frameStyle)}`,
  badge: (origin: string) => `img-src ${origin}; style-src ${sourceOf(badgeStyle)}`,
};
