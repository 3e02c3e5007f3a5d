/** `casewire erase` against a real Worker. */
import { beforeAll, describe, expect, it } from "vitest";
import { sharedWorker, type TestWorker } from "../harness.ts";
import { inventedCase, inventedPerson, stated } from "../invented.ts";
import { runShell, type ShellRun, useShell } from "./casewire-cli.ts";

useShell();
const [id, other] = ["ua-7411-00", "ua-7412-00"];
let worker: TestWorker;
const run = (words: string[], more: Partial<ShellRun> = {}) => runShell(words, { on: worker, ...more });

beforeAll(async () => {
  worker = await sharedWorker();
  const told = (number: number, title: object) =>
    inventedCase(number, {
      title,
      summary: { en: "Zorakwin Demchuk is ill. Her brother Petro Demchuk is free." },
      people: [inventedPerson("Zorakwin Demchuk", { custody: stated("imprisoned") })],
      events: [],
    });
  await worker.publish(told(7412, { en: "About Zorakwin Demchuk" }));
  await worker.untilLive(await worker.publish(told(7411, { en: "Zorakwin Demchuk held", uk: "Її тримають" })));
});

describe("The command erase", () => {
  it("prints each place, and erases nothing before the id was typed or the preview's digest given", async () => {
    const shown = await run(["erase", "UA 7411/00", "--person", "zorakwin-demchuk", "--preview"]);
    expect(shown).toMatchObject({ code: 0, err: "" });
    expect(shown.out).toContain("  - Zorakwin Demchuk held\n  + […] held");
    expect(shown.out).toContain("/title (uk): 0 marks, 1 in its original. Read the whole text:\n    Її тримають");
    expect(shown.out).toContain("/summary/en: is it the name?");
    expect(shown.out).toContain("Nobody is left in the case, and its action still asks readers to write.");
    const toAnswer = `Add --also ${other} to erase it there, or --leave ${other}.`;
    expect(shown.out).toContain(`It stands in ${other} too. ${toAnswer}`);
    const words = ["erase", id, "--person", "zorakwin-demchuk"];
    const leave = [...words, "--leave", other];
    const [unanswered, silent, wrong, nobody, unseen] = await Promise.all([
      run(words),
      run(leave),
      run(leave, { isTerminal: true, input: "yes\n" }),
      run(["erase", id, "--name", "held"]),
      run([...leave, "--seen", "0".repeat(64)]),
    ]);
    expect([unanswered.code, unanswered.err]).toEqual([1, expect.stringContaining(toAnswer)]);
    expect([silent.code, silent.err]).toEqual([2, expect.stringMatching(/Add --seen [0-9a-f]{64} to confirm/)]);
    expect([wrong.code, wrong.err]).toEqual([5, expect.stringContaining("Nothing was changed")]);
    expect([nobody.code, nobody.err]).toEqual([1, expect.stringContaining("/erase/0/name must be a name of one")]);
    expect([unseen.code, unseen.err]).toEqual([1, expect.stringContaining("is not the one that was looked at")]);
    expect((await worker.editor.readDeskCase({ id })).revision.number).toBe(1);
  });

  it("erases from other cases too, in one", async () => {
    const words = ["erase", id, "--person", "zorakwin-demchuk", "--also", "UA 7412/00", "--json"];
    const { seen, cases } = JSON.parse((await run([...words, "--preview"])).out);
    expect(cases).toMatchObject([{ id: other }]);
    const done = await run([...words, "--seen", seen]);
    expect(JSON.parse(done.out)).toMatchObject({ id, revision: 2, cases: [{ id: other, revision: 2 }] });
    await worker.untilLive(JSON.parse(done.out));
    const read = await Promise.all([id, other].map((one) => worker.editor.readDeskCase({ id: one })));
    for (const record of read) {
      expect(record.case?.people).toEqual([]);
      expect(JSON.stringify(record)).not.toMatch(/zorakwin/i);
    }
  });

  it("is what a publish of a redaction names", async () => {
    const { code, err } = await run(["publish", "case.json", "--kind", "redaction"]);
    expect([code, err]).toEqual([2, expect.stringContaining("To erase something, use the command erase.")]);
  });
});
