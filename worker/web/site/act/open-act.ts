import type { LocaleTag } from "../../../../shared/locale.ts";
import { sayIn } from "../../../../shared/messages.ts";
import type { Profile } from "../../../../shared/profile/schema.ts";
import { type OpenAct, type TargetView, viewAct } from "../../../../shared/view/act.ts";
import type { AppealView } from "../../../../shared/view/schema.ts";
import type { CaseState } from "../../../reads/state.ts";

/** Longer addresses are cut or refused by some mail programs, so a longer letter is only copied. */
const MAX_MAILTO_CHARACTERS = 1_900;

function mailAddress(email: string, { number, letter }: OpenAct): string {
  const to = `mailto:${encodeURIComponent(email).replace("%40", "@")}?subject=${encodeURIComponent(number)}`;
  const whole = letter ? `${to}&body=${encodeURIComponent(letter.text.replace(/\r?\n/g, "\r\n"))}` : to;
  return whole.length <= MAX_MAILTO_CHARACTERS ? whole : to;
}

/** What readers are asked to do now; null when nothing is asked. @param now milliseconds since the epoch */
export function openActOf(state: CaseState, locale: LocaleTag, now: number, profile: Profile): AppealView | null {
  if (state.state !== "present") return null;
  const { case: fields, revision } = state.record;
  const act = viewAct(fields, revision, locale, now, undefined, profile);
  if (act.act !== "open") return null;
  const say = sayIn(locale);
  const { label, request, letter, targets } = act;
  // The law of a real country threatens nobody who writes to an invented one.
  const concerns = ({ countries }: { countries: string[] }) =>
    !fields.demo || fields.authorities.some((code) => countries.includes(code.slice(0, 2)));
  const safety = (profile.bot?.safety ?? []).filter(concerns).map(({ text }) => text[locale] ?? "");
  const targetOf = ({ email, ...target }: TargetView) => ({
    ...target,
    ...(email ? { email, mailto: mailAddress(email, act) } : {}),
  });
  return {
    label,
    request,
    ...(safety[0] ? { safety: { label: say("bot.safety.title.act"), list: safety } } : {}),
    targets: { label: say("bot.act.targets"), list: targets.map(targetOf) },
    ...(letter ? { letter } : {}),
    words: {
      address: say("bot.act.copy.address"),
      email: say("bot.act.copy.email"),
      letter: say("bot.act.copy.letter"),
      mail: say("page.act.mail"),
      copied: say("page.embed.copied"),
    },
  };
}
