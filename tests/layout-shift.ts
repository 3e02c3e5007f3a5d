import type { Page } from "playwright-core";

/** How much has moved on the page since it was opened, as Chromium scores it. */
export const layoutShift = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    let sum = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[]) sum += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
    // What has been drawn is scored, and told to the observer, before the frame after the next.
    for (let frames = 0; frames < 3; frames++) await new Promise(requestAnimationFrame);
    return sum;
  });
