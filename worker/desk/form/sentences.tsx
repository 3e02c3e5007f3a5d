/**
 * The sentences of a document that wait for a verdict. Each is judged with a
 * button or a digit; a status it states is put into the form.
 */
import { useRef, useState } from "preact/hooks";
import type { Profile } from "../../../shared/profile/schema.ts";
import {
  type ListedSentence,
  type OfferedStatus,
  type SentenceVerdict,
  unjudged,
  verdicts,
} from "../../editing/rules/reading.ts";
import { Button } from "../inputs.tsx";
import { printDate, say } from "../words.ts";
import { entryName } from "./form-state.ts";
import { LineLink } from "./frame.tsx";
import { offerInWords, StatusTable, usePut } from "./status-table.tsx";
import { useFormState } from "./use-form.ts";

/** Further sentences are shown on demand. */
const MAX_SHOWN = 30;

/** "Imprisoned" for each of the values that a field has now. */
const nowInWords = (
  { field, now }: OfferedStatus & { now: string },
  profile: Profile,
): string =>
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
        published: sentences.filter(({ people }) =>
          people.some((id) => published.has(id)),
        ).length,
        contrary: sentences.filter(({ contradicts }) => contradicts).length,
      })
    : say("sentences.new", { count: sentences.length });
};

/** What the importer leaves to a person. */
export function Reading() {
  const { base, fields, source, edit } = useFormState();
  const { sentences = [], verdicts: given = {} } = source ?? {};
  const [all, setAll] = useState(false);
  const contrary = sentences.filter(({ contradicts }) => contradicts);
  // What contradicts the case comes first, then the order of the document.
  const ordered = [
    ...contrary,
    ...sentences.filter(({ contradicts }) => !contradicts),
  ];
  const shown = all ? ordered : ordered.slice(0, MAX_SHOWN);
  const open = unjudged({ sentences, verdicts: given });
  const stated = source?.provenance.find(({ pointer }) => pointer === "/asOf")
    ?.value as { date: string } | undefined;
  const isNewer =
    stated !== undefined &&
    base !== null &&
    stated.date > (fields.asOf?.date ?? "");
  const put = usePut();
  if (sentences.length === 0) return null;
  return (
    <section class="checklist reading" aria-label={say("reading.title")}>
      <details open={open.length > 0}>
        <summary>{sentencesInWords(sentences, base)}</summary>
        <p class="hint">{say("candidates.hint")}</p>
        <StatusTable put={put} sentences={sentences} />
        <ol class="candidates">
          {shown.map((one) => (
            <Sentence
              key={one.id}
              listed={one}
              verdict={given[one.id]}
              onAccept={put.accept}
            />
          ))}
        </ol>
        {shown.length < ordered.length && (
          <Button class="link" onPress={() => setAll(true)}>
            {say("check.more", { count: ordered.length - shown.length })}
          </Button>
        )}
        {open.length === 0 && (
          <p role="status">
            {say("sentences.read")}{" "}
            {isNewer && (
              <Button class="quiet" onPress={() => edit(["asOf"], stated)}>
                {say("sentences.as-of", { date: printDate(stated.date) })}
              </Button>
            )}
          </p>
        )}
      </details>
    </section>
  );
}

interface SentenceProps {
  listed: ListedSentence;
  verdict: SentenceVerdict | undefined;
  onAccept: ReturnType<typeof usePut>["accept"];
}

function Sentence({ listed, verdict, onAccept }: SentenceProps) {
  const {
    id,
    sentence,
    before,
    after,
    line,
    offers,
    contradicts = [],
  } = listed;
  const { fields, showLine, profile, judge } = useFormState();
  const item = useRef<HTMLLIElement>(null);
  const give = (next: SentenceVerdict) => {
    const isNew = next !== verdict;
    judge(id, isNew ? next : null);
    // On to the next sentence, as after each line of a list that is read.
    if (isNew)
      (
        item.current?.nextElementSibling?.querySelector(
          "button.verdict-button",
        ) as HTMLElement | null
      )?.focus();
  };
  const accept = (offer: OfferedStatus, replaced?: number) => {
    if (!onAccept(offer, replaced)) return;
    judge(id, "accepted");
    // The view stays where it is.
    item.current
      ?.querySelector<HTMLElement>("button.verdict-button")
      ?.focus({ preventScroll: true });
  };
  const indexOf = (person: string) =>
    fields.people?.findIndex((one) => one?.id === person) ?? -1;
  const nameOf = (person: string) =>
    entryName(fields, ["people", indexOf(person)], profile);
  /** A proceeding replaces one that the person has, or is a further one. */
  const choicesOf = (
    offer: OfferedStatus,
  ): { label: string; replaced?: number }[] => {
    const label = say("candidates.accept", {
      value: offerInWords(offer, profile),
    });
    const known =
      offer.field === "proceedings"
        ? (fields.people?.[indexOf(offer.person)]?.proceedings ?? [])
        : [];
    if (known.length === 0) return [{ label }];
    const replacing = known.map((_, at) => {
      const value = entryName(
        fields,
        ["people", indexOf(offer.person), "proceedings", at],
        profile,
      );
      return {
        label: `${label} · ${say("candidates.replace", { value })}`,
        replaced: at,
      };
    });
    return [
      ...replacing,
      {
        label: `${label} · ${say("form.add", { what: say("field.proceedings.one") })}`,
      },
    ];
  };
  return (
    <li
      ref={item}
      class={verdict ? "done" : ""}
      onKeyDown={(event) => {
        const next = verdicts[Number(event.key) - 1];
        if (!next || event.altKey || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        give(next);
      }}
    >
      <p dir="auto">
        <span class="hint">{before}</span> <q>{sentence}</q>{" "}
        <span class="hint">{after}</span>
      </p>
      <LineLink line={line} onShow={showLine} />
      {contradicts.map((one) => (
        <p key={`${one.person} ${one.field}`} class="warning">
          <span>
            <bdi>{nameOf(one.person)}</bdi> ·{" "}
            {say("sentences.now", { value: nowInWords(one, profile) })}
          </span>
        </p>
      ))}
      <div class="chips">
        {!verdict &&
          offers.flatMap((offer) =>
            choicesOf(offer).map(({ label, replaced }) => (
              <Button
                key={label}
                class="chip"
                onPress={() => accept(offer, replaced)}
              >
                {label} · <bdi>{nameOf(offer.person)}</bdi>
              </Button>
            )),
          )}
        {verdicts.map((one) => (
          <Button
            key={one}
            class="chip verdict-button"
            aria-pressed={one === verdict}
            onPress={() => give(one)}
          >
            {say(`verdict.${one}`)}
          </Button>
        ))}
      </div>
    </li>
  );
}
