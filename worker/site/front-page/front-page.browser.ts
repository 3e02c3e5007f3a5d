/**
 * Script of the front page, which also works without it: shows the cases found while the reader types, and keeps a stored page from showing
 * what was withdrawn or redacted since.
 */
const INPUT_DELAY_MS = 200;

const form = document.querySelector("form.search") as HTMLFormElement;
const status = document.querySelector("p.status") as HTMLElement;
let timer: ReturnType<typeof setTimeout> | undefined;
let request: AbortController | undefined;

async function search(): Promise<void> {
  clearTimeout(timer);
  request?.abort();
  request = new AbortController();
  const fields = [...new FormData(form)].filter(([, value]) => value !== "") as [string, string][];
  // Not form.action: the form has a field of that name.
  const address = `${form.getAttribute("action")}?${new URLSearchParams(fields)}`;
  const found = document.getElementById("found") as HTMLElement;
  found.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { signal: request.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = page.getElementById("found");
    // An address that this page can't show, such as an outage, is shown as a page of its own.
    if (!next) return form.submit();
    found.replaceWith(document.adoptNode(next));
    const navigation = page.querySelector(".masthead nav");
    if (navigation) document.querySelector(".masthead nav")?.replaceWith(document.adoptNode(navigation));
    document.title = page.title;
    history.replaceState(null, "", address);
    status.textContent = next.querySelector("h2")?.textContent ?? "";
  } catch (error) {
    // A newer search replaced this one, or there is no connection: the button still works.
    if ((error as Error).name !== "AbortError") found.removeAttribute("aria-busy");
  }
}

const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
// The Back button and a restored tab show the page as the browser has stored it, however old.
addEventListener("pageshow", ({ persisted }) => {
  if (persisted || navigation?.type === "back_forward") location.reload();
});

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(search, INPUT_DELAY_MS);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  search();
});
