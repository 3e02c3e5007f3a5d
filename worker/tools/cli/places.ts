/**
 * `places`: shows pages elsewhere that quote a case, and a letter to the owner
 * of each old one.
 */
import { configuredDeployment } from "./deployment.ts";
import type { CommandOutcome } from "./outcome.ts";

export async function places(
  outcome: CommandOutcome,
  id: string | undefined,
): Promise<void> {
  const found = await (await configuredDeployment(outcome)).listPlaces(
    id ? { case: id } : {},
  );
  for (const {
    number,
    url,
    waits,
    state,
    reason,
    olderThan,
    since,
    movedTo,
    contact,
    letter,
  } of found.places) {
    const known = waits
      ? "told by a visitor, waits for an editor"
      : (state ?? "not looked at yet");
    const older = reason
      ? ` (${reason}): older than revision ${olderThan}, since ${since}`
      : "";
    outcome.say(
      `${number}  ${url}  ${known}${older}${movedTo ? `: ${movedTo}` : ""}`,
    );
    if (letter)
      outcome.say(
        "",
        `To: ${contact || "no contact is known"}`,
        letter.subject,
        "",
        letter.text,
        "",
      );
  }
  if (found.places.length === 0)
    outcome.say(
      id ? "No page is known." : "No page is old or waits for an editor.",
    );
  outcome.result(found);
}
