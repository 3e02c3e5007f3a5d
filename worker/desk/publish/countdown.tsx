/** A countdown to a revision's moment, by the server's clock. It shows the last minute and a half. */
import { useEffect, useState } from "preact/hooks";
import { useSession } from "../session.ts";
import { say } from "../words.ts";
import { printMoment } from "./moments.ts";

/** Within this time of the moment, the countdown is shown, with tenths of a second. */
const CLOSE_MS = 90_000;
const CLOSE_TICK_MS = 100;
const TICK_MS = 1_000;
/** The server's clock may be a little behind the estimate here. */
const CLOCK_TOLERANCE_MS = 150;

interface CountdownProps {
  /** ISO 8601. */
  since: string;
  liveAt: string;
  /** Called at the moment, and again each second until the parent removes the countdown. */
  onMoment: () => void;
}

export function Countdown({ since, liveAt, onMoment }: CountdownProps) {
  const { api } = useSession();
  const [moment, start] = [Date.parse(liveAt), Date.parse(since)];
  const [now, setNow] = useState(api.now());
  const left = Math.max(0, moment - now);
  const close = left <= CLOSE_MS;
  useEffect(() => {
    const timer = setInterval(() => setNow(api.now()), close ? CLOSE_TICK_MS : TICK_MS);
    return () => clearInterval(timer);
  }, [api, close]);
  useEffect(() => {
    if (left > 0) return;
    const timer = setInterval(onMoment, TICK_MS);
    const first = setTimeout(onMoment, CLOCK_TOLERANCE_MS);
    return () => {
      clearInterval(timer);
      clearTimeout(first);
    };
  }, [left > 0]);
  if (!close) return null;
  return (
    <div class="count" role="timer">
      <strong dir="ltr">{(left / 1_000).toFixed(1)}</strong> <span>{say("pending.seconds")}</span>
      <progress
        value={Math.min(1, Math.max(0, (now - start) / Math.max(1, moment - start)))}
        max={1}
        aria-label={say("pending.progress", { moment: printMoment(liveAt) })}
      />
    </div>
  );
}
