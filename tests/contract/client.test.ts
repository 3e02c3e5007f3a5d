/**
 * The API client against servers that aren't Casewire. Every other black-box
 * test uses it on the real Worker.
 */
import { createServer, type RequestListener, type Server } from "node:http";
import {
  afterAll,
  afterEach,
  beforeEach,
  describe,
  expect,
  it,
  vi,
} from "vitest";
import { ApiError, clientOf } from "../../worker/editing/contract/client.ts";
import { listening } from "../support/listening.ts";
import { pause } from "../support/waiting.ts";

const refusalOf = async (answer: Promise<unknown>): Promise<ApiError> => {
  const error = await answer.catch((reason: unknown) => reason);
  if (!(error instanceof ApiError)) throw new Error(`no ApiError: ${error}`);
  return error;
};

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
  return `http://127.0.0.1:${await listening(server)}`;
}

const answering = (
  status: number,
  type: string,
  body: string,
  headers: Record<string, string> = {},
) =>
  serving((_, answer) =>
    answer.writeHead(status, { "Content-Type": type, ...headers }).end(body),
  );

describe.concurrent("a response that isn't Casewire's", () => {
  const portal = "<!doctype html><title>Sign in to the network</title>";
  const html = "text/html; charset=utf-8";
  const problem = "application/problem+json";

  it.for<[string, number, string, string, detail: string | RegExp]>([
    [
      "a captive portal",
      200,
      html,
      portal,
      /answered 200: .*Sign in to the network/,
    ],
    [
      "a page with a status that is not declared",
      204,
      html,
      "",
      /answered 204/,
    ],
    [
      "a proxy's page",
      502,
      html,
      "<h1>Bad gateway</h1>",
      /answered 502: <h1>Bad gateway/,
    ],
    [
      "a proxy's own problem",
      503,
      problem,
      '{"type":"about:blank","status":503}',
      /answered 503/,
    ],
    ["a problem that is not JSON", 409, problem, "{", /answered 409/],
    [
      "JSON cut off",
      200,
      "application/json",
      '{"editor":"Invented',
      /broke off/,
    ],
    ["an empty answer", 200, "application/json", "", /broke off/],
  ])("%s is none", async ([, status, type, body, detail]) => {
    const error = await refusalOf(
      clientOf({ origin: await answering(status, type, body) }).readMe(),
    );
    expect(error.is("unreachable")).toBe(true);
    expect(error).toMatchObject({
      status: 0,
      problem: { detail: expect.stringMatching(detail) },
    });
  });

  it("from a captive portal deletes and exports nothing", async () => {
    const client = clientOf({ origin: await answering(200, html, portal) });
    expect(
      (await refusalOf(client.deleteDraft({ id: "x" }))).is("unreachable"),
    ).toBe(true);
    expect((await refusalOf(client.exportAll())).is("unreachable")).toBe(true);
  });

  it("counts as none: no server, a cut connection, a redirect to another site", async () => {
    const nobody = clientOf({ origin: "http://127.0.0.1:9" });
    const cut = await serving((_, answer) => {
      answer
        .writeHead(200, {
          "Content-Type": "application/json",
          "Content-Length": "100",
        })
        .write('{"editor":');
      pause(
        50,
        "The first half must be on its way before the line breaks.",
      ).then(() => answer.destroy());
    });
    const elsewhere = await answering(302, html, "", {
      Location: "http://127.0.0.1:9/",
    });
    for (const client of [
      nobody,
      clientOf({ origin: cut }),
      clientOf({ origin: elsewhere }),
    ])
      expect(await refusalOf(client.readMe())).toMatchObject({
        status: 0,
        problem: { detail: expect.any(String) },
      });
  });

  it("counts as none when it times out, before its headers and after", async () => {
    const asked: unknown[] = [];
    const timeoutMs = (body: unknown) => {
      asked.push(body);
      return 100;
    };
    const silent = await serving(() => {});
    const slow = await serving((_, answer) =>
      answer
        .writeHead(200, { "Content-Type": "application/json" })
        .write('{"editor":'),
    );
    for (const origin of [silent, slow])
      expect(
        await refusalOf(clientOf({ origin, timeoutMs }).readMe()),
      ).toMatchObject({
        status: 0,
        problem: { detail: expect.stringMatching(/timeout/) },
      });
    await refusalOf(
      clientOf({ origin: silent, timeoutMs }).rejectProposal({
        id: "x",
        body: { reason: "No" },
      }),
    );
    expect(asked).toEqual([undefined, undefined, '{"reason":"No"}']);
  });

  it("is thrown as the error that the caller chooses", async () => {
    const failure = (error: ApiError, method: string) =>
      new RangeError(`${method} ${error.status}`);
    const client = clientOf({ origin: "http://127.0.0.1:9", failure });
    await expect(client.readMe()).rejects.toThrow(new RangeError("GET 0"));
    await expect(client.deleteDraft({ id: "x" })).rejects.toThrow(
      new RangeError("DELETE 0"),
    );
  });
});

describe("the server's clock", () => {
  const SECOND_MS = 1_000;
  const HERE = Date.parse("2026-11-25T12:00:00.400Z");
  // Only the clock stands still, so that it doesn't matter how long an answer
  // takes.
  beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"], now: HERE }));
  afterEach(() => void vi.useRealTimers());

  /** Its Date header has whole seconds, as HTTP requires. */
  const clientOfClock = async (...aheadMs: number[]) => {
    const origin = await serving((_, answer) => {
      const date = new Date(HERE + (aheadMs.shift() ?? 0)).toUTCString();
      answer.writeHead(503, { "Content-Type": "text/plain", Date: date }).end();
    });
    return clientOf({ origin });
  };

  it("is updated by each response, refusals included, within the precision of the header", async () => {
    const offsets = [10 * SECOND_MS, 0, -10 * SECOND_MS];
    const client = await clientOfClock(...offsets);
    expect(client.now()).toBe(HERE);
    for (const expected of offsets) {
      await refusalOf(client.readMe());
      expect(Math.abs(client.now() - HERE - expected)).toBeLessThan(SECOND_MS);
    }
  });

  it("is not used when the header's precision explains the difference", async () => {
    const client = await clientOfClock(0, 0.9 * SECOND_MS);
    for (let answers = 0; answers < 2; answers++) {
      await refusalOf(client.readMe());
      expect(client.now()).toBe(HERE);
    }
  });
});
