/**
 * Webhooks and their outbox, in the SQLite of the Webhooks object. The log of
 * changes is the outbox: each hook has a position in it, which is written after
 * the receiver has accepted the change. So no change is lost, and one is sent
 * twice, under the same id, only if the process died or the answer was lost in
 * between.
 */
import { base64Of, bytesIn } from "../../../shared/base64.ts";
import type { LocaleTag } from "../../../shared/locale.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import {
  type Hook,
  type HookShape,
  type HookTopic,
  MAX_HOOKS,
  type NewHook,
  type RegisteredHook,
} from "../../editing/rules/hooks.ts";
import type { Fallen, Registrant } from "../../editing/rules/roles.ts";
import type {
  ChangeCursor,
  ChangePage,
  LoggedChange,
  ProposalEventPage,
  WatchTrouble,
} from "../../reads/state.ts";
import { iso } from "../../runtime/iso.ts";
import { migrate } from "../storage/migrate.ts";
import { StoragePart } from "../storage/queries.ts";
import { newsOfTroubles } from "../storage/troubles.ts";
import { webhookMigrations } from "./migrations.ts";
import { type HookChange, isProposalEvent, payloadOf } from "./payload.ts";

const MAX_DEAD_SHOWN = 100;
const PAGE_CHANGES = 100;
const SECRET_BYTES = 32;

const newSecret = (): string =>
  `whsec_${base64Of(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)))}`;

/**
 * The delay after each failed attempt. After the last one the change is given
 * up.
 */
const RETRY_DELAYS_MS = [
  5_000, 30_000, 120_000, 600_000, 1_800_000, 3_600_000, 10_800_000, 21_600_000,
  43_200_000,
];

export interface HookPorts {
  /** Milliseconds since the epoch. */
  now(): number;
  /** A page of the log of changes; null when the cursor is of another log. */
  read(since: ChangeCursor | null, limit: number): Promise<ChangePage | null>;
  /**
   * A page of what the audit log has about proposals; null when the cursor is
   * of another log.
   */
  readProposals(
    since: ChangeCursor | null,
    limit: number,
  ): Promise<ProposalEventPage | null>;
  /** What has become of those who registered the hooks, by the Ledger. */
  fallen(registrants: Registrant[]): Promise<(Fallen | null)[]>;
  /** Every IP address of a host. */
  resolve(host: string): Promise<string[]>;
  /** Sends a body without following redirects. @returns the status */
  post(
    url: string,
    body: string,
    headers: Record<string, string>,
  ): Promise<number>;
  /** Sets the alarm: a hook became due. */
  arm(): void;
}

interface Row {
  id: string;
  url: string;
  topic: HookTopic;
  shape: HookShape;
  lang: LocaleTag;
  secret: string;
  editor: string;
  passkey: string | null;
  added: number;
  suspended: Fallen | null;
  log: string;
  position: number;
  attempts: number;
  due_at: number | null;
  trouble: string | null;
  ended: number;
}

/**
 * Entries that say something new: not what was erased, can't be shown, or was
 * logged again before a later revision.
 */
const isNews = (change: HookChange, page: LoggedChange[]): boolean =>
  isProposalEvent(change) ||
  change.state === "present" ||
  (change.state === "withdrawn" &&
    !page.some(
      ({ id, revision }) =>
        id === change.id && revision.number > change.revision.number,
    ));

// Loaded when there is a hook, because most isolates don't need its library.
const addressModule = () => import("./address.ts");

/**
 * Signs a message by Standard Webhooks (https://www.standardwebhooks.com).
 * @param secret "whsec_" and base64
 */
async function signatureOf(secret: string, message: string): Promise<string> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey(
    "raw",
    bytesIn(secret.replace("whsec_", "")),
    algorithm,
    false,
    ["sign"],
  );
  const signature = await crypto.subtle.sign(
    "HMAC",
    key,
    new TextEncoder().encode(message),
  );
  return `v1,${base64Of(new Uint8Array(signature))}`;
}

