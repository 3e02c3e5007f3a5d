/** Letters to the owners of pages that quote a case as it was: the fact, its source, and the code that ends the problem. */
import { addresses } from "../../../shared/addresses.ts";
import type { Case } from "../../../shared/case/schema.ts";
import { isLocale } from "../../../shared/locale.ts";
import { sayIn } from "../../../shared/messages.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import type { Revision } from "../../../shared/revision.ts";
import { dateIn } from "../../../shared/view/date.ts";
import { markedText } from "../../../shared/view/run.ts";
import { viewCase } from "../../../shared/view/view.ts";
import type { Place } from "../../editing/rules/places.ts";
import { htmlSnippet } from "../site/embed/snippets.ts";

/** @param records of the places' cases as readers see them; a withdrawn one has none */
export function placeLetters(
  places: readonly Place[],
  records: readonly { case: Case; revision: Revision }[],
  publicUrl: string,
  profile: Profile,
  now: number,
): NonNullable<Place["letter"]>[] {
  const { name: newsroom, contact } = profile.newsroom;
  return places.map(({ case: id, number, url, lang: own, reason = "status", since }) => {
    const record = records.find((one) => one.case.id === id);
    const lang = own ?? [record?.case.language ?? ""].find(isLocale) ?? profile.defaultLanguage;
    const say = sayIn(lang);
    const parts = [
      say("letter.hello"),
      `${say("letter.page", { number })}\n${url}`,
      say(`letter.${reason}`, { date: dateIn(lang, since ?? "") }),
    ];
    if (record) {
      const { title, action, asOf, sources } = viewCase(record.case, record.revision, lang, now, profile);
      const { text, href } = sources.list.at(-1) ?? {};
      const facts = [markedText(title), action.label, `${asOf.label} ${asOf.text} · ${asOf.stated}`];
      const source = [text, href, publicUrl + addresses.page(id, lang)].filter((line) => line !== undefined);
      const code = htmlSnippet({ id, number, newsroom, lang, variant: "card", theme: "auto" }, publicUrl);
      parts.push([say("letter.now"), ...facts].join("\n"), [say("letter.source"), ...source].join("\n"));
      parts.push(`${say("letter.code")}\n\n${code}`);
    }
    parts.push(`${say("letter.thanks")}\n${newsroom}\n${contact.replace(/^mailto:/, "")}`);
    return { lang, subject: say("letter.subject", { number }), text: parts.join("\n\n") };
  });
}
