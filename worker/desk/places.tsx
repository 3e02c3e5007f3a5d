/**
 * Pages elsewhere that quote a case: what the last look found, and a letter to
 * the owner of an old one.
 */
import type { Place } from "../editing/rules/places.ts";
import { hasRole } from "../editing/rules/roles.ts";
import { Confirmed } from "./damaged-rows.tsx";
import { CopyButton } from "./editors/shown-once.tsx";
import { Button } from "./inputs.tsx";
import { RefusalNotice, useAction, useAnswer } from "./publish/refusal.tsx";
import { hashOf } from "./route.ts";
import { useSession } from "./session.ts";
import { languageName, printDate, say } from "./words.ts";

/**
 * The pages of a case, or the tasks that those of all cases make; nothing when
 * there are none.
 */
export function PlacesElsewhere({ id }: { id?: string }) {
  const { api, me } = useSession();
  const {
    answer,
    refused: unread,
    again,
  } = useAnswer(() => api.listPlaces(id ? { case: id } : {}), [api, id]);
  const { busy, refused, run } = useAction();
  const change = (action: () => Promise<unknown>) =>
    run(() => action().then(again));
  const mayChange = hasRole(me, "publisher");
  const places = answer?.places ?? [];
  const add = (event: Event) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const body = {
      case: id as string,
      url: "",
      ...Object.fromEntries(new FormData(form)),
    };
    void change(() => api.addPlace({ body })).then(
      (error) => error ?? form.reset(),
    );
  };
  const accept = ({ case: id, url, movedTo, contact, note }: Place) =>
    void change(() =>
      api.addPlace({ body: { case: id, url: movedTo ?? url, contact, note } }),
    );
  if (!id && places.length === 0) return null;
  return (
    <details class="elsewhere" open={!id}>
      <summary>
        <h2>{`${say(id ? "places.title" : "places.tasks")} (${places.length})`}</h2>
      </summary>
      <p class="hint">{say("places.hint")}</p>
      <RefusalNotice error={refused ?? unread} />
      <ul class="rows">
        {places.map((place) => (
          <li key={place.id}>
            <span class="row place">
              {!id && (
                <a href={hashOf({ at: "case", id: place.case })}>
                  {place.number}
                </a>
              )}
              <a href={place.url} target="_blank" rel="noreferrer" dir="ltr">
                {place.url.replace("https://", "")}
              </a>
            </span>
            <span class="hint">
              {saidOf(place).map((part, at) => [
                at > 0 && " · ",
                <bdi key={part}>{part}</bdi>,
              ])}
            </span>
            {mayChange && (place.waits || place.movedTo) && (
              <Button class="chip add" onPress={() => accept(place)}>
                {place.movedTo
                  ? say("places.use", { url: place.movedTo })
                  : say("places.accept")}
                {place.waits && <span class="unseen"> {place.url}</span>}
              </Button>
            )}
            {mayChange && place.origin !== "link" && (
              <Confirmed
                label={say("places.remove", { url: place.url })}
                question={say("places.really")}
                onConfirm={() =>
                  change(() => api.removePlace({ id: place.id }))
                }
              >
                {say("cases.draft.yes")}
              </Confirmed>
            )}
            {place.letter && <Letter {...place.letter} url={place.url} />}
          </li>
        ))}
      </ul>
      {id && mayChange && (
        <form class="row" onSubmit={add}>
          {(["url", "contact", "note"] as const).map((name) => (
            <label key={name}>
              {say(`places.${name}`)}
              <input
                name={name}
                dir="auto"
                {...(name === "url" && {
                  required: true,
                  pattern: "https://.*",
                })}
              />
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

const Letter = ({
  lang,
  subject,
  text,
  url,
}: NonNullable<Place["letter"]> & { url: string }) => (
  <details class="letter">
    <summary>
      {say("places.letter")} · {languageName(lang)}{" "}
      <span class="unseen">{url}</span>
    </summary>
    <pre lang={lang} dir="auto">
      <b>{subject}</b>
      {`\n\n${text}`}
    </pre>
    <CopyButton text={text} />
  </details>
);

function saidOf({
  waits,
  state,
  shows,
  reason,
  olderThan,
  since,
  lookedOn,
  contact,
  note,
}: Place): string[] {
  const found = waits
    ? "told"
    : (reason ?? (shows ? "shows" : (state as Exclude<typeof state, "old">)));
  const age =
    since &&
    say("places.since", { number: olderThan ?? 0, date: printDate(since) });
  const looked =
    state && lookedOn && say("places.looked", { date: printDate(lookedOn) });
  return [say(`places.${found}`), age, looked, contact, note].flatMap(
    (part) => part || [],
  );
}
