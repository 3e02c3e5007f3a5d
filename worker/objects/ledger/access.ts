/**
 * Ways to sign in: passkeys, recovery codes, sessions and tokens. Everything
 * that opens something is stored only as a hash. Each request asks here, so
 * that what is revoked is refused at once, everywhere.
 */
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { base64Of } from "../../../shared/base64.ts";
import type {
  EditorAccess as AccessList,
  EditorToken,
  MadeToken,
  NewToken,
  SignedIn,
} from "../../editing/rules/editor-access.ts";
import {
  type Fallen,
  hasRole,
  type Identity,
  MAX_PASSKEYS,
  MAX_TOKENS,
  RECOVERY_CODES,
  type Registrant,
  type Role,
  roleOfScope,
  type Scope,
} from "../../editing/rules/roles.ts";
import { digest } from "../../runtime/digest.ts";
import { iso } from "../../runtime/iso.ts";
import {
  newCode,
  printedCode,
  typedCode,
} from "../../runtime/single-use-code.ts";
import { SESSION_PREFIX, TOKEN_PREFIX } from "../../runtime/token-prefixes.ts";
import type { Audit } from "./audit.ts";
import type { Outcome } from "./command.ts";
import { LedgerPart } from "./ledger-part.ts";

const DAY_MS = 86_400_000;
const CHALLENGE_MS = 5 * 60_000;
const SESSION_MS = 12 * 3_600_000;
/** Long enough to make a new passkey, which is all that it allows. */
const RECOVERY_SESSION_MS = 15 * 60_000;
/** For so long, an account counts as the same person as whoever invited it. */
const NEWCOMER_MS = 30 * DAY_MS;

