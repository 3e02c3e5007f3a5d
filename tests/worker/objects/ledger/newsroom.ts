/**
 * A Ledger with its own storage and a clock that the test moves, for tests of
 * its parts.
 */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { test } from "vitest";
import type { CopiedRevision } from "../../../../worker/editing/contract/copy.ts";
import type { Restored } from "../../../../worker/editing/rules/desk.ts";
import type { Erase, Erased } from "../../../../worker/editing/rules/erase.ts";
import { Backup } from "../../../../worker/objects/ledger/backup.ts";
import type {
  Outcome,
  PublishCommand,
} from "../../../../worker/objects/ledger/command.ts";
import type { EraseCommand } from "../../../../worker/objects/ledger/erasures.ts";
import {
  auditHash,
  GENESIS,
} from "../../../../worker/objects/ledger/hash-chain.ts";
import type { ProposedPublish } from "../../../../worker/objects/ledger/proposals.ts";
import { Restore } from "../../../../worker/objects/ledger/restore.ts";
import { Review } from "../../../../worker/objects/ledger/review.ts";
import type { CaseState } from "../../../../worker/reads/state.ts";
import {
  type Leased,
  type LeaseRule,
  leaseRule,
} from "../../../../worker/runtime/lease.ts";
import { draftOf, inventedCase } from "../../../support/invented.ts";
import { profile } from "../../../support/profile.ts";
import { changedIn } from "../../all-cases.ts";
import { Journal } from "./confirming-journal.ts";

export { weighed } from "../../../support/random-steps.ts";
export { resealed } from "../../../support/resealed.ts";

export const LEASE_MS = 5_000;
export const [A, B, C] = ["ua-1-00", "ua-2-00", "ua-3-00"] as const;

export async function withNewsroom<T>(
  run: (room: Newsroom) => T | Promise<T>,
  rule: LeaseRule = leaseRule,
): Promise<T> {
  return runInDurableObject(
    env.LEDGER.getByName("newsroom under test"),
    async (_, state) => {
      const room = new Newsroom(state.storage, rule);
      await room.wipe();
      return run(room);
    },
  );
}

export const it = (
  what: string,
  run: (room: Newsroom) => void | Promise<void>,
) => test(what, () => withNewsroom(run));

export const done = <T>(outcome: Outcome<T>): T => {
  if ("failure" in outcome) throw new Error(JSON.stringify(outcome.failure));
  return outcome.done;
};
export const refused = <T>(outcome: Outcome<T>) => {
  if ("failure" in outcome) return outcome.failure;
  throw new Error(`expected a refusal, got ${JSON.stringify(outcome.done)}`);
};

/** What readers see: a number, "absent" or "withdrawn". */
export const shownBy = ({ value }: Leased<CaseState>): number | string =>
  value.state === "present" ? value.record.revision.number : value.state;

/** Everything that readers see, as their own questions answer it. */
export const seenIn = (journal: Journal): Record<string, CopiedRevision[]> =>
  Object.fromEntries(
    changedIn(journal).map(({ id }): [string, CopiedRevision[]] => {
      const { value: head } = journal.readings.case(id);
      if (head.state === "withdrawn")
        return [id, [{ state: "withdrawn", revision: head.revision }]];
      const revisions =
        journal.readings.historyPage(id, null, 1_000).value?.revisions ?? [];
      return [
        id,
        revisions.map((revision) => {
          const { value } = journal.readings.revision(id, revision.number);
          const fields =
            value.state === "present" ? { case: value.record.case } : {};
          return {
            state: value.state as CopiedRevision["state"],
            revision,
            ...fields,
          };
        }),
      ];
    }),
  );

export class Newsroom {
  clock = Date.parse("2026-01-01T00:00:00Z");
  journal!: Journal;
  review!: Review;
  restoring!: Restore;
  readonly storage: DurableObjectStorage;
  readonly rule: LeaseRule;
  /**
   * The salt of each revision, by case and number, as a thief would have kept
   * it.
   */
  readonly salts = new Map<string, string>();
  /** Called while a restore waits for its moment. */
  meanwhile = () => {};

  constructor(storage: DurableObjectStorage, rule: LeaseRule) {
    this.storage = storage;
    this.rule = rule;
  }

  async wipe(): Promise<void> {
    await this.storage.deleteAll();
    this.restart();
  }

  /** Starts the Ledger again on the same storage. */
  restart(lease = LEASE_MS): void {
    this.journal = new Journal(
      this.storage,
      lease,
      () => this.clock,
      profile,
      this.rule,
    );
    this.review = new Review(this.journal);
    this.restoring = new Restore(this.journal, async (milliseconds) => {
      this.meanwhile();
      this.clock += milliseconds;
    });
  }

  sql(
    statement: string,
    ...values: SqlStorageValue[]
  ): Record<string, SqlStorageValue>[] {
    return this.storage.sql.exec(statement, ...values).toArray();
  }

  command(basedOn: number, id: string = A): ProposedPublish {
    const fields = inventedCase(Number(id.split("-")[1]));
    const said = {
      note: { en: `Note ${basedOn + 1}` },
      kind: "update",
      notify: "loud",
      editor: "tester",
    } as const;
    return { id, case: fields, basedOn, ...said };
  }

  /** Publishes, or is refused. */
  offer(
    basedOn: number,
    more: Partial<PublishCommand> = {},
  ): ReturnType<Journal["publish"]> {
    return this.journal.publish({ ...this.command(basedOn, more.id), ...more });
  }

