import { beforeAll, describe, expect, it } from "vitest";
import { inventedCase } from "../../../invented.ts";
import { nextYear } from "../../../next-year.ts";
import { call, publication, publishThreeCases, put, TOKEN } from "./three-cases.ts";

beforeAll(publishThreeCases);

describe("Editors", () => {
  const state = async () => JSON.stringify(await (await call("/v1/desk/cases/ua-1-00", { headers: TOKEN })).json());

  it("see pending revisions and the log at addresses that no cache keeps", async () => {
    const desk = await call("/v1/desk/cases/ua-1-00", { headers: TOKEN });
    expect(desk.headers.get("ETag")).toBe('"3"');
    expect(desk.headers.get("Cache-Control")).toBe("private, no-store");
    expect(desk.headers.get("Cloudflare-CDN-Cache-Control")).toBe("no-store");
    expect(await desk.json()).toMatchObject({
      live: 2,
      revision: { number: 3, editor: "local" },
      pending: [{ number: 3 }],
    });
    const audit = await call("/v1/desk/audit?case=ua-2-00", { headers: TOKEN });
    expect(((await audit.json()) as any).audit.map((entry: any) => entry.action)).toEqual(["withdraw", "publish"]);
    expect((await call("/v1/desk/audit", { headers: {} })).status).toBe(401);
    expect((await call("/v1/desk/cases/ua-9-99", { headers: TOKEN })).status).toBe(404);
  });

  const good = { "If-Match": '"3"' };
  const refusals: [what: string, expected: { status: number; pointer?: string }, send: () => Promise<Response>][] = [
    ["no token", { status: 401 }, () => put("ua-1-00", { ...good, Authorization: "" }, publication(1))],
    [
      "a wrong token",
      { status: 401 },
      () => put("ua-1-00", { ...good, Authorization: "Bearer wrong" }, publication(1)),
    ],
    ["no precondition", { status: 428 }, () => put("ua-1-00", {}, publication(1))],
    ["a malformed precondition", { status: 400 }, () => put("ua-1-00", { "If-Match": "3" }, publication(1))],
    ["a stale precondition", { status: 412 }, () => put("ua-1-00", { "If-Match": '"2"' }, publication(1))],
    ["creating what exists", { status: 412 }, () => put("ua-1-00", { "If-None-Match": "*" }, publication(1))],
    ["overtaking a pending revision", { status: 409 }, () => put("ua-1-00", good, publication(1))],
    ["replacing what is not pending", { status: 409 }, () => put("ua-1-00", good, publication(1), "?replace=2")],
    ["an unknown parameter", { status: 400 }, () => put("ua-1-00", good, publication(1), "?repalce=3")],
    [
      "a body that is not JSON by its type",
      { status: 415 },
      () => put("ua-1-00", { ...good, "Content-Type": "text/plain" }, publication(1)),
    ],
    ["broken JSON", { status: 400 }, () => put("ua-1-00", good, '{"case": ')],
    [
      "a body over 256 KB",
      { status: 413 },
      () => put("ua-1-00", good, JSON.stringify(publication(1)) + " ".repeat(256 * 1024)),
    ],
    [
      "an unknown field",
      { status: 422, pointer: "/case/nickname" },
      () => put("ua-1-00", good, publication(1, { case: { ...inventedCase(1), nickname: "x" } })),
    ],
    [
      "an unknown field beside the case",
      { status: 422, pointer: "/loud" },
      () => put("ua-1-00", good, publication(1, { loud: true })),
    ],
    [
      "a missing field",
      { status: 422, pointer: "/note" },
      () => put("ua-1-00", good, { ...publication(1), note: undefined }),
    ],
    [
      "a wrong type",
      { status: 422, pointer: "/case/people" },
      () => put("ua-1-00", good, publication(1, { case: { ...inventedCase(1), people: "none" } })),
    ],
    [
      "an invalid date",
      { status: 422, pointer: "/case/asOf/date" },
      () => put("ua-1-00", good, publication(1, { case: { ...inventedCase(1), asOf: { date: "2020-02-30" } } })),
    ],
    [
      "an unknown kind",
      { status: 422, pointer: "/kind" },
      () => put("ua-1-00", good, publication(1, { kind: "withdrawal" })),
    ],
    [
      "an unknown custody",
      { status: 422, pointer: "/case/people/0/custody/value" },
      () => {
        const fields = structuredClone(inventedCase(1)) as any;
        fields.people[0].custody.value = "free";
        return put("ua-1-00", good, publication(1, { case: fields }));
      },
    ],
    [
      "a source that is no document",
      { status: 422, pointer: "/case/events/0/source" },
      () => {
        const fields = structuredClone(inventedCase(1)) as any;
        fields.events[0].source = "hearsay";
        return put("ua-1-00", good, publication(1, { case: fields }));
      },
    ],
    [
      "a direction override",
      { status: 422, pointer: "/case/title/en" },
      () => put("ua-1-00", good, publication(1, { case: { ...inventedCase(1), title: { en: "safe \u202e evil" } } })),
    ],
    [
      "another id for a published person",
      { status: 422, pointer: "/case/people/0/id" },
      () => {
        const fields = structuredClone(inventedCase(1)) as any;
        fields.people[0].id = "somebody-else";
        return put("ua-1-00", good, publication(1, { case: fields }));
      },
    ],
    [
      "a note without the case's language",
      { status: 422, pointer: "/note" },
      () => put("ua-1-00", good, publication(1, { note: { uk: "Так" } })),
    ],
    ["another case's address", { status: 422, pointer: "/case/id" }, () => put("ua-1-00", good, publication(3))],
    [
      "a liveAt in the past",
      { status: 422, pointer: "/liveAt" },
      () => put("ua-1-00", good, publication(1, { liveAt: "2020-01-01T00:00:00.000Z" }), "?replace=3"),
    ],
    [
      "a liveAt in more than two years",
      { status: 422, pointer: "/liveAt" },
      () => put("ua-1-00", good, publication(1, { liveAt: `${nextYear + 3}-01-01T00:00:00.000Z` }), "?replace=3"),
    ],
    [
      "a release in the future",
      { status: 422, pointer: "/case/events/0/date/date" },
      () => {
        const fields = structuredClone(inventedCase(1)) as any;
        Object.assign(fields.events[0], { kind: "release", date: { date: `${nextYear}-06-01` } });
        return put("ua-1-00", good, publication(1, { case: fields }));
      },
    ],
    [
      "a liveAt that is no moment",
      { status: 422, pointer: "/liveAt" },
      () => put("ua-1-00", good, publication(1, { liveAt: "tomorrow" })),
    ],
    ["a withdrawn case", { status: 410 }, () => put("ua-2-00", { "If-Match": '"2"' }, publication(2))],
    [
      "undoing what is live",
      { status: 409 },
      () => call("/v1/cases/ua-1-00/revisions/2", { method: "DELETE", headers: TOKEN }),
    ],
    [
      "undoing what never was",
      { status: 404 },
      () => call("/v1/cases/ua-1-00/revisions/99", { method: "DELETE", headers: TOKEN }),
    ],
    [
      "withdrawing what never was",
      { status: 404 },
      () => call("/v1/cases/ua-9-99?reason=consent", { method: "DELETE", headers: { ...TOKEN, "If-None-Match": "*" } }),
    ],
    [
      "an unknown reason",
      { status: 400, pointer: "/reason" },
      () => call("/v1/cases/ua-1-00?reason=boredom", { method: "DELETE", headers: { ...TOKEN, ...good } }),
    ],
    [
      "a withdrawal without a reason",
      { status: 400, pointer: "/reason" },
      () => call("/v1/cases/ua-1-00", { method: "DELETE", headers: { ...TOKEN, ...good } }),
    ],
    [
      "a withdrawal that doesn't say what it is based on",
      { status: 428 },
      () => call("/v1/cases/ua-1-00?reason=consent", { method: "DELETE", headers: TOKEN }),
    ],
    [
      "a withdrawal of a case that has changed",
      { status: 412 },
      () => call("/v1/cases/ua-1-00?reason=consent", { method: "DELETE", headers: { ...TOKEN, "If-Match": '"1"' } }),
    ],
    [
      "a redaction with a note of its own",
      { status: 422, pointer: "/note" },
      () => put("ua-1-00", good, publication(1, { kind: "redaction", note: { en: "He confessed" } })),
    ],
    [
      "an update that takes out names",
      { status: 422, pointer: "/redacts" },
      () => put("ua-1-00", good, publication(1, { redacts: { names: ["Demo"], alike: [] } })),
    ],
  ];

  it.each(refusals)(
    "are refused with a clear problem for %s, and nothing changes",
    async (_, { status, pointer }, send) => {
      const before = await state();
      const response = await send();
      const problem = (await response.json()) as any;
      expect([response.status, problem.status], JSON.stringify(problem)).toEqual([status, status]);
      expect(response.headers.get("Cache-Control")).toBe("private, no-store");
      expect(problem.remedy).toBeTruthy();
      if (pointer)
        expect([problem.pointer, ...(problem.issues ?? []).map((issue: any) => issue.pointer)]).toContain(pointer);
      expect(await state()).toBe(before);
    },
  );

  it("can publish, replace and undo", async () => {
    const replaced = await put("ua-1-00", good, publication(1, { note: { en: "Replacing" } }), "?replace=3");
    expect(replaced.status).toBe(201);
    const { revision, liveAt } = (await replaced.json()) as any;
    expect(revision).toBe(4);
    expect(liveAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(Date.parse(liveAt) - Date.now()).toBeGreaterThan(6_000);
    const undone = await call("/v1/cases/ua-1-00/revisions/4", { method: "DELETE", headers: TOKEN });
    expect(await undone.json()).toMatchObject({ undone: 4, case: { id: "ua-1-00" }, note: { en: "Replacing" } });
    expect((await call("/v1/desk/cases/ua-1-00", { headers: TOKEN })).headers.get("ETag")).toBe('"2"');
  });

  it("are slowed after twenty failures from one address, unless their token is known", async () => {
    const from = { "CF-Connecting-IP": "192.0.2.7" };
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 25; attempt++)
      statuses.push(
        (await call("/v1/desk/audit", { headers: { ...from, Authorization: `Bearer guess-${attempt}` } })).status,
      );
    expect(statuses[0]).toBe(401);
    expect(statuses.at(-1)).toBe(429);
    expect((await call("/v1/desk/audit", { headers: { ...from, ...TOKEN } })).status).toBe(200);
    expect((await call("/v1/desk/audit", { headers: TOKEN })).status).toBe(200);
  });
});