export const base64url = (bytes: Uint8Array): string =>
  base64Of(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
export const random = (bytes: number): Uint8Array =>
  crypto.getRandomValues(new Uint8Array(bytes));
const newSecret = (prefix: string): string => prefix + base64url(random(32));
const day = (at: number): string => iso(at).slice(0, 10);

/** A passkey for the check of a signature. */
export interface StoredPasskey {
  id: string;
  publicKey: string;
  counter: number;
  transports: string[];
}

/** A passkey that was just made, after its answer was checked. */
export interface VerifiedPasskey extends StoredPasskey {
  label: string;
  challenge: string;
}

interface AccessRow {
  id: string;
  kind: "session" | "recovery" | "token";
  editor: string;
  label: string;
  scopes: string | null;
  passkey_at: number | null;
  passkey: string | null;
  made_at: number;
  expires_at: number;
  used_on: string | null;
}

export const tokenOf = (row: AccessRow): EditorToken => ({
  id: row.id,
  editor: row.editor,
  label: row.label,
  scopes: JSON.parse(row.scopes ?? "[]"),
  made: iso(row.made_at),
  expires: iso(row.expires_at),
  lastUsed: row.used_on,
});

export class Access extends LedgerPart {
  /**
   * The two editors whom set-up has confirmed to be two people; empty when it
   * has not.
   */
  firstEditors: readonly string[] = [];

  /**
   * The machine's clock. The Ledger's stands still while the machine's is
   * behind the newest moment, and then nothing would run out.
   */
  #now(): number {
    return this.journal.clock.machine();
  }

  // --- Who asks

  /**
   * True until an administrator has a passkey. Until then the tokens of EDITORS
   * are administrators.
   */
  isDoorOpen(): boolean {
    return this.administrators() === 0;
  }

  /** The number of administrators who can sign in. */
  administrators(): number {
    return this.sql.oneValue(
      "SELECT COUNT(*) FROM editors WHERE role = 'administrator' AND name IN (SELECT editor FROM passkeys)",
    );
  }

  /**
   * The accounts that may be one person: this one, and those which invitations
   * of the last 30 days connect with it, directly or through others, also
   * through accounts that were removed since. The invitations of the first two
   * editors connect nothing.
   */
  samePerson(editor: string): string[] {
    return this.sql.allValues(
      `WITH RECURSIVE same (name) AS (
         SELECT ?1 UNION
         SELECT iif(n.name = same.name, n.added_by, n.name) FROM same JOIN newcomers n ON same.name IN (n.name, n.added_by)
         WHERE n.added_at > ?2 AND n.name NOT IN (SELECT value FROM json_each(?3))
       ) SELECT name FROM same`,
      editor,
      this.#now() - NEWCOMER_MS,
      JSON.stringify(this.firstEditors),
    );
  }

  /** Must run in the transaction that makes the account. */
  addNewcomer(name: string, invitedBy: string): void {
    this.sql.exec(
      "DELETE FROM newcomers WHERE added_at <= ?",
      this.#now() - NEWCOMER_MS,
    );
    this.sql.exec(
      "INSERT OR REPLACE INTO newcomers VALUES (?, ?, ?)",
      name,
      invitedBy,
      this.#now(),
    );
  }

  /**
   * What has become of those who registered something: null while it stands.
   * Only administrators register anything.
   */
  fallen(registrants: readonly Registrant[]): (Fallen | null)[] {
    return registrants.map(({ editor, passkey }) => {
      const [role] = this.sql.allValues<Role>(
        "SELECT role FROM editors WHERE name = ?",
        editor,
      );
      if (passkey === null && this.isDoorOpen()) return null;
      if (role === undefined) return "left";
      if (role !== "administrator") return "role";
      const owns = "SELECT 1 FROM passkeys WHERE id = ? AND editor = ?";
      return passkey === null || this.sql.firstRow(owns, passkey, editor)
        ? null
        : "passkey";
    });
  }

  /** Ends an editor's tokens that may do more than their role allows now. */
  endTokensBeyond(editor: string, role: Role, by: string): void {
    for (const { id, scopes } of this.credentials("token", editor)) {
      const isBeyond = (scope: Scope) =>
        !hasRole({ role }, roleOfScope[scope] ?? "author");
      if ((JSON.parse(scopes ?? "[]") as Scope[]).some(isBeyond))
        this.revokeToken(id, by, editor);
    }
  }

  /**
   * True for an editor, and for any name until an administrator has a passkey:
   * it may be one of EDITORS.
   */
  canSignIn(editor: string): boolean {
    return (
      this.isDoorOpen() ||
      this.sql.firstRow("SELECT 1 FROM editors WHERE name = ?", editor) !== null
    );
  }

  /**
   * @param hash of the bearer token
   * @param secret the editor that EDITORS names for it; null when it doesn't
   * @returns null when nobody has this token; `closed` for a token of EDITORS
   * that opens nothing any more
   */
  identify(hash: string, secret: string | null): Identity | "closed" | null {
    if (secret !== null) {
      const nothing = { scopes: null, passkeyAt: null, passkey: null };
      const all = {
        editor: secret,
        role: "administrator",
        kind: "secret",
        ...nothing,
      } as const;
      if (this.isDoorOpen()) return all;
      return this.#isSpent(hash) ? "closed" : { ...all, onlyInvites: true };
    }
    const now = this.#now();
    const row = this.sql.firstRow<AccessRow & { role: Role }>(
      "SELECT a.*, e.role FROM access a JOIN editors e ON e.name = a.editor WHERE a.hash = ? AND a.expires_at > ?",
      hash,
      now,
    );
    if (!row) return null;
    // To the day, so that a request is not a write.
    if (row.used_on !== day(now))
      this.sql.exec(
        "UPDATE access SET used_on = ? WHERE hash = ?",
        day(now),
        hash,
      );
    const { editor, role, kind, passkey } = row;
    // A token is made with a passkey.
    const passkeyAt = kind === "token" ? row.made_at : row.passkey_at;
    const given =
      row.scopes === null ? null : (JSON.parse(row.scopes) as Scope[]);
    return { editor, role, kind, passkeyAt, passkey, scopes: given };
  }

  #isSpent(hash: string): boolean {
    return (
      this.sql.firstRow(
        "SELECT 1 FROM spent_secrets WHERE hash = ?",
        hash.toLowerCase(),
      ) !== null
    );
  }

  spend(hashes: readonly string[]): void {
    for (const hash of hashes)
      this.sql.exec(
        "INSERT OR IGNORE INTO spent_secrets VALUES (?)",
        hash.toLowerCase(),
      );
  }

  log(
    editor: string,
    action: Parameters<Audit["append"]>[0]["action"],
    about: string,
  ): void {
    const at = this.journal.clock.now();
    this.journal.audit.append({
      at,
      editor,
      action,
      case: null,
      number: null,
      subject: digest(about),
      about,
    });
  }

  // --- Challenges: signed, so that a stranger's question stores nothing; a
  // used one is remembered until it runs out.

  #mac(text: string): string {
    const key = this.sql.oneValue<string>("SELECT key FROM challenge_key");
    return bytesToHex(hmac(sha256, utf8ToBytes(key), utf8ToBytes(text)));
  }

  /** @param purpose what the answer may be used for */
  challenge(purpose: string): string {
    const begin = `${base64url(random(24))}.${this.#now() + CHALLENGE_MS}`;
    return `${begin}.${this.#mac(`${purpose} ${begin}`)}`;
  }

  /**
   * Must run in the transaction of what it allows.
   * @returns false for one that was made up, used, or has run out
   */
  useChallenge(challenge: string, purpose: string): boolean {
    const [, begin = "", expires, mac] =
      /^([\w-]{32}\.(\d+))\.([0-9a-f]{64})$/.exec(challenge) ?? [];
    if (
      mac === undefined ||
      mac !== this.#mac(`${purpose} ${begin}`) ||
      Number(expires) <= this.#now()
    )
      return false;
    this.sql.exec(
      "DELETE FROM used_challenges WHERE expires_at <= ?",
      this.#now(),
    );
    return (
      this.sql.exec(
        "INSERT OR IGNORE INTO used_challenges VALUES (?, ?)",
        challenge,
        Number(expires),
      ).rowsWritten > 0
    );
  }

  // --- Signing in

  passkey(id: string): StoredPasskey | null {
    const row = this.sql.firstRow<
      Omit<StoredPasskey, "transports"> & { transports: string }
    >(
      "SELECT id, public_key AS publicKey, counter, transports FROM passkeys WHERE id = ?",
      id,
    );
    return row && { ...row, transports: JSON.parse(row.transports) };
  }

  /**
   * @param passkey that was just used; null for a recovery code, which can do
   * nothing but make one
   */
  begin(editor: string, passkey: string | null): SignedIn {
    const [kind, scopes] =
      passkey === null
        ? (["recovery", ["me"]] as const)
        : (["session", null] as const);
    const now = this.#now();
    const token = newSecret(SESSION_PREFIX);
    const expires =
      now + (kind === "session" ? SESSION_MS : RECOVERY_SESSION_MS);
    this.sql.exec("DELETE FROM access WHERE expires_at <= ?", now);
    const given = {
      kind,
      editor,
      label: "",
      scopes: scopes && JSON.stringify(scopes),
      passkey,
    };
    const times = {
      passkey_at: passkey === null ? null : now,
      made_at: now,
      expires_at: expires,
    };
    this.sql.insert("access", {
      hash: digest(token),
      id: crypto.randomUUID(),
      ...given,
      ...times,
    });
    return { editor, token, expires: iso(expires) };
  }

  /**
   * Signs in with a passkey whose signature was checked.
   * @param counter the authenticator's count of signatures. One that doesn't
   * rise means that the passkey was copied.
   */
  signIn(id: string, counter: number, challenge: string): Outcome<SignedIn> {
    return this.storage.transactionSync(() => {
      if (!this.useChallenge(challenge, "sign-in"))
        return { failure: { tag: "passkey-refused", why: "challenge" } };
      const query = "SELECT editor, counter, label FROM passkeys WHERE id = ?";
      const row = this.sql.firstRow<{
        editor: string;
        counter: number;
        label: string;
      }>(query, id);
      if (!row) return { failure: { tag: "passkey-refused", why: "unknown" } };
      if ((counter > 0 || row.counter > 0) && counter <= row.counter) {
        this.log(row.editor, "passkey-copied", `${row.editor}: ${row.label}`);
        return { failure: { tag: "passkey-refused", why: "copied" } };
      }
      this.sql.exec(
        "UPDATE passkeys SET counter = ?, used_on = ? WHERE id = ?",
        counter,
        day(this.#now()),
        id,
      );
      return { done: this.begin(row.editor, id) };
    });
  }

  /** Uses up a recovery code. Its session can only make a new passkey. */
  recover(editor: string, code: string): Outcome<SignedIn> {
    return this.storage.transactionSync(() => {
      const used = this.sql.exec(
        "DELETE FROM recovery_codes WHERE editor = ? AND hash = ?",
        editor,
        digest(`${editor} ${typedCode(code)}`),
      ).rowsWritten;
      if (used === 0) return { failure: { tag: "unauthorized" } };
      this.log(editor, "recover", editor);
      return { done: this.begin(editor, null) };
    });
  }

  /** Ends a session or a token. */
  end(hash: string): void {
    const row = this.sql.firstRow<AccessRow>(
      "SELECT * FROM access WHERE hash = ?",
      hash,
    );
    if (!row) return;
    this.storage.transactionSync(() => {
      this.sql.exec("DELETE FROM access WHERE hash = ?", hash);
      if (row.kind === "token")
        this.log(row.editor, "token-revoke", `${row.editor}: ${row.label}`);
    });
  }

  // --- An editor's own passkeys, codes and tokens

  store(
    editor: string,
    { id, publicKey, counter, transports, label }: VerifiedPasskey,
  ): void {
    const row = {
      id,
      editor,
      public_key: publicKey,
      counter,
      transports: JSON.stringify(transports),
      label,
    };
    this.sql.insert("passkeys", { ...row, added_at: this.#now() });
  }

  replaceCodes(editor: string): string[] {
    this.sql.exec("DELETE FROM recovery_codes WHERE editor = ?", editor);
    return Array.from({ length: RECOVERY_CODES }, () => {
      const code = newCode();
      this.sql.exec(
        "INSERT INTO recovery_codes VALUES (?, ?)",
        digest(`${editor} ${code}`),
        editor,
      );
      return printedCode(code);
    });
  }

  newCodes(editor: string): string[] {
    return this.storage.transactionSync(() => {
      this.log(editor, "recovery-codes", editor);
      return this.replaceCodes(editor);
    });
  }

  /** What a browser needs to make a further passkey. */
  furtherPasskey(
    editor: string,
  ): { handle: string; known: StoredPasskey[]; challenge: string } | null {
    const [handle] = this.sql.allValues<string>(
      "SELECT handle FROM editors WHERE name = ?",
      editor,
    );
    if (handle === undefined) return null;
    const ids = this.sql.allValues<string>(
      "SELECT id FROM passkeys WHERE editor = ?",
      editor,
    );
    const known = ids.flatMap((id) => this.passkey(id) ?? []);
    return { handle, known, challenge: this.challenge(`add ${editor}`) };
  }

  addPasskey(
    editor: string,
    passkey: VerifiedPasskey,
  ): Outcome<{ id: string }> {
    return this.storage.transactionSync(() => {
      if (!this.useChallenge(passkey.challenge, `add ${editor}`))
        return { failure: { tag: "passkey-refused", why: "challenge" } };
      if (this.passkey(passkey.id))
        return { failure: { tag: "passkey-refused", why: "known" } };
      if (this.count("passkeys", editor) >= MAX_PASSKEYS)
        return { failure: { tag: "too-many-passkeys", most: MAX_PASSKEYS } };
      this.store(editor, passkey);
      // A recovery code has done its work.
      this.sql.exec(
        "DELETE FROM access WHERE editor = ? AND kind = 'recovery'",
        editor,
      );
      this.log(editor, "passkey-add", `${editor}: ${passkey.label}`);
      return { done: { id: passkey.id } };
    });
  }

  /**
   * Removes a passkey and ends the tokens made with it, and the editor's
   * sessions, which may have been opened with it.
   */
  removePasskey(editor: string, id: string): Outcome<null> {
    return this.storage.transactionSync(() => {
      const [label] = this.sql.allValues(
        "SELECT label FROM passkeys WHERE editor = ? AND id = ?",
        editor,
        id,
      );
      if (label === undefined) return { failure: { tag: "unknown-passkey" } };
      if (this.count("passkeys", editor) === 1)
        return { failure: { tag: "last-passkey" } };
      this.sql.exec("DELETE FROM passkeys WHERE id = ?", id);
      this.sql.exec(
        "DELETE FROM access WHERE editor = ? AND (kind <> 'token' OR passkey = ?)",
        editor,
        id,
      );
      this.log(editor, "passkey-remove", `${editor}: ${label}`);
      return { done: null };
    });
  }

  count(table: "passkeys" | "recovery_codes", editor: string): number {
    return this.sql.oneValue(
      `SELECT COUNT(*) FROM ${table} WHERE editor = ?`,
      editor,
    );
  }

  credentials(kind: "token" | "session", editor: string | null): AccessRow[] {
    return this.sql.allRows(
      `SELECT * FROM access WHERE (kind = 'token') = (?1 = 'token') AND (?2 IS NULL OR editor = ?2) AND expires_at > ?3
       ORDER BY made_at DESC, rowid DESC`,
      kind,
      editor,
      this.#now(),
    );
  }

  list(editor: string): AccessList {
    return {
      passkeys: this.sql
        .allRows<{
          id: string;
          label: string;
          added: number;
          lastUsed: string | null;
        }>(
          "SELECT id, label, added_at AS added, used_on AS lastUsed FROM passkeys WHERE editor = ? ORDER BY added_at, id",
          editor,
        )
        .map((row) => ({ ...row, added: iso(row.added) })),
      recoveryCodes: this.count("recovery_codes", editor),
      tokens: this.credentials("token", editor).map(tokenOf),
      sessions: this.credentials("session", editor).length,
    };
  }

  makeToken(
    { editor, passkey }: Registrant,
    { label, scopes, days }: NewToken,
  ): Outcome<MadeToken> {
    return this.storage.transactionSync(() => {
      if (this.credentials("token", editor).length >= MAX_TOKENS)
        return { failure: { tag: "too-many-tokens", most: MAX_TOKENS } };
      const now = this.#now();
      const [id, token] = [crypto.randomUUID(), newSecret(TOKEN_PREFIX)];
      const given: Scope[] = [...new Set<Scope>(["read", ...scopes])];
      const row = {
        hash: digest(token),
        id,
        kind: "token",
        editor,
        label,
        scopes: JSON.stringify(given),
        passkey,
      };
      this.sql.insert("access", {
        ...row,
        made_at: now,
        expires_at: now + days * DAY_MS,
      });
      this.log(editor, "token", `${editor}: ${label} (${given.join(", ")})`);
      return { done: { id, token, expires: iso(now + days * DAY_MS) } };
    });
  }

  /** @param owner null when an administrator revokes anybody's */
  revokeToken(id: string, by: string, owner: string | null): boolean {
    return this.storage.transactionSync(() => {
      const query =
        "DELETE FROM access WHERE id = ?1 AND kind = 'token' AND (?2 IS NULL OR editor = ?2) RETURNING *";
      const row = this.sql.firstRow<AccessRow>(query, id, owner);
      if (!row) return false;
      this.log(by, "token-revoke", `${row.editor}: ${row.label}`);
      return true;
    });
  }
}
