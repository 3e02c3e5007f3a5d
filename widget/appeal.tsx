/** A place to act: whom to write to, the letter, and what to know before. Used by the server's pages and by the widget. */
import type { ComponentChildren } from "preact";
import type { AppealView } from "../shared/view/schema.ts";
import { Words } from "./case-card.tsx";

interface AppealProps {
  appeal: AppealView;
  /** The heading elements of its parts: one level below the title's. */
  as: "h2" | "h3";
  /** Absent on the server: the page's script shows the buttons and listens to them. */
  onCopy?: (event: { currentTarget: HTMLButtonElement }) => void;
}

/** The panel's content, below the deadline and the request. */
export function Appeal({ appeal, as: Part, onCopy }: AppealProps) {
  const { safety, targets, letter, words } = appeal;
  const copyButton = (text: ComponentChildren) => (
    <button type="button" class="copy" hidden={!onCopy} data-copied={words.copied} onClick={onCopy}>
      {text}
    </button>
  );
  return (
    <>
      {safety && (
        <div class="safety" role="note">
          <Part class="part">{safety.label}</Part>
          {safety.list.map((text) => (
            <p>{text}</p>
          ))}
        </div>
      )}
      <div class="parts">
        {targets.list[0] && (
          <div>
            <Part class="part">{targets.label}</Part>
            <ul class="targets">
              {targets.list.map(({ name, address, email, mailto, hints }) => (
                <li>
                  <p>
                    <b>
                      <Words as="bdi" run={name} />
                    </b>
                  </p>
                  {address && (
                    <>
                      <p class="copied" dir="auto">
                        {address}
                      </p>
                      {copyButton(words.address)}
                    </>
                  )}
                  {email && (
                    <>
                      <p class="copied">
                        <bdi>{email}</bdi>
                      </p>
                      {copyButton(words.email)} {/* The view comes from another origin than the page that embeds it. */}
                      {mailto?.startsWith("mailto:") && (
                        <a class="mail" href={mailto}>
                          {words.mail}
                        </a>
                      )}
                    </>
                  )}
                  {hints.map((hint) => (
                    <p class="hint">{hint}</p>
                  ))}
                </li>
              ))}
            </ul>
          </div>
        )}
        {letter && (
          <div>
            <Part class="part">{letter.label}</Part>
            <blockquote class="copied letter" lang={letter.lang} dir={letter.dir}>
              {letter.text}
            </blockquote>
            {copyButton(words.letter)}
          </div>
        )}
      </div>
      <p class="said" role="status" />
    </>
  );
}
