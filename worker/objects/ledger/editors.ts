/** Editors: their roles and invitations. */
import { bytesToHex } from "@noble/hashes/utils.js";
import { addresses } from "../../../shared/addresses.ts";
import { looksOf } from "../../../shared/editor-name.ts";
import type { Failure } from "../../../shared/failure.ts";
import type { HookAction } from "../../editing/rules/desk.ts";
import type {
  Editor,
  EditorList,
  Invitation,
  Invited,
  NewInvitation,
  SignedIn,
} from "../../editing/rules/editor-access.ts";
import {
  MAX_EDITORS,
  type Registrant,
  type Role,
} from "../../editing/rules/roles.ts";
import { digest } from "../../runtime/digest.ts";
import { iso } from "../../runtime/iso.ts";
import { base64url, random, tokenOf, type VerifiedPasskey } from "./access.ts";
import type { Outcome } from "./command.ts";
import { LedgerPart } from "./ledger-part.ts";

const INVITATION_MS = 7 * 86_400_000;
const MAX_INVITATIONS = 100;

interface InvitationRow {
  hash: string;
  id: string;
  name: string;
  role: Role;
  invited_by: string;
  handle: string;
  expires_at: number;
}
type EditorRow = { name: string; role: Role };

export class Editors extends LedgerPart {
  readonly #access = this.journal.access;
  readonly #settings: {
    secrets: () => Record<string, string>;
    publicUrl: string;
  };

  /**
   * @param settings `secrets` is the setting EDITORS: the hash of each editor's
   * token
   */
  constructor(
    journal: WholeJournal,
    settings: { secrets: () => Record<string, string>; publicUrl: string },
  ) {
    super(journal);
    this.#settings = settings;
  }

  /** The machine's clock, as for `Access`. */
  #now(): number {
    return this.journal.clock.machine();
  }

  /**
   * @param spends the hash of a token of EDITORS that opens the door again; it
   * opens nothing afterwards
   */
  invite(
    { name, role }: NewInvitation,
    by: string,
    spends: string | null,
  ): Outcome<Invited> {
    return this.storage.transactionSync(() => {
      const now = this.#now();
      this.sql.exec("DELETE FROM invitations WHERE expires_at <= ?", now);
      // Only the operator decides who the editors in the settings are.
      const isReserved =
        spends === null &&
        !this.#access.isDoorOpen() &&
        this.#isInSettings(name);
      const failure: Failure | null = isReserved
        ? { tag: "name-taken", name, reserved: true }
        : this.#nameFault(name, by);
      if (failure) return { failure };
      // A second invitation of the same editor replaces the first.
      this.sql.exec(
        "DELETE FROM invitations WHERE lower(name) = lower(?)",
        name,
      );
      const count = (table: string) =>
        this.sql.oneValue(`SELECT COUNT(*) FROM ${table}`);
      if (
        count("invitations") >= MAX_INVITATIONS ||
        count("editors") >= MAX_EDITORS
      )
        return { failure: { tag: "too-many-editors", most: MAX_EDITORS } };
      const [id, secret] = [crypto.randomUUID(), bytesToHex(random(32))];
      const [hash, handle] = [digest(secret), base64url(random(32))];
      const expires_at = now + INVITATION_MS;
      this.sql.insert("invitations", {
        hash,
        id,
        name,
        role,
        invited_by: by,
        handle,
        expires_at,
      });
      if (spends !== null) this.#access.spend([spends]);
      this.#access.log(by, "invite", `${name}: ${role}`);
      return {
        done: {
          id,
          link: `${this.#settings.publicUrl}${addresses.invitation(secret)}`,
          expires: iso(expires_at),
        },
      };
    });
  }

  /**
   * True for a name that looks like one in EDITORS, or like one of the two that
   * set-up has confirmed.
   */
  #isInSettings(name: string): boolean {
    const names = [
      ...this.#access.firstEditors,
      ...Object.keys(this.#settings.secrets()),
    ];
    return names.some((known) => looksOf(known) === looksOf(name));
  }

  /** The first of the names that looks like this one. */
  #alike(query: string, name: string): string | undefined {
    const looks = looksOf(name);
    return this.sql
      .allValues<string>(query)
      .find((known) => looksOf(known) === looks);
  }

  /**
   * A name belongs to one editor for as long as drafts or proposals are stored
   * under it: an invitation must not hand one editor's drafts to another, or
   * let somebody approve their own proposal under a second name. An editor
   * whose passkeys a restore has left behind, and one of EDITORS who invites
   * themselves, keep their name.
   */
  #nameFault(name: string, by: string): Failure | null {
    const taken: Failure = { tag: "name-taken", name };
    const invited = this.#alike("SELECT name FROM invitations", name);
    if (invited !== undefined && invited.toLowerCase() !== name.toLowerCase())
      return taken;
    const known = this.#alike("SELECT name FROM editors", name);
    if (known !== undefined)
      return known === name && this.#access.count("passkeys", name) === 0
        ? null
        : taken;
    if (name === by && this.#access.isDoorOpen()) return null;
    return this.#alike(
      "SELECT editor AS name FROM drafts UNION SELECT editor FROM proposals",
      name,
    ) === undefined
      ? null
      : taken;
  }

  #invitation(secret: string): InvitationRow | null {
    const query = "SELECT * FROM invitations WHERE hash = ? AND expires_at > ?";
    return this.sql.firstRow(query, digest(secret), this.#now());
  }

  /**
   * @returns who is invited, and a challenge for their first passkey; null for
   * an invitation that was used, cancelled, or has run out
   */
  invitation(
    secret: string,
  ): { name: string; role: Role; handle: string; challenge: string } | null {
    const row = this.#invitation(secret);
    if (!row) return null;
    const { name, role, handle, hash } = row;
    return {
      name,
      role,
      handle,
      challenge: this.#access.challenge(`enrol ${hash}`),
    };
  }

  cancelInvitation(id: string, by: string): boolean {
    return this.storage.transactionSync(() => {
      const [name] = this.sql.allValues<string>(
        "DELETE FROM invitations WHERE id = ? RETURNING name",
        id,
      );
      if (name === undefined) return false;
      this.#access.log(by, "uninvite", name);
      return true;
    });
  }

  /**
   * Makes the invitee an editor, with a first passkey. The first administrator
   * closes the door.
   */
  enrol(
    secret: string,
    passkey: VerifiedPasskey,
  ): Outcome<SignedIn & { codes: string[]; role: Role }> {
    return this.storage.transactionSync(() => {
      const row = this.#invitation(secret);
      if (!row) return { failure: { tag: "unknown-invitation" } };
      const { name, role, hash } = row;
      if (!this.#access.useChallenge(passkey.challenge, `enrol ${hash}`))
        return { failure: { tag: "passkey-refused", why: "challenge" } };
      if (this.#access.passkey(passkey.id))
        return { failure: { tag: "passkey-refused", why: "known" } };
      this.sql.exec("DELETE FROM invitations WHERE hash = ?", hash);
      const editor = {
        name,
        role,
        added_by: row.invited_by,
        added_at: this.#now(),
        handle: row.handle,
      };
      this.sql.insert("editors", editor, "INSERT OR REPLACE");
      this.#access.addNewcomer(name, row.invited_by);
      this.#access.store(name, passkey);
      // Every token that EDITORS has now. A new one, which only the operator
      // can set, opens the door again.
      if (role === "administrator")
        this.#access.spend(Object.values(this.#settings.secrets()));
      this.#access.log(name, "enrol", `${name}: ${role}`);
      const codes = this.#access.replaceCodes(name);
      return { done: { ...this.#access.begin(name, passkey.id), codes, role } };
    });
  }

  list(): EditorList {
    const editors = this.sql
      .allRows<Omit<Editor, "added" | "sessions"> & { added: number }>(
        `SELECT name, role, added_by AS addedBy, added_at AS added, (SELECT COUNT(*) FROM passkeys WHERE editor = e.name) AS passkeys
       FROM editors e ORDER BY name`,
      )
      .map((row) => ({
        ...row,
        added: iso(row.added),
        sessions: this.#access.credentials("session", row.name).length,
      }));
    const invitations = this.sql
      .allRows<Omit<Invitation, "expires"> & { expires: number }>(
        `SELECT id, name, role, invited_by AS invitedBy, expires_at AS expires FROM invitations
       WHERE expires_at > ? ORDER BY expires_at, id`,
        this.#now(),
      )
      .map((row) => ({ ...row, expires: iso(row.expires) }));
    return {
      editors,
      invitations,
      tokens: this.#access.credentials("token", null).map(tokenOf),
    };
  }

  #editor(name: string): EditorRow | null {
    return this.sql.firstRow("SELECT * FROM editors WHERE name = ?", name);
  }

  /** The name as it is stored. A phone's keyboard begins it with a capital. */
  #storedName(name: string): string {
    if (this.#editor(name)) return name;
    return this.#alike("SELECT name FROM editors", name) ?? name;
  }

  /** Uses up a recovery code. Its session can only make a new passkey. */
  recover(name: string, code: string): Outcome<SignedIn> {
    return this.#access.recover(this.#storedName(name), code);
  }

  /** True if nobody could manage editors without this editor. */
  #isLastAdministrator({ name, role }: EditorRow): boolean {
    return (
      role === "administrator" &&
      this.#access.count("passkeys", name) > 0 &&
      this.#access.administrators() === 1
    );
  }

  /**
   * Takes effect with the editor's next request, in open desks too. Tokens that
   * may do more than the new role allows end.
   */
  changeRole(name: string, role: Role, by: string): Outcome<null> {
    return this.storage.transactionSync(() => {
      const row = this.#editor(name);
      if (!row) return { failure: { tag: "unknown-editor", name } };
      if (role !== "administrator" && this.#isLastAdministrator(row))
        return { failure: { tag: "last-administrator" } };
      if (role === row.role) return { done: null };
      this.sql.exec("UPDATE editors SET role = ? WHERE name = ?", role, name);
      if (role !== "administrator")
        this.sql.exec("DELETE FROM invitations WHERE invited_by = ?", name);
      if (role === "administrator" && this.#access.count("passkeys", name) > 0)
        this.#access.spend(Object.values(this.#settings.secrets()));
      this.#access.endTokensBeyond(name, role, by);
      this.#access.log(by, "role", `${name}: ${role}`);
      return { done: null };
    });
  }

  /**
   * Ends every session and token of an editor, and erases their passkeys,
   * drafts, and pictures that only drafts name.
   */
  remove(name: string, by: string): Outcome<null> {
    return this.storage.transactionSync(() => {
      const row = this.#editor(name);
      if (!row) return { failure: { tag: "unknown-editor", name } };
      if (this.#isLastAdministrator(row))
        return { failure: { tag: "last-administrator" } };
      this.sql.exec("DELETE FROM editors WHERE name = ?", name);
      for (const table of ["passkeys", "recovery_codes", "access", "drafts"])
        this.sql.exec(`DELETE FROM ${table} WHERE editor = ?`, name);
      // They could have sent one to themselves.
      this.sql.exec("DELETE FROM invitations WHERE invited_by = ?", name);
      this.#access.log(by, "remove", name);
      this.journal.portraits.eraseDraftsOf(name);
      return { done: null };
    });
  }

  /**
   * Logs that a webhook or an editors' chat was added or removed. The Webhooks
   * object and the Dispatcher store them.
   * @param subject the SHA-256 of its id
   * @param passkey of the editor, for what is added
   * @returns false, and logs nothing, for a chat that is linked with a code
   * whose editor has lost the role or the passkey since
   */
  recordHook(
    action: HookAction,
    editor: string,
    subject: string,
    passkey: Registrant["passkey"] = null,
  ): boolean {
    if (action === "chat-add" && this.#access.fallen([{ editor, passkey }])[0])
      return false;
    this.journal.audit.record(action, editor, subject);
    return true;
  }
}
