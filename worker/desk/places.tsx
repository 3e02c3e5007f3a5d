/** Pages elsewhere that quote a case: what the last look found, and a letter to the owner of an old one. */
import type { Place } from "../editing/rules/places.ts";
import { hasRole } from "../editing/rules/roles.ts";
import { Confirmed } from "./damaged-rows.tsx";
import { CopyButton } from "./editors/shown-once.tsx";
import { Button } from "./inputs.tsx";
import { RefusalNotice, useAction, useAnswer } from "./publish/refusal.tsx";
import { hashOf } from "./route.ts";
import { useSession } from "./session.ts";
import { languageName, printDate, say } from "./words.ts";

/** The pages of a case, or the tasks that those of all cases make; nothing when there are none. */
export function PlacesElsewhere({ id }: { id?: string }) {
  const { api, me } = useSession();
  const { answer, refused: unread, again } = useAnswer(() => api.listPlaces(id ? { case: id } : {}), [api, id]);
  const places = answer?.places.filter(({ waits, state }) => id || waits || state === "old") ?? [];
  const { busy, refused, run } = useAction();
  const change = (action: () => Promise<unknown>) => run(() => action().then(again));
  const add = (event: Event) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const { url = "", contact } = Object.fromEntries(new FormData(form)) as Record<string, string>;
    const body = { case: id as string, url, ...(contact && { contact }) };
    void change(() => api.addPlace({ body })).then((error) => error ?? form.reset());
  };
  const rows = (
    <>
      <RefusalNotice error={refused ?? unread} />
      <ul class="rows">
        {places.map((place) => (
          <Row key={place.id} place={place} change={change} named={!id} />
        ))}
      </ul>
    </>
  );
  if (!id)
    return places.length === 0 ? null : (
      <section aria-labelledby="places-title">
        <h2 id="places-title">{say("places.tasks")}</h2>
        {rows}
      </section>
    );
  return (
    <details class="elsewhere">
      <summary>
        <h2>
          {say("places.title")} ({places.length})
        </h2>
      </summary>
      <p class="hint">{say("places.hint")}</p>
      {rows}
      {hasRole(me, "publisher") && (
        <form class="row" onSubmit={add}>
          <label>
            {say("places.url")}
            <input name="url" dir="auto" required pattern="https://.*" />
          </label>
          <label>
            {say("places.contact")}
            <input name="contact" dir="auto" />
          </label>
          <button type="submit" disabled={busy}>
            {say("places.add")}
          </button>
        </form>
      )}
    </details>
  );
}

interface RowProps {
  place: Place;
  change: (action: () => Promise<unknown>) => unknown;
  /** Whether to say which case the page quotes. */
  named: boolean;
}

function Row({ place, change, named }: RowProps) {
  const { api, me } = useSession();
  const { id, url, contact, note, letter, waits, movedTo } = place;
  const accepted = { case: place.case, url: movedTo ?? url, ...(contact && { contact }), ...(note && { note }) };
  const page = { href: url, target: "_blank", rel: "noreferrer" };
  return (
    <li>
      <a {...(named ? { href: hashOf({ at: "case", id: place.case }) } : page)}>
        {named && <b class="number">{place.number}</b>}
        <bdi class="title address" dir="ltr">
          {url.replace("https://", "")}
        </bdi>
      </a>
      <span class="hint">
        {stateOf(place)}
        {named && " · "}
        {named && <a {...page}>{say("places.open")}</a>}
      </span>
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

function stateOf({ waits, state, shows, reason, olderThan, since, lookedOn, contact, note }: Place): string {
  const old = () => {
    const from = say("places.since", { number: olderThan ?? 0, date: printDate(since ?? "") });
    return `${say(`places.old.${reason ?? "status"}`)} · ${from}`;
  };
  const known = () => (state === "old" ? old() : say(shows ? "places.shows" : `places.state.${state ?? "unknown"}`));
  const looked = lookedOn && state ? say("places.looked", { date: printDate(lookedOn) }) : null;
  const found = waits ? say("places.told") : state === null ? say("places.not-yet") : known();
  return [found, looked, contact, note].filter((text) => text !== null).join(" · ");
}
