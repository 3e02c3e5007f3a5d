/**
 * The snippet on fifty kinds of page: nothing moves, nothing overflows, and
 * axe-core finds nothing.
 */
import { join } from "node:path";
import { build } from "esbuild";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { styleText } from "../../worker/web/site/embed/look.ts";
import { axeFindings } from "../support/axe.ts";
import { layoutShift } from "../support/layout-shift.ts";
import { root } from "../support/root.ts";
import {
  demoCase,
  inState,
  present,
  type VisitOptions,
  withdrawn,
} from "./newsroom.ts";
import { newsroom, open, script, useStage } from "./stage.ts";

useStage();

interface Kind {
  /** Of the page, in CSS pixels. */
  width?: number;
  /** The page's own style. */
  css?: string;
  /** Puts the element into the page. */
  around?: (element: string) => string;
  attributes?: string;
  script?: () => string;
  options?: VisitOptions;
  /** What the newsroom does. */
  before?: () => void;
  /** What the page does once the case is shown; this may move something. */
  after?: (page: Page) => Promise<unknown>;
  state?: string;
  /**
   * Has less than the 400 pixels that a card asks for where a layout gives it
   * no width.
   */
  isNarrow?: boolean;
  /** Selects what the card comes to have. */
  shows?: string;
}

const portrait = {
  image: "0",
  alt: { en: "A grey square" },
  credit: "A",
  licence: "CC BY 4.0",
  until: "2099-12-31",
};

const inBox = (style: string, inner = "") => ({
  css: `.box { ${style} } .box > div { ${inner} }`,
  around: (element: string) => `<div class="box"><div>${element}</div></div>`,
});
const asModule = (text: (src: string) => string) => () =>
  text(`${newsroom.origin}/widget.js`);
const withdraw = () =>
  void newsroom.cases.set(demoCase.id, withdrawn(demoCase.id, 2));
const inlineScripts = {
  directives: [],
  bypassCSP: true,
} satisfies VisitOptions;

/** The app of react-app.mjs in one script. */
const { outputFiles } = await build({
  entryPoints: [join(root, "tests/widget/react-app.mjs")],
  bundle: true,
  define: { "process.env.NODE_ENV": '"production"' },
  write: false,
});

