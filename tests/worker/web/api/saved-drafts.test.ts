import { describe, expect, it } from "vitest";
import { plainTexts } from "../../../../shared/case/text.ts";
import { MAX_DRAFT_BYTES } from "../../../../worker/editing/rules/desk.ts";
import { draftOf, inventedCase } from "../../../support/invented.ts";
import { ahead } from "../../../support/next-year.ts";
import { backdate } from "../../backdate.ts";
import {
  at,
  callsWith,
  eraseEarlier,
  json,
  NEW,
  publish as publishAs,
} from "./people.ts";

const call = callsWith();
const draftPath = (id: string) => `/v1/desk/drafts/${id}`;
const save = (
  who: string,
  id: string,
  draft: unknown,
  headers: Record<string, string> = NEW,
) =>
  call(who, draftPath(id), "PUT", draft, {
    "Content-Type": "application/json",
    ...headers,
  });
const list = async (who: string) =>
  ((await (await call(who, "/v1/desk/drafts")).json()) as any).drafts as any[];
const publish = async (
  number: number,
  headers: Record<string, string>,
  more: object = {},
  query = "",
) => json(201, publishAs("anna-token", number, headers, more, query));

describe("A saved draft", () => {
  it("can be read and changed by its editor alone", async () => {
    const id = crypto.randomUUID();
    const first = await save(
      "anna",
      id,
      draftOf({ title: { en: "Half a title" } }),
    );
    expect([first.status, first.headers.get("ETag")]).toEqual([201, '"1"']);
    expect(first.headers.get("Cache-Control")).toBe("private, no-store");
    const read = await call("anna", draftPath(id));
    expect(read.headers.get("ETag")).toBe('"1"');
    expect(await read.json()).toMatchObject({
      id,
      version: 1,
      case: null,
      draft: { note: {} },
    });
    expect(await list("anna")).toMatchObject([
      { id, title: { en: "Half a title" }, version: 1 },
    ]);

    expect(await list("boris")).toEqual([]);
    expect((await call("boris", draftPath(id))).status).toBe(404);
    expect((await call("boris", draftPath(id), "DELETE")).status).toBe(404);
    // The same id under another editor's name is another draft.
    expect((await save("boris", id, draftOf({}))).status).toBe(201);
    expect((await call("boris", draftPath(id), "DELETE")).status).toBe(204);
    expect((await call("anna", draftPath(id))).status).toBe(200);
  });

  it("is not overwritten by another device", async () => {
    const id = crypto.randomUUID();
    await save("anna", id, draftOf({ title: { en: "On the laptop" } }));
    expect(
      (
        await save(
          "anna",
          id,
          draftOf({ title: { en: "On the phone" } }),
          at(1),
        )
      ).headers.get("ETag"),
    ).toBe('"2"');
    for (const stale of [at(1), NEW]) {
      const refused = await save("anna", id, draftOf({}), stale);
      expect([refused.status, await refused.json()]).toEqual([
        412,
        expect.objectContaining({ version: 2 }),
      ]);
    }
    expect(
      ((await (await call("anna", draftPath(id))).json()) as any).draft.case
        .title.en,
    ).toBe("On the phone");
    expect((await call("anna", draftPath(id), "DELETE")).status).toBe(204);
    expect((await save("anna", id, draftOf({}), at(2))).status).toBe(404);
    expect((await save("anna", id, draftOf({}), {})).status).toBe(428);
  });

  it("must have a draft's shape, a limited size and a valid id", async () => {
    const id = crypto.randomUUID();
    const refused: [unknown, number, string?][] = [
      [{ ...draftOf({}), kind: "withdrawal" }, 422],
      [{ ...draftOf({}), more: 1 }, 422],
      [draftOf("text"), 422],
      ["{", 400],
      [draftOf({ summary: { en: "x".repeat(MAX_DRAFT_BYTES) } }), 413],
      [draftOf({}), 400, "not-a-uuid"],
      [draftOf({}), 400, "..%2F..%2Fcases"],
    ];
    for (const [draft, status, name = id] of refused)
      expect((await save("anna", name, draft)).status).toBe(status);
    // The case in a draft may be incomplete in any way.
    const odd = draftOf({ id: 7, title: "no text", people: null });
    expect((await save("anna", id, odd)).status).toBe(201);
    expect((await list("anna")).find((entry) => entry.id === id)).toMatchObject(
      { case: null, title: {} },
    );
    const broken = draftOf({ title: { en: null, uk: { text: 7 }, ar: "نص" } });
    expect((await save("anna", id, broken, at(1))).status).toBe(200);
    expect((await list("anna")).find((entry) => entry.id === id)).toMatchObject(
      { title: { ar: "نص" } },
    );
  });

  it("is deleted in the transaction that publishes it", async () => {
    const [mine, theirs] = [crypto.randomUUID(), crypto.randomUUID()];
    await save("anna", mine, draftOf(inventedCase(21)));
    await save("boris", theirs, draftOf(inventedCase(21)));
    await json(412, publishAs("anna-token", 21, at(9), {}, `?draft=${mine}`));
    expect((await call("anna", draftPath(mine))).status).toBe(200);
    await publish(21, NEW, {}, `?draft=${mine}`);
    expect((await call("anna", draftPath(mine))).status).toBe(404);
    // Text written on another device since then is not published, so the draft
    // stays.
    const other = crypto.randomUUID();
    await save("anna", other, draftOf(inventedCase(22)));
    await save("anna", other, draftOf(inventedCase(22)), at(1));
    await publish(22, NEW, {}, `?draft=${other}&version=1`);
    expect((await call("anna", draftPath(other))).status).toBe(200);
    // A colleague's draft stays: their publish will be refused, and they merge.
    expect((await call("boris", draftPath(theirs))).status).toBe(200);
  });

  it("is refused when an editor has fifty", async () => {
    const ids = Array.from({ length: 51 }, () => crypto.randomUUID());
    const statuses = [];
    for (const id of ids)
      statuses.push((await save("boris", id, draftOf({}))).status);
    const kept = await list("boris");
    expect(kept.length).toBe(50);
    expect(statuses.at(-1)).toBe(409);
    for (const { id } of kept) await call("boris", draftPath(id), "DELETE");
  });
});

