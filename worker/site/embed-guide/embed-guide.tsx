/** The page for webmasters: choose a case and its look, see it, copy what to paste. Needs no script. */
import type { ComponentChildren } from "preact";
import embedGuideStyle from "../../../dist/embed-guide-style.css";
import { addresses, paths } from "../../../shared/addresses.ts";
import { type LocaleTag, locales, localeTags } from "../../../shared/locale.ts";
import { type MessageKey, message } from "../../../shared/messages.ts";
import type { CaseSummary } from "../../../shared/view/summary.ts";
import { viewSummary } from "../../../shared/view/view.ts";
import { renderDocument, type Site } from "../document/document.tsx";
import { sourceOf } from "../document/policy.ts";
import { element } from "../document/xml.ts";
import { frames, LINE, type Look, lookOf, reserve, themes, variants } from "../embed/look.ts";
import {
  badgeSnippet,
  type Choice,
  frameSnippet,
  htmlSnippet,
  markdownSnippet,
  pinnedSnippet,
  policies,
  reactSnippet,
  styleText,
} from "../embed/snippets.ts";
import { Privacy } from "./privacy.tsx";
import { Snippet } from "./snippet.tsx";

export interface Asked extends Look {
  /** What was typed: an id, a number or a name. */
  text: string;
  /** The language of what is shown; the page has its own. */
  lang: LocaleTag;
}

/** The page's own style, and the very rules that a webmaster copies: the case has the same room here. */
export const embedGuideStyles = [embedGuideStyle, Object.values(reserve).join("")];

interface EmbedGuideProps {
  /** The language of the page itself. */
  locale: LocaleTag;
  asked: Asked;
  /** The case to show; none when what was typed names none, or several. */
  chosen: CaseSummary | null;
  /** Which cases what was typed may mean. */
  found: CaseSummary[];
  /** For the field's list. */
  all: CaseSummary[];
  site: Site;
  /** The script's own address, and what a browser demands of its bytes. */
  release: { path: string; integrity: string };
  /** Milliseconds since the epoch. */
  now: number;
}

const addressOf = ({ text, lang, ...look }: Asked, ui: LocaleTag, id = text) =>
  `${paths.embedGuide}?${new URLSearchParams({ case: id, variant: look.variant, lang, theme: look.theme, ui })}`;

interface SelectProps {
  name: string;
  label: string;
  chosen: string;
  options: (readonly [value: string, label: string])[];
}

const Select = ({ name, label, chosen, options }: SelectProps) => (
  <label>
    {label}
    <select name={name}>
      {options.map(([value, text]) => (
        <option value={value} selected={value === chosen}>
          {text}
        </option>
      ))}
    </select>
  </label>
);

/** How a case is called in a list of them. */
const nameOf = (summary: CaseSummary, locale: LocaleTag, now: number) =>
  `${summary.number} · ${viewSummary(summary, locale, now).title.text}`;

function Form({ locale, asked, chosen, all, now }: EmbedGuideProps) {
  const say = (key: MessageKey) => message(locale, key);
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
          value={chosen?.id ?? asked.text}
          maxLength={200}
          dir="auto"
          autocomplete="off"
        />
      </label>
      <datalist id="cases">
        {all.map((summary) => (
          <option value={summary.id}>{nameOf(summary, locale, now)}</option>
        ))}
      </datalist>
      <Select
        name="variant"
        label={say("page.embed.variant")}
        chosen={asked.variant}
        options={variants.map((variant) => [variant, say(`page.embed.variant.${variant}`)])}
      />
      <Select
        name="lang"
        label={say("page.embed.language")}
        chosen={asked.lang}
        options={localeTags.map((tag) => [tag, locales[tag].name])}
      />
      <Select
        name="theme"
        label={say("page.embed.theme")}
        chosen={asked.theme}
        options={themes.map((theme) => [theme, say(`page.embed.theme.${theme}`)])}
      />
      <button type="submit">{say("page.embed.show")}</button>
    </form>
  );
}

const CaseStatus = element("case-status");

/** The real element, from this deployment's own script; readers without script see the frame. */
function Preview({ choice, locale }: { choice: Choice; locale: LocaleTag }) {
  const { id, number, lang, variant } = choice;
  const { height } = frames[variant];
  const attributes = { case: id, lang, ...lookOf(choice) };
  return (
    <section class="after" aria-labelledby="preview">
      <h2 id="preview">{message(locale, "page.embed.preview")}</h2>
      <div class={`preview ${variant}`}>
        <div class={LINE}>
          <CaseStatus {...attributes} heading-level="3">
            <noscript>
              <iframe src={addresses.embed(id, lang, lookOf(choice))} title={`${number}, Casewire`} height={height} />
            </noscript>
          </CaseStatus>
        </div>
      </div>
    </section>
  );
}

function Place({
  id,
  title,
  open,
  children,
}: {
  id: string;
  title: string;
  open?: boolean;
  children: ComponentChildren;
}) {
  return (
    <details name="place" id={id} open={open}>
      <summary>{title}</summary>
      {children}
    </details>
  );
}