const kinds: Record<string, Kind> = {
  ...Object.fromEntries(
    [200, 220, 280, 320, 360, 390, 414, 480, 600, 744, 768, 1024, 1280].map(
      (width) => [`${width} pixels`, { width }],
    ),
  ),
  ...Object.fromEntries(
    (["compact", "timeline"] as const).flatMap((variant) =>
      [200, 390, 1280].map((width) => [
        `${variant}, ${width}`,
        { width, attributes: `variant="${variant}"` },
      ]),
    ),
  ),
  "a reset": {
    css: "* { margin: 0; padding: 0; border: 0; font: inherit; vertical-align: baseline }",
  },
  "a box model of its own": {
    css: "*, ::before, ::after { box-sizing: border-box; border: 0 solid }",
  },
  Tailwind: {
    css: "*, ::before, ::after { box-sizing: border-box; border: 0 solid } html { line-height: 1.5; tab-size: 4 } a { color: inherit; text-decoration: inherit } h1, h2 { font-size: inherit; font-weight: inherit } button { background: none }",
  },
  "a root of 62.5 %": {
    css: "html { font-size: 62.5% } body { font-size: 1.8rem }",
  },
  "a reset that inherits": {
    css: "* { margin: 0; padding: 0; font: inherit } body { font-size: 18px }",
  },
  "a measure of its own": {
    css: "main > * { max-width: 600px; margin-inline: auto }",
  },
  "a measure in characters": {
    css: "body { font: 18px monospace } main > * { max-width: 65ch; margin-inline: auto }",
  },
  "large text": { css: "body { font: 24px/2 Georgia, serif }" },
  "everything important": {
    css: "* { font-size: 9px !important; letter-spacing: 3px !important }",
    width: 390,
  },
  capitals: {
    css: "body { text-transform: uppercase; word-spacing: 1em; text-align: justify }",
  },
  "styled articles": {
    css: "article, header, footer, details, summary, ul, p { display: none; float: right }",
  },
  "wide words": {
    css: "body { white-space: nowrap; word-break: keep-all }",
    width: 390,
  },
  "a grid": inBox("display: grid; grid-template-columns: 1fr 300px"),
  "a narrow grid": {
    ...inBox(
      "display: grid; grid-template-columns: 1fr 300px",
      "grid-column: 2; min-width: 0",
    ),
    isNarrow: true,
  },
  "a row": inBox("display: flex", "flex: 1"),
  "a shrinking row": inBox("display: flex"),
  "a shrinking row on a phone": { ...inBox("display: flex"), width: 360 },
  "a float": inBox("", "float: left; width: 60%"),
  "a table": inBox("display: table", "display: table-cell"),
  "an inline block": inBox("", "display: inline-block; max-width: 100%"),
  "a sticky sidebar": {
    ...inBox("width: 300px", "position: sticky; top: 0"),
    isNarrow: true,
  },
  "a positioned box": inBox(
    "position: relative; height: 700px",
    "position: absolute; inset: 0 auto auto 0; width: 400px",
  ),
  columns: inBox("columns: 2", "break-inside: avoid"),
  "a box that hides": {
    ...inBox("overflow: hidden; width: 340px"),
    isNarrow: true,
  },
  "contained content": inBox("contain: layout paint style"),
  "an open details": {
    around: (element) =>
      `<details open><summary>A case</summary>${element}</details>`,
  },
  "a dark page": {
    css: ":root { color-scheme: dark } body { background: #111; color: #eee }",
  },
  "a dark theme": { attributes: 'theme="dark"', width: 390 },
  "a light theme at night": {
    attributes: 'theme="light"',
    options: { colorScheme: "dark" },
  },
  "forced colours": { options: { forcedColors: "active" } },
  "reduced motion": { options: { reducedMotion: "reduce" } },
  "right to left": {
    around: (element) => `<div dir="rtl" lang="ar">${element}</div>`,
    attributes: 'lang="ar" theme="dark"',
    width: 390,
  },
  "compact, dark, Arabic": {
    attributes: 'variant="compact" theme="dark" lang="ar"',
    width: 200,
  },
  "timeline, dark, Arabic": {
    attributes: 'variant="timeline" theme="dark" lang="ar"',
    width: 200,
  },
  "an unknown case in Arabic": {
    before: () => newsroom.cases.clear(),
    attributes: 'lang="ar"',
    state: "unknown",
  },
  "Arabic in English": { attributes: 'lang="ar"', width: 200 },
  Ukrainian: { attributes: 'lang="uk"', width: 320 },
  Turkish: { attributes: 'lang="tr"', width: 320 },
  "a sandbox": {
    options: {
      directives: ["sandbox allow-scripts", "style-src 'unsafe-inline'"],
    },
  },
  "an isolated page": {
    options: {
      headers: {
        "Cross-Origin-Embedder-Policy": "require-corp",
        "Cross-Origin-Opener-Policy": "same-origin",
      },
    },
  },
  "a script that comes first": { script: () => script().replace(" async", "") },
  "two scripts": { script: () => script() + script() },
  "a module": {
    script: asModule(
      (src) => `<script type="module" src="${src}" crossorigin></script>`,
    ),
  },
  "an import": {
    script: asModule(
      (src) => `<script>import(${JSON.stringify(src)})</script>`,
    ),
    options: inlineScripts,
  },
  "a single-page app in React": {
    around: () =>
      `<div id="app"></div><script>const NEWSROOM = ${JSON.stringify(newsroom.origin)}; ${outputFiles[0]!.text}</script>`,
    options: inlineScripts,
    async after(page) {
      await page.evaluate(() => location.assign("#elsewhere"));
      await page.locator("case-status").waitFor({ state: "detached" });
      await page.evaluate(() => history.back());
    },
  },
  "an editor that drops its link": {
    around: (element) => element.replace(/<a.*<\/a>/, ""),
  },
  "slow 3G": { options: { slow: true } },
  "a page that moves it": {
    after: (page) =>
      page.evaluate(() =>
        document.body.prepend(
          document.querySelector("case-status")!.parentElement!,
        ),
      ),
  },
  "the number as printed": {
    attributes: `case="${demoCase.id.replaceAll("-", " ").toUpperCase()}"`,
    width: 390,
  },
  "no sockets": {
    before: () => Object.assign(newsroom, { sockets: "refused" }),
  },
  "a silent socket": {
    before: () => Object.assign(newsroom, { sockets: "mute" }),
  },
  "a newsroom that is down": {
    before: () =>
      Object.assign(newsroom, { fetching: "fails", sockets: "refused" }),
    state: "stale",
  },
  "a picture that the policy forbids": {
    before: () =>
      newsroom.cases.set(
        demoCase.id,
        present(1, { people: [{ ...demoCase.people[0]!, portrait }] }),
      ),
    shows: "case-status .portrait[style='opacity: 0;']",
  },
  "compact, a withdrawn case": {
    before: withdraw,
    attributes: 'variant="compact"',
    width: 320,
    state: "withdrawn",
  },
  "compact, withdrawn, wide": {
    before: withdraw,
    attributes: 'variant="compact" lang="uk"',
    state: "withdrawn",
  },
};

