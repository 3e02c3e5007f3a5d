/** Storage that counts the rows that every query reads. */
export function countingRows(storage: DurableObjectStorage) {
  type Cursor = SqlStorageCursor<Record<string, SqlStorageValue>>;
  /**
   * Null between the counts: thousands of kept cursors make every query slow.
   */
  let cursors: Cursor[] | null = null;
  /** The same object with other values of some of its properties. */
  const like = <T extends object>(whole: T, others: object): T =>
    new Proxy(whole, {
      get(target, name) {
        const value =
          name in others
            ? Reflect.get(others, name)
            : Reflect.get(target, name, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  const exec = (query: string, ...bindings: unknown[]) => {
    const cursor = storage.sql.exec(query, ...bindings);
    cursors?.push(cursor);
    return cursor;
  };
  const counted = like(storage, { sql: like(storage.sql, { exec }) });
  const rowsOf = (run: () => unknown): number => {
    const own: Cursor[] = [];
    cursors = own;
    run();
    cursors = null;
    return own.reduce((sum, { rowsRead }) => sum + rowsRead, 0);
  };
  return { counted, rowsOf };
}
