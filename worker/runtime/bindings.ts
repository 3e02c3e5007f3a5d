/** The objects and the second Worker that a deployment calls. */

import { Refusal } from "../../shared/failure.ts";
import { log } from "./log.ts";
import { botSettings, pushSettings } from "./settings.ts";

/**
 * An object or a facet of it as others see it: each method answers later, with
 * a copy of its result. Cloudflare's own type for this knows neither `unknown`
 * nor tuples.
 */
export type Remote<T> = {
  readonly [Name in Exclude<
    keyof T & string,
    keyof DurableObject
  >]: T[Name] extends (...given: infer Given) => infer Result
    ? (...given: Given) => Promise<Awaited<Result>>
    : Remote<T[Name]>;
};

/** The object of that name, in the deployment's jurisdiction. */
function objectIn<T extends Rpc.DurableObjectBranded>(
  objects: DurableObjectNamespace<T>,
  { JURISDICTION, LOCATION }: Env,
  name: string,
  hasHint = true,
): Remote<T> & DurableObjectStub {
  const within = JURISDICTION
    ? objects.jurisdiction(JURISDICTION as DurableObjectJurisdiction)
    : objects;
  const hint =
    hasHint && LOCATION
      ? { locationHint: LOCATION as DurableObjectLocationHint }
      : undefined;
  return within.getByName(name, hint) as unknown as Remote<T> &
    DurableObjectStub;
}

/**
 * The single Ledger of a deployment: writes are rare, and each needs one
 * transaction over all cases.
 */
export const ledgerFor = (env: Env) => objectIn(env.LEDGER, env, "ledger");

/** A Channel of a case. It is born near its first reader. */
export const channelFor = (env: Env, id: string, shard = 0) =>
  objectIn(env.CHANNEL, env, `${id}/${shard}`, false);

/** The case and the shard of a Channel, from its name. */
export function channelNamed(name = ""): { id: string; shard: number } {
  const [id = "", shard] = name.split("/");
  return { id, shard: Number(shard) };
}

/**
 * The single Dispatcher, because Telegram's limits are per bot token; null in a
 * deployment that nobody can follow.
 */
export const dispatcherFor = (env: Env) =>
  botSettings(env) === null && pushSettings(env) === null
    ? null
    : objectIn(env.DISPATCHER, env, "dispatcher");

export const webhooksFor = (env: Env) =>
  objectIn(env.WEBHOOKS, env, "webhooks");

/**
 * `dispatcherFor` for requests that only a deployment with followers can
 * answer.
 * @throws Refusal `no-bot`
 */
export function requireDispatcher(env: Env) {
  const dispatcher = dispatcherFor(env);
  if (dispatcher === null) throw new Refusal({ tag: "no-bot" });
  return dispatcher;
}

/**
 * The start of an error's message if the platform made it, not a method of the
 * workshop.
 */
const notThrownByMethod =
  /^(The RPC receiver does not implement the method|internal error; reference = )/;

/**
 * Calls the second Worker, which may be missing or fail without harm to the
 * rest.
 * @throws Refusal `workshop-unavailable` when it is missing or of another
 * version; `unexpected` when its code has thrown
 */
export async function askWorkshop<T>(
  { WORKSHOP }: Env,
  ask: (workshop: Env["WORKSHOP"]) => Promise<T>,
): Promise<T> {
  try {
    return await ask(WORKSHOP);
  } catch (error) {
    log.error("Workshop: a call failed", error);
    // The runtime marks what came from the other side.
    const hasThrown =
      error instanceof Error &&
      "remote" in error &&
      !notThrownByMethod.test(error.message);
    throw new Refusal({
      tag: hasThrown ? "unexpected" : "workshop-unavailable",
    });
  }
}
