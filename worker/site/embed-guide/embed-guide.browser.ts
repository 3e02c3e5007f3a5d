/**
 * The webmasters' page needs no script. With it, what is chosen is shown at once: the server's own answer to the form takes the place
 * of what stood there, and until it has come, that is marked as old. Snippets can be copied, and the height that the case has here
 * is told.
 */
const TYPING_MS = 250;
const SAID_AFTER_MS = 50;
const COPIED_MS = 2_000;

/** An element that the server's page always has. */
function the<E extends HTMLElement = HTMLElement>(selector: string, page: ParentNode = document): E {
  const found = page.querySelector<E>(selector);
  if (!found) throw new Error(`Nothing matches ${selector}.`);
  return found;
}

const form = the<HTMLFormElement>("#choose");
const said = the("#said");
const unreached = the("#unreached");
const parts = ["#chosen", ".masthead nav"];
let asked = 0;
let waiting: ReturnType<typeof setTimeout> | undefined;

const copyButtons = (within: string) => document.querySelectorAll<HTMLButtonElement>(`${within} button.copy`);

const arm = () => {
  for (const button of copyButtons("body")) button.hidden = false;
};

function measure() {
  const card = document.querySelector("#chosen case-status")?.shadowRoot?.querySelector<HTMLElement>("article");
  const whole = document.querySelector<HTMLElement>("#whole");
  if (!card || !whole) return;
  // As high as its text, whatever height its box was given.
  const copy = card.cloneNode(true) as HTMLElement;
  copy.style.cssText = `position: absolute; visibility: hidden; height: auto; max-height: none; width: ${card.offsetWidth}px`;
  card.after(copy);
  const height = copy.offsetHeight;
  copy.remove();
  const text = whole.dataset.text ?? "";
  whole.textContent = text.replace("{height}", String(height)).replace("{width}", String(card.offsetWidth));
  whole.hidden = false;
}

function announce(words = "") {
  said.textContent = "";
  setTimeout(() => {
    said.textContent = words;
  }, SAID_AFTER_MS);
}

/** What stands there is no longer what is chosen. */
function age() {
  asked++;
  the("#chosen").setAttribute("aria-busy", "true");
  for (const button of copyButtons("#chosen")) button.disabled = true;
}

async function show() {
  clearTimeout(waiting);
  age();
  const turn = asked;
  const choice = new URLSearchParams(new FormData(form) as unknown as Record<string, string>);
  const address = `${form.action}?${choice}`;
  const answer = await fetch(address).then(
    (response) => (response.ok ? response.text() : null),
    () => null,
  );
  if (turn !== asked) return;
  unreached.hidden = answer !== null;
  if (answer === null) {
    announce(unreached.textContent);
    return;
  }
  const page = new DOMParser().parseFromString(answer, "text/html");
  for (const fallback of page.querySelectorAll("noscript")) fallback.remove();
  const open = document.querySelector("#chosen details[open]")?.id;
  for (const part of parts) the(part).replaceWith(document.adoptNode(the(part, page)));
  const again = open && (document.getElementById(open) as HTMLDetailsElement | null);
  if (again) again.open = true;
  history.replaceState(null, "", address);
  arm();
  announce(the("#chosen").dataset.said);
}

form.addEventListener("input", () => {
  age();
  clearTimeout(waiting);
  waiting = setTimeout(show, TYPING_MS);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  show();
});
addEventListener("online", () => unreached.hidden || show());
for (const type of ["ready", "change"]) addEventListener(`casestatus:${type}`, () => requestAnimationFrame(measure));
addEventListener("resize", measure);

async function copied(code: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(code.textContent);
    return true;
  } catch {
    // An address without TLS, or a browser that asks and was refused.
    getSelection()?.selectAllChildren(code);
    return document.execCommand("copy");
  }
}

/** Until a button says again what it does. */
const timers = new WeakMap<HTMLButtonElement, ReturnType<typeof setTimeout>>();

addEventListener("click", async ({ target }) => {
  const button = target instanceof Element ? target.closest<HTMLButtonElement>("button.copy") : null;
  if (!button?.parentElement) return;
  button.dataset.word ??= button.textContent;
  const { word } = button.dataset;
  const done = await copied(the("code", button.parentElement));
  const words = done ? said.dataset.copied : said.dataset.failed;
  announce(words);
  if (!done) return;
  button.textContent = words ?? "";
  clearTimeout(timers.get(button));
  timers.set(
    button,
    setTimeout(() => {
      button.textContent = word ?? "";
    }, COPIED_MS),
  );
});
arm();
