/**
 * After an erasure, no hash that stays can confirm a guess of what was erased.
 */

import canonicalize from "canonicalize";
import { describe, expect, test } from "vitest";
import { addresses, paths } from "../../../../shared/addresses.ts";
import { ERASED_SOURCE, sourceDigest } from "../../../../shared/case/text.ts";
import { CONTENT_VERSION } from "../../../../shared/case/versions/steps.ts";
import { GENESIS } from "../../../../worker/objects/ledger/hash-chain.ts";
import { entryOf } from "../../../../worker/objects/storage/backup-lines.ts";
import { digest } from "../../../../worker/runtime/digest.ts";
import { inventedCase } from "../../../support/invented.ts";
import { changedIn } from "../../all-cases.ts";
import { backdate } from "../../backdate.ts";
import { at, call, json, publish, sql } from "../../web/api/people.ts";
import { A, done, it, type Newsroom } from "./newsroom.ts";

const HASH = /\b[0-9a-f]{64}\b/g;
const hashesIn = (text: string) => new Set(text.match(HASH));

/** Everything that readers and editors are shown, except backups. */
function said({ journal }: Newsroom): string {
  const { readings, desk, audit, log, proposals } = journal;
  return JSON.stringify([
    ...[
      readings.case(A),
      readings.historyPage(A, null, 100),
      readings.revision(A, 1),
      readings.recent(null),
    ],
    ...[
      changedIn(journal),
      desk.record(A),
      desk.cases(),
      audit.all(),
      proposals.list(),
    ],
    [...log.rows()].map(entryOf),
  ]);
}

const stored = (room: Newsroom): string =>
  room.everything() + JSON.stringify(room.dump("log_entries"));

const saltIn = (room: Newsroom, table: "revisions" | "proposals"): string =>
  String(room.sql(`SELECT salt FROM ${table} WHERE case_id = ?`, A)[0]!.salt);

/**
 * The hashes that can be computed from the true content, with each of these as
 * its salt.
 */
function guesses(contents: object[], salts: Iterable<string>): Set<string> {
  const texts = contents.flatMap((content) => [
    JSON.stringify(content),
    canonicalize(content) as string,
    ...[...salts].flatMap((salt) => [
      canonicalize({ ...content, salt }) as string,
      salt + (canonicalize(content) as string),
      (canonicalize(content) as string) + salt,
    ]),
  ]);
  const found = texts.map(digest);
  return new Set([
    ...found,
    ...found.flatMap((hash) => [digest(GENESIS + hash), digest(hash)]),
  ]);
}

const confirmed = (guessed: Set<string>, said: string) =>
  [...hashesIn(said)].filter((hash) => guessed.has(hash));

