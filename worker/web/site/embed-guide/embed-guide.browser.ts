/**
 * Script of the embed guide, which also works without it: asks for the page of
 * each choice, and adds copy buttons.
 */
import { copyBefore } from "../../../../widget/copy-button.ts";

document
  .querySelector("#choose")
  ?.addEventListener("change", ({ currentTarget }) => {
    (currentTarget as HTMLFormElement).requestSubmit();
  });

for (const button of document.querySelectorAll<HTMLButtonElement>(
  "button.copy",
)) {
  button.hidden = false;
  button.addEventListener("click", () => copyBefore(button));
}
