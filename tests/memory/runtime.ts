/** In place of workerd's modules: an object's storage in the memory of this process, for rules that thousands of histories try. */
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";

export class RpcTarget {}

type Row = Record<string, unknown>;

class MemorySql {
  #database = new DatabaseSync(":memory:");
  #statements = new Map<string, StatementSync>();

  #prepared(query: string): StatementSync {
    const known = this.#statements.get(query) ?? this.#database.prepare(query);
    this.#statements.set(query, known);
    return known;
  }

  exec(query: string, ...values: SQLInputValue[]) {
    const rows = this.#prepared(query).all(...values) as Row[];
    const one = () => {
      if (rows.length !== 1) throw new Error(`expected one row, got ${rows.length}`);
      return rows[0];
    };
    const rowsWritten = Number(this.#prepared("SELECT changes() AS count").get()?.count);
    return { toArray: () => rows, one, rowsWritten, [Symbol.iterator]: () => rows[Symbol.iterator]() };
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

  deleteAll(): void {
    this.sql.clear();
    this.#values.clear();
  }
}

export const env = { LEDGER: { getByName: () => null } };

export const runInDurableObject = <T>(_: unknown, run: (instance: null, state: { storage: MemoryStorage }) => T): T =>
  run(null, { storage: new MemoryStorage() });
