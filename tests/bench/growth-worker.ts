/**
 * The Worker with a Ledger that fills itself and counts the questions of its readers. `/isolate?name=&path=` answers as an isolate that has only
 * its own copies. `/page` asks for a page of all cases. `/bare` and `/bare/wait` are baselines.
 */
import { waitUntil } from "cloudflare:workers";
import { SharedQuestion } from "../../worker/reads/shared-question.ts";
import type { CasePage } from "../../worker/reads/state.ts";
import { answerRequest } from "../../worker/web/app.ts";
import type { Filling } from "./filling-ledger.ts";

export { Channel } from "../../worker/objects/channel/channel.ts";
export { Dispatcher } from "../../worker/objects/dispatcher/dispatcher.ts";
export { Webhooks } from "../../worker/objects/webhooks/webhooks.ts";
export { Ledger } from "./filling-ledger.ts";

interface OwnLedger {
  fillFrom(filling: Filling): Promise<void>;
  asked(): Promise<number>;
  casesBetween(after: number, upTo: number): Promise<CasePage>;
  shareMoment(cases: number, liveAt: number, urgentAt: number): Promise<void>;
  waiting(): Promise<number>;
  lateMoment(cases: number): Promise<void>;
  settleNow(): Promise<number>;
}

const ledgerOf = (env: Env) => env.LEDGER.getByName("ledger") as unknown as OwnLedger;

/** Copies belong to a namespace of Ledgers, so another object for it is another isolate's. */
const isolates = new Map<string, Env>();
function isolateOf(name: string, env: Env): Env {
  const known = isolates.get(name);
  if (known) return known;
  const LEDGER = { getByName: (object: string) => env.LEDGER.getByName(object) } as Env["LEDGER"];
  isolates.set(name, { ...env, LEDGER });
  return isolateOf(name, env);
}

const BARE_BODY = new TextEncoder().encode("a".repeat(10_000));
/** A bare Worker's readers wait for a question that is sent after they came, as every reader does before a moment. */
let bareQuestion: SharedQuestion | null = null;

export default {
  async fetch(request, env, context) {
    const { pathname } = new URL(request.url);
    if (pathname === "/questions") return Response.json(await ledgerOf(env).asked());
    if (pathname === "/bare/wait") {
      bareQuestion ??= new SharedQuestion(() => ledgerOf(env).asked(), waitUntil);
      await bareQuestion.join(() => false);
    }
    if (pathname.startsWith("/bare"))
      return new Response(BARE_BODY, { headers: { "Content-Type": "application/json" } });
    if (pathname === "/isolate") {
      const { searchParams, origin } = new URL(request.url);
      const [name = "", path = ""] = [searchParams.get("name"), searchParams.get("path")].map(String);
      return answerRequest(new Request(origin + path), isolateOf(name, env), context);
    }
    if (pathname === "/page") return Response.json((await ledgerOf(env).casesBetween(0, 1_000_000)).to);
    if (pathname === "/share-moment") {
      const { cases, liveAt, urgentAt } = await request.json<{ cases: number; liveAt: number; urgentAt: number }>();
      await ledgerOf(env).shareMoment(cases, liveAt, urgentAt);
      return new Response("published");
    }
    if (pathname === "/late")
      return Response.json(
        (await ledgerOf(env).lateMoment(Number(new URL(request.url).searchParams.get("cases")))) ?? null,
      );
    if (pathname === "/settle") return Response.json(await ledgerOf(env).settleNow());
    if (pathname === "/waiting") return Response.json(await ledgerOf(env).waiting());
    if (pathname !== "/fill") return answerRequest(request, env, context);
    // The first object of each kind costs a process 12 ms, whichever isolate makes it; a process of Cloudflare's runs many.
    new Intl.DisplayNames("en", { type: "region" });
    new Intl.NumberFormat("en");
    await ledgerOf(env).fillFrom(await request.json());
    return new Response("filled");
  },
} satisfies ExportedHandler<Env>;
