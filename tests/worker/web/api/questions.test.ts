/**
 * Whoever sends a revision is asked: by publish, proposal and approval. What is
 * asked is tested in tests/editing/rules/questions.test.ts.
 */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import {
  confirmAll,
  type Question,
} from "../../../../worker/editing/rules/answers.ts";
import { app } from "../../../../worker/web/app.ts";
import {
  falseThings,
  isAsked,
  toldFalsely,
} from "../../../support/false-things.ts";
import { inventedCase } from "../../../support/invented.ts";
import {
  editorsWith,
  NEW,
  at as on,
  publication as revision,
  sql,
} from "./people.ts";

const EDITORS = editorsWith({ anna: "anna-token", boris: "boris-token" });

async function call(
  editor: string,
  method: string,
  path: string,
  body: object,
  more: object = {},
  review = "one",
) {
  const answer = await app.fetch(
    new Request(`https://casewire.test/v1${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${editor}-token`,
        "Content-Type": "application/json",
        ...more,
      },
      ...(method === "GET" ? {} : { body: JSON.stringify(body) }),
    }),
    { ...env, EDITORS, REVIEW: review },
  );
  return { status: answer.status, body: (await answer.json()) as any };
}

const publication = (number: number, more: object = {}, changes: object = {}) =>
  revision(number, { case: inventedCase(number, { ...changes }), ...more });
const caseAt = (number: number) => `/cases/ua-${number}-00`;
const kindsOf = ({ body }: { body: { questions: Question[] } }) => [
  ...new Set(body.questions.map(({ kind }) => kind)),
];

/** As when a token had sent the answers of a proposal. */
const answeredByToken = (proposal: string) =>
  sql(
    `UPDATE proposals SET command = replace(command, '"editor":"anna"}', '"editor":"anna","byToken":true}') WHERE id = ?`,
    proposal,
  );

/** Publishes with an answer to each question. */
async function publish(number: number, headers: object, changes: object = {}) {
  const body = publication(number, {}, changes);
  const { questions } = (
    await call("anna", "POST", `${caseAt(number)}/questions`, body, headers)
  ).body;
  const answered = await call(
    "anna",
    "PUT",
    caseAt(number),
    { ...body, answers: confirmAll(questions) },
    headers,
  );
  expect(answered, JSON.stringify(answered.body)).toMatchObject({
    status: 201,
  });
}

describe("A publish", () => {
  it("is refused with its questions, stores nothing, and keeps each answer with the editor, without the words", async () => {
    const body = publication(71);
    const refused = await call("anna", "PUT", caseAt(71), body, NEW);
    expect(refused).toMatchObject({ status: 409, body: { more: false } });
    expect(kindsOf(refused)).toEqual([
      "statuses",
      "author",
      "stated",
      "translation",
    ]);
    expect((await call("anna", "GET", `/desk${caseAt(71)}`, {})).status).toBe(
      404,
    );
    const { questions } = (
      await call("anna", "POST", `${caseAt(71)}/questions`, body, NEW)
    ).body;
    expect(questions).toEqual(refused.body.questions);
    const answers = confirmAll(questions);
    const wrong = answers.map((one) => ({ ...one, answer: "yes" }));
    expect(
      (await call("anna", "PUT", caseAt(71), { ...body, answers: wrong }, NEW))
        .status,
    ).toBe(409);
    expect(
      (await call("anna", "PUT", caseAt(71), { ...body, answers }, NEW)).status,
    ).toBe(201);
    const [stored] = await sql(
      "SELECT answers FROM revisions WHERE case_id = 'ua-71-00'",
    );
    const expected = {
      kind: "statuses",
      at: ["/case/title/en"],
      answer: "agrees",
      editor: "anna",
    };
    expect(JSON.parse(String(stored?.answers))).toContainEqual(expected);
    expect(String(stored?.answers)).not.toContain(questions[0].id);
  });

  it("is asked nothing that the revision which it follows has confirmed, pending or not, and is asked again after an undo", async () => {
    await publish(72, NEW);
    const again = publication(72, {}, { summary: { en: "Another summary." } });
    const asked = () =>
      call("anna", "POST", `${caseAt(72)}/questions`, again, on(1));
    const places = ({ body }: Awaited<ReturnType<typeof asked>>) =>
      body.questions.map(({ at }: { at: string[] }) => at).toSorted();
    expect(places(await asked())).toEqual([["/case/summary/en"], ["/note/en"]]);
    await publish(72, on(1), { summary: { en: "Another summary." } });
    const more = await call(
      "anna",
      "POST",
      `${caseAt(72)}/questions`,
      again,
      on(2),
    );
    expect(places(more)).toEqual([["/note/en"]]);
    const undone = await call(
      "anna",
      "DELETE",
      `${caseAt(72)}/revisions/2`,
      {},
    );
    expect(undone.body).not.toHaveProperty("answers");
    expect((await asked()).body.questions).toHaveLength(2);
    // A replacement follows the revision before the one that it replaces.
    await publish(72, on(1), { title: { en: "A third title" } });
    const replacing = await call(
      "anna",
      "POST",
      `${caseAt(72)}/questions?replace=3`,
      again,
      on(3),
    );
    expect(kindsOf(replacing)).toEqual(
      ["statuses", "translation"].slice(0, kindsOf(replacing).length),
    );
    expect(replacing.body.questions).toContainEqual(
      expect.objectContaining({ at: ["/case/summary/en"] }),
    );
  });
});

