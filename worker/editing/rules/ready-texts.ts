/**
 * Sentences that say a changed status in every language of a case. They are
 * made of the words and the pattern in which every surface tells of a change,
 * so nothing in them is inflected. An editor takes them, changes them or leaves
 * them.
 */
import type { Case } from "../../../shared/case/schema.ts";
import { languagesIn, plainTexts } from "../../../shared/case/text.ts";
import type { Change } from "../../../shared/change.ts";
import { isLocale, type LocaleTag } from "../../../shared/locale.ts";
import { message } from "../../../shared/messages.ts";
import { inSentence, statusLabel } from "../../../shared/profile/labels.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import { changesIn } from "../../../shared/view/revision.ts";
import type { ReadyTexts, UnfinishedCase } from "./desk.ts";
import { canonicalJson, isSame } from "./merge.ts";
import { nameFinder } from "./name-forms.ts";
import { segmentsOf } from "./segments.ts";
import { type StatusChange, statusChanges } from "./status-change.ts";

/**
 * States of custody that hold nobody. A newsroom's own states are not among
 * them, and neither is a missing person's.
 */
const free: readonly unknown[] = [
  ...([
    "not-detained",
    "released",
    "conditional-release",
    "suspended-sentence",
    "restricted-freedom",
  ] as const),
  ...(["deported", "died-in-custody", "executed"] as const),
];

/** A change with its person. */
interface Told extends StatusChange {
  person: Case["people"][number];
}

/**
 * "Demo Person: released", and with a date "Demo Person: released, as of 25
 * November 2026". The name is the one in the language, if there is one.
 */
function tell(
  { field, person, after }: Told,
  locale: LocaleTag,
  profile: Profile,
  asOf?: string,
): string {
  const { names, pronouns } = person;
  const name =
    names.find(({ lang, form }) => lang === locale && form !== "variant") ??
    names.find(({ form }) => form === "preferred");
  const { subject, value } = after as {
    subject?: Record<string, string>;
    value: string | { duration: string };
  };
  const change = {
    what: field,
    person: name?.value ?? person.id,
    ...(pronouns && { pronouns }),
    from: null,
    to: typeof value === "string" ? value : value.duration,
    ...(subject && { subject: plainTexts(subject) }),
    ...(asOf && { asOf }),
  } as Change;
  // A text of a case may hold no invisible characters, such as those that keep
  // a name's direction here.
  return (changesIn(locale, [change], profile)[0] ?? "").replaceAll(
    /[\u2068\u2069]/g,
    "",
  );
}

/**
 * The position of the sentence that says the old statuses, or else the first
 * one that names their people; -1 when there is none.
 */
function outOfStep(
  sentences: readonly string[],
  changes: readonly Told[],
  locale: LocaleTag,
  profile: Profile,
): number {
  const words = changes.flatMap(({ field, before }) =>
    typeof before?.value === "string"
      ? (["he", "she", "they", "several"] as const).map((gender) =>
          inSentence(
            statusLabel(
              field as "custody",
              before.value as string,
              gender,
              locale,
              profile,
            ),
            locale,
          ),
        )
      : [],
  );
  const saysOne = sentences.findIndex((one) =>
    words.some((word) => inSentence(one, locale).includes(word)),
  );
  return saysOne < 0
    ? sentences.findIndex(naming(changes.map(({ person }) => person)))
    : saysOne;
}

/** Tells whether a sentence names one of the people. */
function naming(people: Case["people"]): (sentence: string) => boolean {
  const finder = nameFinder(
    people.flatMap(({ names }) => names.map(({ value }) => value)),
  );
  return (sentence) => finder.formsIn(sentence).length > 0;
}

/** @returns null when no status changed that readers are told of */
export function readyTexts(
  before: Case,
  after: Case,
  profile: Profile,
): ReadyTexts | null {
  const changes = statusChanges({
    case: after as UnfinishedCase,
    base: { case: before },
  }).flatMap((change): Told[] => {
    const person = after.people[change.path[1] as number];
    return person && change.field !== "designations"
      ? [{ ...change, person }]
      : [];
  });
  const languages = languagesIn(after).filter(isLocale);
  if (changes.length === 0 || languages[0] !== after.language) return null;
  const each = (words: (locale: LocaleTag) => string) =>
    Object.fromEntries(languages.map((lang) => [lang, words(lang)]));
  const stated = each((lang) =>
    changes
      .map(
        (one) =>
          `${tell(one, lang, profile, one.after.asOf?.date)} (${one.after.statedBy}).`,
      )
      .join(" "),
  );
  const short = each((lang) =>
    changes.map((one) => tell(one, lang, profile)).join(" · "),
  );
  const replaced = changes.filter((one) => one.before !== undefined);
  const namesAnother = naming(
    after.people.filter(
      (person) => !replaced.some((one) => one.person === person),
    ),
  );
  const texts = (["title", "summary"] as const).flatMap((field) => {
    if (replaced.length === 0 || !isSame(before[field], after[field]))
      return [];
    const written = plainTexts(after[field]);
    const own = segmentsOf(written[after.language] ?? "");
    const place = outOfStep(own, replaced, languages[0] as LocaleTag, profile);
    // A sentence about somebody else, too, would take more with it than the old
    // status.
    if (place < 0 || namesAnother(own[place] ?? "")) return [];
    const text = languages.flatMap((lang) => {
      const sentences = segmentsOf(written[lang] ?? "");
      const at =
        sentences.length === own.length
          ? place
          : outOfStep(sentences, replaced, lang, profile);
      const said = (field === "title" ? short : stated)[lang] ?? "";
      return at < 0
        ? []
        : [
            [
              lang,
              sentences
                .toSpliced(
                  at,
                  1,
                  said + (/\s*$/.exec(sentences[at] ?? "")?.[0] ?? ""),
                )
                .join(""),
            ],
          ];
    });
    return [
      {
        pointer: `/${field}`,
        text: Object.fromEntries(text) as Record<string, string>,
      },
    ];
  });
  const { action, people } = after;
  const isOver =
    action.state === "active" &&
    people.every(({ custody }) => free.includes(custody?.value));
  return {
    note: stated,
    events: [
      ...Map.groupBy(changes, ({ field, after }) =>
        canonicalJson([field, after.value, after.asOf, after.source]),
      ).values(),
    ].map((same) => ({
      at: same.map(({ at }) => at),
      text: each((lang) =>
        same.map((one) => tell(one, lang, profile)).join(" · "),
      ),
    })),
    texts,
    thanks: isOver ? each((lang) => message(lang, "bot.act.thanks")) : null,
  };
}
