/** The Worker whose Channels run in one process for each shard: the binding CHANNEL_2 has those of shard 2. */

import worker, { Ledger as WholeLedger } from "../../worker/web/index.ts";

export { Channel, Dispatcher, Webhooks } from "../../worker/web/index.ts";

type ShardedEnv = Env & Record<`CHANNEL_${string}`, Env["CHANNEL"]>;

/** The environment with one namespace in place of the shards'. */
const joined = (env: ShardedEnv): Env => ({
  ...env,
  CHANNEL: {
    getByName: (name: string) => env[`CHANNEL_${name.split("/")[1]}`]!.getByName(name),
  } as Env["CHANNEL"],
});

export class Ledger extends WholeLedger {
  constructor(state: DurableObjectState, env: Env) {
    super(state, joined(env as ShardedEnv));
  }
}

export default {
  fetch: (request, env, context) => worker.fetch(request, joined(env), context),
} satisfies ExportedHandler<ShardedEnv>;
