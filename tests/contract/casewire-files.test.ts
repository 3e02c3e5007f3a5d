/** The shell's refusals, and the files that it writes, against one Worker. */
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sourceDigest } from "../../shared/case/text.ts";
import { instantIn } from "../../shared/view/date.ts";
import { eraseSeen } from "../support/erasing.ts";
import { startWorker, type TestWorker } from "../support/harness.ts";
import { inventedCase } from "../support/invented.ts";
import { resealed } from "../support/resealed.ts";
import {
  confirmed,
  runShell,
  runShellProcess,
  type ShellRun,
  useShell,
} from "./casewire-cli.ts";
import { withPicture } from "./with-picture.ts";

const { folder, path, file } = useShell();
let worker: TestWorker;

beforeAll(async () => {
  worker = await startWorker();
});
afterAll(() => worker?.close());

const run = (
  words: string[],
  { on = worker, ...more }: Partial<ShellRun> = {},
) => runShell(words, { on, ...more });

describe("The casewire command", () => {
  it("accepts the file that it wrote, and makes translations outdated when only their source was changed in it", async () => {
    await worker.untilLive(await worker.publish(inventedCase(4)));
    const shown = path("4.json");
    expect((await run(["show", "UA 4/00", "-o", shown])).code).toBe(0);
    expect(await run(["check", shown])).toMatchObject({ code: 0, err: "" });
    const text = (await readFile(shown, "utf8"))
      .replace('"Invented case 4"', '"Invented case four"')
      .replace('"note": {}', '"note": {"en": "Another title"}');
    const changed = await file("4-changed.json", text);
    expect((await run(["check", changed])).out).toContain(
      "uk: 1 translation outdated: /case/title",
    );
    expect(
      (await run(await confirmed(["publish", changed], folder, { on: worker })))
        .code,
    ).toBe(0);
    const { title } = (await worker.editor.readDeskCase({ id: "ua-4-00" }))
      .case!;
    expect(title).toMatchObject({
      en: "Invented case four",
      uk: { of: sourceDigest("Invented case 4") },
    });
  });

  it("never overwrites a file, and leaves none behind where nothing was written", async () => {
    const kept = await file("kept.ndjson", "as it was");
    const before = await readdir(folder);
    const ends = await Promise.all([
      // Two processes, as two people would do it: their temporary files differ.
      runShellProcess(["export", "-o", kept], { on: worker }),
      run(["export", "--erasures", "-o", kept]),
      run(["show", "ua-4-00", "-o", kept]),
    ]);
    expect(ends.map(({ code }) => code)).toEqual([1, 1, 1]);
    for (const { err } of ends) expect(err).toContain("is never overwritten");
    expect(await readFile(kept, "utf8")).toBe("as it was");
    expect((await readdir(folder)).sort()).toEqual(before.sort());
    const named = await runShellProcess(["export", "--erasures", "--json"], {
      on: worker,
      cwd: folder,
    });
    expect(JSON.parse(named.out).file).toMatch(
      /^casewire-erasures-[\dT-]+Z\.ndjson$/,
    );
    expect(await readdir(folder)).toContain(JSON.parse(named.out).file);
  });

  it("says what is wrong: a missing token, the address, the file, the case", async () => {
    const list = await file("list.json", "[1, 2]");
    const empty = await file("empty.ndjson", "");
    const backup = path("backup.ndjson");
    expect((await run(["export", "-o", backup])).code).toBe(0);
    const newer = await file(
      "newer.ndjson",
      (await readFile(backup, "utf8")).replace('"version":1', '"version":9'),
    );
    const [none, address, array, nothing, version, gone] = await Promise.all([
      run(["show", "ua-4-00"], { env: { EDITOR_TOKEN: "" } }),
      run(["show", "ua-4-00"], { env: { PUBLIC_URL: `${worker.url}/v1` } }),
      run(["check", list]),
      run(["audit:verify", empty]),
      run(["audit:verify", newer]),
      run(["show", "ua-9-00"]),
    ]);
    expect(none.code).toBe(4);
    expect(none.err).toContain("PUBLIC_URL is set, but EDITOR_TOKEN is not.");
    expect(address.err).toContain("without /v1 or /desk at its end");
    expect(array.err).toContain("The file is not a case");
    expect(nothing.err).toContain("The file is empty");
    expect(version).toMatchObject({
      code: 1,
      err: expect.stringContaining("Another version of Casewire made this"),
    });
    expect(gone).toMatchObject({
      code: 1,
      err: expect.stringContaining("There is no case ua-9-00"),
    });
  });
});

