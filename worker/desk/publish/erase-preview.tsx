/**
 * Everything that will be gone with an erasure, and what may have been missed:
 * for its editor, and for a second one.
 */

import { type ComponentChildren, Fragment } from "preact";
import { useState } from "preact/hooks";
import type { Case } from "../../../shared/case/schema.ts";
import { directionOf } from "../../../shared/locale.ts";
import { numberOf } from "../../../shared/profile/numbers.ts";
import type { UnfinishedCase } from "../../editing/rules/desk.ts";
import type {
  ErasedPlace,
  ErasedRevision,
  ErasurePreview,
  FoundMention,
} from "../../editing/rules/erase.ts";
import { labelOf, wordsFor } from "../form/form-state.ts";
import { pathOf } from "../form/path.ts";
import { Button, LineList, Option } from "../inputs.tsx";
import { hashOf } from "../route.ts";
import { useSession } from "../session.ts";
import { languageName, say } from "../words.ts";
import { eraseWords, Pressable, toggled } from "./erase-choice.tsx";
import { printMoment } from "./moments.ts";
import { RefusalNotice } from "./refusal.tsx";
import type { Erasure } from "./use-erasure.ts";

interface PreviewProps {
  erasure: Erasure;
  preview: ErasurePreview;
  /** The case as readers see it, and as it will be after what is pending. */
  fields: Case;
  newest: Case;
}

export function ErasePreview({
  erasure,
  preview,
  fields,
  newest,
}: PreviewProps) {
  const { erase, confirmed, isNew, busy, refused, look, show } = erasure;
  const { profile } = useSession().me;
  /** What goes besides words in texts. */
  const goes = erase.flatMap((one) =>
    one.what === "name" || one.what === "sentence"
      ? []
      : eraseWords(one, fields, profile),
  );
  const [looked, setLooked] = useState("");
  const [noNames, setNoNames] = useState<string[]>([]);
  const { own, others } = erasedParts(preview, fields, newest);
  const isChosen = (id: string) => confirmed.cases.some((one) => one.id === id);
  const parts = [
    ...own,
    ...others.flatMap(({ id, parts: found }) => (isChosen(id) ? found : [])),
  ];
  const whole = parts.flatMap((part) =>
    part.places.flatMap((place) =>
      place.whole
        ? {
            part,
            place,
            key: JSON.stringify([part.other, place.lang, place.sentences]),
          }
        : [],
    ),
  );
  // What stands in the case and in a pending revision is shown once: a press
  // takes it out of both.
  const doubtful = whole.filter(
    ({ key }, index) => whole.findIndex((one) => one.key === key) === index,
  );
  const seen = doubtful.map(({ key }) => key).join();
  const asked = parts
    .flatMap((part) => part.neighbours)
    .filter(({ word }) => !noNames.includes(word));
  const neighbours = [...Map.groupBy(asked, ({ word }) => word)].flatMap(
    ([, [first]]) => first ?? [],
  );
  /** Leaves words that are no form of the name as they are. */
  const spare = ({ other }: ErasedPart, places: ErasedPart["marked"]) => {
    const alike = places.map(({ pointer, word }) => ({
      ...(other && { case: other }),
      pointer,
      word,
    }));
    void look(erase, { ...confirmed, alike: [...confirmed.alike, ...alike] });
  };
  const isReady =
    (doubtful.length === 0 || looked === seen) &&
    neighbours.length === 0 &&
    others.every(({ id }) => isChosen(id) || confirmed.leave.includes(id));
  return (
    <>
      {isNew && (
        <p class="warning" role="alert">
          {say("refused.erasure-unseen")}
        </p>
      )}
      {doubtful.length > 0 && (
        <section class="erase-look">
          <h3>{say("erase.look")}</h3>
          <p>{say("erase.look.hint")}</p>
          {doubtful.map(({ part, place, key }) => (
            <WholeText
              key={key}
              part={part}
              place={place}
              onPress={(sentence) =>
                void look(toggled(erase, { what: "sentence", sentence }))
              }
            >
              {part === own[0] && place.lang !== fields.language && (
                <Button
                  class="link"
                  onPress={() =>
                    look([
                      ...erase,
                      {
                        what: "translation",
                        lang: place.lang,
                        at: place.pointer,
                      },
                    ])
                  }
                  say="erase.translation"
                />
              )}
            </WholeText>
          ))}
          <Option
            label={say("erase.looked")}
            checked={looked === seen}
            onChoose={(checked) => setLooked(checked ? seen : "")}
          />
        </section>
      )}
      {neighbours.map((mention) => (
        <section key={mention.word} class="erase-look">
          <h3>{say("erase.neighbour", { word: mention.word })}</h3>
          <InContext {...mention} />
          <div class="row">
            <Button
              class="quiet"
              onPress={() =>
                look([...erase, { what: "name", name: mention.word }])
              }
              say="erase.neighbour.yes"
            />
            <Button
              class="quiet"
              onPress={() => setNoNames([...noNames, mention.word])}
              say="erase.neighbour.no"
            />
          </div>
        </section>
      ))}
      {goes.length > 0 && (
        <section class="erasure">
          <div>
            <h3>{say("erase.goes")}</h3>
            <LineList class="goes" lines={goes} />
          </div>
        </section>
      )}
      {own.map((part) => (
        <Marked key={part.title} part={part} onAlike={spare} />
      ))}
      <Elsewhere erasure={erasure} preview={preview}>
        {others.map(({ id, basedOn, parts: found }) => {
          const answer = (goes: boolean) => {
            const rest = {
              cases: confirmed.cases.filter((one) => one.id !== id),
              leave: confirmed.leave.filter((one) => one !== id),
            };
            const next = goes
              ? { cases: [...rest.cases, { id, basedOn }] }
              : { leave: [...rest.leave, id] };
            void look(erase, { ...confirmed, ...rest, ...next });
          };
          return (
            <fieldset key={id} class="erase-text">
              <legend>
                {say("erase.found.case", { id: numberOf(id, profile) })}
              </legend>
              {([true, false] as const).map((goes) => (
                <Option
                  key={String(goes)}
                  name={`erase-${id}`}
                  checked={goes ? isChosen(id) : confirmed.leave.includes(id)}
                  onChoose={() => answer(goes)}
                >
                  {say(goes ? "erase.neighbour.yes" : "erase.neighbour.no")}
                </Option>
              ))}
              {!confirmed.leave.includes(id) &&
                found.map((part) => (
                  <Marked key={part.title} part={part} onAlike={spare} />
                ))}
            </fieldset>
          );
        })}
      </Elsewhere>
      <footer class="row" aria-busy={busy}>
        <RefusalNotice error={refused} />
        <Button
          class="quiet"
          disabled={busy}
          onPress={() => show("choose")}
          say="erase.back"
        />
        <Button
          class="danger"
          disabled={busy || !isReady}
          onPress={() => show("confirm")}
          say="erase.next.last"
        />
        {!isReady && <span class="hint">{say("erase.not-ready")}</span>}
      </footer>
    </>
  );
}

