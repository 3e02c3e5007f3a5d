import { beforeAll, describe, expect, it } from "vitest";
import { inventedCase } from "../../../support/invented.ts";
import {
  call,
  publication,
  publishThreeCases,
  put,
  TOKEN,
} from "./three-cases.ts";

beforeAll(publishThreeCases);

describe("Editors", () => {
  const state = async () =>
    JSON.stringify(
      await (await call("/v1/desk/cases/ua-1-00", { headers: TOKEN })).json(),
    );

  it("see pending revisions and the log at addresses that no cache keeps", async () => {
    const desk = await call("/v1/desk/cases/ua-1-00", { headers: TOKEN });
    expect([
      desk.headers.get("ETag"),
      desk.headers.get("Cache-Control"),
    ]).toEqual(['"3"', "private, no-store"]);
    const revision = { number: 3, editor: "local" };
    expect(await desk.json()).toMatchObject({
      live: 2,
      revision,
      pending: [{ number: 3 }],
    });
    const audit = await call("/v1/desk/audit?case=ua-2-00", { headers: TOKEN });
    expect(
      ((await audit.json()) as any).audit.map((entry: any) => entry.action),
    ).toEqual(["withdraw", "publish"]);
    expect(
      (await call("/v1/desk/cases/ua-9-99", { headers: TOKEN })).status,
    ).toBe(404);
  });

  const good = { "If-Match": '"3"' };
  /** The case with a value changed. */
  const changed = (change: (fields: any) => void) => {
    const fields = structuredClone(inventedCase(1)) as any;
    change(fields);
    return { case: fields };
  };
  type Row = [what: string, status: number, pointer: string | null];
  type Refused = [
    ...Row,
    body: Record<string, unknown> | string,
    headers?: object,
    query?: string,
  ];
  const publishes: Refused[] = [
    ["no token", 401, null, {}, { Authorization: "" }],
    ["a wrong token", 401, null, {}, { Authorization: "Bearer wrong" }],
    ["no precondition", 428, null, {}, { "If-Match": undefined }],
    ["a malformed precondition", 400, null, {}, { "If-Match": "3" }],
    ["a stale precondition", 412, null, {}, { "If-Match": '"2"' }],
    [
      "creating what exists",
      412,
      null,
      {},
      { "If-Match": undefined, "If-None-Match": "*" },
    ],
    ["overtaking a pending revision", 409, null, {}],
    ["replacing what is not pending", 409, null, {}, {}, "?replace=2"],
    ["an unknown parameter", 400, null, {}, {}, "?repalce=3"],
    [
      "a body that is not JSON by its type",
      415,
      null,
      {},
      { "Content-Type": "text/plain" },
    ],
    ["broken JSON", 400, null, '{"case": '],
    [
      "a body over 256 KB",
      413,
      null,
      JSON.stringify(publication(1)) + " ".repeat(256 * 1024),
    ],
    [
      "an unknown field",
      422,
      "/case/nickname",
      changed((fields) => (fields.nickname = "x")),
    ],
    ["an unknown field beside the case", 422, "/loud", { loud: true }],
    ["a missing field", 422, "/note", { note: undefined }],
    [
      "a wrong type",
      422,
      "/case/people",
      changed((fields) => (fields.people = "none")),
    ],
    ["an unknown kind", 422, "/kind", { kind: "withdrawal" }],
    [
      "another id for a person",
      422,
      "/case/people/0/id",
      changed(({ people }) => (people[0].id = "somebody-else")),
    ],
    [
      "a note without the case's language",
      422,
      "/note",
      { note: { uk: "Так" } },
    ],
    ["another case's address", 422, "/case/id", publication(3)],
    [
      "a liveAt in the past",
      422,
      "/liveAt",
      { liveAt: "2020-01-01T00:00:00.000Z" },
      {},
      "?replace=3",
    ],
    ["a liveAt that is no moment", 422, "/liveAt", { liveAt: "tomorrow" }],
    [
      "a redaction, which only an erasure makes",
      422,
      "/kind",
      { kind: "redaction" },
    ],
  ];
  const erase =
    (path: string, headers: object = {}) =>
    () =>
      call(`/v1/cases/${path}`, {
        method: "DELETE",
        headers: { ...TOKEN, ...headers },
      });
  const refusals: [...Row, send: () => Promise<Response>][] = [
    ...publishes.map(
      ([
        what,
        status,
        pointer,
        body,
        headers = {},
        query = "",
      ]): (typeof refusals)[0] => {
        const given = Object.entries({ ...good, ...headers }).filter(
          ([, value]) => value !== undefined,
        );
        const sent = typeof body === "string" ? body : publication(1, body);
        return [
          what,
          status,
          pointer,
          () => put("ua-1-00", Object.fromEntries(given), sent, query),
        ];
      },
    ),
    [
      "a withdrawn case",
      410,
      null,
      () => put("ua-2-00", { "If-Match": '"2"' }, publication(2)),
    ],
    ["undoing what is live", 409, null, erase("ua-1-00/revisions/2")],
    ["undoing what never was", 404, null, erase("ua-1-00/revisions/99")],
    [
      "withdrawing what never was",
      404,
      null,
      erase("ua-9-99?reason=consent", { "If-None-Match": "*" }),
    ],
    [
      "an unknown reason",
      400,
      "/reason",
      erase("ua-1-00?reason=boredom", good),
    ],
    ["a withdrawal without a reason", 400, "/reason", erase("ua-1-00", good)],
    [
      "a withdrawal that doesn't say what it is based on",
      428,
      null,
      erase("ua-1-00?reason=consent"),
    ],
    [
      "a withdrawal of a case that has changed",
      412,
      null,
      erase("ua-1-00?reason=consent", { "If-Match": '"1"' }),
    ],
  ];

  it.each(refusals)(
    "are refused with a clear problem for %s, and nothing changes",
    async (_, status, pointer, send) => {
      const before = await state();
      const response = await send();
      const problem = (await response.json()) as any;
      expect(
        [response.status, problem.status],
        JSON.stringify(problem),
      ).toEqual([status, status]);
      expect(response.headers.get("Cache-Control")).toBe("private, no-store");
      expect(problem.remedy).toBeTruthy();
      if (pointer)
        expect([
          problem.pointer,
          ...(problem.issues ?? []).map((issue: any) => issue.pointer),
        ]).toContain(pointer);
      expect(await state()).toBe(before);
    },
  );

  it("can publish, replace and undo", async () => {
    const replaced = await put(
      "ua-1-00",
      good,
      publication(1, { note: { en: "Replacing" } }),
      "?replace=3",
    );
    expect(replaced.status).toBe(201);
    const { revision, liveAt } = (await replaced.json()) as any;
    expect(revision).toBe(4);
    expect(liveAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(Date.parse(liveAt) - Date.now()).toBeGreaterThan(6_000);
    const undone = await call("/v1/cases/ua-1-00/revisions/4", {
      method: "DELETE",
      headers: TOKEN,
    });
    expect(await undone.json()).toMatchObject({
      undone: 4,
      case: { id: "ua-1-00" },
      note: { en: "Replacing" },
    });
    expect(
      (await call("/v1/desk/cases/ua-1-00", { headers: TOKEN })).headers.get(
        "ETag",
      ),
    ).toBe('"2"');
  });
});
