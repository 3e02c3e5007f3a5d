import { DurableObject } from "cloudflare:workers";
import { Api, GrammyError } from "grammy";
import { type BotLinks, type Outgoing, updateMessage } from "../../bot/message.ts";
import type { Manner, Place, Scope } from "../../bot/ports.ts";
import type { LocaleTag } from "../../shared/locale.ts";
import type { Revision } from "../../shared/revision.ts";
import { viewCase, viewWithdrawn } from "../../shared/view.ts";
import { digest } from "../digest.ts";
import type { Env } from "../env.ts";
import type { Announcement, CaseState } from "../ledger/state.ts";
import { readsFor } from "../reads.ts";
import { type Delivery, drain, type Sent, TokenBucket } from "./drain.ts";
import { type OutboxStatus, rankOf, SqlOutbox } from "./outbox.ts";
import { Vault } from "./vault.ts";
import type { Answer } from "./verdict.ts";

/** Just under the 30 a second that Telegram allows in bulk. */
const RATE = 25;
/** After a restart the bucket is full: with this much at once, no second sees 30. */
const BURST = 3;
/** One send takes 60 to 100 ms, so that one lane alone would reach 10 to 16 a second. */
const LANES = 4;
/** How long one alarm goes on before the next takes over, in milliseconds. */
const SLICE = 25_000;
/** How long to wait when the truth cannot be read, or is not there yet, in milliseconds. */
const NOT_YET = 250;
/** How long an update counts as being worked on, in milliseconds; longer than any handler takes. */
const HANDLING = 30_000;
/** The longest wait for Telegram, in seconds. */
const TIMEOUT = 10;

/**
 * Who follows what, and the one paced way to Telegram. Announcements become deliveries in one transaction; the alarm
 * empties the outbox. Nobody is lost; a chat hears a thing twice only if the process died, or Telegram's answer was lost, with
 * that very send under way.
 */
