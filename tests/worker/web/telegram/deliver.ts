import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { app } from "../../../../worker/web/app.ts";

/** Delivers an update to the webhook, and waits until it is handled. @param bindings in place of those of the deployment */
export async function deliver(update: object, bindings: object = {}): Promise<Response> {
  const context = createExecutionContext();
  const headers = { "Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": env.WEBHOOK_SECRET };
  const init = { method: "POST", headers, body: JSON.stringify(update) };
  const answer = await app.request("/telegram", init, { ...env, ...bindings }, context);
  await waitOnExecutionContext(context);
  return answer;
}
