/**
 * Script of the front page, which also works without it. Shows the cases found
 * while the reader types. Once a minute, it asks whether the list has changed,
 * and shows it: what was withdrawn or redacted must not stay readable.
 */
import { ask, everyMinute } from "../newer/every-minute.browser.ts";

const INPUT_DELAY_MS = 200;

const form = document.querySelector("form.search") as HTMLFormElement;
const status = document.querySelector("p.status") as HTMLElement;
let timer: ReturnType<typeof setTimeout> | undefined;
let request: AbortController | undefined;

const foundIn = (page: Document) => page.getElementById("found");
const pageOf = async (answer: Response) =>
  new DOMParser().parseFromString(await answer.text(), "text/html");

/** The list as the server sent it. */
let shown = foundIn(document)?.outerHTML;

function show(next: HTMLElement): void {
  shown = next.outerHTML;
  foundIn(document)?.replaceWith(document.adoptNode(next));
}

/**
 * @param isSubmitted true when the reader asked for an answer, and not only
 * typed
 */
async function search(isSubmitted = false): Promise<void> {
  clearTimeout(timer);
  request?.abort();
  request = new AbortController();
  const fields = [...new FormData(form)].filter(
    ([, value]) => value !== "",
  ) as [string, string][];
  // Not form.action: the form has a field of that name.
  const address = `${form.getAttribute("action")}?${new URLSearchParams(fields)}`;
  const found = foundIn(document) as HTMLElement;
  found.setAttribute("aria-busy", "true");
  try {
    const page = await pageOf(await fetch(address, { signal: request.signal }));
    const next = foundIn(page);
    // An address that this page can't show, such as an outage, is shown as a
    // page of its own.
    if (!next) return form.submit();
    show(next);
    const navigation = page.querySelector(".masthead nav");
    if (navigation)
      document
        .querySelector(".masthead nav")
        ?.replaceWith(document.adoptNode(navigation));
    document.title = page.title;
    history.replaceState(null, "", address);
    status.textContent = next.querySelector("h2")?.textContent ?? "";
  } catch (error) {
    // A newer search replaced this one.
    if ((error as Error).name === "AbortError") return;
    foundIn(document)?.removeAttribute("aria-busy");
    // The browser says that there is no connection, and offers to try again.
    if (isSubmitted) form.submit();
  }
}

/**
 * Keeps the focus, and what is read in its place on the screen. A case that
 * changed has moved to the top of the list, and the reader isn't taken there.
 * The focus of a case that is gone goes to the one after it.
 */
function showChanged(next: HTMLElement): void {
  const found = foundIn(document) as HTMLElement;
  const links = [...found.querySelectorAll("a")];
  const sameIn = ({ href }: HTMLAnchorElement) =>
    [...next.querySelectorAll("a")].find((link) => link.href === href);
  const storyOf = (link?: Element) => link?.closest(".story")?.outerHTML;
  const topOf = (link?: Element) => link?.getBoundingClientRect().top ?? 0;
  const focused = links.indexOf(document.activeElement as HTMLAnchorElement);
  const read =
    topOf(found) < 0
      ? links.find(
          (link) =>
            topOf(link) >= 0 &&
            storyOf(link) &&
            storyOf(link) === storyOf(sameIn(link)),
        )
      : undefined;
  const before = topOf(read);
  const [focus] =
    focused < 0
      ? []
      : links.slice(focused).flatMap((link) => sameIn(link) ?? []);
  show(next);
  if (read) scrollBy(0, topOf(sameIn(read)) - before);
  focus?.focus({ preventScroll: true });
}

everyMinute(async () => {
  const address = location.href;
  const next = foundIn(await pageOf(await ask(address)));
  if (!next) return false;
  // A search shows its own answer.
  if (address !== location.href || foundIn(document)?.hasAttribute("aria-busy"))
    return true;
  const isChanged = next.outerHTML !== shown;
  status.textContent = isChanged ? (status.dataset.changed as string) : "";
  if (isChanged) showChanged(next);
  return true;
});

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(search, INPUT_DELAY_MS);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  search(true);
});
