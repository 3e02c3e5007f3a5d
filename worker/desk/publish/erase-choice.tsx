/** The first step of an erasure: the editor says what shall go. */
import { type ComponentChildren, Fragment } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { Case } from "../../../shared/case/schema.ts";
import {
  type LooseText,
  languagesIn,
  textIn,
  textsIn,
} from "../../../shared/case/text.ts";
import { directionOf } from "../../../shared/locale.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import type { ApiError } from "../../editing/contract/client.ts";
import type { UnfinishedCase } from "../../editing/rules/desk.ts";
import { erasablePlaces } from "../../editing/rules/erasable.ts";
import type { Erase } from "../../editing/rules/erase.ts";
import { wholeSentencesOf } from "../../editing/rules/segments.ts";
import {
  entryName,
  shortened,
  textPlaces,
  wordsFor,
} from "../form/form-state.ts";
import { Collapsible } from "../form/frame.tsx";
import { pathOf, pointerOf } from "../form/path.ts";
import { Alert, Button, Option, TextInput } from "../inputs.tsx";
import { useSession } from "../session.ts";
import { languageName, say, type WordKey } from "../words.ts";
import { issuesOf, RefusalNotice } from "./refusal.tsx";
import type { Erasure } from "./use-erasure.ts";

const MAX_SENTENCE_LENGTH = 90;

export const eraseKey = (one: Erase): string => JSON.stringify(one);
const isIn = (list: readonly Erase[], one: Erase): boolean =>
  list.some((other) => eraseKey(other) === eraseKey(one));
/** With some operations, or without them if the first of them is there. */
export const toggled = (list: readonly Erase[], ...these: Erase[]): Erase[] => {
  const rest = list.filter((one) => !isIn(these, one));
  return these[0] && isIn(list, these[0]) ? rest : [...rest, ...these];
};

const labelAt = (fields: Case, pointer: string, profile: Profile): string =>
  wordsFor(fields as UnfinishedCase, pathOf(pointer), profile);

/** The place of what an operation erases; undefined for one that has none. */
function placeOf(one: Erase, { people, documents }: Case): string | undefined {
  if (one.what === "document")
    return `/documents/${documents.findIndex(({ id }) => id === one.document)}`;
  if (one.what !== "person" && one.what !== "picture")
    return "at" in one ? one.at : undefined;
  return `/people/${people.findIndex(({ id }) => id === one.person)}${one.what === "picture" ? "/portrait" : ""}`;
}

/** What an operation erases, in words. */
export function eraseWords(one: Erase, fields: Case, profile: Profile): string {
  if (one.what === "name") return `“${one.name}”`;
  if (one.what === "sentence")
    return `“${shortened(one.sentence, MAX_SENTENCE_LENGTH)}”`;
  if (one.what === "earlier") return say("erase.earlier");
  const at = placeOf(one, fields);
  const place =
    at === undefined ? say("erase.translations") : labelAt(fields, at, profile);
  return one.what === "translation"
    ? `${place} › ${languageName(one.lang)}`
    : place;
}

interface ChooseProps {
  erasure: Erasure;
  fields: Case;
  onClose: () => void;
}

/** Names that the editor typed, separated by commas or lines. */
const namesIn = (typed: string): Erase[] =>
  [...new Set(typed.split(/[,،;\n]/).map((name) => name.trim()))].flatMap(
    (name) => (name === "" ? [] : { what: "name" as const, name }),
  );

/** The typed names that the server doesn't know from the case. */
const notNamesIn = (error: ApiError, erase: readonly Erase[]): string[] =>
  issuesOf(error).flatMap(({ pointer }) => {
    const one = erase[Number(/^\/erase\/(\d+)\/name$/.exec(pointer)?.[1])];
    return one?.what === "name" ? one.name : [];
  });

