/** Questions by kind, each with what it compares. One answer covers a group. */
import { isReviewed, type LooseText, plainTexts, textIn } from "../../../shared/case/text.ts";
import { directionOf } from "../../../shared/locale.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import type { Question, QuestionAnswer } from "../../editing/rules/answers.ts";
import type { UnfinishedCase } from "../../editing/rules/desk.ts";
import { peopleAsOne } from "../../editing/rules/people.ts";
import { InLanguages, joined, Original, placeBefore, Unreviewed, valueInWords } from "../differences.tsx";
import { choiceOf, entryName, labelOf, wordsFor } from "../form/form-state.ts";
import { type FieldPath, pathOf, pointerOf, valueAt } from "../form/path.ts";
import { say } from "../words.ts";
import { groupsOf, isAnswered } from "./questions.tsx";

/** The revision that is asked about. */
interface AskedRevision {
  fields: UnfinishedCase;
  /** The case in the revision that it follows. */
  base: UnfinishedCase | null;
  /** By language. */
  note: Readonly<Record<string, string>>;
  profile: Profile;
}

/** What an editor can do other than confirm; left out where nothing can be edited. */
interface Ways {
  /** Goes to a field of the form. */
  goTo?: ((path: FieldPath) => void) | undefined;
  /** Opens the translations beside their originals. */
  onTranslate?: (() => void) | undefined;
  /** Puts one person in the place of two. */
  onPeople?: ((people: NonNullable<UnfinishedCase["people"]>) => void) | undefined;
}

interface QuestionGroupsProps extends AskedRevision, Ways {
  questions: readonly Question[];
  answers: readonly QuestionAnswer[];
  /** Left out where the answers are only shown. */
  onAnswer?: (questions: readonly Question[], confirmed: boolean) => void;
}

export function QuestionGroups({ questions, answers, onAnswer, ...places }: QuestionGroupsProps) {
  return (
    <>
      {groupsOf(questions).map((group) => {
        const [{ kind, answers: accepted }] = group;
        const count = {
          texts: group.reduce((sum, { at }) => sum + at.length, 0),
          languages: group.length,
        };
        const open = group.filter((one) => !isAnswered(one, answers));
        return (
          <fieldset class={`follow-up ${open.length > 0 ? "open" : "confirmed"}`} key={kind}>
            <legend>{say(`question.${kind}`, count)}</legend>
            <div class="pair">
              {textKinds.has(kind) ? (
                <Texts {...places} group={group} open={open} />
              ) : (
                <Places {...places} group={group} open={open} />
              )}
              {kind === "statuses" && <Statuses {...places} />}
              {kind === "person-removed" && <Removed {...places} />}
            </div>
            {kind === "outdated" && places.onTranslate && (
              <p class="chips">
                <button type="button" class="chip add" onClick={places.onTranslate}>
                  {say("translations.side-by-side")}
                </button>
              </p>
            )}
            <label class="still-right">
              <input
                type="checkbox"
                checked={open.length === 0}
                disabled={!onAnswer}
                onChange={({ currentTarget: { checked } }) => onAnswer?.(group, checked)}
              />
              {say(`answer.${accepted[0] as "agrees"}`)}
            </label>
          </fieldset>
        );
      })}
    </>
  );
}

interface PlacesProps extends AskedRevision, Ways {
  group: readonly Question[];
  open: readonly Question[];
}

const openFirst = (group: readonly Question[], open: readonly Question[]) => [...new Set([...open, ...group])];

