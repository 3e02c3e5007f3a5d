/**
 * Review by a second editor: one editor alone can commit nothing but an
 * erasure.
 */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, describe, expect, it } from "vitest";
import type { Ledger } from "../../../../worker/objects/ledger/ledger.ts";
import { digest } from "../../../../worker/runtime/digest.ts";
import { draftOf, inventedCase } from "../../../support/invented.ts";
import { backdate } from "../../backdate.ts";
import {
  at,
  call as callApi,
  callsWith,
  eraseEarlier,
  NEW,
  publication,
  sql,
  tagOf,
} from "../../web/api/people.ts";

const call = callsWith({ REVIEW: "two" });
const json = async (response: Response | Promise<Response>) =>
  (await (await response).json()) as any;
const put = (
  who: string,
  number: number,
  headers: Record<string, string>,
  more: object = {},
  query = "",
) =>
  call(
    who,
    `/v1/cases/ua-${number}-00${query}`,
    "PUT",
    publication(number, { ...more }),
    headers,
  );
/** Proposes as anna. @returns the proposal as other editors read it */
async function propose(
  number: number,
  headers: Record<string, string>,
  more: object = {},
  query = "",
) {
  const response = await put("anna", number, headers, more, query);
  expect(response.status, await response.clone().text()).toBe(202);
  const { proposal, waitsFor } = await json(response);
  expect(waitsFor).toBe("second editor");
  expect(response.headers.get("Location")).toBe(
    `/v1/desk/proposals/${proposal}`,
  );
  const read = await call("boris", `/v1/desk/proposals/${proposal}`);
  const whole = await json(read);
  expect(read.headers.get("ETag")).toBe(`"${whole.hash}"`);
  return whole;
}
const approve = (who: string, { id, hash }: { id: string; hash: string }) =>
  call(who, `/v1/desk/proposals/${id}/approve`, "POST", {}, at(hash));
const waiting = async () =>
  (await json(call("anna", "/v1/desk/proposals"))).proposals as any[];
const live = (number: number) =>
  call("boris", `/v1/desk/cases/ua-${number}-00`);
const auditActions = async (number: number) =>
  (await json(call("anna", `/v1/desk/audit?case=ua-${number}-00`))).audit.map(
    ({ editor, action, number: revision }: any) =>
      `${editor} ${action} ${revision}`,
  );

