/** Script of the place to act, on a case's page and in a frame: copy buttons, and the end of the deadline on an open page. */
const COPIED_LABEL_MS = 2_000;

export const showCopyButtons = (): void => {
  for (const button of document.querySelectorAll<HTMLButtonElement>(".appeal button.copy")) button.hidden = false;
};

async function copy(source: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(source.textContent.trim());
    return true;
  } catch {
    // A frame without permission, or a page without TLS, has no Clipboard API.
    getSelection()?.selectAllChildren(source);
    return document.execCommand("copy");
  }
}

/** @param onEnd called when the deadline may have passed */
export function connectAct(onEnd: () => void): void {
  showCopyButtons();
  addEventListener("click", async ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLButtonElement>(".appeal button.copy") : null;
    const source = button?.previousElementSibling;
    if (!button || !(source instanceof HTMLElement) || !(await copy(source))) return;
    const { textContent: label } = button;
    const said = document.querySelector(".appeal .said");
    if (button.dataset.copied === label) return;
    button.textContent = button.dataset.copied ?? label;
    if (said) said.textContent = button.textContent;
    setTimeout(() => {
      button.textContent = label;
      if (said) said.textContent = "";
    }, COPIED_LABEL_MS);
  });
  // A device whose clock is ahead would reload again and again, so only a moment that is still to come counts.
  const end = () => Date.parse(document.querySelector<HTMLElement>(".appeal")?.dataset.until ?? "");
  let awaited = end() > Date.now() ? end() : Number.NaN;
  setInterval(() => {
    if (!(Date.now() >= awaited)) return;
    awaited = Number.NaN;
    document.querySelector(".appeal")?.remove();
    onEnd();
  }, 1_000);
}
