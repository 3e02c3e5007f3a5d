/**
 * False things through the desk and the shell. The API, proposals and
 * approvals: tests/worker/web/api/questions.test.ts.
 */
import { expect, test } from "vitest";
import words from "../../../worker/desk/locales/en.json" with { type: "json" };
import {
  confirmAll,
  type questionKinds,
} from "../../../worker/editing/rules/answers.ts";
import { goTo } from "../../support/desk-page.ts";
import {
  falseThings,
  isAsked,
  toldFalsely,
} from "../../support/false-things.ts";
import { draftOf } from "../../support/invented.ts";
import { runShell, useShell } from "../casewire-cli.ts";
import {
  button,
  clientAs,
  confirm,
  dialog,
  page,
  pending,
  record,
  sendAll,
  useDesk,
  worker,
} from "./stage.ts";

const { file } = useShell();
const note = { en: "A note" };
const atDesk = falseThings.map((things, index) => ({
  things,
  ...toldFalsely(7_100 + index, things),
}));
const inShell = falseThings.map((things, index) => ({
  things,
  ...toldFalsely(7_110 + index, things),
}));

useDesk(() =>
  sendAll([...atDesk, ...inShell].flatMap(({ before }) => before ?? [])),
);

test("The desk shows a question beside the button for each false thing, and publishes none without its answer", async () => {
  for (const { things, before, after } of atDesk) {
    const id = crypto.randomUUID();
    const body = draftOf(after, {
      base: before && { number: 1, case: before },
      note,
    }) as never;
    await clientAs().saveDraft({ id, body, basedOn: 0 });
    await goTo(page, `#/drafts/${id}`);
    await button("Publish …").click();
    await dialog()
      .locator('.questions[aria-busy="false"] fieldset')
      .first()
      .waitFor();
    const publish = button(/^Publish (revision 2|UA)/);
    const box = (asks: keyof typeof questionKinds) =>
      page
        .getByRole("group", { name: words[`question.${asks}`] })
        .getByRole("checkbox");
    expect(await publish.isDisabled()).toBe(true);
    for (const { asks } of things)
      expect(await box(asks).isChecked(), asks).toBe(false);
    await confirm();
    // Taken back, each answer is missing alone.
    for (const asks of new Set(things.map((one) => one.asks))) {
      await box(asks).uncheck();
      expect(await publish.isDisabled(), asks).toBe(true);
      await box(asks).check();
    }
    await publish.click();
    await pending().getByText("A note").waitFor();
  }
  for (const { before, after } of atDesk) {
    const { revision } = await worker.editor.readDeskCase({ id: after.id });
    await worker.untilLive({
      revision: revision.number,
      liveAt: revision.liveAt,
    });
    expect(await record(after.id)).toMatchObject({
      case: after,
      revision: { number: before ? 2 : 1 },
    });
  }
});

test("The shell names each false thing and its remedy, and publishes it with a file of answers or an answer to each question", async () => {
  const run = (words: string[], more: object = {}) =>
    runShell(words, { on: worker, ...more });
  for (const [index, { things, before, after }] of inShell.entries()) {
    const command = [
      "publish",
      await file(`${after.id}.json`, {
        case: after,
        note,
        kind: "update",
        notify: "none",
      }),
    ];
    const refused = await run([...command, "--json"]);
    const { exitCode, questions, remedy, detail } = JSON.parse(
      refused.out,
    ).error;
    expect([exitCode, remedy]).toEqual([
      1,
      expect.stringContaining("--answers FILE"),
    ]);
    for (const thing of things) {
      expect(questions).toContainEqual(isAsked(thing));
      expect(detail).toContain(words[`question.${thing.asks}`]);
      expect(detail).toContain(thing.at);
    }
    const asked = things.map(({ asks }) => words[`question.${asks}`]);
    if (index % 2) {
      // One question after the other, in a terminal.
      const isAbout = (question: string) =>
        asked.some((one) => question.includes(one));
      const kept = await run(command, {
        reply: (question: string) => (isAbout(question) ? "n\n" : "y\n"),
      });
      expect([kept.code, kept.err]).toEqual([
        5,
        expect.stringContaining("Nothing was sent."),
      ]);
      expect(await run(command, { reply: () => "yes\n" })).toMatchObject({
        code: 0,
      });
    } else {
      const answers = confirmAll(questions);
      const some = answers.filter(
        (_, at) => questions[at].kind !== things[0]!.asks,
      );
      expect(
        await run([...command, "--answers", await file("some.json", some)]),
      ).toMatchObject({ code: 1 });
      expect(
        await run([...command, "--answers", await file("all.json", answers)]),
      ).toMatchObject({ code: 0 });
    }
    expect(
      (await worker.editor.readDeskCase({ id: after.id })).revision.number,
    ).toBe(before ? 2 : 1);
  }
});
