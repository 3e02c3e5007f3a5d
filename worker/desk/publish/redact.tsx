/** Begins a redaction: asks whose name must go, shows every place that holds it, and prepares a draft without it. */
import { useEffect, useMemo, useState } from "preact/hooks";
import type { Case } from "../../../shared/case/schema.ts";
import { numberOf } from "../../../shared/profile/numbers.ts";
import type { DeskDraft, DeskRecord, UnfinishedCase } from "../../editing/rules/desk.ts";
import type { FoundMention } from "../../editing/rules/erase.ts";
import { nameFinder, nameMentionsIn } from "../../editing/rules/name-forms.ts";
import { redactedCase } from "../../editing/rules/redacted-case.ts";
import { type DeskPlace, hashOf } from "../route.ts";
import { useSession } from "../session.ts";
import { draftOf } from "../start-draft.ts";
import { openDraft } from "../started-drafts.ts";
import { say } from "../words.ts";
import { Dialog } from "./dialog.tsx";
import { MentionList } from "./mentions.tsx";
import { apiErrorOf } from "./refusal.tsx";

interface RedactProps {
  record: DeskRecord;
  fields: Case;
  onClose: () => void;
}

/** Names that the editor typed, separated by commas or lines. */
const namesIn = (typed: string): string[] =>
  typed
    .split(/[,;\n]/)
    .map((name) => name.trim())
    .filter((name) => name !== "");

export function RedactDialog({ record, fields, onClose }: RedactProps) {
  const { me } = useSession();
  const [people, setPeople] = useState<string[]>([]);
  const [typed, setTyped] = useState("");
  const names = useMemo(() => namesIn(typed), [typed]);
  const { sought, found } = useMemo(() => {
    const spellings = (leaving: boolean) =>
      fields.people
        .filter(({ id }) => people.includes(id) === leaving)
        .flatMap((person) => person.names.map(({ value }) => value));
    const all = [...names, ...spellings(true)];
    return { sought: all, found: nameMentionsIn({ case: fields }, nameFinder(all, spellings(false))) };
  }, [fields, people, names]);
  const prepare = () => {
    const draft: DeskDraft = {
      ...draftOf(record.revision.number, fields),
      case: redactedCase(fields, people, names) as UnfinishedCase,
      kind: "redaction",
      notify: "none",
      redacts: { names, alike: [] },
    };
    openDraft(draft);
  };
  return (
    <Dialog
      title={say("redact.panel", { id: numberOf(fields.id, me.profile) })}
      class="wide danger-dialog"
      onClose={onClose}
    >
      <fieldset>
        <legend>{say("redact.who")}</legend>
        {fields.people.map((person) => (
          <label class="option" key={person.id}>
            <input
              type="checkbox"
              checked={people.includes(person.id)}
              onChange={({ currentTarget: { checked } }) =>
                setPeople((before) => (checked ? [...before, person.id] : before.filter((id) => id !== person.id)))
              }
            />
            <bdi>{person.names.find(({ form }) => form === "preferred")?.value}</bdi>
          </label>
        ))}
        <p class="hint">{say("redact.who.hint")}</p>
      </fieldset>
      <div class="field">
        <label for="other-names">{say("redact.other")}</label>
        <input
          id="other-names"
          dir="auto"
          autoComplete="off"
          value={typed}
          onInput={({ currentTarget: { value } }) => setTyped(value)}
        />
        <p class="hint">{say("redact.other.hint")}</p>
      </div>
      {(people.length > 0 || names.length > 0) && (
        <details class="mentions" open={found.length <= MAX_OPEN}>
          <summary>{say("redact.found", { count: found.length })}</summary>
          <MentionList mentions={found} fields={fields as UnfinishedCase} />
        </details>
      )}
      <Elsewhere id={fields.id} names={sought} />
      <footer class="row">
        <button type="button" class="quiet" onClick={onClose}>
          {say("publish.not-yet")}
        </button>
        <button type="button" class="danger" onClick={prepare}>
          {say("redact.prepare")}
        </button>
      </footer>
    </Dialog>
  );
}

const MAX_OPEN = 12;

/** The largest number of names in one search. */
const MAX_NAMES = 24;
const TYPING_MS = 500;

/** Other cases, drafts, proposals and records of a consent that hold the name. Those of this case are erased with it. */
function Elsewhere({ id, names }: { id: string; names: string[] }) {
  const { api, me } = useSession();
  const [found, setFound] = useState<{ mentions: FoundMention[]; hidden: number }>({ mentions: [], hidden: 0 });
  const key = names.slice(0, MAX_NAMES).join("\n");
  useEffect(() => {
    if (key === "") return setFound({ mentions: [], hidden: 0 });
    let overtaken = false;
    const timer = setTimeout(
      () =>
        void apiErrorOf(async () => {
          const answer = await api.findMentions({ body: { names: key.split("\n") } });
          if (!overtaken)
            setFound({
              ...answer,
              mentions: answer.mentions.filter((one) => one.case !== id || one.pointer.startsWith("/consent")),
            });
        }),
      TYPING_MS,
    );
    return () => {
      overtaken = true;
      clearTimeout(timer);
    };
  }, [api, id, key]);
  const { mentions, hidden } = found;
  if (mentions.length === 0 && hidden === 0) return null;
  return (
    <section class="mentions" aria-labelledby="elsewhere-title">
      <h3 id="elsewhere-title">{say("redact.elsewhere")}</h3>
      <ul class="mention-list">
        {mentions.map(({ place, id: at, case: about, pointer, before, word, after }, index) => (
          <li key={`${at} ${pointer} ${index}`}>
            <a href={hashOf(placeOf[place](at))}>{about ? numberOf(about, me.profile) : say("cases.draft.new")}</a>{" "}
            <bdi>
              {before}
              <mark>{word}</mark>
              {after}
            </bdi>
          </li>
        ))}
      </ul>
      {hidden > 0 && <p class="hint">{say("redact.elsewhere.hidden", { count: hidden })}</p>}
    </section>
  );
}

const placeOf: Record<FoundMention["place"], (id: string) => DeskPlace> = {
  case: (id) => ({ at: "case", id }),
  draft: (id) => ({ at: "draft", id }),
  proposal: (id) => ({ at: "approvals", id }),
};
