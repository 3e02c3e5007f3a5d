/** The sentences of a document that wait for a verdict. Each is judged with a button or a digit; a status it states is put into the form. */
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { Profile } from "../../../shared/profile/schema.ts";
import {
  type ListedSentence,
  type OfferedStatus,
  type SentenceVerdict,
  unjudged,
  verdicts,
} from "../../editing/rules/reading.ts";
import { durationInWords } from "../differences.tsx";
import { printDate, say } from "../words.ts";
import { accepted } from "./accept.ts";
import { typedEdtf } from "./date-field.tsx";
import { choiceOf, entryName, labelOf, useFormState } from "./form-state.ts";
import { LineLink } from "./frame.tsx";
import { focusSoon } from "./go-to-field.ts";
import { pathOf, valueAt } from "./path.ts";

/** Further sentences are shown on demand. */
const MAX_SHOWN = 30;

const offerInWords = ({ field, value }: Pick<OfferedStatus, "field" | "value">, profile: Profile): string =>
  field === "sentence"
    ? durationInWords(value, profile)
    : choiceOf([field === "designation" ? "designations" : field], value, profile);

/** "Imprisoned" for each of the values that a field has now. */
const nowInWords = ({ field, now }: OfferedStatus & { now: string }, profile: Profile): string =>
  now
    .split(", ")
    .map((value) => offerInWords({ field, value }, profile))
    .join(", ");

/** "12 sentences, 3 about people you publish, 2 contradict what you say now" */
export const sentencesInWords = (
  sentences: readonly ListedSentence[],
  base: { people: { id: string }[] } | null,
): string => {
  const published = new Set(base?.people.map(({ id }) => id));
  return base
    ? say("sentences.head", {
        count: sentences.length,
        published: sentences.filter(({ people }) => people.some((id) => published.has(id))).length,
        contrary: sentences.filter(({ contradicts }) => contradicts).length,
      })
    : say("sentences.new", { count: sentences.length });
};

export function Sentences({
  sentences,
  verdicts: given,
}: {
  sentences: ListedSentence[];
  verdicts: Readonly<Record<string, SentenceVerdict>>;
}) {
  const { base, fields, source, edit } = useFormState();
  const [all, setAll] = useState(false);
  const contrary = sentences.filter(({ contradicts }) => contradicts);
  // What contradicts the case comes first, then the order of the document.
  const ordered = [...contrary, ...sentences.filter(({ contradicts }) => !contradicts)];
  const shown = all ? ordered : ordered.slice(0, MAX_SHOWN);
  const open = unjudged({ sentences, verdicts: given });
  const stated = source?.provenance.find(({ pointer }) => pointer === "/asOf")?.value as { date: string } | undefined;
  const isNewer = stated !== undefined && base !== null && stated.date > (fields.asOf?.date ?? "");
  return (
    <details open={open.length > 0}>
      <summary>{sentencesInWords(sentences, base)}</summary>
      <p class="hint">{say("candidates.hint")}</p>
      <ol class="candidates">
        {shown.map((one) => (
          <Sentence key={one.id} listed={one} verdict={given[one.id]} />
        ))}
      </ol>
      {shown.length < ordered.length && (
        <button type="button" class="link" onClick={() => setAll(true)}>
          {say("check.more", { count: ordered.length - shown.length })}
        </button>
      )}
      {open.length === 0 && (
        <p role="status">
          {say("sentences.read")}{" "}
          {isNewer && (
            <button type="button" class="quiet" onClick={() => edit(["asOf"], stated)}>
              {say("sentences.as-of", { date: printDate(stated.date) })}
            </button>
          )}
        </p>
      )}
    </details>
  );
}

