/**
 * `/local/states` on a local run: every state on every surface, rendered by the product's own functions. Each state and surface also has
 * an address of its own, `/local/states/{state}/{surface}`, for screenshots.
 */

import type { ComponentChildren } from "preact";
import { renderToString } from "preact-render-to-string";
import { updateMessage } from "../../../../bot/update-message.ts";
import widgetStyle from "../../../../dist/widget-style.css";
import { addresses } from "../../../../shared/addresses.ts";
import { isLocale, type LocaleTag, locales, localeTags, sourceLocale } from "../../../../shared/locale.ts";
import type { Profile } from "../../../../shared/profile/schema.ts";
import type { View } from "../../../../shared/view/schema.ts";
import { CaseCard, type Variant } from "../../../../widget/case-card.tsx";
import { Events } from "../../../../widget/timeline.tsx";
import { RichText } from "../../../desk/rich-text.tsx";
import { openActOf } from "../../../web/site/act/open-act.ts";
import { badge } from "../../../web/site/badge/badge.tsx";
import { casePage, refusalPage } from "../../../web/site/case-page/case-page.tsx";
import { followScript } from "../../../web/site/case-page/follow.tsx";
import { embedPage } from "../../../web/site/embed/embed-page.tsx";
import { type Look, themes } from "../../../web/site/embed/look.ts";
import { picturesOf } from "../../../web/site/pictures.ts";
import { type State, states, viewOfState } from "./states.ts";

const GALLERY = "/local/states";
const surfaces = ["card", "compact", "timeline", "page", "frame", "timeline-frame", "badge", "telegram"] as const;
type Surface = (typeof surfaces)[number];
/** Of the frames, in CSS pixels, where it is less than usual. */
const heights: Partial<Record<Surface, number>> = { compact: 176, badge: 200 };
/** In CSS pixels: a small phone, a phone, a column, a desktop screen. */
const widths = [320, 390, 640, 1200];

interface Choice {
  lang: LocaleTag;
  theme: Look["theme"];
  width: number;
  surface?: Surface | undefined;
}

interface Site {
  origin: string;
  profile: Profile;
}

function choiceIn(query: URLSearchParams): Choice {
  const lang = query.get("lang") ?? "";
  return {
    lang: isLocale(lang) ? lang : sourceLocale,
    theme: themes.find((theme) => theme === query.get("theme")) ?? "auto",
    width: widths.find((width) => String(width) === query.get("width")) ?? 390,
    surface: surfaces.find((surface) => surface === query.get("surface")),
  };
}

/** The element as a partner's page shows it, as declarative shadow DOM. */
function element(state: State, view: View, variant: Variant, { theme, lang }: Choice, { origin }: Site) {
  const freshness = state.present?.freshness ?? "fresh";
  const shadow = renderToString(
    <>
      <style dangerouslySetInnerHTML={{ __html: widgetStyle }} />
      <CaseCard
        view={view}
        page={origin + addresses.page(view.id, lang)}
        freshness={freshness}
        variant={variant}
        events={variant === "timeline" && view.state === "present" ? <Events view={view} /> : null}
      />
    </>,
  );
  const html = `<case-status theme="${theme}"><template shadowrootmode="open">${shadow}</template></case-status>`;
  return bare(<div dangerouslySetInnerHTML={{ __html: html }} />, lang);
}

const DAY_MS = 86_400_000;

const documentOf = (lang: LocaleTag, title: string, kind: string, body: ComponentChildren) =>
  `<!doctype html>${renderToString(
    <html lang={lang} dir={locales[lang].dir} class={kind}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{title}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/local/gallery.css" />
      </head>
      <body>{body}</body>
    </html>,
  )}`;

/** Wraps an element, an image or a message in a page. */
const bare = (children: ComponentChildren, lang: LocaleTag) => documentOf(lang, lang, "bare", children);

async function page({ present }: State, view: View, { lang }: Choice, site: Site): Promise<string> {
  const inLanguage = (tag: LocaleTag) => `?lang=${tag}`;
  if (view.state !== "present") {
    const { title, text, number, revision } = view;
    const search = view.state === "unknown";
    const dated = number && revision ? { number, revision } : {};
    return refusalPage({ locale: lang, title: title.text, text, site, inLanguage, search, ...dated });
  }
  if (!present) return "";
  const { fields, history: revisions, before } = present;
  const [newest] = revisions;
  const comparisons = new Map(before ? [[newest.number, { before, after: fields }]] : []);
  const history = { revisions, older: null, newer: null, first: revisions.at(-1) ?? newest, newest };
  const pictures = await picturesOf(fields, view, true, Date.now());
  const html = casePage({ fields, view, history, comparisons, site, pictures, act: actOf(present, lang, site) });
  // No deployment has this case's revision, so the page would load itself again each minute.
  return html.replace(followScript, "");
}

function actOf({ fields, history, daysLater = 0 }: NonNullable<State["present"]>, lang: LocaleTag, { profile }: Site) {
  const state = { state: "present", record: { case: fields, revision: history[0] } } as const;
  return openActOf(state, lang, Date.now() + daysLater * DAY_MS, profile);
}

const openIn = ({ present }: State, lang: LocaleTag, site: Site) => (present ? actOf(present, lang, site) : null);

function telegram(view: View, { lang }: Choice, { origin, profile }: Site): string {
  const { text, entities, keyboard } = updateMessage(view, [], { publicUrl: origin, profile });
  return bare(
    <div class="chat">
      <div class="bubble" dir="auto">
        <RichText text={text} entities={entities} />
      </div>
      {keyboard.inline_keyboard.map((row) => (
        <div class="keys">
          {row.map((key) => (
            <span>{key.text}</span>
          ))}
        </div>
      ))}
    </div>,
    lang,
  );
}

