/** Script of the place to act, on a case's page and in a frame: copy buttons, and the end of the deadline on an open page. */
import { copyBefore } from "../../../../widget/copy-button.ts";

export const showCopyButtons = (): void => {
  for (const button of document.querySelectorAll<HTMLButtonElement>(".appeal button.copy")) button.hidden = false;
};

/** @param onEnd called when the deadline may have passed */
export function connectAct(onEnd: () => void): void {
  showCopyButtons();
  addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLButtonElement>(".appeal button.copy") : null;
    if (button) copyBefore(button);
  });
  // A device whose clock is ahead would reload again and again, so only a moment that is still to come counts.
  const end = () => Date.parse(document.querySelector<HTMLElement>(".appeal")?.dataset.until ?? "");
  let awaited = end() > Date.now() ? end() : Number.NaN;
  setInterval(() => {
    if (!(Date.now() >= awaited)) return;
    awaited = Number.NaN;
    (document.querySelector(".act") ?? document.querySelector(".appeal"))?.remove();
    onEnd();
  }, 1_000);
}
