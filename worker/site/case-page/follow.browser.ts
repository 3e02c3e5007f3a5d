/**
 * Script of a case's pages, which also work without it. Asks once a minute, while the page is visible, whether another revision is live. If
 * one is, a bar offers it. A text that was withdrawn or redacted must not stay readable, so the page then loads itself again.
 */
const INTERVAL_MS = 60_000;
const REQUEST_TIMEOUT_MS = 8_000;

interface Answer {
  state: string;
  revision?: { number: number; liveAt: string };
}

const bar = document.querySelector(".newer") as HTMLElement;
const { view, shown, newest } = bar.dataset as Record<"view" | "shown" | "newest", string>;
let known = newest;
let askedAt = Date.now();
let timer: ReturnType<typeof setTimeout> | undefined;

const ask = (address: string, method: string): Promise<Response> =>
  fetch(address, { method, cache: "no-cache", credentials: "omit", signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });

async function look(): Promise<void> {
  askedAt = Date.now();
  try {
    const answer = await (await ask(view, "GET")).json();
    // A refusal of the API contains the view. An outage has none, and an address that isn't the API's no state.
    const { state, revision }: Answer = answer.view ?? answer;
    if (!state) return;
    const live = revision && `${revision.number} ${revision.liveAt}`;
    if (live === known && state === "present") return;
    // A redaction before the newest revision has erased what is shown.
    if (state !== "present" || (await ask(shown, "HEAD")).status === 410) return location.reload();
    known = live ?? "";
    bar.replaceChildren((bar.nextElementSibling as HTMLTemplateElement).content.cloneNode(true));
    bar.querySelector("button")?.addEventListener("click", () => bar.replaceChildren());
  } catch {
    // Offline, or an outage: the next minute asks again.
  } finally {
    plan();
  }
}

function plan(): void {
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(look, Math.max(0, askedAt + INTERVAL_MS - Date.now()));
}

for (const event of ["visibilitychange", "online", "pageshow"]) addEventListener(event, plan);
plan();
