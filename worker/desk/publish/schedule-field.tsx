/** Chooses the moment of a revision: as soon as possible, or later, shown in the time zones of the editor and of the case. */
import { useEffect, useRef, useState } from "preact/hooks";
import { textIn } from "../../../shared/case/text.ts";
import type { UnfinishedCase } from "../../editing/rules/desk.ts";
import { Option } from "../inputs.tsx";
import { useSession } from "../session.ts";
import { language, say } from "../words.ts";
import { momentOf, ownZone, printMoment, proposedMoment, wallTime, zoneName, zonesOf } from "./moments.ts";

interface ScheduleProps {
  fields: UnfinishedCase;
  /** ISO 8601; null for as soon as possible. */
  liveAt: string | null;
  /** When the last pending revision goes live, in milliseconds since the epoch; 0 without one. */
  after: number;
  /** Whether a second editor must approve it first. */
  waits: boolean;
  onLiveAt: (liveAt: string | null) => void;
}

export function ScheduleField({ fields, liveAt, after, waits, onLiveAt }: ScheduleProps) {
  const { api, me } = useSession();
  const box = useRef<HTMLDivElement>(null);
  const [wall, setWall] = useState(liveAt ? wallTime(Date.parse(liveAt)) : "");
  const typed = momentOf(wall);
  const isLater = liveAt !== null;
  useEffect(() => box.current?.scrollIntoView({ block: "nearest" }), [isLater]);
  const write = (next: string) => {
    setWall(next);
    const named = momentOf(next);
    // An incomplete moment must not leave the last complete one in force.
    onLiveAt(named ? new Date(named.moment).toISOString() : "");
  };
  return (
    <fieldset class="when">
      <legend>{say("publish.when")}</legend>
      <Option
        name="when"
        checked={liveAt === null}
        label={say(waits ? "publish.when.approved" : "publish.when.now")}
        hint={say(waits ? "publish.when.approved.hint" : "publish.when.now.hint", { seconds: me.lead })}
        onChoose={() => onLiveAt(null)}
      />
      <Option
        name="when"
        checked={liveAt !== null}
        label={say("publish.when.later")}
        hint={say("publish.when.later.hint")}
        onChoose={() => write(wallTime(proposedMoment(Math.max(api.now(), after))))}
      />
      {liveAt !== null && (
        <div ref={box} class="moment">
          <label for="live-at">{say("publish.when.yours", { zone: zoneName(ownZone()) })}</label>
          <input
            id="live-at"
            type="datetime-local"
            value={wall}
            aria-describedby="live-at-problem"
            aria-invalid={!typed}
            onInput={({ currentTarget: { value } }) => write(value)}
          />
          {typed && <ClockTimes moment={typed.moment} fields={fields} />}
          <p class="problem" id="live-at-problem" role="status">
            {!typed
              ? say("publish.when.incomplete")
              : typed.skipped
                ? say("publish.when.skipped", { moment: printMoment(typed.moment) })
                : ""}
          </p>
        </div>
      )}
    </fieldset>
  );
}

/** One moment with the editor, in the time zones of the case, and in UTC. Zones with one time are one. */
function ClockTimes({ moment, fields }: { moment: number; fields: UnfinishedCase }) {
  const zones = new Map(zonesOf(fields).map((zone) => [printMoment(moment, zone), zoneName(zone)]));
  const place = fields.places?.[0]?.name;
  const name = textIn(place, language()) ?? textIn(place, fields.language ?? "en");
  const times: [place: string, time: string][] = [
    [say("publish.when.here"), printMoment(moment)],
    ...[...zones].map(([time, zone]): [string, string] => [zones.size === 1 && name ? name : zone, time]),
    ["UTC", printMoment(moment, "UTC")],
  ];
  return (
    <dl class="walls">
      {times.map(([at, time]) => (
        <div key={at}>
          <dt dir="auto">{at}</dt>
          <dd>{time}</dd>
        </div>
      ))}
    </dl>
  );
}
