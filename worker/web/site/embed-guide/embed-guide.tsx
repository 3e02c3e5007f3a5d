/**
 * The embed guide for webmasters: pick a case and a look, see a preview, copy
 * the code. Works without JavaScript.
 */
import type { ComponentChildren } from "preact";
import ownStyle from "../../../../dist/embed-guide-style.css";
import { addresses, paths } from "../../../../shared/addresses.ts";
import { type LocaleTag, locales } from "../../../../shared/locale.ts";
import {
  type MessageKey,
  message,
  sayIn,
} from "../../../../shared/messages.ts";
import { markedText } from "../../../../shared/view/run.ts";
import type { PresentView } from "../../../../shared/view/schema.ts";
import type { CaseSummary } from "../../../../shared/view/summary.ts";
import { viewSummary } from "../../../../shared/view/view.ts";
import { badgeSizeOf } from "../badge/badge.tsx";
import { captionOfView } from "../caption.ts";
import { renderDocument, type Site, styleWith } from "../document/document.tsx";
import { element } from "../document/xml.ts";
import {
  frameHeights,
  type Look,
  lookParameters,
  styleText,
  themes,
  variants,
} from "../embed/look.ts";
import {
  altOf,
  badgeSnippet,
  badgeTheme,
  type Choice,
  consentSnippet,
  frameSnippet,
  htmlSnippet,
  markdownSnippet,
  mirrorSnippet,
  pinnedScript,
  policies,
  reactSnippet,
  serverSnippets,
} from "../embed/snippets.ts";
import { fragmentStyles } from "../fragment/fragment.tsx";
import { Select, searchStyle } from "../front-page/search.tsx";
import { TelegramLink } from "../telegram/telegram-page.tsx";

export interface GuideInput extends Look {
  /** The text in the case field: an id, a URL, a number or a name. */
  text: string;
  /** Language of the embedded case. The language of the page is separate. */
  lang: LocaleTag;
}

/**
 * The page's own styles, and the height rules that webmasters copy, so that the
 * preview has the same height as on their page.
 */
export const embedGuideStyle = styleWith(
  searchStyle + ownStyle + variants.map(styleText).join(" "),
);

interface EmbedGuideProps {
  /** The language of the page itself. */
  locale: LocaleTag;
  input: GuideInput;
  /** The case to show; null unless exactly one case matches the input. */
  chosen: CaseSummary | null;
  /** The chosen case in the language to embed. */
  view: PresentView | null;
  /** Cases that match the input. */
  matches: CaseSummary[];
  /** The number of all matches. */
  found: number;
  /** Suggestions for the case field. */
  suggestions: CaseSummary[];
  site: Site;
  /** Path of the pinned script, and its Subresource Integrity hash. */
  release: { path: string; integrity: string; morePath: string };
  /** The public key of the signed log; null in a deployment without one. */
  logKey: string | null;
  /** Milliseconds since the epoch. */
  now: number;
}

const addressOf = (
  { text, lang, ...look }: GuideInput,
  ui: LocaleTag,
  id = text,
) =>
  `${paths.embedGuide}?${new URLSearchParams({ case: id, variant: look.variant, lang, theme: look.theme, ui })}`;

/** Label of a case in a list. */
const labelOf = (summary: CaseSummary, locale: LocaleTag, now: number) =>
  `${summary.number} · ${markedText(viewSummary(summary, locale, now).title)}`;

function Form({
  locale,
  input,
  chosen,
  suggestions,
  site,
  now,
}: EmbedGuideProps) {
  const say = sayIn(locale);
  return (
    <form
      class="search choose"
      id="choose"
      action={paths.embedGuide}
      method="get"
      aria-label={say("page.embed.choose")}
    >
      <input type="hidden" name="ui" value={locale} />
      <label class="query">
        {say("page.embed.case")}
        <input
          type="search"
          name="case"
          list="cases"
          value={chosen?.number ?? input.text}
          maxLength={200}
          dir="auto"
          autocomplete="off"
        />
      </label>
      <datalist id="cases">
        {suggestions.map((summary) => (
          <option value={summary.number}>
            {markedText(viewSummary(summary, locale, now).title)}
          </option>
        ))}
      </datalist>
      {Object.entries({
        variant: variants.map((value) => ({
          value,
          text: say(`page.embed.variant.${value}`),
        })),
        lang: site.profile.languages.map((value) => ({
          value,
          text: locales[value].name,
        })),
        theme: themes.map((value) => ({
          value,
          text: say(`page.embed.theme.${value}`),
        })),
      }).map(([name, options]) => (
        <Select
          name={name}
          label={say(`page.embed.${name}` as MessageKey)}
          chosen={input[name as keyof typeof input]}
          options={options}
        />
      ))}
      <button type="submit">{say("page.embed.show")}</button>
    </form>
  );
}

const CaseStatus = element("case-status");

/** In CSS pixels. */
const previewWidths = { phone: 360, tablet: 744 };