it("`invite` makes the link of an administrator with a token of EDITORS", async () => {
  const { code, out } = await run(["invite", "anna"]);
  expect(code).toBe(0);
  expect(out).toMatch(
    /^Send this link to anna alone\. It works once, until .*:\nhttp\S+\/desk#?\S*\n/,
  );
});

describe("A mirror", () => {
  it("has what readers see, says of when it is, and loses what was erased at the next sync", async () => {
    const mirrored = path("mirror");
    const sync = () =>
      run(["mirror", mirrored, "--json"], { env: { EDITOR_TOKEN: "" } });
    const everything = async () => {
      const names = (await readdir(mirrored, { recursive: true })).filter(
        (name) => /\.(html|json)$/.test(name),
      );
      const texts = await Promise.all(
        names.map((name) => readFile(join(mirrored, name), "utf8")),
      );
      return new Map(
        names.map((name, index) => [name.replaceAll("\\", "/"), texts[index]!]),
      );
    };
    const secret = (number: number) => {
      const text = { en: `Secret of case ${number}` };
      return inventedCase(number, {
        events: [
          {
            date: { date: "2000-01-01" },
            kind: "arrest",
            text,
            source: "first",
          },
        ],
      });
    };
    const { case: pictured, image } = await withPicture(worker, secret(83));
    const cases = [secret(81), secret(82), pictured];
    await Promise.all(
      cases.map((fields) => worker.publish(fields).then(worker.untilLive)),
    );
    const first = await sync();
    expect(first).toMatchObject({ code: 0, err: "" });
    const { synced } = JSON.parse(first.out);
    const before = await everything();
    for (const [name, text] of before)
      expect(text, name).toContain(
        name.endsWith(".html") ? `made on ${instantIn("en", synced)}` : synced,
      );
    const { mirror: _, ...record } = JSON.parse(
      before.get("cases/ua-81-00/record.json")!,
    );
    const { contact: __, ...live } = await worker.editor.readCase({
      id: "ua-81-00",
    });
    expect(record).toEqual({ state: "present", ...live });
    expect(JSON.parse(before.get("cases/ua-81-00/uk.json")!)).toMatchObject({
      lang: "uk",
      id: "ua-81-00",
    });
    const page = before.get("cases/ua-81-00/uk.html")!;
    expect(page).toContain("Secret of case 81");
    expect(page).toContain(
      `This is a copy of <a style="color:#fff" href="${worker.url}/cases/ua-81-00?lang=uk">`,
    );
    expect(page).toContain('href="../ua-81-00/en.html"');
    expect(page).not.toMatch(/(href|action|src)="\//);
    expect(before.get("cases/ua-83-00/uk.html")).toMatch(
      /<img src="data:image\/png;base64,\w/,
    );

    const seen = path("seen.txt");
    const anyone = (...words: string[]) =>
      run(words, { env: { EDITOR_TOKEN: "" } });
    const verified = await anyone("verify", "--save", seen);
    expect(verified.out).toMatch(
      /Proved:\n {2}the log casewire\.test\/v1\/log has \d+ entries, signed with casewire/,
    );
    expect(verified.out).toMatch(
      /that readers can see are exactly those in the log/,
    );
    expect(verified.out).toContain(
      "that the key is the newsroom's: it came from",
    );
    expect(verified.out).toContain(
      "that the words are those that were published.",
    );
    expect(verified).toMatchObject({ code: 0, err: "" });
    const key = /signed with (\S+)\./.exec(verified.out)?.[1] ?? "";

    const [published, withdrawn] = await Promise.all([
      eraseSeen(worker.editor, "ua-82-00", [
        { what: "entry", at: "/events/0" },
      ]),
      worker.withdraw("ua-83-00"),
    ]);
    await Promise.all([
      worker.untilLive(published),
      worker.untilLive(withdrawn),
    ]);
    const second = JSON.parse((await sync()).out);
    expect(second).toMatchObject({
      changes: 2,
      cases: JSON.parse(first.out).cases,
    });
    const after = await everything();
    for (const [name, text] of after) {
      expect(text, name).not.toMatch(/Secret of case 8[23]|<img/);
      expect(text, name).not.toContain(image);
    }
    expect(
      JSON.parse(after.get("cases/ua-82-00/revisions.json")!).revisions,
    ).toMatchObject([
      { state: "present", revision: { kind: "redaction" } },
      { state: "erased", revision: { number: 1, note: {}, changes: [] } },
    ]);
    expect(JSON.parse(after.get("cases/ua-83-00/record.json")!)).toMatchObject({
      state: "withdrawn",
    });
    expect(after.get("cases/ua-83-00/en.html")).toContain("This is a copy");
    expect(JSON.parse((await sync()).out)).toMatchObject({ changes: 0 });

    const backup = path("signed.ndjson");
    expect((await run(["export", "-o", backup])).code).toBe(0);
    const checked = ["--checkpoint", seen, "--key", key];
    const other = `${key.split("+")[0]}+00000000+${key.split("+")[2]}`;
    const ends = await Promise.all([
      ...[[], ["UA 81/00"], ["ua-83-00"], [mirrored], [backup]].map((what) =>
        anyone("verify", ...what, ...checked),
      ),
      anyone("verify", mirrored, "--key", other),
      anyone("verify", "ua-99-00"),
      anyone("verify", "nothing.txt"),
    ]);
    const rowsOf = (rows: any[]) => rows.filter(({ row }) => row !== "log");
    const unlogged = await file(
      "unlogged.ndjson",
      resealed(await readFile(backup, "utf8"), rowsOf),
    );
    for (const command of ["verify", "audit:verify"])
      expect(await anyone(command, unlogged)).toMatchObject({
        ...{
          code: 1,
          err: expect.stringMatching(
            /revision \d of .*: it went live, but it is not in the signed log/,
          ),
        },
      });
    for (const { code, out, err } of ends.slice(0, 5)) {
      expect([code, err]).toEqual([0, ""]);
      expect(out).toMatch(
        /the log continues your checkpoint of \d+ entries: nothing in it was changed or removed since/,
      );
      expect(out).not.toContain("that the key is the newsroom's");
    }
    expect(ends[2]?.out).toContain("ua-83-00 was withdrawn, as the log says");
    expect(ends[4]?.out).toContain(
      "every revision that went live is in the signed log, with its number, kind, reason",
    );
    expect(ends.slice(5).map(({ code }) => code)).toEqual([1, 1, 2]);

    const forged = join(mirrored, "cases/ua-81-00/revisions.json");
    const honest = await readFile(forged, "utf8");
    const [entries] = await readdir(
      join(mirrored, "v1/log/tile/entries/000.p"),
    );
    const bundle = join(mirrored, "v1/log/tile/entries/000.p", entries!);
    const bytes = await readFile(bundle);
    await writeFile(
      forged,
      honest.replace(/"liveAt": "\d{4}/, '"liveAt": "1999'),
    );
    expect((await anyone("verify", mirrored)).err).toContain(
      "it is said to be live since 1999",
    );
    await writeFile(forged, honest);
    await writeFile(
      bundle,
      Buffer.from(
        bytes.toString("latin1").replace("ua-81-00", "ua-89-00"),
        "latin1",
      ),
    );
    const changed = await anyone("verify", mirrored);
    expect(changed).toMatchObject({
      code: 1,
      err: expect.stringContaining("not those that its checkpoint signs"),
    });
    await writeFile(bundle, bytes);

    const signed = (id: string) => join(mirrored, `cases/${id}/uk.signed.txt`);
    const [note, tombstone, remains] = await Promise.all(
      ["ua-81-00", "ua-83-00", "ua-82-00"].map((id) =>
        readFile(signed(id), "utf8"),
      ),
    );
    expect(note).toContain("Secret of case 81");
    expect(tombstone).toContain('"state":"withdrawn"');
    expect(`${tombstone}${remains}`).not.toContain("Secret of case");
    expect(
      (await readdir(mirrored)).some((name) => /^widget@\w+\.js$/.test(name)),
    ).toBe(true);
    await writeFile(signed("ua-81-00"), note!.replace("Secret", "Silence"));
    expect((await anyone("verify", mirrored)).err).toContain(
      "uk.signed.txt is no view of this case",
    );
    await writeFile(signed("ua-81-00"), note!);

    // Whoever holds the mirror can write what they like into it, but not sign
    // it.
    const falsified: [
      name: string,
      from: string | RegExp,
      to: string,
      fault: RegExp,
    ][] = [
      [
        "cases/ua-81-00/uk.json",
        "Secret of",
        "Silence of",
        /uk\.json says something else than .*uk\.signed\.txt/,
      ],
      [
        "cases/ua-81-00/uk.json",
        /"offline": "/,
        "$&Freed. ",
        /uk\.json says something else/,
      ],
      [
        "cases/ua-81-00/en.html",
        /(<article.*?)Secret of/s,
        "$1Silence of",
        /en\.html says something else than/,
      ],
      [
        "cases/ua-81-00/en.html",
        /(<article.*?<p)(>)/s,
        "$1 hidden$2",
        /en\.html says something else/,
      ],
      [
        "cases/ua-81-00/en.html",
        /(<article.*?<p[^>]*>)/s,
        '$1 href="Freed"',
        /en\.html says something else/,
      ],
      [
        "cases/ua-81-00/en.html",
        "<main",
        '<article class="case">Freed</article>$&',
        /en\.html says something else/,
      ],
      [
        "cases/ua-81-00/en.html",
        /<article.*<\/article>/s,
        "",
        /en\.html says something else/,
      ],
      [
        "cases/ua-83-00/en.html",
        /(class="refused".*?<p>)/s,
        "$1Not ",
        /83-00\/en\.html says something else/,
      ],
      [
        "cases/ua-83-00/uk.json",
        '"withdrawn"',
        '"unknown"',
        /83-00\/uk\.json says something else/,
      ],
      [
        "cases/ua-81-00/record.json",
        "Secret of",
        "Silence of",
        /record\.json is not the newest revision/,
      ],
      [
        "cases/ua-83-00/revisions.json",
        /"reason": "\w+"/,
        '"reason": "law"',
        /its reason is shown as law/,
      ],
      [
        "cases/ua-81-00/uk.signed.txt",
        /^.*$/s,
        "",
        /uk\.signed\.txt is no view of this case/,
      ],
      ["cases.json", "Invented case 81", "Freed", /cases\.json doesn't list/],
      ["index.html", "Invented case 81", "Freed", /index\.html doesn't list/],
    ];
    for (const [name, from, to, fault] of falsified) {
      const honest = await readFile(join(mirrored, name), "utf8");
      const forgery = honest.replace(from, to);
      expect(forgery, name).not.toBe(honest);
      await writeFile(join(mirrored, name), forgery);
      expect((await anyone("verify", mirrored)).err, name).toMatch(fault);
      await writeFile(join(mirrored, name), honest);
    }
    await rm(signed("ua-81-00"));
    expect((await anyone("verify", mirrored)).err).toContain(
      "uk.signed.txt is missing",
    );
    await writeFile(signed("ua-81-00"), note!);
    expect((await anyone("verify", mirrored)).out).toContain(
      "and the JSON, the card on the page and the lists of cases",
    );

    const state = JSON.parse(after.get("mirror.json")!);
    const languages = state.languages.with(0, "la");
    await writeFile(
      join(mirrored, "mirror.json"),
      JSON.stringify({ ...state, languages }),
    );
    await writeFile(
      join(mirrored, "cases/ua-81-00/la.html"),
      "A page in a language that the deployment no longer has",
    );
    await rm(join(mirrored, "cases/ua-81-00/fr.html"));
    expect(JSON.parse((await sync()).out)).toMatchObject({ changes: 0 });
    expect(await readdir(join(mirrored, "cases/ua-81-00"))).toContain(
      "fr.html",
    );
    expect(await readdir(join(mirrored, "cases/ua-81-00"))).not.toContain(
      "la.html",
    );
    await writeFile(
      join(mirrored, "mirror.json"),
      JSON.stringify({ ...state, cursor: `1-1-${"0".repeat(32)}` }),
    );
    expect(JSON.parse((await sync()).out)).toMatchObject({
      startedAnew: true,
      cases: second.cases,
    });
    const elsewhere = await run(["mirror", folder]);
    expect(elsewhere).toMatchObject({
      code: 1,
      err: expect.stringContaining("Choose a new, empty folder."),
    });
  });
});
