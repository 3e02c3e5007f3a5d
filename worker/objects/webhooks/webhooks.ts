import { DurableObject } from "cloudflare:workers";
import { ledgerFor } from "../../runtime/bindings.ts";
import { log } from "../../runtime/log.ts";
import { profileOf } from "../../runtime/profiles/profiles.ts";
import { PendingAlarm } from "../storage/pending-alarm.ts";
import { type HookPorts, Hooks } from "./hooks.ts";

const POST_TIMEOUT_MS = 10_000;
/**
 * The time until a failed run, for example without the Ledger, is tried again.
 */
const RERUN_DELAY_MS = 5_000;

async function post(
  url: string,
  body: string,
  headers: Record<string, string>,
): Promise<number> {
  const signal = AbortSignal.timeout(POST_TIMEOUT_MS);
  const answer = await fetch(url, {
    method: "POST",
    body,
    headers,
    redirect: "manual",
    signal,
  });
  await answer.body?.cancel();
  return answer.status;
}

declare global {
  interface WebhooksPort extends Webhooks {}
}

/**
 * Sends the log of changes to registered webhooks. The Ledger nudges it at each
 * moment; the cron trigger does so every minute.
 */
export class Webhooks extends DurableObject<Env> {
  readonly #hooks: Hooks;
  readonly #alarm: PendingAlarm;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const ports: HookPorts = {
      now: Date.now,
      read: async (...question) =>
        (await ledgerFor(env).feed.page(...question)).value,
      readProposals: (...question) =>
        ledgerFor(env).audit.proposalEvents(...question),
      fallen: (registrants) => ledgerFor(env).access.fallen(registrants),
      resolve: async (host) => (await import("./address.ts")).resolveHost(host),
      post,
      arm: () => this.#arm(0),
    };
    this.#alarm = new PendingAlarm(ctx.storage, () => this.#arm(0));
    this.#hooks = new Hooks(ctx.storage, ports, {
      publicUrl: env.PUBLIC_URL,
      profile: profileOf(env),
    });
    this.#arm(0);
  }

  #arm(notBefore: number): void {
    const due = this.#hooks.nextDue();
    if (due !== null) this.#alarm.set(Math.max(due, notBefore, Date.now()));
  }

  get hooks() {
    return this.#hooks;
  }

  override async alarm(): Promise<void> {
    this.#alarm.came();
    // Not awaited, because a slow receiver must not keep the next alarm from
    // running. After a crash the cron trigger starts it again.
    void this.#hooks
      .run()
      .then(() => this.#arm(0))
      .catch((error) => {
        log.error("Webhooks: a run failed", error);
        this.#arm(Date.now() + RERUN_DELAY_MS);
      });
    this.#arm(Date.now() + 1);
  }
}