  /** Publishes on top of the newest revision. @returns the new one's number */
  publish(id: string, more: Partial<PublishCommand> = {}): number {
    const basedOn = this.journal.desk.record(id)?.revision.number ?? 0;
    const fields = inventedCase(Number(id.split("-")[1]), {
      summary: { en: `Secret ${id} ${basedOn + 1}` },
    });
    const { revision } = done(
      this.offer(basedOn, { id, case: fields, ...more }),
    );
    const stored =
      "SELECT salt FROM revisions WHERE case_id = ? AND number = ?";
    const { salt } = this.storage.sql
      .exec<{ salt: string }>(stored, id, revision)
      .one();
    this.salts.set(`${id} ${revision}`, salt);
    return revision;
  }

  /**
   * Publishes on top of the newest revision, and lets the moment come.
   * @returns the new one's number
   */
  goLive(id: string, more: Partial<PublishCommand> = {}): number {
    const number = this.publish(id, more);
    this.pass();
    return number;
  }

  /** An erasure as a command, of what the editor has seen. */
  eraseCommand(
    id: string,
    erase: Erase[],
    more: Partial<EraseCommand> = {},
  ): EraseCommand {
    const command = {
      id,
      erase,
      editor: "tester",
      basedOn: this.journal.newest(id),
      alike: [],
      cases: [],
      drafts: [],
    };
    const whole = { ...command, proposals: [], leave: [], ...more };
    const shown = done(this.review.previewErasure(whole, false));
    const leave = more.leave ?? shown.cases.map((other) => other.id);
    return { ...whole, leave, seen: more.seen ?? shown.seen };
  }

  /**
   * Erases what an editor has looked at.
   * @param words the rows of followed words that go with it
   */
  erase(
    id: string,
    erase: Erase[],
    more: Partial<EraseCommand> = {},
    words: number[] = [],
  ): Erased {
    const erased = done(
      this.review.erase(
        this.eraseCommand(id, erase, more),
        false,
        undefined,
        words,
      ),
    );
    if ("proposal" in erased) throw new Error("it was proposed");
    return erased;
  }

  /**
   * Erases the summary that readers see, and what earlier revisions said.
   * @returns the number of the redaction
   */
  redact(id: string): number {
    const { summary } = this.journal.liveCase(id)!;
    return this.erase(id, [
      { what: "sentence", sentence: String(summary.en) },
      { what: "earlier" },
    ]).revision;
  }

  /** What readers are given. */
  state(id: string = A): CaseState {
    return this.journal.readings.case(id).value;
  }

  shown(id: string = A): number | string {
    return shownBy(this.journal.readings.case(id));
  }

  pass(milliseconds = 7_000): void {
    this.clock += milliseconds;
    this.journal.settle();
  }

  /**
   * A history of every kind: A erased by a redaction, B with a pending and an
   * undone revision, C withdrawn.
   */
  live(): void {
    for (const id of [A, B, C]) this.publish(id);
    this.pass();
    this.goLive(A);
    this.redact(A);
    this.publish(B);
    done(this.journal.undo(B, 2, "tester"));
    done(this.journal.withdraw(C, "consent", "second"));
    this.pass();
    this.publish(B, { liveAt: this.clock + 3_600_000 });
    this.work(B);
  }

  /**
   * Saves a draft and a proposal of an editor, based on that revision; 0 for
   * none.
   */
  work(id: string, number = 1): void {
    const fields = inventedCase(Number(id.split("-")[1]), {
      summary: { en: `Secret ${id} at work` },
    });
    const base = number === 0 ? null : { number, case: fields };
    done(
      this.journal.drafts.save(
        "tester",
        crypto.randomUUID(),
        draftOf(fields, { base }) as never,
        0,
      ),
    );
    const said = {
      note: { en: "Note" },
      kind: "update",
      notify: "loud",
      editor: "tester",
    } as const;
    this.journal.proposals.add(
      this.clock,
      { id, case: fields, basedOn: number, ...said },
      null,
    );
  }

  export(): Promise<string> {
    return new Response(new Backup(this.journal).export("tester")).text();
  }

  /** Lives, and loses everything but a backup. @returns the backup */
  async lose(): Promise<string> {
    this.live();
    const backup = await this.export();
    await this.wipe();
    return backup;
  }

  erasures(): string {
    return new Backup(this.journal).erasures();
  }

  restore(
    text: string | Uint8Array,
    withoutErasures = true,
  ): Promise<Outcome<Restored>> {
    return this.restoring.run(
      new Response(text as BodyInit).body!,
      "restorer",
      withoutErasures,
    );
  }

  /** Restores a file in an empty Ledger. */
  async restored(text: string, withoutErasures = true): Promise<Restored> {
    await this.wipe();
    return done(await this.restore(text, withoutErasures));
  }

  dump(...tables: string[]): unknown {
    return tables.map((table) =>
      this.storage.sql.exec(`SELECT * FROM ${table}`).toArray(),
    );
  }

  /** Returns the content of all tables as text. */
  everything(): string {
    return JSON.stringify(
      this.dump(
        "revisions",
        "audit",
        "announcements",
        "drafts",
        "proposals",
        "staged",
      ),
    );
  }
}

export const NOTHING = JSON.stringify([[], [], [], [], [], []]);

/** Changes the rows of a kind. */
export const changed =
  (kind: string, change: (row: any) => unknown) => (rows: any[]) => {
    for (const row of rows) if (row.row === kind) change(row);
    return rows;
  };

/**
 * Renumbers and rehashes audit lines, as someone with write access to the whole
 * log could.
 */
export function rechained(rows: any[]): any[] {
  let before = { sequence: 0, hash: GENESIS };
  return rows.map((row) => {
    if (row.row !== "audit") return row;
    const { row: _, hash: __, ...rest } = row;
    const entry = {
      ...rest,
      sequence: before.sequence + 1,
      previousHash: before.hash,
    };
    before = { ...entry, hash: auditHash(entry) };
    return { row: "audit", ...before };
  });
}
