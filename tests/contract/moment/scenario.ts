/**
 * The editor's actions while everyone reads: an invented case from its first
 * revision to its withdrawal.
 */

import { setTimeout as wait } from "node:timers/promises";
import { ApiError } from "../../../worker/editing/contract/client.ts";
import { LEASE_MARGIN_MS } from "../../../worker/runtime/lease.ts";
import type { TestWorker } from "../../support/harness.ts";
import { inventedCase } from "../../support/invented.ts";
import { type Moment, NEAR_MS, type Plan } from "./rules.ts";
import { mark } from "./surfaces.ts";

/**
 * Pause after a moment before the next action, in which late replies and pushes
 * arrive.
 */
const REST_MS = 1_200;

export class Editor {
  readonly plan: Plan = { moments: [], cancelled: [] };
  /** Time from publish to the earliest moment, in milliseconds. */
  readonly leadMs: number;
  readonly #worker: TestWorker;
  readonly #number: number;
  readonly #announce: (next: number | null) => void;
  /** The moments of all revisions, those that were undone included. */
  readonly #announced = new Set<number>();
  #newest = 0;

  /**
   * @param number of the invented case
   * @param announce called with the next moment whenever it changes
   */
  constructor(
    worker: TestWorker,
    number: number,
    announce: (next: number | null) => void,
  ) {
    this.leadMs = Number(worker.env.LEASE_SECONDS) * 1000 + LEASE_MARGIN_MS;
    this.#worker = worker;
    this.#number = number;
    this.#announce = announce;
  }

  get id(): string {
    return `ua-${this.#number}-00`;
  }

  /**
   * True shortly before and after a moment, also that of a revision that was
   * undone.
   */
  isMomentNear(): boolean {
    const now = Date.now();
    return [...this.#announced].some(
      (moment) => Math.abs(now - moment) < NEAR_MS,
    );
  }

  async publish(
    options: {
      liveAt?: string;
      replace?: number;
      notify?: "loud" | "none";
    } = {},
  ): Promise<Moment> {
    const number = ++this.#newest;
    const fields = inventedCase(this.#number, {
      title: {
        en: `Invented case, text ${mark(number)}`,
        uk: `Вигадана справа, текст ${mark(number)}`,
      },
    });
    const published = await this.#worker.publish(fields, {
      note: { en: `The text is now ${mark(number)}` },
      notify: "loud",
      ...options,
    });
    if (published.revision !== number)
      throw new Error(
        `revision ${published.revision} where ${number} was next`,
      );
    const moment = { number, liveAt: Date.parse(published.liveAt) };
    if (options.replace !== undefined) this.#cancel(options.replace);
    this.plan.moments.push(moment);
    this.#tell();
    return moment;
  }

  /** @returns whether it was undone in time */
  async undo({ number }: Moment): Promise<boolean> {
    try {
      await this.#worker.editor.undo({ id: this.id, number });
    } catch (error) {
      if (error instanceof ApiError && error.status === 409) return false;
      throw error;
    }
    this.#cancel(number);
    this.#tell();
    return true;
  }

  async withdraw(): Promise<Moment> {
    const { cancelled, revision, liveAt } = await this.#worker.withdraw(
      this.id,
      "mistake",
    );
    for (const number of cancelled) this.#cancel(number);
    const moment: Moment = {
      number: revision,
      liveAt: Date.parse(liveAt),
      withdrawal: true,
    };
    this.plan.moments.push(moment);
    this.#tell();
    return moment;
  }

  #cancel(number: number): void {
    this.plan.moments = this.plan.moments.filter(
      (moment) => moment.number !== number,
    );
    this.plan.cancelled.push(number);
  }

  #tell(): void {
    const now = Date.now();
    const next =
      this.plan.moments.find(({ liveAt }) => liveAt > now)?.liveAt ?? null;
    if (next !== null) this.#announced.add(next);
    this.#announce(next);
  }

  async until({ liveAt }: Moment, rest = REST_MS): Promise<void> {
    await wait(Math.max(0, liveAt - Date.now()));
    this.#tell();
    await wait(Math.max(0, liveAt + rest - Date.now()));
  }
}

/**
 * Everything that can happen to a case, one action after the other; `say` is
 * called with each.
 */
export async function wholeLife(
  editor: Editor,
  say: (deed: string) => void,
  afterCreation: () => Promise<void>,
): Promise<void> {
  say("create");
  await editor.until(await editor.publish());
  await afterCreation();

  say("update");
  await editor.until(await editor.publish());

  say("two updates a quarter of a second apart");
  await editor.publish();
  await wait(250);
  await editor.until(await editor.publish());

  say("update, undone halfway");
  const halfway = await editor.publish();
  await wait((halfway.liveAt - Date.now()) / 2);
  await editor.undo(halfway);

  say("update in its place, replaced by another");
  const replaced = await editor.publish();
  await wait(500);
  await editor.until(await editor.publish({ replace: replaced.number }));

  say("update, undone in its last tenth of a second");
  const late = await editor.publish();
  await wait(late.liveAt - Date.now() - 100);
  say((await editor.undo(late)) ? "  undone in time" : "  too late: it stands");
  await editor.until(late);

  say("update at a stated moment");
  await editor.until(
    await editor.publish({
      liveAt: new Date(Date.now() + editor.leadMs + 1_500).toISOString(),
    }),
  );

  say("withdrawal, with an update pending");
  await editor.publish();
  await wait(300);
  await editor.until(await editor.withdraw(), 2_000);
}

/** A shorter life, without rests, which takes 20 s at a lease of 4 s. */
export async function shortLife(
  editor: Editor,
  say: (deed: string) => void,
  afterCreation: () => Promise<void>,
): Promise<void> {
  say("create");
  await editor.until(await editor.publish(), 300);
  say("two updates, the first undone");
  const update = async () => {
    const undone = await editor.publish();
    await wait(500);
    await editor.undo(undone);
    return editor.publish();
  };
  const [updated] = await Promise.all([update(), afterCreation()]);
  await editor.until(updated, 0);
  say("withdrawal");
  // It is live after all pushes of the update have arrived.
  await editor.until(await editor.withdraw(), 1_300);
}
