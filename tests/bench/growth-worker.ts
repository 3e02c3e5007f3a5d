/** The Worker with a Ledger that fills itself. */
import { answer } from "../../worker/app.ts";
import type { Env } from "../../worker/bindings.ts";
import type { Filling } from "./filling-ledger.ts";

export { Channel } from "../../worker/channel/channel.ts";
export { Dispatcher } from "../../worker/dispatcher/dispatcher.ts";
export { Ledger } from "./filling-ledger.ts";

export default {
  async fetch(request, env, context) {
    if (new URL(request.url).pathname !== "/fill") return answer(request, env, context);
    const ledger = env.LEDGER.getByName("ledger") as unknown as { fillFrom(filling: Filling): Promise<void> };
    await ledger.fillFrom(await request.json());
    return new Response("filled");
  },
} satisfies ExportedHandler<Env>;
