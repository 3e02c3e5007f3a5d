import {
  createExecutionContext,
  waitOnExecutionContext,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { app } from "../../../../worker/web/app.ts";

/**
 * Delivers an update to the webhook, or any other body, and waits until it is
 * handled.
 * @param bindings in place of those of the deployment
 */
export async function deliver(
  update: unknown,
  bindings: object = {},
  secret = env.WEBHOOK_SECRET,
): Promise<Response> {
  const context = createExecutionContext();
  const headers = {
    "Content-Type": "application/json",
    "X-Telegram-Bot-Api-Secret-Token": secret,
  };
  const body =
    typeof update === "string" || update instanceof ReadableStream
      ? update
      : JSON.stringify(update);
  const init = { method: "POST", headers, body };
  const answer = await app.request(
    "/telegram",
    init,
    { ...env, ...bindings },
    context,
  );
  await waitOnExecutionContext(context);
  return answer;
}
