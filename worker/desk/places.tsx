/** Pages elsewhere that quote a case: what the last look found, and a letter to the owner of an old one. */
import type { ApiError } from "../editing/contract/client.ts";
import type { Place } from "../editing/rules/places.ts";
import { hasRole } from "../editing/rules/roles.ts";
import { Confirmed } from "./damaged-rows.tsx";
import { CopyButton } from "./editors/shown-once.tsx";
import { Button } from "./inputs.tsx";
import { RefusalNotice, useAction, useAnswer } from "./publish/refusal.tsx";
import { hashOf } from "./route.ts";
import { useSession } from "./session.ts";
import { languageName, printDate, say } from "./words.ts";

/** Runs an action, and reads the pages again. */
type Change = (action: () => Promise<unknown>) => Promise<ApiError | null>;

/** The pages of a case, or the tasks that those of all cases make; nothing when there are none. */
export function PlacesElsewhere({ id }: { id?: string }) {
  const { api, me } = useSession();
  const { answer, refused: unread, again } = useAnswer(() => api.listPlaces(id ? { case: id } : {}), [api, id]);
  const { busy, refused, run } = useAction();
  const change: Change = (action) => run(() => action().then(again));
  const places = answer?.places ?? [];
  const add = (event: Event) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const given = Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ""));
    const body = { case: id as string, url: "", ...given };
    void change(() => api.addPlace({ body })).then((error) => error ?? form.reset());
  };
  if (!id && places.length === 0) return null;
  return (
    <details class="elsewhere" open={!id}>
      <summary>
        <h2>
          {say(id ? "places.title" : "places.tasks")} ({places.length})
        </h2>
      </summary>
      <p class="hint">{say("places.hint")}</p>
      <RefusalNotice error={refused ?? unread} />
      <ul class="rows">
        {places.map((place) => (
          <Row key={place.id} place={place} change={change} named={!id} />
        ))}
      </ul>
      {id && hasRole(me, "publisher") && (
        <form class="row" onSubmit={add}>
          {(["url", "contact", "note"] as const).map((name) => (
            <label key={name}>
              {say(`places.${name}`)}
              <input name={name} dir="auto" {...(name === "url" && { required: true, pattern: "https://.*" })} />
            </label>
          ))}
          <button type="submit" disabled={busy}>
            {say("places.add")}
          </button>
        </form>
      )}
    </details>
  );
}

/** @param named whether to say which case the page quotes */
function Row({ place, change, named }: { place: Place; change: Change; named: boolean }) {
  const { api, me } = useSession();
  const { id, url, contact, note, letter, waits, movedTo } = place;
  const accepted = { case: place.case, url: movedTo ?? url, ...(contact && { contact }), ...(note && { note }) };
  return (
    <li>
      <span class="row place">
        {named && <a href={hashOf({ at: "case", id: place.case })}>{place.number}</a>}
        <a href={url} target="_blank" rel="noreferrer" dir="ltr">
          {url.replace("https://", "")}
        </a>
      </span>
      <span class="hint">{saidOf(place).map((part, at) => [at > 0 && " · ", <bdi key={part}>{part}</bdi>])}</span>
      {hasRole(me, "publisher") && (waits || movedTo) && (
        <Button class="chip add" onPress={() => change(() => api.addPlace({ body: accepted }))}>
          {movedTo ? say("places.use", { url: movedTo }) : say("places.accept")}
          {waits && <span class="unseen"> {url}</span>}
        </Button>
      )}
      {hasRole(me, "publisher") && place.origin !== "link" && (
        <Confirmed
          label={say("places.remove", { url })}
          question={say("places.really")}
          onConfirm={() => change(() => api.removePlace({ id }))}
        >
          {say("cases.draft.yes")}
        </Confirmed>
      )}
      {letter && (
        <details class="letter">
          <summary>
            {say("places.letter")} · {languageName(letter.lang)} <span class="unseen">{url}</span>
          </summary>
          <pre lang={letter.lang} dir="auto">
            <b>{letter.subject}</b>
            {`\n\n${letter.text}`}
          </pre>
          <CopyButton text={letter.text} />
        </details>
      )}
    </li>
  );
}

function saidOf({ waits, state, shows, reason, olderThan, since, lookedOn, contact, note }: Place): string[] {
  const found = waits ? "told" : (reason ?? (shows ? "shows" : (state as Exclude<typeof state, "old">)));
  const age = since && say("places.since", { number: olderThan ?? 0, date: printDate(since) });
  const looked = state && lookedOn && say("places.looked", { date: printDate(lookedOn) });
  return [say(`places.${found}`), age, looked, contact, note].flatMap((part) => part || []);
}
