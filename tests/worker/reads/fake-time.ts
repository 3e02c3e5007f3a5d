import { vi } from "vitest";

/** Puts time into the test's hands, also for what waits with `scheduler.wait`, until `endFakeTime`. */
export function beginFakeTime(now?: number): void {
  vi.useFakeTimers(now === undefined ? {} : { now });
  vi.spyOn(scheduler, "wait").mockImplementation((ms) => new Promise((resolve) => setTimeout(resolve, ms)));
}

export function endFakeTime(): void {
  vi.restoreAllMocks();
  vi.useRealTimers();
}
