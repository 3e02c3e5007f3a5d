/**
 * Schema migrations of the Dispatcher's SQLite. Never change a released step.
 * docs/storage.md documents the tables.
 */
export const dispatcherMigrations: string[][] = [
  [
    // AUTOINCREMENT: ids are never reused, so a delivery under way to a
    // forgotten chat can't reach another chat.
    `CREATE TABLE chats (
      id         INTEGER PRIMARY KEY AUTOINCREMENT,
      hash       TEXT    NOT NULL UNIQUE,
      key_id     TEXT    NOT NULL,
      sealed     BLOB    NOT NULL,
      rank       INTEGER NOT NULL,
      chosen     TEXT,
      spoken     TEXT,
      -- The settings that differ from the usual ones, as JSON.
      manner     TEXT    NOT NULL DEFAULT '{}',
      -- When the chat paused its follows; 0 when it did not.
      paused_at  INTEGER NOT NULL DEFAULT 0,
      -- When the chat read the notice about sharing or shared a card; 0 when it never did.
      shares_at  INTEGER NOT NULL DEFAULT 0,
      -- The keyed hash of the push service of a device; empty for a chat.
      service    TEXT    NOT NULL DEFAULT ''
    )`,
    `CREATE INDEX chats_that_share ON chats (shares_at) WHERE shares_at > 0`,
    `CREATE TABLE follows (
      scope  TEXT    NOT NULL,
      chat   INTEGER NOT NULL,
      topic  INTEGER NOT NULL,
      rank   INTEGER NOT NULL,
      since  INTEGER NOT NULL,
      -- 1 without sound, 0 with sound; NULL as the chat's own setting.
      silent INTEGER,
      PRIMARY KEY (scope, chat, topic)
    ) WITHOUT ROWID`,
    `CREATE INDEX follows_of_chat ON follows (chat, since)`,
    `CREATE INDEX followers_in_order ON follows (scope, rank, chat, topic)`,
    `CREATE TABLE told (
      case_id TEXT    NOT NULL,
      chat    INTEGER NOT NULL,
      topic   INTEGER NOT NULL,
      number  INTEGER NOT NULL,
      PRIMARY KEY (case_id, chat, topic)
    ) WITHOUT ROWID`,
    `CREATE INDEX told_to_chat ON told (chat)`,
    `CREATE TABLE announced (
      case_id TEXT    NOT NULL,
      number  INTEGER NOT NULL,
      at      INTEGER NOT NULL,
      live_at INTEGER NOT NULL,
      kind    TEXT    NOT NULL,
      notify  TEXT    NOT NULL,
      scopes  TEXT    NOT NULL,
      own     INTEGER NOT NULL,
      PRIMARY KEY (case_id, number)
    ) WITHOUT ROWID`,
    // Announcements whose deliveries are not all written, one row for each
    // carrier, with how far it has got.
    `CREATE TABLE pages (
      case_id   TEXT    NOT NULL,
      number    INTEGER NOT NULL,
      last_rank INTEGER NOT NULL,
      live_at   INTEGER NOT NULL,
      rank      INTEGER NOT NULL,
      scope     INTEGER NOT NULL DEFAULT 0,
      chat      INTEGER NOT NULL DEFAULT 0,
      topic     INTEGER NOT NULL DEFAULT 0,
      PRIMARY KEY (case_id, number, last_rank)
    ) WITHOUT ROWID`,
    `CREATE TABLE deliveries (
      case_id     TEXT    NOT NULL,
      number      INTEGER NOT NULL,
      chat        INTEGER NOT NULL,
      topic       INTEGER NOT NULL,
      live_at     INTEGER NOT NULL,
      rank        INTEGER NOT NULL,
      silent      INTEGER NOT NULL,
      state       TEXT    NOT NULL,
      attempts    INTEGER NOT NULL DEFAULT 0,
      trouble     TEXT,
      due_at      INTEGER NOT NULL,
      -- Until when the chat's hours hold the message; 0 when they never did.
      rests_until INTEGER NOT NULL DEFAULT 0,
      -- 1 while the message waits for the hours of its chat. The index of the next messages leaves these out: there may be 100,000.
      resting     INTEGER NOT NULL DEFAULT 0,
      PRIMARY KEY (case_id, number, chat, topic)
    ) WITHOUT ROWID`,
    `CREATE INDEX waiting ON deliveries (rank, live_at, due_at) WHERE state IN ('pending', 'uncertain') AND resting = 0`,
    `CREATE INDEX resting ON deliveries (due_at, rank) WHERE resting = 1`,
    `CREATE INDEX deliveries_of_chat ON deliveries (chat)`,
    `CREATE INDEX sending ON deliveries (state) WHERE state = 'sending'`,
    `CREATE TABLE paces (
      name         TEXT    PRIMARY KEY,
      paused_until INTEGER NOT NULL,
      stopped_for  TEXT,
      questions    INTEGER NOT NULL
    ) WITHOUT ROWID`,
    `CREATE TABLE updates (id INTEGER PRIMARY KEY, at INTEGER NOT NULL)`,
    `CREATE INDEX updates_by_age ON updates (at)`,
    `CREATE TABLE staged (id INTEGER PRIMARY KEY, line TEXT NOT NULL)`,
    // Cards, and posts: the messages about updates, which are edited after a
    // correction or an erasure. AUTOINCREMENT: ids are never reused, so an edit
    // under way for a deleted card can't touch another card.
    `CREATE TABLE cards (
      id          INTEGER PRIMARY KEY AUTOINCREMENT,
      hash        TEXT    NOT NULL UNIQUE,
      key_id      TEXT    NOT NULL,
      sealed      BLOB    NOT NULL,
      sharer      INTEGER,
      case_id     TEXT    NOT NULL,
      locale      TEXT    NOT NULL,
      wanted      INTEGER NOT NULL,
      shown       INTEGER NOT NULL,
      asked       INTEGER NOT NULL DEFAULT 0,
      attempts    INTEGER NOT NULL DEFAULT 0,
      trouble     TEXT,
      touched_at  INTEGER NOT NULL,
      -- It isn't edited before: an edit is under way, or its answer was lost, or another one was a moment ago.
      busy_until  INTEGER NOT NULL DEFAULT 0,
      due_at      INTEGER NOT NULL,
      chat        INTEGER NOT NULL DEFAULT 0,
      topic       INTEGER NOT NULL DEFAULT 0,
      neutral     INTEGER NOT NULL DEFAULT 0,
      mark        INTEGER NOT NULL DEFAULT 0,
      about       INTEGER NOT NULL DEFAULT 0
    )`,
    `CREATE INDEX cards_of_case ON cards (case_id, wanted)`,
    `CREATE INDEX cards_of_sharer ON cards (sharer) WHERE sharer IS NOT NULL`,
    `CREATE INDEX cards_due ON cards (due_at)`,
    `CREATE INDEX posts_of_chat ON cards (chat, topic, case_id) WHERE chat != 0`,
    `CREATE INDEX posts_to_empty ON cards (due_at) WHERE mark = 2`,
    `CREATE TABLE cards_behind (
      case_id     TEXT    PRIMARY KEY,
      number      INTEGER NOT NULL,
      urgent      INTEGER NOT NULL,
      post_number INTEGER NOT NULL DEFAULT 0,
      mark        INTEGER NOT NULL DEFAULT 0,
      -- After a correction: the first revision whose posts say what it denies.
      post_from   INTEGER NOT NULL DEFAULT 0
    ) WITHOUT ROWID`,
    // Groups of editors. They hear what happens to proposals.
    `CREATE TABLE desk_chats (
      id     TEXT    PRIMARY KEY,
      chat   INTEGER NOT NULL,
      topic  INTEGER NOT NULL,
      editor  TEXT    NOT NULL,
      passkey TEXT,
      added   INTEGER NOT NULL,
      UNIQUE (chat, topic)
    )`,
    `CREATE TABLE desk_codes (hash TEXT PRIMARY KEY, editor TEXT NOT NULL, until INTEGER NOT NULL, passkey TEXT)`,
    `CREATE TABLE forgotten (
      kind   TEXT    NOT NULL,
      number INTEGER NOT NULL,
      at     INTEGER NOT NULL,
      PRIMARY KEY (kind, number)
    ) WITHOUT ROWID`,
    `CREATE TABLE words (
      id     INTEGER PRIMARY KEY AUTOINCREMENT,
      hash   TEXT    NOT NULL UNIQUE,
      key_id TEXT    NOT NULL,
      sealed BLOB    NOT NULL
    )`,
    // However the last follow of a word ends, the word goes with it. The file
    // keeps the bytes of a deleted row.
    `CREATE TRIGGER last_follower AFTER DELETE ON follows
     WHEN OLD.scope LIKE '#%' AND NOT EXISTS (SELECT 1 FROM follows WHERE scope = OLD.scope)
     BEGIN
       UPDATE words SET hash = 'erased ' || id, sealed = zeroblob(length(sealed)) WHERE id = CAST(substr(OLD.scope, 2) AS INTEGER);
       DELETE FROM words WHERE id = CAST(substr(OLD.scope, 2) AS INTEGER);
     END`,
  ],
];
