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
 * The source of truth for every case, and the clock that decides when revisions
 * go live. Reads are synchronous. At each moment the alarm announces the
 * revision to the case's Channel and to the Dispatcher, and retries until each
 * has acknowledged.
 */
export class Ledger extends DurableObject<Env> {
  readonly #journal = new Journal(
    this.ctx.storage,
    leaseMsOf(this.env),
    Date.now,
    profileOf(this.env),
    leaseRule,
    this.env.VERSION.id,
  );
  readonly #backup = new Backup(this.#journal);
  readonly #restore = new Restore(this.#journal, (milliseconds) =>
    scheduler.wait(milliseconds),
  );
  readonly #widgetReleases = new WidgetReleases(this.#journal);
  readonly #recent = new RecentRows(this.#journal);
  readonly #dailyBackup = new BackupState(
    this.#journal,
    () => this.#restore.isEmpty(),
    this.#recent,
  );
  readonly #observations = new Observations(this.#journal);
  readonly #review = new Review(this.#journal);
  readonly #editors = new Editors(this.#journal, {
    secrets: () => JSON.parse(this.env.EDITORS) as Record<string, string>,
    publicUrl: this.env.PUBLIC_URL,
  });
  readonly #files = { env: () => this.env, arm: () => this.#alarm.set() };
  readonly #erasureUpload = new BucketUpload(this.ctx.storage, {
    ...{
      ...this.#files,
      kind: "erasures",
      content: () => this.#backup.erasures(),
    },
  });
  readonly #changeUpload = new BucketUpload(this.ctx.storage, {
    ...{ ...this.#files, kind: "changes", content: () => this.#recent.file() },
    stored: (key) => this.#recent.stored(this.env.BACKUPS as R2Bucket, key),
  });
  readonly #announcer: Announcer = new Announcer(this.#journal, {
    observations: this.#observations,
    env: () => this.env,
    inBackground: (observe) => {
      const worker = (this.ctx.exports as unknown as { default?: Fetcher })
        .default;
      if (worker) this.ctx.waitUntil(observe(worker));
    },
    goOn: () => this.#alarm.run(),
  });
  readonly #alarm: Alarm = new Alarm(
    this.#journal,
    {
      lists: this.#erasureUpload,
      changes: this.#changeUpload,
      recent: this.#recent,
    },
    () => this.#announcer.announceDue(),
    () => {
      for (const to of [dispatcherFor(this.env), webhooksFor(this.env).hooks])
        this.#unawaited("telling that the cron trigger fails", async () =>
          to?.tellTroubles(["trigger"]),
        );
    },
  );

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#journal.access.firstEditors = firstEditorsOf(env);
    this.#journal.audit.onTold = () => this.#tellEditors();
    ctx.blockConcurrencyWhile(() => this.#alarm.ensure());
  }

  /**
   * Settles first, so that no facet tells what was so before a moment that has
   * come.
   */
  #settled(): Journal {
    this.#journal.settle();
    return this.#journal;
  }

  // The facets. Callers name one with each call, as in `ledger.desk.cases()`.
  // Readings settle by themselves.

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
    this.#settled();
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
      places: this.#journal.places.counts(),
    };
  }

  /**
   * Called by the cron trigger. Keeps the widget's script, and sets the alarm
   * again if Cloudflare gave up retrying it.
   */
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
    this.#nudgeWebhooks();
  }

  /**
   * Tells webhooks and editors' chats that something they hear of was logged,
   * after which one of them may not stand any more.
   */
  #tellEditors(): void {
    // Later in the same turn: the action is committed by then.
    queueMicrotask(() => {
      this.#nudgeWebhooks();
      this.#unawaited("telling the editors' chats", async () =>
        dispatcherFor(this.env)?.tellDesk(),
      );
    });
  }

  #nudgeWebhooks(): void {
    this.#unawaited("nudging the webhooks", async () =>
      webhooksFor(this.env).hooks.nudge(),
    );
  }

  /**
   * Not awaited: this object holds what happened, and the cron trigger makes
   * the others ask again.
   */
  #unawaited(what: string, tell: () => Promise<unknown>): void {
    void tell().catch((error) => log.error(`Ledger: ${what} failed`, error));
  }
}
