/** The Ledger's storage, step by step; docs/storage.md documents it like a public format. A step once released never changes. */
export const migrations: string[][] = [
  [
    `CREATE TABLE revisions (
      sequence      INTEGER PRIMARY KEY AUTOINCREMENT,
      case_id       TEXT    NOT NULL,
      number        INTEGER NOT NULL,
      kind          TEXT    NOT NULL,
      content       TEXT,
      note          TEXT,
      changes       TEXT    NOT NULL,
      summary       TEXT,
      reason        TEXT,
      editor        TEXT    NOT NULL,
      approved_by   TEXT,
      notify        TEXT    NOT NULL,
      committed_at  INTEGER NOT NULL,
      live_at       INTEGER NOT NULL,
      content_hash  TEXT    NOT NULL,
      previous_hash TEXT    NOT NULL,
      hash          TEXT    NOT NULL,
      fate          TEXT,
      shown         INTEGER NOT NULL DEFAULT 0,
      UNIQUE (case_id, number)
    )`,
    `CREATE INDEX standing ON revisions (case_id, live_at) WHERE fate IS NULL`,
    `CREATE INDEX moments ON revisions (live_at) WHERE fate IS NULL AND shown = 0`,
    `CREATE TABLE audit (
      id            INTEGER PRIMARY KEY,
      at            INTEGER NOT NULL,
      editor        TEXT    NOT NULL,
      deed          TEXT    NOT NULL,
      case_id       TEXT,
      number        INTEGER,
      subject       TEXT    NOT NULL,
      previous_hash TEXT    NOT NULL,
      hash          TEXT    NOT NULL
    )`,
    `CREATE TABLE announcements (
      case_id  TEXT    NOT NULL,
      number   INTEGER NOT NULL,
      audience TEXT    NOT NULL,
      attempts INTEGER NOT NULL DEFAULT 0,
      due_at   INTEGER NOT NULL,
      PRIMARY KEY (case_id, number, audience)
    )`,
    `CREATE TABLE mark (live_at INTEGER NOT NULL)`,
    `INSERT INTO mark VALUES (0)`,
    `CREATE TABLE leases (length INTEGER PRIMARY KEY, ends_at INTEGER)`,
    `CREATE TABLE staged (id INTEGER PRIMARY KEY, line TEXT NOT NULL)`,
    `CREATE TABLE drafts (
      editor          TEXT    NOT NULL,
      id              TEXT    NOT NULL,
      version         INTEGER NOT NULL,
      saved_at        INTEGER NOT NULL,
      case_id         TEXT,
      base_id         TEXT,
      base_number     INTEGER,
      title           TEXT    NOT NULL,
      returned_by     TEXT,
      returned_at     INTEGER,
      returned_reason TEXT,
      content         TEXT    NOT NULL,
      PRIMARY KEY (editor, id)
    )`,
    `CREATE TABLE proposals (
      id            TEXT    PRIMARY KEY,
      case_id       TEXT    NOT NULL,
      editor        TEXT    NOT NULL,
      proposed_at   INTEGER NOT NULL,
      command       TEXT    NOT NULL,
      hash          TEXT    NOT NULL,
      draft         TEXT,
      draft_version INTEGER,
      refused       TEXT
    )`,
  ],
  [`CREATE INDEX recent ON revisions (live_at) WHERE fate IS NULL AND shown = 1`],
  [`ALTER TABLE audit ADD COLUMN notify TEXT`],
];

/** Brings a database to the newest step, in one transaction a step. */
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
