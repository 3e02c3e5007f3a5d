/** The profiles that a deployment can choose by its setting PROFILE. A newsroom adds its file here; docs/profile.md shows how. */
import { checkProfile } from "../../shared/profile/check.ts";
import type { Profile } from "../../shared/profile/schema.ts";
import demolandPressWatch from "./demoland-press-watch.json" with { type: "json" };
import urgentActions from "./urgent-actions.json" with { type: "json" };

/** By the names of their files. */
const files: Record<string, unknown> = {
  "demoland-press-watch": demolandPressWatch,
  "urgent-actions": urgentActions,
};

const checked = new Map<string, ReturnType<typeof checkProfile>>();

/** The profile of that name, or what to fix, a line for each fault. */
export function readProfile(name: string): ReturnType<typeof checkProfile> {
  const known = checked.get(name);
  if (known) return known;
  const result = Object.hasOwn(files, name)
    ? checkProfile(files[name], `worker/profiles/${name}.json`)
    : {
        faults: [
          `PROFILE must be one of ${Object.keys(files).join(", ")}, not "${name}": add its file to worker/profiles/profiles.ts (docs/profile.md)`,
        ],
      };
  checked.set(name, result);
  return result;
}

/** The deployment's profile. @throws Error when it has a fault; settings.ts reports the faults before anything is served */
export function profileOf({ PROFILE }: { PROFILE: string }): Profile {
  const read = readProfile(PROFILE);
  if ("faults" in read) throw new Error(read.faults.join("\n"));
  return read.profile;
}
