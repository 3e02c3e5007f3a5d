/** Starts one Worker for each shard of Channels: each process runs the Channels of its shard, and the first one runs the Ledger. */
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildScripts, bundleWorker } from "../../worker/tools/local/runtime.ts";
import { startWorkerProcess, type TestWorkerProcess } from "../harness.ts";

/** A socket's shard depends on its address, so it must be opened at the Worker of its shard. */
export async function startShards(shards: number): Promise<TestWorkerProcess[]> {
  if (shards === 1) return [await startWorkerProcess({ leaseSeconds: 5, bot: false })];
  const folder = await mkdtemp(join(tmpdir(), "casewire-shards-"));
  await buildScripts();
  const bundle = await bundleWorker("tests/bench/sharded-worker.ts", join(folder, "bundle"));
  const nameOf = (shard: number) => `shard-${shard}`;
  const numbers = [...Array(shards).keys()];
  const workers: TestWorkerProcess[] = [];
  for (const shard of numbers) {
    const object = (className: string, owner: number) => ({
      className,
      useSQLite: true as const,
      ...(owner === shard ? {} : { scriptName: nameOf(owner) }),
    });
    const bindings = {
      LEDGER: object("Ledger", 0),
      DISPATCHER: object("Dispatcher", 0),
      WEBHOOKS: object("Webhooks", 0),
      ...Object.fromEntries(numbers.map((number) => [`CHANNEL_${number}`, object("Channel", number)])),
    };
    // All have the settings and secrets of the first.
    const env = workers[0]?.env ?? { CHANNEL_SHARDS: String(shards) };
    workers.push(
      await startWorkerProcess({
        leaseSeconds: 5,
        bot: false,
        bundle,
        env,
        shared: { registry: join(folder, "registry"), name: nameOf(shard), bindings },
      }),
    );
  }
  return workers;
}
