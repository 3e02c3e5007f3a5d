/** Chooses the moment of a revision: as soon as possible, or later, shown in the time zones of the editor and of the case. */
import { useEffect, useRef, useState } from "preact/hooks";
import { textIn } from "../../../shared/case/text.ts";
import type { UnfinishedCase } from "../../editing/rules/desk.ts";
import { Option, Select } from "../inputs.tsx";
import { useSession } from "../session.ts";
import { language, say } from "../words.ts";
import { momentOf, ownZone, printMoment, proposedMoment, wallTime, zoneName, zonesOf } from "./moments.ts";

const TICK_MS = 1_000;

/** The server's time, updated every second. */
export function useNow(): number {
  const { api } = useSession();
  const [now, setNow] = useState(api.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(api.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [api]);
  return now;
}

interface ScheduleProps {
  fields: UnfinishedCase;
  /** ISO 8601; null for as soon as possible. */
  liveAt: string | null;
  /** The earliest possible moment, in milliseconds since the epoch. */
  earliest: number;
  /** The message for an earlier moment. */
  early: string;
  /** Whether a second editor must approve it first. */
  waits: boolean;
  onLiveAt: (liveAt: string | null) => void;
}

export function ScheduleField({ fields, liveAt, earliest, early, waits, onLiveAt }: ScheduleProps) {
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
        onChoose={() => write(wallTime(Math.max(proposedMoment(api.now()), earliest)))}
      />
      {liveAt !== null && (
        <div ref={box} class="moment">
          <label for="live-at">{say("publish.when.yours", { zone: zoneName(ownZone()) })}</label>
          <input
            id="live-at"
            type="datetime-local"
            value={wall}
            aria-describedby="live-at-problem"
            aria-invalid={!typed || typed.moment < earliest}
            onInput={({ currentTarget: { value } }) => write(value)}
          />
          {typed && <ClockTimes moment={typed.moment} fields={fields} />}
          <p class="problem" id="live-at-problem" role="status">
            {!typed
              ? say("publish.when.incomplete")
              : typed.moment < earliest
                ? early
                : typed.skipped
                  ? say("publish.when.skipped", { moment: printMoment(typed.moment) })
                  : ""}
          </p>
        </div>
      )}
    </fieldset>
  );
}

/** One moment in several time zones. */
function ClockTimes({ moment, fields }: { moment: number; fields: UnfinishedCase }) {
  const own = zonesOf(fields);
  const [chosen, setChosen] = useState((own.length === 1 && own[0]) || "");
  const offered = own.length > 0 ? own : Intl.supportedValuesOf("timeZone");
  const place = fields.places?.[0]?.name;
  const name = textIn(place, language()) ?? textIn(place, fields.language ?? "en") ?? say("publish.when.case");
  return (
    <dl class="walls">
      <div>
        <dt>{say("publish.when.here")}</dt>
        <dd>{printMoment(moment)}</dd>
      </div>
      <div>
        <dt>
          <span dir="auto">{name}</span>
          {own.length !== 1 && (
            <Select
              aria-label={say("publish.when.zone", { place: name })}
              value={chosen}
              options={[
                ["", say("publish.when.zone.choose")],
                ...offered.map((zone) => [zone, zoneName(zone)] as const),
              ]}
              onChoose={setChosen}
            />
          )}
        </dt>
        <dd>{chosen ? printMoment(moment, chosen) : "—"}</dd>
      </div>
      <div>
        <dt>UTC</dt>
        <dd>{printMoment(moment, "UTC")}</dd>
      </div>
    </dl>
  );
}
