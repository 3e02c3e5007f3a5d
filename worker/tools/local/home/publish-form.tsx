/** One click publishes; then a countdown, in which it can still be undone. */
import { useEffect, useState } from "preact/hooks";
import type { Case } from "../../../../shared/case/schema.ts";
import type { DeskRecord } from "../../../editorial/desk.ts";
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
  publish,
} from "./demo.ts";

interface Pending {
  number: number;
  liveAt: number;
  /** When the countdown began, to draw its length. */
  since: number;
}

/** Milliseconds after a moment in which the form still says so. */
const AFTERGLOW = 6_000;

const clock = (ms: number) => new Date(ms).toLocaleTimeString("en-GB", { hour12: false });

/** The first change that the form proposes: back and forth for the first person. */
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
      setTimeout(read, 1_000);
    }
  };
  useEffect(() => void read(), []);

  const ticking = pending !== null || wentLive !== null;
  useEffect(() => {
    if (!ticking) return;
    const timer = setInterval(() => setNow(Date.now()), 50);
    return () => clearInterval(timer);
  }, [ticking]);
  useEffect(() => {
    if (pending && now >= pending.liveAt) {
      setWentLive(pending);
      setPending(null);
      void read();
    }
    if (wentLive && now > wentLive.liveAt + AFTERGLOW) setWentLive(null);
  }, [now]);

  const act = async (deed: () => Promise<void>) => {
    setBusy(true);
    setMessage("");
    await deed().catch(async (error: Error) => {
      // Somebody else may have published: the next try is based on what stands now.
      await read();
      setMessage(`${error.message} The form now stands on the newest revision.`);
    });
    setBusy(false);
  };

  const fields = desk?.case;
  if (!fields || !edit)
    return (
      <div class="publish">
        <p class="status">
          {message ||
            (desk ? "The demo case was withdrawn. Run npm run reset to have it back." : "Waiting for the demo case …")}
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
                setMessage(`Revision ${pending.number} was undone. Nobody saw it.`);
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
          const published = await publish(edited(fields, edit), { [fields.language]: text }, desk.revision.number);
          setNote(null);
          setWentLive(null);
          if (!published) return setMessage("It waits for a second editor, who signs in to the desk to approve it.");
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
          <option value="action">What readers are asked to do</option>
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
              ? "That is what the case says already."
              : "Live everywhere 7 s after the click; until then you can undo it.")}
      </p>
    </form>
  );
}
