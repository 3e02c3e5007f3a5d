import { DurableObject } from "cloudflare:workers";
import type {
  BotLinks,
  CardAddress,
  CardContent,
  CardKept,
  ChatPlace,
  DeskLinked,
  FollowScope,
  Forgotten,
  Manner,
} from "../../../bot/ports.ts";
import { mentionsWord, wordsOfCase } from "../../../bot/scope.ts";
import { type Case, placesOf } from "../../../shared/case/schema.ts";
import type { LocaleTag } from "../../../shared/locale.ts";
import type { Parked } from "../../editing/rules/desk.ts";
import { readsFor } from "../../reads/reads.ts";
import type { Announcement } from "../../reads/state.ts";
import { ledgerFor } from "../../runtime/bindings.ts";
import { digest, shortDigest } from "../../runtime/digest.ts";
import { log } from "../../runtime/log.ts";
import { profileOf } from "../../runtime/profiles/profiles.ts";
import { type BotSettings, botSettings } from "../../runtime/settings.ts";
import { migrate } from "../storage/migrate.ts";
import { CardEditor } from "./card-editor.ts";
import { postMarks } from "./card-rows.ts";
import { SqlCards } from "./cards.ts";
import { CircuitBreaker } from "./circuit-breaker.ts";
import { SqlDeskChats } from "./desk-chats.ts";
import { drain, lanesFor, READ_RETRY_MS, TokenBucket } from "./drain.ts";
import { FanOut } from "./fan-out.ts";
import { FollowerBackup } from "./follower-backup.ts";
import { SqlFollowers } from "./followers.ts";
import { KeyRotation, type KeyStatus } from "./key-rotation.ts";
import { MessageSender } from "./message-sender.ts";
import { dispatcherMigrations } from "./migrations.ts";
import { type OutboxStatus, SqlOutbox } from "./outbox.ts";
import { isEdit, Queue } from "./queue.ts";
import { rankOf } from "./rank.ts";
import { type Charge, RateLimiter, takeAll } from "./rate-limiter.ts";
import { readReminders } from "./reminders.ts";
import { SeenUpdates } from "./seen-updates.ts";
import { type TelegramApi, telegramApi } from "./telegram-api.ts";
import { UpdateMessages } from "./update-messages.ts";
import { Vault } from "./vault.ts";

/** The capacity of the token bucket, which is full after a restart: small enough that no second sees 30 sends. */
const BURST_SENDS = 3;
/**
 * How long one alarm drains the queue before the next takes over. Well below the platform's limit of 15 minutes, but long, because
 * all lanes wait for the slowest one at the end of each slice.
 */
