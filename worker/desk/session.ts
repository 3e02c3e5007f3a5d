/**
 * The editor's session. The token is only in this page's memory, so a reload, a
 * sign-out and the idle lock all forget it.
 */

import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import {
  type ApiError,
  type Client,
  clientOf,
} from "../editing/contract/client.ts";
import type { Me } from "../editing/rules/desk.ts";
import { mayPublish } from "../editing/rules/roles.ts";

/** An unattended desk locks after this time. */
const IDLE_TIMEOUT_MS = 15 * 60_000;
const LOCK_WARNING_MS = 60_000;
const IDLE_CHECK_INTERVAL_MS = 5_000;

export interface Session {
  api: Client;
  me: Me;
  /** Replaces the token, after the editor has used a passkey again. */
  renew(token: string): void;
}

/** True if the editor's publish waits for another editor. */
export const needsApproval = (me: Me): boolean =>
  me.review === "two" || !mayPublish(me);

export const SessionContext = createContext<Session | null>(null);

/** The session. Only for components that are shown after the sign-in. */
export const useSession = (): Session => useContext(SessionContext) as Session;

/**
 * The time limit of a request, plus the time to upload its body on a slow
 * connection: a document can contain large pictures.
 */
const REQUEST_TIMEOUT_MS = 20_000;
const MIN_UPLOAD_BYTES_PER_MS = 4;

const sizeOf = (body: unknown): number =>
  body instanceof Blob ? body.size : String(body ?? "").length;

/**
 * @throws ApiError when the token isn't recognised, or the server doesn't
 * respond
 */
export async function signIn(token: string): Promise<Session> {
  let current = token;
  let signedIn = false;
  const api = clientOf({
    token: () => current,
    timeoutMs: (body) =>
      REQUEST_TIMEOUT_MS + sizeOf(body) / MIN_UPLOAD_BYTES_PER_MS,
    failure: (error) => {
      if (signedIn && error.status === 401)
        events.dispatchEvent(new Event("ended"));
      if (error.is("other-outcome")) events.dispatchEvent(new Event("changed"));
      return error;
    },
  });
  const me = await api.readMe();
  signedIn = true;
  return {
    api,
    me,
    renew: (next) => {
      current = next;
    },
  };
}

const events = new EventTarget();

/**
 * @returns a function that calls back at an event, and returns one that stops
 * it
 */
const listenTo = (event: "ended" | "changed") => (listener: () => void) => {
  events.addEventListener(event, listener);
  return () => events.removeEventListener(event, listener);
};

/** When a refusal says that what this editor may do has changed. */
export const onRoleChanged = listenTo("changed");
/**
 * When the server no longer knows the token: it was revoked, or has run out.
 */
export const onAccessEnded = listenTo("ended");

const savers = new Set<() => Promise<ApiError | null>>();

/**
 * @param save called at sign-out to save unsaved work; resolves to the error,
 * or null when all is saved
 * @returns a function that removes the callback
 */
export function beforeLeaving(
  save: () => Promise<ApiError | null>,
): () => void {
  savers.add(save);
  return () => void savers.delete(save);
}

/** @returns the first error, or null when all is saved */
export async function saveAll(): Promise<ApiError | null> {
  const answers = await Promise.all([...savers].map((save) => save()));
  return answers.find((error) => error !== null) ?? null;
}

/**
 * Calls `lock` after `IDLE_TIMEOUT_MS` without input. Compares clock times, so
 * the time during which the machine sleeps counts.
 * @returns true during the last minute before that
 */
export function useIdleLock(active: boolean, lock: () => void): boolean {
  const [isNear, setNear] = useState(false);
  useEffect(() => {
    setNear(false);
    if (!active) return;
    const gone = new AbortController();
    let lastInput = Date.now();
    const onInput = () => {
      lastInput = Date.now();
      setNear(false);
    };
    const check = () => {
      const idle = Date.now() - lastInput;
      setNear(idle >= IDLE_TIMEOUT_MS - LOCK_WARNING_MS);
      if (idle >= IDLE_TIMEOUT_MS) lock();
    };
    for (const event of ["keydown", "pointerdown", "pointermove", "wheel"])
      addEventListener(event, onInput, {
        signal: gone.signal,
        passive: true,
        capture: true,
      });
    document.addEventListener("visibilitychange", check, {
      signal: gone.signal,
    });
    const timer = setInterval(check, IDLE_CHECK_INTERVAL_MS);
    return () => {
      gone.abort();
      clearInterval(timer);
    };
  }, [active]);
  return isNear;
}
