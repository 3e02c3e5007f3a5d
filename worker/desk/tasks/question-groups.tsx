/** Questions by kind, each with what it compares. One answer covers a group. */
import { Fragment } from "preact";
import { useContext } from "preact/hooks";
import { statedFields } from "../../../shared/case/schema.ts";
import {
  isReviewed,
  type LooseText,
  textIn,
  withTexts,
} from "../../../shared/case/text.ts";
import { isFields } from "../../../shared/fields.ts";
import { directionOf } from "../../../shared/locale.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import type { Question, QuestionAnswer } from "../../editing/rules/answers.ts";
import type { DeskDraft, UnfinishedCase } from "../../editing/rules/desk.ts";
import { peopleAsOne } from "../../editing/rules/people.ts";
import { goneFrom, placeBefore } from "../../editing/rules/stated-changes.ts";
import {
  InLanguages,
  joined,
  Original,
  statusesIn,
  statusesNow,
  Unreviewed,
  valueInWords,
} from "../differences.tsx";
import { entryName, labelOf, wordsFor } from "../form/form-state.ts";
import { focusSoon } from "../form/go-to-field.ts";
import { type FieldPath, pathOf, pointerOf, valueAt } from "../form/path.ts";
import { FormContext, useFormState } from "../form/use-form.ts";
import { Button, Option } from "../inputs.tsx";
import { useSession } from "../session.ts";
import { say } from "../words.ts";
import { groupsOf, isAnswered } from "./questions.tsx";

interface QuestionGroupsProps {
  /** The revision that is asked about. */
  draft: Pick<DeskDraft, "case" | "base" | "note">;
  questions: readonly Question[];
  answers: readonly QuestionAnswer[];
  /** Left out where the answers are only shown. */
  onAnswer?: (questions: readonly Question[], confirmed: boolean) => void;
}

/** Outside a form, an editor can only confirm. */
export function QuestionGroups({
  draft,
  questions,
  answers,
  onAnswer,
}: QuestionGroupsProps) {
  const { profile } = useSession().me;
  const form = useContext(FormContext);
  const revision = {
    fields: draft.case,
    base: (draft.base?.case ?? null) as UnfinishedCase | null,
    profile,
  };
  const goTo = form
    ? (path: FieldPath) => {
        form.openTask({ is: "form" });
        void focusSoon(path);
      }
    : undefined;
  return (
    <>
      {groupsOf(questions).map((group) => {
        const [{ kind, answers: accepted }] = group;
        const count = {
          texts: group.reduce((sum, { at }) => sum + at.length, 0),
          languages: group.length,
        };
        const open = group.filter((one) => !isAnswered(one, answers));
        const Compared = textKinds.has(kind) ? Texts : Places;
        return (
          <fieldset
            class={`follow-up ${open.length > 0 ? "open" : "confirmed"}`}
            key={kind}
          >
            <legend>{say(`question.${kind}`, count)}</legend>
            <div class="pair">
              <Compared
                {...revision}
                note={draft.note}
                group={group}
                open={open}
                goTo={goTo}
              />
              {kind === "statuses" && <Statuses {...revision} />}
            </div>
            {kind === "outdated" && form && (
              <p class="chips">
                <Button
                  class="chip add"
                  onPress={() => form.openTask({ is: "translations" })}
                  say="translations.side-by-side"
                />
              </p>
            )}
            <Option
              class="still-right"
              checked={open.length === 0}
              disabled={!onAnswer}
              onChoose={(checked) => onAnswer?.(group, checked)}
            >
              {say(`answer.${accepted[0] as "agrees"}`)}
            </Option>
          </fieldset>
        );
      })}
    </>
  );
}

interface AskedRevision {
  fields: UnfinishedCase;
  /** The case in the revision that it follows. */
  base: UnfinishedCase | null;
  profile: Profile;
}

interface PlacesProps extends AskedRevision {
  note: Readonly<Record<string, string>>;
  group: readonly Question[];
  open: readonly Question[];
  goTo: ((path: FieldPath) => void) | undefined;
}

const openFirst = (group: readonly Question[], open: readonly Question[]) => [
  ...new Set([...open, ...group]),
];

