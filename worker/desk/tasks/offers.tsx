/**
 * What follows from changed statuses. It is offered in every language, and
 * written only when the editor takes it.
 */
import { compareEdtf } from "../../../shared/case/partial-date.ts";
import { type LooseText, textIn } from "../../../shared/case/text.ts";
import { isLocale, locales } from "../../../shared/locale.ts";
import type { ReadyTexts, UnfinishedText } from "../../editing/rules/desk.ts";
import { isSame } from "../../editing/rules/merge.ts";
import {
  earlierTerms,
  eventOf,
  type PersonStatus,
  type StatusChange,
} from "../../editing/rules/status-change.ts";
import {
  InLanguages,
  MarkedText,
  Unreviewed,
  valueInWords,
} from "../differences.tsx";
import { dateInWords } from "../form/date-field.tsx";
import { Field, Group } from "../form/field.tsx";
import { choiceOf, labelOf } from "../form/form-state.ts";
import { pathOf, valueAt } from "../form/path.ts";
import { NoteFields } from "../form/text-field.tsx";
import { useFormState } from "../form/use-form.ts";
import { Button } from "../inputs.tsx";
import { say } from "../words.ts";

/** Texts in which a sentence may be replaced. */
const rewritten = ["title", "summary"] as const;

export function Offers({
  ready,
  changes,
}: {
  ready: ReadyTexts | null;
  changes: StatusChange[];
}) {
  const { draft, fields, edit, base, setNote, profile } = useFormState();
  const { action, documents = [], events = [], language: own = "en" } = fields;
  const known = new Set(base?.events.map((event) => JSON.stringify(event)));
  const added = events.flatMap((event, index) =>
    known.has(JSON.stringify(event)) ? [] : [index],
  );
  const offered = changes.flatMap((change) => {
    const text = ready?.events.find(({ at }) => at[0] === change.at)?.text;
    const { date, kind } = eventOf(change) as {
      date?: { date?: string };
      kind?: string;
    };
    const isThere =
      !date?.date ||
      added.some(
        (at) =>
          events[at]?.date?.date === date.date &&
          (!kind || events[at]?.kind === kind),
      );
    // A change that shares the event of another one has none of its own.
    return isThere || (ready && !text && change.field !== "designations")
      ? []
      : [{ change, text }];
  });
  const newest = changes.reduce<PersonStatus["asOf"]>(
    (last, { after: { asOf } }) =>
      asOf?.date && compareEdtf(asOf.date, last?.date ?? "0000") > 0
        ? asOf
        : last,
    fields.asOf,
  );
  const isClosed =
    base?.action.state === "active" && action?.state === "closed";
  return (
    <section class="stack">
      <h3>{say("ready.title")}</h3>
      <p class="hint">{say("ready.hint")}</p>
      {ready && <Unreviewed note />}
      {draft.note[own] ? (
        <NoteFields
          id="ready-note"
          fields={fields}
          note={draft.note}
          onNote={setNote}
        />
      ) : (
        ready && (
          <Offer
            label={say("publish.note")}
            texts={ready.note}
            onTake={() => setNote(ready.note)}
          />
        )
      )}
      {rewritten.map((field) => {
        const text = ready?.texts.find(
          ({ pointer }) => pathOf(pointer)[0] === field,
        )?.text;
        const before = (fields[field] ?? {}) as LooseText;
        if (base && !isSame(base[field], before))
          return <Field key={field} path={[field]} />;
        return (
          text && (
            <Offer
              key={field}
              label={labelOf([field], profile)}
              before={before}
              texts={text}
              onTake={() => edit([field], { ...before, ...text })}
            />
          )
        );
      })}
      {added.map((index) => (
        <div class="entry-fields" key={index}>
          <Group path={["events", index]} />
        </div>
      ))}
      {offered.map(({ change, text }) => {
        const event = eventOf(change);
        const kind =
          typeof event.kind === "string"
            ? choiceOf(["events", "kind"], event.kind, profile)
            : change.name;
        return (
          <Offer
            key={change.at}
            label={say("follow.add-event", {
              kind,
              date: dateInWords(change.after.asOf),
            })}
            texts={text}
            onTake={() =>
              edit(["events", events.length], {
                ...event,
                ...(text && { text }),
              })
            }
          />
        );
      })}
      {newest && newest.date !== fields.asOf?.date && (
        <Offer
          label={`${labelOf(["asOf"], profile)}: ${dateInWords(newest)}`}
          onTake={() => edit(["asOf"], newest)}
        />
      )}
      {ready?.thanks && (
        <Offer
          label={say("ready.close")}
          texts={ready.thanks}
          onTake={() => {
            const { request: _, letter: __, ...kept } = action ?? {};
            edit(["action"], {
              ...kept,
              state: "closed",
              thanks: ready.thanks,
            });
          }}
        />
      )}
      {isClosed && <Field path={["action", "thanks"]} />}
      {changes.map((change) => {
        const terms = earlierTerms(change);
        const path = [...change.path, "value", "earlier"];
        const isKept =
          change.field !== "sentence" ||
          !change.before ||
          terms.length === (valueAt(fields, path) as [] | undefined)?.length;
        if (isKept) return null;
        const term = valueInWords(path, terms.at(-1), documents, profile);
        const label = say("follow.earlier", { term });
        return (
          <Offer
            key={change.at}
            label={label}
            onTake={() => edit(path, terms)}
          />
        );
      })}
    </section>
  );
}

interface OfferProps {
  label: string;
  texts?: UnfinishedText | undefined;
  before?: LooseText;
  onTake: () => void;
}

/**
 * An offer with its words in the case's own language; the others unfold. One
 * press takes all.
 */
function Offer({ label, texts = {}, before, onTake }: OfferProps) {
  const { language: own = "en" } = useFormState().fields;
  const others = Object.keys(texts).filter((lang) => lang !== own);
  const shown = (lang: string) => {
    const [old, words = ""] = [textIn(before, lang), texts[lang]];
    return old === undefined ? (
      words
    ) : (
      <MarkedText before={old} after={words} lang={lang} />
    );
  };
  const inWords = (tags: string[]) => (
    <InLanguages
      texts={tags.map((tag) => [tag, shown(tag)])}
      isReviewed={(tag) =>
        tag === own || (isLocale(tag) && locales[tag].reviewed)
      }
    />
  );
  return (
    <div class="ready">
      <b>{label}</b>
      {texts[own] !== undefined && inWords([own])}
      {others.length > 0 && (
        <details>
          <summary>{say("ready.others", { count: others.length })}</summary>
          {inWords(others)}
        </details>
      )}
      <Button
        class="chip add"
        aria-label={`${label}: ${say("ready.take", { count: others.length + 1 })}`}
        onPress={onTake}
      >
        {say("ready.take", { count: others.length + 1 })}
      </Button>
    </div>
  );
}
