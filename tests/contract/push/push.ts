/**
 * npm run test:push [-- --devices 10000] [--kills 20] [--rate 200]
 *
 * Sends one update to many devices, first in peace, and prints how long it
 * takes and what it costs beside the bare library. Then it kills the runtime
 * with `kill -9` at random points, while the push service answers 429 and 503
 * and loses answers. Exits with 1 when a device is lost, or more messages are
 * repeated than were under way.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildPushPayload } from "@block65/webcrypto-web-push";
import { cpuUsFor } from "../../bench/figures.ts";
import { commandOptions } from "../../support/command-options.ts";
import setup from "../../support/contract-setup.ts";
import { inventedCase } from "../../support/invented.ts";
import { PushNewsroom, type PushRun, runPush } from "./push-newsroom.ts";

const { devices, kills, rate } = commandOptions({
  devices: 10_000,
  kills: 20,
  rate: 200,
});
const say = (line: string) => process.stderr.write(`${line}\n`);
const BARE_MESSAGES = 1_000;

/**
 * @returns CPU of the bare library in this process, in milliseconds a message
 */
async function bareCpuMs(): Promise<number> {
  const { endpoint, p256dh, auth, text, key } = bare;
  const [publicKey, privateKey] = key.split(".");
  const subscription = {
    endpoint: endpoint.replace("http:", "https:"),
    expirationTime: null,
    keys: { p256dh, auth },
  };
  const before = process.cpuUsage();
  for (let index = 0; index < BARE_MESSAGES; index++)
    await buildPushPayload({ data: text, options: { ttl: 60 } }, subscription, {
      ...{ subject: "mailto:desk@newsroom.test", publicKey, privateKey },
    });
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / BARE_MESSAGES;
}
const bare = { endpoint: "", p256dh: "", auth: "", text: "", key: "" };

async function phase(hasFaults: boolean, run: PushRun) {
  const folder = await mkdtemp(join(tmpdir(), "casewire-push-"));
  const newsroom = await PushNewsroom.open(folder, rate, hasFaults);
  try {
    const fields = inventedCase(1);
    await newsroom.worker.untilLive(await newsroom.worker.publish(fields));
    say(`${devices} devices follow`);
    await newsroom.seed(devices, fields);
    let judged: Awaited<ReturnType<typeof runPush>> | undefined;
    const changed = { ...fields, asOf: { date: "2000-02-03" } };
    const work = async () => {
      judged = await runPush(newsroom, changed, run);
    };
    // Killed processes can't be asked.
    if (run.kills > 0) await work();
    const spentUs =
      run.kills > 0 ? Number.NaN : await cpuUsFor(newsroom.worker.pid, work);
    const { endpoint, p256dh, auth } = newsroom.service.subscribe();
    Object.assign(bare, {
      endpoint,
      p256dh,
      auth,
      text: newsroom.service.received[0]!.text,
      key: newsroom.worker.env.PUSH_KEY,
    });
    return { ...judged!, cpuMs: spentUs / 1_000 / devices };
  } finally {
    await newsroom.close();
    await rm(folder, { recursive: true, force: true });
  }
}

await setup();
const calm = await phase(false, { devices, kills: 0, rate, say });
console.log(`${devices} devices at ${rate} a second: the last after ${(calm.last / 1_000).toFixed(1)} s; lost: ${calm.lost.length}
CPU a message: ${calm.cpuMs.toFixed(2)} ms; the bare library in Node: ${(await bareCpuMs()).toFixed(2)} ms`);
const { lost, duplicates, allowed, last } = await phase(true, {
  devices,
  kills,
  rate,
  say,
});
console.log(
  `${kills} kills: lost: ${lost.length}; repeated: ${duplicates} of ${allowed} allowed; the last after ${(last / 1_000).toFixed(1)} s`,
);
process.exit(
  calm.lost.length + lost.length > 0 || duplicates > allowed ? 1 : 0,
);
