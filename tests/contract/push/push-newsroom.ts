/**
 * A Worker that is killed repeatedly, and devices that follow a case through a
 * push service with faults.
 */
import { randomBytes } from "node:crypto";
import { paths } from "../../../shared/addresses.ts";
import type { Case } from "../../../shared/case/schema.ts";
import type { DeviceWish } from "../../../worker/editing/contract/devices.ts";
import { newPushKey } from "../../../worker/tools/local/push-key.ts";
import {
  type PushService,
  type PushTrouble,
  startPushService,
} from "../../../worker/tools/local/push-service.ts";
import {
  startWorkerProcess,
  type TestWorkerProcess,
} from "../../support/harness.ts";
import { freePort } from "../../support/stand-in-process.ts";
import { eventually } from "../../support/waiting.ts";
import {
  KilledNewsroom,
  killPoints,
  seedAll,
} from "../chaos/killed-newsroom.ts";

export const pushSettings = () => ({
  PUSH_KEY: newPushKey(),
  FOLLOWER_KEY: randomBytes(32).toString("base64"),
});

/** As of one device that follows a case. */
export const wishFor = (scope: string, more: Partial<DeviceWish> = {}) => ({
  ...{
    lang: "en",
    manner: "open",
    hours: null,
    follows: [{ scope, seen: 1 }],
    ...more,
  },
});

/** In the order of devices: one in ten of each kind of trouble, once each. */
const troubles: (PushTrouble | null)[] = [
  { status: 429, retryAfterS: 1 },
  { status: 503 },
  "lost",
  { status: 410 },
];

export interface PushRun {
  devices: number;
  kills: number;
  /** Messages a second. */
  rate: number;
  say?: (line: string) => void;
}

export class PushNewsroom extends KilledNewsroom {
  readonly service: PushService;
  readonly endpoints: string[] = [];

  private constructor(
    worker: TestWorkerProcess,
    service: PushService,
    folder: string,
  ) {
    super(worker, folder);
    this.service = service;
  }

  static async open(
    folder: string,
    rate: number,
    hasFaults: boolean,
  ): Promise<PushNewsroom> {
    const troubled = new Set<number>();
    const service = await startPushService({
      delayMs: 20,
      trouble(device) {
        const trouble = hasFaults ? (troubles[device % 10] ?? null) : null;
        const isGone = typeof trouble === "object" && trouble?.status === 410;
        if (trouble === null || (troubled.has(device) && !isGone)) return null;
        troubled.add(device);
        return trouble;
      },
    });
    const port = await freePort();
    const env = {
      ...pushSettings(),
      PUSH_RATE: String(rate),
      PUBLIC_URL: `http://127.0.0.1:${port}`,
    };
    const worker = await startWorkerProcess({
      leaseSeconds: 1,
      persistTo: folder,
      bot: false,
      port,
      env,
    });
    return new PushNewsroom(worker, service, folder);
  }

  /** @param network of the request, so that no limit for one network is met */
  async follow(
    wish: object,
    network = randomBytes(3).join("."),
  ): Promise<Response> {
    return fetch(this.worker.url + paths.follow, {
      method: "PUT",
      headers: {
        "Content-Type": "application/json",
        "CF-Connecting-IP": `10.${network}`,
      },
      body: JSON.stringify({
        key: this.worker.env.PUSH_KEY!.split(".")[0],
        ...wish,
      }),
    });
  }

  async seed(count: number, fields: Case): Promise<void> {
    await seedAll(count, async () => {
      const address = this.service.subscribe();
      this.endpoints.push(address.endpoint);
      const answer = await this.follow({ ...address, ...wishFor(fields.id) });
      if (answer.status !== 200)
        throw new Error(
          `a device was answered ${answer.status}: ${await answer.text()}`,
        );
    });
  }

  async close(): Promise<void> {
    await this.worker.close();
    await this.service.close();
  }
}

/**
 * Publishes to devices, and kills the runtime at random points until the last
 * message.
 * @returns what the push service counted
 */
export async function runPush(
  newsroom: PushNewsroom,
  fields: Case,
  { devices, kills, say = () => {} }: PushRun,
) {
  const { service } = newsroom;
  const published = await newsroom.worker.publish(fields, { notify: "loud" });
  await newsroom.worker.untilLive(published);
  const liveAt = Date.parse(published.liveAt);
  // One in ten devices is gone.
  const reachable = devices - Math.floor((devices + 6) / 10);
  for (const [index, point] of killPoints(kills, reachable).entries()) {
    const least = Math.max(point, service.received.length + 1);
    await eventually(
      () => service.received.length >= least,
      () => `${service.received.length} of ${least} messages came`,
    );
    say(
      `kill ${index + 1} of ${kills} after ${service.received.length} messages`,
    );
    await newsroom.crash();
  }
  await eventually(
    async () => service.received.length > 0,
    async () => "nothing was sent",
    60_000,
  );
  await newsroom.untilDelivered(300_000);
  const heard = new Map<number, number>();
  for (const { device } of service.received)
    heard.set(device, (heard.get(device) ?? 0) + 1);
  const lost = Array.from({ length: devices }, (_, device) => device).filter(
    (device) => device % 10 !== 3 && !heard.has(device),
  );
  let duplicates = 0;
  // Whose answer was lost hears twice.
  for (const [device, count] of heard)
    duplicates += Math.max(0, count - (device % 10 === 2 ? 2 : 1));
  const last = Math.max(...service.received.map(({ at }) => at)) - liveAt;
  return { lost, duplicates, last, allowed: LANES * kills };
}

/** Messages under way at once. */
export const LANES = 160;
