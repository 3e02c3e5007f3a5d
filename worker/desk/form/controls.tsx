/** Fields with a single control. */
import { useMemo } from "preact/hooks";
import { codesOf } from "../../../shared/profile/codes.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import type { UnfinishedCase } from "../../editing/rules/desk.ts";
import { Button, Option, SelectInput } from "../inputs.tsx";
import {
  countryNames,
  language,
  languageName,
  languageNames,
  type NamedValue,
  printDate,
  say,
} from "../words.ts";
import { authorsIn, choiceOf, fieldId, labelOf } from "./form-state.ts";
import { Frame, problemProps } from "./frame.tsx";
import { type FieldPath, pointerOf, valueAt } from "./path.ts";
import type { Shape } from "./shape.ts";
import { edtfIn, useTyped } from "./typed.ts";
import { type FormState, useFormState } from "./use-form.ts";

/** The value, id, setter and error attributes of a control. */
function useValue(path: FieldPath) {
  const { fields, edit, problems } = useFormState();
  const control = `${fieldId(pointerOf(path))}-control`;
  return {
    value: valueAt(fields, path),
    control,
    set: (next: unknown) => edit(path, next === "" ? undefined : next),
    problem: problemProps(path, control, problems),
  };
}

export function LineField({
  path,
  shape,
}: {
  path: FieldPath;
  shape: Extract<Shape, { kind: "line" }>;
}) {
  const { value, control, set, problem } = useValue(path);
  const { fields, profile } = useFormState();
  const text = typeof value === "string" ? value : "";
  const typed = useTyped(
    text,
    (words) => (shape.input === "date" ? edtfIn(words) : null),
    set,
  );
  return (
    <Frame path={path} control={control} class={shape.long ? "text" : ""}>
      {shape.long ? (
        <textarea
          id={control}
          rows={1}
          dir="auto"
          value={text}
          {...problem}
          onInput={({ currentTarget }) => set(currentTarget.value)}
        />
      ) : (
        <input
          id={control}
          // For the right keyboard. The schema validates the value. A browser's
          // own date field drops a half-typed date.
          type={shape.input === "date" ? "text" : (shape.input as "text")}
          placeholder={
            shape.input === "date" ? say("form.date.example") : undefined
          }
          dir={shape.input === "text" ? "auto" : "ltr"}
          autoComplete="off"
          {...typed}
          {...problem}
        />
      )}
      {shape.input === "date" && edtfIn(text) && (
        <span class="hint">{printDate(text)}</span>
      )}
      {path.at(-1) === "statedBy" && text === "" && (
        <Suggestions values={authorsIn(fields, profile)} onChoose={set} />
      )}
    </Frame>
  );
}

/** Values that may fit. Each is filled in only with a click. */
export function Suggestions({
  values,
  onChoose,
}: {
  values: string[];
  onChoose: (value: string) => void;
}) {
  if (values.length === 0) return null;
  return (
    <div class="chips">
      {values.map((value) => (
        <Button
          key={value}
          class="chip"
          dir="auto"
          onPress={() => onChoose(value)}
        >
          {value}
        </Button>
      ))}
    </div>
  );
}

export function NumberField({ path }: { path: FieldPath }) {
  const { value, control, set, problem } = useValue(path);
  return (
    <Frame path={path} control={control} class="short">
      <input
        id={control}
        type="number"
        min={0}
        inputMode="numeric"
        value={typeof value === "number" ? value : ""}
        {...problem}
        onInput={({ currentTarget: { value: text } }) =>
          set(text === "" ? undefined : Number(text))
        }
      />
    </Frame>
  );
}

export function FlagField({ path }: { path: FieldPath }) {
  const { profile } = useFormState();
  const { value, set } = useValue(path);
  return (
    <div class="field flag" id={fieldId(pointerOf(path))}>
      <Option
        class=""
        checked={value === true}
        onChoose={(checked) => set(checked || undefined)}
      >
        {labelOf(path, profile)}
      </Option>
    </div>
  );
}

/**
 * Frequent languages of documents about people at risk. They are listed after
 * the case's languages and before all others.
 */
const frequentLanguages = [
  "en",
  "es",
  "fr",
  "ar",
  "uk",
  "ru",
  "fa",
  "tr",
  "crh",
  "pt",
  "zh",
  "be",
  "my",
  "am",
];

