/** The importer's reading of a document: what it found, and the sentences about people's statuses, which a person accepts one by one. */
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { Profile } from "../../../shared/profile/schema.ts";
import { toldPointers } from "../../editing/importer/draft.ts";
import type { DraftSource } from "../../editing/rules/desk.ts";
import { durationInWords } from "../differences.tsx";
import { printDate, say } from "../words.ts";
import { accepted, type StatusProposal } from "./accept.ts";
import { typedEdtf } from "./date-field.tsx";
import { choiceOf, entryName, FormContext, type FormState, labelOf, useFormState } from "./form-state.ts";
import { LineLink } from "./frame.tsx";
import { focusSoon, goToField } from "./go-to-field.ts";
import { pathOf, pointerOf, valueAt } from "./path.ts";

type Told = DraftSource["found"][number];
type Candidate = DraftSource["candidates"][number];

/** Further candidates are shown on demand. */
const MAX_SHOWN_CANDIDATES = 30;

export function Reading({ form }: { form: FormState }) {
  const { source } = form;
  if (!source || source.found.length === 0) return null;
  const { found, candidates } = source;
  return (
    <FormContext.Provider value={form}>
      <section class="checklist reading" aria-label={say("reading.title")}>
        <details>
          <summary>{say("reading.title")}</summary>
          <ul class="told">
            {found.map((one) => (
              <FoundField key={one.field} told={one} />
            ))}
          </ul>
        </details>
        {candidates.length > 0 && <Candidates candidates={candidates} />}
      </section>
    </FormContext.Provider>
  );
}

function FoundField({ told: { field, state, line } }: { told: Told }) {
  const { showLine, profile } = useFormState();
  const pointer = toldPointers[field];
  return (
    <li>
      <button type="button" class="link" onClick={() => void goToField(pointer)}>
        {labelOf(pathOf(pointer), profile)}
      </button>
      <span class={state}>{say(`reading.${state}`)}</span>
      {line !== undefined && <LineLink line={line} onShow={showLine} />}
    </li>
  );
}

function Candidates({ candidates }: { candidates: Candidate[] }) {
  const [all, setAll] = useState(false);
  const shown = all ? candidates : candidates.slice(0, MAX_SHOWN_CANDIDATES);
  return (
    <details open>
      <summary>{say("candidates.title", { count: candidates.length })}</summary>
      <p class="hint">{say("candidates.hint")}</p>
      <ol class="candidates">
        {shown.map((candidate, index) => (
          <Sentence key={`${candidate.line} ${index}`} candidate={candidate} />
        ))}
      </ol>
      {shown.length < candidates.length && (
        <button type="button" class="link" onClick={() => setAll(true)}>
          {say("check.more", { count: candidates.length - shown.length })}
        </button>
      )}
    </details>
  );
}

const proposalInWords = ({ field, value }: StatusProposal, profile: Profile): string =>
  field === "sentence"
    ? durationInWords(value, profile)
    : choiceOf([field === "designation" ? "designations" : field], value, profile);

function Sentence({ candidate: { line, text, people, proposals } }: { candidate: Candidate }) {
  const { showLine, profile } = useFormState();
  const [chosen, setChosen] = useState<StatusProposal | null>(null);
  const chips = useRef<HTMLDivElement>(null);
  const cancel = () => {
    setChosen(null);
    // The button that opened the questions is back, and gets the focus that it had.
    requestAnimationFrame(() => chips.current?.querySelector("button")?.focus());
  };
  return (
    <li>
      <q dir="auto">{text}</q> <LineLink line={line} onShow={showLine} />
      {chosen ? (
        <Acceptance
          proposal={chosen}
          people={people}
          line={line}
          onAccepted={() => setChosen(null)}
          onCancel={cancel}
        />
      ) : (
        proposals.length > 0 && (
          <div class="chips" ref={chips}>
            {proposals.map((proposal) => (
              <button
                key={`${proposal.field} ${proposal.value}`}
                type="button"
                class="chip"
                onClick={() => setChosen(proposal)}
              >
                {say("candidates.accept", { value: proposalInWords(proposal, profile) })}
              </button>
            ))}
          </div>
        )
      )}
    </li>
  );
}

/** The choice of a further proceeding instead of one that the person has. */
const NEW = "new";

/** Asks for the person, the date and the author of a status. Date and author have no default: only a person can know them. */
function Acceptance({
  proposal,
  people,
  line,
  onAccepted,
  onCancel,
}: {
  proposal: StatusProposal;
  people: string[];
  line: number;
  onAccepted: () => void;
  onCancel: () => void;
}) {
  const { fields, source, edit, showLine, profile } = useFormState();
  const id = useId();
  const first = useRef<HTMLSelectElement>(null);
  useEffect(() => first.current?.focus(), []);
  const [only] = people.length === 1 ? people : [];
  const [person, setPerson] = useState(only ?? "");
  const [date, setDate] = useState("");
  const [statedBy, setStatedBy] = useState("");
  const [proceeding, setProceeding] = useState("");
  const choosePerson = (pointer: string) => {
    setPerson(pointer);
    setProceeding("");
  };
  const asOf = typedEdtf(date);
  const pointer = source?.provenance.find((known) => /^\/documents\/\d+\/id$/.test(known.pointer))?.pointer;
  const document = valueAt(fields, pathOf(pointer ?? "/documents/0/id"));
  const index = Number(pathOf(person)[1]);
  const known = person === "" ? undefined : fields.people?.[index];
  const proceedings = proposal.field === "proceedings" ? (known?.proceedings ?? []) : [];
  const replaced =
    proposal.field === "custody"
      ? known?.custody?.value && choiceOf(["custody"], known.custody.value, profile)
      : proposal.field === "sentence" &&
        known?.sentence?.value?.duration &&
        durationInWords(known.sentence.value.duration, profile);
  const isReady =
    person !== "" &&
    asOf !== null &&
    statedBy.trim() !== "" &&
    typeof document === "string" &&
    (proceedings.length === 0 || proceeding !== "");
  const accept = () => {
    if (!isReady) return;
    const [path, value] = accepted(
      fields,
      index,
      proposal,
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
      <legend class="label">{say("candidates.accept", { value: proposalInWords(proposal, profile) })}</legend>
      <div class="row">
        <div class="field">
          <label for={`${id}-person`}>{labelOf(["people"], profile)}</label>
          <select
            ref={first}
            id={`${id}-person`}
            value={person}
            onChange={({ currentTarget: { value } }) => choosePerson(value)}
          >
            <option value="">{say("form.choose")}</option>
            {(fields.people ?? []).map((_, index) => (
              <option key={index} value={pointerOf(["people", index])}>
                {entryName(fields, ["people", index], profile)}
              </option>
            ))}
          </select>
        </div>
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
