/**
 * The Worker beside the simplest ways to send the same bytes, in one isolate, with a Ledger that fills itself and counts the questions of its
 * readers. Addresses under `/bench/` are its own: `isolate?name=&path=` answers as an isolate that has only its own copies, and `page` asks
 * for a page of all cases. With LEDGER_AT, these isolates ask the Ledger of the process with that address, which answers at `ledger`.
 */
import { waitUntil } from "cloudflare:workers";
import { Hono } from "hono";
import { SharedQuestion } from "../../worker/reads/shared-question.ts";
import { answerRequest } from "../../worker/web/app.ts";
import type { Ledger } from "./filling-ledger.ts";

export { Channel } from "../../worker/objects/channel/channel.ts";
export { Dispatcher } from "../../worker/objects/dispatcher/dispatcher.ts";
export { Webhooks } from "../../worker/objects/webhooks/webhooks.ts";
export { Ledger } from "./filling-ledger.ts";

type Own = "fillFrom" | "asked" | "shareMoment" | "waiting" | "lateMoment" | "settleNow" | "keepBody" | "readBody";
type OwnLedger = { [M in Own]: (...given: Parameters<Ledger[M]>) => Promise<ReturnType<Ledger[M]>> } & {
  cases: { casesBetween(after: number, upTo: number): Promise<{ to: number }> };
};

const ledgerOf = (env: Env) => env.LEDGER.getByName("ledger") as unknown as OwnLedger;

type BenchEnv = Env & { LEDGER_AT?: string };

/** A Ledger in another process: what readers ask of its facets goes there over HTTP. */
const ledgerAt = (origin: string): unknown => {
  const ask = async (facet: string, method: string, given: unknown[]) => {
    const body = JSON.stringify({ facet, method, given });
    return (await fetch(`${origin}/bench/ledger`, { method: "POST", body })).json();
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

/** Copies belong to a namespace of Ledgers, so another object for it is another isolate's. */
const isolates = new Map<string, Env>();
function isolateOf(name: string, env: BenchEnv): Env {
  const known = isolates.get(name);
  if (known) return known;
  const { LEDGER_AT } = env;
  const stub = LEDGER_AT === undefined ? null : ledgerAt(LEDGER_AT);
  const LEDGER = { getByName: (object: string) => stub ?? env.LEDGER.getByName(object) } as Env["LEDGER"];
  isolates.set(name, { ...env, LEDGER });
  return isolateOf(name, env);
}

/** The answer that the baselines give. */
let bytes = new Uint8Array(new ArrayBuffer(0));
let headers: Record<string, string> = {};
let kept = new Headers();
/** A bare Worker's readers wait for a question that is sent after they came, as every reader does before a moment. */
let bareQuestion: SharedQuestion | null = null;

const app = new Hono<{ Bindings: BenchEnv }>().basePath("/bench");
app.post("/ledger", async (c) => {
  const { facet, method, given } = await c.req.json<{ facet: string; method: string; given: unknown[] }>();
  const facets = ledgerOf(c.env) as unknown as Record<
    string,
    Record<string, (...given: unknown[]) => Promise<unknown>>
  >;
  return c.json(await facets[facet]![method]!(...given));
});
app.get("/hono", (c) => c.body(bytes, 200, headers));
app.get("/object", async (c) => c.body(await ledgerOf(c.env).readBody(), 200, headers));
app.put("/answer", async (c) => {
  const sent = await c.req.json<{ body: string; headers: [string, string][] }>();
  bytes = new Uint8Array(new TextEncoder().encode(sent.body));
  headers = Object.fromEntries(sent.headers);
  kept = new Headers(headers);
  await ledgerOf(c.env).keepBody(sent.body);
  return c.text("kept");
});
app.post("/fill", async (c) => {
  // The first object of each kind costs a process 12 ms, whichever isolate makes it; a process of Cloudflare's runs many.
  new Intl.DisplayNames("en", { type: "region" });
  new Intl.NumberFormat("en");
  await ledgerOf(c.env).fillFrom(await c.req.json());
  return c.text("filled");
});
app.get("/questions", async (c) => c.json(await ledgerOf(c.env).asked()));
app.get("/page", async (c) => c.json((await ledgerOf(c.env).cases.casesBetween(0, 1_000_000)).to));
app.get("/isolate", (c) => {
  const { name = "", path = "" } = c.req.query();
  const { origin } = new URL(c.req.url);
  return answerRequest(new Request(origin + path), isolateOf(name, c.env), c.executionCtx as ExecutionContext);
});
app.post("/share-moment", async (c) => {
  const { cases, liveAt, urgentAt } = await c.req.json<{ cases: number; liveAt: number; urgentAt: number }>();
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
  async fetch(request, env, context) {
    const { url } = request;
    if (!url.includes("/bench/")) return answerRequest(request, env, context);
    if (url.endsWith("/bench/wait")) {
      bareQuestion ??= new SharedQuestion(() => ledgerOf(env).asked(), waitUntil);
      await bareQuestion.join(() => false);
    } else if (!url.endsWith("/bench/constant")) return app.fetch(request, env, context);
    return new Response(bytes, { headers: kept });
  },
} satisfies ExportedHandler<Env>;
