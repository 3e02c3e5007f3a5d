/**
 * Errors of the API, in the page's language where the catalogue has a text, and
 * otherwise in the server's English.
 */
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { FieldIssue } from "../../../shared/refusals/refusals.ts";
import { ApiError } from "../../editing/contract/client.ts";
import { say, sayIfKnown, type WordKey } from "../words.ts";
import { printMoment } from "./moments.ts";

/** Texts that go by another name than the problem's. */
const named: Record<string, WordKey> = {
  "no-passkey": "passkey.failed",
  unanswered: "publish.unanswered",
};
const IS_MOMENT = /^\d{4}-\d\d-\d\dT.*Z$/;

/** The text is filled with the problem's own members. */
export function refusalText({ problem }: ApiError): string | null {
  const tag = problem.type.split(":").at(-1) ?? "";
  if (tag === "unreachable")
    return `${say("error.unreachable")} ${say("error.unreachable.remedy")}`;
  if (tag === "unreadable-document")
    return sayIfKnown(`unreadable.${problem.reason}`) ?? null;
  const members = Object.entries(problem).map(
    ([name, value]): [string, string | number] => {
      const isMoment = typeof value === "string" && IS_MOMENT.test(value);
      return [name, isMoment ? printMoment(value) : (value as string | number)];
    },
  );
  const values = Object.fromEntries(members);
  const which =
    tag === "forbidden" && problem.scope !== undefined ? "scope" : problem.why;
  return (
    sayIfKnown(`refused.${tag}.${which}`, values) ??
    sayIfKnown(named[tag] ?? `refused.${tag}`, values) ??
    null
  );
}

export const issuesOf = ({ problem }: ApiError): FieldIssue[] =>
  (problem.issues ?? []) as FieldIssue[];

/** Why the server refused, with the fields that it names, in English. */
export function RefusalNotice({ error }: { error: ApiError | null }) {
  if (!error) return null;
  const own = refusalText(error);
  return (
    <p
      class="problem"
      role="alert"
      {...(own ? {} : { lang: "en", dir: "ltr" })}
    >
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

/** In place of a screen whose content has not come. */
export const Unanswered = ({
  error,
  children,
}: {
  error: ApiError | null;
  children?: ComponentChildren;
}) => (
  <main class="page">
    <RefusalNotice error={error} />
    {children}
  </main>
);

/** Runs an action of a button, with its progress and its error as state. */
export function useAction() {
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<ApiError | null>(null);
  const run = async (
    action: () => Promise<unknown>,
  ): Promise<ApiError | null> => {
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
 * The newest answer to a question, and a function that asks it again. The
 * answer before stays until the next has come.
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
    const timer =
      everyMs < Number.POSITIVE_INFINITY
        ? setInterval(again.current, everyMs)
        : undefined;
    return () => {
      shown = Number.POSITIVE_INFINITY;
      clearTimeout(first);
      clearInterval(timer);
    };
  }, inputs);
  return { answer, refused, again: () => again.current() };
}

/**
 * Runs an action.
 * @returns the API's error, or null; other errors are thrown
 */
export async function apiErrorOf(
  action: () => Promise<unknown>,
): Promise<ApiError | null> {
  try {
    await action();
    return null;
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}
