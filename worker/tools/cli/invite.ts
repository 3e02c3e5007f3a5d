/**
 * `invite`: invites an administrator with a token of EDITORS. Everybody else is
 * invited in the desk.
 */
import { configuredDeployment } from "./deployment.ts";
import type { CommandOutcome } from "./outcome.ts";

export async function invite(
  outcome: CommandOutcome,
  name: string,
): Promise<void> {
  const deployment = await configuredDeployment(outcome);
  const invited = await deployment.invite({
    body: { name, role: "administrator" },
  });
  outcome.say(
    `Send this link to ${name} alone. It works once, until ${invited.expires}:`,
    invited.link,
    "Once it is used, the tokens in EDITORS open nothing any more.",
  );
  outcome.result({ name, ...invited });
}
