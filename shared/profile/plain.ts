/**
 * A profile whose labels are plain text, for programs that have no parser of
 * ICU messages.
 */
import { type CodedField, codedFields } from "../case/schema.ts";
import { labelIn } from "./labels.ts";
import type { Label, Profile, Word } from "./schema.ts";

/** The profile with each label in its neutral form. */
export function plainProfile(profile: Profile): Profile {
  const label = (of: Label): Label =>
    Object.fromEntries(
      profile.languages.flatMap((tag) =>
        of[tag] === undefined ? [] : [[tag, labelIn(of, tag, profile)]],
      ),
    );
  const words = (list: Word[]) =>
    list.map((word) => ({ ...word, label: label(word.label) }));
  const { kinds, unspecified, reference } = profile.documents;
  return {
    ...profile,
    series: profile.series.map((one) => ({ ...one, label: label(one.label) })),
    ...(Object.fromEntries(
      codedFields.map((list) => [list, words(profile[list])]),
    ) as Pick<Profile, CodedField>),
    documents: {
      kinds: words(kinds),
      unspecified: label(unspecified),
      ...(reference
        ? { reference: { ...reference, label: label(reference.label) } }
        : {}),
    },
  };
}
