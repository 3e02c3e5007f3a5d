/** Who is signed in. The token lives in this page's memory and nowhere else: a reload, sign-out and the idle lock all forget it. */

import { createContext } from "preact";
import { useContext, useEffect } from "preact/hooks";
import type { Me } from "../editorial/desk.ts";
import { type Api, type ApiError, apiWith } from "./api.ts";

/** An unattended desk locks after this long, in milliseconds. */
export const IDLE = 15 * 60_000;

export interface Session {
  api: Api;
  me: Me;
}

export const SessionContext = createContext<Session | null>(null);

/** Who is signed in; only screens behind the sign-in ask. */
export const useSession = (): Session => useContext(SessionContext) as Session;

/** @throws ApiError when the token is not known, or nobody answers */
export async function signIn(token: string): Promise<Session> {
  const api = apiWith(token);
  return { api, me: await api.me() };
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
