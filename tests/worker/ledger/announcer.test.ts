import { env } from "cloudflare:workers";
import { expect, it, vi } from "vitest";
import type { Env } from "../../../worker/bindings.ts";
import type { DueAnnouncement } from "../../../worker/ledger/announcements.ts";
import { Announcer } from "../../../worker/ledger/announcer.ts";
import type { Journal } from "../../../worker/ledger/journal.ts";
import type { Observations } from "../../../worker/ledger/observations.ts";

const announcement = (id: string, audience: "channel" | "dispatcher"): DueAnnouncement => ({
  id,
  number: 2,
  audience,
  kind: "update",
  notify: "loud",
  liveAt: "2026-01-01T00:00:00.000Z",
});

it("A Channel or Dispatcher that never answers is told again later, and the others don't wait for it", async () => {
  vi.useFakeTimers();
  const never = new Promise<never>(() => {});
  const [done, later]: [string[], string[]] = [[], []];
  const note = (list: string[]) => (one: DueAnnouncement) => list.push(`${one.id} ${one.audience}`);
  const due = [announcement("mute", "channel"), announcement("mute", "dispatcher"), announcement("well", "channel")];
  const journal = {
    announcements: { due: () => due, acknowledge: note(done), postpone: note(later) },
    channels: { inRound: (tell: (noteEmpty: () => void) => Promise<void>) => tell(() => {}), toTell: () => [0] },
    readings: { case: () => ({ value: { state: "absent" } }) },
  } as unknown as Journal;
  const objects = {
    ...env,
    CHANNEL: { getByName: (name: string) => ({ push: () => (name === "mute" ? never : Promise.resolve(1)) }) },
    DISPATCHER: { getByName: () => ({ announce: () => never }) },
  } as unknown as Env;
  const observations = { record() {} } as unknown as Observations;
  try {
    const announced = new Announcer(
      journal,
      observations,
      () => objects,
      () => {},
    ).announceDue();
    await vi.advanceTimersByTimeAsync(10_000);
    await announced;
    expect(done).toEqual(["well channel"]);
    expect(later.toSorted()).toEqual(["mute channel", "mute dispatcher"]);
  } finally {
    vi.useRealTimers();
  }
});
