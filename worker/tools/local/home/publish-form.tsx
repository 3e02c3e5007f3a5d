/** Publishes an update of the demo case with one click, and then shows a countdown during which it can be undone. */
import { useEffect, useState } from "preact/hooks";
import type { DeskRecord } from "../../../editing/rules/desk.ts";
import { DEMO, editor, type Offer, offerOf, publishDemo } from "./demo.ts";

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

export function PublishForm() {
  const [desk, setDesk] = useState<DeskRecord | null>(null);
  const [offer, setOffer] = useState<Offer | null>(null);
  const [note, setNote] = useState("");
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
      const next = answer.case && offerOf(answer.case);
      setOffer(next);
      setNote(next?.note ?? "");
      const last = answer.pending.at(-1);
      setPending(last ? { number: last.number, liveAt: Date.parse(last.liveAt), since: Date.now() } : null);
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

  if (!desk || !offer)
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

  return (
    <form
      class="publish"
      onSubmit={(event) => {
        event.preventDefault();
        void act(async () => {
          const published = await publishDemo(offer.fields, { [offer.fields.language]: note }, desk.revision.number);
          setWentLive(null);
          if (!published) return setMessage("The update waits for a second editor, who can approve it in the desk.");
          setNow(Date.now());
          setPending({ number: published.revision, liveAt: Date.parse(published.liveAt), since: Date.now() });
        });
      }}
    >
      <label class="note">
        <span>Note for readers</span>
        <input value={note} maxLength={300} required onInput={({ currentTarget: { value } }) => setNote(value)} />
      </label>
      <button type="submit" disabled={busy}>
        Publish
      </button>
      <p class="hint" role="status">
        {message ||
          (wentLive
            ? `Revision ${wentLive.number} went live at ${clock(wentLive.liveAt)}.`
            : "Goes live everywhere in 7 s. You can undo it until then. The case is invented, so this page confirms by itself what the desk would ask you.")}
      </p>
    </form>
  );
}
