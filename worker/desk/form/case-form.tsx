/** The form of a whole case, section by section. */

import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import {
  isOutdated,
  isReviewed,
  type LooseText,
  textsIn,
} from "../../../shared/case/text.ts";
import { statementsBy, withAuthor } from "../../editing/rules/statements.ts";
import { Button, Option } from "../inputs.tsx";
import { languageName, say, type WordKey } from "../words.ts";
import { Suggestions } from "./controls.tsx";
import { Field, Group, useNewEntry } from "./field.tsx";
import { authorsIn, fieldId, hasProblem, wordsFor } from "./form-state.ts";
import { Collapsible, Cross } from "./frame.tsx";
import { focusSoon } from "./go-to-field.ts";
import type { FieldPath } from "./path.ts";
import { PeopleSection } from "./people.tsx";
import type { FieldName } from "./shape.ts";
import { useFormState } from "./use-form.ts";

const MAX_SUGGESTIONS = 12;

export function CaseForm() {
  const { base, fields, tried } = useFormState();
  return (
    <form
      class={`case-form${tried ? " tried" : ""}`}
      noValidate
      onSubmit={(event) => event.preventDefault()}
    >
      {!base && (
        <Section name="authors" fields={["issuer"]} open>
          <Authors />
        </Section>
      )}
      <Section
        name="essentials"
        fields={["number", "title", "summary", "asOf"]}
        open
      >
        <div class="row numbering" id={fieldId("/number")}>
          <Group path={["number"]} />
        </div>
        <Field path={["title"]} />
        <Field path={["summary"]} />
        <Field path={["asOf"]} />
        <Languages />
      </Section>
      <Section
        name="people"
        fields={["people"]}
        count={fields.people?.length}
        open
      >
        <PeopleSection />
      </Section>
      <Section name="action" fields={["action"]} open>
        <div id={fieldId("/action")}>
          <Group path={["action"]} />
        </div>
      </Section>
      <Section name="events" lists={["events"]}>
        <DateSuggestions />
      </Section>
      <Section name="quotations" lists={["quotations"]} />
      <Section name="opinions" lists={["assessments", "impact", "next"]} />
      <Section
        name="places"
        lists={["places"]}
        fields={["authorities", "hideMap", "hidePortraits"]}
      >
        <Field path={["authorities"]} />
        <Field path={["hideMap"]} />
        <Field path={["hidePortraits"]} />
      </Section>
      <Section name="documents" lists={["documents"]} />
      <Section
        name="record"
        fields={["issuer", "language", "links", "rights", "demo", "id"]}
      >
        {base && <IssuerField />}
        <Field path={["language"]} />
        <Field path={["links"]} />
        <div id={fieldId("/rights")}>
          <Group path={["rights"]} hide={base ? [] : ["holder"]} />
        </div>
        <Field path={["demo"]} />
      </Section>
    </form>
  );
}

interface SectionProps {
  name: string;
  /** Lists that it begins with. */
  lists?: FieldName[];
  /** Its other fields. */
  fields?: FieldName[];
  /** Of the entries. Default: those of the lists. */
  count?: number | undefined;
  open?: boolean;
  children?: ComponentChildren;
}

function Section({
  name,
  lists = [],
  fields = [],
  count,
  open = false,
  children,
}: SectionProps) {
  const { fields: values, problems } = useFormState();
  const all = [...lists, ...fields];
  const entries =
    count ??
    lists.reduce(
      (sum, list) =>
        sum + ((values[list] as unknown[] | undefined)?.length ?? 0),
      0,
    );
  const summary = (
    <>
      <h2>{say(`section.${name}` as WordKey)}</h2>
      {entries > 0 && <span class="count">{entries}</span>}
      {all.some((field) => hasProblem(problems, [field])) && (
        <span class="mark">{say("form.to-fill")}</span>
      )}
    </>
  );
  return (
    <Collapsible
      class="section"
      id={`section-${name}`}
      fields={all}
      open={open}
      summary={summary}
    >
      {lists.map((list) => (
        <Field key={list} path={[list]} />
      ))}
      {children}
    </Collapsible>
  );
}

/**
 * The languages of the case's texts, and for each translation whether a speaker
 * has reviewed it and whether it is outdated.
 */
function Languages() {
  const {
    fields,
    review,
    removeLanguage,
    languages,
    offered,
    addLanguage,
    openTask,
  } = useFormState();
  const [own = "en"] = languages;
  const texts = textsIn(fields).map(({ text }) => text);
  const lossOf = (lang: string) => {
    const count = texts.filter((text) => text[lang] !== undefined).length;
    return say("form.remove", {
      what: say("form.language-texts", { language: languageName(lang), count }),
    });
  };
  const isCurrent = (lang: string) => (text: LooseText) =>
    text[lang] !== undefined && !isOutdated(text, lang, own);
  return (
    <div class="field languages">
      <div class="field-head">
        <span class="label">{say("form.languages")}</span>
      </div>
      <ul>
        {languages.map((lang) => (
          <li key={lang}>
            <bdi>{languageName(lang)}</bdi>
            {lang === own ? (
              <span class="hint">{say("form.own-language")}</span>
            ) : (
              <Option
                class=""
                checked={isReviewedWhole(
                  texts.filter(isCurrent(lang)),
                  lang,
                  own,
                )}
                onChoose={(checked) => review(lang, checked)}
              >
                {say("form.reviewed")}
              </Option>
            )}
            {texts.some((text) => isOutdated(text, lang, own)) && (
              <span class="mark">{say("form.outdated")}</span>
            )}
            {lang !== own && (
              <Cross
                label={lossOf(lang)}
                onPress={() => removeLanguage(lang)}
              />
            )}
          </li>
        ))}
      </ul>
      <div class="chips">
        {languages.length > 1 && (
          <Button
            class="chip add"
            onPress={() => openTask({ is: "translations" })}
            say="translations.side-by-side"
          />
        )}
        {offered.map((lang) => (
          <Button
            key={lang}
            class="chip"
            onPress={() => {
              addLanguage(lang);
              void focusSoon(["title"]);
            }}
          >
            {say("form.translate", { language: languageName(lang) })}
          </Button>
        ))}
      </div>
    </div>
  );
}

