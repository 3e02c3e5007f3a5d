/** Script of the place to act, on a case's page and in a frame: its tools, and the end of the deadline on an open page. */
import { startWriting } from "../../../../widget/writing.ts";

/** @param onEnd called when the deadline may have passed */
export function connectAct(onEnd: () => void): void {
  startWriting(document);
  // A device whose clock is ahead would reload again and again, so only a moment that is still to come counts.
  const end = () => Date.parse(document.querySelector<HTMLElement>(".appeal")?.dataset.ends ?? "");
  let awaited = end() > Date.now() ? end() : Number.NaN;
  setInterval(() => {
    if (!(Date.now() >= awaited)) return;
    awaited = Number.NaN;
    document.querySelector(".act")?.remove();
    onEnd();
  }, 1_000);
}