it("An erasure of drafts removes everybody's drafts of a withdrawn case, and an open form does not bring one back", async () => {
  await publish(31, NEW);
  await backdate();
  const [first, second, other] = [
    crypto.randomUUID(),
    crypto.randomUUID(),
    crypto.randomUUID(),
  ];
  const base = { number: 1, case: inventedCase(31) };
  await save("anna", first, draftOf(inventedCase(31), { base }));
  // Its number was changed, but it is based on the withdrawn case.
  await save(
    "boris",
    second,
    draftOf({ ...inventedCase(31), id: "ua-32-00" }, { base }),
  );
  await save("boris", other, draftOf(inventedCase(33)));
  expect(
    (
      await call(
        "anna",
        "/v1/cases/ua-31-00?reason=safety",
        "DELETE",
        undefined,
        at(1),
      )
    ).status,
  ).toBe(200);
  // Until the moment, readers see the case and the draft may stay.
  expect((await call("boris", draftPath(second))).status).toBe(200);
  await backdate();
  expect((await call("anna", draftPath(first))).status).toBe(404);
  expect((await call("boris", draftPath(second))).status).toBe(404);
  expect((await call("boris", draftPath(other))).status).toBe(200);
  for (const headers of [NEW, at(1)]) {
    expect(
      (await save("anna", first, draftOf(inventedCase(31), { base }), headers))
        .status,
    ).toBe(410);
    expect(
      (await save("boris", second, draftOf({}, { base }), headers)).status,
    ).toBe(410);
  }
});

it("An erasure of drafts removes drafts based on a version before a redaction, and no others", async () => {
  await publish(34, NEW);
  await backdate();
  const [before, after] = [crypto.randomUUID(), crypto.randomUUID()];
  const based = (number: number) =>
    draftOf(inventedCase(34), { base: { number, case: inventedCase(34) } });
  await save("anna", before, based(1));
  expect((await eraseEarlier("anna-token", "ua-34-00", 1)).status).toBe(201);
  await save("boris", after, based(2));
  await backdate();
  expect((await call("anna", draftPath(before))).status).toBe(404);
  expect((await call("boris", draftPath(after))).status).toBe(200);
  const refused = await save("anna", before, based(1));
  expect([refused.status, ((await refused.json()) as any).type]).toEqual([
    410,
    "urn:casewire:problem:draft-erased",
  ]);
  expect((await save("anna", before, draftOf(inventedCase(34)))).status).toBe(
    410,
  );
  expect((await save("anna", before, based(2))).status).toBe(201);
});

it("The desk's list of cases has every case in every state, the most recently changed first", async () => {
  await publish(41, NEW, { liveAt: ahead });
  const { cases } = (await (
    await call("boris", "/v1/desk/cases")
  ).json()) as any;
  expect(cases[0]).toEqual({
    id: "ua-41-00",
    number: "UA 41/00",
    title: plainTexts(inventedCase(41).title),
    language: "en",
    state: "unpublished",
    newest: 1,
    live: null,
    liveAt: null,
    pending: [{ number: 1, kind: "update", liveAt: ahead, editor: "anna" }],
    waiting: 0,
    action: inventedCase(41).action.state,
    until: inventedCase(41).action.until ?? null,
    asOf: inventedCase(41).asOf.date,
    outdated: 0,
    people: [{ name: "Invented Person One", custody: "pre-trial-detention" }],
    spellings: inventedCase(41).people.flatMap(({ names }) =>
      names.map(({ value }) => value),
    ),
    places: expect.any(Array),
    placeNames: expect.any(Array),
  });
  expect(cases.find(({ id }: any) => id === "ua-31-00")).toMatchObject({
    number: "UA 31/00",
    title: null,
    state: "withdrawn",
    newest: 2,
  });
  expect(cases.find(({ id }: any) => id === "ua-34-00")).toMatchObject({
    state: "present",
    live: 2,
    pending: [],
  });
});
