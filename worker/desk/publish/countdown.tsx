/** From a publish to its moment, by the server's clock. */
import { useEffect, useState } from "preact/hooks";
import { useSession } from "../session.ts";
import { printSpan, say } from "../words.ts";
import { printMoment } from "./moments.ts";

/** What is further away than this is not counted in seconds, in milliseconds. */
const CLOSE = 90_000;
const TICK = 100;

interface CountdownProps {
  /** ISO 8601. */
  since: string;
  liveAt: string;
  /** Called when the moment has come, and again each second until the parent has taken it in. */
  onMoment: () => void;
}

export function Countdown({ since, liveAt, onMoment }: CountdownProps) {
  const { api } = useSession();
  const [moment, start] = [Date.parse(liveAt), Date.parse(since)];
  const [now, setNow] = useState(api.now());
  const left = Math.max(0, moment - now);
  const close = left <= CLOSE;
  useEffect(() => {
    const timer = setInterval(() => setNow(api.now()), close ? TICK : 1_000);
    return () => clearInterval(timer);
  }, [api, close]);
  useEffect(() => {
    if (left > 0) return;
    const timer = setInterval(onMoment, 1_000);
    // The moment is a fact once the server has passed it; its clock may be a little behind ours.
    const first = setTimeout(onMoment, 150);
    return () => {
      clearInterval(timer);
      clearTimeout(first);
    };
  }, [left > 0]);
  if (!close)
    return (
      <p class="count far" role="timer">
        {say("pending.in", { time: timeLeft(left) })}
      </p>
    );
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

/** "3 days", "5 hours", "12 minutes": rounded down, so that nothing comes sooner than it says. */
function timeLeft(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes >= 2_880) return printSpan(Math.floor(minutes / 1_440), "day");
  return minutes >= 120 ? printSpan(Math.floor(minutes / 60), "hour") : printSpan(minutes, "minute");
}
