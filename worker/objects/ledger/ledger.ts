import { DurableObject } from "cloudflare:workers";
import { dispatcherFor, webhooksFor } from "../../runtime/bindings.ts";
import { leaseRule } from "../../runtime/lease.ts";
import { log } from "../../runtime/log.ts";
import { profileOf } from "../../runtime/profiles/profiles.ts";
import { firstEditorsOf, leaseMsOf } from "../../runtime/settings.ts";
import { BucketUpload } from "../storage/bucket-upload.ts";
import { Alarm } from "./alarm.ts";
import { Announcer } from "./announcer.ts";
import { Backup } from "./backup.ts";
import { BackupState } from "./backup-state.ts";
import type { PublishCommand } from "./command.ts";
import { Editors } from "./editors.ts";
import { Journal } from "./journal.ts";
import { Observations } from "./observations.ts";
import { RecentRows } from "./recent-rows.ts";
import { Restore } from "./restore.ts";
import { Review } from "./review.ts";
import { WidgetReleases } from "./widget-releases.ts";

declare global {
  interface LedgerPort extends Ledger {}
}

/**
 * The source of truth for every case, and the clock that decides when revisions go live. Reads are synchronous. At each moment the
 * alarm announces the revision to the case's Channel and to the Dispatcher, and retries until each has acknowledged.
 */
