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
import {
  type BotSettings,
  botSettings,
  type PushSettings,
  pushSettings,
} from "../../runtime/settings.ts";
import { migrate } from "../storage/migrate.ts";
import { CardEditor } from "./card-editor.ts";
import { postMarks } from "./card-rows.ts";
import { SqlCards } from "./cards.ts";
import type { Carrier } from "./carrier.ts";
import { Chats } from "./chats.ts";
import { CircuitBreaker, ServiceBreakers } from "./circuit-breaker.ts";
import { DeliverySender } from "./delivery-sender.ts";
import { type DeskPorts, SqlDeskChats } from "./desk-chats.ts";
import { Devices } from "./devices.ts";
import { drain, READ_RETRY_MS, TokenBucket } from "./drain.ts";
import { FanOut } from "./fan-out.ts";
import { FollowedWords } from "./followed-words.ts";
import { FollowerBackup } from "./follower-backup.ts";
import { SqlFollowers } from "./followers.ts";
import { ForgottenRows } from "./forgotten-rows.ts";
import { keyStatus, rotateKeyPage } from "./key-rotation.ts";
import { dispatcherMigrations } from "./migrations.ts";
import { SqlOutbox } from "./outbox.ts";
import type { Parts } from "./parts.ts";
import { pushCarrier } from "./push-carrier.ts";
import { isEdit, Queue } from "./queue.ts";
import { pushRanks, telegramRanks } from "./rank.ts";
import { dayToRemindOf, readReminders } from "./reminders.ts";
import { telegramApi } from "./telegram-api.ts";
import { telegramCarrier } from "./telegram-carrier.ts";
import { Vault } from "./vault.ts";
import { webhookWatch } from "./webhook-watch.ts";

/**
 * The capacity of a token bucket, which is full after a restart: small enough
 * that no second sees 30 sends to Telegram.
 */
const BURST_SENDS = 3;
/**
 * How long one alarm drains the queue before the next takes over. Well below
 * the platform's limit of 15 minutes, but long, because all lanes wait for the
 * slowest one at the end of each slice.
 */
const ALARM_SLICE_MS = 120_000;

const KEY_MISSING =
  "Dispatcher: FOLLOWER_KEY lacks the key that some chat ids are sealed with. Their messages wait until it is added.";

/** The key of the day whose reminders were announced last, ISO 8601. */
const REMINDED_OF = "reminded of";

/**
 * How far back a correction looks for what it denies; an older one marks every
 * post.
 */
const MAX_CORRECTED_REVISIONS = 100;

declare global {
  interface DispatcherPort extends Dispatcher {}
}

/** What the sends of a carrier need. */
interface Line {
  outbox: SqlOutbox;
  /** Sends what is due. */
  run(now: number): Promise<unknown>;
  /** While it sends. */
  running?: Promise<unknown> | undefined;
}

/**
 * Stores followers and cards, and sends by each carrier within its limits. An
 * announcement is committed in one transaction and fanned out to deliveries;
 * the alarm drains them. No follower is lost. A place gets a message twice only
 * if the process died, or the carrier's answer was lost, while that message was
 * being sent.
 *
 * A deployment without any carrier has no Dispatcher (`dispatcherFor`). Only an
 * alarm that was set before the last one was removed still wakes it; it then
 * reads and changes nothing.
 */
export class Dispatcher extends DurableObject<Env> {
  #parts!: Parts;
  #backup!: FollowerBackup;
  /** Null without a bot, and where Telegram is a stand-in. */
  #watch: ReturnType<typeof webhookWatch> | null = null;
  #chats!: Chats;
  #devices!: Devices;
  #services!: ServiceBreakers;
  /** One for each carrier of the deployment; empty until everything is open. */
  #lines: Line[] = [];
  /** An alarm sends. The platform begins the next one only after it. */
  #isSending = false;
  /** Null without any carrier. */
  readonly #followerKey: string | null;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const [bot, push] = [botSettings(env), pushSettings(env)];
    this.#followerKey = bot?.followerKey ?? push?.followerKey ?? null;
    if (this.#followerKey !== null) this.#open(this.#followerKey, bot, push);
  }

