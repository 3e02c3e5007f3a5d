/** The number of proposals that wait for this editor, shown in the navigation. */
import { useContext, useEffect } from "preact/hooks";
import type { Me } from "../../editing/rules/desk.ts";
import { hasRole } from "../../editing/rules/roles.ts";
import { onRoleChanged, SessionContext } from "../session.ts";
import { useAnswer } from "./refusal.tsx";

/** How often the list and its count are read again. */
export const REFRESH_MS = 15_000;

/**
 * The number of proposals that other editors made and that wait, read again and again; 0 where none need approval.
 * @param onMe called when what this editor may do has changed
 */
export function useWaiting(onMe: (me: Me) => void): number {
  const session = useContext(SessionContext);
  const { answer, again } = useAnswer(
    async () => {
      if (!session) return 0;
      const { api, me } = session;
      const now = await api.readMe();
      if (JSON.stringify(now) !== JSON.stringify(me)) onMe(now);
      if (!hasRole(now, "publisher")) return 0;
      return (await api.listProposals()).proposals.filter(({ editor }) => editor !== me.editor).length;
    },
    [session],
    { everyMs: REFRESH_MS },
  );
  useEffect(() => {
    const gone = new AbortController();
    for (const event of ["focus", "hashchange"]) addEventListener(event, again, { signal: gone.signal });
    const off = onRoleChanged(again);
    return () => [gone.abort(), off()];
  }, []);
  return answer ?? 0;
}
