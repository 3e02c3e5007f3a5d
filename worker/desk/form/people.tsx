/** The people of a case, each on a collapsible card with a picture. */

import { useId, useState } from "preact/hooks";
import { base64Of } from "../../../shared/base64.ts";
import { textIn } from "../../../shared/case/text.ts";
import type { Fields } from "../../../shared/fields.ts";
import { ApiError } from "../../editing/contract/client.ts";
import { statusesIn, statusesNow } from "../differences.tsx";
import { Alert, Button, TextInput } from "../inputs.tsx";
import { RefusalNotice, useAction, useAnswer } from "../publish/refusal.tsx";
import { useSession } from "../session.ts";
import { printDate, say } from "../words.ts";
import { CopyToOthers, Field, Group, useNewEntry } from "./field.tsx";
import { entryName, fieldId, hasProblem } from "./form-state.ts";
import { Collapsible, Frame } from "./frame.tsx";
import { focusSoon } from "./go-to-field.ts";
import { type FieldPath, pointerOf, valueAt } from "./path.ts";
import { edtfIn, useTyped } from "./typed.ts";
import { useFormState } from "./use-form.ts";

/** With more people, all cards start collapsed. */
const MAX_OPEN_CARDS = 2;

/** The fields that matter most to followers. */
const first = ["names", "custody", "proceedings", "sentence"];

export function PeopleSection() {
  const { fields, base, edit, remove, problems, openTask, profile } =
    useFormState();
  const entryAt = useNewEntry();
  const people = fields.people ?? [];
  const statuses = (one: Fields = {}) =>
    statusesIn(one, statusesNow, [], profile).join(" · ");
  return (
    <Frame path={["people"]} label="" class="people">
      {people.map((one, index) => {
        const path = ["people", index];
        return (
          <Collapsible
            key={index}
            class="person"
            id={fieldId(pointerOf(path))}
            open={people.length <= MAX_OPEN_CARDS}
            summary={
              <>
                <bdi class="name">{entryName(fields, path, profile)}</bdi>
                <span class="hint">
                  {statuses(one) || say("form.no-status")}
                </span>
                {hasProblem(problems, path) && (
                  <span class="mark">{say("form.to-fill")}</span>
                )}
              </>
            }
          >
            {base?.people.some(({ id }) => id === one?.id) && (
              <Button
                class="chip add"
                onPress={() => openTask({ is: "status", person: one?.id })}
                say="status.open"
              />
            )}
            {first.map(
              (name) =>
                (name !== "sentence" || one?.sentence) && (
                  <Field key={name} path={[...path, name]} />
                ),
            )}
            {one?.proceedings && one.proceedings.length > 0 && (
              <CopyToOthers path={[...path, "proceedings"]} />
            )}
            <Group
              path={path}
              hide={[
                "portrait",
                ...(one?.sentence ? first : first.slice(0, 3)),
              ]}
            />
            <PortraitPanel path={path} />
            <Button
              class="plain"
              onPress={() =>
                remove(["people"], index, entryName(fields, path, profile))
              }
            >
              {say("form.remove", { what: entryName(fields, path, profile) })}
            </Button>
          </Collapsible>
        );
      })}
      <Button
        class="chip add"
        onPress={() => {
          edit(["people", people.length], entryAt(["people", 0]));
          void focusSoon(["people", people.length]);
        }}
      >
        {say("form.add", { what: say("field.people.one") })}
      </Button>
    </Frame>
  );
}

const MAX_WIDTH_PX = 480;
const MAX_HEIGHT_PX = 600;
const QUALITY = 0.85;
const IS_DAY = /^\d{4}-\d\d-\d\d$/;

/**
 * Draws the picture anew, upright and small, so that nothing but its pixels is
 * sent.
 * @returns base64
 */
async function redrawn(file: Blob): Promise<string> {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(
    1,
    MAX_WIDTH_PX / bitmap.width,
    MAX_HEIGHT_PX / bitmap.height,
  );
  const canvas = new OffscreenCanvas(
    Math.round(bitmap.width * scale),
    Math.round(bitmap.height * scale),
  );
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  const blob = await canvas.convertToBlob({
    type: "image/jpeg",
    quality: QUALITY,
  });
  return base64Of(new Uint8Array(await blob.arrayBuffer()));
}

