/** Copy buttons of the place to act, and of the embed guide. */

const COPIED_LABEL_MS = 2_000;

/** Copies an element's text, and returns whether that worked. */
async function copy(source: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(source.textContent.trim());
    return true;
  } catch {
    // A frame without permission, or a page without TLS, has no Clipboard API,
    // and a reader may deny permission.
    getSelection()?.selectAllChildren(source);
    return document.execCommand("copy");
  }
}

/**
 * Copies the text before a button, and says so on the button and in the status
 * of its panel, or of the page.
 * @param button with `data-copied`, the words to say
 */
export async function copyBefore(button: HTMLButtonElement): Promise<void> {
  const { previousElementSibling: before, textContent: label } = button;
  // A letter in several languages shows one.
  const source = before?.querySelector("blockquote:not([hidden])") ?? before;
  const { copied = label } = button.dataset;
  if (
    copied === label ||
    !(source instanceof HTMLElement) ||
    !(await copy(source))
  )
    return;
  const said = (button.closest(".appeal") ?? document).querySelector(
    "[role=status].said",
  );
  button.textContent = copied;
  if (said) said.textContent = copied;
  setTimeout(() => {
    button.textContent = label;
    if (said) said.textContent = "";
  }, COPIED_LABEL_MS);
}