/**
 * The element itself on a phone and on a tablet, or the iframe for readers
 * without JavaScript.
 */
function Preview({ choice, locale }: { choice: Choice; locale: LocaleTag }) {
  const { id, lang, variant } = choice;
  const height = frameHeights[variant];
  const frame = addresses.embed(id, lang, lookParameters(choice));
  const attributes = { case: id, lang, ...lookParameters(choice) };
  return (
    <section class="after" aria-labelledby="preview">
      <h2 id="preview">{message(locale, "page.embed.preview")}</h2>
      <div class="previews">
        {(["phone", "tablet"] as const).map((device) => (
          <figure class={device}>
            <figcaption>
              {message(locale, `page.embed.preview.${device}`)} ·{" "}
              <bdi dir="ltr">{previewWidths[device]} px</bdi>
            </figcaption>
            <CaseStatus {...attributes} heading-level="3">
              <noscript>
                <iframe
                  src={frame}
                  title={`${altOf(choice)}, ${previewWidths[device]} px`}
                  height={height}
                />
              </noscript>
            </CaseStatus>
          </figure>
        ))}
      </div>
    </section>
  );
}

interface SnippetProps {
  text: string;
  label: string;
  locale: LocaleTag;
  prose?: boolean;
}

/** Code or text to copy. The page's script reveals the button. */
const Snippet = ({ text, label, locale, prose }: SnippetProps) => (
  <figure class="snippet">
    <figcaption>{label}</figcaption>
    <pre {...(prose ? {} : { lang: "en", dir: "ltr" })}>
      <code>{text}</code>
    </pre>
    <button
      type="button"
      class="copy"
      aria-label={`${message(locale, "page.embed.copy")}: ${label}`}
      data-copied={message(locale, "page.embed.copied")}
      hidden
    >
      {message(locale, "page.embed.copy")}
    </button>
  </figure>
);

type MethodId =
  | "html"
  | "wordpress"
  | "react"
  | "frame"
  | "server"
  | "consent"
  | "mirror"
  | "badge";
/** Those that have the same name in every language. */
const brands: { [Id in MethodId]?: string } = {
  wordpress: "WordPress",
  react: "React",
};

type ChosenProps = { choice: Choice; view: PresentView } & Pick<
  EmbedGuideProps,
  "locale" | "site" | "release" | "logKey"
>;

function Chosen({ choice, view, locale, site, release, logKey }: ChosenProps) {
  const say = sayIn(locale);
  const { origin } = site;
  const server = serverSnippets(choice, origin);
  const badgeSize = badgeSizeOf(view, site.profile);
  const consentLabel = message(choice.lang, "page.embed.consent.show", {
    host: new URL(origin).host,
  });
  const snippet = (text: string, label: string) => (
    <Snippet text={text} label={label} locale={locale} />
  );
  const policy = (text: string) => snippet(text, say("page.embed.policy"));
  /** The code for each kind of site. */
  const methods: { [Id in MethodId]: ComponentChildren[] } = {
    html: [
      snippet(htmlSnippet(choice, origin), "HTML"),
      <p>{say("page.embed.policy.text")}</p>,
      policy(policies.element(choice, origin)),
      <p>{say("page.embed.pinned.text")}</p>,
      snippet(pinnedScript(origin, release), say("page.embed.pinned")),
      policy(
        policies.element(
          choice,
          origin,
          `${origin}${release.path} ${origin}${release.morePath}`,
        ),
      ),
    ],
    wordpress: [
      snippet(
        origin + addresses.page(choice.id, choice.lang),
        say("page.embed.wordpress.address"),
      ),
      policy(`frame-src ${origin}`),
    ],
    react: [snippet(reactSnippet(choice, origin), "JSX")],
    frame: [
      snippet(frameSnippet(choice, origin), "HTML"),
      policy(policies.frame(origin)),
    ],
    server: [
      snippet(server.address, say("page.embed.server.address")),
      snippet(server.nginx, "nginx (SSI)"),
      snippet(server.esi, "Varnish, Fastly (ESI)"),
      policy(policies.server(origin, fragmentStyles())),
    ],
    consent: [
      snippet(
        consentSnippet(choice, origin, captionOfView(view), consentLabel),
        "HTML",
      ),
      policy(policies.consent(choice, origin)),
    ],
    mirror: logKey
      ? [
          snippet(mirrorSnippet(choice, origin, logKey), "HTML"),
          policy(policies.mirror(choice, origin)),
        ]
      : [],
    badge: [
      <p>
        <img
          src={addresses.badge(choice.id, choice.lang, badgeTheme(choice))}
          alt={altOf(choice)}
          {...badgeSize}
        />
      </p>,
      snippet(badgeSnippet(choice, origin, badgeSize), "HTML"),
      snippet(markdownSnippet(choice, origin), "Markdown"),
      policy(policies.badge(origin)),
    ],
  };
  return (
    <>
      <Preview choice={choice} locale={locale} />
      <section class="after places" aria-labelledby="places">
        <h2 id="places">{say("page.embed.paste")}</h2>
        {Object.entries(methods).map(
          ([id, parts]) =>
            parts[0] && (
              <details name="place" id={id} open={id === "html"}>
                <summary>
                  {brands[id as MethodId] ??
                    say(`page.embed.${id}` as MessageKey)}
                </summary>
                <p>{say(`page.embed.${id as MethodId}.text`)}</p>
                {parts}
              </details>
            ),
        )}
      </section>
    </>
  );
}

