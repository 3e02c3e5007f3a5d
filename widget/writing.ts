/**
 * Makes a place to act work: the letter's language and its sender, e-mails with
 * the letter in them, and copy buttons.
 */
import { copyBefore } from "./copy-button.ts";
import { mailWith } from "./mail-with.ts";

/**
 * What the reader filled in, by element: a place to act is drawn afresh when
 * another revision goes live.
 */
const filled: Record<string, string> = {};

/**
 * Shows the letter in the chosen language, with the sender's name, and puts it
 * into the e-mails.
 */
function write(appeal: Element): void {
  const chosen = appeal.querySelector("select")?.value;
  const name = appeal.querySelector("input")?.value.trim();
  for (const letter of appeal.querySelectorAll<HTMLElement>(".letter")) {
    if (chosen) letter.hidden = letter.lang !== chosen;
    const sender = letter.querySelector(".sender");
    if (sender) sender.textContent = name ? `\n\n${name}` : "";
  }
  const text = appeal.querySelector(".letter:not([hidden])")?.textContent;
  if (!text) return;
  for (const link of appeal.querySelectorAll<HTMLAnchorElement>(".mail")) {
    link.href = mailWith(
      link.href.split("&body=")[0] as string,
      text,
      matchMedia("(pointer: coarse)").matches,
    );
    (link.nextElementSibling as HTMLElement).hidden = hasLetter(link);
  }
}

const hasLetter = ({ href }: HTMLAnchorElement) => href.includes("&body=");

/** Shows what needs a script. Called again when the content was replaced. */
export function showTools(within: ParentNode): void {
  for (const tool of within.querySelectorAll<HTMLElement>(
    ".appeal :is(.copy, .fields)",
  ))
    tool.hidden = false;
  for (const field of within.querySelectorAll<HTMLInputElement>(
    ".appeal :is(select, input)",
  )) {
    const given = field.value;
    field.value = filled[field.localName] ?? given;
    // The chosen language may be none of this letter's.
    field.value ||= given;
  }
  for (const appeal of within.querySelectorAll(".appeal")) write(appeal);
}

/** @param root of the tree that has the place to act, now or later */
export function startWriting(root: (Document | ShadowRoot) & ParentNode): void {
  showTools(root);
  const appealOf = ({ target }: Event) =>
    (target as Element).closest?.(".appeal");
  root.addEventListener("input", (event) => {
    const appeal = appealOf(event);
    if (!appeal) return;
    const { localName, value } = event.target as HTMLInputElement;
    filled[localName] = value;
    write(appeal);
  });
  root.addEventListener("click", (event) => {
    const pressed =
      appealOf(event) &&
      (event.target as Element).closest<HTMLElement>(".copy, .mail");
    if (pressed instanceof HTMLButtonElement) copyBefore(pressed);
    const letter = appealOf(event)?.querySelector<HTMLButtonElement>(
      ".copied:has(.letter) + .copy",
    );
    if (
      !(pressed instanceof HTMLAnchorElement) ||
      !letter ||
      hasLetter(pressed) ||
      !event.isTrusted
    )
      return;
    // A letter that is too long for the address is copied first, which a mail
    // program that opens would interrupt.
    event.preventDefault();
    copyBefore(letter).then(() => pressed.click());
  });
}