describe("A false thing is asked about by publish, proposal and approval", () => {
  const NUMBER = 7_000;
  it.each(
    falseThings
      .flat()
      .map((thing, index) => [thing.says, NUMBER + index, thing] as const),
  )("%s", async (_, number, thing) => {
    const { before, after } = toldFalsely(number, [thing]);
    if (before) await publish(number, NEW, before);
    const headers = before ? on(1) : NEW;
    const body = publication(number, {}, after);
    const asks = {
      type: "urn:casewire:problem:questions-open",
      questions: expect.arrayContaining([isAsked(thing)]),
    };
    const send = (review: string, more: object = {}) =>
      call(
        "anna",
        "PUT",
        caseAt(number),
        { ...body, ...more },
        headers,
        review,
      );
    for (const review of ["one", "two"])
      expect(await send(review)).toMatchObject({ status: 409, body: asks });
    const { questions } = (await send("one")).body;
    const others = confirmAll(
      questions.filter((one: Question) => one.kind !== thing.asks),
    );
    expect(await send("one", { answers: others })).toMatchObject({
      status: 409,
      body: asks,
    });
    const answers = confirmAll(questions);
    const done = (await send("one", { answers })).body;
    expect(
      (
        await call(
          "anna",
          "DELETE",
          `${caseAt(number)}/revisions/${done.revision}`,
          {},
        )
      ).status,
    ).toBe(200);

    // A second editor answers again what a token has answered.
    const { proposal } = (await send("two", { answers })).body;
    const path = `/desk/proposals/${proposal}`;
    await answeredByToken(proposal);
    const { hash } = (await call("boris", "GET", path, {})).body;
    const approve = (more: object) =>
      call("boris", "POST", `${path}/approve`, more, on(hash), "two");
    expect(await approve({})).toMatchObject({ status: 409, body: asks });
    expect(await approve({ answers: others })).toMatchObject({
      status: 409,
      body: asks,
    });
    expect((await approve({ answers })).status).toBe(201);
  });
});

describe("A proposal", () => {
  it("is asked when it is made, and its approval answers what is new since", async () => {
    const soon = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    const action = { state: "active", request: { en: "Write." }, until: soon };
    const body = publication(74, {}, { action });
    expect(
      (await call("anna", "PUT", caseAt(74), body, NEW, "two")).status,
    ).toBe(409);
    const { questions } = (
      await call("anna", "POST", `${caseAt(74)}/questions`, body, NEW)
    ).body;
    const answers = confirmAll(questions);
    const proposed = await call(
      "anna",
      "PUT",
      caseAt(74),
      { ...body, answers },
      NEW,
      "two",
    );
    expect(proposed.status).toBe(202);
    const path = `/desk/proposals/${proposed.body.proposal}`;
    const read = (await call("boris", "GET", path, {})).body;
    expect(read.answers).toContainEqual({
      kind: "statuses",
      at: ["/case/title/en"],
      answer: "agrees",
      editor: "anna",
    });
    expect(read.questions).toEqual([]);

    // The deadline passes while the proposal waits.
    const [{ command }] = (await sql("SELECT command FROM proposals")) as [
      { command: string },
    ];
    const late = command.replace(`"until":"${soon}"`, '"until":"2000-01-01"');
    await sql("UPDATE proposals SET command = ?", late);
    const open = (await call("boris", "GET", path, {})).body.questions;
    // The other deadline that this test writes is asked about too.
    expect(open.map(({ kind }: Question) => kind)).toEqual([
      "deadline-passed",
      "stated",
    ]);
    expect(
      (await call("boris", "POST", `${path}/approve`, {}, on(read.hash), "two"))
        .status,
    ).toBe(409);
    const approval = { answers: confirmAll(open) };
    expect(
      (
        await call(
          "boris",
          "POST",
          `${path}/approve`,
          approval,
          on(read.hash),
          "two",
        )
      ).status,
    ).toBe(201);
    const [stored] = await sql(
      "SELECT answers FROM revisions WHERE case_id = 'ua-74-00'",
    );
    const given = JSON.parse(String(stored?.answers)) as {
      kind: string;
      editor: string;
    }[];
    expect(given.find(({ kind }) => kind === "deadline-passed")?.editor).toBe(
      "boris",
    );
    expect(given.find(({ kind }) => kind === "statuses")?.editor).toBe("anna");
  });

  it("that is returned as a draft has none of the answers that a token gave", async () => {
    const body = publication(75);
    const { questions } = (
      await call("anna", "POST", `${caseAt(75)}/questions`, body, NEW)
    ).body;
    const answers = confirmAll(questions);
    const { proposal } = (
      await call("anna", "PUT", caseAt(75), { ...body, answers }, NEW, "two")
    ).body;
    await answeredByToken(proposal);
    const { draft } = (
      await call("boris", "POST", `/desk/proposals/${proposal}/reject`, {
        reason: "",
      })
    ).body;
    expect(
      (await call("anna", "GET", `/desk/drafts/${draft}`, {})).body.draft
        .answers,
    ).toEqual([]);
  });
});