describe("Where two editors must agree", () => {
  it("a publish waits, and its moment counts from the approval", async () => {
    const proposal = await propose(51, NEW);
    expect(proposal).toMatchObject({
      case: "ua-51-00",
      number: "UA 51/00",
      editor: "anna",
      basedOn: 0,
      liveAt: null,
      content: { note: { en: "Note" }, case: { id: "ua-51-00" } },
    });
    expect((await live(51)).status).toBe(404);
    expect((await json(call("anna", "/v1/desk/cases"))).cases[0]).toMatchObject(
      {
        id: "ua-51-00",
        newest: 0,
        waiting: 1,
      },
    );

    const own = await approve("anna", proposal);
    expect([own.status, (await json(own)).type]).toEqual([
      403,
      "urn:casewire:problem:own-proposal",
    ]);
    expect(
      (await approve("boris", { ...proposal, hash: "0".repeat(64) })).status,
    ).toBe(412);
    expect(
      (
        await call(
          "boris",
          `/v1/desk/proposals/${proposal.id}/approve`,
          "POST",
          {},
        )
      ).status,
    ).toBe(428);

    const approved = await approve("boris", proposal);
    expect(approved.status).toBe(201);
    const { revision, liveAt } = await json(approved);
    expect(revision).toBe(1);
    expect(Date.parse(liveAt)).toBeGreaterThan(Date.now() + 6000);
    expect(await json(live(51))).toMatchObject({
      revision: { number: 1, editor: "anna", approvedBy: "boris" },
    });
    expect(await waiting()).toEqual([]);
    expect((await approve("boris", proposal)).status).toBe(404);
    expect(await auditActions(51)).toEqual([
      "boris approve 1",
      "anna publish 1",
      "anna propose null",
    ]);
    // Editors see who approved; readers don't.
    await backdate();
    const shown = await callApi("GET", "/v1/cases/ua-51-00");
    expect(await shown.text()).not.toMatch(/boris|anna/);
  });

  it("an invalid publish is refused before review", async () => {
    expect((await put("anna", 51, NEW)).status).toBe(412);
    expect((await put("anna", 51, at(7))).status).toBe(412);
    expect(
      (await put("anna", 51, at(1), { liveAt: "2000-01-01T00:00:00.000Z" }))
        .status,
    ).toBe(422);
    expect(await waiting()).toEqual([]);
  });

  it("an approval follows the rules of every publish, and a refused one stays and says why", async () => {
    const first = await propose(52, NEW);
    const second = await propose(52, NEW, { note: { en: "Another" } });
    expect((await approve("boris", first)).status).toBe(201);
    expect((await approve("boris", second)).status).toBe(412);
    expect(await waiting()).toMatchObject([
      {
        id: second.id,
        refused: { status: 412, type: "urn:casewire:problem:exists" },
      },
    ]);
    expect(
      (await call("boris", `/v1/desk/proposals/${second.id}`, "DELETE")).status,
    ).toBe(200);
    expect(await waiting()).toEqual([]);
  });

  it("an embargo that passed unapproved is refused with a remedy", async () => {
    const proposal = await propose(53, NEW, {
      liveAt: new Date(Date.now() + 3_600_000).toISOString(),
    });
    await sql(
      "UPDATE proposals SET command = json_set(command, '$.liveAt', ?)",
      Date.now() - 1000,
    );
    const refused = await approve("boris", proposal);
    expect(refused.status).toBe(409);
    expect(await json(refused)).toMatchObject({
      type: "urn:casewire:problem:proposal-overdue",
      remedy: expect.stringContaining("Reject it"),
    });
    await call("anna", `/v1/desk/proposals/${proposal.id}`, "DELETE");
  });

  it("a proposal that is rejected or taken back is its author's draft again, with the reason", async () => {
    const id = crypto.randomUUID();
    const draft = draftOf(inventedCase(54), { note: { en: "Note" } });
    await call("anna", `/v1/desk/drafts/${id}`, "PUT", draft, NEW);
    const proposal = await propose(54, NEW, {}, `?draft=${id}`);
    const entry = async () =>
      (await json(call("anna", "/v1/desk/drafts"))).drafts.find(
        (one: any) => one.id === id,
      );
    expect(await entry()).toMatchObject({ proposal: proposal.id, version: 1 });
    const reject = (reason: string) =>
      call("boris", `/v1/desk/proposals/${proposal.id}/reject`, "POST", {
        reason,
      });
    expect((await reject("x".repeat(501))).status).toBe(422);
    const rejected = await reject("Source missing");
    expect(await json(rejected)).toEqual({ draft: id });
    expect(await entry()).toMatchObject({
      returned: { by: "boris", reason: "Source missing" },
    });
    expect((await entry()).proposal).toBeUndefined();

    // After approval the draft is deleted, unless its author has changed it
    // since.
    const again = await propose(54, NEW, {}, `?draft=${id}`);
    expect((await entry()).returned).toBeUndefined();
    await call(
      "anna",
      `/v1/desk/drafts/${id}`,
      "PUT",
      { ...draft, note: { en: "More" } },
      at(1),
    );
    expect((await approve("boris", again)).status).toBe(201);
    expect(await entry()).toMatchObject({ version: 2 });

    // Proposed from the shell, without a draft.
    const bare = await propose(54, at(1), {
      kind: "correction",
      note: { en: "Mended" },
    });
    const { draft: made } = await json(
      call("anna", `/v1/desk/proposals/${bare.id}`, "DELETE"),
    );
    expect(await json(call("anna", `/v1/desk/drafts/${made}`))).toMatchObject({
      draft: {
        base: { number: 1 },
        case: { id: "ua-54-00" },
        kind: "correction",
        note: { en: "Mended" },
      },
    });
    expect(await auditActions(54)).toEqual(
      expect.arrayContaining(["boris reject null", "anna take-back null"]),
    );
  });

  it("a withdrawal does not wait, and ends waiting proposals", async () => {
    expect((await approve("boris", await propose(56, NEW))).status).toBe(201);
    await backdate();
    const old = await propose(56, at(1), { note: { en: "Says a name" } });
    expect(
      (await eraseEarlier("anna-token", "ua-56-00", 1, { REVIEW: "two" }))
        .status,
    ).toBe(201);
    const next = await propose(56, at(2));
    await backdate();
    expect((await waiting()).map(({ id }) => id)).toEqual([next.id]);
    expect((await call("boris", `/v1/desk/proposals/${old.id}`)).status).toBe(
      404,
    );
    expect(
      (
        await call(
          "boris",
          "/v1/cases/ua-56-00?reason=consent",
          "DELETE",
          undefined,
          at(2),
        )
      ).status,
    ).toBe(200);
    await backdate();
    expect(await waiting()).toEqual([]);
    const withdrawn = await call("boris", `/v1/desk/proposals/${next.id}`);
    expect(withdrawn.status).toBe(404);
  });

  it("a second withdrawal by one editor within an hour waits", async () => {
    for (const number of [61, 62, 63])
      expect((await approve("boris", await propose(number, NEW))).status).toBe(
        201,
      );
    await backdate();
    const withdraw = (who: string, number: number, on = 1) =>
      call(
        who,
        `/v1/cases/ua-${number}-00?reason=mistake`,
        "DELETE",
        undefined,
        at(on),
      );
    await sql(
      "UPDATE audit SET at = at - 3600001 WHERE action IN ('redact', 'withdraw')",
    );
    expect((await withdraw("anna", 61)).status).toBe(200);
    // An undone withdrawal doesn't count, and another editor has a withdrawal
    // of their own.
    expect(
      (await call("anna", "/v1/cases/ua-61-00/revisions/2", "DELETE")).status,
    ).toBe(200);
    expect((await withdraw("anna", 61)).status).toBe(200);
    expect((await withdraw("boris", 62)).status).toBe(200);
    const second = await withdraw("anna", 63);
    expect(second.status).toBe(202);
    const { proposal } = await json(second);
    const whole = await json(call("boris", `/v1/desk/proposals/${proposal}`));
    expect(whole).toMatchObject({
      kind: "withdrawal",
      reason: "mistake",
      editor: "anna",
      case: "ua-63-00",
    });
    expect((await approve("anna", whole)).status).toBe(403);
    expect(await json(approve("boris", whole))).toMatchObject({ revision: 2 });
    await backdate();
    expect(await json(live(63))).toMatchObject({
      case: null,
      revision: {
        kind: "withdrawal",
        editor: "anna",
        approvedBy: "boris",
        reason: "mistake",
      },
    });
    expect((await auditActions(63)).slice(0, 2)).toEqual([
      "boris approve 2",
      "anna withdraw 2",
    ]);
  });

  it("the number of a case that was published by mistake can be used again", async () => {
    // Its withdrawal is live now; the new revision is based on it.
    const again = await propose(63, at(2), {
      note: { en: "Published rightly" },
    });
    expect((await approve("boris", again)).status).toBe(201);
    await backdate();
    // Asked directly, because the Worker may still use an older copy: the test
    // moved the moments.
    const ledger = env.LEDGER.getByName("ledger") as unknown as Ledger;
    const { value: history } = await ledger.readings.historyPage(
      "ua-63-00",
      null,
      9,
    );
    expect(
      history?.revisions.map(({ number, kind }) => [number, kind]),
    ).toEqual([
      [3, "update"],
      [2, "withdrawal"],
      [1, "update"],
    ]);
    expect((await ledger.readings.case("ua-63-00")).value.state).toBe(
      "present",
    );
    expect((await ledger.readings.revision("ua-63-00", 2)).value.state).toBe(
      "withdrawn",
    );
    expect((await ledger.readings.revision("ua-63-00", 1)).value.state).toBe(
      "erased",
    );
    // For another reason, the number stays unused.
    expect((await put("anna", 56, at(3))).status).toBe(410);
  });

  it("the second editor reads the document, the base and the author's answers, and an approval ends the draft", async () => {
    const id = crypto.randomUUID();
    const source = {
      name: "ua.txt",
      text: "UA 64/00",
      provenance: [],
      dates: [],
      warnings: [],
      sentences: [],
    };
    const draft = draftOf(inventedCase(64), {
      source,
      resolved: ["follows|title|0"],
    });
    await call("anna", `/v1/desk/drafts/${id}`, "PUT", draft, NEW);
    const proposed = await propose(64, NEW, {}, `?draft=${id}`);
    expect(proposed).toMatchObject({ source, base: null });
    expect((await approve("boris", proposed)).status).toBe(201);
    expect((await call("anna", `/v1/desk/drafts/${id}`)).status).toBe(404);
    // An undo gives it back. Once a revision is live, it is nowhere.
    const undone = await json(
      call("anna", "/v1/cases/ua-64-00/revisions/1", "DELETE"),
    );
    expect(undone).toMatchObject({ source });
    const first = await propose(64, NEW);
    expect((await approve("boris", first)).status).toBe(201);
    const [{ uk }] = [inventedCase(64).title as any];
    const changed = inventedCase(64, {
      title: { en: "Invented case, changed", uk },
    });
    const second = await propose(64, at(2), { case: changed });
    expect(second).toMatchObject({ source: null, base: { id: "ua-64-00" } });
  });

  describe("accounts that invitations of the last 30 days connect count as one person:", () => {
    const ledger = env.LEDGER.getByName("ledger");
    /**
     * @param invited each account with who invited it, and how many days ago
     */
    const accounts = (invited: string, firstEditors = "") =>
      runInDurableObject<Ledger, void>(ledger, ({ access }, { storage }) => {
        access.firstEditors = firstEditors.match(/\w+/g) ?? [];
        storage.sql.exec("DELETE FROM newcomers");
        for (const [, name, by, days] of invited.matchAll(
          /(\w+) by (\w+) (\d+)/g,
        ))
          storage.sql.exec(
            "INSERT INTO newcomers VALUES (?, ?, ?)",
            name,
            by,
            Date.now() - Number(days) * 86_400_000,
          );
      });
    afterAll(() => accounts(""));

    const refused = "403 new-pair";
    it.each([
      ["one invited the other", "boris by anna 29", "", refused],
      ["the other way round", "anna by boris 0", "", refused],
      [
        "the same editor invited both, who is gone by now",
        "anna by x 9, boris by x 9",
        "",
        refused,
      ],
      [
        "one invited somebody who invited the other",
        "x by anna 1, boris by x 1",
        "",
        refused,
      ],
      [
        "set-up has confirmed others",
        "boris by anna 1",
        "anna, clara",
        refused,
      ],
      ["set-up has confirmed them", "boris by anna 1", "anna, boris", "201"],
      [
        "each comes from another first editor",
        "anna by x 1, boris by y 1, y by x 1",
        "x, y",
        "201",
      ],
      ["it is long ago", "boris by anna 31", "", "201"],
    ])("%s", async (_, all, first, expected) => {
      await accounts(all, first);
      const { proposals } = await json(call("anna", "/v1/desk/proposals"));
      const proposal =
        proposals.find((one: any) => one.case === "ua-73-00") ??
        (await propose(73, NEW));
      const answer = await approve("boris", proposal);
      expect(answer.status === 201 ? "201" : await tagOf(answer)).toBe(
        expected,
      );
      if (answer.status !== 201) return;
      const { revision } = await json(answer);
      expect(
        (
          await call(
            "anna",
            `/v1/cases/ua-73-00/revisions/${revision}`,
            "DELETE",
          )
        ).status,
      ).toBe(200);
    });
  });
});

