/** The Worker with a Ledger that fills itself and counts the questions of its readers. */
import { answer } from "../../worker/app.ts";
import type { Env } from "../../worker/bindings.ts";
import type { Filling } from "./filling-ledger.ts";

export { Channel } from "../../worker/channel/channel.ts";
export { Dispatcher } from "../../worker/dispatcher/dispatcher.ts";
export { Webhooks } from "../../worker/webhooks/webhooks.ts";
export { Ledger } from "./filling-ledger.ts";

interface OwnLedger {
  fillFrom(filling: Filling): Promise<void>;
  questions(): Promise<number>;
}

export default {
  async fetch(request, env, context) {
    const { pathname } = new URL(request.url);
    const ledger = env.LEDGER.getByName("ledger") as unknown as OwnLedger;
    if (pathname === "/questions") return Response.json(await ledger.questions());
    if (pathname !== "/fill") return answer(request, env, context);
    await ledger.fillFrom(await request.json());
    return new Response("filled");
  },
} satisfies ExportedHandler<Env>;
