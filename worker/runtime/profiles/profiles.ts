/** The profiles of this deployment's code. */
import { checkedProfiles } from "#profiles";
import type { checkProfile } from "../../../shared/profile/check.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import { once } from "../once.ts";

const profiles = once(checkedProfiles);

/** The profile of that name, or what to fix, a line for each fault. */
export function readProfile(name: string): ReturnType<typeof checkProfile> {
  const known = profiles();
  if (Object.hasOwn(known, name))
    return known[name] as ReturnType<typeof checkProfile>;
  return {
    faults: [
      `PROFILE must be one of ${Object.keys(known).join(", ")}, not "${name}": put its file into newsroom/profiles/ (docs/profile.md)`,
    ],
  };
}

/**
 * The deployment's profile.
 * @throws Error when it has a fault; settings.ts reports the faults before
 * anything is served
 */
export function profileOf({ PROFILE }: { PROFILE: string }): Profile {
  const read = readProfile(PROFILE);
  if ("faults" in read) throw new Error(read.faults.join("\n"));
  return read.profile;
}
