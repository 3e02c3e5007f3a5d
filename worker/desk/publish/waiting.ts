/** The number of proposals that wait for this editor, shown in the navigation. */
import { useContext, useEffect, useState } from "preact/hooks";
import type { Me } from "../../editing/rules/desk.ts";
import { hasRole } from "../../editing/rules/roles.ts";
import { onRoleChanged, SessionContext } from "../session.ts";
import { apiErrorOf } from "./refusal.tsx";

/** How often the list and its count are read again. */
export const REFRESH_MS = 15_000;

/**
 * The number of proposals that other editors made and that wait, read again and again; 0 where none need approval.
 * @param onMe called when what this editor may do has changed
 */
export function useWaiting(onMe: (me: Me) => void): number {
  const session = useContext(SessionContext);
  const [waiting, setWaiting] = useState(0);
  useEffect(() => {
    if (!session) return;
    const { api, me } = session;
    const read = () =>
      void apiErrorOf(async () => {
        const now = await api.readMe();
        if (JSON.stringify(now) !== JSON.stringify(me)) onMe(now);
        if (!hasRole(now, "publisher")) return setWaiting(0);
        setWaiting((await api.listProposals()).proposals.filter(({ editor }) => editor !== me.editor).length);
      });
    read();
    const timer = setInterval(read, REFRESH_MS);
    const forget = onRoleChanged(read);
    addEventListener("focus", read);
    addEventListener("hashchange", read);
    return () => {
      clearInterval(timer);
      forget();
      removeEventListener("focus", read);
      removeEventListener("hashchange", read);
    };
  }, [session]);
  return waiting;
}
