/**
 * Script of a case's pages, which also work without it. Asks once a minute, while the page is visible, whether another revision is live. If
 * one is, a bar offers it. A text that was withdrawn or redacted must not stay readable, and nobody may be asked to act any more when the
 * action has ended, so the page then loads itself again. When nobody has answered for minutes, the bar says that.
 */
const INTERVAL_MS = 60_000;
const REQUEST_TIMEOUT_MS = 8_000;
/** A single lost answer is no news. */
const LOST_AFTER_MS = 300_000;

interface Answer {
  state: string;
  revision?: { number: number; liveAt: string; label: string };
  action?: { state: string };
}

const bar = document.querySelector(".newer") as HTMLElement;
const {
  view,
  shown,
  newest,
  action: shownAction,
  lost,
} = bar.dataset as Record<"view" | "shown" | "newest" | "action" | "lost", string>;
let known = newest;
let heardAt = Date.now();
const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
// The Back button and a restored tab show the page as the browser has stored it, however old.
let askedAt = navigation?.type === "back_forward" ? 0 : Date.now();
let timer: ReturnType<typeof setTimeout> | undefined;

const ask = (address: string, method: string): Promise<Response> =>
  fetch(address, { method, cache: "no-cache", credentials: "omit", signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });

async function look(): Promise<void> {
  askedAt = Date.now();
  try {
    const answer = await (await ask(view, "GET")).json();
    // A refusal of the API contains the view. An outage has none, and an address that isn't the API's no state.
    const { state, revision, action }: Answer = answer.view ?? answer;
    if (!state) return;
    heardAt = Date.now();
    bar.querySelector(".lost")?.remove();
    const hasEnded = shownAction === "active" && action?.state !== "active";
    if (state !== "present" || !revision || hasEnded) return location.reload();
    const live = `${revision.number} ${revision.liveAt}`;
    if (live === known) return;
    // A redaction before the newest revision has erased what is shown.
    const { ok, status } = await ask(shown, "HEAD");
    if (status === 410) return location.reload();
    if (!ok) return;
    known = live;
    offer(revision.label);
  } catch {
    // Offline, or an outage: the next minute asks again.
  } finally {
    if (Date.now() - heardAt >= LOST_AFTER_MS && !bar.firstChild) {
      const text = bar.appendChild(document.createElement("p"));
      text.className = "lost";
      text.textContent = lost;
    }
    plan();
  }
}

/** Keeps a bar that is open, which may have the focus. */
function offer(label: string): void {
  if (!bar.firstChild) {
    bar.append((bar.nextElementSibling as HTMLTemplateElement).content.cloneNode(true));
    bar.querySelector("button")?.addEventListener("click", () => bar.replaceChildren());
  }
  (bar.querySelector("b") as HTMLElement).textContent = label;
}

function plan(): void {
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(look, Math.max(0, askedAt + INTERVAL_MS - Date.now()));
}

for (const event of ["visibilitychange", "online", "pageshow"]) addEventListener(event, plan);
plan();
