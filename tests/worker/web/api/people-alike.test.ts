/** A second person with almost the same name is published only after an editor's confirmation. */
import { describe, expect, it } from "vitest";
import { draftOf, inventedCase, inventedPerson } from "../../../invented.ts";
import { at, callsWith, NEW, publication } from "./people.ts";

const person = (value: string, id: string) => ({ ...inventedCase().people[0], ...inventedPerson(value, { id }) });
const [known] = inventedCase().people;
const same = person("INVENTED PERSON ONE", "somebody-else");
const confirmed = { twoPeople: [["somebody-else", "invented-person-one"]] };
/** The confirmation, among the answers of a draft. */
const answer = "two-people|invented-person-one|somebody-else";

const call = callsWith();
const inReview = callsWith({ REVIEW: "two" });

/** Sends a publish. @returns the status, and the refusal's stable name */
async function put(
  number: number,
  headers: object,
  people: unknown[],
  more: object = {},
  review: "one" | "two" = "one",
) {
  const { query = "", ...fields } = more as { query?: string };
  const body = publication(number, { notify: "loud", case: { ...inventedCase(number), people }, ...fields });
  const answer = await (review === "two" ? inReview : call)("anna", `/v1/cases/ua-${number}-00${query}`, "PUT", body, {
    ...headers,
  });
  const problem = (await answer.json()) as Record<string, unknown>;
  return {
    status: answer.status,
    tag: String(problem.type ?? "")
      .split(":")
      .at(-1),
    problem,
  };
}
const newest = (number: number) => call("anna", `/v1/desk/cases/ua-${number}-00`);

describe("A publish with two people who have almost the same name", () => {
  it("is refused by name and place, stores nothing, and is accepted with the answer's own pairs", async () => {
    const { status, problem } = await put(61, NEW, [known, same]);
    expect(status).toBe(422);
    expect(problem).toMatchObject({
      type: "urn:casewire:problem:people-alike",
      issues: [
        {
          pointer: "/case/people/1",
          message: "may be the person at /case/people/0: Invented Person One, INVENTED PERSON ONE",
        },
      ],
      twoPeople: [["invented-person-one", "somebody-else"]],
    });
    expect((await newest(61)).status).toBe(404);
    const { twoPeople } = problem;
    expect(await put(61, NEW, [known, same], { twoPeople })).toMatchObject({ status: 201 });
  });

  it("is asked for once: later revisions keep the two, and a third is a new question", async () => {
    expect(await put(62, NEW, [known])).toMatchObject({ status: 201 });
    for (const kind of ["update", "correction"])
      expect(await put(62, at(1), [known, same], { kind })).toMatchObject({ status: 422, tag: "people-alike" });
    const other = { twoPeople: [["invented-person-one", "nobody"]] };
    expect(await put(62, at(1), [known, same], other)).toMatchObject({ status: 422, tag: "people-alike" });
    expect(await put(62, at(1), [known, same], confirmed)).toMatchObject({ status: 201 });
    expect(await put(62, at(2), [same, known])).toMatchObject({ status: 201 });
    const third = person("Invented Person On", "third");
    expect(await put(62, at(3), [known, same, third], confirmed)).toMatchObject({ status: 422, tag: "people-alike" });
  });

  it("is compared with the revision it is based on, also when it replaces a pending one", async () => {
    expect(await put(63, NEW, [known])).toMatchObject({ status: 201 });
    expect(await put(63, at(1), [known, same], confirmed)).toMatchObject({ status: 201 });
    const replacing = { query: "?replace=2" };
    expect(await put(63, at(1), [known, same], replacing)).toMatchObject({ status: 422, tag: "people-alike" });
    expect(await put(63, at(2), [known, same], replacing)).toMatchObject({ status: 201 });
  });

  it("is refused as a proposal too, and one that is taken back does not ask again", async () => {
    const refused = await put(64, NEW, [known, same], {}, "two");
    expect(refused).toMatchObject({ status: 422, tag: "people-alike" });
    const { status, problem } = await put(64, NEW, [known, same], confirmed, "two");
    expect(status).toBe(202);
    const proposal = await inReview("anna", `/v1/desk/proposals/${problem.proposal}`);
    expect(await proposal.text()).not.toContain("twoPeople");
    const back = await inReview("anna", `/v1/desk/proposals/${problem.proposal}`, "DELETE");
    const { draft } = (await back.json()) as { draft: string };
    const saved = await inReview("anna", `/v1/desk/drafts/${draft}`);
    expect(await saved.json()).toMatchObject({ draft: { resolved: [answer] } });
  });

  it("gives the confirmation back with an undo, and the other answers of the draft it was made of", async () => {
    const id = crypto.randomUUID();
    const draft = draftOf(inventedCase(66), { resolved: ["follows|title/title|0"] });
    expect((await call("anna", `/v1/desk/drafts/${id}`, "PUT", draft, NEW)).status).toBe(201);
    const query = `?draft=${id}&version=1`;
    expect(await put(66, NEW, [known, same], { ...confirmed, query })).toMatchObject({ status: 201 });
    const undone = await call("anna", "/v1/cases/ua-66-00/revisions/1", "DELETE");
    expect(await undone.json()).toMatchObject({ undone: 1, resolved: [answer, "follows|title/title|0"] });
  });

  it("is refused for a malformed confirmation by the field's name", async () => {
    for (const twoPeople of ["a,b", [["a"]], [["a", "b", "c"]], [[1, 2]]]) {
      const { status, problem } = await put(65, NEW, [known, same], { twoPeople });
      expect([status, JSON.stringify(problem.issues)]).toEqual([422, expect.stringContaining("/twoPeople")]);
    }
  });
});