export class Ledger extends DurableObject<Env> {
  readonly #journal: Journal;
  readonly #backup: Backup;
  readonly #restore: Restore;
  readonly #widgetReleases: WidgetReleases;
  #counted: { minute: number; damaged: number } | null = null;
  readonly #review: Review;
  readonly #editors: Editors;
  readonly #dailyBackup: BackupState;
  readonly #observations: Observations;
  readonly #announcer: Announcer;
  readonly #recent: RecentRows;
  readonly #erasureUpload: BucketUpload;
  readonly #changeUpload: BucketUpload;
  readonly #alarm: Alarm;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#journal = new Journal(ctx.storage, leaseMsOf(env), Date.now, profileOf(env), leaseRule, env.VERSION.id);
    this.#backup = new Backup(this.#journal);
    this.#erasureUpload = new BucketUpload(ctx.storage, {
      env: () => this.env,
      kind: "erasures",
      content: () => this.#backup.erasures(),
      arm: () => this.#alarm.set(),
    });
    this.#recent = new RecentRows(this.#journal);
    let file: ReturnType<RecentRows["file"]>;
    this.#changeUpload = new BucketUpload(ctx.storage, {
      env: () => this.env,
      kind: "changes",
      content: () => {
        file = this.#recent.file();
        return file.content;
      },
      stored: (key) => file.stored(this.env.BACKUPS as R2Bucket, key),
      arm: () => this.#alarm.set(),
    });
    const files = { lists: this.#erasureUpload, changes: this.#changeUpload, recent: this.#recent };
    this.#alarm = new Alarm(
      ctx.storage,
      this.#journal,
      files,
      () => this.#announcer.announceDue(),
      () => {
        void (async () => dispatcherFor(this.env)?.tellTroubles(["trigger"]))().catch(this.#untold);
        void (async () => webhooksFor(this.env).hooks.tellTroubles(["trigger"]))().catch(this.#untold);
      },
    );
    this.#restore = new Restore(this.#journal, (milliseconds) => scheduler.wait(milliseconds));
    // Later in the same turn: the action is committed by then.
    const tellEditors = () => queueMicrotask(() => this.#tellEditors());
    this.#review = new Review(this.#journal, tellEditors);
    this.#journal.access.firstEditors = firstEditorsOf(env);
    this.#journal.access.onRevoked = tellEditors;
    this.#editors = new Editors(this.#journal, {
      secrets: () => JSON.parse(env.EDITORS) as Record<string, string>,
      publicUrl: env.PUBLIC_URL,
    });
    this.#dailyBackup = new BackupState(ctx.storage, () => this.#restore.isEmpty(), this.#recent);
    this.#observations = new Observations(ctx.storage, Date.now);
    this.#announcer = new Announcer(
      this.#journal,
      this.#observations,
      () => this.env,
      (observe) => {
        const worker = (ctx.exports as unknown as { default?: Fetcher }).default;
        if (worker) ctx.waitUntil(observe(worker));
      },
      () => this.#alarm.run(),
    );
    this.#widgetReleases = new WidgetReleases(ctx.storage);
    if (env.INDEXNOW_KEY) this.#journal.announcements.audiences = ["channel", "dispatcher", "search"];
    ctx.blockConcurrencyWhile(() => this.#alarm.ensure());
  }

  /** Settles first, so that no facet tells what was so before a moment that has come. */
  #settled(): Journal {
    this.#journal.settle();
    return this.#journal;
  }

  // The facets. Callers name one with each call, as in `ledger.desk.cases()`. Readings settle by themselves.

  get readings(): LedgerPort["readings"] {
    return this.#journal.readings;
  }

  get cases(): LedgerPort["cases"] {
    return this.#journal.list;
  }

  get feed(): LedgerPort["feed"] {
    return this.#journal.feed;
  }

  get access() {
    return this.#journal.access;
  }

  get audit() {
    return this.#settled().audit;
  }

  get desk() {
    return this.#settled().desk;
  }

  get drafts() {
    return this.#settled().drafts;
  }

  get places() {
    return this.#settled().places;
  }

  get portraits() {
    return this.#settled().portraits;
  }

  get review() {
    this.#journal.settle();
    return this.#review;
  }

  get editors() {
    return this.#editors;
  }

  get backup() {
    return this.#backup;
  }

  get dailyBackup() {
    return this.#dailyBackup;
  }

  get restore() {
    return this.#restore;
  }

  get registrations() {
    return this.#journal.registrations;
  }

  get widgetReleases() {
    return this.#widgetReleases;
  }

  publish(command: PublishCommand) {
    return this.#journal.publish(command);
  }

  questions(command: PublishCommand) {
    return this.#journal.questions(command);
  }

  undo(id: string, number: number, editor: string) {
    return this.#journal.undo(id, number, editor);
  }

  /** For the status page and for metrics. */
  observed() {
    const { readings, list, announcements } = this.#settled();
    return {
      ...list.observed(),
      announcements: announcements.status(Date.now()),
      moments: this.#observations.moments,
      backup: this.#dailyBackup.last,
      backupFailed: this.#dailyBackup.hasFailed,
      erasures: this.#erasureUpload.status,
      changes: this.#changeUpload.status,
      unshowable: readings.countUnshowable(),
      /** The number of drafts and proposals that can't be read. */
      damaged: this.#damaged(),
      places: this.#journal.places.counts(),
    };
  }

  /** Counted once a minute while it is 0, because strangers ask for the status and a count reads every draft. */
  #damaged(): number {
    const { drafts, proposals } = this.#journal;
    const minute = Math.floor(Date.now() / 60_000);
    if (this.#counted?.minute !== minute || this.#counted.damaged > 0)
      this.#counted = { minute, damaged: drafts.damaged(null).length + proposals.damaged().length };
    return this.#counted.damaged;
  }

  /** Called by the cron trigger. Keeps the widget's script, and sets the alarm again if Cloudflare gave up retrying it. */
  async wake(): Promise<void> {
    this.#erasureUpload.run(true);
    if (!this.env.BACKUPS) this.#recent.clear();
    else if (this.#recent.hasUnsaved) this.#changeUpload.changed();
    this.#changeUpload.run(true);
    await this.#widgetReleases.keep();
    this.#journal.portraits.eraseLapsed();
    await this.#alarm.ensure();
    this.#alarm.woken();
  }

  override alarm(): void {
    this.#alarm.come();
    // Not awaited: the log of changes holds the event, and the cron trigger nudges again.
    this.#nudgeWebhooks();
  }

  /** Tells webhooks and editors' chats that something about a proposal was logged, or that one of them may not stand any more. */
  #tellEditors(): void {
    this.#nudgeWebhooks();
    // Not awaited: this object holds what happened, and the cron trigger makes the Dispatcher ask again.
    void (async () => dispatcherFor(this.env)?.tellDesk())().catch((error) =>
      log.error("Ledger: telling the editors' chats failed", error),
    );
  }

  readonly #untold = (error: unknown) => log.error("Ledger: telling that the cron trigger fails was impossible", error);

  #nudgeWebhooks(): void {
    void (async () => webhooksFor(this.env).hooks.nudge())().catch((error) =>
      log.error("Ledger: nudging the webhooks failed", error),
    );
  }
}
