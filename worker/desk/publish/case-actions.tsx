/** The pending revisions of a case, with undo; and the way to an erasure. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { Case } from "../../../shared/case/schema.ts";
import type { DeskRecord, DeskRevision } from "../../editing/rules/desk.ts";
import { asksForNobody } from "../../editing/rules/erasable.ts";
import { mayPublish } from "../../editing/rules/roles.ts";
import { Button } from "../inputs.tsx";
import { useSession } from "../session.ts";
import { draftOf } from "../start-draft.ts";
import { openDraft } from "../started-drafts.ts";
import { moment, say } from "../words.ts";
import { EraseDialog } from "./erase-dialog.tsx";
import { printMoment, zonesOf } from "./moments.ts";
import { takeJustPublished, undoToDraft } from "./publish-draft.ts";
import { RefusalNotice, useAction } from "./refusal.tsx";

interface CaseProps {
  id: string;
  record: DeskRecord;
  onChanged: () => void;
}

/** The pending revisions, and a message about one that has just gone live. */
export function PendingRevisions(props: CaseProps) {
  const { pending, revision, live } = props.record;
  /** The revision that went live while this was open. */
  const arrived = useRef<number | null>(null);
  const watched = useRef<number[]>([]);
  const gone = watched.current.find(
    (number) =>
      !pending.some((one) => one.number === number) && live === number,
  );
  if (gone !== undefined) arrived.current = gone;
  watched.current = pending.map(({ number }) => number);

  return (
    <>
      {arrived.current !== null && arrived.current === live && (
        <p class="arrived" role="status">
          {say(
            revision.kind === "withdrawal" && live === revision.number
              ? "pending.withdrawn"
              : "pending.live",
            {
              number: arrived.current,
              moment: moment(
                revision.number === live
                  ? revision.liveAt
                  : new Date().toISOString(),
              ),
            },
          )}
        </p>
      )}
      {pending.map((one, index) => (
        <Pending
          key={one.number}
          {...props}
          revision={one}
          isNewest={index === pending.length - 1}
        />
      ))}
    </>
  );
}

/**
 * An erasure changes no action, so a case may ask readers to write for nobody.
 * The editor is offered an update that closes it.
 */
export function AsksForNobody({
  record: { case: fields, revision },
}: CaseProps) {
  if (!fields || !asksForNobody(fields)) return null;
  const close = () => {
    const draft = draftOf(revision.number, fields);
    const { request: _, letter: __, ...action } = fields.action;
    openDraft({
      ...draft,
      case: { ...draft.case, action: { ...action, state: "closed" } },
    });
  };
  return (
    <p class="warning">
      {say("case.asks-for-nobody")}{" "}
      <Button class="link" onPress={close} say="case.close-action" />
    </p>
  );
}

/** Erases a part of the case, or all of it, when someone could be harmed. */
export function RiskActions({ id, record, onChanged }: CaseProps) {
  const { me } = useSession();
  const [erasing, setErasing] = useState(false);
  if (!record.case || !mayPublish(me)) return null;
  const close = () => {
    setErasing(false);
    onChanged();
  };
  return (
    <section class="risk" aria-labelledby="risk-title">
      <h2 id="risk-title">{say("risk.title")}</h2>
      <p>{say("risk.erase")}</p>
      <Button
        class="quiet"
        onPress={() => setErasing(true)}
        say="risk.erase.go"
      />
      {erasing && <EraseDialog id={id} record={record} onClose={close} />}
    </section>
  );
}

/** What kind of revision it is, after its number; an update needs no word. */
export const kindWords = (kind: DeskRevision["kind"]): string =>
  kind === "update" ? "" : ` · ${say(`pending.kind.${kind}`)}`;

interface PendingProps extends CaseProps {
  revision: DeskRevision;
  /**
   * Only the newest pending revision can be undone, and an erasure with all
   * that was committed again after it.
   */
  isNewest: boolean;
}