export class Dispatcher extends DurableObject<Env> {
  #vault!: Vault;
  #outbox!: SqlOutbox;
  readonly #api: Api;
  readonly #links: BotLinks;
  readonly #bucket = new TokenBucket(RATE, BURST);
  /** Updates being worked on, and since when. In memory only: after a crash Telegram brings them again. */
  readonly #handling = new Map<number, number>();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#api = new Api(env.BOT_TOKEN, { apiRoot: env.TELEGRAM_API_ROOT, timeoutSeconds: TIMEOUT });
    this.#links = { publicUrl: env.PUBLIC_URL, contact: env.CONTACT };
    ctx.blockConcurrencyWhile(async () => {
      this.#vault = await Vault.open(env.FOLLOWER_KEY);
      this.#outbox = new SqlOutbox(ctx.storage, this.#vault, digest(env.BOT_TOKEN).slice(0, 16));
      this.#outbox.recover(Date.now());
      await this.wake();
    });
  }

  /** Called by the cron trigger: an alarm that Cloudflare gave up on is set again. */
  async wake(): Promise<void> {
    if ((await this.ctx.storage.getAlarm()) === null) this.#arm(0);
  }

  #arm(notBefore: number): void {
    const due = this.#outbox.nextDue();
    if (due !== null) void this.ctx.storage.setAlarm(Math.max(due, notBefore));
  }

  /** Returns once the deliveries are committed; the same announcement again changes nothing. */
  async announce(announcement: Announcement): Promise<void> {
    const summary = (await readsFor(this.env).summaries()).find(({ id }) => id === announcement.id);
    this.#outbox.announce(announcement, Date.now(), summary?.places);
    this.#arm(0);
  }

  async status(): Promise<OutboxStatus> {
    return this.#outbox.status(Date.now());
  }

  override async alarm(): Promise<void> {
    let rest = 0;
    try {
      const now = Date.now();
      this.#outbox.recover(now);
      await drain({
        outbox: this.#outbox,
        clock: { now: Date.now, sleep: (milliseconds) => scheduler.wait(milliseconds) },
        send: (delivery) => this.#send(delivery),
        bucket: this.#bucket,
        lanes: LANES,
        until: now + SLICE,
      });
    } catch (error) {
      console.error("dispatcher alarm", error instanceof Error ? error.message : "unknown error");
      rest = Date.now() + NOT_YET;
    } finally {
      this.#arm(rest);
    }
  }

  /** Builds the text from the head as it is now, in the follower's language, and sends it. */
  async #send(delivery: Delivery): Promise<Sent> {
    const unusable = (description: string): Sent => ({ answer: { ok: false, code: 400, description }, told: 0 });
    const recipient = await this.#outbox.recipient(delivery).catch(() => undefined);
    if (recipient === undefined) return unusable("the chat id does not open with FOLLOWER_KEY");
    if (recipient === null || recipient.told >= delivery.number) return { do: "drop" };
    const news = await this.#read(delivery).catch(() => null);
    if (news === null) return { do: "wait", after: NOT_YET };
    const { state, earlier } = news;
    // What was announced is there; a reader that does not see it yet asks again.
    if (state.state === "absent") return { do: "wait", after: NOT_YET };
    const head = state.state === "present" ? state.record.revision : state.revision;
    if (head.number < delivery.number) return { do: "wait", after: NOT_YET };
    let message: Outgoing;
    try {
      message = this.#compose(delivery.caseId, state, earlier, recipient.locale);
    } catch (error) {
      return unusable(`not put in words: ${error instanceof Error ? error.message : "unknown error"}`);
    }
    const answer = await this.#api
      .sendMessage(recipient.chat, message.text, {
        entities: message.entities,
        reply_markup: message.keyboard,
        link_preview_options: { is_disabled: true },
        disable_notification: delivery.silent || recipient.manner.silent,
        ...(delivery.topic === 0 ? {} : { message_thread_id: delivery.topic }),
      })
      .then((): Answer => ({ ok: true }), answerOf);
    if (answer.ok && state.state === "withdrawn") this.#outbox.endFollow(delivery);
    return { answer, told: head.number };
  }

  /** The head, and what went live before it that the follower has not been told of, oldest first. */
  async #read({ caseId, since }: Delivery): Promise<{ state: CaseState; earlier: Revision[] }> {
    const reads = readsFor(this.env);
    const state = await reads.case(caseId);
    if (state.state !== "present" || state.record.revision.number <= since) return { state, earlier: [] };
    const { number } = state.record.revision;
    const history = (await reads.leasedHistory(caseId)).value ?? [];
    // A redaction erases the notes before it.
    const told = (revision: Revision) =>
      revision.number >= since && revision.number < number && Object.keys(revision.note).length > 0;
    return { state, earlier: history.filter(told).reverse() };
  }

  #compose(
    id: string,
    state: Exclude<CaseState, { state: "absent" }>,
    earlier: Revision[],
    locale: LocaleTag,
  ): Outgoing {
    if (state.state === "withdrawn") return updateMessage(viewWithdrawn(id, state.revision, locale), [], this.#links);
    const { case: fields, revision } = state.record;
    const now = Date.now();
    const before = earlier.map((older) => viewCase(fields, older, locale, now).revision);
    return updateMessage(viewCase(fields, revision, locale, now), before, this.#links);
  }

  // What the webhook asks

  /** Late claim: an update counts as seen only once it was answered, so that a crash in between brings it again. */
  async begin(update: number): Promise<"new" | "seen" | "busy"> {
    if (this.#outbox.hasSeen(update)) return "seen";
    const now = Date.now();
    if (now - (this.#handling.get(update) ?? Number.NEGATIVE_INFINITY) < HANDLING) return "busy";
    this.#handling.set(update, now);
    return "new";
  }

  /** @param answered false when it must be brought again */
  async end(update: number, answered: boolean): Promise<void> {
    this.#handling.delete(update);
    if (answered) this.#outbox.remember(update, Date.now());
  }

  async follow(place: Place, scope: Scope, locale: LocaleTag, told: number): Promise<"followed" | "already"> {
    const chat = await this.#vault.seal(place.chat);
    const fresh = this.#outbox.follow(chat, rankOf[place.kind], place.topic ?? 0, scope, locale, told, Date.now());
    return fresh ? "followed" : "already";
  }

  async unfollow(place: Place, scope: Scope): Promise<"unfollowed" | "not-followed"> {
    const known = this.#outbox.unfollow(await this.#vault.hash(place.chat), place.topic ?? 0, scope);
    return known ? "unfollowed" : "not-followed";
  }

  async following(place: Place): Promise<Scope[]> {
    return this.#outbox.following(await this.#vault.hash(place.chat), place.topic ?? 0);
  }

  async language(place: Place): Promise<LocaleTag | null> {
    return this.#outbox.language(await this.#vault.hash(place.chat));
  }

  async setLanguage(place: Place, locale: LocaleTag): Promise<void> {
    this.#outbox.setLanguage(await this.#vault.seal(place.chat), rankOf[place.kind], locale);
  }

  async manner(place: Place): Promise<Manner> {
    return this.#outbox.manner(await this.#vault.hash(place.chat));
  }

  async setManner(place: Place, manner: Partial<Manner>): Promise<void> {
    const chat = await this.#vault.seal(place.chat);
    this.#outbox.setManner(chat, rankOf[place.kind], { ...this.#outbox.manner(chat.chat), ...manner });
  }

  async move(from: number, to: number): Promise<void> {
    this.#outbox.move(await this.#vault.hash(from), await this.#vault.seal(to));
  }

  async forget(place: Place): Promise<{ follows: number; deliveries: number }> {
    return this.#outbox.forget(await this.#vault.hash(place.chat));
  }
}

/** No answer at all is code 0. Nothing of the request is kept: it holds the chat's id. */
function answerOf(error: unknown): Answer {
  if (!(error instanceof GrammyError)) return { ok: false, code: 0, description: "no answer" };
  const { error_code: code, description, parameters } = error;
  return {
    ok: false,
    code,
    description,
    ...(parameters?.retry_after === undefined ? {} : { retryAfter: parameters.retry_after }),
    ...(parameters?.migrate_to_chat_id === undefined ? {} : { migrateTo: parameters.migrate_to_chat_id }),
  };
}
