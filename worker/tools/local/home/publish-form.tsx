/** Publishes an update of the demo case with one click, and then shows a countdown during which it can be undone. */
import { useEffect, useState } from "preact/hooks";
import type { Case } from "../../../../shared/case/schema.ts";
import type { DeskRecord } from "../../../editing/rules/desk.ts";
import {
  actionChoices,
  changes,
  custodyChoices,
  DEMO,
  type Edit,
  edited,
  editor,
  nameOf,
  proposedNote,
  publishDemo,
} from "./demo.ts";

interface Pending {
  number: number;
  liveAt: number;
  /** The start of the countdown, in milliseconds since the epoch. */
  since: number;
}

/** How long the form reports that a revision went live. */
const WENT_LIVE_MS = 6_000;
const TICK_MS = 50;
const RETRY_DELAY_MS = 1_000;

const clock = (ms: number) => new Date(ms).toLocaleTimeString("en-GB", { hour12: false });

/** The change that the form proposes first. It alternates between two states of the first person. */
function firstEdit(fields: Case): Edit {
  const person = fields.people[0];
  if (!person) return { what: "action", to: fields.action.state === "closed" ? "active" : "closed" };
  const to = person.custody?.value === "released" ? "house-arrest" : "released";
  return { what: "custody", person: person.id, to };
}

export function PublishForm() {
  const [desk, setDesk] = useState<DeskRecord | null>(null);
  const [edit, setEdit] = useState<Edit | null>(null);
  const [note, setNote] = useState<string | null>(null);
  const [pending, setPending] = useState<Pending | null>(null);
  const [wentLive, setWentLive] = useState<Pending | null>(null);
  const [message, setMessage] = useState("");
  const [busy, setBusy] = useState(false);
  const [now, setNow] = useState(Date.now());

  const read = async () => {
    try {
      const answer = await editor.readDeskCase({ id: DEMO });
      setDesk(answer);
      setMessage("");
      if (answer.case) setEdit(firstEdit(answer.case));
      const next = answer.pending.at(-1);
      setPending(next ? { number: next.number, liveAt: Date.parse(next.liveAt), since: Date.now() } : null);
    } catch (error) {
      setMessage((error as Error).message);
      setTimeout(read, RETRY_DELAY_MS);
    }
  };
  useEffect(() => void read(), []);

  const ticking = pending !== null || wentLive !== null;
  useEffect(() => {
    if (!ticking) return;
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [ticking]);
  useEffect(() => {
    if (pending && now >= pending.liveAt) {
      setWentLive(pending);
      setPending(null);
      void read();
    }
    if (wentLive && now > wentLive.liveAt + WENT_LIVE_MS) setWentLive(null);
  }, [now]);

  const act = async (action: () => Promise<void>) => {
    setBusy(true);
    setMessage("");
    await action().catch(async (error: Error) => {
      // Someone else may have published, so the next attempt needs the newest revision.
      await read();
      setMessage(`${error.message} The form now shows the newest revision.`);
    });
    setBusy(false);
  };

  const fields = desk?.case;
  if (!fields || !edit)
    return (
      <div class="publish">
        <p class="status">
          {message ||
            (desk ? "The demo case was withdrawn. To restore it, run npm run reset." : "Waiting for the demo case …")}
        </p>
      </div>
    );

  if (pending) {
    const left = Math.max(0, pending.liveAt - now);
    const part = left / Math.max(1, pending.liveAt - pending.since);
    return (
      <div class="publish counting">
        <p class="count">
          <strong>{(left / 1000).toFixed(1)}</strong>
          <span> s</span>
        </p>
        <div class="status">
          <p>
            Revision {pending.number} goes live at {clock(pending.liveAt)}, everywhere at once.
          </p>
          <progress value={1 - part} max={1} aria-label="Time until the revision goes live" />
        </div>
        {pending.number > 1 && (
          <button
            type="button"
            class="quiet"
            disabled={busy}
            onClick={() =>
              act(async () => {
                await editor.undo({ id: DEMO, number: pending.number });
                await read();
                setMessage(`Revision ${pending.number} was undone. No reader saw it.`);
              })
            }
          >
            Undo
          </button>
        )}
        {message && (
          <p class="problem" role="alert">
            {message}
          </p>
        )}
      </div>
    );
  }

  const text = note ?? proposedNote(fields, edit);
  const choose = (next: Edit) => {
    setEdit(next);
    setNote(null);
  };
  const same = !changes(fields, edit);
  return (
    <form
      class="publish"
      onSubmit={(event) => {
        event.preventDefault();
        void act(async () => {
          const published = await publishDemo(edited(fields, edit), { [fields.language]: text }, desk.revision.number);
          setNote(null);
          setWentLive(null);
          if (!published) return setMessage("The update waits for a second editor, who can approve it in the desk.");
          setNow(Date.now());
          setPending({ number: published.revision, liveAt: Date.parse(published.liveAt), since: Date.now() });
        });
      }}
    >
      <label>
        <span>What changes</span>
        <select
          value={edit.what === "action" ? "action" : edit.person}
          onChange={({ currentTarget: { value } }) =>
            choose(
              value === "action"
                ? { what: "action", to: fields.action.state === "closed" ? "active" : "closed" }
                : { what: "custody", person: value, to: "released" },
            )
          }
        >
          {fields.people.map((person) => (
            <option key={person.id} value={person.id}>
              {nameOf(person)}
            </option>
          ))}
          <option value="action">The action</option>
        </select>
      </label>
      <label>
        <span>To</span>
        <select value={edit.to} onChange={({ currentTarget: { value } }) => choose({ ...edit, to: value } as Edit)}>
          {(edit.what === "action" ? actionChoices : custodyChoices).map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
      </label>
      <label class="note">
        <span>Note for readers</span>
        <input value={text} maxLength={300} required onInput={({ currentTarget: { value } }) => setNote(value)} />
      </label>
      <button type="submit" disabled={busy || same}>
        Publish
      </button>
      <p class="hint" role="status">
        {message ||
          (wentLive
            ? `Revision ${wentLive.number} went live at ${clock(wentLive.liveAt)}.`
            : same
              ? "The case already says this."
              : "Goes live everywhere in 7 s. You can undo it until then.")}
      </p>
    </form>
  );
}