/** The places of a group, each once. Those of open questions come first, so that a word that was changed again is not the last of twenty. */
function Places({ group, open, goTo, onPeople, ...revision }: PlacesProps) {
  const places = new Map<string, { one: Question; pointers: string[] }>();
  for (const one of openFirst(group, open))
    for (const pointers of placesOf(one)) {
      const [first = ""] = pointers;
      if (!places.has(first)) places.set(first, { one, pointers });
    }
  return (
    <ul class="places">
      {[...places].map(([first, { one, pointers }]) => {
        const path = pathOf(first.replace(/^\/case/, ""));
        const named = isStatusDate(path) ? path.slice(0, -1) : path;
        return (
          <li key={first}>
            <PlaceName label={wordsFor(revision.fields, named, revision.profile)} onGo={goTo && (() => goTo(path))} />
            {pointers.length > 1 && <span class="hint"> {say("check.more", { count: pointers.length - 1 })}</span>}
            <Said {...revision} question={one} path={path} />
            {open.length > 0 && !open.includes(one) && <span class="done">{say("questions.one-done")}</span>}
            {one.kind === "alike" && onPeople && first === one.at.at(-1) && (
              <AsOnePerson {...revision} question={one} onPeople={onPeople} />
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** The places of a question that are shown one by one. An author's name is shown once, however often it stands in the case. */
const placesOf = ({ kind, at }: Question): string[][] =>
  kind === "author" ? [at] : [...new Set(at)].map((pointer) => [pointer]);

/** The date of a status stands for the whole status. */
const isStatusDate = (path: FieldPath): boolean => path[0] === "people" && path.at(-1) === "asOf";

interface PlaceNameProps {
  label: string;
  onGo: (() => void) | undefined;
}

/** The name of a place, by which an editor gets there. */
const PlaceName = ({ label, onGo }: PlaceNameProps) =>
  onGo ? (
    <button type="button" class="link" onClick={onGo}>
      <bdi>{label}</bdi>
    </button>
  ) : (
    <b>
      <bdi>{label}</bdi>
    </b>
  );

/** Kinds about texts, which are shown in all their languages. */
const textKinds: ReadonlySet<Question["kind"]> = new Set(["statuses", "translation", "outdated"] as const);

/** The texts of a group, each once with its languages. A translation stands beside its original and what changed in that. */
function Texts({ group, open, goTo, ...revision }: PlacesProps) {
  const { fields, base, note, profile } = revision;
  const { language = "en" } = fields;
  const all = openFirst(group, open).flatMap((one) => one.at.map((pointer) => ({ one, path: pathOf(pointer) })));
  const texts = Map.groupBy(all, ({ path }) => pointerOf(path.slice(0, -1)));
  const isSpoken = ({ one, path }: (typeof all)[number]) =>
    one.lang === undefined ||
    isReviewed(valueAt(fields, path.slice(1, -1)) as LooseText, String(path.at(-1)), language);
  return (
    <div class="stack">
      <ul class="places">
        {[...texts.values()].map((places) => {
          const [{ one, path: first }] = places as [(typeof places)[number]];
          const [part, ...path] = first.slice(0, -1);
          const text = (part === "note" ? note : valueAt(fields, path)) as LooseText | undefined;
          const tags = places.map(({ path: at }) => String(at.at(-1)));
          const isDone = open.length > 0 && !places.some((place) => open.includes(place.one));
          const toGo = goTo && part !== "note" ? () => goTo([...path, tags[0] as string]) : undefined;
          const label = part === "note" ? say("publish.note") : wordsFor(fields, path, profile);
          return (
            <li key={pointerOf(first)}>
              <PlaceName label={label} onGo={toGo} />
              {isDone && <span class="done">{say("questions.one-done")}</span>}
              {(one.lang !== undefined || (tags.length === 1 && part !== "note")) && (
                <Original fields={fields} base={base} path={path} />
              )}
              {(one.lang !== undefined || part === "note") && (
                <InLanguages
                  texts={tags.map((tag) => [tag, textIn(text, tag)])}
                  isReviewed={(tag) => part === "note" || isReviewed(text, tag, language)}
                />
              )}
            </li>
          );
        })}
      </ul>
      {!all.every(isSpoken) && <Unreviewed note />}
    </div>
  );
}

type SaidProps = AskedRevision & { question: Question; path: FieldPath };

/** What stands at a place: a text in its own language, or a value in words. */
function Said({ question: { kind }, path, fields, base, profile }: SaidProps) {
  const { language = "en", documents = [] } = fields;
  const text = (tag: string, words: string | undefined) =>
    words ? (
      <p class="original" lang={tag} dir={directionOf(tag)}>
        {words}
      </p>
    ) : null;
  const value = valueAt(fields, path);
  const whole = (value ?? {}) as { date?: object; kind?: string; source?: string; text?: object };
  if (kind === "event")
    return (
      <>
        <p class="said">
          <bdi>
            {joined(
              valueInWords([...path, "date"], whole.date, documents, profile),
              whole.kind && choiceOf(["events", "kind"], whole.kind, profile),
              whole.source && valueInWords([...path, "source"], whole.source, documents, profile),
            )}
          </bdi>
        </p>
        {text(language, textIn(whole.text as Record<string, string> | undefined, language))}
      </>
    );
  if (kind === "closed-asks") return text(language, plainTexts((value ?? {}) as Record<string, string>)[language]);
  if (kind === "nobody" || kind === "person-removed" || kind === "source") return null;
  const wordsIn = (revision: UnfinishedCase, at: FieldPath | null) =>
    at === null
      ? ""
      : at[0] === "people" && at.length === 2
        ? statusesIn(revision, at, profile)
        : valueInWords(at, valueAt(revision, at), revision.documents ?? [], profile);
  const at = isStatusDate(path) ? path.slice(0, -1) : path;
  const words = wordsIn(fields, at);
  const before = base && changes.has(kind) ? wordsIn(base, placeBefore(base, fields, at)) : "";
  return words || before ? (
    <p class="said">
      {before && before !== words && (
        <>
          <del>
            <bdi>{before}</bdi>
          </del>
          <br />
        </>
      )}
      <bdi>{words}</bdi>
    </p>
  ) : null;
}

/** Kinds that compare what a revision says with what the one before it said. */
const changes: ReadonlySet<Question["kind"]> = new Set([
  ...(["status-removed", "status-not-later", "status-date-moved", "death", "issuer", "facts-date-moved"] as const),
  ...(["source-same", "event-removed", "addressees"] as const),
]);

/** A person's statuses with their dates, without authors and sources. */
function statusesIn(fields: UnfinishedCase, path: FieldPath, profile: Profile): string {
  const person = valueAt(fields, path) as NonNullable<UnfinishedCase["people"]>[number];
  const inWords = (at: FieldPath) => {
    const { value, asOf, subject } = (valueAt(fields, at) ?? {}) as Record<"value" | "asOf" | "subject", unknown>;
    return value === undefined ? [] : [valueInWords(at, { value, asOf, subject }, fields.documents ?? [], profile)];
  };
  return [
    ...inWords([...path, "custody"]),
    ...(person?.proceedings ?? []).flatMap((_, index) => inWords([...path, "proceedings", index])),
    ...inWords([...path, "sentence"]),
  ].join("; ");
}

/** The statuses that texts are compared with. None is folded: an answer confirms all. */
function Statuses({ fields, profile }: AskedRevision) {
  return (
    <ul class="places">
      {(fields.people ?? []).map((person, index) => {
        const path = ["people", index];
        return (
          <li key={person?.id ?? index}>
            <b>
              <bdi>{entryName(fields, path, profile)}</bdi>
            </b>
            <p class="said">
              <bdi>{statusesIn(fields, path, profile) || say("form.no-status")}</bdi>
            </p>
          </li>
        );
      })}
    </ul>
  );
}

/** The people who are in the case no longer. */
function Removed({ fields, base, profile }: AskedRevision) {
  const kept = new Set(fields.people?.map((person) => person?.id));
  return (
    <ul class="places">
      {base?.people?.map((person, index) =>
        kept.has(person?.id) ? null : (
          <li key={person?.id}>
            <bdi>{entryName(base, ["people", index], profile)}</bdi>
          </li>
        ),
      )}
    </ul>
  );
}

type AsOnePersonProps = AskedRevision & { question: Question; onPeople: NonNullable<Ways["onPeople"]> };

/** Makes one person of two, and says first what that would remove. */
function AsOnePerson({ question: { at }, fields, profile, onPeople }: AsOnePersonProps) {
  const [kept = 0, other = 0] = at.map((pointer) => Number(pointer.split("/").at(-1)));
  const { people, conflicts } = peopleAsOne(fields.people ?? [], { kept, other });
  return (
    <>
      {conflicts.length > 0 && (
        <>
          <p class="hint">{say("people.conflict", { kept: entryName(fields, ["people", kept], profile) })}</p>
          <ul>
            {conflicts.map(({ at: place, after }) => {
              const path = pathOf(`/${place}`);
              return (
                <li key={`${place} ${JSON.stringify(after)}`}>
                  {labelOf(path, profile)}: <bdi>{valueInWords(path, after, fields.documents ?? [], profile)}</bdi>
                </li>
              );
            })}
          </ul>
        </>
      )}
      <button type="button" class="chip" onClick={() => onPeople(people)}>
        {say("people.one")}
      </button>
    </>
  );
}