export function ChooseErased({ erasure, fields, onClose }: ChooseProps) {
  const {
    erase: chosen,
    busy,
    refused,
    choose: onChosen,
    look,
    show,
  } = erasure;
  const notNames = refused ? notNamesIn(refused, chosen) : [];
  const { profile } = useSession().me;
  const [typed, setTyped] = useState(
    chosen.flatMap((one) => (one.what === "name" ? one.name : [])).join(", "),
  );
  const write = (next: string) => {
    setTyped(next);
    onChosen([
      ...chosen.filter(({ what }) => what !== "name"),
      ...namesIn(next),
    ]);
  };
  const option = (one: Erase, text = eraseWords(one, fields, profile)) => (
    <Option
      key={eraseKey(one)}
      checked={isIn(chosen, one)}
      onChoose={() => onChosen(toggled(chosen, one))}
    >
      <bdi>{text}</bdi>
    </Option>
  );
  const entries = erasablePlaces(fields).map((at) => ({
    what: "entry" as const,
    at,
  }));
  const isLink = (at: string) => at.startsWith("/links/");
  const lists: [WordKey, Erase[]][] = [
    ["erase.entries", entries.filter(({ at }) => !isLink(at))],
    [
      "erase.translations",
      languagesIn(fields).flatMap((lang, index) =>
        index ? { what: "translation", lang } : [],
      ),
    ],
    [
      "erase.things",
      [
        ...fields.people.flatMap(({ id, portrait }) =>
          portrait ? [{ what: "picture" as const, person: id }] : [],
        ),
        ...fields.documents.map(({ id }) => ({
          what: "document" as const,
          document: id,
        })),
        ...entries.filter(({ at }) => isLink(at)),
      ],
    ],
  ];
  return (
    <>
      <p class="lead">{say("erase.lead")}</p>
      <fieldset>
        <legend>{say("erase.people")}</legend>
        {fields.people.map(({ id }, index) =>
          option(
            { what: "person", person: id },
            entryName(fields as UnfinishedCase, ["people", index], profile),
          ),
        )}
        <p class="hint">{say("erase.people.hint")}</p>
      </fieldset>
      <div class="field">
        <TextInput
          id="erase-names"
          label={say("erase.names")}
          spellcheck={false}
          aria-describedby="erase-names-hint"
          aria-invalid={notNames.length > 0}
          value={typed}
          onText={write}
        />
        {notNames.map((name) => (
          <Alert key={name}>{say("erase.not-name", { name })}</Alert>
        ))}
        <p class="hint" id="erase-names-hint">
          {say("erase.names.hint")}
        </p>
      </div>
      <div>
        <Part
          title={say("erase.sentences")}
          count={chosen.filter(({ what }) => what === "sentence").length}
        >
          <Sentences erasure={erasure} fields={fields} />
        </Part>
        {lists.map(
          ([title, list]) =>
            list.length > 0 && (
              <Part
                key={title}
                title={say(title)}
                count={chosen.filter((one) => isIn(list, one)).length}
              >
                {list.map((one) => option(one))}
              </Part>
            ),
        )}
        <div class="erase-part">
          {option({ what: "earlier" })}
          <p class="hint">{say("erase.earlier.hint")}</p>
        </div>
      </div>
      <footer class="row">
        {notNames.length === 0 && <RefusalNotice error={refused} />}
        <Button class="quiet" onPress={onClose} say="publish.not-yet" />
        <Button
          disabled={busy || chosen.length === 0}
          onPress={() => look(chosen)}
          say="erase.next"
        />
        <Button
          class="plain"
          onPress={() => show("withdraw")}
          say="erase.whole"
        />
      </footer>
    </>
  );
}

const Part = ({
  title,
  count,
  children,
}: {
  title: string;
  count: number;
  children: ComponentChildren;
}) => (
  <Collapsible
    class="erase-part"
    summary={
      <>
        {title} {count > 0 && <b class="erase-count">{count}</b>}
      </>
    }
  >
    {children}
  </Collapsible>
);

