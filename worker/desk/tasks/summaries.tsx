/** What is left to check after a change, told in the checklist and in the publish dialog, which are shown without the panels. */
import type { Profile } from "../../../shared/profile/schema.ts";
import type { UnfinishedCase } from "../../editing/rules/desk.ts";
import {
  dateQuestions,
  type FollowUp,
  followUps,
  type StatusChange,
  type StatusDraft,
} from "../../editing/rules/status-change.ts";
import { openTranslations } from "../../editing/rules/translations.ts";
import { valueInWords } from "../differences.tsx";
import { dateInWords } from "../form/date-field.tsx";
import type { FormState } from "../form/form-state.ts";
import { useSession } from "../session.ts";
import { say } from "../words.ts";

/** The form's draft, for the rules about changes of status. */
export const statusDraftOf = ({ fields, base, kind, resolved }: FormState): StatusDraft => ({
  case: fields,
  base: base && { case: base },
  kind,
  resolved,
});

/** A status in words: "Released · 25 November 2026 · Invented Issuer". */
export const inWords = (
  change: StatusChange,
  side: "before" | "after",
  documents: NonNullable<UnfinishedCase["documents"]>,
  profile: Profile,
): string => valueInWords(change.path, change[side], documents, profile);

export const openTranslationsIn = ({ fields, base, kind, resolved }: FormState) =>
  openTranslations({ case: fields, base: base && { case: base }, kind, resolved });

/** Asks whether a date is right that is not later than that of the status before. */
export function DateQuestionField({
  change,
  documents,
}: {
  change: StatusChange;
  documents: NonNullable<UnfinishedCase["documents"]>;
}) {
  const { profile } = useSession().me;
  const [after, before] = (["after", "before"] as const).map((side) => inWords(change, side, documents, profile));
  return <>{say("status.date-question", { name: change.name, after, before })}</>;
}

/** The field whose label names a part that may have to follow a change of status. */
export const followUpPath = ({ what, path }: FollowUp): FollowUp["path"] =>
  what === "event" || what === "earlier" ? [what === "event" ? "events" : what] : path;

/** The editor's answer that a part needs no change. */
export const confirmationOf = ({ what }: FollowUp) =>
  what === "event" ? "follow.no-event" : what === "earlier" ? "follow.no-earlier" : "form.still-right";

/** The questions about dates that are not later than those of the statuses they replace. */
export function DateQuestions({ draft, onResolve }: { draft: StatusDraft; onResolve: (key: string) => void }) {
  return (
    <>
      {dateQuestions(draft).map(({ key, change }) => (
        <div class="warning linked" key={key}>
          <p>
            <DateQuestionField change={change} documents={draft.case.documents ?? []} />
          </p>
          <button type="button" class="chip add" onClick={() => onResolve(key)}>
            {say("status.date-right", { date: dateInWords(change.after.asOf) })}
          </button>
        </div>
      ))}
    </>
  );
}

/** In the checklist: the questions about dates, and how many parts are left to check. */
export function FollowUpSummary({ form }: { form: FormState }) {
  const draft = statusDraftOf(form);
  const open = followUps(draft).filter(({ state }) => state === "open").length;
  return (
    <>
      <DateQuestions draft={draft} onResolve={(key) => form.resolve(key, true)} />
      {open > 0 && (
        <p class="warning">
          <span>{say("follow.open", { count: open })}</span>
          <button type="button" class="link" onClick={() => form.openTask({ is: "follow-ups" })}>
            {say("follow.check")}
          </button>
        </p>
      )}
    </>
  );
}

/** In the checklist: how many outdated translations are left to decide about. */
export function TranslationSummary({ form }: { form: FormState }) {
  const open = openTranslationsIn(form).length;
  if (open === 0) return null;
  return (
    <p class="warning">
      <span>{say("translations.open", { count: open })}</span>
      <button type="button" class="link" onClick={() => form.openTask({ is: "translations" })}>
        {say("follow.check")}
      </button>
    </p>
  );
}
