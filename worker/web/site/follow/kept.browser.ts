/**
 * What a device that follows keeps, in a cache of this site's own: each entry is a file that goes when it is deleted, while a database
 * keeps the bytes of deleted rows for a while. The page and the service worker share it.
 */
import type { SignedView } from "../../../../shared/view/signed-view.ts";

const CACHE = "casewire-followed";
const SETTINGS = "settings";

export interface Settings {
  lang: string;
  manner: "open" | "quiet" | "hidden";
  hours: "any" | "night" | "daily";
  /** What a hidden notification shows. Never leaves the device. */
  words: string;
  follows: { scope: string; seen: number }[];
  /** The key of the newsroom's log, with which views are verified. */
  logKey: string | null;
}

/** The newest message about a case. */
export interface KeptCase {
  liveAt: string;
  /** When it came, in milliseconds since the epoch. */
  at: number;
  /** Absent after an erasure, and where nothing may be kept. */
  notification?: { title: string; body: string };
  signed?: SignedView;
}

const addressOf = (name: string) => `/follow/kept/${name}`;
const open = () => caches.open(CACHE);

async function read<T>(name: string): Promise<T | null> {
  const found = await (await open()).match(addressOf(name));
  return found ? found.json() : null;
}
const write = async (name: string, value: object) => (await open()).put(addressOf(name), Response.json(value));

export const keptSettings = (): Promise<Settings | null> => read(SETTINGS);
export const keepSettings = (wanted: Settings): Promise<void> => write(SETTINGS, wanted);
export const keptCase = (id: string): Promise<KeptCase | null> => read(`case/${id}`);
export const keepCase = (id: string, kept: KeptCase): Promise<void> => write(`case/${id}`, kept);
export const dropCase = async (id: string) => (await open()).delete(addressOf(`case/${id}`));
export const dropAll = () => caches.delete(CACHE);

/** Deletes what is older than seven days, or is to be shown no more. */
export async function dropOld(): Promise<void> {
  const cache = await open();
  for (const { url } of await cache.keys()) {
    const id = /\/case\/([^/]+)$/.exec(url)?.[1];
    const kept = id && (await keptCase(id));
    if (kept && Date.now() > (kept.signed ? Date.parse(kept.signed.expires) : kept.at + 7 * 86_400_000))
      await cache.delete(url);
  }
}
