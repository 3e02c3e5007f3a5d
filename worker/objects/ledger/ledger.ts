import { DurableObject } from "cloudflare:workers";
import type { Tile } from "../../editing/contract/log-entry.ts";
import type { DeskDraft, HookAction } from "../../editing/rules/desk.ts";
import type { NewInvitation, NewToken } from "../../editing/rules/editor-access.ts";
import type { Role } from "../../editing/rules/roles.ts";
import { addCounts, type Counts } from "../../reads/counts.ts";
import type { ChangeCursor, ProposalEventPage } from "../../reads/state.ts";
import { dispatcherFor, webhooksFor } from "../../runtime/bindings.ts";
import { type Epoch, leaseRule } from "../../runtime/lease.ts";
import { log } from "../../runtime/log.ts";
import { profileOf } from "../../runtime/profiles/profiles.ts";
import { leaseMsOf } from "../../runtime/settings.ts";
import type { VerifiedPasskey } from "./access.ts";
import { Alarm } from "./alarm.ts";
import { Announcer } from "./announcer.ts";
import { Backup } from "./backup.ts";
import { BackupState, type DailyBackup } from "./backup-state.ts";
import type { PublishCommand, WithdrawCommand } from "./command.ts";
import { Editors } from "./editors.ts";
import { Journal } from "./journal.ts";
import { findMentions } from "./mentions.ts";
import { Observations } from "./observations.ts";
import type { NewPortrait } from "./portraits.ts";
import type { ProposedPublish } from "./proposals.ts";
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
  readonly #releases: WidgetReleases;
  readonly #review: Review;
  readonly #editors: Editors;
  readonly #backups: BackupState;
  readonly #observations: Observations;
  readonly #announcer: Announcer;
  readonly #alarm: Alarm;
  /** Since this object started. */
  readonly #counts: Counts = {};
  #renewals = 0;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#journal = new Journal(ctx.storage, leaseMsOf(env), Date.now, profileOf(env), leaseRule, env.VERSION.id);
    this.#alarm = new Alarm(ctx.storage, this.#journal, () => this.#announcer.announceDue());
    this.#backup = new Backup(ctx.storage, this.#journal);
    this.#restore = new Restore(ctx.storage, this.#journal, (milliseconds) => scheduler.wait(milliseconds));
    this.#review = new Review(ctx.storage, this.#journal);
    this.#editors = new Editors(ctx.storage, this.#journal.access, () => this.#journal.clock.machine(), {
      secretHashes: () => Object.values(JSON.parse(env.EDITORS) as Record<string, string>),
      publicUrl: env.PUBLIC_URL,
    });
    this.#backups = new BackupState(ctx.storage);
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
    this.#releases = new WidgetReleases(ctx.storage);
    if (env.INDEXNOW_KEY) this.#journal.announcements.audiences = ["channel", "dispatcher", "search"];
    ctx.blockConcurrencyWhile(() => this.#alarm.ensure());
  }

  /** For reads that don't settle by themselves. */
  #read<T>(read: (journal: Journal) => T): T {
    this.#journal.settle();
    return read(this.#journal);
  }

  readCase(id: string) {
    return this.#journal.readings.case(id);
  }

  readHistoryPage(id: string, before: number | null, limit: number) {
    return this.#journal.readings.historyPage(id, before, limit);
  }

  readRevision(id: string, number: number) {
    return this.#journal.readings.revision(id, number);
  }

  /** @param counts what the isolate counted since its last question */
  changesSince(since: Epoch | null, counts: Counts) {
    addCounts(this.#counts, counts);
    this.#renewals++;
    return this.#journal.list.changesSince(since);
  }

  casesBetween(after: number, upTo: number) {
    return this.#journal.list.casesBetween(after, upTo);
  }

  readNewest() {
    return this.#journal.list.newest();
  }

  readSitemap(part: number | null) {
    return this.#journal.list.sitemap(part);
  }

  readCalendar(day: string) {
    return this.#journal.list.calendar(day);
  }

  readDeadlines(day: string) {
    return this.#journal.list.deadlines(day);
  }

  /** @param since a position in a log; null for the start */
  readChanges(since: ChangeCursor | null, limit: number) {
    return this.#journal.feed.page(since, limit);
  }

  /** @param since a position in the audit log; null for the start @returns null when the position is of another log */
  readProposalEvents(since: ChangeCursor | null, limit: number): ProposalEventPage | null {
    return this.#read(({ audit, changes }) => {
      const [log, newest] = [changes.auditName(), audit.newestNumber()];
      if (since !== null && (since.log !== log || since.position > newest)) return null;
      const events = audit.proposalEvents(since?.position ?? 0, limit);
      const more = events.length === limit;
      return { log, newest, changes: events, more, next: more ? (events.at(-1)?.change ?? newest) : newest };
    });
  }

  readLogHead() {
    return this.#journal.logHead();
  }

  /** The bytes of a tile of the signed log; null when it isn't complete yet. */
  readLogTile(tile: Tile) {
    return this.#read(({ log }) => log.tile(tile));
  }

  readRecent(id: string | null) {
    return this.#journal.readings.recent(id);
  }

  readDeskCases() {
    return this.#read(({ desk }) => desk.cases());
  }

  /** @param number default: the newest revision */
  readDesk(id: string, withPending = true, number?: number) {
    return this.#read(({ desk }) => desk.record(id, withPending, number));
  }

  /** The case in a revision that was not cancelled or erased; null when there is none, or it can't be shown. */
  readCaseAt(id: string, number: number) {
    return this.#read((journal) => journal.caseAt(id, number));
  }

  readOutdated(after: string | null) {
    return this.#read(({ desk }) => desk.outdated(after));
  }

  findMentions(editor: string, names: string[]) {
    return this.#read((journal) => findMentions(journal, editor, names));
  }

  isUnshowable(id: string) {
    return this.#read(({ desk }) => desk.isUnshowable(id));
  }

  countUnshowable() {
    return this.#read(({ readings }) => readings.countUnshowable());
  }

  /** The number of drafts and proposals that can't be read. */
  countDamaged() {
    return this.#read(({ drafts, proposals }) => drafts.damaged(null).length + proposals.damaged().length);
  }

  readNextNumber(id: string) {
    return this.#read(({ desk }) => desk.nextNumber(id));
  }

  readAudit(id: string | null, limit: number) {
    return this.#journal.audit.newest(id, limit);
  }

  #write<T>(write: (journal: Journal) => T): T {
    const outcome = write(this.#journal);
    this.#alarm.set();
    return outcome;
  }

  publish(command: PublishCommand) {
    return this.#write((journal) => journal.publish(command));
  }

  undo(id: string, number: number, editor: string) {
    return this.#write((journal) => journal.undo(id, number, editor));
  }

  withdraw(command: WithdrawCommand, two: boolean) {
    return this.#decide(() => this.#review.withdraw(command, two));
  }

  /** Writes that may log something about a proposal, which webhooks and editors' chats tell. */
  #decide<T>(write: () => T): T {
    const outcome = this.#write(write);
    this.#nudgeWebhooks();
    // Not awaited: the audit log holds the event, and the cron trigger asks the Dispatcher to read it again.
    void (async () => dispatcherFor(this.env)?.tellDesk())().catch((error) =>
      log.error("Ledger: telling the editors' chats failed", error),
    );
    return outcome;
  }

  propose(command: ProposedPublish) {
    return this.#decide(() => this.#review.propose(command));
  }

  redact(command: PublishCommand) {
    return this.#write(() => this.#review.redact(command));
  }

  approve(id: string, hash: string, editor: string) {
    return this.#decide(() => this.#review.approve(id, hash, editor));
  }

  reject(id: string, editor: string, reason: string) {
    return this.#decide(() => this.#review.reject(id, editor, reason));
  }

  readProposals() {
    return this.#read(({ proposals }) => ({ proposals: proposals.list(), damaged: proposals.damaged() }));
  }

  readProposal(id: string) {
    return this.#read(() => this.#review.read(id));
  }

  readDrafts(editor: string) {
    return this.#read(({ drafts }) => ({ drafts: drafts.list(editor), damaged: drafts.damaged(editor) }));
  }

  readDraft(editor: string, id: string) {
    return this.#read(({ drafts }) => drafts.read(editor, id));
  }

  saveDraft(editor: string, id: string, draft: DeskDraft, basedOn: number) {
    return this.#read(({ drafts }) => drafts.save(editor, id, draft, basedOn));
  }

  deleteDraft(editor: string, id: string) {
    return this.#read(({ drafts }) => drafts.remove(editor, id));
  }

  addPortrait(portrait: NewPortrait) {
    return this.#write((journal) => journal.addPortrait(portrait));
  }

  /** @param publishes whether the editor may publish */
  readPortraits(id: string, editor: string, publishes: boolean) {
    return this.#read(({ portraits }) => portraits.listFor(id, editor, publishes));
  }

  /** Erases a picture that only drafts name. */
  erasePortrait(id: string, image: string, editor: string) {
    return this.#write(({ portraits }) => portraits.eraseDrafted(id, image, editor));
  }

  /** A picture, published or not. The caller checks with `readPortraits` that the editor may see it. */
  readStoredPortrait(id: string, image: string) {
    return this.#read(({ portraits }) => portraits.read(id, image));
  }

  /** A picture that readers may see. */
  readPortrait(id: string, image: string) {
    return this.#read((journal) => journal.portrait(id, image));
  }

  /** @param hash of a bearer token @param secret the name that EDITORS has for it; null when it has none */
  identify(hash: string, secret: string | null) {
    return this.#journal.access.identify(hash, secret);
  }

  challenge(purpose: "sign-in") {
    return this.#journal.access.challenge(purpose);
  }

  readPasskey(id: string) {
    return this.#journal.access.passkey(id);
  }

  signIn(passkey: string, counter: number, challenge: string) {
    return this.#journal.access.signIn(passkey, counter, challenge);
  }

  recover(editor: string, code: string) {
    return this.#journal.access.recover(this.#editors.storedName(editor), code);
  }

  endAccess(hash: string) {
    this.#journal.access.end(hash);
  }

  readAccess(editor: string) {
    return this.#journal.access.list(editor);
  }

  furtherPasskey(editor: string) {
    return this.#journal.access.furtherPasskey(editor);
  }

  addPasskey(editor: string, passkey: VerifiedPasskey) {
    return this.#journal.access.addPasskey(editor, passkey);
  }

  removePasskey(editor: string, id: string) {
    return this.#journal.access.removePasskey(editor, id);
  }

  newRecoveryCodes(editor: string) {
    return this.#journal.access.newCodes(editor);
  }

  makeToken(editor: string, token: NewToken) {
    return this.#journal.access.makeToken(editor, token);
  }

  revokeToken(id: string, by: string, owner: string | null) {
    return this.#journal.access.revokeToken(id, by, owner);
  }

  readEditors() {
    return this.#editors.list();
  }

  readInvitation(secret: string) {
    return this.#editors.invitation(secret);
  }

  invite(invitation: NewInvitation, by: string, spends: string | null) {
    return this.#editors.invite(invitation, by, spends);
  }

  cancelInvitation(id: string, by: string) {
    return this.#editors.cancelInvitation(id, by);
  }

  enrol(secret: string, passkey: VerifiedPasskey) {
    return this.#editors.enrol(secret, passkey);
  }

  changeRole(name: string, role: Role, by: string) {
    return this.#editors.changeRole(name, role, by);
  }

  removeEditor(name: string, by: string) {
    const outcome = this.#editors.remove(name, by);
    if ("done" in outcome) this.#journal.portraits.eraseDraftsOf(name);
    return outcome;
  }

  streamAudit() {
    return this.#backup.audit();
  }

  exportAll(editor: string) {
    return this.#backup.export(editor);
  }

  exportErasures() {
    return this.#backup.erasures();
  }

  /** Logs an export or restore of followers, which the Dispatcher stores. @param subject the SHA-256 of their file */
  recordFollowers(action: "followers-export" | "followers-restore", editor: string, subject: string) {
    this.#backup.record(action, editor, subject);
  }

  /**
   * Logs that a webhook or an editors' chat was added or removed. The Webhooks object and the Dispatcher store them.
   * @param subject the SHA-256 of its id
   * @returns false, and logs nothing, for a chat that is linked with the code of an editor who is no administrator any more
   */
  recordHook(action: HookAction, editor: string, subject: string): boolean {
    if (action === "chat-add" && !this.#editors.isAdministrator(editor)) return false;
    this.#backup.record(action, editor, subject);
    return true;
  }

  /** True when the day's backup is due and there is something to back up; the caller then makes it. */
  claimBackup(now: number): boolean {
    return !this.#restore.isEmpty() && this.#backups.claim(now);
  }

  recordBackup(backup: DailyBackup) {
    this.#backups.record(backup);
  }

  /** For the status page and for metrics. */
  observed() {
    return {
      counts: this.#counts,
      renewals: this.#renewals,
      announcements: this.#journal.announcements.status(Date.now()),
      moments: this.#observations.moments,
      backup: this.#backups.last,
      unshowable: this.countUnshowable(),
      damaged: this.countDamaged(),
    };
  }

  isEmpty() {
    return this.#restore.isEmpty();
  }

  async restore(body: ReadableStream<Uint8Array>, editor: string, withoutErasures: boolean) {
    const outcome = await this.#restore.run(body, editor, withoutErasures);
    this.#journal.settle();
    this.#alarm.set();
    return outcome;
  }

  /** A Channel has a socket. It calls this before it reads the case's head. */
  registerChannel(id: string, shard: number): void {
    this.#journal.channels.register({ id, shard });
  }

  /** A Channel has had no sockets for a while. The Ledger doesn't rely on that, but asks it again. */
  checkChannel(id: string, shard: number): Promise<void> {
    return this.#announcer.checkChannel({ id, shard });
  }

  readWidget(version: string) {
    return this.#releases.read(version);
  }

  widgetVersions() {
    return this.#releases.versions();
  }

  /** Called by the cron trigger. Keeps the widget's script, and sets the alarm again if Cloudflare gave up retrying it. */
  async wake(): Promise<void> {
    await this.#releases.keep();
    this.#journal.eraseLapsedPortraits();
    await this.#alarm.ensure();
  }

  override alarm(): void {
    this.#alarm.run();
    // Not awaited: the log of changes holds the event, and the cron trigger nudges again.
    this.#nudgeWebhooks();
  }

  #nudgeWebhooks(): void {
    void (async () => webhooksFor(this.env).nudge())().catch((error) =>
      log.error("Ledger: nudging the webhooks failed", error),
    );
  }
}
