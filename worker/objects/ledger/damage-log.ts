/** Logs damaged rows of drafts and proposals: each once, by its id and without its words. */

import { log } from "../../runtime/log.ts";

export class DamageLog {
  readonly #logged = new Set<string>();

  add(kind: "draft" | "proposal", id: string): void {
    const row = `${kind} ${id}`;
    if (this.#logged.has(row)) return;
    this.#logged.add(row);
    log.error(`Ledger: ${row} cannot be read: its stored content is damaged`);
  }
}
