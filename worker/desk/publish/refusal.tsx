/** Errors of the API, in the page's language where the catalogue has a text, and otherwise in the server's English. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { FieldIssue } from "../../../shared/refusals/refusals.ts";
import { ApiError } from "../../editing/contract/client.ts";
import { say, sayIfKnown } from "../words.ts";
import { printMoment } from "./moments.ts";

export function refusalText({ problem }: ApiError): string | null {
  const tag = problem.type.split(":").at(-1);
  switch (tag) {
    case "unreachable":
      return `${say("error.unreachable")} ${say("error.unreachable.remedy")}`;
    case "no-passkey":
      return say("passkey.failed");
    case "unanswered":
      return say("publish.unanswered");
    case "too-early":
      return say("refused.too-early", { moment: printMoment(String(problem.earliest)) });
    case "overtakes-pending":
      return say("refused.overtakes-pending", {
        number: Number(problem.pending),
        moment: printMoment(String(problem.liveAt)),
      });
    case "not-pending":
      return say("refused.not-pending", { number: Number(problem.number) });
    case "not-newest-pending":
      return say("refused.not-newest-pending", { number: Number(problem.number), newest: Number(problem.newest) });
    case "proposal-overdue":
      return say("refused.proposal-overdue", {
        asked: printMoment(String(problem.asked)),
        moment: printMoment(String(problem.earliest)),
      });
    case "forbidden":
      return say(problem.scope === undefined ? "refused.forbidden" : "refused.forbidden.scope", {
        scope: String(problem.scope),
      });
    case "unreadable-document":
      return sayIfKnown(`unreadable.${problem.reason}`) ?? null;
    default:
      return sayIfKnown(`refused.${tag}`) ?? null;
  }
}

export const issuesOf = ({ problem }: ApiError): FieldIssue[] => (problem.issues ?? []) as FieldIssue[];

/** Why the server refused, with the fields that it names, in English. */
export function RefusalNotice({ error }: { error: ApiError | null }) {
  if (!error) return null;
  const own = refusalText(error);
  return (
    <p class="problem" role="alert" {...(own ? {} : { lang: "en", dir: "ltr" })}>
      {own ?? error.message}
      {issuesOf(error).map(({ pointer, message }) => (
        <span key={pointer + message} lang="en" dir="ltr">
          <br />
          {pointer}: {message}
        </span>
      ))}
    </p>
  );
}

/** Runs an action of a button, with its progress and its error as state. */
export function useAction() {
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<ApiError | null>(null);
  const run = async (action: () => Promise<unknown>): Promise<ApiError | null> => {
    setBusy(true);
    setRefused(null);
    const error = await apiErrorOf(action);
    setRefused(error);
    setBusy(false);
    return error;
  };
  return { busy, refused, run, dismiss: () => setRefused(null) };
}

/**
 * The newest answer to a question, and a function that asks it again. The answer before stays until the next has come.
 * @param inputs the question is asked again when one changes
 * @param everyMs and again after this time
 */
export function useAnswer<Answer>(
  ask: () => Promise<Answer>,
  inputs: readonly unknown[],
  { delayMs = 0, everyMs = Number.POSITIVE_INFINITY } = {},
) {
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [refused, setRefused] = useState<ApiError | null>(null);
  const again = useRef(async () => {});
  useEffect(() => {
    let [asked, shown] = [0, 0];
    again.current = async () => {
      const mine = ++asked;
      const refusal = await apiErrorOf(async () => {
        const next = await ask();
        if (mine > shown) setAnswer(next);
      });
      if (mine <= shown) return;
      shown = mine;
      setRefused(refusal);
    };
    const first = setTimeout(again.current, delayMs);
    const timer = everyMs < Number.POSITIVE_INFINITY ? setInterval(again.current, everyMs) : undefined;
    return () => {
      shown = Number.POSITIVE_INFINITY;
      clearTimeout(first);
      clearInterval(timer);
    };
  }, inputs);
  return { answer, refused, again: () => again.current() };
}

/** Runs an action. @returns the API's error, or null; other errors are thrown */
export async function apiErrorOf(action: () => Promise<unknown>): Promise<ApiError | null> {
  try {
    await action();
    return null;
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}
