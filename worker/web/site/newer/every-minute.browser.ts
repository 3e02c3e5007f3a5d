/**
 * Lets an open page ask once a minute, while it is visible, whether it is still
 * current. When nobody has answered for minutes, the page's bar says that.
 */
const INTERVAL_MS = 60_000;
const REQUEST_TIMEOUT_MS = 8_000;
/** A single lost answer is no news. */
const LOST_AFTER_MS = 300_000;
/** For the outline of what has the focus. */
const OUTLINE_PX = 8;

export const bar = document.querySelector(".newer") as HTMLElement;

export const ask = (address: string, method = "GET"): Promise<Response> =>
  fetch(address, {
    method,
    cache: "no-cache",
    credentials: "omit",
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
  });

/** @param look asks, and resolves to whether there was an answer */
export function everyMinute(look: () => Promise<boolean>): void {
  const [navigation] = performance.getEntriesByType(
    "navigation",
  ) as PerformanceNavigationTiming[];
  // The Back button and a restored tab show the page as the browser has stored
  // it, however old.
  let askedAt = navigation?.type === "back_forward" ? 0 : Date.now();
  let heardAt = askedAt;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function turn(): Promise<void> {
    askedAt = Date.now();
    // Offline, or an outage: the next minute asks again.
    if (await look().catch(() => false)) {
      heardAt = Date.now();
      bar.querySelector(".lost")?.remove();
    } else if (Date.now() - heardAt >= LOST_AFTER_MS && !bar.firstChild) {
      const text = bar.appendChild(document.createElement("p"));
      text.className = "lost";
      text.textContent = bar.dataset.lost as string;
    }
    plan();
  }

  function plan(): void {
    clearTimeout(timer);
    if (!document.hidden)
      timer = setTimeout(turn, Math.max(0, askedAt + INTERVAL_MS - Date.now()));
  }

  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) askedAt = 0;
  });
  // The connection is back, so what could not be asked is asked at once.
  addEventListener("online", () => {
    if (heardAt < askedAt) askedAt = 0;
  });
  for (const event of ["visibilitychange", "online", "pageshow"])
    addEventListener(event, plan);
  // Keeps the element with the focus, and the target of a jump, clear of the
  // bar.
  new ResizeObserver(() => {
    document.documentElement.style.scrollPaddingTop = `${bar.offsetHeight + OUTLINE_PX}px`;
  }).observe(bar);
  plan();
}
