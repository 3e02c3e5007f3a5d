/** Invented cases with long texts and many people, for the tests of what a widget has room for. */
import type { Case } from "../../shared/case/schema.ts";
import { negotiate } from "../../shared/locale.ts";
import type { Revision } from "../../shared/revision.ts";
import { viewCase } from "../../shared/view/view.ts";
import { COLUMN_CLASS } from "../../worker/web/site/embed/look.ts";
import { profile } from "../profile.ts";
import { demoCase, revisionOf, widgetOf } from "./newsroom.ts";

export const CASE = demoCase.id;

export const variants = ["card", "compact", "timeline"] as const;

/** As the embed guide's snippet has it. */
export const element = (variant: string, lang = "en", id = CASE) =>
  widgetOf(`case="${id}" lang="${lang}"${variant === "card" ? "" : ` variant="${variant}"`}`);

/** In the column that the embed guide's snippet gives it. */
export const inColumn = (html: string) => `<div class="${COLUMN_CLASS}">${html}</div>`;

/** A note of a revision. */
export const moved = {
  en: "Demo Person Three was moved from the invented pre-trial prison in Demo City to a hospital.",
  uk: "Демо-особу Три переведено з вигаданого слідчого ізолятора в Демо-місті до лікарні.",
  ru: "Демо-персону Три перевели из вымышленного следственного изолятора в больницу.",
  ar: "نُقل الشخص التجريبي الثالث من السجن المختلق في مدينة تجريبية إلى مستشفى.",
};
/** As long as a text may be. */
export const long = Object.fromEntries(
  Object.entries(moved).map(([lang, text]) => [lang, `${text} `.repeat(4).slice(0, 290)]),
);
/** Forty invented people, of whom the same number is in each of these states. */
export const inStates = (...states: string[]): Partial<Case> => ({
  people: Array.from({ length: 40 }, (_, index) => {
    const one = demoCase.people[index % demoCase.people.length]!;
    const custody = { ...demoCase.people[0]!.custody!, value: states[index % states.length]! };
    return { ...one, id: `demo-person-${index}`, custody } as Case["people"][number];
  }),
});

export const correction: Revision = { ...revisionOf(2), kind: "correction", note: moved };

/** Returns the view of the case with those fields and that revision, at its moment. @param corrected a correction that it follows */
export const viewOf = (fields: Partial<Case>, revision: Revision, corrected?: Revision) => (lang: string | null) =>
  viewCase(
    { ...demoCase, ...fields },
    revision,
    negotiate(lang, profile),
    Date.parse(revision.liveAt),
    profile,
    corrected,
  );

/** Returns the third revision of the case with those fields. */
export const updates = (fields: Partial<Case>, corrected?: Revision) =>
  viewOf(fields, { ...revisionOf(3), note: moved }, corrected);
