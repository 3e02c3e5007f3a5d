/** The API client, on the real Worker and against servers that aren't Casewire. */
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ApiError, type Client, clientOf } from "../../worker/editing/contract/client.ts";
import { startWorker, type TestWorker } from "../harness.ts";
import { inventedCase } from "../invented.ts";
import { pause } from "../waiting.ts";

const refusalOf = async (answer: Promise<unknown>): Promise<ApiError> => {
  const error = await answer.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApiError)) throw new Error(`no ApiError: ${error}`);
  return error;
};

describe("on the real Worker", () => {
  let worker: TestWorker;
  let editor: Client;
  beforeAll(async () => {
    worker = await startWorker();
    editor = worker.editor;
  });
  afterAll(() => worker?.close());

  const publish = (basedOn: number, year = 2000) =>
    editor.publish({
      id: "ua-1-00",
      body: { case: inventedCase(1, { asOf: { date: `${year}-02-03` } }), note: { en: "A note" }, kind: "update" },
      basedOn,
    });

  it("creates a case when based on 0, and otherwise publishes only on top of the named revision", async () => {
    expect(await publish(0)).toMatchObject({ revision: 1 });
    const again = await refusalOf(publish(0, 2001));
    expect(again.is("exists")).toBe(true);
    expect(again).toMatchObject({ status: 412, problem: { newest: 1 } });
    expect(await publish(1, 2001)).toMatchObject({ revision: 2 });
    const late = await refusalOf(publish(1, 2002));
    expect(late.is("precondition-failed")).toBe(true);
    expect(late.problem).toMatchObject({ newest: 2, remedy: expect.any(String) });
    expect(late.message).toContain(late.problem.detail);
    expect(await editor.readDeskCase({ id: "ua-1-00" })).toMatchObject({ revision: { number: 2 } });
  });

  it("passes on the text of every refusal", async () => {
    const nobody = clientOf({ origin: worker.url, token: "nobody's" });
    expect((await refusalOf(nobody.readMe())).is("unauthorized")).toBe(true);
    expect((await refusalOf(clientOf({ origin: worker.url }).readMe())).status).toBe(401);
    expect((await refusalOf(editor.readCase({ id: "ua-99-00" }))).is("unknown-case")).toBe(true);
    const issues = [{ pointer: "/case", message: expect.any(String) }];
    const empty = editor.publish({
      id: "ua-1-00",
      body: { note: { en: "A note" }, kind: "update" } as never,
      basedOn: 0,
    });
    expect(await refusalOf(empty)).toMatchObject({ status: 422, problem: { issues } });
    // A failure whose body also contains a view.
    expect((await refusalOf(editor.readView({ id: "ua-99-00" }))).problem.view).toMatchObject({ state: "unknown" });
  });

  it("sends queries, documents and empty bodies, and reads JSON, files and empty bodies", async () => {
    const read = await editor.readDocument({ body: "UA 126/19", type: "text/plain; charset=utf-8" });
    expect(read).toMatchObject({ case: { id: "ua-126-19" }, text: "UA 126/19" });
    expect((await editor.readAudit({ limit: "1" })).audit).toHaveLength(1);
    const log = await editor.exportAudit();
    expect((await log.text()).split("\n")[0]).toContain('"sequence":1');
    const id = crypto.randomUUID();
    const draft = { base: null, case: {}, note: {}, kind: "update", notify: "none", liveAt: null } as const;
    const body = { ...draft, source: null, resolved: [] };
    expect(await editor.saveDraft({ id, body, basedOn: 0 })).toMatchObject({ version: 1 });
    expect(await editor.saveDraft({ id, body: { ...body, resolved: ["x"] }, basedOn: 1 })).toMatchObject({
      version: 2,
    });
    expect((await editor.deleteDraft({ id })).status).toBe(204);
    expect((await refusalOf(editor.readDraft({ id }))).is("unknown-draft")).toBe(true);
    const page = await editor.casePage({ id: "ua-99-00" }).catch((error: ApiError) => error.message);
    expect(page).toContain("404");
  });

  it("uses the server's clock only when the local clock is far off", () => {
    expect(Math.abs(editor.now() - Date.now())).toBeLessThan(50);
  });
});

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
});