/**
 * The places of a group, each once. Those of open questions come first, so that
 * a word that was changed again is not the last of twenty.
 */
function Places({ group, open, goTo, note: _, ...revision }: PlacesProps) {
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
            <PlaceName
              label={wordsFor(revision.fields, named, revision.profile)}
              onGo={goTo && (() => goTo(path))}
            />
            {pointers.length > 1 && (
              <span class="hint">
                {" "}
                {say("check.more", { count: pointers.length - 1 })}
              </span>
            )}
            <Said {...revision} question={one} path={path} />
            {open.length > 0 && !open.includes(one) && (
              <span class="done">{say("questions.one-done")}</span>
            )}
            {one.kind === "alike" && goTo && first === one.at.at(-1) && (
              <AsOnePerson question={one} />
            )}
          </li>
        );
      })}
    </ul>
  );
}

/**
 * The places of a question that are shown one by one. An author's name is shown
 * once, however often it stands in the case.
 */
const placesOf = ({ kind, at }: Question): string[][] =>
  kind === "author" ? [at] : [...new Set(at)].map((pointer) => [pointer]);

/** The date of a status stands for the whole status. */
const isStatusDate = (path: FieldPath): boolean =>
  path[0] === "people" && path.at(-1) === "asOf";

/** The name of a place, by which an editor gets there. */
const PlaceName = ({
  label,
  onGo,
}: {
  label: string;
  onGo: (() => void) | undefined;
}) =>
  onGo ? (
    <Button class="link" onPress={onGo}>
      <bdi>{label}</bdi>
    </Button>
  ) : (
    <b dir="auto">{label}</b>
  );

/** Kinds about texts, which are shown in all their languages. */
const textKinds: ReadonlySet<Question["kind"]> = new Set([
  "statuses",
  "translation",
  "outdated",
] as const);

/**
 * The texts of a group, each once with its languages. A translation stands
 * beside its original and what changed in that.
 */
