/**
 * The shell against real Workers: its effects, its output and its exit codes.
 */
import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addresses } from "../../shared/addresses.ts";
import { momentFrom } from "../../worker/tools/cli/moment.ts";
import { docxOf } from "../support/docx.ts";
import { startWorker, type TestWorker } from "../support/harness.ts";
import { inventedCase } from "../support/invented.ts";
import { listening } from "../support/listening.ts";
import { nextYear, weekday } from "../support/next-year.ts";
import { root } from "../support/root.ts";
import {
  confirmed,
  type ProcessRun,
  runShell,
  runShellProcess,
  type ShellRun,
  useShell,
} from "./casewire-cli.ts";

const { folder, path, file } = useShell();
let worker: TestWorker;
let other: TestWorker;

beforeAll(async () => {
  const hash = (token: string) =>
    createHash("sha256").update(token).digest("hex");
  [worker, other] = await Promise.all([
    startWorker(),
    startWorker({
      env: { EDITORS: JSON.stringify({ first: hash("first") }), REVIEW: "two" },
    }),
  ]);
});
afterAll(() => Promise.all([worker?.close(), other?.close()]));

const run = (
  words: string[],
  { on = worker, ...more }: Partial<ShellRun> = {},
) => runShell(words, { on, ...more });
const runProcess = (
  words: string[],
  { on = worker, ...more }: Partial<ProcessRun> = {},
) => runShellProcess(words, { on, ...more });

const confirm = (words: string[], on: ShellRun["on"] = worker) =>
  confirmed(words, folder, { on });
const newest = (id: string, on = worker) => on.editor.readDeskCase({ id });

