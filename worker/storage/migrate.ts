/** Migrates a database to the newest step, with one transaction for each step. */
export function migrate(storage: DurableObjectStorage, steps: string[][]): void {
  const { sql } = storage;
  sql.exec("CREATE TABLE IF NOT EXISTS schema (version INTEGER NOT NULL)");
  const [row] = sql.exec<{ version: number }>("SELECT version FROM schema").toArray();
  if (!row) sql.exec("INSERT INTO schema VALUES (0)");
  for (let version = row?.version ?? 0; version < steps.length; version++)
    storage.transactionSync(() => {
      for (const statement of steps[version] ?? []) sql.exec(statement);
      sql.exec("UPDATE schema SET version = ?", version + 1);
    });
}