export function PortraitPanel({ path }: { path: FieldPath }) {
  const { fields, base, edit } = useFormState();
  const id = base?.id ?? fields.id;
  const image = valueAt(fields, [...path, "portrait", "image"]);
  if (typeof id !== "string" || id === "")
    return <p class="hint">{say("portrait.no-number")}</p>;
  return (
    <Frame path={[...path, "portrait"]} class="portrait">
      {typeof image === "string" && image !== "" ? (
        <Stored
          id={id}
          image={image}
          path={path}
          onRemove={() => edit([...path, "portrait"], undefined)}
        />
      ) : (
        <Upload id={id} path={path} />
      )}
    </Frame>
  );
}

function Stored({
  id,
  image,
  path,
  onRemove,
}: {
  id: string;
  image: string;
  path: FieldPath;
  onRemove: () => void;
}) {
  const { fields } = useFormState();
  const { api, me } = useSession();
  const { answer: stored, refused } = useAnswer(
    () => api.readStoredPortrait({ id, image }),
    [api, id, image],
  );
  const { busy, refused: kept, run } = useAction();
  const erases = stored?.shown === false && stored.editor === me.editor;
  const remove = async () => {
    if (erases)
      await api.removePortrait({ id, image }).catch((error) => {
        // A revision or a proposal names it, so it only leaves this draft.
        if (!(error instanceof ApiError && error.status === 409)) throw error;
      });
    onRemove();
  };
  const alt = valueAt(fields, [...path, "portrait", "alt"]);
  return (
    <>
      <RefusalNotice error={kept ?? refused} />
      {stored && (
        <div class="row">
          <img
            src={`data:${stored.type};base64,${stored.base64}`}
            alt={textIn((alt ?? {}) as never, fields.language ?? "en") ?? ""}
            width={96}
          />
          <p class="hint">
            {say("portrait.consent", {
              by: stored.consent.givenBy,
              date: printDate(stored.consent.givenOn),
            })}
            {stored.consent.note && ` · ${stored.consent.note}`}
          </p>
        </div>
      )}
      {["alt", "credit", "licence", "until"].map((name) => (
        <Field key={name} path={[...path, "portrait", name]} />
      ))}
      <Button
        class="plain"
        disabled={busy}
        onPress={() => run(remove)}
        say={erases ? "portrait.erase" : "portrait.remove"}
      />
    </>
  );
}

function Upload({ id, path }: { id: string; path: FieldPath }) {
  const { fields, edit } = useFormState();
  const { api } = useSession();
  const [opened, setOpened] = useState(false);
  const [file, setFile] = useState<File | null>(null);
  const [unreadable, setUnreadable] = useState(false);
  const [givenBy, setGivenBy] = useState("");
  const [givenOn, setGivenOn] = useState("");
  const typedDay = useTyped(givenOn, edtfIn, setGivenOn);
  const [note, setNote] = useState("");
  const { busy, refused, run } = useAction();
  const control = useId();
  const person =
    String(valueAt(fields, [...path, "id"]) ?? "") ||
    `person-${Number(path[1]) + 1}`;
  if (!opened)
    return (
      <Button class="chip" onPress={() => setOpened(true)} say="portrait.add" />
    );
  const store = async () => {
    const drawn = file && (await redrawn(file).catch(() => null));
    setUnreadable(drawn === null);
    if (!drawn) return;
    await run(async () => {
      const consent = { givenBy, givenOn, ...(note === "" ? {} : { note }) };
      const { image } = await api.addPortrait({
        id,
        body: { person, image: drawn, consent },
      });
      edit([...path, "portrait"], { image });
    });
  };
  return (
    <>
      <p class="hint">{say("portrait.lead")}</p>
      <label for={`${control}-file`}>{say("field.image")}</label>
      <input
        id={`${control}-file`}
        type="file"
        accept="image/jpeg,image/png,image/webp"
        onChange={({ currentTarget }) =>
          setFile(currentTarget.files?.[0] ?? null)
        }
      />
      <TextInput
        id={`${control}-by`}
        label={say("portrait.given-by")}
        value={givenBy}
        onText={setGivenBy}
      />
      <label for={`${control}-on`}>{say("portrait.given-on")}</label>
      <input
        id={`${control}-on`}
        dir="ltr"
        autoComplete="off"
        placeholder={say("form.date.example")}
        {...typedDay}
      />
      {IS_DAY.test(givenOn) && <span class="hint">{printDate(givenOn)}</span>}
      <TextInput
        id={`${control}-note`}
        label={say("portrait.note")}
        value={note}
        onText={setNote}
      />
      {unreadable && <Alert>{say("portrait.unreadable")}</Alert>}
      <RefusalNotice error={refused} />
      <Button
        disabled={
          busy || !file || givenBy.trim() === "" || !IS_DAY.test(givenOn)
        }
        onPress={store}
        say="portrait.store"
      />
    </>
  );
}
