/** Who is signed in. The token lives in this page's memory and nowhere else: a reload, sign-out and the idle lock all forget it. */

import { createContext } from "preact";
import { useContext, useEffect } from "preact/hooks";
import { type ApiError, type Client, clientOf } from "../contract/client.ts";
import type { Me } from "../editorial/desk.ts";

/** An unattended desk locks after this long, in milliseconds. */
export const IDLE = 15 * 60_000;

export interface Session {
  api: Client;
  me: Me;
}

export const SessionContext = createContext<Session | null>(null);

/** Who is signed in; only screens behind the sign-in ask. */
export const useSession = (): Session => useContext(SessionContext) as Session;

/** How long an answer may take, and how slow a line may be, in bytes a millisecond: a document has its pictures in it. */
const PATIENCE_MS = 20_000;
const SLOWEST_BYTES_PER_MS = 4;

const sizeOf = (body: unknown): number => (body instanceof Blob ? body.size : String(body ?? "").length);

/** @throws ApiError when the token is not known, or nobody answers */
export async function signIn(token: string): Promise<Session> {
  const api = clientOf({ token, timeoutMs: (body) => PATIENCE_MS + sizeOf(body) / SLOWEST_BYTES_PER_MS });
  return { api, me: await api.readMe() };
}

const unsaved = new Set<() => Promise<ApiError | null>>();

/** @param save what is unsaved, at a sign-out: answered once the server has, with why it was refused @returns what takes it off again */
export function beforeLeaving(save: () => Promise<ApiError | null>): () => void {
  unsaved.add(save);
  return () => void unsaved.delete(save);
}

/** @returns why something is not saved, once the server has answered; null when all of it is */
export async function saveAll(): Promise<ApiError | null> {
  const answers = await Promise.all([...unsaved].map((save) => save()));
  return answers.find((error) => error !== null) ?? null;
}

/** Calls `lock` when neither key nor pointer was touched for `IDLE`; a sleeping machine counts by the clock. */
export function useIdleLock(active: boolean, lock: () => void): void {
  useEffect(() => {
    if (!active) return;
    const gone = new AbortController();
    let touched = Date.now();
    const touch = () => {
      touched = Date.now();
    };
    const check = () => Date.now() - touched >= IDLE && lock();
    for (const event of ["keydown", "pointerdown", "pointermove", "wheel"])
      addEventListener(event, touch, { signal: gone.signal, passive: true, capture: true });
    document.addEventListener("visibilitychange", check, { signal: gone.signal });
    const timer = setInterval(check, 5_000);
    return () => {
      gone.abort();
      clearInterval(timer);
    };
  }, [active]);
}
