/**
 * In place of workerd's modules: an object's storage in the memory of this
 * process, for rules that thousands of histories try.
 */
import {
  DatabaseSync,
  type SQLInputValue,
  type StatementSync,
} from "node:sqlite";

export class RpcTarget {}

export const waitUntil = () => {};

export class DurableObject {
  readonly ctx: MemoryState;
  readonly env: unknown;

  constructor(ctx: MemoryState, env: unknown) {
    this.ctx = ctx;
    this.env = env;
  }
}

type Row = Record<string, unknown>;

/** As workerd gives a blob. */
const asGiven = (row: Row): Row => {
  for (const [name, value] of Object.entries(row))
    if (value instanceof Uint8Array) row[name] = value.slice().buffer;
  return row;
};

class MemorySql {
  #database = new DatabaseSync(":memory:");
  #statements = new Map<string, StatementSync>();

  #prepared(query: string): StatementSync {
    const known = this.#statements.get(query) ?? this.#database.prepare(query);
    this.#statements.set(query, known);
    return known;
  }

  exec(query: string, ...values: SQLInputValue[]) {
    const rows = this.#prepared(query)
      .all(...values)
      .map(asGiven);
    const one = () => {
      if (rows.length !== 1)
        throw new Error(`expected one row, got ${rows.length}`);
      return rows[0];
    };
    const rowsWritten = Number(
      this.#prepared("SELECT changes() AS count").get()?.count,
    );
    const raw = () => rows.map((row) => Object.values(row));
    return {
      toArray: () => rows,
      one,
      raw,
      rowsWritten,
      [Symbol.iterator]: () => rows[Symbol.iterator](),
    };
  }

  clear(): void {
    this.#database.close();
    this.#database = new DatabaseSync(":memory:");
    this.#statements = new Map();
  }
}

class MemoryStorage {
  readonly sql = new MemorySql();
  readonly #values = new Map<string, unknown>();
  readonly kv = {
    get: (key: string) => this.#values.get(key),
    put: (key: string, value: unknown) => this.#values.set(key, value),
    delete: (key: string) => this.#values.delete(key),
    list: () => this.#values.entries(),
  };

  transactionSync<T>(run: () => T): T {
    this.sql.exec("SAVEPOINT step");
    try {
      const done = run();
      this.sql.exec("RELEASE step");
      return done;
    } catch (error) {
      this.sql.exec("ROLLBACK TO step");
      this.sql.exec("RELEASE step");
      throw error;
    }
  }

  /** Nothing wakes an object here. */
  getAlarm = async () => null;
  setAlarm = async () => {};

  deleteAll(): void {
    this.sql.clear();
    this.#values.clear();
  }
}

/** What an object is constructed with. */
export class MemoryState {
  readonly storage = new MemoryStorage();
  /** Ends when the constructor has done its work. */
  opened: Promise<unknown> = Promise.resolve();

  blockConcurrencyWhile(run: () => Promise<unknown>): void {
    this.opened = run();
  }

  waitUntil = waitUntil;
}

const namespace = { getByName: () => null };
export const env = {
  PROFILE: "urgent-actions",
  LEDGER: namespace,
  DISPATCHER: namespace,
  FOLLOWER_KEY: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
};

export const runInDurableObject = <T>(
  _: unknown,
  run: (instance: null, state: { storage: MemoryStorage }) => T,
): T => run(null, { storage: new MemoryStorage() });
