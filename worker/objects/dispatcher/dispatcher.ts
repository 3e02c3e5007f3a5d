import { DurableObject } from "cloudflare:workers";
import { rowOfScope } from "../../../bot/scope.ts";
import { paths } from "../../../shared/addresses.ts";
import { placesOf } from "../../../shared/case/schema.ts";
import type { Revision } from "../../../shared/revision.ts";
import { deniedBy } from "../../../shared/view/corrected.ts";
import { readsFor } from "../../reads/reads.ts";
import type { Announcement, WatchTrouble } from "../../reads/state.ts";
import { ledgerFor } from "../../runtime/bindings.ts";
import { digest, shortDigest } from "../../runtime/digest.ts";
import { log } from "../../runtime/log.ts";
import { profileOf } from "../../runtime/profiles/profiles.ts";
import { type BotSettings, botSettings } from "../../runtime/settings.ts";
import { migrate } from "../storage/migrate.ts";
import { CardEditor } from "./card-editor.ts";
import { postMarks } from "./card-rows.ts";
import { SqlCards } from "./cards.ts";
import { Chats } from "./chats.ts";
import { CircuitBreaker } from "./circuit-breaker.ts";
import { type DeskPorts, SqlDeskChats } from "./desk-chats.ts";
import { drain, lanesFor, READ_RETRY_MS, TokenBucket } from "./drain.ts";
import { FanOut } from "./fan-out.ts";
import { FollowedWords } from "./followed-words.ts";
import { FollowerBackup } from "./follower-backup.ts";
import { SqlFollowers } from "./followers.ts";
import { ForgottenRows } from "./forgotten-rows.ts";
import { type KeyStatus, keyStatus, rotateKeyPage } from "./key-rotation.ts";
import { MessageSender } from "./message-sender.ts";
import { dispatcherMigrations } from "./migrations.ts";
import { SqlOutbox } from "./outbox.ts";
import { isEdit, Queue } from "./queue.ts";
import { dayToRemindOf, readReminders } from "./reminders.ts";
import { telegramApi } from "./telegram-api.ts";
import { UpdateMessages } from "./update-messages.ts";
import { Vault } from "./vault.ts";
import { WebhookWatch } from "./webhook-watch.ts";

/** The capacity of the token bucket, which is full after a restart: small enough that no second sees 30 sends. */
const BURST_SENDS = 3;
/**
 * How long one alarm drains the queue before the next takes over. Well below the platform's limit of 15 minutes, but long, because
 * all lanes wait for the slowest one at the end of each slice.
 */
const ALARM_SLICE_MS = 120_000;

/** The key of the day whose reminders were announced last, ISO 8601. */
const REMINDED_OF = "reminded of";

/** How far back a correction looks for what it denies; an older one marks every post. */
const MAX_CORRECTED_REVISIONS = 100;

declare global {
  interface DispatcherPort extends Dispatcher {}
}

/**
 * Stores followers and cards, and sends to Telegram within its limits. An announcement is committed in one transaction and fanned out
 * to deliveries; the alarm drains them. No follower is lost. A chat gets a message twice only if the process died, or Telegram's
 * answer was lost, while that message was being sent.
 *
 * A deployment without a bot has no Dispatcher (`dispatcherFor`). Only an alarm that was set before the bot was removed still wakes
 * it; it then reads and changes nothing.
 */