describe("A deployment where two editors must agree", () => {
  const serves = async (bindings: Partial<Env>) =>
    (await callApi("GET", "/healthz", { bindings })).text();

  it("refuses to serve when nobody can open the first door; the second editor may come by invitation", async () => {
    const one = digest("anna-token");
    expect(await serves({ REVIEW: "two", EDITORS: "{}" })).toContain("EDITORS");
    // Two names with one token are one person: the token always means the same
    // name.
    for (const names of [
      { anna: one },
      { anna: one, boris: one.toUpperCase() },
    ])
      expect(
        await serves({ REVIEW: "two", EDITORS: JSON.stringify(names) }),
      ).toContain('"ok":true');
    // A token in place of its hash would be readable in the configuration.
    for (const unusable of ["{", "[1]", "null", '{"anna":"anna-token"}'])
      for (const REVIEW of ["one", "two"])
        expect(await serves({ REVIEW, EDITORS: unusable })).toContain(
          "EDITORS",
        );
    expect(await serves({ REVIEW: "three" })).toContain("REVIEW");
    expect(await serves({ REVIEW: "two" })).toContain('"ok":true');
  });

  it("refuses no reader for a setting that only editors use", async () => {
    for (const bindings of [
      { EDITORS: "{}" },
      { EDITORS: "{" },
      { REVIEW: "three" },
      { FIRST_EDITORS: "anna" },
    ]) {
      const statusOf = async (path: string) =>
        (await callApi("GET", path, { bindings })).status;
      const statuses = await Promise.all(
        ["/v1/cases?limit=1", "/desk", "/v1/desk/me", "/healthz"].map(statusOf),
      );
      expect(statuses, JSON.stringify(bindings)).toEqual([200, 503, 503, 503]);
    }
  });
});
