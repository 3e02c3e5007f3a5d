/**
 * The Worker with a Ledger that fills itself and counts the questions of its readers. `/cold?path=` answers paths, one after another, without
 * the copies that the isolate has, and `/cold?words=` looks for the cases that a message mentions. `/bare` and `/bare/wait` are baselines.
 */
import { waitUntil } from "cloudflare:workers";
import { readsFor } from "../../worker/reads/reads.ts";
import { SharedQuestion } from "../../worker/reads/shared-question.ts";
import { profileOf } from "../../worker/runtime/profiles/profiles.ts";
import { answer } from "../../worker/web/app.ts";
import { lookUpsOf } from "../../worker/web/telegram/look-ups.ts";
import type { Filling } from "./filling-ledger.ts";

export { Channel } from "../../worker/objects/channel/channel.ts";
export { Dispatcher } from "../../worker/objects/dispatcher/dispatcher.ts";
export { Webhooks } from "../../worker/objects/webhooks/webhooks.ts";
export { Ledger } from "./filling-ledger.ts";

interface OwnLedger {
  fillFrom(filling: Filling): Promise<void>;
  questions(): Promise<number>;
  shareMoment(cases: number, liveAt: number, urgentAt: number): Promise<void>;
  waiting(): Promise<number>;
  lateMoment(cases: number): Promise<void>;
  settleNow(): Promise<number>;
}

const ledgerOf = (env: Env) => env.LEDGER.getByName("ledger") as unknown as OwnLedger;

/** Environments that no request uses. Settings are checked once for each, so they are used again. */
const free: Env[] = [];

/** Copies belong to a namespace of Ledgers, so another object for it begins without any. */
async function answerCold({ searchParams, origin }: URL, env: Env, context: ExecutionContext): Promise<Response> {
  const cold = free.pop() ?? { ...env };
  cold.LEDGER = { getByName: (name: string) => env.LEDGER.getByName(name) } as Env["LEDGER"];
  const answered = await answerFrom(cold, searchParams, origin, context);
  free.push(cold);
  return answered;
}

async function answerFrom(
  cold: Env,
  searchParams: URLSearchParams,
  origin: string,
  context: ExecutionContext,
): Promise<Response> {
  let last: Response | undefined;
  for (const path of searchParams.getAll("path")) last = await answer(new Request(origin + path), cold, context);
  if (last) return last;
  return Response.json(
    await lookUpsOf((read) => read(readsFor(cold)), profileOf(cold)).mentioned(searchParams.get("words") ?? ""),
  );
}

const BARE_BODY = new TextEncoder().encode("a".repeat(10_000));
/** A bare Worker's readers wait for a question that is sent after they came, as every reader does before a moment. */
let bareQuestion: SharedQuestion | null = null;

export default {
  async fetch(request, env, context) {
    const { pathname } = new URL(request.url);
    if (pathname === "/questions") return Response.json(await ledgerOf(env).questions());
    if (pathname === "/bare/wait") {
      bareQuestion ??= new SharedQuestion(() => ledgerOf(env).questions(), waitUntil);
      await bareQuestion.join(() => false);
    }
    if (pathname.startsWith("/bare"))
      return new Response(BARE_BODY, { headers: { "Content-Type": "application/json" } });
    if (pathname === "/cold") return answerCold(new URL(request.url), env, context);
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
    if (pathname !== "/fill") return answer(request, env, context);
    // The first object of each kind costs a process 12 ms, whichever isolate makes it; a process of Cloudflare's runs many.
    new Intl.DisplayNames("en", { type: "region" });
    new Intl.NumberFormat("en");
    await ledgerOf(env).fillFrom(await request.json());
    return new Response("filled");
  },
} satisfies ExportedHandler<Env>;
