/** Stored content and storage schemas of other versions than the code's. */

import { describe, expect } from "vitest";
import {
  plainTexts,
  sourceDigest,
  withPlainTexts,
} from "../../../../shared/case/text.ts";
import { CONTENT_VERSION } from "../../../../shared/case/versions/steps.ts";
import type { CaseRecord } from "../../../../shared/revision.ts";
import { viewCase, viewSummary } from "../../../../shared/view/view.ts";
import {
  GENESIS,
  hashesOf,
} from "../../../../worker/objects/ledger/hash-chain.ts";
import { ledgerMigrations } from "../../../../worker/objects/ledger/migrations.ts";
import { migrate } from "../../../../worker/objects/storage/migrate.ts";
import { inventedCase } from "../../../support/invented.ts";
import { profile } from "../../../support/profile.ts";
import { casesIn } from "../../all-cases.ts";
import { A, B, it, type Newsroom, rechained, resealed } from "./newsroom.ts";

/** A revision that is live. */
function publish(room: Newsroom, id: string): void {
  room.publish(id, { case: inventedCase(Number(id.split("-")[1])) });
  room.pass();
}

const damage = (room: Newsroom, id: string, change: string) =>
  room.sql(`UPDATE revisions SET ${change} WHERE case_id = ?`, id);

/**
 * A backup of one revision as older code would have made it: other content,
 * with hashes, log and seal that are true of it.
 */
const madeOf = (text: string, change: (revision: any) => void): string =>
  resealed(text, (rows) => {
    const revision = rows.find(({ row }) => row === "revision");
    change(revision);
    const {
      content,
      kind,
      liveAt,
      note,
      number,
      salt,
      contentVersion: version,
    } = revision;
    Object.assign(
      revision,
      hashesOf(
        { case: content, kind, liveAt, note, number, salt, version },
        GENESIS,
      ),
    );
    const entry = rows.find(({ row }) => row === "audit");
    Object.assign(entry, { subject: revision.hash });
    return rechained(rows.filter(({ row }) => row !== "log"));
  });

describe("Data of a newer version", () => {
  it("is refused at the start with both versions, a storage schema as well as content", (room) => {
    const known = ledgerMigrations.length;
    room.storage.sql.exec("UPDATE schema SET version = ?", known + 2);
    const text = `Refusing to serve: the Ledger's storage has schema version ${known + 2}, and this code knows only versions up to ${known}.`;
    expect(() => room.restart()).toThrow(text);
    expect(() => migrate(room.storage, [], "Dispatcher")).toThrow(
      "the Dispatcher's storage",
    );
    room.storage.sql.exec("UPDATE schema SET version = ?", known);
    publish(room, A);
    room.restart();
    for (const table of ["revisions", "derived"]) {
      room.storage.sql.exec(
        `UPDATE ${table} SET content_version = ?`,
        CONTENT_VERSION + 5,
      );
      expect(() => room.restart()).toThrow(
        `Refusing to serve: the Ledger holds content of version ${CONTENT_VERSION + 5}, and this code knows only versions up to ${CONTENT_VERSION}.`,
      );
      room.storage.sql.exec(
        `UPDATE ${table} SET content_version = ?`,
        CONTENT_VERSION,
      );
    }
  });

  it("is refused in a backup, and nothing is stored", async (room) => {
    publish(room, A);
    const newer = madeOf(await room.export(), (revision) => {
      revision.contentVersion = CONTENT_VERSION + 1;
    });
    await room.wipe();
    expect(await room.restore(newer)).toEqual({
      failure: {
        tag: "unfit-backup",
        reason: "other-version",
        fault: `the content has version ${CONTENT_VERSION + 1}, and this code knows only versions up to ${CONTENT_VERSION}`,
      },
    });
    expect(room.storage.sql.exec("SELECT * FROM revisions").toArray()).toEqual(
      [],
    );
  });
});

