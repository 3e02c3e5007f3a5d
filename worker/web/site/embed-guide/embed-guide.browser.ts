/**
 * Script of the embed guide, which also works without it. The script submits the form on each change and replaces the snippets by the
 * server's answer; until that arrives, the old ones are marked as busy. It also adds copy buttons and measures the card's height.
 */
import { copy } from "../../../../widget/copy-button.ts";

const INPUT_DELAY_MS = 250;
const ANNOUNCE_DELAY_MS = 50;
const COPIED_LABEL_MS = 2_000;

/** Returns an element that the page always has. */
function find<E extends HTMLElement = HTMLElement>(selector: string, page: ParentNode = document): E {
  const found = page.querySelector<E>(selector);
  if (!found) throw new Error(`The embed guide has no element that matches ${selector}.`);
  return found;
}

const form = find<HTMLFormElement>("#choose");
const status = find("#said");
const outageNotice = find("#unreached");
const replacedParts = ["#chosen", ".masthead nav", "#choose select[name=lang]"];
/** Number of the newest choice; answers to older ones are dropped. */
let newest = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

const copyButtons = (within: string) => document.querySelectorAll<HTMLButtonElement>(`${within} button.copy`);

const showCopyButtons = () => {
  for (const button of copyButtons("body")) button.hidden = false;
};

function showHeight() {
  const card = document.querySelector("#chosen case-status")?.shadowRoot?.querySelector<HTMLElement>("article");
  const whole = document.querySelector<HTMLElement>("#whole");
  if (!card || !whole) return;
  // Measure a copy with automatic height, because the page reserves a fixed height for the card.
  const copy = card.cloneNode(true) as HTMLElement;
  copy.style.cssText = `position: absolute; visibility: hidden; height: auto; max-height: none; width: ${card.offsetWidth}px`;
  card.after(copy);
  const height = copy.offsetHeight;
  copy.remove();
  const text = whole.dataset.text ?? "";
  whole.textContent = text.replace("{height}", String(height)).replace("{width}", String(card.offsetWidth));
  whole.hidden = false;
}

/** Announces a text to screen readers, even when it is the same as before. */
function announce(text = "") {
  status.textContent = "";
  setTimeout(() => {
    status.textContent = text;
  }, ANNOUNCE_DELAY_MS);
}

function markOutdated() {
  newest++;
  find("#chosen").setAttribute("aria-busy", "true");
  for (const button of copyButtons("#chosen")) button.disabled = true;
}

async function update() {
  clearTimeout(timer);
  markOutdated();
  const current = newest;
  const choice = new URLSearchParams(new FormData(form) as unknown as Record<string, string>);
  const address = `${form.action}?${choice}`;
  const answer = await fetch(address).then(
    (response) => (response.ok ? response.text() : null),
    () => null,
  );
  if (current !== newest) return;
  outageNotice.hidden = answer !== null;
  if (answer === null) {
    announce(outageNotice.textContent);
    return;
  }
  const page = new DOMParser().parseFromString(answer, "text/html");
  for (const fallback of page.querySelectorAll("noscript")) fallback.remove();
  const open = document.querySelector("#chosen details[open]")?.id;
  for (const part of replacedParts) find(part).replaceWith(document.adoptNode(find(part, page)));
  const reopened = open && (document.getElementById(open) as HTMLDetailsElement | null);
  if (reopened) reopened.open = true;
  history.replaceState(null, "", address);
  showCopyButtons();
  announce(find("#chosen").dataset.said);
}

form.addEventListener("input", () => {
  markOutdated();
  clearTimeout(timer);
  timer = setTimeout(update, INPUT_DELAY_MS);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  update();
});
addEventListener("online", () => outageNotice.hidden || update());
for (const type of ["ready", "change"]) addEventListener(`casestatus:${type}`, () => requestAnimationFrame(showHeight));
addEventListener("resize", showHeight);

/** Timers that restore the buttons' labels. */
const labelTimers = new WeakMap<HTMLButtonElement, ReturnType<typeof setTimeout>>();

addEventListener("click", async ({ target }) => {
  const button = target instanceof Element ? target.closest<HTMLButtonElement>("button.copy") : null;
  if (!button?.parentElement) return;
  button.dataset.word ??= button.textContent;
  const { word } = button.dataset;
  const copied = await copy(find("code", button.parentElement));
  const text = copied ? status.dataset.copied : status.dataset.failed;
  announce(text);
  if (!copied) return;
  button.textContent = text ?? "";
  clearTimeout(labelTimers.get(button));
  labelTimers.set(
    button,
    setTimeout(() => {
      button.textContent = word ?? "";
    }, COPIED_LABEL_MS),
  );
});
showCopyButtons();
