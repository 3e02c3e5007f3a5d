/** What an erasure does, place by place: for the editor who erases, and for a second editor who approves it. */

import { type ComponentChildren, Fragment } from "preact";
import type { Case } from "../../../shared/case/schema.ts";
import { directionOf } from "../../../shared/locale.ts";
import { numberOf } from "../../../shared/profile/numbers.ts";
import type { UnfinishedCase } from "../../editing/rules/desk.ts";
import type { ErasedPlace, ErasedRevision, ErasurePreview, FoundMention } from "../../editing/rules/erase.ts";
import { wordsFor } from "../form/form-state.ts";
import { pathOf } from "../form/path.ts";
import { Button } from "../inputs.tsx";
import { useSession } from "../session.ts";
import { languageName, say } from "../words.ts";
import { Pressable } from "./erase-choice.tsx";
import { printMoment } from "./moments.ts";

/** What the erasure does to a revision: of the case itself, pending or of another case. */
export interface ErasedPart extends ErasedRevision {
  title: string;
  /** Another case's id. */
  other?: string;
  fields: UnfinishedCase;
}

/** The parts of the case itself and of each other case. @param newest the case as it will be after what is pending */
export function erasedParts(preview: ErasurePreview, fields: Case, newest: Case) {
  const all = (one: ErasedRevision & Pick<ErasurePreview, "pending">, live: object, later: object, other?: string) => {
    const more = other === undefined ? {} : { other };
    const pending = one.pending.map(({ number, liveAt, ...revision }): ErasedPart => {
      const title = say("erase.pending.revision", { number, moment: printMoment(liveAt) });
      return { ...revision, ...more, title, fields: later };
    });
    return [{ ...one, ...more, title: "", fields: live }, ...pending];
  };
  return {
    own: all(preview, fields, newest),
    others: preview.cases.map((one) => ({ ...one, parts: all(one, {}, {}, one.id) })),
  };
}

function PlaceName({
  part: { title, other, fields },
  place,
}: {
  part: ErasedPart;
  place: { pointer: string; lang?: string };
}) {
  const { profile } = useSession().me;
  const { pointer, lang } = place;
  const words = [
    other && numberOf(other, profile),
    title,
    wordsFor(fields, pathOf(pointer), profile) || pointer,
    lang && lang !== fields.language && languageName(lang),
  ];
  return <>{words.filter(Boolean).join(" › ")}</>;
}

interface WholeTextProps {
  part: ErasedPart;
  place: ErasedPlace;
  onPress?: (sentence: string) => void;
  children?: ComponentChildren;
}

/** A translation in which a form of the name may stand without a mark. */
export function WholeText({ part, place, onPress, children }: WholeTextProps) {
  const { sentences, lang, marks, expected } = place;
  return (
    <section class="erase-text">
      <h4>
        <PlaceName part={part} place={place} />
        {marks !== expected && <span class="hint"> · {say("erase.look.count", { marks, expected })}</span>}
      </h4>
      <Pressable
        lang={lang}
        sentences={sentences.map(({ before }) => before)}
        isGoing={(index) => sentences[index]?.after !== sentences[index]?.before}
        onPress={(index) => onPress?.(sentences[index]?.before ?? "")}
      />
      {children}
    </section>
  );
}

/** A word with those around it. */
export const InContext = ({ before, word, after }: Pick<FoundMention, "before" | "word" | "after">) => (
  <bdi>
    {before}
    <mark>{word}</mark>
    {after}
  </bdi>
);

/** More texts are folded away. */
const MAX_OPEN = 12;

/** Every sentence that changes, as it is and as it will be. @param onAlike spares words that are no form of the name */
export function Marked({
  part,
  onAlike,
}: {
  part: ErasedPart;
  onAlike?: (part: ErasedPart, places: ErasedPart["marked"]) => void;
}) {
  const places = part.places.flatMap((place) => {
    const changed = place.sentences.filter(({ before, after }) => before !== after);
    return changed.length > 0 ? [{ place, changed }] : [];
  });
  const title = say("erase.marked", { count: places.length });
  if (places.length === 0) return part.other ? null : <p>{title}</p>;
  return (
    <details class="erase-part" open={places.length <= MAX_OPEN}>
      <summary>{[part.title, title].filter(Boolean).join(": ")}</summary>
      <dl class="erase-list">
        {places.map(({ place, changed }) => (
          <div key={`${place.pointer} ${place.lang}`}>
            <dt>
              <PlaceName part={{ ...part, title: "", other: "" }} place={place} />
            </dt>
            {changed.map(({ before, after }) => (
              <dd key={before} lang={place.lang} dir={directionOf(place.lang)}>
                <del>{before}</del> <ins>{after}</ins>
              </dd>
            ))}
          </div>
        ))}
      </dl>
      {onAlike && part.marked.length > 0 && (
        <div class="row erase-words">
          <span class="hint">{say("erase.words")}</span>
          {[...Map.groupBy(part.marked, ({ word }) => word)].map(([word, found]) => (
            <Button key={word} class="link" onPress={() => onAlike(part, found)}>
              <bdi>{word}</bdi>
            </Button>
          ))}
        </div>
      )}
    </details>
  );
}

interface ErasurePlacesProps {
  preview: ErasurePreview;
  fields: Case;
  newest: Case;
  /** The other cases that it reaches. */
  cases: readonly string[];
}

/** What a proposed erasure does, as its author saw it. */
export function ErasurePlaces({ preview, fields, newest, cases }: ErasurePlacesProps) {
  const { profile } = useSession().me;
  const { own, others } = erasedParts(preview, fields, newest);
  return [{ id: "", parts: own }, ...others].map(({ id, parts }) =>
    id !== "" && !cases.includes(id) ? (
      <p key={id}>
        {say("erase.found.left")}: {numberOf(id, profile)}
      </p>
    ) : (
      <Fragment key={id}>
        {id !== "" && <h3>{numberOf(id, profile)}</h3>}
        {parts.map((part) => (
          <Fragment key={part.title}>
            {part.places.map(
              (place) => place.whole && <WholeText key={place.pointer + place.lang} part={part} place={place} />,
            )}
            <Marked part={part} />
          </Fragment>
        ))}
      </Fragment>
    ),
  );
}