const isReviewedWhole = (
  texts: LooseText[],
  lang: string,
  own: string,
): boolean =>
  texts.length > 0 && texts.every((text) => isReviewed(text, lang, own));

/**
 * Buttons that make an event from each date of the document that has none yet.
 */
function DateSuggestions() {
  const { fields, source, edit, showLine } = useFormState();
  const entryAt = useNewEntry();
  const events = fields.events ?? [];
  const has = (asStated: string, date: string | undefined) =>
    events.some(
      (event) =>
        event?.date?.asStated === asStated ||
        (date !== undefined && event?.date?.date === date),
    );
  const left = (source?.dates ?? []).filter(
    ({ asStated, date }) => !has(asStated, date?.date),
  );
  if (left.length === 0) return null;
  return (
    <div class="offers">
      <p class="hint">{say("form.from-dates")}</p>
      <ul>
        {left
          .slice(0, MAX_SUGGESTIONS)
          .map(({ asStated, date, line, text }) => (
            <li key={`${line} ${asStated}`}>
              <Button
                class="chip"
                title={text}
                onPress={() => {
                  // Without a year, the editor types the date.
                  const own = date ?? { asStated };
                  const path = ["events", events.length];
                  edit(path, { ...(entryAt(path) as object), date: own });
                  showLine(line);
                  void focusSoon([...path, "kind"]);
                }}
              >
                {asStated}{" "}
                <span class="hint">{say("form.line", { line })}</span>
              </Button>
            </li>
          ))}
      </ul>
    </div>
  );
}

/**
 * The questions at the top of a new case. One press answers those that are
 * still open.
 */
export function Authors() {
  const { fields, statedBy = "", setStatedBy, edit, profile } = useFormState();
  const given = useRef(statedBy);
  /** Statuses without an author follow. */
  const settle = (name: string) => {
    if (name !== "" && fields.people)
      edit(
        ["people"],
        withAuthor(fields.people, given.current || undefined, name),
      );
    given.current = name;
  };
  const { issuer, rights } = fields;
  const answer = (name: string) => {
    if (!issuer) edit(["issuer"], name);
    if (!rights?.holder) edit(["rights", "holder"], name);
    if (statedBy !== "") return;
    setStatedBy(name);
    settle(name);
  };
  return (
    <>
      {!(issuer && rights?.holder && statedBy) && (
        <div class="field">
          <p class="hint">{say("authors.lead")}</p>
          <Suggestions values={authorsIn(fields, profile)} onChoose={answer} />
        </div>
      )}
      <IssuerField />
      <Field path={["rights", "holder"]} />
      <div class="field">
        <div class="field-head">
          <label for="stated-by">{say("authors.stated-by")}</label>
        </div>
        <input
          id="stated-by"
          dir="auto"
          autoComplete="off"
          maxLength={200}
          aria-describedby="stated-by-hint"
          value={statedBy}
          onInput={({ currentTarget: { value } }) => setStatedBy(value)}
          onBlur={({ currentTarget: { value } }) => settle(value.trim())}
        />
        <p class="hint" id="stated-by-hint">
          {say("authors.stated-by.hint")}
        </p>
      </div>
    </>
  );
}

/**
 * The issuer, and after a change of it every statement that names the old one.
 */
export function IssuerField() {
  const { fields, base, edit, profile } = useFormState();
  const { issuer } = fields;
  /** The one whose statements were looked at. */
  const [settled, setSettled] = useState(base?.issuer ?? issuer ?? "");
  const left =
    !settled || !issuer || issuer === settled
      ? []
      : statementsBy(fields, settled);
  const change = (paths: FieldPath[]) => {
    for (const path of paths) edit(path, issuer);
  };
  const leaveField = () => {
    if (!base && issuer && statementsBy(fields, settled).length === 0)
      setSettled(issuer);
  };
  return (
    <div class="issuer" onFocusOut={leaveField}>
      <Field path={["issuer"]} />
      {left.length > 0 && (
        <div class="warning linked">
          <p>
            {say("authors.changed", { count: left.length, before: settled })}
          </p>
          <p class="row">
            <Button class="chip add" onPress={() => change(left)}>
              {say("authors.change-all", { issuer: issuer ?? "" })}
            </Button>
            <Button
              class="chip add"
              onPress={() => setSettled(issuer ?? "")}
              say="authors.leave-all"
            />
          </p>
          <ul>
            {left.map((path) => (
              <li key={path.join()}>
                {wordsFor(fields, path, profile)}{" "}
                <Button
                  class="link"
                  onPress={() => change([path])}
                  say="authors.change"
                />
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
