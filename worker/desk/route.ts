/**
 * The desk's router. Places are in the URL's hash, so the back button works and
 * no server sees them.
 */
import { useEffect, useState } from "preact/hooks";

export type DeskPlace =
  | { at: "cases" }
  | { at: "import"; id?: string }
  | { at: "case"; id: string }
  | { at: "draft"; id: string }
  | { at: "approvals"; id?: string }
  | { at: "audit" }
  | { at: "editors" }
  | { at: "me" }
  | { at: "invitation"; id: string };

/** The hash of a place, such as `#/cases/ua-126-19`. */
export function hashOf(place: DeskPlace): string {
  const { at, id }: { at: DeskPlace["at"]; id?: string } = place;
  if (at === "cases") return "#/";
  const folder = at === "case" || at === "draft" ? `${at}s` : at;
  return `#/${[folder, id].filter(Boolean).join("/")}`;
}

/**
 * The place of a hash. A link may come from a stranger, so an id with other
 * characters is ignored and never sent to the server.
 */
export function placeIn(hash: string): DeskPlace {
  const [, what, id] = /^#\/?([a-z]*)(?:\/([a-z0-9-]+))?$/.exec(hash) ?? [];
  if (what === "cases" && id) return { at: "case", id };
  if (what === "drafts" && id) return { at: "draft", id };
  if (what === "import" || what === "approvals")
    return { at: what, ...(id && { id }) };
  if (what === "invitation" && id) return { at: "invitation", id };
  if (what === "audit" || what === "editors" || what === "me")
    return { at: what };
  return { at: "cases" };
}

export const go = (place: DeskPlace): void => {
  location.hash = hashOf(place);
};

export function usePlace(): DeskPlace {
  const [place, setPlace] = useState(() => placeIn(location.hash));
  useEffect(() => {
    const gone = new AbortController();
    const follow = () => setPlace(placeIn(location.hash));
    addEventListener("hashchange", follow, { signal: gone.signal });
    // The hash may have changed between the first render and this effect.
    follow();
    return () => gone.abort();
  }, []);
  return place;
}
