/** A place to act: whom to write to, the letter and the deadline, while an action is open. */
import { languageName } from "../../../shared/intl.ts";
import type { LocaleTag } from "../../../shared/locale.ts";
import { type MessageKey, message } from "../../../shared/messages.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import type { OpenAct, TargetView } from "../../../shared/view/act.ts";
import { Words } from "../../../widget/case-card.tsx";

/** Longer addresses are cut or refused by some mail programs, so a longer letter is only copied. */
const MAX_MAILTO_CHARACTERS = 1_900;

function mailAddress(email: string, { number, letter }: OpenAct): string {
  const to = `mailto:${encodeURIComponent(email).replace("%40", "@")}?subject=${encodeURIComponent(number)}`;
  const whole = letter ? `${to}&body=${encodeURIComponent(letter.text.replace(/\r?\n/g, "\r\n"))}` : to;
  return whole.length <= MAX_MAILTO_CHARACTERS ? whole : to;
}

/** The page's script shows the button. It copies the element before it. */
const Copy = ({ label, locale }: { label: MessageKey; locale: LocaleTag }) => (
  <button type="button" class="copy" hidden data-copied={message(locale, "page.embed.copied")}>
    {message(locale, label)}
  </button>
);

function Target({ target, act }: { target: TargetView; act: OpenAct }) {
  const { lang } = act;
  const { name, address, email, salutation, languages } = target;
  return (
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
          <Copy label="bot.act.copy.address" locale={lang} />
        </>
      )}
      {email && (
        <>
          <p class="copied">
            <bdi>{email}</bdi>
          </p>
          <Copy label="bot.act.copy.email" locale={lang} />{" "}
          <a class="mail" href={mailAddress(email, act)}>
            {message(lang, "page.act.mail")}
          </a>
        </>
      )}
      {salutation && <p class="hint">{message(lang, "bot.act.salutation", { text: salutation.text })}</p>}
      {languages && <p class="hint">{message(lang, "bot.act.languages", { languages })}</p>}
    </li>
  );
}

/** The profile's safety texts. Nobody is asked to write before reading them. */
function Safety({ locale, profile }: { locale: LocaleTag; profile: Profile }) {
  const texts = profile.bot?.safety ?? [];
  return (
    texts.length > 0 && (
      <div class="safety" role="note">
        <h3>{message(locale, "bot.safety.title.act")}</h3>
        {texts.map(({ text }) => (
          <p>{text[locale]}</p>
        ))}
      </div>
    )
  );
}

interface ActPanelProps {
  act: OpenAct;
  profile: Profile;
  /** When the view changes by time alone, ISO 8601: the deadline may have passed then. */
  until?: string | undefined;
}

export function ActPanel({ act, profile, until }: ActPanelProps) {
  const { lang, letter, targets } = act;
  return (
    <section class="appeal" id="act" aria-labelledby="act-title" data-until={until}>
      <h2 id="act-title">{message(lang, "bot.act")}</h2>
      <p class="deadline">
        <b>{act.label}</b>
      </p>
      <Words as="p" run={act.request} />
      <Safety locale={lang} profile={profile} />
      {targets[0] && (
        <>
          <h3>{message(lang, "bot.act.targets")}</h3>
          <ul class="targets">
            {targets.map((target) => (
              <Target target={target} act={act} />
            ))}
          </ul>
        </>
      )}
      {letter && (
        <>
          <h3>{message(lang, "bot.act.letter", { language: languageName(lang, letter.lang) })}</h3>
          <blockquote class="copied letter" lang={letter.lang} dir={letter.dir}>
            {letter.text}
          </blockquote>
          <Copy label="bot.act.copy.letter" locale={lang} />
        </>
      )}
      <p class="said" role="status" />
    </section>
  );
}
