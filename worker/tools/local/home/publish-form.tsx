/**
 * Publishes an update of the demo case with one click, and then counts down the
 * seconds in which it can be undone.
 */
import { useEffect, useState } from "preact/hooks";
import {
  type Case,
  type Note,
  preferredName,
} from "../../../../shared/case/schema.ts";
import { confirmAll } from "../../../editing/rules/answers.ts";
import type { DeskRecord } from "../../../editing/rules/desk.ts";
import { DEMO, editor } from "./demo.ts";

const TICK_MS = 100;

/**
 * The update that the form offers: whether the first person is free alternates.
 * The new fact is dated today, and its source is the newest document of the
 * case.
 */
function offerOf(fields: Case): { note: string; fields: Case } {
  const [first] = fields.people;
  const isReleased = first?.custody?.value === "released";
  const asOf = { date: new Date().toISOString().slice(0, 10) };
  const source = fields.documents.at(-1)?.id;
  const value = isReleased ? "house-arrest" : "released";
  const custody = {
    value,
    asOf,
    statedBy: fields.issuer,
    ...(source && { source }),
  } as const;
  return {
    note: first
      ? `${preferredName(first).value}: ${isReleased ? "under house arrest" : "released"}`
      : "",
    fields: {
      ...fields,
      asOf,
      people: fields.people.map((one) =>
        one === first ? { ...one, custody } : one,
      ),
    },
  };
}

/** @returns what there is to say of it */
async function publish(
  fields: Case,
  note: Note,
  basedOn: number,
): Promise<string> {
  const body = { case: fields, note, kind: "update", notify: "loud" } as const;
  // The form says so: the case is invented, and the desk asks an editor.
  const answers = confirmAll(
    (await editor.listQuestions({ id: DEMO, body, basedOn })).questions,
  );
  const answer = await editor.publish({
    id: DEMO,
    body: { ...body, answers },
    basedOn,
  });
  return "revision" in answer
    ? ""
    : "The update waits for a second editor, who can approve it in the desk.";
}

export function PublishForm() {
  const [desk, setDesk] = useState<DeskRecord | null>(null);
  const [note, setNote] = useState<string | null>(null);
  const [message, setMessage] = useState("");
  const [now, setNow] = useState(Date.now());

  const read = () =>
    editor
      .readDeskCase({ id: DEMO })
      .then(setDesk, () => setTimeout(read, 1_000));
  useEffect(() => {
    void read();
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  const pending = desk?.pending.at(-1);
  const left = pending ? Date.parse(pending.liveAt) - now : 0;
  const isLive = pending !== undefined && left <= 0;
  useEffect(() => {
    if (isLive) void read();
  }, [isLive]);

  const act = async (action: () => Promise<string>) => {
    // Someone else may have published, so the next attempt needs the newest
    // revision.
    setMessage(
      await action().catch(
        (error: Error) =>
          `${error.message} The form now shows the newest revision.`,
      ),
    );
    setNote(null);
    await read();
  };

  if (!desk?.case)
    return (
      <div class="publish">
        <p class="status">
          {desk
            ? "The demo case was withdrawn: npm run reset."
            : "Waiting for the demo case …"}
        </p>
      </div>
    );
  if (pending && !isLive)
    return (
      <div class="publish counting">
        <p class="count">
          <strong>{(left / 1000).toFixed(1)}</strong>
          <span> s</span>
        </p>
        <p class="status">
          Revision {pending.number} then goes live, everywhere at once.
        </p>
        {pending.number > 1 && (
          <button
            type="button"
            class="quiet"
            onClick={() =>
              act(async () => {
                await editor.undo({ id: DEMO, number: pending.number });
                return `Revision ${pending.number} was undone. No reader saw it.`;
              })
            }
          >
            Undo
          </button>
        )}
      </div>
    );
  const offer = offerOf(desk.case);
  const text = note ?? offer.note;
  return (
    <form
      class="publish"
      onSubmit={(event) => {
        event.preventDefault();
        void act(() =>
          publish(
            offer.fields,
            { [offer.fields.language]: text },
            desk.revision.number,
          ),
        );
      }}
    >
      <label class="note">
        <span>Note for readers</span>
        <input
          value={text}
          maxLength={300}
          required
          onInput={({ currentTarget: { value } }) => setNote(value)}
        />
      </label>
      <button type="submit">Publish</button>
      <p class="hint" role="status">
        {message ||
          "Goes live everywhere in 7 s. You can undo it until then. The case is invented, so this page confirms by itself what the desk would ask you."}
      </p>
    </form>
  );
}