/** Starts a server that isn't Casewire. @returns its origin */
async function serving(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const answering = (status: number, type: string, body: string, headers: Record<string, string> = {}) =>
  serving((_, answer) => answer.writeHead(status, { "Content-Type": type, ...headers }).end(body));

describe.concurrent("a response that isn't Casewire's", () => {
  const portal = "<!doctype html><title>Sign in to the network</title>";
  const html = "text/html; charset=utf-8";
  const problem = "application/problem+json";

  it.for<[string, number, string, string, detail: string | RegExp]>([
    ["a captive portal", 200, html, portal, /answered 200: .*Sign in to the network/],
    ["a page with a status that is not declared", 204, html, "", /answered 204/],
    ["a proxy's page", 502, html, "<h1>Bad gateway</h1>", /answered 502: <h1>Bad gateway/],
    ["a proxy's own problem", 503, problem, '{"type":"about:blank","status":503}', /answered 503/],
    ["a problem that is not JSON", 409, problem, "{", /answered 409/],
    ["JSON cut off", 200, "application/json", '{"editor":"Invented', /broke off/],
    ["an empty answer", 200, "application/json", "", /broke off/],
  ])("%s is none", async ([, status, type, body, detail]) => {
    const error = await refusalOf(clientOf({ origin: await answering(status, type, body) }).readMe());
    expect(error.is("unreachable")).toBe(true);
    expect(error).toMatchObject({ status: 0, problem: { detail: expect.stringMatching(detail) } });
  });

  it("from a captive portal deletes and exports nothing", async () => {
    const client = clientOf({ origin: await answering(200, html, portal) });
    expect((await refusalOf(client.deleteDraft({ id: "x" }))).is("unreachable")).toBe(true);
    expect((await refusalOf(client.exportAll())).is("unreachable")).toBe(true);
  });

  it("counts as none: no server, a cut connection, a redirect to another site", async () => {
    const nobody = clientOf({ origin: "http://127.0.0.1:9" });
    const cut = await serving((_, answer) => {
      answer.writeHead(200, { "Content-Type": "application/json", "Content-Length": "100" }).write('{"editor":');
      pause(50, "The first half must be on its way before the line breaks.").then(() => answer.destroy());
    });
    const elsewhere = await answering(302, html, "", { Location: "http://127.0.0.1:9/" });
    for (const client of [nobody, clientOf({ origin: cut }), clientOf({ origin: elsewhere })])
      expect(await refusalOf(client.readMe())).toMatchObject({ status: 0, problem: { detail: expect.any(String) } });
  });

  it("counts as none when it times out, before its headers and after", async () => {
    const asked: unknown[] = [];
    const timeoutMs = (body: unknown) => {
      asked.push(body);
      return 100;
    };
    const silent = await serving(() => {});
    const slow = await serving((_, answer) =>
      answer.writeHead(200, { "Content-Type": "application/json" }).write('{"editor":'),
    );
    for (const origin of [silent, slow])
      expect(await refusalOf(clientOf({ origin, timeoutMs }).readMe())).toMatchObject({
        status: 0,
        problem: { detail: expect.stringMatching(/timeout/) },
      });
    await refusalOf(clientOf({ origin: silent, timeoutMs }).rejectProposal({ id: "x", body: { reason: "No" } }));
    expect(asked).toEqual([undefined, undefined, '{"reason":"No"}']);
  });

  it("is thrown as the error that the caller chooses", async () => {
    const failure = (error: ApiError, method: string) => new RangeError(`${method} ${error.status}`);
    const client = clientOf({ origin: "http://127.0.0.1:9", failure });
    await expect(client.readMe()).rejects.toThrow(new RangeError("GET 0"));
    await expect(client.deleteDraft({ id: "x" })).rejects.toThrow(new RangeError("DELETE 0"));
  });
});

describe.concurrent("the server's clock", () => {
  const SECOND_MS = 1_000;
  /** Its Date header has whole seconds, as HTTP requires. */
  const nowWhen = async (aheadMs: number) => {
    const origin = await serving((_, answer) => {
      answer.writeHead(200, {
        "Content-Type": "application/json",
        Date: new Date(Date.now() + aheadMs).toUTCString(),
      });
      answer.end("{}");
    });
    const client = clientOf({ origin });
    await client.readMe();
    return client.now() - Date.now();
  };

  it("is used when it is 10 s ahead or behind, within the precision of the header", async () => {
    expect(Math.abs((await nowWhen(10 * SECOND_MS)) - 10 * SECOND_MS)).toBeLessThan(SECOND_MS);
    expect(Math.abs((await nowWhen(-10 * SECOND_MS)) + 10 * SECOND_MS)).toBeLessThan(SECOND_MS);
  });

  it("is not used when the header's precision explains the difference", async () => {
    expect(Math.abs(await nowWhen(0))).toBeLessThan(50);
    expect(Math.abs(await nowWhen(0.9 * SECOND_MS))).toBeLessThan(50);
  });

  it("is updated by each response, refusals included", async () => {
    const offsets = [10 * SECOND_MS, 0, 20 * SECOND_MS];
    const origin = await serving((_, answer) => {
      const date = new Date(Date.now() + (offsets.shift() ?? 0)).toUTCString();
      answer.writeHead(503, { "Content-Type": "text/plain", Date: date }).end();
    });
    const client = clientOf({ origin });
    for (const expected of [10 * SECOND_MS, 0, 20 * SECOND_MS]) {
      await refusalOf(client.readMe());
      expect(Math.abs(client.now() - Date.now() - expected)).toBeLessThan(SECOND_MS);
    }
  });

  it("is the local clock until the first response", () => {
    expect(Math.abs(clientOf().now() - Date.now())).toBeLessThan(50);
  });
});
