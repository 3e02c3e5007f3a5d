import { addresses } from "../../shared/addresses.ts";
import type { Moment, Surface } from "../contract/status.ts";
import type { DueAnnouncement } from "./announcements.ts";

const KEY = "last moments";
const MAX_MOMENTS = 20;
/** A surface that doesn't show the revision by then has no figure. */
const PROBE_TRIES = 50;
const PROBE_INTERVAL_MS = 100;

type Probe = (request: Request) => Promise<Response>;

/** The surfaces that are read over HTTP. Each has an ETag that begins with the revision's number. */
const probed = {
  record: (id: string) => addresses.case(id),
  view: (id: string) => addresses.view(id, "en"),
  page: (id: string) => addresses.page(id),
  frame: (id: string) => addresses.embed(id),
  badge: (id: string) => addresses.badge(id),
};

const shows = ({ status, headers }: Response, number: number): boolean =>
  status === 410 || Number(/^(?:W\/)?"(\d+)\./.exec(headers.get("ETag") ?? "")?.[1] ?? 0) >= number;

/** How long after its moment each surface showed a revision. In the key-value storage, like the state of backups. */
export class Observations {
  readonly #kv: SyncKvStorage;
  readonly #machine: () => number;

  /** @param machine the machine's clock, in milliseconds since the epoch */
  constructor(storage: DurableObjectStorage, machine: () => number) {
    this.#kv = storage.kv;
    this.#machine = machine;
  }

  /** Newest first. */
  get moments(): Moment[] {
    return this.#kv.get<Moment[]>(KEY) ?? [];
  }

  record({ id, number, liveAt }: DueAnnouncement, surface: Surface, sockets?: number): void {
    const moments = this.moments;
    const known = moments.find((one) => one.case === id && one.revision === number);
    const moment: Moment = known ?? { case: id, revision: number, liveAt, surfaces: {} };
    if (!known) moments.push(moment);
    moment.surfaces[surface] ??= Math.max(0, this.#machine() - Date.parse(liveAt));
    if (sockets !== undefined) moment.sockets = sockets;
    moments.sort((a, b) => Date.parse(b.liveAt) - Date.parse(a.liveAt));
    this.#kv.put(KEY, moments.slice(0, MAX_MOMENTS));
  }

  /** Reads each surface as a reader would, through the deployment's own code but not its edge cache. Never throws. */
  async probe(announcement: DueAnnouncement, origin: string, ask: Probe): Promise<void> {
    const { id, number } = announcement;
    await Promise.all(
      Object.entries(probed).map(async ([surface, address]) => {
        for (let tries = 1; tries <= PROBE_TRIES; tries++) {
          const answer = await ask(new Request(origin + address(id))).catch(() => null);
          await answer?.body?.cancel().catch(() => {});
          if (answer && shows(answer, number)) return this.record(announcement, surface as Surface);
          await scheduler.wait(PROBE_INTERVAL_MS);
        }
      }),
    );
  }
}
