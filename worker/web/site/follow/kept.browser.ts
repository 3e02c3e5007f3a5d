/**
 * What a device that follows keeps, in a cache of this site's own: each entry
 * is a file that goes when it is deleted, while a database keeps the bytes of
 * deleted rows for a while. The page and the service worker share it.
 */
import type { SignedView } from "../../../../shared/view/signed-view.ts";
import { zoneOfDevice } from "./zone.ts";

const CACHE = "casewire-followed";
const SETTINGS = "settings";

export interface KeptFollow {
  /** As the newsroom is asked for it. */
  scope: string;
  seen: number;
  /** As this device's list shows it. */
  name: string;
  /** As the newsroom names it, for which a followed word is a number. */
  row?: string;
}

export interface DeviceSettings {
  lang: string;
  manner: "open" | "quiet" | "hidden";
  hours: "any" | "night" | "daily";
  /** What a hidden notification shows. Never leaves the device. */
  words: string;
  follows: KeptFollow[];
  /** The key of the newsroom's log, with which views are verified. */
  logKey: string | null;
  /**
   * The newsroom's key for push services, to which the subscription is bound.
   */
  pushKey: string;
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
  // Opening a cache would make one, and leave a trace of who only looks.
  const found = await caches.match(addressOf(name), { cacheName: CACHE });
  return found ? found.json() : null;
}
const write = async (name: string, value: object) =>
  (await open()).put(addressOf(name), Response.json(value));

export const keptSettings = (): Promise<DeviceSettings | null> =>
  read(SETTINGS);
export const keepSettings = (wanted: DeviceSettings): Promise<void> =>
  write(SETTINGS, wanted);
export const keptCase = (id: string): Promise<KeptCase | null> =>
  read(`case/${id}`);
export const keepCase = (id: string, kept: KeptCase): Promise<void> =>
  write(`case/${id}`, kept);
export const dropCase = async (id: string) =>
  (await open()).delete(addressOf(`case/${id}`));
export const dropAll = () => caches.delete(CACHE);

/** Deletes what is kept of cases. @param isDue which; all when absent */
export async function dropCases(
  isDue: (kept: KeptCase) => boolean = () => true,
): Promise<void> {
  if (!(await caches.has(CACHE))) return;
  const cache = await open();
  for (const { url } of await cache.keys()) {
    const id = /\/case\/([^/]+)$/.exec(url)?.[1];
    const kept = id && (await keptCase(id));
    if (kept && isDue(kept)) await cache.delete(url);
  }
}

/** Deletes what is older than seven days, or is to be shown no more. */
export const dropOld = () =>
  dropCases(
    ({ signed, at }) =>
      Date.now() > (signed ? Date.parse(signed.expires) : at + 7 * 86_400_000),
  );

const hoursOf = {
  any: () => null,
  night: () => ({ zone: zoneOfDevice(), quiet: { from: 22, to: 7 } }),
  daily: () => ({ zone: zoneOfDevice(), digest: 18 }),
};

async function ask(
  method: string,
  path: string,
  body: object,
): Promise<Response> {
  const answer = await fetch(path, {
    method,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    credentials: "omit",
  });
  if (!answer.ok)
    throw new Error(
      (await answer.json().catch(() => ({}))).detail ?? String(answer.status),
    );
  return answer;
}

function deviceOf(subscription: PushSubscription) {
  const { endpoint, keys = {} } = subscription.toJSON();
  return { endpoint, p256dh: keys.p256dh, auth: keys.auth };
}

/** Tells the newsroom all that the device wants, and keeps it. */
export async function sendWish(
  subscription: PushSubscription,
  wanted: DeviceSettings,
): Promise<void> {
  const { lang, manner, hours, pushKey: key } = wanted;
  const follows = wanted.follows.map(({ scope, seen }) => ({ scope, seen }));
  const wish = {
    ...deviceOf(subscription),
    key,
    lang,
    manner,
    hours: hoursOf[hours](),
    follows,
  };
  const rows: (string | null)[] = (
    await (await ask("PUT", "/v1/follow", wish)).json()
  ).follows;
  const stored = wanted.follows.flatMap((one, at) =>
    rows[at] ? [{ ...one, row: rows[at] }] : [],
  );
  await keepSettings({ ...wanted, follows: stored });
}

/** @returns false when the newsroom can't be told now */
export const sendForget = (subscription: PushSubscription): Promise<boolean> =>
  ask("POST", "/v1/forget", deviceOf(subscription)).then(
    () => true,
    () => false,
  );
