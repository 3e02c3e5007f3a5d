/** `invite`, `me` and `revoke`: the first door, and a token's own affairs. The rest is in the desk, because it needs a passkey. */
import type { Role } from "../../editing/rules/roles.ts";
import { configuredDeployment } from "./deployment.ts";
import type { Outcome } from "./outcome.ts";

export async function invite(outcome: Outcome, name: string, { role }: { role: Role }): Promise<void> {
  const deployment = await configuredDeployment(outcome);
  const invited = await deployment.invite({ body: { name, role } });
  outcome.say(
    `Send this link to ${name} alone. It works once, until ${invited.expires}:`,
    invited.link,
    ...(role === "administrator" ? ["Once it is used, the tokens in EDITORS open nothing any more."] : []),
  );
  outcome.result({ name, role, ...invited });
}

export async function showMe(outcome: Outcome): Promise<void> {
  const { editor, role, signedInBy, scopes } = await (await configuredDeployment(outcome)).readMe();
  outcome.say(
    `${editor}, ${role}`,
    signedInBy === "secret"
      ? "by a token of EDITORS, which opens only the first door: `invite NAME --role administrator`"
      : `by a token for: ${(scopes ?? []).join(", ")}`,
  );
  outcome.result({ editor, role, signedInBy, scopes });
}

/** Ends the token in EDITOR_TOKEN: it may have leaked, or is no longer used. */
export async function revoke(outcome: Outcome): Promise<void> {
  const deployment = await configuredDeployment(outcome);
  const { signedInBy } = await deployment.readMe();
  if (signedInBy === "secret") {
    outcome.say("This is a token of EDITORS: set EDITORS without its hash (docs/deploy.md).");
    outcome.result({ revoked: false });
    return;
  }
  await deployment.signOut();
  outcome.say("The token opens nothing any more.");
  outcome.result({ revoked: true });
}