function Chosen({
  choice,
  locale,
  site,
  release,
}: { choice: Choice } & Pick<EmbedGuideProps, "locale" | "site" | "release">) {
  const say = (key: MessageKey, values = {}) => message(locale, key, values);
  const { origin } = site;
  const html = htmlSnippet(choice, origin);
  const copy = say("page.embed.copy");
  const snippet = (text: string, label: string) => <Snippet text={text} label={label} copy={copy} />;
  return (
    <>
      <Preview choice={choice} locale={locale} />
      <section class="after places" aria-labelledby="places">
        <h2 id="places">{say("page.embed.paste")}</h2>
        <Place id="html" title={say("page.embed.html")} open>
          <p>{say("page.embed.html.text")}</p>
          {snippet(html, "HTML")}
          <p>{say("page.embed.pinned.text")}</p>
          {snippet(pinnedSnippet(choice, origin, release), say("page.embed.pinned"))}
        </Place>
        <Place id="wordpress" title="WordPress">
          <p>{say("page.embed.wordpress.text")}</p>
          {snippet(origin + addresses.page(choice.id, choice.lang), say("page.embed.wordpress.address"))}
          <p>{say("page.embed.wordpress.block.text")}</p>
          {snippet(html, say("page.embed.wordpress.block"))}
        </Place>
        <Place id="ghost" title="Ghost">
          <p>{say("page.embed.ghost.text")}</p>
          {snippet(html, "HTML")}
        </Place>
        <Place id="react" title="React">
          <p>{say("page.embed.react.text")}</p>
          {snippet(reactSnippet(choice, origin), "JSX")}
        </Place>
        <Place id="frame" title={say("page.embed.frame")}>
          <p>{say("page.embed.frame.text")}</p>
          <p>{say("page.embed.first-line")}</p>
          {snippet(frameSnippet(choice, origin), "HTML")}
        </Place>
        <Place id="badge" title={say("page.embed.badge")}>
          <p>{say("page.embed.badge.text")}</p>
          <p>
            <img src={addresses.badge(choice.id, choice.lang)} alt={`${choice.number}, Casewire`} height={48} />
          </p>
          <p>{say("page.embed.first-line")}</p>
          {snippet(badgeSnippet(choice, origin), "HTML")}
          {snippet(markdownSnippet(choice, origin), "Markdown")}
        </Place>
      </section>
      <section class="after" aria-labelledby="height">
        <h2 id="height">{say("page.embed.height")}</h2>
        <p>{say(choice.variant === "compact" ? "page.embed.height.line" : "page.embed.height.text")}</p>
        <p id="whole" class="soft" data-text={say("page.embed.height.whole")} hidden />
        {snippet(styleText(choice).trim().replace(/^ {2}/gm, ""), "CSS")}
      </section>
      <section class="after" aria-labelledby="policy">
        <h2 id="policy">{say("page.embed.policy")}</h2>
        <p>{say("page.embed.policy.text")}</p>
        {snippet(policies.element(origin), say("page.embed.policy.evergreen"))}
        {snippet(policies.element(origin, origin + release.path), say("page.embed.policy.pinned"))}
        {snippet(policies.frame(origin), say("page.embed.frame"))}
        {snippet(policies.badge(origin), say("page.embed.badge"))}
        <p>{say("page.embed.policy.style")}</p>
        {snippet(`style-src ${sourceOf(styleText(choice))}`, say("page.embed.policy.style.label"))}
      </section>
    </>
  );
}

const nothingIn = ({ locale, asked }: EmbedGuideProps) => message(locale, asked.text ? "page.nothing" : "page.none");

/** What came of the choice, in a line: a page that changes by its script says it aloud. */
function outcomeOf(props: EmbedGuideProps): string {
  const { locale, asked, chosen, found } = props;
  if (!chosen) return found[0] ? message(locale, "page.embed.several", { count: found.length }) : nothingIn(props);
  const look = [`page.embed.variant.${asked.variant}`, `page.embed.theme.${asked.theme}`] as const;
  const what = [chosen.number, locales[asked.lang].name, ...look.map((key) => message(locale, key))].join(" · ");
  return message(locale, "page.embed.shown", { what });
}

/** When what was typed names no one case. */
function Undecided(props: EmbedGuideProps) {
  const { locale, asked, found, now } = props;
  if (found.length === 0) return <p>{nothingIn(props)}</p>;
  return (
    <section class="after" aria-labelledby="several">
      <h2 id="several">{message(locale, "page.embed.several", { count: found.length })}</h2>
      <ul class="several">
        {found.slice(0, 20).map((summary) => (
          <li>
            <a href={addressOf(asked, locale, summary.id)}>{nameOf(summary, locale, now)}</a>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function embedGuidePage(props: EmbedGuideProps): string {
  const { locale, asked, chosen, site, release } = props;
  const say = (key: MessageKey) => message(locale, key);
  const { lang, variant, theme } = asked;
  return renderDocument({
    locale,
    title: `${say("page.embed")} · Casewire`,
    site,
    inLanguage: (tag) => addressOf(asked, tag, chosen?.id),
    head: (
      <>
        <link rel="canonical" href={site.origin + paths.embedGuide} />
        <meta name="description" content={say("page.embed.intro")} />
        {embedGuideStyles.map((style) => (
          <style dangerouslySetInnerHTML={{ __html: style }} />
        ))}
        <script src={paths.widget} async crossorigin="anonymous" />
        <script src={paths.embedGuideScript} type="module" />
      </>
    ),
    tools: <a href={addresses.front(locale)}>{say("page.cases")}</a>,
    children: (
      <main class="guide">
        <div class="intro">
          <h1>{say("page.embed")}</h1>
          <p>{say("page.embed.intro")}</p>
        </div>
        <search>
          <Form {...props} />
        </search>
        <div id="unreached" class="notice" hidden>
          {say("page.embed.unreached")}
        </div>
        <div id="chosen" data-said={outcomeOf(props)}>
          {chosen ? (
            <Chosen
              choice={{ id: chosen.id, number: chosen.number, lang, variant, theme }}
              locale={locale}
              site={site}
              release={release}
            />
          ) : (
            <Undecided {...props} />
          )}
        </div>
        <Privacy locale={locale} site={site} />
        <p id="said" role="status" data-copied={say("page.embed.copied")} data-failed={say("page.embed.copy.failed")} />
      </main>
    ),
  });
}
