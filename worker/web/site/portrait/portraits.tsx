/** Pictures of people: a slot for each on a card. */
import type { VNode } from "preact";
import { addressOf, paths } from "../../../../shared/addresses.ts";
import { type Case, type Person, preferredName } from "../../../../shared/case/schema.ts";
import { portraitEnd } from "../../../../shared/view/age.ts";
import { runOf } from "../../../../shared/view/run.ts";
import type { PresentView, Run } from "../../../../shared/view/schema.ts";

/** "EK" for Emir-Usein Kuku. Parts of a name in brackets or marks are none. */
function initialsOf(person: Person): string {
  const words = preferredName(person).value.match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}'’-]*/gu) ?? [];
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends.map((word) => [...(word ?? "")][0]?.toUpperCase() ?? "").join("\u200c");
}

/**
 * A slot for each person: a picture that may be shown, or the initials beside other people's pictures. Empty where nobody has a picture:
 * initials alone would say nothing.
 * @param isHead false for a superseded revision, which shows no pictures: only those of the current one are stored for readers
 * @param now milliseconds since the epoch
 */
export function portraitsOf(fields: Case, view: PresentView, isHead: boolean, now: number): Map<Run, VNode> {
  const isShown = ({ portrait }: Person): boolean =>
    portrait !== undefined && isHead && now < portraitEnd(portrait.until);
  if (fields.hidePortraits || !fields.people.some(isShown)) return new Map();
  return new Map(
    fields.people.flatMap((person, index) => {
      const name = view.people.list[index]?.name;
      const { portrait } = person;
      if (!name) return [];
      const alt = portrait && isShown(person) ? runOf(portrait.alt, fields.language, view.lang) : null;
      const slot =
        portrait && alt ? (
          <span class="portrait">
            <img
              src={addressOf(paths.portrait, { id: fields.id, image: portrait.image })}
              alt={alt.text}
              lang={alt.lang}
              width={200}
              height={250}
              loading="lazy"
            />
            <small dir="auto">
              {portrait.credit} · {portrait.licence}
            </small>
          </span>
        ) : (
          <span class="portrait initials" aria-hidden="true">
            {initialsOf(person)}
          </span>
        );
      return [[name, slot] as const];
    }),
  );
}