export const MAX_LISTED_MATCHES = 20;

/** Shown unless exactly one case matches the input. */
function Matches({ locale, input, matches, found, now }: EmbedGuideProps) {
  if (matches.length === 0)
    return <p>{message(locale, input.text ? "page.nothing" : "page.none")}</p>;
  return (
    <section class="after" aria-labelledby="several">
      <h2 id="several">
        {message(locale, "page.embed.several", { count: found })}
      </h2>
      <ul class="several">
        {matches.slice(0, MAX_LISTED_MATCHES).map((summary) => (
          <li>
            <a href={addressOf(input, locale, summary.id)}>
              {labelOf(summary, locale, now)}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

/**
 * The data that the widget sends about a partner's visitors, and a text for the
 * partner's privacy notice.
 */
function Privacy({ locale, site }: { locale: LocaleTag; site: Site }) {
  const host = new URL(site.origin).host;
  return (
    <section class="after privacy" aria-labelledby="privacy">
      <h2 id="privacy">{message(locale, "page.embed.privacy")}</h2>
      <p>{message(locale, "page.embed.privacy.not.text")}</p>
      <Snippet
        text={message(locale, "page.embed.privacy.notice.text", { host })}
        label={message(locale, "page.embed.privacy.notice")}
        locale={locale}
        prose
      />
    </section>
  );
}

/**
 * For a page that quotes the case already. An editor looks at it before any
 * program does.
 */
function Tell({ locale, id }: { locale: LocaleTag; id: string }) {
  const say = sayIn(locale);
  return (
    <section class="after tell" aria-labelledby="tell">
      <h2 id="tell">{say("page.embed.told")}</h2>
      <p>{say("page.embed.told.text")}</p>
      <p id="told" class="notice" role="status">
        {say("page.embed.told.done")}
      </p>
      <form
        class="search choose"
        action={`${paths.places}?lang=${locale}`}
        method="post"
      >
        <input type="hidden" name="case" value={id} />
        <label class="query">
          {say("page.embed.told.url")}
          <input
            name="url"
            type="url"
            required
            pattern="https://.*"
            placeholder="https://"
            dir="ltr"
          />
        </label>
        <label class="query">
          {say("page.embed.told.contact")}
          <input
            name="contact"
            type="text"
            maxLength={200}
            dir="auto"
            autocomplete="email"
          />
        </label>
        <button type="submit">{say("page.embed.told.send")}</button>
      </form>
    </section>
  );
}

export function embedGuidePage(props: EmbedGuideProps): string {
  const { locale, input, chosen, view, site, release } = props;
  const say = sayIn(locale);
  const { lang, variant, theme } = input;
  const newsroom = site.profile.newsroom.name;
  return renderDocument({
    locale,
    title: `${say("page.embed")} · ${newsroom}`,
    site,
    inLanguage: (tag) => addressOf(input, tag, chosen?.id),
    style: embedGuideStyle,
    head: (
      <>
        <link rel="canonical" href={site.origin + paths.embedGuide} />
        <meta name="description" content={say("page.embed.intro")} />
        <script src={paths.widget} async crossorigin="anonymous" />
        <script src={paths.embedGuideScript} type="module" />
      </>
    ),
    tools: (
      <>
        <a href={addresses.front(locale)}>{say("page.cases")}</a>
        <TelegramLink site={site} locale={locale} />
      </>
    ),
    children: (
      <main class="guide">
        <div class="intro">
          <h1>{say("page.embed")}</h1>
          <p>{say("page.embed.intro")}</p>
        </div>
        <search>
          <Form {...props} />
        </search>
        <div id="chosen">
          {view?.notes[0] && (
            <p class="fallback" lang={view.lang} dir={view.dir}>
              {view.notes.join(" ")}
            </p>
          )}
          {chosen && view ? (
            <Chosen
              choice={{
                id: chosen.id,
                number: chosen.number,
                newsroom,
                lang,
                variant,
                theme,
              }}
              view={view}
              locale={locale}
              site={site}
              release={release}
              logKey={props.logKey}
            />
          ) : (
            <Matches {...props} />
          )}
          {chosen && view && <Tell locale={locale} id={chosen.id} />}
        </div>
        <Privacy locale={locale} site={site} />
        <p id="said" class="said" role="status" />
      </main>
    ),
  });
}
