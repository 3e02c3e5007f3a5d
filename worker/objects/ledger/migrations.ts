import {
  type KeyedKind,
  keyColumns,
  tableNames,
} from "../storage/backup-lines.ts";
import { PAD_BYTES } from "../storage/queries.ts";

const PAD = `pad BLOB NOT NULL DEFAULT (zeroblob(${PAD_BYTES}))`;

/**
 * Writes down which rows change, in the transaction of the change.
 * docs/storage.md says what for.
 * @param of columns whose change counts; all when empty
 */
function watched(
  kind: string,
  table: string,
  key: readonly string[],
  of = "",
): string[] {
  const trigger = (event: string, row: "NEW" | "OLD") => {
    const found = `'${kind}', json_array(${key.map((column) => `${row}.${column}`)})`;
    // Not REPLACE: the statement that fires a trigger may say how conflicts are
    // resolved within it.
    return `CREATE TRIGGER recent_${kind}_${event.slice(0, 6)} AFTER ${event} ON ${table} BEGIN
      DELETE FROM recent_rows WHERE (kind, key) = (${found});
      INSERT INTO recent_rows (kind, key) VALUES (${found});
    END`;
  };
  return [
    trigger("INSERT", "NEW"),
    trigger(`UPDATE ${of}`, "NEW"),
    trigger("DELETE", "OLD"),
  ];
}

/**
 * Schema migrations of the Ledger's SQLite. Never change a released step.
 * docs/storage.md documents the tables.
 */
