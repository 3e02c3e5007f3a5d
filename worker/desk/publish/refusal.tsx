/** What the server refused: in the page's language where there are words for it, else in its own. */
import { ApiError } from "../../contract/client.ts";
import { say, sayIfKnown } from "../words.ts";
import { printMoment } from "./moments.ts";

export function refusalText({ problem }: ApiError): string | null {
  const tag = problem.type.split(":").at(-1);
  switch (tag) {
    case "unreachable":
      return `${say("error.unreachable")} ${say("error.unreachable.remedy")}`;
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
    case "unreadable-document":
      return sayIfKnown(`unreadable.${problem.reason}`) ?? null;
    default:
      return sayIfKnown(`refused.${tag}`) ?? null;
  }
}

export function Refused({ error }: { error: ApiError | null }) {
  if (!error) return null;
  const own = refusalText(error);
  return (
    <p class="problem" role="alert" {...(own ? {} : { lang: "en", dir: "ltr" })}>
      {own ?? error.message}
    </p>
  );
}

/** Runs what may be refused. @returns the refusal; every other error goes on */
export async function refusalOf(deed: () => Promise<unknown>): Promise<ApiError | null> {
  try {
    await deed();
    return null;
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}