describe("With the true content and everything that was ever shown", () => {
  for (const kind of ["redaction", "withdrawal"] as const)
    it(`the hash of a revision that a ${kind} erased can't be reproduced`, (room) => {
      const { case: fields, note } = room.command(0);
      const { liveAt } = done(room.offer(0));
      const content = {
        case: fields,
        kind: "update",
        liveAt,
        note,
        number: 1,
        version: CONTENT_VERSION,
      };
      room.pass();
      const salt = saltIn(room, "revisions");
      const before = said(room);
      expect(salt).toMatch(/^[0-9a-f]{64}$/);
      if (kind === "withdrawal")
        done(room.journal.withdraw(A, "consent", "anna"));
      else room.erase(A, [{ what: "person", person: "invented-person-one" }]);
      room.pass();
      const after = said(room);

      expect(
        confirmed(
          guesses([content, fields, note], hashesIn(before + after)),
          after,
        ),
      ).toEqual([]);
      // The search finds the hashes once it has the salt, which was never shown
      // and is erased.
      expect(confirmed(guesses([content], [salt]), after)).toHaveLength(2);
      expect(before + after).not.toContain(salt);
      expect(stored(room)).not.toContain(salt);
      expect(room.erasures()).not.toContain(salt);
    });

  it("neither can the source of a translation that a redaction shortened", (room) => {
    const named = "Invented case of Invented Person Nine";
    const uk = {
      text: "Вигадана справа Особи Девʼять",
      of: sourceDigest(named),
      reviewed: true,
    };
    const titled = (en: string) => inventedCase(1, { title: { en, uk } });
    room.goLive(A, { case: titled(named) });
    room.goLive(A, { case: titled("Invented case of Nobody") });
    expect(said(room)).toContain(uk.of);
    room.erase(A, [{ what: "earlier" }]);
    room.pass();
    expect(said(room) + stored(room)).not.toContain(uk.of);
    expect(JSON.stringify(room.journal.desk.record(A))).toContain(
      `"of":"${ERASED_SOURCE}"`,
    );
  });

  it("neither is the name in the id of a person whose name was redacted", (room) => {
    const [person] = inventedCase(1).people;
    const named = (value: string) =>
      inventedCase(1, {
        people: [
          {
            ...person,
            id: "hidden-surname",
            names: [{ ...person?.names[0], value, form: "preferred" }],
          },
        ],
      });
    room.goLive(A, { case: named("Hidden Surname") });
    const { revision } = room.erase(A, [
      { what: "name", name: "Hidden Surname" },
    ]);
    done(room.journal.undo(A, revision, "anna"));
    room.erase(A, [{ what: "name", name: "Hidden Surname" }]);
    room.pass();
    expect((said(room) + stored(room)).toLowerCase()).not.toMatch(
      /hidden|surname/,
    );
    expect(room.journal.desk.record(A)?.case?.people[0]?.id).toBe("person");
  });

  it("neither can the log's line about a proposal, nor about an undone revision", (room) => {
    const command = room.command(0);
    const proposed = done(room.review.propose(command));
    const salt = saltIn(room, "proposals");
    const { hash } = room.journal.proposals.find(proposed.proposal)!;
    const before = said(room);
    const published = done(
      room.review.approve(proposed.proposal, hash, "boris"),
    );
    done(room.journal.undo(A, published.revision, "anna"));
    const after = said(room);

    const { liveAt } = published;
    const { case: fields, kind, note } = command;
    const version = CONTENT_VERSION;
    const contents = [
      command,
      { ...command, version },
      { case: fields, kind, liveAt, note, number: 1, version },
    ];
    expect(hashesIn(after)).toContain(hash);
    expect(
      confirmed(guesses(contents, hashesIn(before + after)), after),
    ).toEqual([]);
    expect(confirmed(guesses(contents, [salt]), after)).toEqual([hash]);
    expect(before + after).not.toContain(salt);
    expect(stored(room)).not.toContain(salt);
  });

  it("neither can the digest of a backup, from which everything but its salts is known", async (room) => {
    room.goLive(A);
    const text = await room.export();
    const { salt } = JSON.parse(text.slice(0, text.indexOf("\n")));
    const digestInLog = room.journal.audit.all().at(-1)!.subject;
    const body = text.slice(0, text.lastIndexOf("\n", text.length - 2) + 1);
    expect(digest(body)).toBe(digestInLog);
    expect(stored(room) + said(room)).not.toContain(salt);
  });
});

describe("A salt", () => {
  it("is another for each revision, and is restored with its content, never without", async (room) => {
    for (let times = 0; times < 3; times++) room.goLive(A);
    const salts = () =>
      room
        .sql("SELECT salt FROM revisions ORDER BY number")
        .map(({ salt }) => salt);
    const own = salts();
    expect(new Set(own).size).toBe(3);
    const text = await room.export();
    room.redact(A);
    room.pass();
    const erasures = room.erasures();

    await room.restored(text);
    expect(salts()).toEqual(own);
    await room.restored(erasures + text, false);
    expect(salts()).toEqual([null, null, null, null]);
  });

  test("stands in no answer, to readers or editors, except in a backup", async () => {
    const token = "test-token";
    const id = "ua-77-00";
    const answers: string[] = [
      JSON.stringify(await json(201, publish(token, 77))),
    ];
    await backdate();
    answers.push(JSON.stringify(await json(201, publish(token, 77, at(1)))));
    const salts = (
      await sql("SELECT salt FROM revisions WHERE case_id = ?", id)
    ).map(({ salt }) => String(salt));
    expect(salts).toHaveLength(2);
    for (const path of [
      ...[
        paths.cases,
        addresses.case(id),
        addresses.view(id, "en"),
        addresses.revisions(id),
        addresses.revision(id, 1),
      ],
      ...[
        addresses.page(id),
        addresses.feed("json"),
        addresses.deskCase(id),
        paths.deskCases,
        paths.deskAudit,
      ],
      ...[paths.deskAuditLog, paths.deskErasures],
    ]) {
      const answer = await call("GET", path, { token });
      expect([path, answer.status]).toEqual([path, 200]);
      answers.push(await answer.text());
    }
    answers.push(
      await (await call("DELETE", addresses.revision(id, 2), { token })).text(),
    );
    for (const salt of salts) expect(answers.join()).not.toContain(salt);
    expect(
      await (await call("GET", paths.deskExport, { token })).text(),
    ).toContain(salts[0]);
  });
});