function Texts({
  group,
  open,
  goTo,
  fields,
  base,
  note,
  profile,
}: PlacesProps) {
  const { language = "en" } = fields;
  const all = openFirst(group, open).flatMap((one) =>
    one.at.map((pointer) => ({ one, path: pathOf(pointer) })),
  );
  const texts = Map.groupBy(all, ({ path }) => pointerOf(path.slice(0, -1)));
  const isSpoken = ({ one, path }: (typeof all)[number]) =>
    one.lang === undefined ||
    isReviewed(
      valueAt(fields, path.slice(1, -1)) as LooseText,
      String(path.at(-1)),
      language,
    );
  return (
    <div class="stack">
      <ul class="places">
        {[...texts.values()].map((places) => {
          const [{ one, path: first }] = places as [(typeof places)[number]];
          const [part, ...path] = first.slice(0, -1);
          const text = (part === "note" ? note : valueAt(fields, path)) as
            | LooseText
            | undefined;
          const tags = places.map(({ path: at }) => String(at.at(-1)));
          const isDone =
            open.length > 0 &&
            !places.some((place) => open.includes(place.one));
          const toGo =
            goTo && part !== "note"
              ? () => goTo([...path, tags[0] as string])
              : undefined;
          const label =
            part === "note"
              ? say("publish.note")
              : wordsFor(fields, path, profile);
          return (
            <li key={pointerOf(first)}>
              <PlaceName label={label} onGo={toGo} />
              {isDone && <span class="done">{say("questions.one-done")}</span>}
              {(one.lang !== undefined ||
                (tags.length === 1 && part !== "note")) && (
                <Original fields={fields} base={base} path={path} />
              )}
              {(one.lang !== undefined || part === "note") && (
                <InLanguages
                  texts={tags.map((tag) => [tag, textIn(text, tag)])}
                  isReviewed={(tag) =>
                    part === "note" || isReviewed(text, tag, language)
                  }
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

/** What stands at a place, and what stood there before. */
function Said({ question: { kind }, path, fields, base, profile }: SaidProps) {
  const { language = "en" } = fields;
  if (kind === "nobody" || kind === "source") return null;
  if (kind === "closed-asks")
    return (
      <p class="original" lang={language} dir={directionOf(language)}>
        {textIn(valueAt(fields, path) as LooseText | undefined, language)}
      </p>
    );
  const at = isStatusDate(path) ? path.slice(0, -1) : path;
  const [old, now] = [
    base ? valueBefore(base, fields, at) : undefined,
    valueAt(fields, at),
  ];
  const gone =
    kind === "removed" && Array.isArray(old)
      ? goneFrom(old, (now ?? []) as unknown[])
      : undefined;
  const words =
    gone || now === undefined ? "" : entryInWords(at, now, fields, profile);
  const struck = (gone ?? (changes.has(kind) && old !== undefined ? [old] : []))
    .map((entry) =>
      entryInWords(gone ? [...at, 0] : at, entry, base ?? {}, profile),
    )
    .filter((one) => one !== words);
  return (
    <p class="said">
      {struck.map((one) => (
        <Fragment key={one}>
          <del>
            <bdi>{one}</bdi>
          </del>
          <br />
        </Fragment>
      ))}
      <bdi>{words}</bdi>
    </p>
  );
}

/** What an earlier revision had at a place. */
function valueBefore(
  earlier: UnfinishedCase,
  fields: UnfinishedCase,
  path: FieldPath,
): unknown {
  const at = placeBefore(earlier, fields, path);
  return at === null ? undefined : valueAt(earlier, at);
}

/**
 * An entry of a list with all its members in one line, so that each change of
 * one is seen; of a person, the statuses.
 */
function entryInWords(
  path: FieldPath,
  value: unknown,
  fields: UnfinishedCase,
  profile: Profile,
): string {
  const { language = "en", documents = [] } = fields;
  const own = withTexts(
    value,
    (text) => (textIn(text, language) ?? "") as unknown as LooseText,
  );
  const isEntry =
    typeof path.at(-1) === "number" &&
    isFields(own) &&
    own.statedBy === undefined;
  if (!isEntry) return valueInWords(path, own, documents, profile);
  if (path.length === 2 && path[0] === "people")
    return statusesIn(own, statedFields, documents, profile, true).join("; ");
  return joined(
    ...Object.entries(own).map(([key, one]) =>
      valueInWords([...path, key], one, documents, profile),
    ),
  );
}

/** Kinds that compare what a revision says with what the one before it said. */
const changes: ReadonlySet<Question["kind"]> = new Set([
  ...([
    "stated",
    "removed",
    "status-not-later",
    "status-date-moved",
    "death",
    "issuer",
    "facts-date-moved",
  ] as const),
]);

/**
 * The statuses that texts are compared with. None is folded: an answer confirms
 * all.
 */
function Statuses({ fields, profile }: AskedRevision) {
  return (
    <ul class="places">
      {(fields.people ?? []).map((person, index) => {
        const path = ["people", index];
        return (
          <li key={person?.id ?? index}>
            <b dir="auto">{entryName(fields, path, profile)}</b>
            <p class="said">
              <bdi>
                {statusesIn(
                  person ?? {},
                  statusesNow,
                  fields.documents ?? [],
                  profile,
                ).join("; ") || say("form.no-status")}
              </bdi>
            </p>
          </li>
        );
      })}
    </ul>
  );
}

/** Makes one person of two, and says first what that would remove. */
function AsOnePerson({ question: { at } }: { question: Question }) {
  const { fields, profile, edit } = useFormState();
  const [kept = 0, other = 0] = at.map((pointer) =>
    Number(pointer.split("/").at(-1)),
  );
  const { people, conflicts } = peopleAsOne(fields.people ?? [], {
    kept,
    other,
  });
  return (
    <>
      {conflicts.length > 0 && (
        <>
          <p class="hint">
            {say("people.conflict", {
              kept: entryName(fields, ["people", kept], profile),
            })}
          </p>
          <ul>
            {conflicts.map(({ at: place, after }) => {
              const path = pathOf(`/${place}`);
              return (
                <li key={`${place} ${JSON.stringify(after)}`}>
                  {labelOf(path, profile)}:{" "}
                  <bdi>
                    {valueInWords(path, after, fields.documents ?? [], profile)}
                  </bdi>
                </li>
              );
            })}
          </ul>
        </>
      )}
      <Button
        class="chip"
        onPress={() => edit(["people"], people)}
        say="people.one"
      />
    </>
  );
}