type ElsewhereProps = Pick<PreviewProps, "erasure" | "preview"> & {
  children: ComponentChildren;
};

/** Other cases, and drafts and proposals of them. The editor confirms each. */
function Elsewhere({
  erasure: { erase, confirmed, look },
  preview,
  children,
}: ElsewhereProps) {
  const { profile } = useSession().me;
  const { hidden, more, cases, elsewhere, unreached } = preview;
  const [consents, others] = [true, false].map((is) =>
    elsewhere.filter(({ place }) => (place === "consent") === is),
  );
  const found = [
    ...Map.groupBy(others ?? [], ({ place, id }) => `${place} ${id}`).values(),
  ];
  /**
   * What this erasure leaves: cases from which nothing can be erased now, and
   * the record of a consent.
   */
  const left = [...unreached.map((id) => ({ id })), ...(consents ?? [])];
  if (found.length + cases.length + left.length + hidden === 0) return null;
  return (
    <section aria-labelledby="elsewhere-title">
      <h3 id="elsewhere-title">{say("erase.found")}</h3>
      {found.length + cases.length > 0 && (
        <p class="hint">{say("erase.found.hint")}</p>
      )}
      {children}
      {found.map((mentions) => {
        const [{ place, id, case: about }] = mentions as [FoundMention];
        const list = place === "draft" ? "drafts" : "proposals";
        const rest = confirmed[list].filter((one) => one !== id);
        const name = about ? numberOf(about, profile) : say("cases.draft.new");
        return (
          <div key={`${place} ${id}`} class="erase-text">
            <Option
              label={say(`erase.found.${place as "draft"}`, { id: name })}
              checked={confirmed[list].includes(id)}
              onChoose={(checked) =>
                void look(erase, {
                  ...confirmed,
                  [list]: checked ? [...rest, id] : rest,
                })
              }
            />
            <ul class="erase-list">
              {mentions.map((mention) => (
                <li key={JSON.stringify(mention)}>
                  <InContext {...mention} />
                </li>
              ))}
            </ul>
            <a
              href={hashOf({
                at: place === "draft" ? "draft" : "approvals",
                id,
              })}
            >
              {name}
            </a>
          </div>
        );
      })}
      {left.length > 0 && (
        <section class="erase-text">
          <h4>{say("erase.found.left")}</h4>
          <ul class="erase-list">
            {left.map((one: { id: string } | FoundMention) => (
              <li key={JSON.stringify(one)}>
                <a href={hashOf({ at: "case", id: one.id })}>
                  {numberOf(one.id, profile)}
                </a>
                {"word" in one && [
                  ` › ${labelOf(["portrait"], profile)} `,
                  <InContext key="" {...one} />,
                ]}
              </li>
            ))}
          </ul>
        </section>
      )}
      {hidden > 0 && <p>{say("erase.found.hidden", { count: hidden })}</p>}
      {more && <p>{say("erase.found.more")}</p>}
    </section>
  );
}

