/**
 * Reads the Durable Objects' storage on disk, to tell whether a request changed
 * it.
 */
import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";
import { serialize } from "node:v8";

const QUIET_MS = 1_200;
const QUIET_TIMEOUT_MS = 60_000;

interface Open {
  file: string;
  database: DatabaseSync;
  version: StatementSync;
}

export class Storage {
  readonly #folder: string;
  readonly #open = new Map<string, Open>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Finds the objects that there are now. */
  async refresh(): Promise<void> {
    for (const file of await readdir(this.#folder, { recursive: true })) {
      if (
        !file.endsWith(".sqlite") ||
        file.includes("RateLimiter") ||
        this.#open.has(file)
      )
        continue;
      const database = new DatabaseSync(join(this.#folder, file), {
        readOnly: true,
        timeout: 5_000,
      });
      this.#open.set(file, {
        file,
        database,
        version: database.prepare("PRAGMA data_version"),
      });
    }
  }

  /**
   * Changes with every commit of an object. The counts of failed sign-ins are
   * the platform's, and left out.
   */
  version(): string {
    return [...this.#open.values()]
      .map(({ version }) => version.get()?.data_version)
      .join();
  }

  /**
   * The hash and the number of the rows of each table, by the object's file and
   * the table. The runtime's own tables are left out.
   */
  async tables(): Promise<Map<string, { rows: number; hash: string }>> {
    const found = new Map<string, { rows: number; hash: string }>();
    await this.refresh();
    for (const { file, database } of this.#open.values()) {
      const names = database
        .prepare(
          "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf\\_%' ESCAPE '\\'",
        )
        .all();
      for (const { name } of names as { name: string }[]) {
        const rows = database.prepare(`SELECT * FROM "${name}"`).all();
        const hash = createHash("sha256").update(serialize(rows)).digest("hex");
        found.set(`${file.replace(/\.sqlite$/, "")} ${name}`, {
          rows: rows.length,
          hash,
        });
      }
    }
    return found;
  }

  /**
   * Resolves once nothing was committed for a while: no moment is due, and no
   * message is being sent.
   */
  async quiet(): Promise<void> {
    const deadline = Date.now() + QUIET_TIMEOUT_MS;
    let [last, since] = [this.version(), Date.now()];
    while (Date.now() - since < QUIET_MS && Date.now() < deadline) {
      await delay(50);
      const now = this.version();
      if (now !== last) [last, since] = [now, Date.now()];
    }
  }

  close(): void {
    for (const { database } of this.#open.values()) database.close();
    this.#open.clear();
  }
}

/** The tables that differ between two states. */
export const changedTables = (
  before: Awaited<ReturnType<Storage["tables"]>>,
  after: typeof before,
): string[] =>
  [...after].flatMap(([name, { rows, hash }]) => {
    const earlier = before.get(name) ?? { rows: 0, hash: "" };
    return earlier.rows === rows && (rows === 0 || earlier.hash === hash)
      ? []
      : [name];
  });
