/**
 * Publishes of tests that aren't about questions: whoever writes such a test
 * has confirmed what its case says.
 */
import type { Client } from "../../worker/editing/contract/client.ts";
import {
  confirmAll,
  type Question,
} from "../../worker/editing/rules/answers.ts";
import type {
  Outcome,
  PublishCommand,
} from "../../worker/objects/ledger/command.ts";

interface Asking {
  questions(command: PublishCommand): unknown;
}

const answersOf = ({ editor }: PublishCommand, asked: Outcome<Question[]>) =>
  "failure" in asked
    ? []
    : confirmAll(asked.done).map((answer) => ({ ...answer, editor }));

/**
 * The command with an answer to each question that the Ledger would ask.
 * @param ledger in the same isolate
 */
export function confirmed<Command extends PublishCommand>(
  ledger: Asking,
  command: Command,
): Command {
  const answers = answersOf(
    command,
    ledger.questions(command) as Outcome<Question[]>,
  );
  return { ...command, answers: [...(command.answers ?? []), ...answers] };
}

/** As `confirmed`, for a Ledger that is called. */
export async function confirmedBy<Command extends PublishCommand>(
  ledger: Asking,
  command: Command,
): Promise<Command> {
  const answers = answersOf(
    command,
    (await ledger.questions(command)) as Outcome<Question[]>,
  );
  return { ...command, answers: [...(command.answers ?? []), ...answers] };
}

/**
 * Sends a publish again with an answer to each question that it was refused
 * for.
 */
export const confirming =
  (send: (request: Request) => Response | Promise<Response>) =>
  async (request: Request): Promise<Response> => {
    const again = request.clone();
    const answer = await send(request);
    if (answer.status !== 409) return answer;
    const problem = (await answer.clone().json()) as {
      type: string;
      questions: Question[];
    };
    if (!problem.type.endsWith(":questions-open")) return answer;
    const body = {
      answers: confirmAll(problem.questions),
      ...((await again.clone().json()) as object),
    };
    return send(
      new Request(again.url, {
        method: again.method,
        headers: again.headers,
        body: JSON.stringify(body),
      }),
    );
  };

/** Publishes with an answer to each question. */
export async function publishConfirmed(
  client: Client,
  request: Parameters<Client["publish"]>[0],
) {
  const { draft: _, version: __, ...asked } = request;
  const answers = confirmAll((await client.listQuestions(asked)).questions);
  return client.publish({ ...request, body: { answers, ...request.body } });
}
