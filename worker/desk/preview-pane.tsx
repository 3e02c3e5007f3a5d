/**
 * A preview of the draft on each surface. The server renders it with the same
 * functions as the real surfaces.
 */

import { render } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { pageAddress } from "../../shared/addresses.ts";
import { directionOf } from "../../shared/locale.ts";
import type { View } from "../../shared/view/schema.ts";
import cardStyle from "../../widget/card.css?inline";
import { CaseCard } from "../../widget/case-card.tsx";
import type { DeskDraft, Preview } from "../editing/rules/desk.ts";
import { Button, SelectInput } from "./inputs.tsx";
import { RefusalNotice, useAnswer } from "./publish/refusal.tsx";
import { type Entity, RichText } from "./rich-text.tsx";
import { useSession } from "./session.ts";
import { languageName, say } from "./words.ts";

/**
 * How long the editor must have stopped typing before a new preview is
 * requested.
 */
const DEBOUNCE_MS = 300;

/**
 * The language of a preview: the one that is being edited, if the newsroom
 * offers it, until the editor chooses another.
 */
export function usePreviewLanguage(
  edited: string | undefined,
): [lang: string, choose: (lang: string) => void] {
  const { me } = useSession();
  const [chosen, setChosen] = useState<string | null>(null);
  useEffect(() => setChosen(null), [edited]);
  return [
    chosen ??
      me.locales.find((tag) => tag === edited) ??
      me.profile.defaultLanguage,
    setChosen,
  ];
}

/**
 * The newest preview of a draft. The previous one stays until the next one has
 * loaded.
 */
export function usePreview(draft: DeskDraft, lang: string) {
  const { api } = useSession();
  const { base, case: fields, note, kind, liveAt } = draft;
  const { answer: preview, refused } = useAnswer(
    () =>
      api.preview({
        body: { base, case: fields, note, kind, liveAt: liveAt || null, lang },
      }),
    [api, base, fields, note, kind, liveAt, lang],
    { delayMs: DEBOUNCE_MS },
  );
  return { preview, refused };
}

const surfaces = ["widget", "telegram"] as const;
type Surface = (typeof surfaces)[number];

/** Chooses the reader's language of a preview. */
export function ReaderLanguage({
  lang,
  onLang,
}: {
  lang: string;
  onLang: (lang: string) => void;
}) {
  const { me } = useSession();
  return (
    <SelectInput
      aria-label={say("preview.language")}
      value={lang}
      options={me.locales.map((tag) => [tag, languageName(tag)])}
      onChoose={onLang}
    />
  );
}

type PreviewProps = ReturnType<typeof usePreview> &
  Parameters<typeof ReaderLanguage>[0];

export function PreviewPane({ preview, refused, lang, onLang }: PreviewProps) {
  const { me } = useSession();
  const [surface, setSurface] = useState<Surface>("widget");
  return (
    <section class="pane preview" aria-label={say("preview.title")}>
      <header>
        {me.bot && (
          <fieldset class="tabs">
            <legend class="unseen">{say("preview.surface")}</legend>
            {surfaces.map((name) => (
              <Button
                key={name}
                aria-pressed={name === surface}
                onPress={() => setSurface(name)}
              >
                {say(`preview.${name}`)}
              </Button>
            ))}
          </fieldset>
        )}
        <ReaderLanguage lang={lang} onLang={onLang} />
      </header>
      <RefusalNotice error={refused} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <div class="scroll" tabIndex={0}>
        {!preview ? null : !preview.view ? (
          <p class="empty">{say("preview.not-yet")}</p>
        ) : surface === "telegram" && preview.telegram ? (
          <TelegramMessage message={preview.telegram} lang={lang} />
        ) : (
          <Widget view={preview.view} />
        )}
      </div>
    </section>
  );
}

/** The card, in a shadow root like on a partner's page. */
export function Widget({ view }: { view: View }) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const root =
      host.current?.shadowRoot ?? host.current?.attachShadow({ mode: "open" });
    if (!root) return;
    const style = new CSSStyleSheet();
    style.replaceSync(cardStyle);
    root.adoptedStyleSheets = [style];
    render(
      <CaseCard view={view} page={pageAddress(view.id, view.lang)} level={3} />,
      root,
    );
  }, [view]);
  return <div ref={host} class="widget" />;
}

export function TelegramMessage({
  message,
  lang,
}: {
  message: NonNullable<Preview["telegram"]>;
  lang: string;
}) {
  return (
    <div class="telegram" lang={lang} dir={directionOf(lang)}>
      <div class="bubble">
        <RichText text={message.text} entities={message.entities as Entity[]} />
      </div>
      {message.buttons.map((row, index) => (
        <div class="keys" key={index}>
          {row.map(({ text }) => (
            <span key={text}>{text}</span>
          ))}
        </div>
      ))}
    </div>
  );
}