it("The widget moves nothing, overflows nothing and has no finding of axe-core on fifty kinds of page", async () => {
  expect(Object.keys(kinds).length).toBeGreaterThanOrEqual(50);
  const faults: string[] = [];
  /** Appearances of the card in which axe-core found nothing. */
  const clean = new Set<string>();
  for (const [name, kind] of Object.entries(kinds)) {
    const {
      attributes = "",
      css = "",
      around = (element) => element,
      options = {},
      state = "ready",
    } = kind;
    Object.assign(newsroom, { fetching: "works", sockets: "work" });
    const before = new Map(newsroom.cases);
    kind.before?.();
    const variant = attributes.includes("compact") ? "compact" : "card";
    const named = attributes.includes("case=")
      ? attributes
      : `case="${demoCase.id}" ${attributes}`;
    const spoken = named.includes("lang=") ? named : `${named} lang="en"`;
    const element = `<case-status endpoint="${newsroom.origin}" ${spoken}><a href="/">UA 0/00 · Open the case</a></case-status>`;
    const html = `<style>${css}</style>${(kind.script ?? script)()}<style>${styleText(variant)}</style><main><h1>A story</h1>${around(element)}<p>Below</p></main>`;
    const { page, complaints, close } = await open(html, {
      viewport: { width: kind.width ?? 900, height: 900 },
      directives: ["style-src 'unsafe-inline'"],
      isPaintedFirst: true,
      ...options,
    });
    await inState(page, state);
    if (kind.shows)
      await page.locator(kind.shows).waitFor({ state: "attached" });
    const shift = await layoutShift(page);
    await kind.after?.(page).then(() => inState(page, state));
    const overflow = await page.evaluate((isNarrow) => {
      const host = document.querySelector("case-status")!;
      const card = host.shadowRoot!.firstElementChild!;
      const [outer, inner] = [
        host.getBoundingClientRect(),
        card.getBoundingClientRect(),
      ];
      return [
        document.documentElement.scrollWidth > innerWidth &&
          "the page scrolls sideways",
        card.scrollWidth > card.clientWidth && "the card scrolls sideways",
        card.clientHeight < card.scrollHeight &&
          innerWidth >= 220 &&
          "the card scrolls",
        (card.querySelector("[part=number]")?.getClientRects().length ?? 1) >
          1 && "the number wraps",
        outer.width < (isNarrow ? 200 : Math.min(400, innerWidth - 20)) &&
          "the card is narrow",
        (inner.right > outer.right + 1 || inner.bottom > outer.bottom + 1) &&
          "the card is larger than its element",
      ].filter(Boolean);
    }, kind.isNarrow);
    // What axe-core reads: the markup, and how it is painted. Most widths and
    // layouts of a page change neither.
    const appearance = await page.evaluate(() => {
      const host = document.querySelector("case-status")!;
      const painted = (element: Element) => {
        const {
          color,
          backgroundColor,
          backgroundImage,
          fontSize,
          display,
          opacity,
        } = getComputedStyle(element);
        return [
          color,
          backgroundColor,
          backgroundImage,
          fontSize,
          display,
          opacity,
        ].join();
      };
      const around = [
        host.outerHTML,
        document.dir,
        painted(document.body),
        painted(host),
      ];
      return [
        ...around,
        host.shadowRoot!.innerHTML,
        ...[...host.shadowRoot!.querySelectorAll("*")].map(painted),
      ].join("\n");
    });
    const findings = clean.has(appearance)
      ? []
      : await axeFindings(page, { within: "case-status" });
    if (findings.length === 0) clean.add(appearance);
    if (shift > 0) faults.push(`${name}: a shift of ${shift}`);
    if (overflow.length > 0) faults.push(`${name}: ${overflow.join(", ")}`);
    // Chromium reports every answer of a newsroom in trouble.
    if (complaints.length > 0 && !kind.before)
      faults.push(`${name}: ${complaints.join(", ")}`);
    if (findings.length > 0)
      faults.push(`${name}: ${JSON.stringify(findings)}`);
    await close();
    newsroom.cases.clear();
    for (const [id, speak] of before) newsroom.cases.set(id, speak);
  }
  expect(faults).toEqual([]);
});
