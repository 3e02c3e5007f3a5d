import { textIn } from "../../../../shared/case/text.ts";
import { languageNameIn } from "../../../../shared/intl.ts";
import { directionOf, type LocaleTag } from "../../../../shared/locale.ts";
import { sayIn } from "../../../../shared/messages.ts";
import type { Profile } from "../../../../shared/profile/schema.ts";
import {
  type OpenAct,
  type TargetView,
  viewAct,
} from "../../../../shared/view/act.ts";
import { leftUntil } from "../../../../shared/view/action.ts";
import { lapseOf } from "../../../../shared/view/age.ts";
import type { AppealView } from "../../../../shared/view/schema.ts";
import { mailWith } from "../../../../widget/mail-with.ts";
import type { CaseState } from "../../../reads/state.ts";

const mailAddress = (email: string, { number, letter }: OpenAct): string => {
  const to = `mailto:${encodeURIComponent(email).replace("%40", "@")}?subject=${encodeURIComponent(number)}`;
  return letter ? mailWith(to, letter.text) : to;
};

/**
 * What readers are asked to do now; null when nothing is asked.
 * @param now milliseconds since the epoch
 */
export function openActOf(
  state: CaseState,
  locale: LocaleTag,
  now: number,
  profile: Profile,
): AppealView | null {
  if (state.state !== "present") return null;
  const { case: fields, revision } = state.record;
  const act = viewAct(fields, revision, locale, now, undefined, profile);
  if (act.act !== "open") return null;
  const say = sayIn(locale);
  const { label, request, letter, letters, targets } = act;
  const { until, letter: written = {} } = fields.action;
  const tags = letter
    ? [letter.lang, ...letters.filter((tag) => tag !== letter.lang)]
    : [];
  // The law of a real country threatens nobody who writes to an invented one.
  const concerns = ({ countries }: { countries: string[] }) =>
    !fields.demo ||
    fields.authorities.some((code) => countries.includes(code.slice(0, 2)));
  const safety = (profile.bot?.safety ?? [])
    .filter(concerns)
    .map(({ text }) => text[locale] ?? "");
  const targetOf = ({ email, ...target }: TargetView) => ({
    ...target,
    ...(email ? { email, mailto: mailAddress(email, act) } : {}),
  });
  return {
    label,
    ...leftUntil(until, locale, now),
    ...(until ? { ends: lapseOf(until) } : {}),
    request,
    ...(safety[0]
      ? { safety: { label: say("bot.safety.title.act"), list: safety } }
      : {}),
    targets: { label: say("bot.act.targets"), list: targets.map(targetOf) },
    letters: tags.map((tag) => ({
      name: languageNameIn(locale, tag),
      text: textIn(written, tag) ?? "",
      lang: tag,
      dir: directionOf(tag),
    })),
    words: {
      language: say("page.act.language"),
      sender: say("page.act.sender"),
      address: say("bot.act.copy.address"),
      email: say("bot.act.copy.email"),
      letter: say("bot.act.copy.letter"),
      mail: say("page.act.mail"),
      paste: say("page.act.paste"),
      copied: say("page.embed.copied"),
    },
  };
}