describe.concurrent("The casewire command", () => {
  it("checks and imports without a server, and names the field and the remedy", async () => {
    const nowhere = {
      env: { PUBLIC_URL: "http://127.0.0.1:9", EDITOR_TOKEN: "" },
    };
    const document = "tests/documents/ua-126-19-outcome.txt";
    const paragraphs = (await readFile(join(root, document), "utf8"))
      .split("\n")
      .map(
        (line) =>
          `<w:p><w:t>${line.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</w:t></w:p>`,
      );
    const xml = `<w:document xmlns:w="w"><w:body>${paragraphs.join("")}</w:body></w:document>`;
    await writeFile(path("document.docx"), docxOf(xml));
    const fields = {
      ...inventedCase(1),
      issuer: undefined,
      asOf: { date: "2999-01-01" },
    };
    const odd = {
      ...inventedCase(1),
      number: { series: "UA", number: "x", year: "y" },
      people: {},
    };
    const [
      good,
      bad,
      text,
      imported,
      gone,
      json,
      rich,
      strange,
      nowhereTo,
      unread,
      mended,
    ] = await Promise.all([
      run(["check", "worker/tools/local/cases/ua-0-00.json"], nowhere),
      run(["check", await file("bad.json", fields)], nowhere),
      run(
        [
          "import",
          path("document.docx"),
          "--offline",
          "-o",
          path("from-word.json"),
        ],
        nowhere,
      ),
      run(
        ["import", document, "--offline", "-o", path("imported.json")],
        nowhere,
      ),
      run(["check", path("none.json")], nowhere),
      run(["check", path("bad.json"), "--json"], nowhere),
      run(
        ["check", await file("rich.rtf", "{\\rtf1\\ansi URGENT ACTION}")],
        nowhere,
      ),
      run(["check", await file("odd.json", odd)], nowhere),
      run(
        ["import", document, "--offline", "-o", path("none/imported.json")],
        nowhere,
      ),
      runProcess(["import", document, "--offline"], {
        ...nowhere,
        unread: true,
      }),
      run(["import", document, "--offline", "-o", path("bad.json")], nowhere),
    ]);
    expect(mended).toMatchObject({
      code: 1,
      err: expect.stringContaining("nothing was written"),
    });
    expect(unread).toMatchObject({
      code: 0,
      err: expect.not.stringContaining("EPIPE"),
    });
    expect(rich.err).toContain("This is a document, not a case");
    expect(strange).toMatchObject({
      code: 1,
      err: expect.not.stringContaining("NaN"),
    });
    expect(nowhereTo).toMatchObject({
      code: 2,
      err: expect.not.stringContaining("    at "),
    });
    expect(nowhereTo.err).toContain("The file can't be used");
    expect(good).toMatchObject({ code: 0, err: "" });
    expect(good.out).toContain("can be published: UA 0/00");
    expect(bad.code).toBe(1);
    expect(bad.err).toContain("/case/issuer is required");
    expect(bad.err).toContain("Fix the fields listed");
    expect(text).toMatchObject({ code: 0, out: "" });
    expect(text.err).toMatch(
      /line \d+ \/people\/\d\/names: The name is spelt in several ways/,
    );
    expect(imported).toMatchObject({ code: 0, out: "" });
    expect(imported.err).toContain("Sentences about people (");
    const publication = JSON.parse(
      await readFile(path("imported.json"), "utf8"),
    );
    expect(publication).toMatchObject({ basedOn: 0, kind: "update", note: {} });
    expect(publication.case.people).toHaveLength(6);
    expect(gone).toMatchObject({ code: 2 });
    expect(JSON.parse(json.out)).toMatchObject({
      error: {
        exitCode: 1,
        issues: [{ pointer: "/case/issuer", message: "is required" }],
      },
    });
  });

  it("has different exit codes for a wrong command, a wrong token and no answer", async () => {
    const secret = "wrong\ntoken";
    const first = await file("moments.json", inventedCase(3));
    const [
      none,
      help,
      token,
      silent,
      unsendable,
      nonsense,
      zoneless,
      wrongFile,
      all,
      odd,
      unknown,
    ] = await Promise.all([
      runProcess(["publish", "--json"]),
      run(["publish", "--help"]),
      runProcess(["show", "ua-1-00"], { env: { EDITOR_TOKEN: "wrong" } }),
      runProcess(["show", "ua-1-00", "--json"], {
        env: { PUBLIC_URL: "http://127.0.0.1:9" },
      }),
      run(["show", "ua-1-00"], { env: { EDITOR_TOKEN: secret } }),
      run(["show", "ua-1-00"], { env: { PUBLIC_URL: "nonsense" } }),
      run(["publish", first, "--at", `${nextYear}-12-01T09:00`, "--note", "x"]),
      run([
        "audit:verify",
        await file("not-a-log.json", inventedCase(3)),
        "--json",
      ]),
      run([]),
      run(["publish", first, "--notify", "softly", "--json"]),
      run(["show", "ua-1-00", "--old"]),
    ]);
    expect([none.code, help.code, token.code, silent.code]).toEqual([
      2, 0, 4, 3,
    ]);
    expect([
      unsendable.code,
      nonsense.code,
      zoneless.code,
      wrongFile.code,
    ]).toEqual([4, 2, 2, 2]);
    expect([all.code, odd.code, unknown.code]).toEqual([0, 2, 2]);
    expect(JSON.parse(none.out).error).toMatchObject({
      exitCode: 2,
      detail: "missing required argument 'file'",
    });
    expect(help.out).toContain("publish case.json --at 2026-12-01T09:00+02:00");
    expect(all.out).toMatch(
      /^ {2}publish \[options\] <file> +Publish a revision; until it is live, the desk takes it back$/m,
    );
    expect(JSON.parse(odd.out).error.detail).toContain(
      "Allowed choices are loud, silent, none.",
    );
    expect(token.err).toContain(
      "Set EDITOR_TOKEN to a token of this deployment",
    );
    expect(JSON.parse(silent.out).error).toMatchObject({
      exitCode: 3,
      remedy: expect.stringContaining("PUBLIC_URL"),
    });
    expect(unsendable.err + unsendable.out).not.toContain("wrong");
    expect(zoneless.err).toContain("is not a moment with an offset from UTC");
    expect(JSON.parse(wrongFile.out).error.title).toBe(
      "This is neither a backup nor an audit log",
    );
  });

  it("leaves no file that is not complete, and reads no folder", async () => {
    // The connection closes after the headers, before the first line of the
    // log.
    const stranger = createServer((_, response) => {
      response.writeHead(200, {
        "Content-Type": "application/x-ndjson",
        "Content-Length": 100,
      });
      response.flushHeaders();
      response.destroy();
    });
    const port = await listening(stranger);
    const ends = await Promise.all([
      run(["export", "-o", path("log.ndjson")], {
        on: { url: `http://127.0.0.1:${port}`, editorToken: "token" },
      }),
      run(["restore", folder, "--no-erasures"]),
    ]).finally(() => stranger.close());
    expect(ends.map(({ code }) => code)).toEqual([3, 2]);
    for (const { err } of ends) expect(err).not.toContain("    at ");
    expect(
      (await readdir(folder)).filter((name) => name.startsWith("log")),
    ).toEqual([]);
  });

  it("names two people with almost the same name, and publishes them as two when told so", async () => {
    const own = await startWorker();
    const on = { on: own };
    try {
      const fields = inventedCase(5);
      const names = [
        {
          value: "Invented Person Onne",
          lang: "en",
          form: "preferred",
          source: "first",
        },
      ];
      const people = [
        ...fields.people,
        { ...fields.people[0], id: "somebody-else", names },
      ];
      const publication = {
        case: { ...fields, people },
        note: { en: "Two people" },
        kind: "update",
      };
      const alike = await file("5.json", publication);
      const refused = await run(["publish", alike], on);
      expect(refused.code).toBe(1);
      expect(refused.err).toMatch(
        /Is this one person, or two\? \(two-people\)\n +\/case\/people\/0: Invented Person One\n +\/case\/people\/1: Invented Person Onne\n/,
      );
      expect(refused.err).toMatch(
        /Ukrainian: Do these translations say .*\n +\/case\/title\/uk: Вигадана справа 5\n/,
      );
      expect(refused.err).toContain(
        "/case/events/0: 2000-01-01 · arrest · Invented Person One was arrested. · first",
      );
      expect(refused.err).toContain("add --answers FILE");
      const two = await confirm(["publish", alike], own);
      expect(await run(two, on)).toMatchObject({ code: 0 });
      const { case: published } = await own.editor.readDeskCase({
        id: "ua-5-00",
      });
      expect(published?.people.map(({ id }) => id)).toEqual([
        "invented-person-one",
        "somebody-else",
      ]);

      // Beside the words stands what they are compared with, as it is and as it
      // was.
      const [one, other] = published!.people as [any, any];
      const released = {
        ...one.custody,
        value: "released",
        asOf: { date: "2000-03-01" },
      };
      const changed = {
        ...published,
        people: [{ ...one, custody: released }],
        title: { ...fields.title, en: "New words" },
      };
      const asked = await run(
        ["publish", await file("6.json", { ...publication, case: changed })],
        on,
      );
      expect(asked.err).toContain(
        "Invented Person One: Released · 2000-03-01 · Invented Issuer (was: In pre-trial detention · 2000-01-02 · Invented Issuer)",
      );
      expect(asked.err).toContain(
        "/case/title/en: New words (was: Invented case 5)",
      );
      expect(asked.err).toMatch(
        /\/case\/title\/uk: Вигадана справа 5\n +en: New words \(was: Invented case 5\)/,
      );
      expect(asked.err).toContain(`/case/people: ${other.names[0].value}`);
    } finally {
      await own.close();
    }
  });

  it("accepts only a moment that exists, with its offset", () => {
    expect(momentFrom("2026-12-01T09:00+01:00")).toBe(
      "2026-12-01T08:00:00.000Z",
    );
    expect(momentFrom("2028-02-29T00:00:30Z")).toBe("2028-02-29T00:00:30.000Z");
    for (const text of [
      "2026-12-01T09:00",
      "2026-02-29T09:00Z",
      "2026-13-01T09:00Z",
      "2026-12-01T25:00Z",
      "tomorrow",
    ])
      expect(() => momentFrom(text), text).toThrow("Invalid moment");
  });

  it("publishes, shows and takes back, and restores a backup without what was erased since", async () => {
    const id = "ua-1-00";
    const december = `${nextYear}-12-01T09:00+01:00`;
    const first = await file("first.json", inventedCase(1));
    const noted = await confirm([
      "publish",
      first,
      "--note",
      "First version",
      "--note",
      "uk=Перша версія",
    ]);
    const [mute, created] = await Promise.all([
      runProcess(["publish", first]),
      run(noted),
    ]);
    expect(mute.code).toBe(1);
    expect(mute.err).toContain('--note "…"');
    expect(created).toMatchObject({ code: 0 });
    expect(created.out).toContain(`Revision 1 of ${id} goes live on`);
    await worker.untilLive({
      revision: 1,
      liveAt: (await newest(id)).revision.liveAt,
    });
    expect(await newest(id)).toMatchObject({
      live: 1,
      revision: {
        note: { en: "First version", uk: "Перша версія" },
        notify: "loud",
      },
    });

    const shown = await run(["show", id, "-o", path("shown.json")]);
    expect(shown.code).toBe(0);
    const publication = JSON.parse(await readFile(path("shown.json"), "utf8"));
    expect(publication).toMatchObject({ basedOn: 1, case: { id } });
    publication.case.people[0].custody.value = "released";
    const changed = await file("changed.json", publication);
    const released = await confirm(["publish", changed, "--note", "Released"]);
    expect((await run(released)).out).toMatch(
      /\n {2}Invented Person One: [^\n]*released/,
    );
    await worker.editor.undo({ id, number: 2 });

    const announced = await confirm([
      "publish",
      changed,
      "--at",
      december,
      "--note",
      "Later",
    ]);
    const scheduled = await run([...announced, "--json"]);
    expect(JSON.parse(scheduled.out)).toEqual({
      id,
      revision: 3,
      liveAt: `${nextYear}-12-01T08:00:00.000Z`,
    });
    const [overtaking, conflict] = await Promise.all([
      run(["publish", changed, "--note", "Now", "--on", "3"]),
      run(["publish", changed, "--note", "Now"]),
    ]);
    expect([overtaking.code, conflict.code]).toEqual([1, 1]);
    expect(overtaking.err).toContain(
      "Take it back in the desk, or replace it with --replace 3",
    );
    expect(conflict.err).toContain("The case has changed");

    await worker.editor.addPlace({
      body: { case: id, url: "https://section.example.org/a" },
    });
    const listed = await run(["places", "UA 1/00"]);
    expect(listed.out).toBe(
      "UA 1/00  https://section.example.org/a  not looked at yet\n",
    );

    // The backup includes a pending revision that is undone afterwards. The
    // erasures file must record that.
    const older = path("older.ndjson");
    expect((await run(["export", "--erasures", "-o", older])).code).toBe(0);
    const saved = await run(["export", "-o", path("backup.ndjson")]);
    expect(saved.out).toContain(
      ": 3 revisions, 5 log entries, 1 entry of the signed log, 1 place.",
    );
    await worker.editor.undo({ id, number: 3 });
    expect(await worker.withdraw(id)).toMatchObject({ revision: 4 });
    expect(
      (await run(["export", "--erasures", "-o", path("erasures.ndjson")])).code,
    ).toBe(0);
    const env = { EDITOR_TOKEN: "first" };
    const cut = await file(
      "cut.ndjson",
      (await readFile(path("backup.ndjson"), "utf8")).slice(0, -30),
    );
    const newestLine = (await (await worker.editor.exportAudit()).text())
      .trimEnd()
      .split("\n")
      .at(-1) as string;
    const expected = ["--expect", JSON.parse(newestLine).hash];
    // Larger than the pipe's buffer while nothing reads from it.
    const large = await file(
      "large.ndjson",
      (await readFile(path("backup.ndjson"), "utf8")) + "x\n".repeat(4_000_000),
    );
    const header = (format: string) =>
      `{"format":"casewire-${format}","version":1,"madeAt":"2026-01-02T03:04:05.678Z"`;
    const followers = await file("followers.ndjson", header("followers"));
    const lists = [
      await file("old.ndjson", header("erasures")),
      await file("forgotten.ndjson", header("forgotten")),
    ];
    const [whole, wholeFile, cutLog, full, unsaid, damaged, early, swapped] =
      await Promise.all([
        run(["audit:verify", ...expected]),
        run(["audit:verify", path("backup.ndjson")]),
        run(["audit:verify", path("backup.ndjson"), ...expected]),
        run(["restore", large, "--no-erasures"]),
        run(["restore", path("backup.ndjson")]),
        run(["restore", cut, "--no-erasures"], { on: other, env }),
        run(["restore", followers, "--no-erasures"], { on: other, env }),
        run(["restore", path("erasures.ndjson"), "--no-erasures"], {
          on: other,
          env,
        }),
      ]);
    // A list that may lack something is not taken without a question, and
    // nobody is there to answer it.
    for (const [index, restored] of [
      path("backup.ndjson"),
      followers,
    ].entries()) {
      const asked = await run(
        ["restore", restored, "--erasures", lists[index]!],
        { on: other, env },
      );
      expect([asked.code, asked.err]).toEqual([
        2,
        expect.stringMatching(/made \d+ days? ago, on Friday, 2 January 2026/),
      ]);
      expect(asked.err).toContain("Add --newest to confirm.");
      const answered = await Promise.all(
        ["yes\n", "newest\n"].map((input) =>
          run(["restore", restored, "--erasures", lists[index]!], {
            on: other,
            env,
            input,
            isTerminal: true,
          }),
        ),
      );
      expect(answered.map(({ code }) => code)).toEqual([5, 1]);
      expect(answered[0]?.err).toContain(
        "“yes” is not newest. Nothing was changed.",
      );
      const mistaken = await run(
        ["restore", restored, "--erasures", lists[1 - index]!, "--newest"],
        {
          on: other,
          env,
        },
      );
      expect([mistaken.code, mistaken.err]).toEqual([
        2,
        expect.stringContaining("Wrong kind of file"),
      ]);
    }
    // After the others: a deployment refuses two restores at once.
    const outdated = await run(
      [
        "restore",
        path("backup.ndjson"),
        "--erasures",
        older,
        "--newest",
        "--json",
      ],
      {
        on: other,
        env,
      },
    );
    expect(whole.out).toMatch(
      /^verified: 8 log entries, 4 revisions; every hash matches\nexpected hash: line 8; 0 newer/,
    );
    expect(wholeFile.out).toMatch(
      /^verified: 5 log entries, 3 revisions; every hash matches/,
    );
    expect([cutLog.code, cutLog.err]).toEqual([
      1,
      expect.stringContaining("no line has the hash"),
    ]);
    expect(
      [full, unsaid, damaged, early, swapped].map(({ code }) => code),
    ).toEqual([1, 2, 1, 1, 2]);
    expect(early.err).toContain("Restore the cases first");
    expect(JSON.parse(outdated.out).error).toMatchObject({
      reason: "older-erasures",
      title: "The file can't be restored",
      remedy: "Use an erasures file that was saved after the backup.",
    });
    expect(swapped.err).toContain("erasures.ndjson is casewire-erasures");
    expect(full.err).toContain("The deployment is not empty");
    expect(damaged.err).toContain("Nothing was stored");

    // However new a list is, something may have been erased since.
    const list = ["--erasures", path("erasures.ndjson")];
    const asked = await run(["restore", path("backup.ndjson"), ...list], {
      on: other,
      env,
    });
    expect([asked.code, asked.err]).toEqual([
      2,
      expect.stringContaining("Add --newest to confirm."),
    ]);
    list.push("--newest");
    const restored = await run(
      ["restore", path("backup.ndjson"), ...list, "--json"],
      { on: other, env },
    );
    expect(JSON.parse(restored.out)).toMatchObject({
      revisions: 3,
      audit: 5,
      places: 1,
      erasures: 1,
      lost: [],
    });
    // The withdrawal was pending when the backup was made, and the restore
    // brought it back.
    for (const { url } of [worker, other])
      expect((await fetch(url + addresses.case(id))).status).toBe(410);
    expect((await run(["audit:verify"], { on: other, env })).code).toBe(0);

    // With review by a second editor, a publish waits.
    const two = await file("two.json", inventedCase(2));
    const second = ["publish", two, "--note", "Second", "--at", december];
    const later = await run(
      await confirmed(second, folder, { on: other, env }),
      { on: other, env },
    );
    expect(later.out).toContain(
      `live at: ${weekday(`${nextYear}-12-01`, "long")}, 1 December ${nextYear} at 09:00:00 CET (${nextYear}-12-01T08:00:00.000Z)`,
    );
    expect(later.out).toContain("The proposal waits for a second editor.");
  });
});
