/** `places`: shows pages elsewhere that quote a case, and a letter to the owner of each old one. */
import { configuredDeployment } from "./deployment.ts";
import type { CommandOutcome } from "./outcome.ts";

export async function places(outcome: CommandOutcome, id: string | undefined): Promise<void> {
  const deployment = await configuredDeployment(outcome);
  const found = await deployment.listPlaces(id ? { case: id } : {});
  const shown = found.places.filter(({ state }) => id || state === "old");
  for (const { number, url, waits, state, reason, olderThan, since, movedTo, contact, letter } of shown) {
    const known = waits ? "told by a visitor, waits for an editor" : (state ?? "not looked at yet");
    const older = reason ? ` (${reason}): older than revision ${olderThan}, since ${since}` : "";
    outcome.say(`${number}  ${url}  ${known}${older}${movedTo ? `: ${movedTo}` : ""}`);
    if (letter) outcome.say("", `To: ${contact ?? "no contact is known"}`, letter.subject, "", letter.text, "");
  }
  if (shown.length === 0) outcome.say(id ? "No page is known." : "No old page is known.");
  outcome.result({ ...found, places: shown });
}