function Sentence({ listed, verdict }: { listed: ListedSentence; verdict: SentenceVerdict | undefined }) {
  const { id, sentence, before, after, line, offers, contradicts = [] } = listed;
  const { fields, showLine, profile, judge } = useFormState();
  const [chosen, setChosen] = useState<OfferedStatus | null>(null);
  const item = useRef<HTMLLIElement>(null);
  const give = (next: SentenceVerdict) => {
    const isNew = next !== verdict;
    judge(id, isNew ? next : null);
    // On to the next sentence, as after each line of a list that is read.
    if (isNew)
      (item.current?.nextElementSibling?.querySelector("button.verdict-button") as HTMLElement | null)?.focus();
  };
  const cancel = () => {
    setChosen(null);
    // The button that opened the questions is back, and gets the focus that it had.
    requestAnimationFrame(() => item.current?.querySelector<HTMLElement>(".chips button")?.focus());
  };
  const nameOf = (person: string) =>
    entryName(fields, ["people", fields.people?.findIndex((one) => one?.id === person) ?? 0], profile);
  return (
    <li
      ref={item}
      class={verdict ? "done" : ""}
      onKeyDown={(event) => {
        const next = verdicts[Number(event.key) - 1];
        if (!next || chosen || event.altKey || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        give(next);
      }}
    >
      <p dir="auto">
        <span class="hint">{before}</span> <q>{sentence}</q> <span class="hint">{after}</span>
      </p>
      <LineLink line={line} onShow={showLine} />
      {contradicts.map((one) => (
        <p key={`${one.person} ${one.field}`} class="warning">
          <span>
            <bdi>{nameOf(one.person)}</bdi> · {say("sentences.now", { value: nowInWords(one, profile) })}
          </span>
        </p>
      ))}
      {chosen ? (
        <Acceptance
          offer={chosen}
          line={line}
          onAccepted={() => {
            setChosen(null);
            judge(id, "accepted");
          }}
          onCancel={cancel}
        />
      ) : (
        <div class="chips">
          {!verdict &&
            offers.map((offer) => (
              <button key={`${offer.field} ${offer.value}`} type="button" class="chip" onClick={() => setChosen(offer)}>
                {say("candidates.accept", { value: offerInWords(offer, profile) })}
              </button>
            ))}
          {verdicts.map((one) => (
            <button
              key={one}
              type="button"
              class="chip verdict-button"
              aria-pressed={one === verdict}
              onClick={() => give(one)}
            >
              {say(`verdict.${one}`)}
            </button>
          ))}
        </div>
      )}
    </li>
  );
}

/** The choice of a further proceeding instead of one that the person has. */
const NEW = "new";

/** Asks for the person, the date and the author of a status. Date and author have no default: only a person can know them. */
function Acceptance({
  offer,
  line,
  onAccepted,
  onCancel,
}: {
  offer: OfferedStatus;
  line: number;
  onAccepted: () => void;
  onCancel: () => void;
}) {
  const { fields, source, edit, showLine, profile } = useFormState();
  const id = useId();
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const [date, setDate] = useState("");
  const [statedBy, setStatedBy] = useState("");
  const [proceeding, setProceeding] = useState("");
  const asOf = typedEdtf(date);
  const pointer = source?.provenance.find((known) => /^\/documents\/\d+\/id$/.test(known.pointer))?.pointer;
  const document = valueAt(fields, pathOf(pointer ?? "/documents/0/id"));
  // The sentence names this person in full and nobody else.
  const index = fields.people?.findIndex((one) => one?.id === offer.person) ?? -1;
  const known = fields.people?.[index];
  const proceedings = offer.field === "proceedings" ? (known?.proceedings ?? []) : [];
  const replaced =
    offer.field === "custody"
      ? known?.custody?.value && choiceOf(["custody"], known.custody.value, profile)
      : offer.field === "sentence" &&
        known?.sentence?.value?.duration &&
        durationInWords(known.sentence.value.duration, profile);
  const isReady =
    known !== undefined &&
    asOf !== null &&
    statedBy.trim() !== "" &&
    typeof document === "string" &&
    (proceedings.length === 0 || proceeding !== "");
  const accept = () => {
    if (!isReady) return;
    const [path, value] = accepted(
      fields,
      index,
      offer,
      { asOf: { date: asOf }, statedBy: statedBy.trim(), source: document },
      proceedings.length > 0 && proceeding !== NEW ? Number(proceeding) : undefined,
    );
    edit(path, value);
    onAccepted();
    void focusSoon(path);
  };
  return (
    <fieldset
      class="acceptance"
      onKeyDown={({ key }) => {
        if (key === "Escape") onCancel();
      }}
    >
      <legend class="label">
        {say("candidates.accept", { value: offerInWords(offer, profile) })}
        {known && (
          <>
            {" · "}
            <bdi>{entryName(fields, ["people", index], profile)}</bdi>
          </>
        )}
      </legend>
      <div class="row">
        {proceedings.length > 0 && (
          <div class="field">
            <label for={`${id}-proceeding`}>{labelOf(["proceedings"], profile)}</label>
            <select
              id={`${id}-proceeding`}
              value={proceeding}
              onChange={({ currentTarget: { value } }) => setProceeding(value)}
            >
              <option value="">{say("form.choose")}</option>
              {proceedings.map((_, at) => (
                <option key={at} value={String(at)}>
                  {say("candidates.replace", {
                    value: entryName(fields, ["people", index, "proceedings", at], profile),
                  })}
                </option>
              ))}
              <option value={NEW}>{say("form.add", { what: say("field.proceedings.one") })}</option>
            </select>
          </div>
        )}
        <div class="field">
          <label for={`${id}-date`}>{labelOf(["asOf"], profile)}</label>
          <input
            ref={first}
            id={`${id}-date`}
            value={date}
            dir="ltr"
            autoComplete="off"
            placeholder={say("form.date.example")}
            onFocus={() => showLine(line)}
            onInput={({ currentTarget: { value } }) => setDate(value)}
          />
          {asOf !== null && <span class="hint">{printDate(asOf)}</span>}
        </div>
        <div class="field">
          <label for={`${id}-by`}>{labelOf(["statedBy"], profile)}</label>
          <input
            id={`${id}-by`}
            value={statedBy}
            dir="auto"
            autoComplete="off"
            onInput={({ currentTarget: { value } }) => setStatedBy(value)}
          />
        </div>
      </div>
      <div class="row">
        <button type="button" disabled={!isReady} onClick={accept}>
          {replaced ? say("candidates.replace", { value: replaced }) : say("candidates.put")}
        </button>
        <button type="button" class="quiet" onClick={onCancel}>
          {say("candidates.cancel")}
        </button>
      </div>
    </fieldset>
  );
}