export const ledgerMigrations: string[][] = [
  [
    `CREATE TABLE revisions (
      sequence        INTEGER PRIMARY KEY AUTOINCREMENT,
      case_id         TEXT    NOT NULL,
      number          INTEGER NOT NULL,
      kind            TEXT    NOT NULL,
      content_version INTEGER NOT NULL,
      reason          TEXT,
      editor          TEXT    NOT NULL,
      approved_by     TEXT,
      notify          TEXT    NOT NULL,
      committed_at    INTEGER NOT NULL,
      live_at         INTEGER NOT NULL,
      content_hash    TEXT    NOT NULL,
      previous_hash   TEXT    NOT NULL,
      hash            TEXT    NOT NULL,
      fate            TEXT,
      shown           INTEGER NOT NULL DEFAULT 0,
      erasure         INTEGER,
      ${PAD},
      summary         TEXT,
      changes         TEXT    NOT NULL,
      salt            TEXT,
      note            TEXT,
      answers         TEXT,
      source          TEXT,
      content         TEXT,
      UNIQUE (case_id, number)
    )`,
    `CREATE INDEX standing ON revisions (case_id, live_at) WHERE fate IS NULL`,
    `CREATE INDEX moments ON revisions (live_at) WHERE fate IS NULL AND shown = 0`,
    `CREATE INDEX recent ON revisions (live_at) WHERE fate IS NULL AND shown = 1`,
    `CREATE INDEX corrections ON revisions (case_id, live_at) WHERE fate IS NULL AND kind = 'correction'`,
    `CREATE INDEX erasures ON revisions (erasure) WHERE erasure IS NOT NULL`,
    `CREATE TABLE authors (case_id TEXT NOT NULL, number INTEGER NOT NULL, key INTEGER NOT NULL)`,
    `CREATE INDEX authors_by_key ON authors (key)`,
    `CREATE INDEX authors_of_case ON authors (case_id, number)`,
    `CREATE TABLE derived (content_version INTEGER NOT NULL)`,
    `INSERT INTO derived VALUES (0)`,
    `CREATE TABLE mark (live_at INTEGER NOT NULL)`,
    `INSERT INTO mark VALUES (0)`,
    `CREATE TABLE leases (length INTEGER PRIMARY KEY, ends_at INTEGER)`,
    `CREATE TABLE audit (
      id            INTEGER PRIMARY KEY,
      at            INTEGER NOT NULL,
      editor        TEXT    NOT NULL,
      action        TEXT    NOT NULL,
      case_id       TEXT,
      number        INTEGER,
      subject       TEXT    NOT NULL,
      previous_hash TEXT    NOT NULL,
      hash          TEXT    NOT NULL,
      notify        TEXT,
      about         TEXT
    )`,
    `CREATE TABLE changes (
      epoch       INTEGER PRIMARY KEY AUTOINCREMENT,
      case_id     TEXT    NOT NULL UNIQUE,
      number      INTEGER NOT NULL,
      live_at     INTEGER NOT NULL,
      sequence    INTEGER NOT NULL,
      state       TEXT    NOT NULL,
      until       TEXT,
      places      TEXT,
      authorities TEXT,
      demo        TEXT
    )`,
    `CREATE INDEX heads_by_state ON changes (state, live_at DESC, case_id)`,
    `CREATE INDEX heads_by_until ON changes (until) WHERE until IS NOT NULL`,
    `CREATE TABLE change_log (position INTEGER PRIMARY KEY AUTOINCREMENT, case_id TEXT NOT NULL, number INTEGER NOT NULL)`,
    `CREATE TABLE history (id TEXT NOT NULL)`,
    `INSERT INTO history VALUES (lower(hex(randomblob(16))))`,
    `CREATE TABLE log_entries (
      position       INTEGER PRIMARY KEY,
      case_id        TEXT    NOT NULL,
      number         INTEGER NOT NULL,
      kind           TEXT    NOT NULL,
      reason         TEXT,
      live_at        INTEGER NOT NULL,
      hash           TEXT    NOT NULL,
      audit_sequence INTEGER NOT NULL,
      audit_salt     TEXT    NOT NULL,
      audit          TEXT    NOT NULL
    )`,
    `CREATE INDEX logged ON log_entries (case_id, number)`,
    `CREATE TABLE log_tiles (level INTEGER NOT NULL, number INTEGER NOT NULL, hashes BLOB NOT NULL, PRIMARY KEY (level, number))`,
    `CREATE TABLE announcements (
      case_id  TEXT    NOT NULL,
      number   INTEGER NOT NULL,
      audience TEXT    NOT NULL,
      attempts INTEGER NOT NULL DEFAULT 0,
      due_at   INTEGER NOT NULL,
      class    INTEGER NOT NULL,
      live_at  INTEGER NOT NULL,
      sequence INTEGER NOT NULL,
      PRIMARY KEY (case_id, number, audience)
    )`,
    `CREATE INDEX next_announcements ON announcements (class, attempts > 0, live_at, sequence) WHERE due_at = 0`,
    `CREATE INDEX later_announcements ON announcements (due_at) WHERE due_at > 0`,
    `CREATE TABLE followed (case_id TEXT NOT NULL, number INTEGER NOT NULL, word INTEGER NOT NULL,
      PRIMARY KEY (case_id, number, word)) WITHOUT ROWID`,
    `CREATE TABLE channels (case_id TEXT NOT NULL, shard INTEGER NOT NULL, until INTEGER NOT NULL,
      PRIMARY KEY (case_id, shard)) WITHOUT ROWID`,
    `CREATE TABLE staged (id INTEGER PRIMARY KEY, key TEXT UNIQUE, line TEXT NOT NULL)`,
    `CREATE TABLE drafts (
      editor          TEXT    NOT NULL,
      id              TEXT    NOT NULL,
      version         INTEGER NOT NULL,
      saved_at        INTEGER NOT NULL,
      case_id         TEXT,
      base_id         TEXT,
      base_number     INTEGER,
      content_version INTEGER NOT NULL,
      returned_by     TEXT,
      returned_at     INTEGER,
      erasure         INTEGER,
      look            INTEGER,
      ${PAD},
      title           TEXT    NOT NULL,
      returned_reason TEXT,
      content         TEXT    NOT NULL,
      PRIMARY KEY (editor, id)
    )`,
    `CREATE TABLE proposals (
      id              TEXT    PRIMARY KEY,
      case_id         TEXT    NOT NULL,
      editor          TEXT    NOT NULL,
      proposed_at     INTEGER NOT NULL,
      content_version INTEGER NOT NULL,
      hash            TEXT    NOT NULL,
      draft           TEXT,
      draft_version   INTEGER,
      erasure         INTEGER,
      ${PAD},
      salt            TEXT,
      refused         TEXT,
      command         TEXT    NOT NULL
    )`,
    `CREATE TABLE portraits (
      case_id  TEXT    NOT NULL,
      image    TEXT    NOT NULL,
      type     TEXT    NOT NULL,
      editor   TEXT    NOT NULL,
      added_at INTEGER NOT NULL,
      shown    INTEGER NOT NULL DEFAULT 0,
      ${PAD},
      person   TEXT    NOT NULL,
      salt     TEXT    NOT NULL,
      consent  TEXT    NOT NULL,
      content  BLOB    NOT NULL,
      PRIMARY KEY (case_id, image)
    )`,
    `CREATE TABLE editors (name TEXT PRIMARY KEY, role TEXT NOT NULL, added_by TEXT NOT NULL, added_at INTEGER NOT NULL,
      handle TEXT NOT NULL)`,
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
      used_on    TEXT,
      passkey    TEXT
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
    `CREATE TABLE newcomers (name TEXT NOT NULL, added_by TEXT NOT NULL, added_at INTEGER NOT NULL,
      PRIMARY KEY (name, added_by)) WITHOUT ROWID`,
    `CREATE TABLE places (
      id        TEXT    PRIMARY KEY,
      case_id   TEXT    NOT NULL,
      origin    TEXT    NOT NULL,
      looked_at INTEGER,
      next_at   INTEGER,
      found     TEXT,
      contact   TEXT,
      ${PAD},
      note      TEXT,
      url       TEXT    NOT NULL
    )`,
    `CREATE INDEX places_of_case ON places (case_id)`,
    `CREATE INDEX next_looks ON places (next_at)`,
    `CREATE INDEX places_by_length ON places (length(url))`,
    `CREATE INDEX places_found ON places (found ->> 'state')`,
    // AUTOINCREMENT: a row that changes during an upload gets a number that the
    // upload hasn't seen.
    `CREATE TABLE recent_rows (number INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, key TEXT NOT NULL,
      saved INTEGER NOT NULL DEFAULT 0, nights INTEGER NOT NULL DEFAULT 0, UNIQUE (kind, key))`,
    ...watched(
      "revision",
      "revisions",
      ["sequence"],
      "OF fate, shown, content",
    ),
    ...watched("audit", "audit", ["id"]),
    ...watched("log", "log_entries", ["position"]),
    ...Object.entries(keyColumns).flatMap(([kind, key]) =>
      watched(kind, tableNames[kind as KeyedKind], key),
    ),
  ],
];
