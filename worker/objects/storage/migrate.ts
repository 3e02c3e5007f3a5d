import { NewerData } from "../../runtime/newer-data.ts";
import { Queries } from "./queries.ts";

/**
 * Migrates a database to the newest step, with one transaction for each step.
 * @param name of the Durable Object, for the message
 * @throws NewerData when the database has more steps than this code
 */
export function migrate(
  storage: DurableObjectStorage,
  steps: string[][],
  name: string,
): void {
  const sql = new Queries(storage.sql);
  sql.exec("CREATE TABLE IF NOT EXISTS schema (version INTEGER NOT NULL)");
  const [known] = sql.allValues<number>("SELECT version FROM schema");
  if (known !== undefined && known > steps.length)
    throw new NewerData(
      `the ${name}'s storage has schema version ${known}, and this code knows only versions up to ${steps.length}.`,
    );
  if (known === undefined) sql.exec("INSERT INTO schema VALUES (0)");
  for (let version = known ?? 0; version < steps.length; version++)
    storage.transactionSync(() => {
      for (const statement of steps[version] ?? []) sql.exec(statement);
      sql.exec("UPDATE schema SET version = ?", version + 1);
    });
}
