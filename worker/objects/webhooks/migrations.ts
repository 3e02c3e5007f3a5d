/**
 * Schema migrations of the Webhooks' SQLite. Never change a released step.
 * docs/storage.md documents the tables.
 */
export const webhookMigrations: string[][] = [
  [
    `CREATE TABLE hooks (
      id       TEXT    PRIMARY KEY,
      url      TEXT    NOT NULL,
      topic    TEXT    NOT NULL,
      shape    TEXT    NOT NULL,
      lang     TEXT    NOT NULL,
      secret   TEXT    NOT NULL,
      editor   TEXT    NOT NULL,
      passkey  TEXT,
      added    INTEGER NOT NULL,
      log      TEXT    NOT NULL,
      position INTEGER NOT NULL,
      attempts INTEGER NOT NULL DEFAULT 0,
      due_at   INTEGER,
      trouble  TEXT,
      ended    INTEGER NOT NULL DEFAULT 0,
      -- Why nothing is sent any more: left, role or passkey.
      suspended TEXT
    )`,
    `CREATE TABLE dead (
      hook    TEXT    NOT NULL,
      change  INTEGER NOT NULL,
      case_id TEXT    NOT NULL,
      number  INTEGER NOT NULL,
      reason  TEXT    NOT NULL,
      at      INTEGER NOT NULL,
      PRIMARY KEY (hook, change)
    )`,
  ],
];
