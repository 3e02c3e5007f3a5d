import { addresses } from "../../../shared/addresses.ts";
import type { ObservedMoment, Surface } from "../../editing/contract/status.ts";
import type { DueAnnouncement } from "./announcements.ts";
import { LedgerPart } from "./ledger-part.ts";

const KEY = "last moments";
const MAX_MOMENTS = 20;
const STORE_DELAY_MS = 200;
/** A surface that doesn't show the revision by then has no figure. */
const PROBE_TRIES = 50;
const PROBE_INTERVAL_MS = 100;
/**
 * When many cases go live together, so many of them are observed over HTTP, and
 * the others have no such figures.
 */
const MAX_PROBES = 2;
/** Probes that began longer ago don't count. */
const PROBE_WINDOW_MS = 5_000;

type Probe = (request: Request) => Promise<Response>;

/**
 * The surfaces that are read over HTTP. Each has an ETag that begins with the
 * revision's number.
 */
const probed = {
  record: (id: string) => addresses.case(id),
  view: (id: string) => addresses.view(id, "en"),
  page: (id: string) => addresses.page(id),
  frame: (id: string) => addresses.embed(id),
  badge: (id: string) => addresses.badge(id),
};

const shows = ({ status, headers }: Response, number: number): boolean =>
  status === 410 ||
  Number(/^(?:W\/)?"(\d+)\./.exec(headers.get("ETag") ?? "")?.[1] ?? 0) >=
    number;

/**
 * How long after its moment each surface showed a revision. In the key-value
 * storage, like the state of backups.
 */
export class Observations extends LedgerPart {
  readonly #kv = this.storage.kv;
  /** When the last ones began. */
  #probes: number[] = [];
  /**
   * Figures that aren't stored yet. The Ledger's messages wait for each commit
   * before them, so figures are stored together.
   */
  #unstored: {
    announcement: DueAnnouncement;
    surface: Surface;
    delay: number;
    sockets: number | undefined;
  }[] = [];

  /** Newest first. */
  get moments(): ObservedMoment[] {
    this.#store();
    return this.#kv.get<ObservedMoment[]>(KEY) ?? [];
  }

  record(
    announcement: DueAnnouncement,
    surface: Surface,
    sockets?: number,
  ): void {
    // The page of the status would point at what had to vanish.
    if (announcement.kind === "redaction") return;
    const delay = Math.max(
      0,
      this.journal.clock.machine() - Date.parse(announcement.liveAt),
    );
    this.#unstored.push({ announcement, surface, delay, sockets });
    if (this.#unstored.length === 1)
      void scheduler.wait(STORE_DELAY_MS).then(() => this.#store());
  }

  #store(): void {
    if (this.#unstored.length === 0) return;
    const moments = this.#kv.get<ObservedMoment[]>(KEY) ?? [];
    for (const { announcement, surface, delay, sockets } of this.#unstored) {
      const { id, number, liveAt } = announcement;
      const known = moments.find(
        (one) => one.case === id && one.revision === number,
      );
      const moment: ObservedMoment = known ?? {
        case: id,
        revision: number,
        liveAt,
        surfaces: {},
      };
      if (!known) moments.push(moment);
      moment.surfaces[surface] ??= delay;
      if (sockets !== undefined) moment.sockets = sockets;
    }
    this.#unstored = [];
    moments.sort((a, b) => Date.parse(b.liveAt) - Date.parse(a.liveAt));
    this.#kv.put(KEY, moments.slice(0, MAX_MOMENTS));
  }

  /**
   * Reads each surface as a reader would, through the deployment's own code but
   * not its edge cache. Never throws.
   */
  async probe(
    announcement: DueAnnouncement,
    origin: string,
    ask: Probe,
  ): Promise<void> {
    const now = this.journal.clock.machine();
    this.#probes = this.#probes.filter(
      (begun) => begun <= now && begun > now - PROBE_WINDOW_MS,
    );
    if (this.#probes.length === MAX_PROBES) return;
    this.#probes.push(now);
    const { id, number } = announcement;
    await Promise.all(
      Object.entries(probed).map(async ([surface, address]) => {
        for (let tries = 1; tries <= PROBE_TRIES; tries++) {
          const answer = await ask(new Request(origin + address(id))).catch(
            () => null,
          );
          await answer?.body?.cancel().catch(() => {});
          if (answer && shows(answer, number))
            return this.record(announcement, surface as Surface);
          await scheduler.wait(PROBE_INTERVAL_MS);
        }
      }),
    );
  }
}
