/** The second step of an erasure: the editor sees everything that will be gone, and what may have been missed. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Case } from "../../../shared/case/schema.ts";
import { directionOf } from "../../../shared/locale.ts";
import { numberOf } from "../../../shared/profile/numbers.ts";
import type { ApiError } from "../../editing/contract/client.ts";
import type { UnfinishedCase } from "../../editing/rules/desk.ts";
import type { Erase, ErasedRevision, ErasurePreview, ErasureRequest, FoundMention } from "../../editing/rules/erase.ts";
import { labelOf, wordsFor } from "../form/form-state.ts";
import { pathOf } from "../form/path.ts";
import { hashOf } from "../route.ts";
import { useSession } from "../session.ts";
import { languageName, say } from "../words.ts";
import { EraseRefusal, Pressable, toggled } from "./erase-choice.tsx";
import { printMoment } from "./moments.ts";

/** How far the erasure reaches, as the editor has confirmed. */
export type ErasureReach = Pick<ErasureRequest, "alike" | "cases" | "drafts" | "proposals">;

interface PreviewProps {
  /** The case as readers see it, and as it will be after what is pending. */
  fields: Case;
  newest: Case;
  /** What goes besides words in texts. */
  goes: readonly string[];
  preview: ErasurePreview;
  erase: readonly Erase[];
  confirmed: ErasureReach;
  /** Something changed after the editor looked. */
  isNew: boolean;
  busy: boolean;
  refused: ApiError | null;
  /** The choice was changed, so the preview must be read again. */
  onErase: (erase: Erase[]) => void;
  onConfirmed: (confirmed: ErasureReach) => void;
  onBack: () => void;
  onNext: () => void;
}

/** What the erasure does to a revision: of the case itself, pending or of another case. */
interface Part extends ErasedRevision {
  title: string;
  /** Another case's id. */
  other?: string;
  fields: UnfinishedCase;
}

/** A word in a text. */
type Place = Pick<ErasedRevision["marked"][number], "pointer" | "word">;

/** More texts are folded away. */
const MAX_OPEN = 12;

