/** Parts of the desk that load when they are first shown, so that the sign-in and the list of cases need only a few files. */
import type { ComponentType } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import type { ApiError } from "../editing/contract/client.ts";
import { RefusalNotice } from "./publish/refusal.tsx";
import { placeIn } from "./route.ts";
import { SessionContext, saveAll } from "./session.ts";
import { saveStartedDraft } from "./started-drafts.ts";
import { say } from "./words.ts";

/** The URLs of all parts. The page's HTML lists them. */
const scripts = [...document.querySelectorAll<HTMLLinkElement>("link[rel=part]")].map(({ href }) => href);

let fetched: Promise<void> | null = null;

/**
 * Puts all parts into the browser's cache, so that a later deployment takes none of them away. They are fetched before they are
 * imported, because a browser never tries a failed import again.
 * @throws when one can't be fetched; the next call tries again
 */
export function fetchParts(): Promise<void> {
  fetched ??= Promise.all(
    scripts.map(async (url) => {
      const answer = await fetch(url);
      if (!answer.ok) throw new Error(`Loading ${url} failed: ${answer.status}`);
      await answer.arrayBuffer();
    }),
  ).then(
    () => undefined,
    (error) => {
      fetched = null;
      throw error;
    },
  );
  return fetched;
}

/**
 * A component whose code loads when it is first shown. Each showing tries again after a failure.
 * @param load imports the module that has the component
 */
export function onDemand<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let Loaded: ComponentType<Props> | null = null;
  const ready = async () => {
    if (!Loaded) await fetchParts();
    Loaded ??= await load();
  };
  return function Part(props: Props) {
    const [state, setState] = useState<"loading" | "loaded" | "failed">(Loaded ? "loaded" : "loading");
    useEffect(() => {
      if (state === "loading")
        ready().then(
          () => setState("loaded"),
          (error) => {
            console.warn(error);
            setState("failed");
          },
        );
    }, []);
    if (state === "failed") return <NotLoaded />;
    return Loaded ? <Loaded {...props} /> : <Loading />;
  };
}

const Loading = () => (
  <p class="part-loading" role="status">
    {say("part.loading")}
  </p>
);

/** Shown in place of a part that could not be loaded: the connection failed, or a deployment replaced the files of this page. */
function NotLoaded() {
  const session = useContext(SessionContext);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<ApiError | null>(null);
  const reload = async () => {
    setBusy(true);
    const place = placeIn(location.hash);
    const error =
      (await saveAll()) ?? (session && place.at === "draft" ? await saveStartedDraft(session.api, place.id) : null);
    if (!error) return location.reload();
    setRefused(error);
    setBusy(false);
  };
  return (
    <div class="part-failed" role="alert">
      <p>{say("part.failed")}</p>
      <button type="button" disabled={busy} onClick={() => void reload()}>
        {say(busy ? "saved.saving" : "part.reload")}
      </button>
      {refused && (
        <p class="problem">
          {say("saved.failed")} <RefusalNotice error={refused} />
        </p>
      )}
    </div>
  );
}