export class Hooks extends StoragePart {
  readonly #ports: HookPorts;
  readonly #place: { publicUrl: string; profile: Profile };
  /** Hooks whose run is under way. */
  readonly #running = new Set<string>();
  /** Counts nudges, because one may come while an older page is on its way. */
  #nudges = 0;

  constructor(
    storage: DurableObjectStorage,
    ports: HookPorts,
    place: { publicUrl: string; profile: Profile },
  ) {
    super(storage);
    migrate(storage, webhookMigrations, "Webhooks");
    this.#ports = ports;
    this.#place = place;
  }

  #rows(): Row[] {
    return this.sql.allRows("SELECT * FROM hooks ORDER BY rowid");
  }

  #row(id: string): Row | null {
    return this.sql.firstRow("SELECT * FROM hooks WHERE id = ?", id);
  }

  #read(
    topic: HookTopic,
    since: ChangeCursor | null,
    limit: number,
  ): Promise<ChangePage | ProposalEventPage | null> {
    return topic === "proposals"
      ? this.#ports.readProposals(since, limit)
      : this.#ports.read(since, limit);
  }

  /** The newest position of the log. */
  async #newest(topic: HookTopic): Promise<ChangeCursor> {
    const page = await this.#read(topic, null, 1);
    return { log: page?.log ?? "", position: page?.newest ?? 0 };
  }

  /**
   * Registers a hook for changes from now on.
   * @returns null when there are too many; `fault` when the address is refused
   */
  async add(
    { url, topic, shape, lang }: NewHook,
    { editor, passkey }: Registrant,
  ): Promise<RegisteredHook | { fault: string } | null> {
    const { webAddressFault } = await addressModule();
    const fault = webAddressFault(url, new URL(this.#place.publicUrl).hostname);
    if (fault !== null) return { fault };
    const { log, position } = await this.#newest(topic);
    if (this.#rows().length >= MAX_HOOKS) return null;
    const id = crypto.randomUUID();
    const secret = newSecret();
    const registered = { editor, passkey, added: this.#ports.now() };
    this.sql.insert("hooks", {
      id,
      url,
      topic,
      shape,
      lang,
      secret,
      ...registered,
      log,
      position,
    });
    return { id, secret };
  }

  /**
   * Makes an editor answerable for a hook, which goes on where it stopped. Its
   * secret is new, because whoever registered it knows the old one.
   * @returns null when there is no such hook
   */
  takeOver(id: string, { editor, passkey }: Registrant): RegisteredHook | null {
    const secret = newSecret();
    const { rowsWritten } = this.sql.exec(
      `UPDATE hooks SET editor = ?1, passkey = ?2, secret = ?3, suspended = NULL, ended = 0, attempts = 0, trouble = NULL,
       added = ?4, due_at = ?4 WHERE id = ?5`,
      ...[editor, passkey, secret, this.#ports.now(), id],
    );
    this.#ports.arm();
    return rowsWritten > 0 ? { id, secret } : null;
  }

  /**
   * Suspends the hooks of editors who have left, or have lost the role or the
   * passkey. Asked before each run, so that no call can be missed.
   */
  async #suspend(): Promise<void> {
    const rows = this.#rows().filter(({ suspended }) => suspended === null);
    if (rows.length === 0) return;
    const fallen = await this.#ports.fallen(
      rows.map(({ editor, passkey }) => ({ editor, passkey })),
    );
    for (const [index, { id, editor }] of rows.entries()) {
      // Somebody may have taken it over meanwhile.
      const query =
        "UPDATE hooks SET suspended = ?, due_at = NULL WHERE id = ? AND editor = ?";
      if (fallen[index]) this.sql.exec(query, fallen[index], id, editor);
    }
  }

  async list(): Promise<Hook[]> {
    await this.#suspend();
    return this.#rows().map((row) => ({
      id: row.id,
      host: new URL(row.url).host,
      topic: row.topic,
      shape: row.shape,
      lang: row.lang,
      editor: row.editor,
      added: iso(row.added),
      position: row.position,
      attempts: row.attempts,
      trouble: row.trouble,
      next: row.due_at === null ? null : iso(row.due_at),
      suspended: row.suspended,
      ended: row.ended === 1,
      dead: this.sql
        .allRows<{
          change: number;
          case: string;
          revision: number;
          reason: string;
          at: number;
        }>(
          `SELECT change, case_id AS "case", number AS revision, reason, at FROM dead WHERE hook = ? ORDER BY change DESC LIMIT ?`,
          row.id,
          MAX_DEAD_SHOWN,
        )
        .map((letter) => ({ ...letter, at: iso(letter.at) })),
    }));
  }

  remove(id: string): boolean {
    this.sql.exec("DELETE FROM dead WHERE hook = ?", id);
    this.storage.kv.delete(`troubles ${id}`);
    return this.sql.exec("DELETE FROM hooks WHERE id = ?", id).rowsWritten > 0;
  }

  /**
   * Delivers every change from a number on again, and forgets the dead letters
   * among them.
   */
  replay(id: string, from: number): boolean {
    const isKnown = this.storage.transactionSync(() => {
      this.sql.exec(
        "DELETE FROM dead WHERE hook = ? AND change >= ?",
        id,
        from,
      );
      const query = `UPDATE hooks SET position = ?, attempts = 0, trouble = NULL, ended = 0,
        due_at = iif(suspended IS NULL, ?, NULL) WHERE id = ?`;
      return (
        this.sql.exec(query, Math.max(0, from - 1), this.#ports.now(), id)
          .rowsWritten > 0
      );
    });
    this.#ports.arm();
    return isKnown;
  }

  /**
   * Looks for changes with the next run: called at each moment, and by the cron
   * trigger. Hooks that wait for another attempt keep their time.
   */
  nudge(): void {
    this.#nudges++;
    this.sql.exec(
      "UPDATE hooks SET due_at = ? WHERE due_at IS NULL AND ended = 0 AND suspended IS NULL",
      this.#ports.now(),
    );
    this.#ports.arm();
  }

  /**
   * Called by the cron trigger with all that is wrong. Sent at once and not
   * from the log, which may be what can't be reached; what a receiver didn't
   * accept is sent again with the next minute's.
   */
  async tellTroubles(troubles: readonly WatchTrouble[]): Promise<void> {
    const { kv } = this.storage;
    const rows = this.#rows().filter(
      ({ topic, ended, suspended }) =>
        topic === "proposals" && !ended && !suspended,
    );
    await Promise.all(
      rows.map(async (row) => {
        const key = `troubles ${row.id}`;
        const before = kv.get<WatchTrouble[]>(key);
        for (const event of newsOfTroubles(
          kv,
          key,
          troubles,
          this.#ports.now(),
        ))
          if ((await this.#send(row, event)) !== null)
            kv.put(key, before ?? []);
      }),
    );
  }

  /** When a hook is due that no run is under way for; null when none is. */
  nextDue(): number | null {
    const due = this.#rows().flatMap(({ id, due_at: at }) =>
      at === null || this.#running.has(id) ? [] : [at],
    );
    return due.length === 0 ? null : Math.min(...due);
  }

  /**
   * Runs every hook that is due, at the same time, so that a slow receiver
   * delays no other.
   */
  async run(): Promise<void> {
    const due = this.#rows().filter(
      ({ id, due_at: at }) =>
        at !== null && at <= this.#ports.now() && !this.#running.has(id),
    );
    if (due.length === 0) return;
    const suspended = this.#suspend();
    await Promise.all(
      due.map(async ({ id }) => {
        this.#running.add(id);
        await suspended
          .then(() => this.#runOne(id))
          .finally(() => this.#running.delete(id));
      }),
    );
  }

  async #runOne(id: string): Promise<void> {
    for (;;) {
      const row = this.#row(id);
      if (!row || row.ended || row.suspended) return;
      const nudges = this.#nudges;
      const page = await this.#read(
        row.topic,
        { log: row.log, position: row.position },
        PAGE_CHANGES,
      );
      if (page === null) {
        // After a restore, old changes are not news.
        const { log, position } = await this.#newest(row.topic);
        this.sql.exec(
          "UPDATE hooks SET log = ?, position = ? WHERE id = ?",
          log,
          position,
          id,
        );
        continue;
      }
      for (const change of page.changes) {
        // Suspended or removed since the page was read.
        if (this.#row(id)?.suspended !== null) return;
        if (
          isNews(change, page.changes as LoggedChange[]) &&
          !(await this.#deliver(row, change))
        )
          return;
        // A replay may have moved the position meanwhile; then the next page
        // begins there.
        if (!this.#advance(row, change.change)) break;
        row.position = change.change;
      }
      if (
        page.more ||
        nudges !== this.#nudges ||
        this.#row(id)?.position !== row.position
      )
        continue;
      if (this.#advance(row, page.next)) {
        this.sql.exec(
          "UPDATE hooks SET due_at = NULL, trouble = NULL WHERE id = ? AND position = ?",
          id,
          page.next,
        );
        return;
      }
    }
  }

  #advance({ id, position }: Row, to: number): boolean {
    const query =
      "UPDATE hooks SET position = ?, attempts = 0 WHERE id = ? AND position = ?";
    return this.sql.exec(query, to, id, position).rowsWritten > 0;
  }

  /** @returns true when the hook can go on with the next change */
  async #deliver(row: Row, change: HookChange): Promise<boolean> {
    const trouble = await this.#send(row, change);
    if (trouble === null) return true;
    const { id } = row;
    const now = this.#ports.now();
    if (trouble === "gone") {
      const ended =
        "UPDATE hooks SET ended = 1, due_at = NULL, trouble = 'the receiver answered 410' WHERE id = ?";
      this.sql.exec(ended, id);
      return false;
    }
    const attempts = this.#row(id)?.attempts ?? 0;
    const delay = RETRY_DELAYS_MS[attempts];
    if (delay === undefined) {
      this.sql.exec(
        "INSERT OR REPLACE INTO dead VALUES (?, ?, ?, ?, ?, ?)",
        ...[
          id,
          change.change,
          change.id,
          change.revision.number ?? 0,
          trouble,
          now,
        ],
      );
      return true;
    }
    const query =
      "UPDATE hooks SET attempts = attempts + 1, due_at = ?, trouble = ? WHERE id = ?";
    this.sql.exec(query, now + delay, trouble, id);
    return false;
  }

  /**
   * @returns why it failed, "gone" for 410, or null when the receiver has
   * accepted it
   */
  async #send(
    { id, url, shape, lang, secret }: Row,
    change: HookChange,
  ): Promise<"gone" | string | null> {
    const { publicUrl } = this.#place;
    const { webAddressFault, isPublicIp } = await addressModule();
    const fault = webAddressFault(url, new URL(publicUrl).hostname);
    if (fault !== null) return `the address must ${fault}`;
    try {
      // At each attempt, because the name may lead elsewhere than when it was
      // registered.
      const ips = await this.#ports.resolve(new URL(url).hostname);
      if (ips.length === 0) return "the host has no IP address";
      if (!ips.every(isPublicIp)) return "the host leads to a private network";
      const now = this.#ports.now();
      const body = JSON.stringify(
        payloadOf(change, shape, { ...this.#place, locale: lang }, now),
      );
      // Equal for all attempts at a change, so that receivers can drop
      // repetitions.
      const message = `${id}-${change.change}`;
      const timestamp = String(Math.floor(now / 1_000));
      const status = await this.#ports.post(url, body, {
        "Content-Type": "application/json",
        "webhook-id": message,
        "webhook-timestamp": timestamp,
        "webhook-signature": await signatureOf(
          secret,
          `${message}.${timestamp}.${body}`,
        ),
      });
      if (status >= 200 && status < 300) return null;
      if (status === 410) return "gone";
      return status >= 300 && status < 400
        ? `the receiver answered ${status}, and redirects are not followed`
        : `the receiver answered ${status}`;
    } catch (error) {
      // An error's text could repeat the address, which may be a secret.
      return error instanceof Error && error.name === "TimeoutError"
        ? "no answer in time"
        : "no connection";
    }
  }
}