/** Replaces the theme of the reader's system with the chosen one in a page. */
const inTheme = (body: string, theme: Look["theme"]) =>
  theme === "auto"
    ? body
    : body
        .replaceAll("(prefers-color-scheme: dark)", theme === "dark" ? "(min-width: 0)" : "(max-width: 0)")
        .replaceAll("light dark", `${theme} only`);

/** The badge as the embed snippet shows it: no wider than its column. */
const image = (svg: string, lang: LocaleTag) =>
  bare(<img class="badge" src={`data:image/svg+xml,${encodeURIComponent(svg)}`} alt="" />, lang);

/** A frame that has lost its connection shows its notice and asks no more. */
const withoutConnection = (html: string) =>
  html.replace('role="status" hidden', 'role="status"').replace(/<script[\s\S]*?<\/script>/g, "");

async function frame(state: State, view: View, variant: Variant, choice: Choice, site: Site): Promise<string> {
  const { present } = state;
  const html = embedPage(
    view,
    site.origin,
    { variant, theme: choice.theme },
    {
      appeal: openIn(state, choice.lang, site),
      ...(present && view.state === "present"
        ? { pictures: await picturesOf(present.fields, view, true, Date.now()) }
        : {}),
    },
  );
  return present?.freshness ? withoutConnection(html) : html;
}

/** The stored picture of a portrait, which this run doesn't have. */
const drawnPortrait = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 72 90"><path fill="#b9b4a6" d="M0 0h72v90H0z"/><circle cx="36" cy="36" r="17" fill="#5b5a55"/><path fill="#5b5a55" d="M8 90c0-20 12-32 28-32s28 12 28 32z"/></svg>',
)}`;

/** @returns a complete page that shows one state on one surface */
async function draw(state: State, surface: Surface, choice: Choice, site: Site): Promise<string> {
  const view = viewOfState(state, choice.lang, Date.now(), site.profile);
  switch (surface) {
    case "page":
      return page(state, view, choice, site);
    case "frame":
      return frame(state, view, "card", choice, site);
    case "timeline-frame":
      return frame(state, view, "timeline", choice, site);
    case "badge":
      return image(inTheme(badge(view, site.profile, choice.theme), choice.theme), choice.lang);
    case "telegram":
      return telegram(view, choice, site);
    default:
      return element(state, view, surface, choice, site);
  }
}

const addressOf = (state: State, surface: Surface, { lang, theme }: Choice) =>
  `${GALLERY}/${state.id}/${surface}?lang=${lang}&theme=${theme}`;

function Choose({ name, options, chosen }: { name: string; options: (string | number)[]; chosen: string | number }) {
  return (
    <label>
      {name}
      <select name={name}>
        {options.map((option) => (
          <option value={option} selected={option === chosen}>
            {option || "all"}
          </option>
        ))}
      </select>
    </label>
  );
}

function gallery(choice: Choice): string {
  const shown = choice.surface ? [choice.surface] : surfaces;
  return documentOf(
    "en",
    "Every state · Casewire on this machine",
    "",
    <>
      <script type="module" src="/local/gallery.js" />
      <script type="module" src="/local/reload.js" />
      <header>
        <h1>Every state</h1>
        <form>
          <Choose name="lang" options={localeTags} chosen={choice.lang} />
          <Choose name="theme" options={[...themes]} chosen={choice.theme} />
          <Choose name="width" options={widths} chosen={choice.width} />
          <Choose name="surface" options={["", ...surfaces]} chosen={choice.surface ?? ""} />
          <noscript>
            <button type="submit">Show</button>
          </noscript>
        </form>
        <nav aria-label="States">
          {states.map(({ id }) => (
            <a href={`#${id}`}>{id}</a>
          ))}
        </nav>
      </header>
      <main>
        {states.map((state) => (
          <section id={state.id} aria-labelledby={`${state.id}-name`}>
            <h2 id={`${state.id}-name`}>{state.name}</h2>
            <div class="surfaces">
              {shown.map((surface) => (
                <figure>
                  <figcaption>
                    <a href={addressOf(state, surface, choice)}>{surface}</a>
                  </figcaption>
                  <iframe
                    src={addressOf(state, surface, choice)}
                    title={`${state.name}: ${surface}`}
                    width={choice.width}
                    height={heights[surface] ?? 480}
                    loading="lazy"
                  />
                </figure>
              ))}
            </div>
          </section>
        ))}
      </main>
    </>,
  );
}

/** Allows framing only by the gallery, and no requests to other origins. */
const policy =
  "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src data:; connect-src 'self'; frame-src 'self'; frame-ancestors 'self'; base-uri 'none'";

/** @param address of a request whose path begins with `/local/states` */
export async function statesPage(address: URL, site: Site): Promise<Response> {
  const [id, asked, ...rest] = address.pathname.slice(GALLERY.length + 1).split("/");
  const choice = choiceIn(address.searchParams);
  const headers = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": policy,
    "Content-Type": "text/html; charset=utf-8",
  };
  if (!id) return new Response(gallery(choice), { headers });
  const state = states.find((one) => one.id === id);
  const surface = surfaces.find((one) => one === asked);
  if (!state || !surface || rest.length > 0)
    return new Response(`State not found. ${GALLERY} shows all states.\n`, { status: 404 });
  const html = (await draw(state, surface, choice, site)).replace(
    /src="[^"]*\/portraits?\/[^"]*"/g,
    `src="${drawnPortrait}"`,
  );
  return new Response(inTheme(html, choice.theme), { headers });
}
