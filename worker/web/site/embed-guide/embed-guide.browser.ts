/** Script of the embed guide, which also works without it: asks for the page of each choice, and adds copy buttons. */
import { copy } from "../../../../widget/copy-button.ts";

const COPIED_LABEL_MS = 2_000;

const status = document.querySelector("#said") as HTMLElement;

document.querySelector("#choose")?.addEventListener("change", ({ currentTarget }) => {
  (currentTarget as HTMLFormElement).requestSubmit();
});

for (const button of document.querySelectorAll<HTMLButtonElement>("button.copy")) {
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const copied = await copy(button.parentElement?.querySelector("code") as HTMLElement);
    status.textContent = (copied ? status.dataset.copied : status.dataset.failed) ?? "";
    if (copied) button.textContent = status.textContent;
    setTimeout(() => {
      button.textContent = label;
      status.textContent = "";
    }, COPIED_LABEL_MS);
  });
}
