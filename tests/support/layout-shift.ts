import type { Page } from "playwright-core";

/**
 * Returns the page's cumulative layout shift since it was opened, as scored by
 * Chromium.
 */
export const layoutShift = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    let sum = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & {
        value: number;
      })[])
        sum += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
    // Shifts of the last frame are scored and reported to the observer within
    // two frames.
    for (let frames = 0; frames < 3; frames++)
      await new Promise(requestAnimationFrame);
    return sum;
  });
