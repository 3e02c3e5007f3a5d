/** Where in the desk one is: the address's hash, so that the back button works and no server ever sees it. */
import { useEffect, useState } from "preact/hooks";

export type Place =
  | { at: "cases" }
  | { at: "import"; id?: string }
  | { at: "case"; id: string }
  | { at: "draft"; id: string }
  | { at: "approvals"; id?: string }
  | { at: "audit" };

/** The hash of a place: `#/cases/ua-126-19`. */
export function hashOf(place: Place): string {
  switch (place.at) {
    case "cases":
      return "#/";
    case "case":
      return `#/cases/${place.id}`;
    case "draft":
      return `#/drafts/${place.id}`;
    case "import":
    case "approvals":
      return `#/${place.at}${place.id ? `/${place.id}` : ""}`;
    case "audit":
      return "#/audit";
  }
}

/** An address may come from anybody: what is no id of ours is asked of no server. */
export function placeIn(hash: string): Place {
  const [, what, id] = /^#\/?([a-z]*)(?:\/([a-z0-9-]+))?$/.exec(hash) ?? [];
  if (what === "cases" && id) return { at: "case", id };
  if (what === "drafts" && id) return { at: "draft", id };
  if (what === "import" || what === "approvals") return { at: what, ...(id && { id }) };
  if (what === "audit") return { at: "audit" };
  return { at: "cases" };
}

export const go = (place: Place): void => {
  location.hash = hashOf(place);
};

export function usePlace(): Place {
  const [place, setPlace] = useState(() => placeIn(location.hash));
  useEffect(() => {
    const gone = new AbortController();
    addEventListener("hashchange", () => setPlace(placeIn(location.hash)), { signal: gone.signal });
    return () => gone.abort();
  }, []);
  return place;
}
