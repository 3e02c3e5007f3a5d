/** Parts of the desk that load when they are first shown, so that the sign-in and the list of cases need only a few files. */
import type { ComponentType } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import type { ApiError } from "../contract/client.ts";
import { Refused } from "./publish/refusal.tsx";
import { placeIn } from "./route.ts";
import { SessionContext, saveAll } from "./session.ts";
import { saveStartedDraft } from "./started-drafts.ts";
import { say } from "./words.ts";

const parts = new Set<() => Promise<unknown>>();

/**
 * A component whose code loads when it is first shown. Each showing tries again after a failure.
 * @param load imports the module that has the component
 */
export function onDemand<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let Loaded: ComponentType<Props> | null = null;
  const ready = async () => {
    Loaded ??= await load();
  };
  parts.add(ready);
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

/** Loads all parts in the background, so that a deployment during the session rarely matters. Failures are ignored: each part tries again. */
export const loadAhead = (): void => void Promise.allSettled([...parts].map((ready) => ready()));

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
          {say("saved.failed")} <Refused error={refused} />
        </p>
      )}
    </div>
  );
}
