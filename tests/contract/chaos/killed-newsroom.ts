/** A Worker that is killed repeatedly while it sends. */
import type { TestWorkerProcess } from "../../support/harness.ts";
import { eventually } from "../../support/waiting.ts";

export class KilledNewsroom {
  /** Another one after each crash and restart. */
  worker: TestWorkerProcess;
  readonly folder: string;
  kills = 0;

  constructor(worker: TestWorkerProcess, folder: string) {
    this.worker = worker;
    this.folder = folder;
  }

  /**
   * Kills the runtime with SIGKILL, then starts it again on the same storage.
   */
  async crash(): Promise<void> {
    this.kills++;
    this.worker = await this.worker.again({ isKilled: true });
  }

  async untilDelivered(milliseconds: number): Promise<void> {
    const depth = async () => (await this.worker.editor.health()).outbox?.depth;
    await eventually(
      async () => (await depth()) === 0,
      async () => `${await depth()} messages never left`,
      milliseconds,
    );
  }
}

/** Sixteen readers follow at the same time until all have. */
export async function seedAll(
  count: number,
  follow: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const reader = async () => {
    while (next < count) await follow(next++);
  };
  await Promise.all(Array.from({ length: 16 }, reader));
}

/**
 * After how many messages the runtime is killed: not at the very end, where the
 * last one could be sent before the kill arrives.
 */
export const killPoints = (kills: number, messages: number): number[] =>
  Array.from(
    { length: kills },
    () => 1 + Math.floor(Math.random() * messages * 0.8),
  ).sort((a, b) => a - b);
