/** Schema migrations of the Ledger's SQLite. Never change a released step. docs/storage.md documents the tables. */
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
  [`ALTER TABLE revisions ADD COLUMN salt TEXT`, `ALTER TABLE proposals ADD COLUMN salt TEXT`],
  [
    ...["revisions", "drafts", "proposals"].map(
      (table) => `ALTER TABLE ${table} ADD COLUMN content_version INTEGER NOT NULL DEFAULT 1`,
    ),
    `CREATE TABLE derived (content_version INTEGER NOT NULL)`,
    `INSERT INTO derived VALUES (1)`,
  ],
  [`ALTER TABLE audit RENAME COLUMN deed TO action`],
  [
    `CREATE TABLE changes (epoch INTEGER PRIMARY KEY AUTOINCREMENT, case_id TEXT NOT NULL UNIQUE)`,
    `CREATE TABLE history (id TEXT NOT NULL)`,
    `INSERT INTO changes (case_id)
       SELECT case_id FROM revisions WHERE fate IS NULL AND shown = 1 GROUP BY case_id ORDER BY MAX(live_at), MAX(sequence)`,
    `INSERT INTO history VALUES (lower(hex(randomblob(16))))`,
  ],
  // Summaries now count outdated translations, so they are derived again at the next start.
  [`UPDATE derived SET content_version = 0`],
  [`ALTER TABLE revisions ADD COLUMN resolved TEXT`],
  [
    `CREATE TABLE change_log (
      position INTEGER PRIMARY KEY AUTOINCREMENT,
      case_id  TEXT    NOT NULL,
      number   INTEGER NOT NULL
    )`,
    `INSERT INTO change_log (case_id, number)
       SELECT case_id, number FROM revisions WHERE fate IS NULL AND shown = 1 ORDER BY live_at, sequence`,
    // Summaries now hold authorities, custody and hearings.
    `UPDATE derived SET content_version = 0`,
  ],
  [
    `CREATE TABLE log_entries (
      position       INTEGER PRIMARY KEY,
      case_id        TEXT    NOT NULL,
      number         INTEGER NOT NULL,
      kind           TEXT    NOT NULL,
      live_at        INTEGER NOT NULL,
      hash           TEXT    NOT NULL,
      audit_sequence INTEGER NOT NULL,
      audit_salt     TEXT    NOT NULL,
      audit          TEXT    NOT NULL
    )`,
    `CREATE INDEX logged ON log_entries (case_id, number)`,
    `CREATE TABLE log_tiles (level INTEGER NOT NULL, number INTEGER NOT NULL, hashes BLOB NOT NULL, PRIMARY KEY (level, number))`,
  ],
  [`ALTER TABLE revisions ADD COLUMN source TEXT`],
  [
    `CREATE TABLE portraits (
      case_id  TEXT    NOT NULL,
      image    TEXT    NOT NULL,
      person   TEXT    NOT NULL,
      type     TEXT    NOT NULL,
      content  BLOB    NOT NULL,
      consent  TEXT    NOT NULL,
      editor   TEXT    NOT NULL,
      added_at INTEGER NOT NULL,
      salt     TEXT    NOT NULL,
      shown    INTEGER NOT NULL DEFAULT 0,
      PRIMARY KEY (case_id, image)
    )`,
  ],
  [
    `ALTER TABLE audit ADD COLUMN about TEXT`,
    `CREATE TABLE editors (
      name     TEXT    PRIMARY KEY,
      role     TEXT    NOT NULL,
      added_by TEXT    NOT NULL,
      added_at INTEGER NOT NULL,
      handle   TEXT    NOT NULL
    )`,
    `CREATE TABLE passkeys (
      id         TEXT    PRIMARY KEY,
      editor     TEXT    NOT NULL,
      public_key TEXT    NOT NULL,
      counter    INTEGER NOT NULL,
      transports TEXT    NOT NULL,
      label      TEXT    NOT NULL,
      added_at   INTEGER NOT NULL,
      used_on    TEXT
    )`,
    `CREATE TABLE recovery_codes (hash TEXT PRIMARY KEY, editor TEXT NOT NULL)`,
    `CREATE TABLE access (
      hash       TEXT    PRIMARY KEY,
      id         TEXT    NOT NULL UNIQUE,
      kind       TEXT    NOT NULL,
      editor     TEXT    NOT NULL,
      label      TEXT    NOT NULL,
      scopes     TEXT,
      passkey_at INTEGER,
      made_at    INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      used_on    TEXT
    )`,
    `CREATE INDEX access_of ON access (editor)`,
    `CREATE TABLE invitations (
      hash       TEXT    PRIMARY KEY,
      id         TEXT    NOT NULL UNIQUE,
      name       TEXT    NOT NULL,
      role       TEXT    NOT NULL,
      invited_by TEXT    NOT NULL,
      handle     TEXT    NOT NULL,
      expires_at INTEGER NOT NULL
    )`,
    `CREATE TABLE used_challenges (challenge TEXT PRIMARY KEY, expires_at INTEGER NOT NULL)`,
    `CREATE TABLE spent_secrets (hash TEXT PRIMARY KEY)`,
    `CREATE TABLE challenge_key (key TEXT NOT NULL)`,
    `INSERT INTO challenge_key VALUES (lower(hex(randomblob(32))))`,
  ],
  // The columns after `sequence` are derived by `CaseList` when a list is asked for.
  [
    `ALTER TABLE changes ADD COLUMN number INTEGER NOT NULL DEFAULT 0`,
    `ALTER TABLE changes ADD COLUMN live_at INTEGER NOT NULL DEFAULT 0`,
    `ALTER TABLE changes ADD COLUMN sequence INTEGER NOT NULL DEFAULT 0`,
    ...["version", "state", "action", "until", "places", "words", "arabic"].map(
      (column) => `ALTER TABLE changes ADD COLUMN ${column} TEXT`,
    ),
    `UPDATE changes SET (number, live_at, sequence) =
       (SELECT number, live_at, sequence FROM revisions r
        WHERE r.case_id = changes.case_id AND fate IS NULL AND shown = 1 ORDER BY live_at DESC LIMIT 1)`,
    `CREATE INDEX heads_by_state ON changes (state, live_at, sequence)`,
    `CREATE INDEX heads_by_places ON changes (places)`,
  ],
  // More that `CaseList` derives.
  [
    ...["codes", "people", "people_arabic", "own_places", "own_places_arabic", "day", "languages"].map(
      (column) => `ALTER TABLE changes ADD COLUMN ${column} TEXT`,
    ),
    `UPDATE changes SET version = NULL`,
    `CREATE INDEX heads_by_day ON changes (day) WHERE day IS NOT NULL`,
    `CREATE TABLE case_keys (key TEXT NOT NULL, case_id TEXT NOT NULL, PRIMARY KEY (key, case_id)) WITHOUT ROWID`,
    `CREATE INDEX keys_of_case ON case_keys (case_id)`,
  ],
  // Filters and searches read keys in place of columns. `CaseList` derives all of them again.
  [
    ...["heads_by_state", "heads_by_places", "heads_by_day"].map((index) => `DROP INDEX ${index}`),
    ...["places", "words", "arabic", "codes", "people", "people_arabic", "own_places", "own_places_arabic"].map(
      (column) => `ALTER TABLE changes DROP COLUMN ${column}`,
    ),
    `UPDATE changes SET version = NULL, state = NULL, day = NULL`,
    `CREATE INDEX heads_by_state ON changes (state, live_at, sequence, action, until)`,
    `CREATE INDEX heads_by_day ON changes (day, live_at DESC, sequence DESC) WHERE day IS NOT NULL`,
    `CREATE INDEX heads_by_sequence ON changes (sequence, live_at, action, until)`,
    `DROP TABLE case_keys`,
    `CREATE TABLE case_keys (
      key      TEXT    NOT NULL,
      live_at  INTEGER NOT NULL,
      sequence INTEGER NOT NULL,
      PRIMARY KEY (key, live_at, sequence)
    ) WITHOUT ROWID`,
    `CREATE INDEX keys_of_head ON case_keys (sequence)`,
  ],
  [
    `CREATE TABLE channels (
      case_id  TEXT    NOT NULL,
      shard    INTEGER NOT NULL,
      empty_in TEXT,
      PRIMARY KEY (case_id, shard)
    ) WITHOUT ROWID`,
  ],
  [
    ...["class", "live_at", "sequence"].map(
      (column) => `ALTER TABLE announcements ADD COLUMN ${column} INTEGER NOT NULL DEFAULT 0`,
    ),
    `UPDATE announcements SET (live_at, sequence, class) =
       (SELECT live_at, sequence, CASE
          WHEN kind IN ('redaction', 'withdrawal') THEN 0
          WHEN audience = 'channel' THEN
            IIF(EXISTS (SELECT 1 FROM channels c WHERE c.case_id = announcements.case_id AND empty_in IS NULL), 1, 3)
          ELSE IIF(audience = 'dispatcher', 2, 3)
        END FROM revisions r WHERE r.case_id = announcements.case_id AND r.number = announcements.number)`,
    `CREATE INDEX next_announcements ON announcements (class, live_at, sequence) WHERE due_at = 0`,
    `CREATE INDEX later_announcements ON announcements (due_at) WHERE due_at > 0`,
  ],
  [
    `DROP INDEX next_announcements`,
    `CREATE INDEX next_announcements ON announcements (class, attempts > 0, live_at, sequence) WHERE due_at = 0`,
  ],
  // Isolates search for themselves. What is left of the list in the Ledger is in the order of time.
  [
    `DROP TABLE case_keys`,
    ...["heads_by_state", "heads_by_day", "heads_by_sequence"].map((index) => `DROP INDEX ${index}`),
    ...["version", "action", "languages"].map((column) => `ALTER TABLE changes DROP COLUMN ${column}`),
    ...["places", "authorities", "demo"].map((column) => `ALTER TABLE changes ADD COLUMN ${column} TEXT`),
    `UPDATE changes SET (state, until, day, places, authorities, demo) = (
       SELECT
         CASE WHEN content IS NULL THEN 'withdrawn' WHEN json_valid(summary) THEN 'present' ELSE 'unshowable' END,
         CASE WHEN json_valid(summary) AND summary ->> '$.action' = 'active' THEN summary ->> '$.until' END,
         CASE WHEN json_valid(summary) THEN (
           SELECT MAX(day) FROM (
             SELECT summary ->> '$.until' AS day WHERE summary ->> '$.action' = 'active'
             UNION ALL SELECT value ->> 'date' FROM json_each(summary, '$.hearings'))) END,
         CASE WHEN json_valid(summary) THEN summary -> '$.places' END,
         CASE WHEN json_valid(summary) THEN summary -> '$.authorities' END,
         CASE WHEN json_valid(summary) THEN summary ->> '$.demo' END
       FROM revisions r WHERE r.sequence = changes.sequence)`,
    `CREATE INDEX heads_by_state ON changes (state, live_at DESC, sequence DESC)`,
    `CREATE INDEX heads_by_day ON changes (day, live_at DESC, sequence DESC) WHERE day IS NOT NULL`,
    `CREATE INDEX heads_by_until ON changes (until) WHERE until IS NOT NULL`,
  ],
];
