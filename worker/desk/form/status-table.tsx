/**
 * Everybody's statuses in one table, filled from a document with one choice
 * each. Their date and author are asked once.
 */
import { useId, useRef, useState } from "preact/hooks";
import { codesOf } from "../../../shared/profile/codes.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import {
  type ProposedField,
  proposedFields,
} from "../../editing/importer/draft.ts";
import type {
  ListedSentence,
  OfferedStatus,
} from "../../editing/rules/reading.ts";
import { durationInWords } from "../differences.tsx";
import { TextInput } from "../inputs.tsx";
import { say } from "../words.ts";
import { accepted, statedValues } from "./accept.ts";
import { Suggestions } from "./controls.tsx";
import { typedEdtf } from "./date-field.tsx";
import { authorsIn, choiceOf, entryName, labelOf } from "./form-state.ts";
import { pathOf, valueAt } from "./path.ts";
import { useFormState } from "./use-form.ts";

export const offerInWords = (
  { field, value }: Pick<OfferedStatus, "field" | "value">,
  profile: Profile,
): string =>
  field === "sentence"
    ? durationInWords(value, profile)
    : choiceOf(
        [field === "designation" ? "designations" : field],
        value,
        profile,
      );

/** A longer table would hide the sentences below it. */
const MAX_OPEN_PEOPLE = 3;

/**
 * A person asserts date and author, so suggestions are filled in only by a
 * click.
 */
export function usePut() {
  const { fields, source, edit, profile, statedBy = "" } = useFormState();
  const id = useId();
  const inputs = {
    date: useRef<HTMLInputElement>(null),
    by: useRef<HTMLInputElement>(null),
  };
  const [date, setDate] = useState("");
  const [by, setBy] = useState(statedBy);
  const asOf = typedEdtf(date);
  const stated = (source?.provenance ?? []).flatMap(({ pointer, value }) =>
    /^\/(?:asOf|documents\/\d+\/issuedOn)$/.test(pointer)
      ? [(value as { date: string }).date]
      : [],
  );
  const pointer = source?.provenance.find((known) =>
    /^\/documents\/\d+\/id$/.test(known.pointer),
  )?.pointer;
  const document =
    pointer === undefined ? undefined : valueAt(fields, pathOf(pointer));
  /**
   * @returns whether the status was put into the form; false leads to the date
   * or the author that is missing
   */
  const accept = (offer: OfferedStatus, replaced?: number): boolean => {
    const person =
      fields.people?.findIndex((one) => one?.id === offer.person) ?? -1;
    const missing =
      asOf === null ? inputs.date : by.trim() === "" ? inputs.by : null;
    missing?.current?.focus();
    if (asOf === null || missing || person < 0) return false;
    const statement = {
      asOf: { date: asOf },
      statedBy: by.trim(),
      // The form asks for a document that the case doesn't have yet.
      ...(typeof document === "string" && { source: document }),
    };
    edit(...accepted(fields, person, offer, statement, replaced));
    return true;
  };
  const field = (
    name: "date" | "by",
    label: string,
    value: string,
    set: (value: string) => void,
    offered: string[],
  ) => (
    <div class="field">
      <TextInput
        ref={inputs[name]}
        id={`${id}-${name}`}
        label={label}
        value={value}
        dir={name === "date" ? "ltr" : "auto"}
        placeholder={name === "date" ? say("form.date.example") : undefined}
        onText={set}
      />
      {value === "" && <Suggestions values={offered} onChoose={set} />}
    </div>
  );
  return {
    accept,
    /** True for a statement with the date and the author of the table. */
    isOwn: (statement: { asOf?: { date?: string }; statedBy?: string }) =>
      asOf !== null &&
      statement.asOf?.date === asOf &&
      statement.statedBy === by.trim(),
    fields: (
      <div class="row acceptance">
        {field("date", labelOf(["asOf"], profile), date, setDate, [
          ...new Set(stated),
        ])}
        {field(
          "by",
          labelOf(["statedBy"], profile),
          by,
          setBy,
          authorsIn(fields, profile),
        )}
      </div>
    ),
  };
}

interface TableProps {
  put: ReturnType<typeof usePut>;
  sentences: readonly ListedSentence[];
}

export function StatusTable({ put, sentences }: TableProps) {
  const { fields, profile } = useFormState();
  const people = (fields.people ?? []).flatMap((one, at) =>
    one?.id
      ? [
          {
            id: one.id,
            name: entryName(fields, ["people", at], profile),
            person: one,
          },
        ]
      : [],
  );
  if (people.length === 0) return null;
  /** The terms that the document names, of which the form has all others. */
  const terms = sentences.flatMap(({ offers, contradicts = [] }) =>
    [...offers, ...contradicts].flatMap(({ field, value }) =>
      field === "sentence" ? value : [],
    ),
  );
  const valuesOf: Record<ProposedField, string[]> = {
    custody: codesOf("custody", profile),
    proceedings: codesOf("proceedings", profile),
    sentence: [...new Set([...terms, "life", "death"])],
    designation: codesOf("designations", profile),
  };
  return (
    <>
      {put.fields}
      <details open={people.length <= MAX_OPEN_PEOPLE}>
        <summary>{say("statuses.title")}</summary>
        <ul class="statuses">
          {people.map(({ id, name, person }) => (
            <li key={id}>
              <bdi>{name}</bdi>
              {proposedFields.map((field) => {
                const known = statedValues(person, field);
                const own = known.findIndex(put.isOwn);
                return (
                  <label key={field}>
                    <span>
                      {labelOf(
                        [field === "designation" ? "designations" : field],
                        profile,
                      )}
                    </span>
                    <select
                      class={own < 0 ? undefined : "own"}
                      aria-label={`${name}: ${labelOf([field === "designation" ? "designations" : field], profile)}`}
                      value=""
                      onChange={({ currentTarget }) => {
                        // Another choice takes the place of the one before.
                        const offer = {
                          person: id,
                          field,
                          value: currentTarget.value,
                        };
                        currentTarget.value = "";
                        put.accept(offer, own < 0 ? undefined : own);
                      }}
                    >
                      <option value="">
                        {known
                          .map(({ value }) =>
                            offerInWords({ field, value }, profile),
                          )
                          .join(", ") || "–"}
                      </option>
                      {valuesOf[field].map((value) => (
                        <option key={value} value={value}>
                          {offerInWords({ field, value }, profile)}
                        </option>
                      ))}
                    </select>
                  </label>
                );
              })}
            </li>
          ))}
        </ul>
      </details>
    </>
  );
}