export function ErasePreview(props: PreviewProps) {
  const { fields, newest, goes, preview, erase, confirmed, isNew, busy, refused } = props;
  const { onErase, onConfirmed, onBack, onNext } = props;
  const { profile } = useSession().me;
  const [looked, setLooked] = useState("");
  const [noNames, setNoNames] = useState<string[]>([]);
  const pendingOf = (pending: ErasurePreview["pending"], more: Pick<Part, "fields" | "other">): Part[] =>
    pending.map((one) => ({
      ...one,
      ...more,
      title: say("erase.pending.revision", { number: one.number, moment: printMoment(one.liveAt) }),
    }));
  const own: Part = { ...preview, title: "", fields: fields as UnfinishedCase };
  const pending = pendingOf(preview.pending, { fields: newest as UnfinishedCase });
  const others = preview.cases.map((one) => {
    const more = { fields: {} as UnfinishedCase, other: one.id };
    return {
      id: one.id,
      basedOn: one.basedOn,
      parts: [{ ...one, ...more, title: "" }, ...pendingOf(one.pending, more)],
    };
  });
  const isChosen = (id: string) => confirmed.cases.some((one) => one.id === id);
  const parts = [own, ...pending, ...others.flatMap(({ id, parts: found }) => (isChosen(id) ? found : []))];
  const placeOf = ({ title, other, fields: at }: Part, pointer: string, lang = "") =>
    [
      other && numberOf(other, profile),
      title,
      wordsFor(at, pathOf(pointer), profile) || pointer,
      lang && lang !== at.language && languageName(lang),
    ]
      .filter(Boolean)
      .join(" › ");

  const doubts = parts.flatMap((part) =>
    part.places.flatMap((place) => {
      const count = part.counts.find(({ pointer, lang }) => pointer === place.pointer && lang === place.lang);
      const key = JSON.stringify([part.other, place.lang, place.sentences]);
      return place.lacks || count ? { part, place, count, key } : [];
    }),
  );
  // What stands in the case and in a pending revision is shown once: a press takes it out of both.
  const doubtful = doubts.filter(({ key }, index) => doubts.findIndex((one) => one.key === key) === index);
  const seen = doubtful.map(({ key }) => key).join();
  const neighbours = new Map(
    parts
      .flatMap((part) => part.neighbours.map((one) => [one.word, one] as const))
      .filter(([word]) => !noNames.includes(word)),
  );
  const alikeOf = ({ other }: Part, { pointer, word }: Place) => ({ ...(other && { case: other }), pointer, word });
  /** Leaves words that are no form of the name as they are. */
  const spare = (part: Part, places: readonly Place[]) =>
    onConfirmed({ ...confirmed, alike: [...confirmed.alike, ...places.map((place) => alikeOf(part, place))] });
  const remaining = parts.flatMap((part) => part.remaining.map((mention) => ({ part, mention })));
  const isReady = (doubtful.length === 0 || looked === seen) && neighbours.size === 0 && remaining.length === 0;
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
          {doubtful.map(({ part, place: { pointer, lang, sentences }, count, key }) => (
            <section key={key} class="erase-text">
              <h4>
                {placeOf(part, pointer, lang)}
                {count && <span class="hint"> · {say("erase.look.count", count)}</span>}
              </h4>
              <Pressable
                lang={lang}
                sentences={sentences.map(({ before }) => before)}
                isGoing={(index) => sentences[index]?.after !== sentences[index]?.before}
                onPress={(index) =>
                  onErase(toggled(erase, { what: "sentence", sentence: sentences[index]?.before ?? "" }))
                }
              />
              {part === own && lang !== fields.language && (
                <button
                  type="button"
                  class="link"
                  onClick={() => onErase([...erase, { what: "translation", lang, at: pointer }])}
                >
                  {say("erase.translation")}
                </button>
              )}
            </section>
          ))}
          <label class="option">
            <input
              type="checkbox"
              checked={looked === seen}
              onChange={({ currentTarget: { checked } }) => setLooked(checked ? seen : "")}
            />
            <b>{say("erase.looked")}</b>
          </label>
        </section>
      )}
      {[...neighbours.values()].map((mention) => (
        <section key={mention.word} class="erase-look">
          <h3>{say("erase.neighbour", { word: mention.word })}</h3>
          <InContext {...mention} />
          <div class="row">
            <button
              type="button"
              class="quiet"
              onClick={() => onErase([...erase, { what: "name", name: mention.word }])}
            >
              {say("erase.neighbour.yes")}
            </button>
            <button type="button" class="quiet" onClick={() => setNoNames([...noNames, mention.word])}>
              {say("erase.neighbour.no")}
            </button>
          </div>
        </section>
      ))}
      {remaining.length > 0 && (
        <section class="erase-look">
          <h3>{say("erase.remains", { count: remaining.length })}</h3>
          <ul class="erase-list">
            {remaining.map(({ part, mention }) => (
              <li key={JSON.stringify(alikeOf(part, mention))}>
                <b>{placeOf(part, mention.pointer)}</b> <InContext {...mention} />{" "}
                <button type="button" class="link" onClick={() => spare(part, [mention])}>
                  {say("erase.alike", { word: mention.word })}
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      {goes.length > 0 && (
        <section class="erasure">
          <div>
            <h3>{say("erase.goes")}</h3>
            <ul class="goes">
              {goes.map((one) => (
                <li key={one}>{one}</li>
              ))}
            </ul>
          </div>
        </section>
      )}
      {[own, ...pending].map((part) => (
        <Marked key={part.title} part={part} placeOf={placeOf} onAlike={spare} />
      ))}
      <Elsewhere {...props}>
        {others.map(({ id, basedOn, parts: found }) => (
          <section key={id} class="erase-text">
            <label class="option">
              <input
                type="checkbox"
                checked={isChosen(id)}
                onChange={({ currentTarget: { checked } }) => {
                  const rest = confirmed.cases.filter((one) => one.id !== id);
                  onConfirmed({ ...confirmed, cases: checked ? [...rest, { id, basedOn }] : rest });
                }}
              />
              <b>{say("erase.found.case", { id: numberOf(id, profile) })}</b>
            </label>
            {found.map((part) => (
              <Marked key={part.title} part={part} placeOf={placeOf} onAlike={spare} />
            ))}
          </section>
        ))}
      </Elsewhere>
      <footer class="row" aria-busy={busy}>
        <EraseRefusal error={refused} />
        <button type="button" class="quiet" disabled={busy} onClick={onBack}>
          {say("erase.back")}
        </button>
        <button type="button" class="danger" disabled={busy || !isReady} onClick={onNext}>
          {say("erase.next.last")}
        </button>
        {!isReady && <span class="hint">{say("erase.not-ready")}</span>}
      </footer>
    </>
  );
}

/** A word with those around it. */
const InContext = ({ before, word, after }: Pick<FoundMention, "before" | "word" | "after">) => (
  <bdi>
    {before}
    <mark>{word}</mark>
    {after}
  </bdi>
);

interface MarkedProps {
  part: Part;
  placeOf: (part: Part, pointer: string, lang: string) => string;
  onAlike: (part: Part, places: readonly Place[]) => void;
}

/** Every sentence that changes, as it is and as it will be. */
function Marked({ part, placeOf, onAlike }: MarkedProps) {
  const places = part.places.flatMap(({ sentences, ...place }) => {
    const changed = sentences.filter(({ before, after }) => before !== after);
    return changed.length > 0 ? [{ ...place, changed }] : [];
  });
  const title = say("erase.marked", { count: places.length });
  if (places.length === 0) return part.other ? null : <p>{title}</p>;
  return (
    <details class="erase-part" open={places.length <= MAX_OPEN}>
      <summary>{[part.title, title].filter(Boolean).join(": ")}</summary>
      <dl class="erase-list">
        {places.map(({ pointer, lang, changed }) => (
          <div key={`${pointer} ${lang}`}>
            <dt>{placeOf({ ...part, title: "", other: "" }, pointer, lang)}</dt>
            {changed.map(({ before, after }) => (
              <dd key={before} lang={lang} dir={directionOf(lang)}>
                <del>{before}</del> <ins>{after}</ins>
              </dd>
            ))}
          </div>
        ))}
      </dl>
      {part.marked.length > 0 && (
        <div class="row erase-words">
          <span class="hint">{say("erase.words")}</span>
          {[...Map.groupBy(part.marked, ({ word }) => word)].map(([word, found]) => (
            <button key={word} type="button" class="link" onClick={() => onAlike(part, found)}>
              <bdi>{word}</bdi>
            </button>
          ))}
        </div>
      )}
    </details>
  );
}

/** True for a place in the record of who agreed to a picture. */
const isConsent = (pointer: string): boolean => pointer.startsWith("/consent");

/** Other cases, and drafts and proposals of them. The editor confirms each. */
function Elsewhere({ preview, confirmed, onConfirmed, children }: PreviewProps & { children: ComponentChildren }) {
  const { profile } = useSession().me;
  const found = Object.values(
    Object.groupBy(
      preview.elsewhere.filter(({ place }) => place !== "case"),
      ({ place, id }) => `${place} ${id}`,
    ),
  );
  const { hidden, more, cases } = preview;
  /** Places that this erasure leaves: the record of a consent, and a case from which nothing can be erased now. */
  const left = preview.elsewhere.filter(
    ({ place, id, pointer }) => place === "case" && (isConsent(pointer) || !cases.some((one) => one.id === id)),
  );
  if (found.length + cases.length + left.length + hidden === 0) return null;
  return (
    <section aria-labelledby="elsewhere-title">
      <h3 id="elsewhere-title">{say("erase.found")}</h3>
      {found.length + cases.length > 0 && <p class="hint">{say("erase.found.hint")}</p>}
      {children}
      {found.map((mentions = []) => {
        const [{ place, id, case: about }] = mentions as [FoundMention];
        const list = place === "draft" ? "drafts" : "proposals";
        const rest = confirmed[list].filter((one) => one !== id);
        const name = about ? numberOf(about, profile) : say("cases.draft.new");
        return (
          <div key={`${place} ${id}`} class="erase-text">
            <label class="option">
              <input
                type="checkbox"
                checked={confirmed[list].includes(id)}
                onChange={({ currentTarget: { checked } }) =>
                  onConfirmed({ ...confirmed, [list]: checked ? [...rest, id] : rest })
                }
              />
              <b>{say(`erase.found.${place as "draft"}`, { id: name })}</b>
            </label>
            <ul class="erase-list">
              {mentions.map((mention) => (
                <li key={JSON.stringify(mention)}>
                  <InContext {...mention} />
                </li>
              ))}
            </ul>
            <a href={hashOf({ at: place === "draft" ? "draft" : "approvals", id })}>{name}</a>
          </div>
        );
      })}
      {left.length > 0 && (
        <section class="erase-text">
          <h4>{say("erase.found.left")}</h4>
          <ul class="erase-list">
            {left.map((mention) => (
              <li key={JSON.stringify(mention)}>
                <a href={hashOf({ at: "case", id: mention.id })}>{numberOf(mention.id, profile)}</a>
                {isConsent(mention.pointer) && ` › ${labelOf(["portrait"], profile)}`} <InContext {...mention} />
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