const ALARM_SLICE_MS = 120_000;
/** After this time an update no longer counts as being handled. Longer than any handler takes. */
const HANDLING_TIMEOUT_MS = 30_000;

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
  #queue!: Queue;
  #editor!: CardEditor;
  #breaker!: CircuitBreaker;
  #backup!: FollowerBackup;
  #followers!: SqlFollowers;
  #fanOut!: FanOut;
  #updates!: SeenUpdates;
  #sender!: MessageSender;
  #deskChats!: SqlDeskChats;
  #api!: TelegramApi;
  #bucket!: TokenBucket;
  #lanes!: number;
  /** True when loud corrections are paid for. */
  #isPaid = false;
  /** What a send that isn't paid for takes from the bucket. */
  #freeCost = 1;
  readonly #hasBot: boolean;
  readonly #links: BotLinks;
  /** Updates being handled, and since when. In memory only: after a crash Telegram sends them again. */
  readonly #handling = new Map<number, number>();
  readonly #limiter = new RateLimiter();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#links = { publicUrl: env.PUBLIC_URL, profile: profileOf(env) };
    const bot = botSettings(env);
    this.#hasBot = bot !== null;
    if (bot !== null) this.#open(bot);
  }

  #open({ token, info, apiRoot, followerKey, sendsPerSecond, paidSendsPerSecond }: BotSettings): void {
    this.#isPaid = paidSendsPerSecond !== null;
    const rate = paidSendsPerSecond ?? sendsPerSecond;
    this.#bucket = new TokenBucket(rate, BURST_SENDS);
    this.#lanes = lanesFor(rate);
    this.#freeCost = rate / sendsPerSecond;
    const { storage } = this.ctx;
    migrate(storage, dispatcherMigrations, "Dispatcher");
    this.#fanOut = new FanOut(storage);
    this.#followers = new SqlFollowers(storage, this.#fanOut);
    this.#updates = new SeenUpdates(storage.sql);
    this.#deskChats = new SqlDeskChats(storage, this.#followers);
    this.ctx.blockConcurrencyWhile(async () => {
      this.#api = telegramApi(token, apiRoot);
      this.#vault = await Vault.open(followerKey);
      this.#backup = new FollowerBackup(storage, this.#vault);
      const breaker = new CircuitBreaker(storage, shortDigest(token));
      this.#breaker = breaker;
      this.#outbox = new SqlOutbox(storage, this.#followers, this.#fanOut, this.#vault, breaker);
      this.#outbox.releaseHeld(Date.now());
      this.#outbox.recover(Date.now());
      this.#cards = new SqlCards(storage, breaker);
      this.#queue = new Queue(this.#outbox, this.#cards, breaker);
      this.#editor = new CardEditor({
        cards: this.#cards,
        breaker,
        vault: this.#vault,
        api: this.#api,
        bucket: this.#bucket,
        links: this.#links,
        bot: info.username,
        read: (id) => readsFor(this.env).case(id),
      });
      this.#sender = new MessageSender({
        followers: this.#followers,
        fanOut: this.#fanOut,
        deskChats: this.#deskChats,
        vault: this.#vault,
        api: this.#api,
        messages: new UpdateMessages(this.#links, info),
        links: this.#links,
        isPaid: this.#isPaid,
        reads: () => readsFor(this.env),
      });
      this.#cards.recover(Date.now(), this.#vault.keyIds);
      await this.#tidy();
      // A new key or token may have released work that must not wait for the alarm set earlier.
      this.#arm(0);
    });
  }

  /** Called by the cron trigger. */
  async wake(): Promise<void> {
    await this.#tidy();
    await this.tellDesk().catch((error) => log.error("Dispatcher: reading what editors did failed", error));
    const reminders = await readReminders(readsFor(this.env), Date.now()).catch(() => []);
    for (const reminder of reminders) this.#fanOut.remind(reminder, Date.now());
    if (reminders.length > 0) this.#arm(0);
  }

  /** Deletes expired rows, and sets the alarm again if Cloudflare gave up retrying it. */
  async #tidy(): Promise<void> {
    this.#cards.sharers.dropIdle(Date.now());
    this.#cards.posts.dropOld(Date.now());
    this.#updates.dropOld(Date.now());
    if ((await this.ctx.storage.getAlarm()) === null) this.#arm(0);
  }

  #arm(notBefore: number): void {
    const now = Date.now();
    const dues = [this.#breaker.probeAt(), this.#outbox.nextDue(now), this.#cards.nextDue()];
    const due = dues.filter((at) => at !== null).sort((a, b) => a - b)[0];
    if (due !== undefined) void this.ctx.storage.setAlarm(Math.max(due, notBefore, now));
  }

  /** Commits an announcement; the deliveries follow. Idempotent. */
  async announce(announcement: Announcement): Promise<void> {
    const { id, number, kind } = announcement;
    const state = await readsFor(this.env).case(id);
    const scopes = state.state === "present" ? this.#scopesOf(state.record.case) : null;
    this.#fanOut.announce(announcement, Date.now(), scopes);
    const erased = kind === "redaction" || kind === "withdrawal" || state.state === "withdrawn";
    this.#cards.announce(id, number, erased);
    if (erased || kind === "correction")
      this.#cards.announcePosts(id, number, erased ? postMarks.erased : postMarks.corrected);
    this.#arm(0);
  }

  /** The places of a case, and the followed words that it contains. */
  #scopesOf(fields: Case): FollowScope[] {
    const words = wordsOfCase(fields);
    return [...placesOf(fields), ...this.#fanOut.followedWords().filter((scope) => mentionsWord(scope, words))];
  }

  async status(): Promise<OutboxStatus> {
    return this.#outbox.status(Date.now());
  }

  async parked(): Promise<Parked[]> {
    return this.#outbox.parked();
  }

  /** Queues parked messages and failed cards again. @returns the number of messages */
  async retryParked(): Promise<number> {
    const now = Date.now();
    const count = this.#outbox.retryParked(now);
    this.#cards.retry(now);
    this.#arm(0);
    return count;
  }

  /** Logs the export before the last line of the file is sent. */
  async streamFollowers(editor: string): Promise<ReadableStream<Uint8Array>> {
    return this.#backup.stream(Date.now(), (sha256) =>
      ledgerFor(this.env).audit.record("followers-export", editor, sha256),
    );
  }

  async restoreFollowers(body: ReadableStream<Uint8Array>) {
    const outcome = await this.#backup.restore(body);
    this.#fanOut.forget();
    this.#arm(0);
    return outcome;
  }

  /** Re-encrypts a page of rows that are sealed with older keys. @returns the number of rows under each kind of key */
  async rotateKeys(): Promise<KeyStatus> {
    const rotation = new KeyRotation(this.ctx.storage, this.#followers, this.#vault);
    await rotation.page();
    return rotation.status();
  }

  override async alarm(): Promise<void> {
    if (!this.#hasBot) return;
    let rest = 0;
    try {
      const now = Date.now();
      this.#outbox.recover(now);
      await this.#breaker.probe(now, () => this.#api("getMe"));
      await drain({
        outbox: this.#queue,
        clock: { now: Date.now, sleep: (milliseconds) => scheduler.wait(milliseconds) },
        send: (job) => (isEdit(job) ? this.#editor.edit(job) : this.#sender.send(job)),
        bucket: this.#bucket,
        cost: (job) => (this.#isPaid && !isEdit(job) && job.correction ? 1 : this.#freeCost),
        lanes: this.#lanes,
        until: now + ALARM_SLICE_MS,
      });
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

  // Editors' chats

  /** Queues what editors did with proposals since the last call. Called after each such action, and by the cron trigger. */
  async tellDesk(): Promise<void> {
    if (
      await this.#deskChats.catchUp((...question) => ledgerFor(this.env).audit.proposalEvents(...question), Date.now())
    )
      this.#arm(0);
  }

  async newDeskCode(editor: string) {
    return this.#deskChats.newCode(editor, Date.now());
  }

  async listDeskChats() {
    return this.#deskChats.list();
  }

  /** @returns false when there is no such chat */
  async removeDeskChat(id: string): Promise<boolean> {
    return this.#deskChats.remove(id);
  }

  async linkDesk(place: ChatPlace, code: string, locale: LocaleTag): Promise<DeskLinked> {
    const ledger = ledgerFor(this.env);
    return this.#deskChats.link(await this.#vault.seal(place.chat), place.topic ?? 0, code, locale, Date.now(), {
      read: (...question) => ledger.audit.proposalEvents(...question),
      record: (editor, id) => ledger.editors.recordHook("chat-add", editor, digest(id)),
    });
  }

  async unlinkDesk(place: ChatPlace): Promise<boolean> {
    return this.#deskChats.unlink(await this.#vault.hashes(place.chat), place.topic ?? 0);
  }

  // Called by the webhook

  /**
   * Begins to handle an update. It counts as seen only after `end`, so that Telegram sends it again after a crash.
   * @param charges the budgets it uses. Once one is used up, the sender gets one warning (`slow`); further updates are `dropped`.
   */
  async begin(update: number, charges: Charge[] = []): Promise<"new" | "seen" | "busy" | "slow" | "dropped"> {
    if (this.#updates.has(update)) return "seen";
    const now = Date.now();
    if (now - (this.#handling.get(update) ?? Number.NEGATIVE_INFINITY) < HANDLING_TIMEOUT_MS) return "busy";
    const taken = takeAll(this.#limiter, charges, now);
    if (taken !== "taken") return taken;
    this.#handling.set(update, now);
    return "new";
  }

  /** Uses one of a group's answers, for an answer that its members can provoke without limit. @returns false when none is left */
  async mayAnswer(place: ChatPlace): Promise<boolean> {
    return this.#limiter.take({ sender: `${place.chat} commands`, cost: 1, limit: "group" }, Date.now()) === "taken";
  }

  /** @param answered false when Telegram must send the update again */
  async end(update: number, answered: boolean): Promise<void> {
    this.#handling.delete(update);
    if (answered) this.#updates.add(update, Date.now());
  }

  async follow(place: ChatPlace, scope: FollowScope, locale: LocaleTag, told: number): Promise<"followed" | "already"> {
    const chat = await this.#vault.seal(place.chat);
    const fresh = this.#followers.follow(chat, rankOf[place.kind], place.topic ?? 0, scope, locale, told, Date.now());
    this.#arm(0);
    return fresh ? "followed" : "already";
  }

  async unfollow(place: ChatPlace, scope: FollowScope): Promise<"unfollowed" | "not-followed"> {
    const known = this.#followers.unfollow(await this.#vault.hashes(place.chat), place.topic ?? 0, scope);
    return known ? "unfollowed" : "not-followed";
  }

  /** The follows of all topics of a chat, in the order of the topics. */
  async followingEverywhere(place: ChatPlace): Promise<{ scope: FollowScope; topic: number }[]> {
    return this.#followers.followingEverywhere(await this.#vault.hashes(place.chat));
  }

  async following(place: ChatPlace): Promise<FollowScope[]> {
    return this.#followers.following(await this.#vault.hashes(place.chat), place.topic ?? 0);
  }

  async language(place: ChatPlace): Promise<LocaleTag | null> {
    return this.#followers.language(await this.#vault.hashes(place.chat));
  }

  async setLanguage(place: ChatPlace, locale: LocaleTag): Promise<void> {
    this.#followers.setLanguage(await this.#vault.seal(place.chat), rankOf[place.kind], locale);
  }

  async manner(place: ChatPlace): Promise<Manner> {
    return this.#followers.manner(await this.#vault.hashes(place.chat), place.topic);
  }

  async setManner(place: ChatPlace, manner: Partial<Manner>): Promise<void> {
    this.#followers.setManner(await this.#vault.seal(place.chat), rankOf[place.kind], manner, Date.now(), place.topic);
    this.#arm(0);
  }

  async move(from: number, to: number): Promise<void> {
    const chat = this.#followers.find(await this.#vault.hashes(from));
    const moved = await this.#vault.seal(to);
    if (chat !== null) this.#followers.move(chat, moved);
  }

  /** Queues a chat's parked messages, merged per case, and its failed cards again. */
  async retry(place: ChatPlace): Promise<void> {
    const hashes = await this.#vault.hashes(place.chat);
    const now = Date.now();
    const chat = this.#followers.find(hashes);
    if (chat !== null) this.#outbox.retryParked(now, chat);
    this.#cards.retry(now, hashes);
    this.#arm(0);
  }

  async forget(place: ChatPlace): Promise<Forgotten> {
    const hashes = await this.#vault.hashes(place.chat);
    const warned = this.#cards.sharers.find(hashes) !== null;
    const cards = this.#cards.forget(hashes);
    this.ctx.waitUntil(this.#editor.retire(cards));
    const unsure = this.#followers.hasUnreadable(this.#vault.keyIds);
    const chat = this.#followers.find(hashes);
    const recent = chat === null ? [] : await this.#editor.recentPosts(this.#cards.posts.recent(chat, Date.now()));
    return { ...this.#followers.forget(hashes), cards: cards.length, recent, warned, unsure };
  }

  async mayShare(place: ChatPlace): Promise<boolean> {
    return this.#cards.sharers.isWelcome(await this.#vault.hashes(place.chat), Date.now());
  }

  async allowSharing(place: ChatPlace): Promise<void> {
    this.#cards.sharers.welcome(await this.#vault.seal(place.chat), Date.now());
  }

  async cardShared(address: CardAddress, card: CardContent, by: ChatPlace | null): Promise<void> {
    await this.#editor.shared(address, card, by?.chat ?? null);
    this.#arm(0);
  }

  async pinCard(place: ChatPlace, message: number, card: CardContent): Promise<void> {
    await this.#editor.shared({ chat: place.chat, message }, card, place.chat, true);
    this.#arm(0);
  }

  async translateCards(place: ChatPlace, locale: LocaleTag): Promise<void> {
    this.#cards.translate(await this.#vault.hashes(place.chat), locale, Date.now());
    this.#arm(0);
  }

  async unpinCards(place: ChatPlace, caseId: string): Promise<number[]> {
    return this.#editor.release(await this.#vault.hashes(place.chat), caseId);
  }

  async cardKept(address: CardAddress): Promise<CardKept | null> {
    return this.#editor.kept(address);
  }

  async cardPressed(address: CardAddress, choice: LocaleTag | null): Promise<CardKept | null> {
    const card = await this.#editor.pressed(address, choice);
    this.#arm(0);
    return card;
  }
}