describe("An older backup", () => {
  it("of version 1 is read with its translations and their reviews, and keeps the bytes that were hashed", async (room) => {
    publish(room, A);
    const older = madeOf(await room.export(), (revision) => {
      revision.contentVersion = 1;
      revision.content = {
        ...withPlainTexts(revision.content),
        translations: { uk: { reviewed: true } },
      };
    });
    await room.wipe();
    expect(await room.restore(older)).toHaveProperty("done");
    const { record } = room.journal.readings.case(A).value as {
      record: CaseRecord;
    };
    const { en, uk } = plainTexts(inventedCase(1).title);
    expect(record.case.title).toEqual({
      en,
      uk: { text: uk, of: sourceDigest(en as string), reviewed: true },
    });
    expect(record.case).not.toHaveProperty("translations");
    expect(JSON.parse((await room.export()).split("\n")[1]!)).toEqual(
      JSON.parse(older.split("\n")[1]!),
    );
  });

  it("whose case lacks a list can be redacted, and its proposals approved", (room) => {
    const { review } = room;
    publish(room, A);
    publish(room, B);
    room.storage.sql.exec(
      "UPDATE revisions SET content = json_remove(content, '$.impact', '$.quotations')",
    );
    const command = {
      id: A,
      case: inventedCase(1),
      note: { en: "Note" },
      notify: "none",
      editor: "anna",
    } as const;
    expect(room.redact(A)).toBe(2);
    const proposed = review.propose({
      ...command,
      id: B,
      case: inventedCase(2),
      kind: "update",
      basedOn: 1,
    });
    if ("failure" in proposed) throw new Error(proposed.failure.tag);
    const { proposal } = proposed.done;
    const hash = room.journal.proposals.find(proposal)!.hash;
    room.storage.sql.exec(
      "UPDATE proposals SET command = json_remove(command, '$.case.impact')",
    );
    expect(review.read(proposal)).toMatchObject({
      content: { case: { impact: [] } },
    });
    room.storage.sql.exec(
      "UPDATE proposals SET command = json_remove(command, '$.case.people')",
    );
    expect(room.journal.proposals.list().proposals).toMatchObject([
      { id: proposal, case: B },
    ]);
    expect(review.approve(proposal, hash, "boris")).toMatchObject({
      failure: { tag: "unshowable", id: B },
    });
    room.storage.sql.exec(
      "UPDATE proposals SET command = json_set(command, '$.case.people', json('[]'))",
    );
    expect(review.approve(proposal, hash, "boris")).toMatchObject({
      done: { revision: 2 },
    });
  });
});

describe("A row that can't be read", () => {
  it("in a derived column loses only what that column says", (room) => {
    publish(room, A);
    publish(room, B);
    damage(
      room,
      B,
      "summary = '{\"title\":', note = 'x', changes = '[{\"what\":\"new\"}]'",
    );
    const { readings, desk } = room.journal;
    expect(casesIn(room.journal)).toMatchObject({
      cases: [{ id: A }],
      unshowable: [{ id: B }],
    });
    expect(readings.historyPage(B, null, 9).value?.revisions).toMatchObject([
      { note: {}, changes: [] },
    ]);
    const { value } = readings.case(B);
    if (value.state !== "present") throw new Error(value.state);
    const { record } = value;
    expect(
      viewCase(record.case, record.revision, "uk", room.clock, profile).revision
        .note,
    ).toEqual({ text: "" });
    expect(desk.cases()).toHaveLength(2);
  });

  it("whose summary is older than the translations' sources is listed with its title", (room) => {
    publish(room, A);
    damage(
      room,
      A,
      'summary = json_set(summary, \'$.title\', json(\'{"en":"An old title","uk":"Стара назва"}\'))',
    );
    const [listed] = casesIn(room.journal).cases;
    expect(viewSummary(listed!, "uk", 0).title).toEqual({
      text: "Стара назва",
    });
    expect(room.journal.desk.cases()).toMatchObject([
      { title: { en: "An old title", uk: "Стара назва" } },
    ]);
  });

  it("has its summary derived again when the version of content has changed", (room) => {
    publish(room, A);
    const before = casesIn(room.journal);
    damage(room, A, "summary = '{}'");
    room.storage.sql.exec("UPDATE derived SET content_version = 0");
    room.restart();
    expect(casesIn(room.journal)).toEqual(before);
  });
});
