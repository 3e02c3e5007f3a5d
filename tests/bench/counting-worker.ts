/** The Worker with a Ledger that counts the questions of its readers. */
import { answer } from "../../worker/app.ts";
import type { Env } from "../../worker/bindings.ts";
import type { Epoch } from "../../worker/ledger/lease.ts";
import { Ledger as DeployedLedger } from "../../worker/ledger/ledger.ts";

export { Channel } from "../../worker/channel/channel.ts";
export { Dispatcher } from "../../worker/dispatcher/dispatcher.ts";

export class Ledger extends DeployedLedger {
  #questions = 0;

  override changesSince(since: Epoch | null, lists: boolean, asText?: boolean) {
    this.#questions++;
    return super.changesSince(since, lists, asText);
  }

  override readCase(id: string) {
    this.#questions++;
    return super.readCase(id);
  }

  override readRecent(id: string | null) {
    this.#questions++;
    return super.readRecent(id);
  }

  questions(): number {
    return this.#questions;
  }
}

export default {
  async fetch(request, env, context) {
    if (new URL(request.url).pathname !== "/questions") return answer(request, env, context);
    const ledger = env.LEDGER.getByName("ledger") as unknown as { questions(): Promise<number> };
    return Response.json(await ledger.questions());
  },
} satisfies ExportedHandler<Env>;