export class Dispatcher extends DurableObject<Env> {
  #vault!: Vault;
  #outbox!: SqlOutbox;
  #cards!: SqlCards;
  #breaker!: CircuitBreaker;
  #backup!: FollowerBackup;
  #followers!: SqlFollowers;
  #words!: FollowedWords;
  /** Null where Telegram is a stand-in. */
  #watch: WebhookWatch | null = null;
  #forgotten!: ForgottenRows;
  #fanOut!: FanOut;
  #deskChats!: SqlDeskChats;
  #chats!: Chats;
  /** Sends what is due. */
  #drain: (now: number) => Promise<void> = async () => {};
  readonly #hasBot: boolean;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const bot = botSettings(env);
    this.#hasBot = bot !== null;
    if (bot !== null) this.#open(bot);
  }

  #open({ token, info, apiRoot, followerKey, sendsPerSecond, paidSendsPerSecond, sendsPerAlarm }: BotSettings): void {
    const { storage } = this.ctx;
    const rate = paidSendsPerSecond ?? sendsPerSecond;
    const isPaid = paidSendsPerSecond !== null;
    const links = { publicUrl: this.env.PUBLIC_URL, profile: profileOf(this.env) };
    const api = telegramApi(token, apiRoot);
    const bucket = new TokenBucket(rate, BURST_SENDS);
    migrate(storage, dispatcherMigrations, "Dispatcher");
    const breaker = new CircuitBreaker(storage, shortDigest(token));
    const fanOut = new FanOut(storage);
    const followers = new SqlFollowers(storage, fanOut);
    const deskChats = new SqlDeskChats(storage, followers);
    const cards = new SqlCards(storage, breaker);
    this.ctx.blockConcurrencyWhile(async () => {
      const vault = await Vault.open(followerKey);
      const words = new FollowedWords(storage, vault);
      if (apiRoot.startsWith("https://"))
        this.#watch = new WebhookWatch(storage, this.env.PUBLIC_URL + paths.telegram, api);
      const outbox = new SqlOutbox(storage, followers, fanOut, vault, breaker, () => this.#watch?.isOurs ?? true);
      outbox.releaseHeld(Date.now());
      outbox.recover(Date.now());
      cards.recover(Date.now(), vault.keyIds);
      const parts = { followers, words, fanOut, deskChats, cards, outbox, vault, breaker, api, bucket, links };
      const reads = () => readsFor(this.env);
      const editor = new CardEditor({ ...parts, bot: info.username, read: (id) => reads().case(id) });
      const sender = new MessageSender({ ...parts, messages: new UpdateMessages(links, info), isPaid, reads });
      const queue = new Queue(outbox, cards, breaker);
      this.#drain = async (now) => {
        await breaker.probe(now, () => api("getMe"));
        await drain({
          outbox: queue,
          clock: { now: Date.now, sleep: (milliseconds) => scheduler.wait(milliseconds) },
          send: (job) => (isEdit(job) ? editor.edit(job) : sender.send(job)),
          bucket,
          // Only loud corrections are paid for.
          cost: (job) => (isPaid && !isEdit(job) && job.correction ? 1 : rate / sendsPerSecond),
          lanes: lanesFor(rate),
          sends: sendsPerAlarm,
          until: now + ALARM_SLICE_MS,
        });
      };
      const forgotten = new ForgottenRows(
        storage,
        () => this.env,
        () => this.#arm(0),
      );
      this.#chats = new Chats({
        ...parts,
        sql: storage.sql,
        editor,
        forgotten,
        deskPorts: this.#deskPorts,
        arm: () => this.#arm(0),
        inBackground: (work) => this.ctx.waitUntil(work),
      });
      this.#forgotten = forgotten;
      this.#backup = new FollowerBackup(storage, vault, words, forgotten, {
        record: (editor, sha256) => ledgerFor(this.env).audit.record("followers-export", editor, sha256),
        onRestored: () => this.#arm(0),
      });
      this.#breaker = breaker;
      this.#fanOut = fanOut;
      this.#followers = followers;
      this.#words = words;
      this.#deskChats = deskChats;
      this.#cards = cards;
      this.#vault = vault;
      this.#outbox = outbox;
      await this.#tidy();
      // A new key or token may have released work that must not wait for the alarm set earlier.
      this.#arm(0);
    });
  }

  readonly #deskPorts: DeskPorts = {
    read: (...question) => ledgerFor(this.env).audit.proposalEvents(...question),
    record: ({ editor, passkey }, id) =>
      ledgerFor(this.env).editors.recordHook("chat-add", editor, digest(id), passkey),
    fallen: (registrants) => ledgerFor(this.env).access.fallen(registrants),
  };

  // The facets

  get chats() {
    return this.#chats;
  }

  get deskChats() {
    return this.#deskChats;
  }

  /** For an erasure: `words.matching(names)` before it is committed. Its announcement carries their rows. */
  get words() {
    return this.#words;
  }

  get outbox() {
    return this.#outbox;
  }

  get followerBackup() {
    return this.#backup;
  }

  /** Called by the cron trigger. */
  async wake(): Promise<void> {
    this.#forgotten.upload.run(true);
    await this.#tidy();
    await this.tellDesk().catch((error) => log.error("Dispatcher: reading what editors did failed", error));
    await this.#remind(Date.now());
    await this.#watch?.look(Date.now());
  }

  /** Announces the reminders of a day, once read: a case that changes later is told then. */
  async #remind(now: number): Promise<void> {
    const day = dayToRemindOf(now);
    if (day === this.ctx.storage.kv.get(REMINDED_OF)) return;
    const reminders = await readReminders(readsFor(this.env), now).catch(() => null);
    if (reminders === null) return;
    for (const reminder of reminders) this.#fanOut.remind(reminder, now);
    this.ctx.storage.kv.put(REMINDED_OF, day);
    if (reminders.length > 0) this.#arm(0);
  }

  /** Deletes expired rows, and sets the alarm again if Cloudflare gave up retrying it. */
  async #tidy(): Promise<void> {
    this.#cards.sharers.dropIdle(Date.now());
    this.#cards.posts.dropOld(Date.now());
    this.#chats.dropOldUpdates(Date.now());
    this.#forgotten.dropOld(Date.now());
    this.#words.dropTold();
    if ((await this.ctx.storage.getAlarm()) === null) this.#arm(0);
  }

  #arm(notBefore: number): void {
    const now = Date.now();
    const { upload } = this.#forgotten;
    const dues = [this.#breaker.probeAt(), this.#outbox.nextDue(now), this.#cards.nextDue(), upload.nextDue()];
    const due = dues.filter((at) => at !== null).sort((a, b) => a - b)[0];
    if (due !== undefined) void this.ctx.storage.setAlarm(Math.max(due, notBefore, now));
  }

  /** Commits an announcement; the deliveries follow. Idempotent. */
  async announce(announcement: Announcement): Promise<void> {
    const { id, number, kind } = announcement;
    const state = await readsFor(this.env).case(id);
    const fields = state.state === "present" ? state.record.case : null;
    const scopes = fields && [...placesOf(fields), ...(await this.#words.scopesIn(fields))];
    const erased = this.#words.erase(announcement.words ?? []);
    for (const scope of erased) this.#forgotten.add({ word: rowOfScope(scope) }, Date.now());
    this.#fanOut.announce(announcement, Date.now(), scopes, erased);
    const isErased = kind === "redaction" || kind === "withdrawal" || state.state === "withdrawn";
    const corrects = kind === "correction" && !isErased;
    const mark = isErased ? postMarks.erased : postMarks[corrects ? "corrected" : "none"];
    this.#cards.announce(id, number, mark, corrects ? await this.#wrongSince(id, number) : 0);
    this.#arm(0);
  }

  /** The first revision whose posts say what a correction denies. One that changes only wording marks the newest posts. */
  async #wrongSince(id: string, number: number): Promise<number> {
    const history = (await readsFor(this.env).leasedHistory(id, null, MAX_CORRECTED_REVISIONS)).value?.revisions ?? [];
    const at = history.findIndex((revision) => revision.number === number);
    const denied = at < 0 ? [] : deniedBy(history[at] as Revision, history.slice(at + 1));
    return Math.min(number - 1, ...denied);
  }

  /** Queues parked messages and failed cards again. @returns the number of messages */
  async retryParked(): Promise<number> {
    const now = Date.now();
    const count = this.#outbox.retryParked(now);
    this.#cards.retry(now);
    this.#arm(0);
    return count;
  }

  /** Re-encrypts a page of rows that are sealed with older keys. @returns the number of rows under each kind of key */
  async rotateKeys(): Promise<KeyStatus> {
    await rotateKeyPage(this.ctx.storage, this.#followers, this.#vault);
    return keyStatus(this.ctx.storage.sql, this.#vault);
  }

  override async alarm(): Promise<void> {
    if (!this.#hasBot) return;
    this.#forgotten.upload.run();
    let rest = 0;
    try {
      const now = Date.now();
      this.#outbox.recover(now);
      await this.#drain(now);
    } catch (error) {
      log.error("Dispatcher: the alarm failed", error);
      rest = Date.now() + READ_RETRY_MS;
    }
    try {
      this.#arm(rest);
    } catch (error) {
      // The cron trigger sets the alarm again within a minute. A throw would only use up the platform's retries.
      log.error("Dispatcher: setting the alarm failed", error);
    }
  }

  /** Called by the cron trigger with all that is wrong. */
  tellTroubles(troubles: WatchTrouble[]): void {
    if (this.#deskChats.tellTroubles(troubles, Date.now())) this.#arm(0);
  }

  /** Queues what editors did with proposals since the last call. Called after each such action, and by the cron trigger. */
  async tellDesk(): Promise<void> {
    if (await this.#deskChats.catchUp(this.#deskPorts, Date.now())) this.#arm(0);
  }
}