it("An author is known once a revision that names them is live", async () => {
  const stated = { authority: "The Ministry of Invention" };
  const named = (number: number) =>
    publication(
      number,
      {},
      {
        issuer: stated.authority,
        rights: { ...inventedCase().rights, holder: "Nobody" },
      },
    );
  const asked = async (number: number) =>
    (
      await call(
        "anna",
        "POST",
        `${caseAt(number)}/questions`,
        named(number),
        NEW,
      )
    ).body.questions.filter(({ kind }: Question) => kind === "author").length;
  // Revisions of earlier tests come live meanwhile, and name authors too.
  await sql("UPDATE revisions SET shown = 1");
  const before = await asked(77);
  await publish(76, NEW, named(76).case);
  expect(await asked(77)).toBe(before);
  await sql("UPDATE revisions SET shown = 1 WHERE case_id = 'ua-76-00'");
  expect(await asked(77)).toBeLessThan(before);
});

describe("A revision made of a document", () => {
  it("is asked about the sentences that a file leaves without a verdict, also after another editor went on with it", async () => {
    const withVerdict = (verdict: string | null) => ({
      ...publication(298),
      reading: {
        document: "0123456789abcdef",
        sentences: [{ id: "a", line: 1, sentence: "One.", verdict }],
      },
    });
    const ask = async (body: object) =>
      (
        await call("anna", "POST", `${caseAt(298)}/questions`, body, NEW)
      ).body.questions.map(({ kind }: Question) => kind);
    expect(await ask(withVerdict(null))).toContain("unread");
    expect(await ask(withVerdict("claimed"))).not.toContain("unread");
    expect(
      (
        await call(
          "anna",
          "POST",
          `${caseAt(298)}/questions`,
          withVerdict("yes"),
          NEW,
        )
      ).body.issues,
    ).toMatchObject([{ pointer: "/reading/sentences/0/verdict" }]);
  });

  const sentences = [{ id: "0123456789abcdef" }, { id: "fedcba9876543210" }];
  const source = {
    name: "a.txt",
    text: "One. Two.",
    sentences,
    verdicts: { [sentences[0]!.id]: "claimed" },
  };
  const draftOf = (number: number, changes: object = {}) => ({
    base: null,
    ...publication(number),
    liveAt: null,
    source: { ...source, ...changes },
    resolved: [],
  });
  const save = (id: string, draft: object, headers: object = NEW) =>
    call("anna", "PUT", `/desk/drafts/${id}`, draft, headers);

  it.each(["one", "two"])(
    "has a verdict on each sentence, or is asked about the others (review by %s)",
    async (review) => {
      const number = review === "one" ? 296 : 297;
      const id = crypto.randomUUID();
      expect((await save(id, draftOf(number))).status).toBe(201);
      const body = publication(number);
      const at = `${caseAt(number)}?draft=${id}`;
      const refused = await call("anna", "PUT", at, body, NEW, review);
      const all: Question[] = refused.body.questions;
      expect(all.find(({ kind }) => kind === "unread")).toMatchObject({
        at: [],
        answers: ["leave-unread"],
      });
      const others = confirmAll(all.filter(({ kind }) => kind !== "unread"));
      expect(
        kindsOf(
          await call(
            "anna",
            "PUT",
            at,
            { ...body, answers: others },
            NEW,
            review,
          ),
        ),
      ).toEqual(["unread"]);
      // A word that is no verdict judges nothing.
      const verdicts = { ...source.verdicts, [sentences[1]!.id]: "yes" };
      expect(
        (await save(id, draftOf(number, { verdicts }), on(1))).status,
      ).toBe(200);
      expect(
        kindsOf(
          await call(
            "anna",
            "PUT",
            at,
            { ...body, answers: others },
            NEW,
            review,
          ),
        ),
      ).toEqual(["unread"]);
      const judged = { ...source.verdicts, [sentences[1]!.id]: "already-said" };
      expect(
        (await save(id, draftOf(number, { verdicts: judged }), on(2))).status,
      ).toBe(200);
      const done = await call(
        "anna",
        "PUT",
        at,
        { ...body, answers: others },
        NEW,
        review,
      );
      expect(done.status, JSON.stringify(done.body)).toBe(
        review === "one" ? 201 : 202,
      );
    },
  );
});
