/**
 * A place to act: the letter, whom to write to, and what to know before. Used
 * by the server's pages and by the widget.
 */
import type { AppealView } from "../shared/view/schema.ts";
import { Words } from "./case-card.tsx";

interface AppealProps {
  appeal: AppealView;
  /** The heading elements of its parts: one level below the title's. */
  as: "h2" | "h3";
}

/** Its fields and buttons are hidden until `startWriting` shows them. */
export function Appeal({ appeal, as: Part }: AppealProps) {
  const { label, left, request, safety, targets, letters, words } = appeal;
  const copyButton = (text: string) => (
    <button type="button" class="copy" hidden data-copied={words.copied}>
      {text}
    </button>
  );
  return (
    <>
      <p>
        <b>{label}</b> {left && <span>({left})</span>}
      </p>
      <Words as="p" run={request} />
      {safety && (
        <div class="safety" role="note">
          <Part class="part">{safety.label}</Part>
          {safety.list.map((text) => (
            <p>{text}</p>
          ))}
        </div>
      )}
      {letters[0] && (
        <>
          <div class="fields" hidden>
            {letters[1] && (
              <label>
                {words.language}
                <select>
                  {letters.map(({ lang, name }) => (
                    <option value={lang}>{name}</option>
                  ))}
                </select>
              </label>
            )}
            <label>
              {words.sender}
              <input autocomplete="name" maxLength={80} />
            </label>
          </div>
          <div class="copied">
            {letters.map(({ lang, dir, text }, index) => (
              <blockquote
                class="letter"
                lang={lang}
                dir={dir}
                hidden={index > 0}
              >
                {text}
                <span class="sender" />
              </blockquote>
            ))}
          </div>
          {copyButton(words.letter)}
        </>
      )}
      {targets.list[0] && <Part class="part">{targets.label}</Part>}
      {targets.list.map(({ name, address, email, mailto, hints }, index) => (
        <details name="target" open={index === 0}>
          <summary>
            <Words as="b" run={name} />
          </summary>
          {hints.map((hint) => (
            <p class="hint">{hint}</p>
          ))}
          {/* The view comes from another origin than the page that embeds it. */}
          {mailto?.startsWith("mailto:") && (
            <>
              <a class="mail" href={mailto}>
                {words.mail}
              </a>
              <p class="hint" hidden>
                {words.paste}
              </p>
            </>
          )}
          {email && (
            <>
              <p class="copied">
                <bdi>{email}</bdi>
              </p>
              {copyButton(words.email)}
            </>
          )}
          {address && (
            <>
              <p class="copied" dir="auto">
                {address}
              </p>
              {copyButton(words.address)}
            </>
          )}
        </details>
      ))}
      <p class="said" role="status" />
    </>
  );
}