/** Every text of the case, and the quotations. */
function readableTexts(
  fields: Case,
  profile: Profile,
): { at: string; label: string; text: LooseText }[] {
  const places = textPlaces(fields as UnfinishedCase, profile);
  return [
    ...textsIn(fields).map(({ path, text }) => {
      const at = pointerOf(path);
      return { at, label: places.get(at) ?? "", text };
    }),
    ...fields.quotations.map(({ text, lang }, index) => {
      const at = `/quotations/${index}/text`;
      return {
        at,
        label: labelAt(fields, at, profile),
        text: { [lang]: text },
      };
    }),
  ];
}

const sentenceOf = (sentence: string): Erase => ({
  what: "sentence",
  sentence,
});

/** The case's texts, sentence by sentence. A pressed one goes. */
function Sentences({
  erasure: { erase: chosen, choose: onChosen },
  fields,
}: Pick<ChooseProps, "erasure" | "fields">) {
  const { profile } = useSession().me;
  const texts = useMemo(
    () =>
      readableTexts(fields, profile).map(({ text, ...place }) => ({
        ...place,
        versions: Object.keys(text)
          .toSorted(
            (a, b) =>
              Number(b === fields.language) - Number(a === fields.language),
          )
          .map((lang) => ({
            lang,
            sentences: wholeSentencesOf(textIn(text, lang) ?? ""),
          })),
      })),
    [fields, profile],
  );
  const isGoing = (sentences: readonly string[]) => (index: number) =>
    isIn(chosen, sentenceOf(sentences[index] as string));
  return (
    <>
      <p class="hint">{say("erase.sentences.hint")}</p>
      {texts.map(({ at, label, versions: [own, ...others] }) => {
        if (!own) return null;
        /**
         * With it, the sentences at the same place of translations that have as
         * many. The editor sees them pressed.
         */
        const press = (index: number) => {
          const same = others.filter(
            ({ sentences }) => sentences.length === own.sentences.length,
          );
          const all = [own, ...same].flatMap(
            ({ sentences }) => sentences[index] ?? [],
          );
          onChosen(toggled(chosen, ...all.map(sentenceOf)));
        };
        return (
          <section key={at} class="erase-text">
            <h3>{label}</h3>
            <Pressable
              {...own}
              isGoing={isGoing(own.sentences)}
              onPress={press}
            />
            {others.length > 0 && (
              <details
                open={own.sentences.some((sentence) =>
                  isIn(chosen, sentenceOf(sentence)),
                )}
              >
                <summary class="hint">{say("erase.translations")}</summary>
                {others.map(({ lang, sentences }) => {
                  const whole: Erase = { what: "translation", lang, at };
                  return (
                    <Fragment key={lang}>
                      <h4>
                        {languageName(lang)}{" "}
                        <Button
                          class="link"
                          aria-pressed={isIn(chosen, whole)}
                          onPress={() => onChosen(toggled(chosen, whole))}
                          say="erase.translation"
                        />
                      </h4>
                      <Pressable
                        lang={lang}
                        sentences={sentences}
                        isGoing={(index) =>
                          isIn(chosen, whole) || isGoing(sentences)(index)
                        }
                        onPress={(index) =>
                          onChosen(
                            toggled(
                              chosen,
                              sentenceOf(sentences[index] as string),
                            ),
                          )
                        }
                      />
                    </Fragment>
                  );
                })}
              </details>
            )}
          </section>
        );
      })}
    </>
  );
}

interface PressableProps {
  lang: string;
  sentences: readonly string[];
  isGoing: (index: number) => boolean;
  onPress: (index: number) => void;
}

/** A text whose sentences can be pressed. */
export function Pressable({
  lang,
  sentences,
  isGoing,
  onPress,
}: PressableProps) {
  return (
    <p class="pressable" lang={lang} dir={directionOf(lang)}>
      {sentences.map((sentence, index) => (
        <Button
          key={`${index} ${sentence}`}
          aria-pressed={isGoing(index)}
          onPress={() => onPress(index)}
        >
          {sentence}
        </Button>
      ))}
    </p>
  );
}
