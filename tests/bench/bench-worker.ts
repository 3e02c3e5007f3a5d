/**
 * The Worker, and beside it a bare route that sends the same bytes (`hono`),
 * with a Ledger that fills itself and counts the questions of its readers.
 * Addresses under `/bench/` are its own:
 * `isolate?name=&path=` answers as an isolate that has only its own copies, and `page` asks for a page of all cases. With LEDGER_AT, these
 * isolates ask the Ledger of the process with that address, which answers at
 * `ledger`.
 */
import { Hono } from "hono";
import { answerRequest } from "../../worker/web/app.ts";
import type { Ledger } from "./filling-ledger.ts";

export { Channel } from "../../worker/objects/channel/channel.ts";
export { Dispatcher } from "../../worker/objects/dispatcher/dispatcher.ts";
export { Webhooks } from "../../worker/objects/webhooks/webhooks.ts";
export { Ledger } from "./filling-ledger.ts";

type Own =
  | "fillFrom"
  | "asked"
  | "shareMoment"
  | "waiting"
  | "lateMoment"
  | "settleNow";
type OwnLedger = {
  [M in Own]: (
    ...given: Parameters<Ledger[M]>
  ) => Promise<ReturnType<Ledger[M]>>;
} & {
  cases: { casesBetween(after: number, upTo: number): Promise<{ to: number }> };
};

const ledgerOf = (env: Env) =>
  env.LEDGER.getByName("ledger") as unknown as OwnLedger;

type BenchEnv = Env & { LEDGER_AT?: string };

/**
 * A Ledger in another process: what readers ask of its facets goes there over
 * HTTP.
 */
const ledgerAt = (origin: string): unknown => {
  const ask = async (facet: string, method: string, given: unknown[]) => {
    const body = JSON.stringify({ facet, method, given });
    return (
      await fetch(`${origin}/bench/ledger`, { method: "POST", body })
    ).json();
  };
  const facetOf = (facet: string) =>
    new Proxy(
      {},
      {
        get:
          (_, method: string) =>
          (...given: unknown[]) =>
            ask(facet, method, given),
      },
    );
  return new Proxy({}, { get: (_, facet: string) => facetOf(facet) });
};

/**
 * Copies belong to a namespace of Ledgers, so another object for it is another
 * isolate's.
 */
const isolates = new Map<string, Env>();
function isolateOf(name: string, env: BenchEnv): Env {
  const known = isolates.get(name);
  if (known) return known;
  const { LEDGER_AT } = env;
  const stub = LEDGER_AT === undefined ? null : ledgerAt(LEDGER_AT);
  const LEDGER = {
    getByName: (object: string) => stub ?? env.LEDGER.getByName(object),
  } as Env["LEDGER"];
  isolates.set(name, { ...env, LEDGER });
  return isolateOf(name, env);
}

/** The answer that the bare route gives. */
let bare = { bytes: new Uint8Array(new ArrayBuffer(0)), headers: {} };

const app = new Hono<{ Bindings: BenchEnv }>().basePath("/bench");
app.get("/hono", (c) => c.body(bare.bytes, 200, bare.headers));
app.put("/answer", async (c) => {
  const { body, headers } = await c.req.json<{
    body: string;
    headers: Record<string, string>;
  }>();
  bare = { bytes: new TextEncoder().encode(body), headers };
  return c.text("kept");
});
app.post("/ledger", async (c) => {
  const { facet, method, given } = await c.req.json<{
    facet: string;
    method: string;
    given: unknown[];
  }>();
  const facets = ledgerOf(c.env) as unknown as Record<
    string,
    Record<string, (...given: unknown[]) => Promise<unknown>>
  >;
  return c.json(await facets[facet]![method]!(...given));
});
app.post("/fill", async (c) => {
  // The first object of each kind costs a process 12 ms, whichever isolate
  // makes it; a process of Cloudflare's runs many.
  new Intl.DisplayNames("en", { type: "region" });
  new Intl.NumberFormat("en");
  await ledgerOf(c.env).fillFrom(await c.req.json());
  return c.text("filled");
});
app.get("/questions", async (c) => c.json(await ledgerOf(c.env).asked()));
app.get("/page", async (c) =>
  c.json((await ledgerOf(c.env).cases.casesBetween(0, 1_000_000)).to),
);
app.get("/isolate", (c) => {
  const { name = "", path = "" } = c.req.query();
  const { origin } = new URL(c.req.url);
  return answerRequest(
    new Request(origin + path),
    isolateOf(name, c.env),
    c.executionCtx as ExecutionContext,
  );
});
app.post("/share-moment", async (c) => {
  const { cases, liveAt, urgentAt } = await c.req.json<{
    cases: number;
    liveAt: number;
    urgentAt: number;
  }>();
  await ledgerOf(c.env).shareMoment(cases, liveAt, urgentAt);
  return c.text("published");
});
app.get("/late", async (c) => {
  await ledgerOf(c.env).lateMoment(Number(c.req.query("cases")));
  return c.text("published");
});
app.get("/settle", async (c) => c.json(await ledgerOf(c.env).settleNow()));
app.get("/waiting", async (c) => c.json(await ledgerOf(c.env).waiting()));

export default {
  fetch: (request, env, context) =>
    (request.url.includes("/bench/") ? app.fetch : answerRequest)(
      request,
      env,
      context,
    ),
} satisfies ExportedHandler<Env>;
