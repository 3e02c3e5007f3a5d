/**
 * What was erased is nowhere in the files of the storage, not even in the bytes
 * that SQLite has freed.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, it } from "vitest";
import { publishConfirmed } from "../support/confirming.ts";
import { eraseSeen } from "../support/erasing.ts";
import { startWorker, type TestWorker } from "../support/harness.ts";
import {
  draftOf,
  inventedCase,
  inventedPerson,
  stated,
} from "../support/invented.ts";
import { scaled } from "../support/scaled.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { withPicture } from "./with-picture.ts";

const folder = temporaryFolder();
const NUMBER = 7311;
const id = `ua-${NUMBER}-00`;
const other = "an-invented-token-of-a-second-editor";

/** Invented words, one for each place that holds words of a case. */
const words = {
  person: "Zorakwin",
  summary: "Quezzolbrack",
  author: "Vuntaprex",
  note: "Mizzlequorn",
  earlier: "Frabbengast",
  pending: "Oxxendrul",
  undone: "Wibbletranx",
  draft: "Kneebolosk",
  draftBefore: "Plinkovarsh",
  document: "Trozzenmip",
  proposal: "Jaxxobrine",
  reason: "Snorvelquix",
  consent: "Yuggapelt",
  link: "Drixelfonk",
};
const long = (word: string, times = 40) =>
  `${word} was said here. `.repeat(times);

/** The words that stand in any file of the storage. */
async function found(): Promise<string[]> {
  const files = (
    await readdir(folder, { recursive: true, withFileTypes: true })
  ).flatMap(({ name, parentPath }) =>
    name.endsWith(".sqlite") ? join(parentPath, name) : [],
  );
  // The log of changes ends in the file, as on the platform, which keeps copies
  // of it for up to 30 days.
  for (const file of files) {
    const database = new DatabaseSync(file);
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    database.close();
  }
  const contents = await Promise.all(
    files.map((file) => readFile(file, "latin1")),
  );
  return Object.values(words).filter((word) =>
    contents.some((content) => new RegExp(word, "i").test(content)),
  );
}

const about = (summary: string, more: object = {}) =>
  inventedCase(NUMBER, {
    summary: { en: summary },
    people: [
      inventedPerson(`${words.person} Demchuk`, {
        custody: { ...stated("imprisoned"), statedBy: `${words.author} Court` },
      }),
      inventedPerson("Olena Inventar", { custody: stated("imprisoned") }),
    ],
    events: [],
    links: [
      {
        href: `https://example.org/free${words.person}${words.link}`,
        name: "Elsewhere",
      },
    ],
    ...more,
  });

/**
 * Stores every word, and ends with two live revisions, a pending one, a draft
 * and the record of a consent.
 */
async function write(): Promise<TestWorker> {
  // A proposal, rejected with a reason and made again, in a newsroom where two
  // editors must agree.
  const two = await startWorker({
    persistTo: folder,
    editors: { second: other },
    env: { REVIEW: "two" },
  });
  for (const isRejected of [true, false]) {
    const body = {
      case: about(long(words.proposal)),
      note: { en: words.proposal },
      kind: "update",
    } as const;
    const made = await publishConfirmed(two.editor, { id, basedOn: 0, body });
    if (!("proposal" in made)) throw new Error("it was not proposed");
    if (!isRejected) continue;
    const path = `${two.url}/v1/desk/proposals/${made.proposal}/reject`;
    const headers = {
      Authorization: `Bearer ${other}`,
      "Content-Type": "application/json",
    };
    const rejected = await fetch(path, {
      method: "POST",
      headers,
      body: JSON.stringify({ reason: words.reason }),
    });
    expect(rejected.status).toBe(200);
  }
  await two.close();
  expect(await found()).toContain(words.proposal);
  const one = await again(two, { REVIEW: "one" });
  const sentence = `${words.summary} happened. ${words.person} is held.`;
  await one.untilLive(
    await one.publish(about(long(words.earlier)), { note: { en: words.note } }),
  );
  const { case: pictured } = await withPicture(
    one,
    about(sentence),
    words.consent,
  );
  await one.untilLive(await one.publish(pictured));
  const undone = await one.publish(about(long(words.undone)));
  await one.editor.undo({ id, number: undone.revision });
  const draft = crypto.randomUUID();
  const none = { provenance: [], dates: [], warnings: [] };
  const source = { name: "a.txt", text: words.document, ...none };
  const versions = [
    long(words.draftBefore),
    words.draftBefore,
    long(words.draft, 120),
    words.draft,
  ];
  for (const [basedOn, text] of versions.entries()) {
    const base = { number: 2, case: about(text) };
    const body = draftOf(about(text), {
      base,
      source: basedOn === 3 ? (source as never) : null,
    });
    await one.editor.saveDraft({ id: draft, basedOn, body: body as never });
  }
  const liveAt = new Date(one.now() + 3_600_000).toISOString();
  await one.publish(about(long(words.pending), { people: pictured.people }), {
    liveAt,
  });
  return one;
}

const again = (last: TestWorker, change: Record<string, string>) =>
  startWorker({
    persistTo: folder,
    env: { ...last.env, ...change },
    editorToken: last.editorToken,
  });

it("erased words are in no file after an erasure, many publishes and a restart", {
  timeout: scaled(600_000, 900_000),
}, async () => {
  const worker = await write();
  const [person] = about("Nothing").people;
  const erased = await eraseSeen(worker.editor, id, [
    { what: "person", person: person!.id },
    { what: "sentence", sentence: `${words.summary} happened.` },
  ]);
  const [again1] = erased.again;
  await worker.untilLive(erased);
  // The pending revision says another word, which goes when it is undone.
  await worker.editor.undo({ id, number: again1!.revision });
  for (let count = 0; count < scaled(20, 1_550); count++)
    await worker.publish(
      inventedCase(NUMBER + 1 + (count % 20), {
        summary: { en: `Nothing new ${count}` },
      }),
    );
  await worker.close();
  const restarted = await again(worker, {});
  expect(
    (await restarted.editor.readDeskCase({ id })).case?.people,
  ).toHaveLength(1);
  await restarted.close();
  expect(await found()).toEqual([]);
});
