import type { Profile } from "../../../shared/profile/schema.ts";
import { readConfiguredProfile } from "../local/configuration.ts";
import { Stop } from "./outcome.ts";

/**
 * The profile that this folder's deployment uses.
 * @throws Stop when it has a fault
 */
export function configuredProfile(): Profile {
  const read = readConfiguredProfile();
  if ("profile" in read) return read.profile;
  throw new Stop("refused", {
    title: "The newsroom's profile has a fault",
    detail: read.faults.join("\n"),
    remedy: "Fix the file. docs/profile.md describes its fields.",
  });
}
