/**
 * A file for a translator, and what the translated file would change, old
 * beside new.
 */
import { useEffect, useRef, useState } from "preact/hooks";
import { directionOf } from "../../../shared/locale.ts";
import {
  type OfferedTranslation,
  type ReturnedUnit,
  returnedTranslations,
  unitsToSend,
} from "../../editing/rules/translations.ts";
import { readXliff, writeXliff } from "../../editing/rules/xliff.ts";
import { MarkedText } from "../differences.tsx";
import { shortened } from "../form/form-state.ts";
import { pointerOf, withValue } from "../form/path.ts";
import { useFormState } from "../form/use-form.ts";
import { Alert, Button, Option } from "../inputs.tsx";
import { saveAs } from "../save-as.ts";
import { languageName, say } from "../words.ts";

const MAX_LISTED_CHARACTERS = 90;

interface FileProps {
  lang: string;
  /** The place of each text in words, by its pointer. */
  places: Map<string, string>;
}

type Stage =
  | { is: "idle" }
  | { is: "refused"; problem: string }
  | { is: "compared"; units: ReturnedUnit[] }
  | { is: "taken"; count: number };

export function TranslatorFile({ lang, places }: FileProps) {
  const { fields, languages, edit } = useFormState();
  const [own = "en"] = languages;
  const input = useRef<HTMLInputElement>(null);
  const [stage, setStage] = useState<Stage>({ is: "idle" });
  const id = fields.id ?? "case";
  const download = () => {
    const units = unitsToSend(fields, lang).map((unit) => ({
      ...unit,
      label: places.get(pointerOf(unit.path)) ?? "",
    }));
    const file = writeXliff({ id, from: own, to: lang, units });
    saveAs(
      new Blob([file], { type: "application/xliff+xml" }),
      `${id}.${lang}.xlf`,
    );
  };
  const compare = async (file: File) => {
    setStage({ is: "idle" });
    const read = readXliff(await file.text());
    if (!read)
      return setStage({
        is: "refused",
        problem: say("translations.file.unreadable"),
      });
    if (read.id !== id || read.from !== own || read.to !== lang)
      return setStage({
        is: "refused",
        problem: say("translations.file.other", {
          id: read.id || "?",
          from: languageName(read.from || "?"),
          to: languageName(read.to || "?"),
        }),
      });
    setStage({ is: "compared", units: read.units });
  };
  const take = (chosen: OfferedTranslation[]) => {
    edit(
      [],
      chosen.reduce(
        (next, { path, translation }) =>
          withValue(next, [...path, lang], translation),
        fields,
      ),
    );
    setStage({ is: "taken", count: chosen.length });
  };
  return (
    <div class="translator-file">
      <p class="hint">{say("translations.file.hint")}</p>
      <div class="row">
        <Button class="quiet" onPress={download}>
          {say("translations.file.download", { language: languageName(lang) })}
        </Button>
        <Button
          class="quiet"
          onPress={() => input.current?.click()}
          say="translations.file.take"
        />
        <input
          ref={input}
          type="file"
          hidden
          accept=".xlf,.xliff,application/xliff+xml"
          onChange={({ currentTarget }) => {
            const [file] = currentTarget.files ?? [];
            if (file) void compare(file);
            currentTarget.value = "";
          }}
        />
      </div>
      {stage.is === "refused" && <Alert>{stage.problem}</Alert>}
      {stage.is === "compared" && (
        <Comparison
          lang={lang}
          places={places}
          units={stage.units}
          onTake={take}
          onClose={() => setStage({ is: "idle" })}
        />
      )}
      {stage.is === "taken" && (
        <p role="status">
          {say("translations.file.taken", { count: stage.count })}
        </p>
      )}
    </div>
  );
}

interface ComparisonProps extends FileProps {
  units: ReturnedUnit[];
  onTake: (chosen: OfferedTranslation[]) => void;
  onClose: () => void;
}

/**
 * What a file would change. It is compared anew whenever the draft changes, so
 * the editor takes what is shown.
 */
function Comparison({ lang, places, units, onTake, onClose }: ComparisonProps) {
  const { fields, languages } = useFormState();
  const [own = "en"] = languages;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const { offered, refused, unchanged } = returnedTranslations(
    fields,
    lang,
    units,
  );
  /** What the editor ticked or cleared, by the unit's id. */
  const [choices, setChoices] = useState<Record<string, boolean>>({});
  const isChosen = ({ id, isOlder, isCurrent }: OfferedTranslation) =>
    choices[id] ?? !(isOlder && isCurrent);
  const chosen = offered.filter(isChosen);
  return (
    <div class="comparison">
      <h3 ref={heading} tabIndex={-1}>
        {say("translations.file.offered", { count: offered.length })}
      </h3>
      {offered.map((offer) => (
        // An original and its translation, each with what changed: since the
        // file was made, and by what the file brings.
        <div class="offer" key={offer.id}>
          <Option
            class="still-right"
            checked={isChosen(offer)}
            onChoose={(checked) =>
              setChoices({ ...choices, [offer.id]: checked })
            }
          >
            <strong>{places.get(pointerOf(offer.path)) ?? ""}</strong>
          </Option>
          <div class="pair">
            <MarkedText
              before={offer.sourceThen}
              after={offer.source}
              lang={own}
            />
            <MarkedText
              before={offer.target}
              after={offer.translation.text}
              lang={lang}
            />
          </div>
          {offer.isOlder && (
            <p class="warning">
              {say("translations.file.older")}{" "}
              {offer.isCurrent && say("translations.file.replaces-current")}
            </p>
          )}
          {!offer.isOlder && offer.target === offer.translation.text && (
            <p class="hint">{say("form.still-right")}</p>
          )}
        </div>
      ))}
      {refused.length > 0 && (
        <>
          <p class="problem">{say("translations.file.refused")}</p>
          <ul>
            {refused.map(({ id, source, why }) => (
              <li key={id}>
                <bdi lang={own} dir={directionOf(own)}>
                  {shortened(source, MAX_LISTED_CHARACTERS)}
                </bdi>
                <br />
                {say(`translations.file.${why}`)}
              </li>
            ))}
          </ul>
        </>
      )}
      {unchanged > 0 && (
        <p class="hint">
          {say("translations.file.unchanged", { count: unchanged })}
        </p>
      )}
      <div class="row">
        {offered.length > 0 && (
          <Button disabled={chosen.length === 0} onPress={() => onTake(chosen)}>
            {say("translations.file.take-chosen", { count: chosen.length })}
          </Button>
        )}
        <Button
          class="plain"
          onPress={onClose}
          say="translations.file.take-none"
        />
      </div>
    </div>
  );
}