function Pending({ id, record, revision, isNewest, onChanged }: PendingProps) {
  const { api, me } = useSession();
  const { busy, refused, run } = useAction();
  const box = useRef<HTMLElement>(null);
  const { number, kind, liveAt, committedAt, editor, approvedBy, note } =
    revision;
  const title = say("pending.title", { number }) + kindWords(kind);
  const language = record.case?.language ?? "en";
  const zone = zonesOf((record.case ?? {}) as Case)[0];
  useEffect(() => {
    if (takeJustPublished(id, number)) box.current?.focus();
  }, [id, number]);
  const undo = () =>
    run(async () => {
      const draft = await undoToDraft(api, id, number, record);
      if (draft) openDraft(draft);
      else onChanged();
    });
  return (
    <section
      ref={box}
      class={`pending ${kind}`}
      tabIndex={-1}
      aria-label={title}
    >
      <Countdown since={committedAt} liveAt={liveAt} onMoment={onChanged} />
      <div class="what">
        <h2>{title}</h2>
        <p>
          {say("pending.moment", { moment: printMoment(liveAt) })}
          {zone && <span class="hint"> · {printMoment(liveAt, zone)}</span>}
        </p>
        <p class="hint">
          {approvedBy
            ? say("pending.by.approved", { editor, by: approvedBy })
            : say("pending.by", { editor, moment: moment(committedAt) })}
        </p>
        {note[language] && (
          <p class="note" dir="auto" lang={language}>
            {note[language]}
          </p>
        )}
        {!mayPublish(me) ? null : isNewest ? (
          <div class="row">
            <Button disabled={busy} onPress={undo}>
              {say("pending.undo", { number })}
            </Button>
            <span class="hint">
              {say(
                kind === "withdrawal" || kind === "redaction"
                  ? `pending.undo.${kind}`
                  : "pending.undo.hint",
              )}
            </span>
          </div>
        ) : (
          <p class="hint">{say("pending.not-newest")}</p>
        )}
        <RefusalNotice error={refused} />
      </div>
    </section>
  );
}

/**
 * Within this time of the moment, the countdown is shown, with tenths of a
 * second.
 */
const CLOSE_MS = 90_000;
const CLOSE_TICK_MS = 100;
const TICK_MS = 1_000;
/** The server's clock may be a little behind the estimate here. */
const CLOCK_TOLERANCE_MS = 150;

interface CountdownProps {
  /** ISO 8601. */
  since: string;
  liveAt: string;
  /**
   * Called at the moment, and again each second until the parent removes the
   * countdown.
   */
  onMoment: () => void;
}

/**
 * A countdown to a revision's moment, by the server's clock, in its last minute
 * and a half.
 */
function Countdown({ since, liveAt, onMoment }: CountdownProps) {
  const { api } = useSession();
  const [moment, start] = [Date.parse(liveAt), Date.parse(since)];
  const [now, setNow] = useState(api.now());
  const left = Math.max(0, moment - now);
  const close = left <= CLOSE_MS;
  useEffect(() => {
    const timer = setInterval(
      () => setNow(api.now()),
      close ? CLOSE_TICK_MS : TICK_MS,
    );
    return () => clearInterval(timer);
  }, [api, close]);
  useEffect(() => {
    if (left > 0) return;
    const timer = setInterval(onMoment, TICK_MS);
    const first = setTimeout(onMoment, CLOCK_TOLERANCE_MS);
    return () => {
      clearInterval(timer);
      clearTimeout(first);
    };
  }, [left > 0]);
  if (!close) return null;
  return (
    <div class="count" role="timer">
      <strong dir="ltr">{(left / 1_000).toFixed(1)}</strong>{" "}
      <span>{say("pending.seconds")}</span>
      <progress
        value={Math.min(
          1,
          Math.max(0, (now - start) / Math.max(1, moment - start)),
        )}
        max={1}
        aria-label={say("pending.progress", { moment: printMoment(liveAt) })}
      />
    </div>
  );
}
