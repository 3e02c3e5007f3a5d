/** Tables of shared cards. Never change a released step. docs/storage.md documents the tables. */
export const cardTables: string[] = [
  // AUTOINCREMENT: ids are never reused, so an edit under way for a deleted card can't touch another card.
  `CREATE TABLE cards (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    hash       TEXT    NOT NULL UNIQUE,
    key_id     TEXT    NOT NULL,
    sealed     BLOB    NOT NULL,
    sharer     INTEGER,
    case_id    TEXT    NOT NULL,
    locale     TEXT    NOT NULL,
    wanted     INTEGER NOT NULL,
    shown      INTEGER NOT NULL,
    state      TEXT    NOT NULL,
    again      INTEGER NOT NULL DEFAULT 0,
    turn       INTEGER NOT NULL DEFAULT 0,
    attempts   INTEGER NOT NULL DEFAULT 0,
    trouble    TEXT,
    doubt_until INTEGER NOT NULL DEFAULT 0,
    touched_at INTEGER NOT NULL,
    edited_at  INTEGER NOT NULL DEFAULT 0,
    due_at     INTEGER NOT NULL
  )`,
  `CREATE INDEX cards_of_case ON cards (case_id, wanted)`,
  `CREATE INDEX cards_of_sharer ON cards (sharer) WHERE sharer IS NOT NULL`,
  `CREATE INDEX cards_due ON cards (due_at)`,
  `CREATE TABLE card_sharers (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    hash    TEXT    NOT NULL UNIQUE,
    key_id  TEXT    NOT NULL,
    sealed  BLOB    NOT NULL,
    seen_at INTEGER NOT NULL
  )`,
  `CREATE INDEX card_sharers_seen ON card_sharers (seen_at)`,
  `CREATE TABLE cards_behind (
    case_id TEXT    PRIMARY KEY,
    number  INTEGER NOT NULL,
    urgent  INTEGER NOT NULL
  ) WITHOUT ROWID`,
];