type ChosenShape = Extract<
  Shape,
  { kind: "choice" | "code" | "language" | "country" | "source" }
>;

function optionsOf(
  path: FieldPath,
  shape: ChosenShape,
  { fields, languages, profile }: FormState,
): NamedValue[] {
  switch (shape.kind) {
    case "choice":
      return shape.options.map((value) => [
        value,
        choiceOf(path, value, profile),
      ]);
    case "code":
      return codesOf(shape.list, profile).map((value) => [
        value,
        choiceOf(path, value, profile),
      ]);
    case "language": {
      const first = [...new Set([...languages, ...frequentLanguages])];
      const others = languageNames().filter(
        ([value]) => !first.includes(value),
      );
      return [
        ...first.map((value): NamedValue => [value, languageName(value)]),
        ...others,
      ];
    }
    case "country":
      return countryNames();
    case "source":
      return (fields.documents ?? []).flatMap((document): NamedValue[] =>
        document?.id ? [[document.id, documentName(document, profile)]] : [],
      );
  }
}

/**
 * Chooses a value of the schema, one of the profile's codes, a language, a
 * country, or one of the case's documents.
 */
export function SelectField({
  path,
  shape,
}: {
  path: FieldPath;
  shape: ChosenShape;
}) {
  const form = useFormState();
  const { value, control, set, problem } = useValue(path);
  const spoken = language();
  const { documents } = form.fields;
  const options = useMemo(
    () => optionsOf(path, shape, form),
    [spoken, documents, form.languages.join(), form.profile],
  );
  const isChoice = shape.kind === "choice" || shape.kind === "code";
  const chosen = typeof value === "string" ? value : "";
  const unknown =
    chosen && !options.some(([option]) => option === chosen)
      ? [[chosen, chosen] as const]
      : [];
  return (
    <Frame path={path} control={control}>
      <SelectInput
        id={control}
        value={chosen}
        options={[
          ["", say(isChoice && shape.optional ? "form.none" : "form.choose")],
          ...options,
          ...unknown,
        ]}
        {...problem}
        onChoose={set}
      />
    </Frame>
  );
}

export function documentName(
  document: NonNullable<NonNullable<UnfinishedCase["documents"]>[number]>,
  profile: Profile,
): string {
  const kind = document.kind
    ? choiceOf(["documents", "kind"], document.kind, profile)
    : undefined;
  return [kind ?? document.title ?? document.id, document.reference]
    .filter(Boolean)
    .join(", ");
}

const parts = [
  ["years", "Y"],
  ["months", "M"],
  ["days", "D"],
] as const;

/**
 * The length of a sentence: an ISO 8601 duration of years, months and days, or
 * `life` or `death`.
 */
export function DurationField({ path }: { path: FieldPath }) {
  const { profile } = useFormState();
  const { value, control, set, problem } = useValue(path);
  const text = typeof value === "string" ? value : "";
  const kind = text === "life" || text === "death" ? text : "term";
  const amount = (letter: string) =>
    new RegExp(`(\\d+)${letter}`).exec(kind === "term" ? text : "")?.[1] ?? "";
  const change = (letter: string, next: string) => {
    const amounts = parts.map(
      ([, one]) => [one === letter ? next : amount(one), one] as const,
    );
    const term = amounts
      .map(([count, one]) =>
        count && Number(count) > 0 ? `${Number(count)}${one}` : "",
      )
      .join("");
    set(term && `P${term}`);
  };
  return (
    <Frame path={path} control={control} class="duration">
      <div class="row">
        <SelectInput
          id={control}
          value={kind}
          options={["term", "life", "death"].map((option) => [
            option,
            choiceOf(["duration"], option, profile),
          ])}
          onChoose={(next) => set(next === "term" ? "" : next)}
        />
        {kind === "term" &&
          parts.map(([name, letter]) => (
            <label key={letter} class="amount">
              <input
                type="number"
                min={0}
                inputMode="numeric"
                value={amount(letter)}
                {...(name === "years" ? problem : {})}
                onInput={({ currentTarget: { value: next } }) =>
                  change(letter, next)
                }
              />
              {say(`form.${name}`)}
            </label>
          ))}
      </div>
    </Frame>
  );
}
