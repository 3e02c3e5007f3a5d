/** Letters to the owners of pages that quote a case as it was: the fact, its source, and the code that ends the problem. */
import { addresses } from "../../../shared/addresses.ts";
import { isLocale } from "../../../shared/locale.ts";
import { sayIn } from "../../../shared/messages.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import { dateIn } from "../../../shared/view/date.ts";
import { markedText } from "../../../shared/view/run.ts";
import type { Place } from "../../editing/rules/places.ts";
import { type CaseState, viewPresent } from "../../reads/state.ts";
import { htmlSnippet } from "../site/embed/snippets.ts";

/** @param states the old pages' cases @returns the places, the old ones with letters */
export function placesWithLetters(
  places: readonly Place[],
  states: readonly CaseState[],
  publicUrl: string,
  profile: Profile,
  now: number,
): Place[] {
  const { name: newsroom, contact: own } = profile.newsroom;
  const cases = states.filter((one) => one.state === "present");
  return places.map((place) => {
    const { case: id, number, url, reason, since } = place;
    if (!reason || !since) return place;
    const present = cases.find(({ record }) => record.case.id === id);
    const lang = place.lang ?? [present?.record.case.language ?? ""].find(isLocale) ?? profile.defaultLanguage;
    const say = sayIn(lang);
    let more = "";
    if (present) {
      const { title, action, asOf, sources } = viewPresent(present, lang, now, profile);
      const { text, href } = sources.list.at(-1) ?? {};
      const facts = [markedText(title), action.label, `${asOf.label} ${asOf.text} · ${asOf.stated}`].join("\n");
      const source = [text, href, publicUrl + addresses.page(id, lang)].filter(Boolean).join("\n");
      const code = htmlSnippet({ id, number, newsroom, lang, variant: "card", theme: "auto" }, publicUrl);
      more = say("letter.more", { facts, source, code });
    }
    const said = say(`letter.${reason}`, { date: dateIn(lang, since) });
    const contact = own.replace(/^mailto:/, "");
    const text = say("letter.text", { number, url, said, more, newsroom, contact });
    return { ...place, letter: { lang, subject: say("letter.subject", { number }), text } };
  });
}
