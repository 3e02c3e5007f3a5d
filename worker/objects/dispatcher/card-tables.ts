/** Tables of shared cards and posts. Never change a released step. docs/storage.md documents the tables. */
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

/** Posts: the messages about updates, which are edited after a correction or an erasure. */
export const postColumns: string[] = [
  `ALTER TABLE cards ADD COLUMN chat INTEGER NOT NULL DEFAULT 0`,
  `ALTER TABLE cards ADD COLUMN topic INTEGER NOT NULL DEFAULT 0`,
  `ALTER TABLE cards ADD COLUMN neutral INTEGER NOT NULL DEFAULT 0`,
  `ALTER TABLE cards ADD COLUMN mark INTEGER NOT NULL DEFAULT 0`,
  `CREATE INDEX posts_of_chat ON cards (chat, topic, case_id) WHERE chat != 0`,
  `CREATE INDEX posts_to_empty ON cards (due_at) WHERE mark = 2`,
  `ALTER TABLE cards_behind ADD COLUMN post_number INTEGER NOT NULL DEFAULT 0`,
  `ALTER TABLE cards_behind ADD COLUMN mark INTEGER NOT NULL DEFAULT 0`,
  `ALTER TABLE announced ADD COLUMN kind TEXT NOT NULL DEFAULT 'update'`,
];