  #open(
    followerKey: string,
    bot: BotSettings | null,
    push: PushSettings | null,
  ): void {
    const { storage } = this.ctx;
    const links = {
      publicUrl: this.env.PUBLIC_URL,
      profile: profileOf(this.env),
    };
    migrate(storage, dispatcherMigrations, "Dispatcher");
    const breaker = new CircuitBreaker(storage, shortDigest(bot?.token ?? ""));
    const ranks = [
      ...(bot ? [telegramRanks] : []),
      ...(push ? [pushRanks] : []),
    ];
    const fanOut = new FanOut(storage, undefined, ranks);
    const followers = new SqlFollowers(storage, fanOut);
    const deskChats = new SqlDeskChats(storage, followers);
    this.ctx.blockConcurrencyWhile(async () => {
      const vault = await Vault.open(followerKey);
      const words = new FollowedWords(storage, vault);
      const cards = new SqlCards(storage, breaker, vault);
      if (followers.hasUnreadable(vault.keyIds)) log.error(KEY_MISSING);
      const arm = () => this.#arm(0);
      const forgotten = new ForgottenRows(storage, () => this.env, arm);
      const reads = () => readsFor(this.env);
      const parts: Parts = {
        ...{
          storage,
          vault,
          followers,
          words,
          fanOut,
          deskChats,
          cards,
          breaker,
          forgotten,
          links,
          reads,
          arm,
        },
      };
      const services = new ServiceBreakers(
        storage,
        shortDigest(push?.keys[0].publicKey ?? ""),
      );
      this.#services = services;
      const signs = () => ({
        running: breaker.isAccepted,
        devices: services.isAccepted,
        webhook: this.#watch?.isOurs ?? true,
      });
      const lineOf = (
        carrier: Carrier,
        breakers: CircuitBreaker | ServiceBreakers,
        bucket: TokenBucket,
        edits?: CardEditor,
      ): Line => {
        const outbox = new SqlOutbox(parts, breakers, carrier, signs);
        outbox.recover(Date.now());
        const sender = new DeliverySender({ ...parts, carrier });
        const queue = new Queue(outbox, edits ? cards : null, breakers);
        const { batch, lanes, sendsPerAlarm: sends } = carrier;
        const run = async (now: number) => {
          if (carrier.probe && breakers instanceof CircuitBreaker)
            await breakers.probe(now, () => carrier.probe!());
          return drain({
            outbox: queue,
            clock: {
              now: Date.now,
              sleep: (milliseconds) => scheduler.wait(milliseconds),
            },
            send: (job) =>
              isEdit(job) ? (edits as CardEditor).edit(job) : sender.send(job),
            verdictOn: (...answer) => carrier.verdictOn(...answer),
            bucket,
            ...{ batch, lanes, sends, until: now + ALARM_SLICE_MS },
          });
        };
        return { outbox, run };
      };
      if (bot) {
        const api = telegramApi(bot.token, bot.apiRoot);
        if (bot.apiRoot.startsWith("https://"))
          this.#watch = webhookWatch(
            storage,
            this.env.PUBLIC_URL + paths.telegram,
            api,
          );
        const carrier = telegramCarrier(bot, api, links);
        const bucket = new TokenBucket(carrier.sendsPerSecond, BURST_SENDS);
        const editor = new CardEditor({
          ...parts,
          api,
          bucket,
          bot: bot.info.username,
          read: (id) => reads().case(id),
          history: (id) => this.#history(id),
        });
        const line = lineOf(carrier, breaker, bucket, editor);
        this.#lines.push(line);
        this.#chats = new Chats({
          ...{ ...parts, ...line, editor, deskPorts: this.#deskPorts },
          inBackground: (work) => this.ctx.waitUntil(work),
        });
      }
      if (push) {
        const carrier = pushCarrier(push, this.env, vault, words);
        const bucket = new TokenBucket(carrier.sendsPerSecond, carrier.batch);
        this.#lines.push(lineOf(carrier, services, bucket));
        this.#devices = new Devices(parts);
      }
      this.#parts = parts;
      this.#backup = new FollowerBackup(parts, (editor, sha256) =>
        ledgerFor(this.env).audit.record("followers-export", editor, sha256),
      );
      await this.#tidy();
      // A new key or token may have released work that must not wait for the
      // alarm set earlier.
      this.#arm(0);
    });
  }

  readonly #deskPorts: DeskPorts = {
    read: (...question) =>
      ledgerFor(this.env).audit.proposalEvents(...question),
    record: ({ editor, passkey }, id) =>
      ledgerFor(this.env).editors.recordHook(
        "chat-add",
        editor,
        digest(id),
        passkey,
      ),
    fallen: (registrants) => ledgerFor(this.env).access.fallen(registrants),
  };

  // The facets

  get chats() {
    return this.#chats;
  }

  get deskChats() {
    return this.#parts.deskChats;
  }

  /**
   * For an erasure: `words.matching(names)` before it is committed. Its
   * announcement carries their rows.
   */
  get words() {
    return this.#parts.words;
  }

  /** For what is asked of all carriers' messages. */
  get outbox() {
    return this.#lines[0]?.outbox as SqlOutbox;
  }

  get devices() {
    return this.#devices;
  }

  get followerBackup() {
    return this.#backup;
  }

  /** Called by the cron trigger. */
  async wake(): Promise<void> {
    this.#parts.forgotten.upload.run(true);
    await this.#tidy();
    await this.tellDesk().catch((error) =>
      log.error("Dispatcher: reading what editors did failed", error),
    );
    await this.#remind(Date.now());
    await this.#watch?.look(Date.now());
  }

  /**
   * Announces the reminders of a day, once read: a case that changes later is
   * told then.
   */
  async #remind(now: number): Promise<void> {
    const day = dayToRemindOf(now);
    if (day === this.ctx.storage.kv.get(REMINDED_OF)) return;
    const reminders = await readReminders(readsFor(this.env), now).catch(
      () => null,
    );
    if (reminders === null) return;
    for (const reminder of reminders) this.#parts.fanOut.remind(reminder, now);
    this.ctx.storage.kv.put(REMINDED_OF, day);
    if (reminders.length > 0) this.#arm(0);
  }

  /**
   * Deletes expired rows, and sets the alarm again if Cloudflare gave up
   * retrying it.
   */
  async #tidy(): Promise<void> {
    this.#parts.cards.dropIdleSharers(Date.now());
    this.#parts.cards.dropOldPosts(Date.now());
    this.#chats?.dropOldUpdates(Date.now());
    this.#parts.forgotten.dropOld(Date.now());
    this.#parts.words.dropTold();
    this.#services.dropIdle();
    if ((await this.ctx.storage.getAlarm()) === null) this.#arm(0);
  }

  #arm(notBefore: number): void {
    const now = Date.now();
    const { upload } = this.#parts.forgotten;
    const ofBot = this.#chats
      ? [this.#parts.breaker.probeAt(), this.#parts.cards.nextDue(now)]
      : [];
    const dues = [
      ...this.#lines.map(({ outbox }) => outbox.nextDue(now)),
      ...ofBot,
      upload.nextDue(),
    ];
    const due = dues.filter((at) => at !== null).sort((a, b) => a - b)[0];
    if (due !== undefined)
      void this.ctx.storage.setAlarm(Math.max(due, notBefore, now));
    // One carrier's news doesn't wait until the other has sent its own.
    for (const line of this.#isSending ? this.#lines : [])
      if (
        !line.running &&
        (line.outbox.nextDue(now) ?? Number.POSITIVE_INFINITY) <= now
      )
        void this.#run(line, now).catch((error) =>
          log.error("Dispatcher: sending failed", error),
        );
  }

  #run(line: Line, now: number): Promise<unknown> {
    line.running ??= line.run(now).finally(() => {
      line.running = undefined;
    });
    return line.running;
  }

  /** Commits an announcement; the deliveries follow. Idempotent. */
  async announce(announcement: Announcement): Promise<void> {
    const { id, number, kind } = announcement;
    const state = await readsFor(this.env).case(id);
    const fields = state.state === "present" ? state.record.case : null;
    const scopes = fields && [
      ...placesOf(fields),
      ...(await this.#parts.words.scopesIn(fields)),
    ];
    const erased = this.#parts.words.erase(announcement.words ?? []);
    for (const scope of erased)
      this.#parts.forgotten.add({ word: rowOfScope(scope) }, Date.now());
    this.#parts.fanOut.announce(announcement, Date.now(), scopes, erased);
    const isErased =
      kind === "redaction" ||
      kind === "withdrawal" ||
      state.state === "withdrawn";
    const corrects = kind === "correction" && !isErased;
    const mark = isErased
      ? postMarks.erased
      : postMarks[corrects ? "corrected" : "none"];
    this.#parts.cards.announce(
      id,
      number,
      mark,
      corrects ? await this.#wrongSince(id, number) : 0,
    );
    this.#arm(0);
  }

  async #history(id: string): Promise<Revision[]> {
    return (
      (
        await readsFor(this.env).leasedHistory(
          id,
          null,
          MAX_CORRECTED_REVISIONS,
        )
      ).value?.revisions ?? []
    );
  }

  /**
   * The first revision whose posts say what a correction denies. One that
   * changes only wording marks the newest posts.
   */
  async #wrongSince(id: string, number: number): Promise<number> {
    const history = await this.#history(id);
    const at = history.findIndex((revision) => revision.number === number);
    const denied =
      at < 0 ? [] : deniedBy(history[at] as Revision, history.slice(at + 1));
    return Math.min(number - 1, ...denied);
  }

  /**
   * Queues parked messages and failed cards again.
   * @returns the number of messages
   */
  async retryParked(): Promise<number> {
    const now = Date.now();
    const count = this.outbox.retryParked(now);
    this.#parts.cards.retry(now);
    this.#arm(0);
    return count;
  }

  /**
   * Re-encrypts a page of rows that are sealed with older keys.
   * @returns the number of rows under each kind of key
   */
  async rotateKeys() {
    await rotateKeyPage(
      this.ctx.storage,
      this.#parts.followers,
      this.#parts.vault,
    );
    return keyStatus(this.ctx.storage.sql, this.#parts.vault);
  }

  override async alarm(): Promise<void> {
    if (this.#followerKey === null) return;
    this.#parts.forgotten.upload.run();
    let rest = 0;
    try {
      const now = Date.now();
      for (const { outbox, running } of this.#lines)
        if (!running) outbox.recover(now);
      this.#isSending = true;
      // A carrier that fails delays no other.
      const runs = await Promise.allSettled(
        this.#lines.map((line) => this.#run(line, now)),
      );
      const failed = runs.find(({ status }) => status === "rejected");
      if (failed) throw (failed as PromiseRejectedResult).reason;
    } catch (error) {
      log.error("Dispatcher: the alarm failed", error);
      rest = Date.now() + READ_RETRY_MS;
    }
    this.#isSending = false;
    try {
      this.#arm(rest);
    } catch (error) {
      // The cron trigger sets the alarm again within a minute. A throw would
      // only use up the platform's retries.
      log.error("Dispatcher: setting the alarm failed", error);
    }
  }

  /** Called by the cron trigger with all that is wrong. */
  tellTroubles(troubles: WatchTrouble[]): void {
    if (this.#parts.deskChats.tellTroubles(troubles, Date.now())) this.#arm(0);
  }

  /**
   * Queues what editors did with proposals since the last call. Called after
   * each such action, and by the cron trigger.
   */
  async tellDesk(): Promise<void> {
    if (await this.#parts.deskChats.catchUp(this.#deskPorts, Date.now()))
      this.#arm(0);
  }
}