/**
 * What the erasure does to a revision: of the case itself, pending or of
 * another case.
 */
export interface ErasedPart extends ErasedRevision {
  title: string;
  other?: string;
  fields: UnfinishedCase;
}

/**
 * The parts of the case itself and of each other case.
 * @param newest the case as it will be after what is pending
 */
export function erasedParts(
  preview: ErasurePreview,
  fields: Case,
  newest: Case,
) {
  const all = (
    one: ErasedRevision & Pick<ErasurePreview, "pending">,
    live: object,
    later: object,
    other?: string,
  ) => {
    const more = other === undefined ? {} : { other };
    const pending = one.pending.map(
      ({ number, liveAt, ...revision }): ErasedPart => {
        const title = say("erase.pending.revision", {
          number,
          moment: printMoment(liveAt),
        });
        return { ...revision, ...more, title, fields: later };
      },
    );
    return [{ ...one, ...more, title: "", fields: live }, ...pending];
  };
  return {
    own: all(preview, fields, newest),
    others: preview.cases.map((one) => ({
      ...one,
      parts: all(one, {}, {}, one.id),
    })),
  };
}

function PlaceName({
  part,
  place,
}: {
  part: ErasedPart;
  place: { pointer: string; lang?: string };
}) {
  const { profile } = useSession().me;
  const { title, other, fields } = part;
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
        {marks !== expected && (
          <span class="hint">
            {" "}
            · {say("erase.look.count", { marks, expected })}
          </span>
        )}
      </h4>
      <Pressable
        lang={lang}
        sentences={sentences.map(({ before }) => before)}
        isGoing={(index) =>
          sentences[index]?.after !== sentences[index]?.before
        }
        onPress={(index) => onPress?.(sentences[index]?.before ?? "")}
      />
      {children}
    </section>
  );
}

/** A word with those around it. */
export const InContext = ({
  before,
  word,
  after,
}: Pick<FoundMention, "before" | "word" | "after">) => (
  <bdi>
    {before}
    <mark>{word}</mark>
    {after}
  </bdi>
);

/** More texts are folded away. */
const MAX_OPEN = 12;

interface MarkedProps {
  part: ErasedPart;
  /** Spares words that are no form of the name. */
  onAlike?: (part: ErasedPart, places: ErasedPart["marked"]) => void;
}

/** Every sentence that changes, as it is and as it will be. */
export function Marked({ part, onAlike }: MarkedProps) {
  const places = part.places.flatMap((place) => {
    const changed = place.sentences.filter(
      ({ before, after }) => before !== after,
    );
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
              <PlaceName
                part={{ ...part, title: "", other: "" }}
                place={place}
              />
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
          {[...Map.groupBy(part.marked, ({ word }) => word)].map(
            ([word, found]) => (
              <Button
                key={word}
                class="link"
                onPress={() => onAlike(part, found)}
              >
                <bdi>{word}</bdi>
              </Button>
            ),
          )}
        </div>
      )}
    </details>
  );
}

interface ErasurePlacesProps {
  preview: ErasurePreview;
  fields: Case;
  newest: Case;
  cases: readonly string[];
}

/** What a proposed erasure does, as its author saw it. */
export function ErasurePlaces({
  preview,
  fields,
  newest,
  cases,
}: ErasurePlacesProps) {
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
              (place) =>
                place.whole && (
                  <WholeText
                    key={place.pointer + place.lang}
                    part={part}
                    place={place}
                  />
                ),
            )}
            <Marked part={part} />
          </Fragment>
        ))}
      </Fragment>
    ),
  );
}
